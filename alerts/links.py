"""Which foreign addresses are shown as links. Pure."""

from __future__ import annotations

import re

from sources.text import clean

_UNSAFE_IN_URL = re.compile(r"""[\s<>"'`|\\^{}]|@(?=(?:everyone|here|channel|all)\b)|(?<=\])\(""", re.IGNORECASE)


def web_address(url: str) -> str | None:
    """A URL that is safe as a link, with unsafe characters encoded. None if it is not http or https."""
    if not re.match(r"https?://[^\s/]", url, re.IGNORECASE):
        return None
    return _UNSAFE_IN_URL.sub(lambda char: "".join(f"%{byte:02X}" for byte in char[0].encode()), clean(url))
