"""Secrets that stand in the configuration itself: in URLs, passwords and headers."""

from __future__ import annotations

import re
from urllib.parse import unquote

from sources.options import WireOptions
from sources.secrets import Secrets

_SECRET_HEADER = re.compile(r"auth|cookie|token|secret|key", re.IGNORECASE)
_PASSWORD = re.compile(r"://(?:[^/?#@:]*):(?P<password>[^/?#]*)@")
_PARTS = re.compile(r"[/?&=@#]")
# long, with letters and digits: hardly a word; with dots only if longer than a host's name usually is
_TOKEN = re.compile(r"(?=.*\d)(?=.*[A-Za-z])(?:[\w:~+%-]{16,}|[\w:~+%.-]{40,})")


def remember_channel(secrets: Secrets, name: str, url: str) -> None:
    """Keep a channel's URL out of all that is written: password and tokens, or else the whole of it."""
    reference = f"${{channels.{name}.url}}"
    for part in [*_passwords(url), *filter(_TOKEN.fullmatch, _PARTS.split(url))]:
        _add(secrets, reference, part)
    _add(secrets, reference, url)


def remember_wire(secrets: Secrets, at: str, options: WireOptions, url: str | None = None) -> None:
    """Keep the credentials of the wire out of everything that is written: in URLs, `auth` and headers."""
    for option, value in (("url", url), ("proxy", options.proxy)):
        for password in _passwords(value or ""):
            _add(secrets, f"${{{at}.{option}}}", password)
    if options.auth:
        _add(secrets, f"${{{at}.auth}}", options.auth.partition(":")[2] or options.auth)
    for name, value in options.headers.items():
        if _SECRET_HEADER.search(name):
            _add(secrets, f"${{{at}.headers.{name}}}", value)


def _passwords(url: str) -> list[str]:
    match = _PASSWORD.search(url)
    return [match["password"], unquote(match["password"])] if match else []


def _add(secrets: Secrets, reference: str, value: str) -> None:
    """Add what no other secret covers, so that a value from the environment keeps the name it has there."""
    if secrets.hide(value) == value:
        secrets.add(reference, value)
