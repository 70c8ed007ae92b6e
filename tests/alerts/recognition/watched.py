"""An entity as the recognizer sees it, without the rest of a configuration."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Watched:
    """The names that are looked for, the words that have to stand near them, and what speaks against them."""

    names: tuple[str, ...]
    context: tuple[str, ...] = ()
    not_: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
