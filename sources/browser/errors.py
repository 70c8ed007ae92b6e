"""What the browser reports as our errors. Pure."""

from __future__ import annotations

import re

from sources.errors import BadRedirect, BadResponse, BrowserFailed, FetchError, TlsFailed, Unreachable
from sources.text import clean

_NET = re.compile(r"net::(ERR_[A-Z0-9_]+)")
_BROKEN = (
    "ERR_ABORTED",
    "ERR_EMPTY_RESPONSE",
    "ERR_INVALID_",
    "ERR_CONTENT_",
    "ERR_INCOMPLETE_",
    "ERR_RESPONSE_HEADERS_",
)
_FILE = "Download is starting"
_CRASHED = "browser_crashed"
_GONE = ("Target page, context or browser has been closed", "Target crashed", "Page crashed", "Browser closed")


def has_crashed(error: Exception) -> bool:
    """Whether an exception says that the page's process, or the browser, has ended."""
    return getattr(error, "code", "") == _CRASHED or any(words in str(error) for words in _GONE)


def failure(text: str, host: str) -> FetchError:
    """The error for an exception of the browser while it opened a page of `host`."""
    if any(words in text for words in _GONE):
        return BrowserFailed("the browser crashed on this page", code=_CRASHED)
    if _FILE in text:
        return BadResponse(f'{host} sent a file to download: read it without fetch = "browser"')
    return _net_failure(text, match[1] if (match := _NET.search(text)) else "", host)


def _net_failure(text: str, code: str, host: str) -> FetchError:
    if code.startswith(("ERR_CERT_", "ERR_SSL_", "ERR_BAD_SSL")):
        return TlsFailed(f"the browser does not trust the certificate of {host}, or its TLS: {code}")
    if code == "ERR_TOO_MANY_REDIRECTS":
        return BadRedirect(f"{host} redirects in a circle")
    if code.endswith("_REDIRECT"):
        return BadRedirect(f"{host} redirects to what is not followed: {code}")
    if code.startswith(_BROKEN):
        return BadResponse(f"{host} sent no page: {code}")
    if code:
        return Unreachable(f"could not reach {host}: {code}")
    return BrowserFailed(f"the browser gave no page of {host}: {clean(text.splitlines()[0])[:120] if text else ''}")
