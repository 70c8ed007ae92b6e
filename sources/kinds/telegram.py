"""The kind `telegram`."""

import re
from collections.abc import Iterator
from typing import Annotated

from lxml.html import HtmlElement
from pydantic import AfterValidator, Field

from sources.errors import Blocked, NotFound
from sources.formats.dates import read_date
from sources.formats.html import text_of
from sources.formats.selectors import select
from sources.model import Authority, Entry, Get, Imprint, Listing, Page, Source
from sources.text import headline

_KINDS = "photo|video|roundvideo|voice|document|sticker|poll|location"
_MEDIA = re.compile(rf"tgme_widget_message_({_KINDS})(?:_wrap|_player)?(?:\s|$)")
_QUOTED = "ancestor::*[contains(@class, 'tgme_widget_message_reply')]"


def _name(channel: str) -> str:
    """The channel's name from the forms that people copy: @name, t.me/name, https://t.me/s/name. Raises ValueError."""
    name = re.sub(r"^@|^(https?://)?(t|telegram)\.me/(s/)?", "", channel.strip()).rstrip("/")
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{2,31}", name):
        raise ValueError('a channel is called by its name, such as "durov"')
    return name


class Telegram(Source):
    """The posts of a public Telegram channel, from its preview at t.me/s."""

    imprint = Imprint("Telegram", "int", ["media"], "2026-10-04")
    proven = "captures"
    documented = "https://t.me/s/telegram"
    asks = "nothing known; the spacing between requests is kept, so many channels take their time"

    channel: Annotated[str, AfterValidator(_name)] = Field(description='its name, as in t.me/name: "durov"')
    url: str | None = Field(default=None, description="the preview; default: https://t.me/s/ and the channel")
    authority: Authority = "statement"
    listing: Listing = "window"

    def start(self) -> Get:
        """The request for the channel's preview."""
        return Get(self.url or f"https://t.me/s/{self.channel}")

    def earlier(self, page: Page) -> Get | None:
        """The request for the posts before those of a page."""
        return page.link(".tme_messages_more[data-before]") or page.link("link[rel=prev]")

    def parse(self, page: Page) -> Iterator[Entry | Get]:
        """One entry per post, oldest first. Raises Blocked when the page is no preview of a channel."""
        if select(page.html, ".tme_no_messages_found"):
            return
        # Without a preview Telegram serves another page, which has no information about the posts.
        if not select(page.html, ".tgme_channel_history"):
            why = "the channel is private, does not exist, or has its preview switched off"
            raise Blocked(f"{page.url} shows no posts: {why}", code="preview_disabled")
        posts = select(page.html, ".tgme_widget_message[data-post]")
        if not posts:
            raise NotFound(f"{page.url} is a channel's preview, but has no .tgme_widget_message[data-post] in it")
        yield from map(read_post, posts)


def read_post(post: HtmlElement) -> Entry:
    """The stable parts of one post: without counts of views and addresses of pictures.

    Raises BadEntry when it has no number.
    """
    name = post.get("data-post", "").partition("?")[0]
    # A reply quotes the text that it answers; an album nests its text in itself.
    own = (text for text in select(post, ".tgme_widget_message_text") if not text.xpath(_QUOTED))
    poll = select(post, ".tgme_widget_message_poll_question, .tgme_widget_message_poll_option_text")
    text = next(map(text_of, own), "\n".join(map(text_of, poll)))
    media = {match[1] for match in (_MEDIA.match(part.get("class", "")) for part in post.iter("*")) if match}
    fields = {
        "media": ", ".join(sorted(media)),
        "document": _first(post, ".tgme_widget_message_document_title"),
        "forwarded_from": _first(post, ".tgme_widget_message_forwarded_from_name"),
        "author": _first(post, ".tgme_widget_message_from_author"),
    }
    moment = next((time.get("datetime") for time in select(post, "time[datetime]")), None)
    title = headline(text) or fields["media"]
    return Entry(name.rpartition("/")[2], title, fields, f"https://t.me/{name}", read_date(moment), text)


def _first(post: HtmlElement, css: str) -> str:
    return next(map(text_of, select(post, css)), "")
