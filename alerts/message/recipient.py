"""For whom a message is composed: what its service can show, and what its channel hears of. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple


class Form(StrEnum):
    """What a service shows of a message."""

    DOCUMENT = "document"  # a whole HTML document, as mail does
    CHAT = "chat"  # bold, links and quotes
    PLAIN = "plain"  # text, in which the service may act on "@everyone" and the like
    DATA = "data"  # text for a program: as it is


class Promise(NamedTuple):
    """Of which changes of a source a channel is alerted; None: of all."""

    entities: Collection[str] | None = None
    changes: Collection[str] | None = None
    fields: Collection[str] | None = None


EVERYTHING = Promise()


@dataclass(frozen=True, slots=True)
class Recipient:
    """A channel, as messages to it are composed.

    `operator` says that it hears of health: its messages name commands and links of proofs. `promises` are what it
    hears of each source, by name; `attached` the events whose proof goes along as a file; `desk` where the desk is, for
    links to its pages.
    """

    form: Form = Form.CHAT
    operator: bool = False
    promises: Mapping[str, Promise] = field(default_factory=dict)
    attached: Collection[int] = frozenset()
    desk: str | None = None

    def promise(self, source: str) -> Promise:
        """Of which changes of a source it is alerted."""
        return self.promises.get(source, EVERYTHING)
