"""Parts of addresses: numbers that the database can hold, and the addresses of pages."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import Path, Query

_ALL = (1 << 63) - 1

IdInPath = Annotated[int, Path(ge=0, le=_ALL)]
IdInQuery = Annotated[int | None, Query(ge=0, le=_ALL)]


def source_path(name: str) -> str:
    """The address of a source's page; its name may have any character."""
    return f"/sources/{quote(name, safe='')}"
