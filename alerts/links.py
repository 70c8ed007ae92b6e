"""Which addresses from outside are shown as links, and the addresses of the desk's pages. Pure."""

from __future__ import annotations

import re
from urllib.parse import quote

from sources.text import clean

_UNSAFE_IN_URL = re.compile(r"""[\s<>"'`|\\^{}]|@(?=(?:everyone|here|channel|all)\b)|(?<=\])\(""", re.IGNORECASE)


def web_address(url: str | None) -> str | None:
    """A URL as it may be shown as a link: what could break out of it is encoded. None when it is not http or https."""
    if not url or not re.match(r"https?://[^\s/]", url, re.IGNORECASE):
        return None
    return _UNSAFE_IN_URL.sub(lambda char: "".join(f"%{byte:02X}" for byte in char[0].encode()), clean(url))


def change_link(base_url: str | None, event: int) -> str | None:
    """The address of a change's page at the desk; None without a desk, or for what is not stored (0)."""
    return f"{base_url}/changes/{event}" if base_url and event else None


def case_link(base_url: str | None, entity: str) -> str | None:
    """The address of a case's page at the desk; None without a desk."""
    return f"{base_url}/cases/{quote(entity, safe='')}" if base_url else None
