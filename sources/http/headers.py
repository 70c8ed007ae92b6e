"""Parses response headers; selects the request headers that are no credentials. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_LONGEST_WAIT = timedelta(hours=6)
_HARMLESS = ("accept", "user-agent", "content-type")


def joined_headers(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Headers by lower-case name; repeated ones joined by commas. Without Set-Cookie, which may be a credential."""
    joined: dict[str, str] = {}
    for raw_name, value in raw:
        name, text = raw_name.decode("ascii").lower(), _text(value)
        if name != "set-cookie":
            joined[name] = f"{joined[name]}, {text}" if name in joined else text
    return joined


def _text(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")


def content_length(headers: Mapping[str, str]) -> int:
    """The value of Content-Length in bytes, 0 when it is absent."""
    text = headers.get("content-length", "")
    return int(text) if re.fullmatch(r"\d{1,18}", text, re.ASCII) else 0


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """The value of Retry-After, seconds or a date, clamped to 0 to 6 hours; None when it cannot be parsed."""
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
    """The request headers that any host may see; all others may hold credentials."""
    return {name: value for name, value in headers.items() if name.lower().startswith(_HARMLESS)}
