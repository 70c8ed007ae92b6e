"""What the recognizer needs to know of an entity. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class Watched(Protocol):
    """An entity to look for, as docs/matching.md describes its parts. Any object with these attributes will do."""

    @property
    def names(self) -> Sequence[str]:
        """Its names, in their base forms."""

    @property
    def context(self) -> Sequence[str]:
        """Words of which one must be near a name; empty if none is needed."""

    @property
    def not_(self) -> Sequence[str]:
        """Phrases that contain a name and mean something else."""

    @property
    def identifiers(self) -> Sequence[str]:
        """Numbers and domains that stand for it; `identifiers.read` raises ValueError for others."""
