"""How the pages of a time are read: by the options of today, or those that `[[sources.NAME.before]]` has for it."""

from bisect import bisect_right
from datetime import datetime
from typing import NamedTuple

from sources import Source
from state.compare.reader_fingerprints import held_fingerprint, reading_fingerprint
from watcher.config.arguments import find_source
from watcher.config.load import Config


class Layout(NamedTuple):
    """The options that read the pages of some time, up to `until` (None: up to now), and the fingerprint of how they
    read and judge, also beside which pages.
    """

    source: Source
    reading: str
    until: datetime | None = None


class Layouts:
    """The layouts that a source's pages had. Raises UsageError for a source that there is not."""

    def __init__(self, config: Config, name: str) -> None:
        self.today = find_source(config, name)
        self.is_window = self.today.listing == "window"
        earlier = config.layouts.get(name, ())
        self._ends = [each.until for each in earlier]
        ranges = zip(
            [None, *self._ends], [*self._ends, None], [*(each.source for each in earlier), self.today], strict=True
        )
        self._layouts = [_layout(config, *each) for each in ranges]

    def at(self, at: datetime) -> Layout:
        """The layout of a page of that time."""
        return self._layouts[bisect_right(self._ends, at)]


def _layout(config: Config, since: datetime | None, until: datetime | None, source: Source) -> Layout:
    """The layout of the pages of a time. A break that comes or goes has the pages on both of its sides read anew."""
    within = f" {since or ''}/{until or ''}" if since or until else ""
    terms = held_fingerprint(b"", source).hex()
    return Layout(source, f"{reading_fingerprint(source, config.secrets.hide)} {terms}{within}", until)
