"""What is wrong with one source that its kind's options alone do not show: its address and its times."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from sources import Source
from sources.errors import raised_at
from watcher.config.problems import Problems
from watcher.config.substitute import KeyPath

_NO_WEB_ADDRESS = 'has to be a whole URL that begins with "https://" or "http://"'
_PORTS = {"http": 80, "https": 443}


def first_host(source: Source, at: KeyPath, problems: Problems) -> str | None:
    """The host and port of a source's first request; None when it cannot be made, which is told."""
    try:
        url = urlsplit(source.start().url)
        host, port = url.hostname, url.port or _PORTS.get(url.scheme)
    except NotImplementedError:
        problems.add((*at, "url"), "is missing: where the source is")
    except ValueError as error:
        problems.add((*at, "url"), f"is no URL: {error}")
    except Exception as error:  # noqa: BLE001 - a plugin's code may raise anything
        what = f"{type(error).__name__}: {error}{raised_at(error)}"
        problems.add(at, f'the kind "{source.kind}" fails to make its first request: {what}')
    else:
        if url.scheme in _PORTS and host:
            return f"{host}:{port}"
        problems.add((*at, "url"), _NO_WEB_ADDRESS)
    return None


def check_url(url: Any, at: KeyPath, problems: Problems) -> None:
    """Tell what is wrong with the URL of a source that has other mistakes; whether it needs one is for its kind."""
    if isinstance(url, str) and not url.startswith(("https://", "http://", "${")):
        problems.add((*at, "url"), _NO_WEB_ADDRESS)


def has_times(source: Source, at: KeyPath, problems: Problems) -> bool:
    """Whether a source waits for some time where it waits; what is none is told."""
    for option in ("every", "timeout", "reread"):
        span = getattr(source, option)
        if span is not None and not span:
            problems.add((*at, option), 'has to be more than nothing, such as "15m"')
            return False
    return True
