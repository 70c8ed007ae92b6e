"""What a job says of its requests, as wire options of a source."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

from sources.options import format_duration, parse_duration
from watcher.importing.job import Job, Left
from watcher.importing.translate.requests import dated

_SECRET = {"cookie", "authorization", "x-api-key", "api-key"}


def address(job: Job, url: object) -> None:
    """Set the job's address; a user and password in it become `auth`. Raises Left for what cannot be fetched."""
    if not isinstance(url, str) or not url.strip():
        raise Left("it has no address")
    text = dated(job, url.strip(), "address")
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


def headers(job: Job, given: Mapping[str, Any]) -> None:
    """Add request headers."""
    if given:
        job.options["headers"] = {**job.options.get("headers", {}), **{str(name): str(given[name]) for name in given}}
    job.without += [
        f"header {name}: it stands in the configuration as it is; write ${{NAME}} to take it from the environment"
        for name in given
        if str(name).lower() in _SECRET
    ]


def cookies(job: Job, given: object) -> None:
    """Add cookies, as a header."""
    if isinstance(given, Mapping) and given:
        headers(job, {"Cookie": "; ".join(f"{name}={value}" for name, value in given.items())})


def proxy(job: Job, *urls: object) -> None:
    """Set the proxy: that of the address's scheme comes first."""
    for url in urls:
        if isinstance(url, str) and url.strip():
            job.options["proxy"] = url.strip()
            return


def seconds(job: Job, option: str, given: object) -> None:
    """Set an option that is a time, from a number of seconds; 0 stands for no limit, which the default is."""
    if isinstance(given, int | float) and not isinstance(given, bool) and 0 < given < 10**9:
        job.options[option] = duration(given)


def duration(given: float) -> str:
    """Seconds as a duration: "15m"."""
    return format_duration(parse_duration(f"{round(given * 1000)}ms"))


def browser(job: Job) -> None:
    """Have the page read as a browser shows it."""
    job.options["fetch"] = "browser"


def common(job: Job, given: Mapping[str, Any]) -> None:
    """What both formats call alike."""
    if isinstance(given.get("encoding"), str):
        job.options["encoding"] = given["encoding"]
