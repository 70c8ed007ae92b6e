"""The kind `feed`."""

from collections.abc import Iterator
from hashlib import blake2b

from pydantic import Field

from sources.errors import NotFound
from sources.formats.feed_head import find_next_page
from sources.formats.feeds import Item, read_feed
from sources.formats.links import absolute
from sources.model import Authority, Entry, Get, Listing, Page
from sources.pagination.columns import Names
from sources.pagination.detail import Detailed
from sources.text import headline, join_texts, listing


class Feed(Detailed):
    """The items of a feed: RSS, Atom, RDF or JSON Feed."""

    proven = "captures"

    url: str = Field(description="the feed")
    key: Names = Field(
        default=(),
        description="what tells an item from others: id, link, title, text, published, author, categories or source,"
        " or a list of them; default: the id or guid, else the link, else title and text",
    )
    authority: Authority = "report"
    listing: Listing = "window"

    def earlier(self, page: Page) -> Get | None:
        """The feed's next page (RFC 5005, section 3; JSON Feed's `next_url`), which has older items."""
        following = find_next_page(page)
        return Get(absolute(page.url, following)) if following else None

    def parse(self, page: Page) -> Iterator[Entry | Get]:
        """One entry per item, in the feed's order."""
        items = read_feed(page)
        seen = {name: None for item in items for name, value in _list_values(item).items() if value} if self.key else {}
        absent = [name for name in self.key if name not in seen]
        if absent and items:
            raise NotFound(f"no item of {page.url} has {listing(absent)} (option key); they have {listing(seen)}")
        for item in items:
            if self.key:
                key = join_texts(_list_values(item).get(name, "") for name in self.key)
            else:
                text = blake2b(item.text.encode(), digest_size=8).hexdigest() if item.text else ""
                key = item.id or item.link or join_texts((item.title, text))
            yield Entry(key, item.title or headline(item.text), item.fields, item.link, item.published, item.text)


def _list_values(item: Item) -> dict[str, str]:
    published = item.published.isoformat() if item.published else ""
    own = {"id": item.id, "link": item.link, "title": item.title, "text": item.text, "published": published}
    return own | item.fields
