"""The sources of a configuration as OPML 2.0, a list of feeds and pages."""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

from sources.reading.engine import first_url
from watcher.config.load import Config

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0">
  <head>
    <title>Registry Watch</title>
  </head>
  <body>
"""


def as_opml(config: Config) -> tuple[str, list[str]]:
    """The list, and the names of the sources whose address has a secret in it: they are left out."""
    lines, hidden = [], []
    for name, source in config.sources.items():
        url = first_url(source)
        if not url:
            continue
        if config.secrets.hide(url) != url:
            hidden.append(name)
        else:
            is_feed = any(getattr(each, "kind", "") == "feed" for each in type(source).__mro__)
            kind = {"type": "rss", "xmlUrl": url} if is_feed else {"type": "link", "url": url}
            values = {"text": source.label_or(name), **kind}
            given = " ".join(f"{key}={quoteattr(_keep_xml(value))}" for key, value in values.items())
            lines.append(f"    <outline {given}/>\n")
    return f"{_HEAD}{''.join(lines)}  </body>\n</opml>\n", hidden


def _keep_xml(value: str) -> str:
    """A text without the characters that XML cannot hold."""
    return "".join(
        char for char in value if char >= " " and not "\ud800" <= char <= "\udfff" and char not in "\ufffe\uffff"
    )
