"""Headers: what is read in those of a response, and which of a request's any host may see. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_LONGEST_WAIT = timedelta(hours=6)
_HARMLESS = ("accept", "user-agent", "content-type")


def joined_headers(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """By name in lower case; repeated ones joined by commas. Without Set-Cookie, which may be a credential."""
    joined: dict[str, str] = {}
    for said, value in raw:
        name, text = said.decode("ascii").lower(), _text(value)
        if name != "set-cookie":
            joined[name] = f"{joined[name]}, {text}" if name in joined else text
    return joined


def _text(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")


def content_length(headers: Mapping[str, str]) -> int:
    """The length that an answer announces, 0 when it announces none."""
    text = headers.get("content-length", "")
    return int(text) if re.fullmatch(r"\d{1,18}", text, re.ASCII) else 0


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """What Retry-After says, seconds or a date, between nothing and 6 hours; None when it is not readable."""
    text = headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d+(\.\d+)?", text, re.ASCII):
        return timedelta(seconds=min(float(text), _LONGEST_WAIT.total_seconds()))
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    wait = (date if date.tzinfo else date.replace(tzinfo=UTC)) - now
    return min(max(wait, timedelta()), _LONGEST_WAIT)


def harmless(headers: Mapping[str, str]) -> dict[str, str]:
    """Those of a request's headers that any host may see: the others may hold credentials."""
    return {name: value for name, value in headers.items() if name.lower().startswith(_HARMLESS)}
