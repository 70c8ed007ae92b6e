"""Parts of addresses: numbers that the database can hold, queries, and the addresses of pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import Path, Query

LARGEST = (1 << 63) - 1  # what a database takes as a number

IdInPath = Annotated[int, Path(ge=0, le=LARGEST)]
IdInQuery = Annotated[int | None, Query(ge=0, le=LARGEST)]


def query(values: Mapping[str, str]) -> str:
    """What follows the "?" of an address, without what is empty."""
    return urlencode({name: value for name, value in values.items() if value})


def source_path(name: str) -> str:
    """The address of a source's page; its name may have any character."""
    return f"/sources/{quote(name, safe='')}"
