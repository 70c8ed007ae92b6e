"""Links as pages write them, which may be anything."""

from __future__ import annotations

from urllib.parse import urljoin


def absolute(base: str, link: str) -> str:
    """The address that a link leads to; the link itself where it is none, such as "http://[": never raises."""
    try:
        return urljoin(base, link)
    except ValueError:
        return link
