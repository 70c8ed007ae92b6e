"""How the pages of a time are read: by the options of today."""

from datetime import datetime
from typing import NamedTuple

from sources import Source
from state.compare.reader_fingerprints import held_fingerprint, reading_fingerprint
from watcher.config.arguments import find_source
from watcher.config.load import Config


class Layout(NamedTuple):
    """The options that read the pages of some time, and the fingerprint of how they read and judge."""

    source: Source
    reading: str


class Layouts:
    """The layouts that a source's pages had. Raises UsageError for a source that there is not."""

    def __init__(self, config: Config, name: str) -> None:
        source = find_source(config, name)
        terms = held_fingerprint(b"", source).hex()
        self.is_window = source.listing == "window"
        self._today = Layout(source, f"{reading_fingerprint(source, config.secrets.hide)} {terms}")

    def at(self, _at: datetime) -> Layout:
        """The layout of a page of that time."""
        return self._today
