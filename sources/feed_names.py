"""The names that feedparser knows in a feed, and which of them the quick reader (feed_xml.py) reads as it does.

feedparser gives an element a name of its prefix (the usual one of its namespace, not the document's) and its own name,
in lower case: "title", "dc_creator". What it knows nothing about it keeps under that name, and looks for what it knows
inside. A test holds these tables against feedparser's own.
"""

from __future__ import annotations

# Namespaces, in lower case, and feedparser's prefix of each: those without a prefix, and those that it knows names in.
NAMESPACES = {
    "http://backend.userland.com/rss": "",
    "http://blogs.law.harvard.edu/tech/rss": "",
    "http://purl.org/rss/1.0/": "",
    "http://my.netscape.com/rdf/simple/0.9/": "",
    "http://example.com/newformat#": "",
    "http://example.com/necho": "",
    "http://purl.org/echo/": "",
    "uri/of/echo/namespace#": "",
    "http://purl.org/pie/": "",
    "http://purl.org/atom/ns#": "",
    "http://www.w3.org/2005/atom": "",
    "http://purl.org/rss/1.0/modules/rss091#": "",
    "http://creativecommons.org/ns#license": "cc",
    "http://web.resource.org/cc/": "cc",
    "http://cyber.law.harvard.edu/rss/creativecommonsrssmodule.html": "creativecommons",
    "http://backend.userland.com/creativecommonsrssmodule": "creativecommons",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "http://www.georss.org/georss": "georss",
    "http://www.opengis.net/gml": "gml",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://example.com/dtds/podcast-1.0.dtd": "itunes",
    "http://search.yahoo.com/mrss": "media",
    "http://search.yahoo.com/mrss/": "media",
    "http://podlove.org/simple-chapters": "psc",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
    "http://www.w3.org/1999/xhtml": "xhtml",
    "http://www.w3.org/xml/1998/namespace": "xml",
}
ATOM = "http://www.w3.org/2005/atom"
RDF_FEEDS = frozenset(("http://purl.org/rss/1.0/", "http://my.netscape.com/rdf/simple/0.9/"))
ANY_RSS = "backend.userland.com/rss"  # a namespace with this in it is RSS's, whatever else it says
XML = "{http://www.w3.org/XML/1998/namespace}"
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"

# Dates, by the name that they are kept under.
DATES = {
    **dict.fromkeys(("published", "issued", "pubdate", "dcterms_issued"), "published"),
    **dict.fromkeys(("updated", "modified", "lastbuilddate", "dc_date", "dcterms_modified"), "updated"),
    **dict.fromkeys(("created", "dcterms_created"), "created"),
}
TITLES = frozenset(("title", "dc_title", "media_title"))
# Texts of an entry, by the media type that they have when they do not say one.
SUMMARIES = {
    **dict.fromkeys(("description", "dc_description", "media_description"), "text/html"),
    **dict.fromkeys(("summary", "itunes_summary"), "text/plain"),
}
CONTENTS = {"content": "text/plain", "content_encoded": "text/html"}
# Tags, by the vocabulary that they are of when they do not say one.
TAGS = {
    **dict.fromkeys(("category", "keywords", "dc_subject"), None),
    "media_category": "http://search.yahoo.com/mrss/category_schema",
}
TAG_LISTS = {"media_keywords": None, "itunes_keywords": "http://www.itunes.com/"}
IDS = frozenset(("guid", "id"))
READ = frozenset((*DATES, *TITLES, *SUMMARIES, *CONTENTS, *TAGS, *TAG_LISTS, *IDS, "link", "source", "image"))

# What feedparser knows nothing about, but is read here: persons under the names that feeds.py gives them, RBC's link.
VALUES = frozenset(("x-name", "x-author", "dc_x-creator", "pdalink"))
OPEN = frozenset(("media_group", "media_content"))  # what is in them is the entry's own
# What leaves no trace in what is read here, as long as nothing is in it but text.
PASSED_OVER = frozenset(
    (
        *("language", "dc_language", "rights", "copyright", "dc_rights", "url", "uri", "homepage", "enclosure"),
        *("generator", "subtitle", "itunes_subtitle", "itunes_image", "itunes_link", "itunes_block"),
        *("itunes_explicit", "media_thumbnail", "media_rating", "media_credit", "media_restriction"),
        *("media_license", "media_player", "cc_license"),
    )
)
# What may stand beside the entries and leaves no trace in them.
BESIDE = (READ | OPEN | PASSED_OVER) - frozenset(CONTENTS) - {"source"} | {
    "textinput",
    "width",
    "height",
    "cloud",
    "tagline",
    "info",
    "feedburner_browserfriendly",
    "itunes_category",
}
WITH_CHILDREN = OPEN | {"image", "textinput", "itunes_category"}
IN_SOURCE = (IDS | TAGS.keys() | PASSED_OVER | {"link"}) - {"enclosure", "cc_license"}

# All that feedparser does something of its own for.
KNOWN = BESIDE | frozenset(
    (
        *(
            "abstract",
            "author",
            "body",
            "channel",
            "content",
            "content_encoded",
            "contributor",
            "creativecommons_license",
        ),
        *("dc_author", "dc_contributor", "dc_creator", "dc_publisher", "dcterms_valid", "email", "entry"),
        *("expirationdate", "feed", "fullitem", "geom", "georss_box", "georss_line", "georss_point", "georss_polygon"),
        *("georss_where", "georssgeom", "gml_exterior", "gml_linearring", "gml_linestring", "gml_point"),
        *("gml_polygon", "gml_pos", "gml_poslist", "item", "itunes_author", "itunes_email", "itunes_name"),
        *("itunes_owner", "managingeditor", "name", "newlocation", "psc_chapter", "psc_chapters", "rss", "source"),
        *("tags", "webmaster", "where", "xhtml_body"),
        *("date", "links"),  # unknown, but kept where dates and links are
    )
)
