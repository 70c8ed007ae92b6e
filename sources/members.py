"""What is in a JSON document, for paths that lead nowhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sources.errors import NotFound
from sources.selectors import first_member
from sources.text import listing


def members(document: Any) -> str:
    """The members of a document, and of its members, as paths for a message."""
    if not isinstance(document, dict):
        return f"a list of {len(document)}" if isinstance(document, list) else type(document).__name__
    names = list(document)
    names += [f"{name}.{inner}" for name, value in document.items() if isinstance(value, dict) for inner in value]
    return listing(names, most=20)


def check_members(where: str, items: Sequence[Any], paths: Mapping[str, str | None]) -> None:
    """Raise NotFound when a path begins with a member that no item has: it is misspelt, or the site renamed it."""
    seen = {name: None for item in items if isinstance(item, dict) for name in item}
    for option, path in paths.items():
        member = first_member(path) if path else None
        if seen and member is not None and member not in seen:
            raise NotFound(
                f"{where}: no item has {member!r} ({option} = {path!r}); its members are {listing(seen, most=30)}."
                f" Where it may be absent, write {path} || `null`"
            )
