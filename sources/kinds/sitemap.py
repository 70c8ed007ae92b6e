"""The kind `sitemap`."""

from collections.abc import Iterator
from fnmatch import fnmatchcase

from pydantic import Field

from sources.errors import NotFound
from sources.formats.archives import open_content
from sources.formats.dates import read_date
from sources.formats.links import absolute
from sources.formats.xml import ElementPath, elements, local_name, paths_seen
from sources.model import Entry, Get, Listing, Page, Source
from sources.pagination.columns import Names
from sources.text import clean, listing

_PARTS = [ElementPath.compile(path, {}) for path in ("urlset/url", "sitemapindex/sitemap")]
_USED = {"lastmod", "title", "language", "publication_date"}  # priority and changefreq do not describe the page


class Sitemap(Source):
    """The addresses in a site map, also in a map of maps, one entry each: new pages before anything links to them."""

    proven = "documents"
    documented = "https://www.sitemaps.org/protocol.html"

    url: str = Field(description="the site map, such as https://example.org/sitemap.xml; may be gzipped")
    only: Names = Field(default=(), description='globs: addresses that match none are left out, "*/news/*"')
    maps: Names = Field(default=(), description="globs, in a map of maps: maps that match none are not read")
    listing: Listing = "window"

    def parse(self, page: Page) -> Iterator[Entry | Get]:
        """One entry per address; requests for the maps that a map of maps lists."""
        file = open_content(page, limit=self.max_bytes)
        maps: list[str] = []
        empty = True
        for element in elements(file, _PARTS):
            empty = False
            # The child elements of an address by name, also those inside <news:news>; the first of each name.
            values: dict[str, str] = {}
            for each in element.iter("*"):
                name, text = local_name(each.tag), clean(each.text or "")
                if text and (name in _USED or (name == "loc" and each.getparent() is element)):
                    values.setdefault(name, text)
            address = absolute(page.url, values.get("loc", ""))
            if local_name(element.tag) == "sitemap":
                maps.append(address)
            elif _matches(address, self.only):
                fields = {"lastmod": values.get("lastmod"), "language": values.get("language")}
                yield Entry(
                    address, values.get("title", ""), fields, address, read_date(values.get("publication_date", ""))
                )
        chosen = [address for address in dict.fromkeys(maps) if _matches(address, self.maps)]
        if maps and not chosen:
            raise NotFound(f"{page.url}: no map matches {listing(self.maps)} (option maps); they are {listing(maps)}")
        seen = paths_seen(file) if empty else {"urlset": 1}
        if not {"urlset", "sitemapindex"} & set(seen):
            raise NotFound(f"{page.url} is no site map: it has {listing(seen)}")
        yield from map(Get, chosen)


def _matches(address: str, globs: Names) -> bool:
    return not globs or any(fnmatchcase(address, glob) for glob in globs)
