"""Pages that stand in, on loopback, for those that imported jobs read."""

from __future__ import annotations

import io
from typing import Any

ITEMS = "".join(
    f"<item><title>News {n}</title><guid>{n}</guid><pubDate>Mon, 0{n} Sep 2025 10:00:00 GMT</pubDate></item>"
    for n in range(1, 4)
)
RSS = f"<?xml version='1.0'?><rss version='2.0'><channel><title>News</title>{ITEMS}</channel></rss>"
PAGE = """<!doctype html><title>A page of everything</title><body>
<nav>Menu</nav><div id=something>By its id</div><p>Current stable version is 3.1</p><marquee>Moving</marquee>
<ul id=groceries><li class=unchecked>Milk</li><li class=checked>Bread</li></ul>
<div class=cpu>One</div><div class=cpu>Two</div><div class=cpu>Three</div>
<div id=outer><p class=inner>Within</p></div><div class="main"><b class="tag-name">v1</b></div>
<div class="release-timeline-tags"><h4><a>v3.2</a></h4></div><div class=f1><a>v1.0</a></div><a class="Link--primary">v9</a>
<section role=main><p>these are lines I care about</p><p>and these are not</p></section>
<div id=data><p>foo: 1</p><p>Updated today</p></div><h3 class=entry-title>A title</h3>
<div class="article top"><h1><a>Apple releases something</a></h1></div><div class=byline>by somebody</div>
<div id=content><ul><li>first</li></ul><ul><li>second</li></ul></div>
<div class=events--block><p>A talk in Berlin</p><p>Watch Now</p></div>
<span class=price>12.50</span><div id=main>The ministry's notice</div><footer>Last updated today</footer></body>"""
TAGS = [{"name": "v2.1", "id": 2}, {"name": "v2.0", "id": 1}]
PRODUCT = {"price": 12.5, "stock": 3}
LIST = {"items": [{"title": "One", "price": 5}, {"title": "Two", "price": 15}]}


def serve(site: Any) -> None:
    """Serve all pages."""
    for path in _PAGES.split():
        site.page(path, PAGE)
    for path in ("/news/feed/", "/blog/css-index.rss", "/keywords.xml", "/rss"):
        site.page(path, RSS, type="application/rss+xml")
    for path in ("/CHANGELOG.txt", "/sorting.txt", "/spaces.txt", "/staff.csv"):
        site.page(path, "  one\ntwo\nthree\n", type="text/plain")
    site.page("/ical/events", "BEGIN:VCALENDAR\nSUMMARY:A day\nEND:VCALENDAR\n", type="text/calendar")
    site.page("/api/tags", TAGS)
    site.page("/api/status", {"state": "up", "since": 3})
    site.page("/api/product", PRODUCT)
    site.page("/api/list", LIST)
    site.page("/report.pdf", document("A report"), type="application/pdf")


def document(text: str) -> bytes:
    """A PDF file with a line of text."""
    from reportlab.pdfgen.canvas import Canvas

    written = io.BytesIO()
    canvas = Canvas(written)
    canvas.drawString(72, 720, text)
    canvas.save()
    return written.getvalue()


_PAGES = """/club /developers.php /With%20Spaces/ /one/releases /two/releases /tags /idtest.html /version.html /bodytag.html
/marquee.html /groceries.html /exclude.html /cpus.html /nested.html /main /plain /items/9566 /items/15829 /tag/books/ /page
/old-way /rumours /news /releases /events /product /private /notices/1 /notices/2 /old /search.cgi /form"""
