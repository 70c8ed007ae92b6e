"""OPML, the lists of feeds that feed readers exchange."""

from __future__ import annotations

from collections.abc import Mapping
from xml.parsers import expat

from watcher.errors import UsageError
from watcher.importing.job import Found, Job, Left
from watcher.importing.translate import targets, wire

_MOST_OUTLINES = 50_000
_MOST_DEPTH = 100


def find(content: bytes) -> Found:
    """The feeds and pages of a list. Raises UsageError for what is no OPML, or declares entities."""
    reader = _Reader()
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.EntityDeclHandler = reader.refuse
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise UsageError(f"this is no well-formed OPML: {error}") from None
    except (ValueError, LookupError) as error:  # such as an encoding that expat cannot read
        raise UsageError(f"this is no OPML that can be read: {error}") from None
    if not reader.is_opml:
        raise UsageError("this XML is no OPML: its first element is not opml")
    return Found("OPML", reader.jobs or [Job("the list", left="it has no feed and no page")])


class _Reader:
    """Collects the outlines while the file is parsed; the outline around a feed is its group."""

    def __init__(self) -> None:
        self.jobs: list[Job] = []
        self.is_opml = False
        self._groups: list[str] = []

    def refuse(self, *_: object) -> None:
        """Stop at the declaration of an entity: a few of them may stand for gigabytes."""
        raise UsageError("this XML declares entities; no feed reader writes such a list, so it is not read")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if not self._groups:
            self.is_opml = name.lower() == "opml"
        if len(self._groups) >= _MOST_DEPTH:
            raise UsageError(f"its outlines are nested more than {_MOST_DEPTH} deep")
        given = {key.lower(): value for key, value in attributes.items()}
        title = given.get("title") or given.get("text") or ""
        url = given.get("xmlurl") or given.get("url") or given.get("htmlurl")
        if name.lower() == "outline" and url:
            self.jobs.append(self._job(title, url, given))
            if len(self.jobs) > _MOST_OUTLINES:
                raise UsageError(f"it has more than {_MOST_OUTLINES:,} feeds".replace(",", " "))
        self._groups.append(title if name.lower() == "outline" and not url else "")

    def end(self, _name: str) -> None:
        self._groups.pop()

    def _job(self, title: str, url: str, given: Mapping[str, str]) -> Job:
        job = Job(f"outline {len(self.jobs) + 1}: {wire.public(title or url)}", label=title)
        job.group = " / ".join(filter(None, self._groups))
        try:
            wire.address(job, url)
        except Left as reason:
            job.left = str(reason)
        if given.get("xmlurl") or targets.is_feed(url):
            job.kind = "feed"
        else:
            job.look = True
        return job
