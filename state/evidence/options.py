"""The table `[evidence]`."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from sources.options import Duration

_UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}


def _size(value: object) -> int:
    """Parse 500000000, "500 MB" or "20 GB". Raises ValueError."""
    text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([KMGT]?)B?\s*", text, re.IGNORECASE)
    size = int(float(match[1]) * _UNITS[match[2].upper()]) if match else 0
    if size < 1:
        raise ValueError('a size is a text such as "500 MB" or "20 GB"')
    return size


Size = Annotated[
    int,
    BeforeValidator(_size),
    WithJsonSchema({"type": "string", "pattern": r"^\s*\d+(\.\d+)?\s*[KMGTkmgt]?[Bb]?\s*$", "examples": ["20 GB"]}),
]


def _a_day(value: timedelta) -> timedelta:
    if value < timedelta(days=1):
        raise ValueError('has to be at least "1d"')
    return value


def _authority(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError('has to be the address of an RFC 3161 authority, such as "https://tsa.example.org/tsr"')
    return url


class EvidenceOptions(BaseModel):
    """The `[evidence]` table. Without it, nothing is captured."""

    model_config = ConfigDict(defer_build=True, extra="forbid", frozen=True)

    folder: str | None = Field(
        default=None, min_length=1, description='where the WARC files are kept; default "evidence" beside the state'
    )
    keep: Annotated[Duration, AfterValidator(_a_day)] = Field(
        default=timedelta(days=400), description="how long pages are kept"
    )
    keep_mentions: Annotated[Duration, AfterValidator(_a_day)] = Field(
        default=timedelta(days=3650), description="how long those are kept whose changes mention a watched entity"
    )
    max_size: Size | None = Field(
        default=None,
        description='the most that all files may take, such as "20 GB"; the oldest go first, and before all others'
        " those that mention nobody; default no limit",
    )
    max_source: Size = Field(
        default=5_000_000_000,
        description='the most that the pages of one source may take, such as "5 GB"; half of it is for changes that'
        " mention a watched entity; beyond, changes are told without a proof",
    )
    timestamp: Annotated[str, AfterValidator(_authority)] | None = Field(
        default=None, description="the address of an RFC 3161 authority that stamps the chain once a day"
    )

    @property
    def path(self) -> Path:
        """The folder."""
        return Path(self.folder or "evidence")
