"""Whether a visit brought the whole page: a browser shows what it has, and a part of a list looks like a list."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sources.blocked.truncation import where_cut
from sources.browser.traffic import Traffic
from sources.errors import BadDocument, BadResponse

if TYPE_CHECKING:
    from playwright.async_api import Response


def refuse_part(document: Response, traffic: Traffic) -> None:
    """Raise BadResponse where the page, or a response of its own site that it may be made of, broke off."""
    host = urlsplit(document.url).hostname
    for url, why in traffic.broken.items():
        if urlsplit(url).hostname == host:
            what = "its page" if url == document.url else "what its page asks for"
            raise BadResponse(f"{host} broke off in the middle of {what} ({why}): a part is not read")


async def refuse_cut(document: Response) -> None:
    """Raise BadDocument where the document ends in the middle, as the browser closes what was left open."""
    from playwright.async_api import Error  # noqa: PLC0415 - slow, and an extra

    with suppress(Error, UnicodeError):  # the browser keeps no large body
        text = (await document.body()).decode("utf-8", "replace").lstrip("\ufeff \t\r\n")
        if cut := await asyncio.to_thread(where_cut, text):
            raise BadDocument(f"{document.url} ends {cut}: the answer was cut off", code="truncated")
