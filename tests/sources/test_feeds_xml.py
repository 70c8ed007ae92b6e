"""XML feeds of all formats, valid and malformed: items in order, or an error with the reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sources import Get, Page, SourceError
from sources.formats.feeds import Item, read_feed
from tests.captures import CAPTURES, needed

URL = "https://news.example/a/feed"
ATOM = "http://www.w3.org/2005/Atom"
SPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    ' xmlns:atom="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/" xmlns:yandex="http://news.yandex.ru"'
    ' xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:x="urn:x"'
)


def page(body: str | bytes, content_type: str = "application/rss+xml") -> Page:
    content = body.encode() if isinstance(body, str) else body
    return Page(Get(URL), URL, 200, {"content-type": content_type}, content, datetime(2025, 7, 16, tzinfo=UTC))


def outcome(feed: Page) -> list[Item] | tuple[str, str]:
    try:
        return read_feed(feed)
    except SourceError as error:
        return type(error).__name__, error.message


def rss(items: str, before: str = "", root: str = "") -> str:
    return f'<rss version="2.0" {root} {SPACES}><channel><title>t</title>{before}{items}</channel></rss>'


def rdf(items: str, before: str = "") -> str:
    spaces = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" ' + SPACES
    return f'<rdf:RDF {spaces}><channel rdf:about="u"><title>t</title>{before}</channel>{items}</rdf:RDF>'


def atom(entries: str, before: str = "", root: str = f'xmlns="{ATOM}"') -> str:
    return f"<feed {root} {SPACES}><title>t</title><id>f</id>{before}{entries}</feed>"


def item(content: str) -> str:
    return f"<item><guid>1</guid><title>t</title>{content}</item>"


def entry(content: str) -> str:
    return f"<entry><id>tag:e.org,2025:1</id><title>t</title>{content}</entry>"


SOUND = {
    "RSS 0.91 with a document type": '<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://e.org/rss.dtd"><rss version="0.91"><channel><item><title>a</title><link>http://e.org/1</link></item></channel></rss>',
    "RSS 0.90": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://my.netscape.com/rdf/simple/0.9/"><channel><title>t</title></channel><item><title>a</title><link>http://e.org/1</link></item></rdf:RDF>',
    "RSS without a channel": "<rss><item><title>a</title></item></rss>",
    "RDF": rdf('<item rdf:about="http://e.org/1"><title>a</title><link>http://e.org/1</link><dc:date>2025-07-16T10:00:00+03:00</dc:date><dc:creator>A</dc:creator><dc:subject>law</dc:subject></item>', "<items><rdf:Seq><rdf:li resource='u'/></rdf:Seq></items>"),
    "Atom 0.3": atom(entry('<issued>2025-07-16T10:00:00Z</issued><modified>2025-07-17T10:00:00Z</modified><content type="text/html" mode="escaped">&lt;p&gt;x</content><summary>s</summary>'), root='version="0.3" xmlns="http://purl.org/atom/ns#"'),
    "Atom 0.3 with XHTML": atom(entry('<content type="application/xhtml+xml" mode="xml"><div xmlns="http://www.w3.org/1999/xhtml">a\nb</div></content>'), root='version="0.3" xmlns="http://purl.org/atom/ns#"'),
    "Atom without a namespace": "<feed><entry><id>1</id><title>t</title><link href='/x'/></entry></feed>",
    "Atom under a prefix": f'<a:feed xmlns:a="{ATOM}"><a:entry><a:id>1</a:id><a:title>t</a:title><a:link href="/x"/></a:entry></a:feed>',
    "usual names under other prefixes": '<rss xmlns:d="http://purl.org/dc/elements/1.1/" xmlns:c="http://purl.org/rss/1.0/modules/content/"><channel><item><d:creator>A</d:creator><c:encoded>x</c:encoded><d:date>2025-07-16</d:date></item></channel></rss>',
    "names in capitals": "<RSS><Channel><Item><Title>a</Title><GUID isPermaLink='false'>1</GUID><pubDATE>Tue, 15 Jul 2025 10:00:00 GMT</pubDATE></Item></Channel></RSS>",
    "CDATA": rss(item("<description><![CDATA[<p>a &amp; b<br>c</p>]]> d</description>")),
    "CDATA with a person in it": rss(item("<description><![CDATA[<name>a</name> <author>b</author>]]></description>")),
    "escaped HTML": rss(item("<description>&lt;p&gt;a &amp;amp; b &amp;lt;i&amp;gt;&lt;/p&gt;</description>")),
    "entities twice and thrice": rss("<item><title>a &amp;amp; b &amp;amp;amp; c</title><guid>http://e.org/?a=1&amp;amp;b=2</guid></item>"),
    "a link with entities": rss(item("<link>http://e.org/?a=1&amp;b=2&amp;amp;c=3&amp;copy;=4</link>")),
    "a link with tracking": rss(item("<link>http://e.org/?utm_source=rss&amp;a=1&amp;utm_medium=x</link>")),
    "a relative link": rss(item("<link>../x?y</link>")),
    "a link of a foreign kind": rss(item("<link>http:///e.org//x</link><link>http://[bad</link>")),
    "a base at the root": rss(item("<link>x</link><guid>y</guid>"), root='xml:base="http://base.example/b/"'),
    "a base that is a path": atom(entry('<link href="http://e.org/1"/>'), root=f'xmlns="{ATOM}" xml:base="/b/"'),
    "bases within": atom(entry('<link href="http://e.org/1"/><content type="html" xml:base="http://base.example/">x</content>') * 2),
    "no guid": rss("<item><title>a</title><link>http://e.org/1</link></item>"),
    "nothing but a guid": rss("<item><guid>http://e.org/1</guid></item>"),
    "a guid that is no link": rss("<item><guid isPermaLink='false'>1</guid><title>a</title></item><item><guid isPermaLink='FALSE'>2</guid></item>"),
    "a guid before and after the link": rss("<item><guid>g</guid><link>/l</link></item><item><link>/l</link><guid>g</guid></item>"),
    "an empty item among others": rss("<item/>" + item("")),
    "an empty title": rss("<item><title/><guid>1</guid></item><item><title> </title><title>second</title></item>"),
    "two titles": rss("<item><title>first</title><title>second</title></item>"),
    "a title after a source": rss("<item><title>first</title><source url='http://e.org/'>S</source><title>second</title></item>"),
    "a title after an image": rss("<item><title>first</title><image>http://e.org/i.png</image><media:title>second</media:title></item>"),
    "a title deeper first": rss("<item><x:a><title>deep</title></x:a><title>first</title><title>second</title></item>"),
    "a title deeper last": rss("<item><title>first</title><x:a><title>deep</title></x:a><title>second</title></item>"),
    "titles of media": atom(entry("<media:group><media:title>m</media:title><media:description>d</media:description><media:content url='u'><media:title>n</media:title></media:content></media:group>")),
    "titles of media alone": rss("<item><guid>1</guid><media:group><media:title>m</media:title></media:group><media:title>n</media:title><media:title>o</media:title></item>"),
    "two summaries": rss(item("<description>a</description><description>b</description><description>c</description>")),
    "a summary after the content": rss(item("<content:encoded>a</content:encoded><description>b</description><itunes:summary>c</itunes:summary>")),
    "a summary before the content": rss(item("<itunes:summary>c</itunes:summary><description>b</description><content:encoded>a</content:encoded>")),
    "a summary deeper": rss(item("<x:a><description>deep</description></x:a><description>b</description><content:encoded/><x:a><description>deep</description></x:a>")),
    "two contents": atom(entry('<content type="html">&lt;b&gt;a</content><content>b</content><summary type="html">&lt;i&gt;s</summary>')),
    "a content elsewhere": atom(entry('<content type="text/html" src="http://e.org/x"/>')),
    "a title of each type": atom("".join(f"<entry><title type='{kind}'>a &amp;lt;b&amp;gt; &lt;i&gt;c&lt;/i&gt;</title></entry>" for kind in ("text", "html", "TEXT/HTML", "xhtml", "plain"))),
    "XHTML": atom(entry('<content type="xhtml">\n <div xmlns="http://www.w3.org/1999/xhtml" class="a">a<br/>b &lt;i&gt; <a href="/x?a&amp;b">c</a>\nd</div>\n</content>')),
    "XHTML in two parts": atom(entry('<summary type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">a\nb</div><div xmlns="http://www.w3.org/1999/xhtml">c</div></summary>')),
    "XHTML under a prefix": f'<feed xmlns="{ATOM}" xmlns:h="http://www.w3.org/1999/xhtml"><entry><title type="xhtml"><h:div>a\nb &amp;lt;i></h:div></title></entry></feed>',
    "comments within": rss("<item><title>a<!-- b -->c</title><!-- d --><guid>1</guid></item><!-- e -->"),
    "a style sheet": '<?xml version="1.0"?>\n<?xml-stylesheet type="text/xsl" href="x.xsl"?>' + rss(item("")),
    "dates in odd zones": rss("".join(item(f"<pubDate>{date}</pubDate>") for date in ("Tue, 15 Jul 2025 10:00:00 MSK", "15 Jul 2025 10:00 EST", "Tue, 15 Jul 25 10:00:00 +0330", "15.07.2025 10:00", "Tue,15 Jul 2025 10:00:00 GMT+3", "yesterday", "2025-07-15", "1752573600"))),
    "dates of every name": rss(item("<pubDate>Tue, 15 Jul 2025 10:00:00 GMT</pubDate><dc:date>2025-07-16</dc:date><atom:updated>2025-07-17</atom:updated>") + item("<dcterms:created>2025-07-13</dcterms:created><dcterms:modified>2025-07-14</dcterms:modified>") + item("<dcterms:issued>2025-07-12</dcterms:issued>")),
    "dates of Atom": atom(entry("<updated>2025-07-16T10:00:00+03:00</updated><published>2025-07-15T10:00:00.5Z</published>") + entry("<updated>2025-07-16T10:00:00Z</updated>") + entry("<published/>")),
    "persons": rss(item("<author>a@e.org (A)</author><dc:creator>B</dc:creator>") + item("<dc:creator>B</dc:creator><dc:creator>C</dc:creator>") + item("<itunes:author>D</itunes:author>")),
    "persons of Atom": atom(entry("<author><name>A</name><uri>http://e.org/</uri><email>a@e.org</email><x:i width='1'/></author><contributor><name>B</name></contributor>") + entry("<author>C</author>")),
    "categories": rss(item("<category>b</category><category domain='d'>a</category><category domain='d'/><category domain='d'>c</category><category>b</category><category/><dc:subject>e</dc:subject><media:keywords>f, g,,</media:keywords>")),
    "categories of Atom": atom(entry("<category term='a' label='A'/><category label='B'/><category scheme='s'/><category term='c'>d</category><media:category>m</media:category><itunes:keywords>k, l</itunes:keywords>")),
    "links of Atom": atom(entry("<link rel='self' href='/self'/><link rel='enclosure' href='/e'/><link href='/one' type='application/pdf'/><link href='/two'/>") + entry("<link rel='self' href='/self'/>") + entry("<link rel='ALTERNATE' href=''/><link>text</link>")),
    "links of Atom in RSS": rss(item("<atom:link rel='related' href='/r'/><link>/l</link><atom:link href='/a'/>")),
    "links within other elements": rss(item("<link>/l</link><x:related><link url='/r'><x:title>r</x:title><url>u</url></link><link>/deep</link></x:related>")),
    "a link that counts": rss(item("<link>/l</link><pdalink>/p</pdalink>")),
    "enclosures": rss(item("<enclosure url='/e.mp3' length='1' type='audio/mpeg'/><media:thumbnail url='/t.png'/><media:content url='/c.png'/>")),
    "a source": rss(item("<source url='http://e.org/'>The &lt;b&gt;Wire&lt;/b&gt;</source>") + item("<source url='u'/>")),
    "a source of Atom": atom(entry("<source><id>s</id><title type='html'>The &amp;lt;Wire&amp;gt;</title><link href='/s'/><updated>2025-07-16</updated><author><name>S</name></author><icon>/i</icon></source><title>after</title>")),
    "text of other makers": rss(item("<yandex:full-text>long</yandex:full-text><x:a b='1'><x:c>d</x:c></x:a><comments>/c</comments><language>ru</language>")),
    "much beside the items": rss(item(""), "<link>/</link><description>d</description><language>ru</language><image><url>/i</url><title>i</title><link>/</link><width>1</width></image><textInput><title>s</title><name>q</name><link>/s</link></textInput><atom:link rel='self' href='/f'/><pubDate>Tue, 15 Jul 2025 10:00:00 GMT</pubDate><itunes:summary>s</itunes:summary><itunes:category text='a'><itunes:category text='b'/></itunes:category><itunes:owner><itunes:name>n</itunes:name></itunes:owner>"),
    "Cyrillic": rss("<item><title>«Реестр» № 5 — §</title><guid>https://e.org/реестр</guid><category>Общество</category></item>"),
    "UTF-8 taken for ISO 8859-1": rss("<item><title>\u00c3\u00a9t\u00c3\u00a9</title><guid>\u0093x\u0094</guid></item>"),
    "leading whitespace": "\n\n  <?xml version='1.0'?>\n" + rss(item("")),
    "a byte order mark": "\ufeff<?xml version='1.0' encoding='utf-8'?>" + rss(item("")),
    "two of everything": rss(item("<link>/a</link><link>/b</link><guid>2</guid><pubDate>2025-07-15</pubDate><pubDate>2025-07-16</pubDate>") * 2),
}  # fmt: skip

ODD_ONES = {
    "no items": rss(""),
    "a document type with entities": '<!DOCTYPE rss [<!ENTITY a "x">]>' + rss("<item><title>&a;</title></item>"),
    "an unknown entity": rss("<item><title>a&nbsp;b</title></item>"),
    "a bare ampersand": rss("<item><title>a & b</title></item>"),
    "not closed": rss("<item><title>a<b></title></item>"),
    "a prefix that is not declared": rss("<item><title>a</title><y:z/></item>"),
    "a prefix that means something else": '<rss xmlns:dc="urn:x"><channel><item><dc:creator>a</dc:creator></item></channel></rss>',
    "a default namespace that is unknown": '<rss xmlns="urn:x"><channel><item><title>a</title></item></channel></rss>',
    "a prefix with two meanings": rss("<item><y:title xmlns:y='urn:y'>a</y:title><y:title xmlns:y='http://www.w3.org/2005/Atom'>b</y:title></item>"),
    "old namespaces of RSS": '<rss xmlns="http://backend.userland.com/rss2"><channel><item><title>a</title></item></channel></rss>',
    "elements in a title": rss("<item><title>a <b>b</b></title></item>"),
    "elements in a description": rss(item("<description>a <p>b</p><div>c</div></description>")),
    "XHTML without its namespace": atom(entry("<content type='xhtml'><div>a<title>b</title></div></content>")),
    "XHTML in RSS": rss(item("<description type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>a</div></description>")),
    "SVG": atom(entry("<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>a<svg><title>b</title></svg></div></content>")),
    "base64": atom(entry("<content type='application/octet-stream'>YWJj</content><summary mode='base64'>YWJj</summary>")),
    "a relative link below another base": atom(entry("<link href='x'/><content xml:base='http://base.example/'>x</content>") * 2),
    "a base without a prefix": rss(item("<link>x</link>"), root="base='http://base.example/'"),
    "a body": rss(item("<body xmlns='http://www.w3.org/1999/xhtml'><p>a</p></body>")),
    "an item in an item": rss(item(item("<x:a/>"))),
    "a place": rss(item("<georss:point xmlns:georss='http://www.georss.org/georss'>1 2</georss:point>")),
    "a place without coordinates": rss(item("<georss:point xmlns:georss='http://www.georss.org/georss'/>")),
    "a date that feedparser stumbles over": rss(item("<pubDate>Fri, 2006/15/09 08:19:53 EDT</pubDate>")),
    "a date of its own name": rss(item("<date>2025-07-16</date>")),
    "a summary before a description beside": rss(item("<description>a</description><description>b</description>"), "<itunes:summary>s</itunes:summary><description>d</description>"),
    "a content beside": rss(item("<description>a</description><description>b</description>"), "<content:encoded>s</content:encoded>"),
    "a person in pieces": rss(item("<author>a <b c='d'>e</b></author>")),
    "a person with an attribute": "<rss><channel><item><title>a</title><x:y xmlns:x='urn:x'><name/></x:y><author/></item></channel></rss>".replace("<author/>", "<author><name>n</name> and more</author>"),
    "an image with more in it": rss(item("<image><title>i</title><link>/i</link><url>/u</url></image>"), "<image><url>/i</url></image>"),
    "names that are not ASCII": rss(item("<\U00010000/>")),
    "an attribute that is not ASCII": rss(item("<x:a \u2c00='1'/>")),
    "an instruction": rss(item("<?php x?>")),
    "a second declaration": "<?xml version='1.0'?><?xml version='1.0' encoding='koi8-r'?>" + rss(item("")),
    "an odd content": "<rss><channel><item><links>x</links><link>/a</link></item></channel></rss>",
    "deep nesting": rss(item("<x:a>" * 5_000 + "</x:a>" * 5_000)),
}  # fmt: skip


WITHOUT_ITEMS = {"an empty item among others": 1}  # items that say nothing are no items
ENTRY = re.compile(r"<(?:\w+:)?(?:item|entry)\b", re.IGNORECASE)


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_feed_gives_each_of_its_items(name: str) -> None:
    found = outcome(page(SOUND[name]))
    assert isinstance(found, list)
    assert len(found) == len(ENTRY.findall(SOUND[name])) - WITHOUT_ITEMS.get(name, 0)
    assert all(each.id or each.link or each.title or each.text for each in found)


@pytest.mark.parametrize("name", ODD_ONES)
def test_an_odd_feed_gives_items_or_says_that_it_cannot_be_read(name: str) -> None:
    found = outcome(page(ODD_ONES[name]))
    assert isinstance(found, list) or found[0] == "BadDocument"


@pytest.mark.parametrize(
    "content_type", ["", "text/html; charset=koi8-r", "application/octet-stream", "text/plain", "x"]
)
@pytest.mark.parametrize("encoding", ["windows-1251", "koi8-r", "utf-8", "utf-16"])
def test_the_declared_encoding_counts_whatever_the_type_says(encoding: str, content_type: str) -> None:
    feed = f'<?xml version="1.0" encoding="{encoding}"?>' + rss(item("<description>Реестр Роскомнадзора</description>"))
    (only,) = read_feed(page(feed.encode(encoding), content_type))
    assert only.text == "Реестр Роскомнадзора"


def captured() -> Iterator[Path]:
    """Every capture that looks like a feed in XML."""
    for path in sorted(CAPTURES.rglob("*")):
        if path.suffix in (".xml", ".atom", ".rss"):
            head = path.read_bytes()[:4_000].replace(b"\0", b"")
            if re.search(rb"<(\w+:)?(rss|rdf|feed)\b", head, re.IGNORECASE):
                yield path


@needed
def test_each_captured_feed_is_the_same_under_a_wrong_type() -> None:
    feeds = list(captured())
    assert feeds
    assert [
        f"{path.parent.name}/{path.name}"
        for path in feeds
        if outcome(page(path.read_bytes(), "application/xml"))
        != outcome(page(path.read_bytes(), "application/rss+xml"))
    ] == []


WORDS = st.sampled_from(
    [
        "",
        " ",
        "a",
        "a\nb",
        "Реестр",
        "&lt;b&gt;x&lt;/b&gt;",
        "&amp;amp;",
        "<![CDATA[<p>a<br>b</p>]]>",
        "&#160;x",
        "é",
        "\u00c3\u00a9",
        "&#8212;",
    ]
)
LINKS = st.sampled_from(
    ["", "/x", "http://e.org/1", "http://e.org/?a=1&amp;b=2", "x", "http:///y", "mailto:a@e.org", " http://e.org/2 "]
)
DATES = st.sampled_from(
    ["", "2025-07-16T10:00:00Z", "Tue, 15 Jul 2025 10:00:00 MSK", "2025-07-16", "never", "Tue, 15 Jul 25 1:2:3 +0330"]
)
TEXTS = "title description summary content:encoded dc:title dc:description media:title media:description author dc:creator category dc:subject source x:a itunes:summary itunes:author rights media:keywords pdalink image comments"
PLAIN = st.builds("<{0}>{1}</{0}>".format, st.sampled_from(TEXTS.split()), WORDS)
ADDRESSES = st.builds(
    "<{0}>{1}</{0}>".format, st.sampled_from(["link", "guid", "id", "atom:link", "uri", "url", "pdalink"]), LINKS
)
TIMES = st.builds(
    "<{0}>{1}</{0}>".format,
    st.sampled_from(
        [
            "pubDate",
            "published",
            "updated",
            "dc:date",
            "issued",
            "modified",
            "created",
            "dcterms:created",
            "dcterms:issued",
        ]
    ),
    DATES,
)
GUIDS = st.builds("<guid isPermaLink='{0}'>{1}</guid>".format, st.sampled_from(["true", "false", "True", ""]), LINKS)
HREFS = st.builds(
    "<{0} rel='{1}' type='{2}' href='{3}'/>".format,
    st.sampled_from(["link", "atom:link"]),
    st.sampled_from(["alternate", "self", "", "Alternate"]),
    st.sampled_from(["text/html", "", "image/png", "html"]),
    LINKS,
)
TYPED = st.builds(
    "<{0} type='{1}'>{2}</{0}>".format,
    st.sampled_from(["title", "summary", "content", "description"]),
    st.sampled_from(["text", "html", "text/html"]),
    WORDS,
)
TERMS = st.builds(
    "<category term='{0}' label='{1}' {2}/>".format,
    st.sampled_from(["", "a", "Ж"]),
    st.sampled_from(["", "b"]),
    st.sampled_from(["", "scheme='s'", "domain='s'"]),
)
PARTS = st.one_of(PLAIN, PLAIN, ADDRESSES, TIMES, GUIDS, HREFS, TYPED, TERMS)
NESTED = st.builds(
    "<{0}>{1}</{2}>".format, st.just("x:a"), st.lists(PARTS, max_size=3).map("".join), st.just("x:a")
) | st.lists(PARTS, max_size=3).map("".join).map("<media:group>{}</media:group>".format)
ITEMS = st.lists(PARTS | NESTED, max_size=8).map("".join)
ODD = st.sampled_from(["<description>a <p>b</p></description>", "<body>x</body>", "<date>2025-07-16</date>", "<content type='xhtml'><div>a<p>b</p></div></content>", "<image><title>i</title></image>", "<source><title>s</title></source>", "<source url='u'>s<b>t</b></source>", "<author><name>n</name><uri>u</uri></author>", "<author>a<b c='1'>d</b></author>", "<link>a<b/></link>", "<title>a<b>c</b></title>", "<tags>a,b</tags>", "<links/>", "<summary mode='base64'>YQ==</summary>", "<content xml:base='http://b.example/'>c</content>", "<link url='/u'><title>t</title></link>", "<name>n</name>", "<textInput><title>t</title></textInput>", "<fullitem>f</fullitem>", "<abstract>a</abstract>", "<pubDate>Fri, 2006/15/09 08:19:53 EDT</pubDate>", "<x:b c='d'>e<title>f</title></x:b>", "<dc:creator xml:lang='ru'/>"])  # fmt: skip
MAKERS = st.sampled_from([
    lambda items, beside: rss("".join(f"<item>{each}</item>" for each in items), beside),
    lambda items, beside: rdf("".join(f"<item rdf:about='u{at}'>{each}</item>" for at, each in enumerate(items)), beside),
    lambda items, beside: atom("".join(f"<entry>{each}</entry>" for each in items), beside),
])  # fmt: skip
QUICKLY = settings(
    max_examples=75, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.differing_executors]
)


@QUICKLY
@given(MAKERS, st.lists(ITEMS, min_size=1, max_size=3), st.lists(ADDRESSES | TIMES | TERMS, max_size=3).map("".join))
def test_any_sound_feed_gives_items_in_plain_text(
    make: Callable[[list[str], str], str], items: list[str], beside: str
) -> None:
    found = outcome(page(make(items, beside)))
    assert isinstance(found, list) or "none of its" in found[1]
    assert "<b>" not in "".join(each.title for each in found if isinstance(each, Item))


@QUICKLY
@given(
    MAKERS,
    st.lists(st.lists(PARTS | NESTED | ODD, max_size=6).map("".join), min_size=1, max_size=3),
    st.lists(PARTS | NESTED | ODD, max_size=4).map("".join),
)
def test_any_odd_feed_gives_items_or_a_typed_error(
    make: Callable[[list[str], str], str], items: list[str], beside: str
) -> None:
    found = outcome(page(make(items, beside)))
    assert isinstance(found, list) or found[0] == "BadDocument"
