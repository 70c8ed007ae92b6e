"""Which secrets of a configuration a command needs, and which of its words are not secret. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from alerts.channel import Channel
from alerts.options import AlertRule, Entity
from sources import Source
from sources.options import HttpOptions
from watcher.config.files import NAMED_TABLES
from watcher.config.settings import Settings
from watcher.config.substitute import KeyPath


@dataclass(frozen=True, slots=True)
class Sending:
    """What a command requires of the channels (all, or the `only` one) and of the heartbeat."""

    secrets: bool = True  # they must be set
    urls: bool = True  # Apprise must accept the URLs
    only: str | None = None

    def may_be_unset(self, at: KeyPath) -> bool:
        """Whether the secret at this key path may be unset."""
        if at[0] == "channels":
            return not self.secrets or (self.only is not None and at[1:2] != (self.only,))
        return at == ("heartbeat",) and (not self.secrets or self.only is not None)


def public_words(root: Mapping[str, Any]) -> frozenset[str]:
    """Words of a configuration that are shown in clear: names, and the known keys."""
    tables = {table: found for table in NAMED_TABLES if isinstance(found := root.get(table), dict)}
    entities = [table for table in tables.get("entities", {}).values() if isinstance(table, dict)]
    names = chain.from_iterable(each["names"] for each in entities if isinstance(each.get("names"), list))
    watched = (name for name in names if isinstance(name, str))
    models = (Settings, HttpOptions, Source, Channel, Entity, AlertRule)
    return frozenset(
        chain(NAMED_TABLES, ["alerts"], watched, *tables.values(), *(model.model_fields for model in models))
    )
