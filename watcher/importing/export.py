"""The sources of a configuration as OPML."""

from __future__ import annotations

from sources import Source
from sources.reading.engine import first_url
from watcher.config.load import Config
from watcher.importing.lists.opml import Line, written


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
            lines.append(Line(source.label or name, url, feed=_is_feed(source)))
    return written("Registry Watch", lines), hidden


def _is_feed(source: Source) -> bool:
    return any(getattr(each, "kind", "") == "feed" for each in type(source).__mro__)
