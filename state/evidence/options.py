"""The table `[evidence]`."""

import re
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field, WithJsonSchema

from sources.formats.links import is_web_address
from sources.options import Duration, OptionTable, at_least, requires
from state.evidence.witnesses import MOST_WITNESSES, WitnessKind

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


def _switch(usual: object, none: object) -> BeforeValidator:
    """`true` stands for what is usual, `false` for none."""
    return BeforeValidator(lambda value: (usual if value else none) if isinstance(value, bool) else value)


_Address = Annotated[str, requires(is_web_address, 'has to be a web address, such as "https://tsa.example.org/tsr"')]
_Addresses = Annotated[
    tuple[_Address, ...],
    BeforeValidator(lambda value: [value] if isinstance(value, str) else value),
    Field(max_length=MOST_WITNESSES),
]
CALENDARS = (  # that anybody may ask, of two operators
    "https://alice.btc.calendar.opentimestamps.org",
    "https://bob.btc.calendar.opentimestamps.org",
    "https://finney.calendar.eternitywall.com",
)
ARCHIVE = "https://web.archive.org"
_SWITCH = WithJsonSchema({"type": ["boolean", "string"]})
_SWITCHED = WithJsonSchema({"type": ["boolean", "string", "array"], "items": {"type": "string"}})


class EvidenceOptions(OptionTable):
    """The `[evidence]` table. Without it, nothing is captured."""

    folder: str | None = Field(
        default=None, min_length=1, description='where the WARC files are kept; default "evidence" beside the state'
    )
    keep: Annotated[Duration, at_least(timedelta(days=1))] = Field(
        default=timedelta(days=400), description="how long pages are kept"
    )
    keep_mentions: Annotated[Duration, at_least(timedelta(days=1))] = Field(
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
    timestamp: _Address | None = Field(default=None, description="as timestamps, with one authority")
    timestamps: _Addresses = Field(
        default=(), description="the addresses of RFC 3161 authorities: each of them stamps the chain once a day"
    )
    opentimestamps: Annotated[_Addresses, _switch(CALENDARS, ()), _SWITCHED] = Field(
        default=(),
        description="true: calendars of OpenTimestamps stamp the chain once a day, by a block of Bitcoin; or a list of"
        " their addresses",
    )
    wayback: Annotated[_Address | None, _switch(ARCHIVE, None), _SWITCH] = Field(
        default=None,
        description="true: the Internet Archive is asked to save the page of each change, if anybody may see it; or the"
        " address of another archive that is asked in the same way",
    )
    wayback_key: str | None = Field(
        default=None, repr=False, description='the key of an account there, "ACCESS:SECRET": it may save more'
    )

    @property
    def witnesses(self) -> Sequence[tuple[WitnessKind, str]]:
        """The third parties that are asked, by their addresses."""
        named = [(WitnessKind.AUTHORITY, url) for url in (*self.timestamps, self.timestamp) if url]
        named += [(WitnessKind.CALENDAR, url) for url in self.opentimestamps]
        return list(dict.fromkeys([*named, *([(WitnessKind.ARCHIVE, self.wayback)] if self.wayback else ())]))

    @property
    def path(self) -> Path:
        """The folder."""
        return Path(self.folder or "evidence")
