"""Foreign texts made harmless: what a register or a page says must not act on the chat or mail that shows it. Pure."""

import re

from alerts.language import clean_sentence
from alerts.links import web_address

_WEB = re.compile(r"(https?://[^\s/]\S*)", re.IGNORECASE)
_ADDRESS = re.compile(r"\b[a-z][a-z0-9+.-]{1,20}://([^\s/?#\u2068\u2069]*)([^\s\u2068\u2069]*)", re.IGNORECASE)
# What chat services act on: names that notify people or a whole room, links whose text differs from their address,
# links that start a program, tags, and marks that hide a text or strike it out.
_ACTIVE = re.compile(
    r"<(?=[^\s\d=\u200b])|(?<!\w)@(?=\w)|@(?=(?:everyone|here|channel|all)\b)|\](?=[(\[:])"
    r"|\b(?!https?:)[a-z][a-z0-9+.-]{1,20}:(?=//)|\|(?=\|)|~(?=~)|`(?=`)",
    re.IGNORECASE,
)


def neutralize(text: str) -> str:
    """One line without commands for chat services: a zero-width space breaks them."""
    return _ACTIVE.sub(lambda order: order[0] + "\u200b", clean_sentence(text))


def neutralize_lines(text: str) -> str:
    """A text of several lines without commands for chat services. Web addresses stay whole, as links need them."""
    parts = _WEB.split(text)
    return "".join(
        (web_address(part) or part) if at % 2 else _ACTIVE.sub(lambda order: order[0] + "\u200b", part)
        for at, part in enumerate(parts)
    )


def without_addresses(text: str) -> str:
    """A text with web addresses replaced by their host; an address alone by its host and last part."""
    alone = _ADDRESS.fullmatch(text.strip())
    last = alone[2].rstrip("/").rpartition("/")[2] if alone else ""
    return _ADDRESS.sub(lambda found: found[1].rpartition("@")[2], text.strip()) + (f" {last}" if last else "")
