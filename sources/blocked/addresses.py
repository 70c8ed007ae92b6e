"""What the address of a page suggests of it."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from sources.blocked.signatures import HOSTS, PATHS, compiled


def code_of_address(address: str) -> str | None:
    """The code that an address suggests, by its host's first label and the segments of its path."""
    host, path = _place(address)
    label = host.partition(".")[0]
    segments = [re.sub(r"\.\w{2,5}$", "", each) for each in path.lower().split("/")]
    by_host = next((code for code, pattern in HOSTS.items() if compiled(pattern).fullmatch(label)), None)
    return by_host or next(
        (code for code, pattern in PATHS.items() if any(map(compiled(pattern).fullmatch, segments))), None
    )


def is_elsewhere(asked: str, url: str) -> bool:
    """Whether a redirect led from one address to another place; False where one is unknown."""
    return bool(asked and url) and _place(asked) != _place(url)


def leads_to(target: str, url: str, asked: str) -> bool:
    """Whether a link on a page at `url` leads there again, or to the address that was asked for."""
    try:
        return urljoin(url, target) in (url, asked)
    except ValueError:
        return False


def _place(address: str) -> tuple[str, str]:
    """Host and path of an address, empty when it cannot be parsed: pages have malformed ones."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return "", ""
    return parts.hostname or "", parts.path.rstrip("/")
