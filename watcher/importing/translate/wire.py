"""What a job says of its requests, as wire options of a source."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import unquote, urlsplit, urlunsplit

from sources.options import format_duration, parse_duration
from watcher.importing.job import Job, Left

_SECRET = {"cookie", "authorization", "x-api-key", "api-key"}


def address(job: Job, url: object) -> None:
    """Set the job's address; a user and password in it become `auth`. Raises Left for what cannot be fetched."""
    if not isinstance(url, str) or not url.strip():
        raise Left("it has no address")
    text = url.strip()
    if "{{" in text or "{%" in text:
        raise Left("its address is a template that is filled in at each check")
    try:
        parts = urlsplit(text)
        host = parts.hostname
        _ = parts.port
    except ValueError as error:
        raise Left(f"its address is none: {error}") from None
    if parts.scheme not in {"http", "https"}:
        raise Left(f"its address begins with {parts.scheme or 'no scheme'}: only http and https are fetched")
    if not host:
        raise Left("its address has no host")
    if parts.username is not None:
        job.options["auth"] = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        text = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
    job.url = text


def public(text: object) -> str:
    """A name or an address for the report: without the user and password that it may have, and not too long."""
    return re.sub(r"(?<=://)[^/?#\s@]*@", "", str(text))[:80]


def headers(job: Job, given: object, cookies: object = None) -> None:
    """Set further request headers."""
    found = {str(name): str(value) for name, value in given.items()} if isinstance(given, Mapping) else {}
    if isinstance(cookies, Mapping) and cookies:
        found["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
    if found:
        job.options["headers"] = found
    job.without += [
        f"header {name}: it stands in the configuration as it is; write ${{NAME}} to take it from the environment"
        for name in found
        if name.lower() in _SECRET
    ]


def duration(given: float) -> str:
    """Seconds as a duration: "15m"."""
    return format_duration(parse_duration(f"{round(given * 1000)}ms"))


def check_request(method: object, data: object) -> None:
    """Raises Left for another request than GET."""
    name = str(method or ("POST" if data else "GET")).upper()
    if name != "GET" or data:
        raise Left(f"it sends a {name} request; a source of a generic kind is read with GET")
