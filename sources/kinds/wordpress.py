"""The kind `wordpress`."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from pydantic import Field

from sources.errors import NotFound
from sources.formats.dates import read_date
from sources.formats.html import plain
from sources.model import Entry, Get, Listing, Page, Source
from sources.text import listing

_POSTS = "wp-json/wp/v2/posts"
_FIELDS = "id,link,date_gmt,modified_gmt,title,excerpt,content"


class Wordpress(Source):
    """The posts of a WordPress site, newest first, from its REST interface."""

    proven = "documents"
    documented = "https://developer.wordpress.org/rest-api/reference/posts/"

    url: str = Field(description="the site's address, or that of its posts (.../wp-json/wp/v2/posts)")
    query: dict[str, str | int] = Field(
        default_factory=dict, description='what to ask for, such as { categories = 7 } or { search = "licence" }'
    )
    listing: Listing = "window"

    def start(self) -> Get:
        """The request for the newest hundred posts, WordPress's maximum."""
        rest = "/wp-json/" in self.url or "rest_route=" in self.url
        url = self.url if rest else f"{self.url.rstrip('/')}/{_POSTS}"
        return Get(url, query={"per_page": 100, "_fields": _FIELDS, **self.query})

    def parse(self, page: Page) -> Iterator[Entry | Get]:
        """One entry per post, then, where `max_pages` allows more, the request for older ones."""
        posts = page.json()
        if not isinstance(posts, list):
            reason = posts.get("message") or listing(posts) if isinstance(posts, dict) else type(posts).__name__
            raise NotFound(f"{page.url} answered with no list of posts: {reason}")
        for post in posts:
            if not isinstance(post, dict) or "id" not in post:
                what = listing(post) if isinstance(post, dict) else str(post)[:60]
                raise NotFound(f"{page.url}: a post has no id; it is {what}")
            text = _read_rendered(post, "content") or _read_rendered(post, "excerpt")
            fields, published = {"modified": post.get("modified_gmt")}, read_date(post.get("date_gmt"))
            yield Entry(post["id"], _read_rendered(post, "title"), fields, post.get("link"), published, text)
        older = self.earlier(page)
        if older and int(page.carry.get("page", 1)) < (self.max_pages or 1):
            yield older

    def earlier(self, page: Page) -> Get | None:
        """The request for the posts before those of a page, None for the last page."""
        number = int(page.carry.get("page", 1)) + 1
        total = page.headers.get("x-wp-totalpages", "")
        if not total.isdecimal() or number > int(total):
            return None
        return replace(page.get, query={**page.get.query, "page": number}, carry={"page": number})


def _read_rendered(post: Mapping[str, Any], name: str) -> str:
    value = post.get(name)
    markup = value.get("rendered") if isinstance(value, dict) else value
    return plain(markup) if isinstance(markup, str) else ""
