"""Parses posts on t.me's preview pages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sources.formats.dates import read_date
from sources.formats.markup.html import text_of
from sources.model import Entry
from sources.text import headline

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_KINDS = "photo|video|roundvideo|voice|document|sticker|poll|location"
_MEDIA = re.compile(rf"tgme_widget_message_({_KINDS})(?:_wrap|_player)?(?:\s|$)")
_QUOTED = "ancestor::*[contains(@class, 'tgme_widget_message_reply')]"


def read_post(post: HtmlElement) -> Entry:
    """The stable parts of one post: without counts of views and addresses of pictures.

    Raises BadEntry when it has no number.
    """
    name = post.get("data-post", "").partition("?")[0]
    text = _text(post)
    media = {match[1] for match in (_MEDIA.match(part.get("class", "")) for part in post.iter("*")) if match}
    fields = {
        "media": ", ".join(sorted(media)),
        "document": _first(post, ".tgme_widget_message_document_title"),
        "forwarded_from": _first(post, ".tgme_widget_message_forwarded_from_name"),
        "author": _first(post, ".tgme_widget_message_from_author"),
    }
    moment = next((time.get("datetime") for time in post.cssselect("time[datetime]")), None)
    title = headline(text) or fields["media"]
    return Entry(name.rpartition("/")[2], title, fields, f"https://t.me/{name}", read_date(moment), text)


def _text(post: HtmlElement) -> str:
    # A reply quotes the text that it answers; an album nests its text in itself.
    own = (text for text in post.cssselect(".tgme_widget_message_text") if not text.xpath(_QUOTED))
    poll = post.cssselect(".tgme_widget_message_poll_question, .tgme_widget_message_poll_option_text")
    return next(map(text_of, own), "\n".join(map(text_of, poll)))


def _first(post: HtmlElement, css: str) -> str:
    return next(map(text_of, post.cssselect(css)), "")
