"""The pages of captures that others kept: files of their own, beside the chain, which says what was seen here.

A file has one content, however many captures have it: `past/SOURCE/TIME-DIGITS.warc.gz`. The time is that of the first
capture, the digits are those of the SHA-256 of its pages, one after the other, as they are kept: without secrets, and
without what is personal. The first record says who kept them. A file is there before the row that names it, and goes
after that: what a killed process left is found again by its digits, or named by `watch verify`.
"""

import logging
import re
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from datetime import datetime
from functools import partial
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Connection, select

from sources import Page, Source
from sources.model.transcript import Reported
from sources.reading.engine import without_personal
from state.compare.reader_fingerprints import body_fingerprint
from state.db.files import sync_folder
from state.db.redaction import Redactor
from state.db.repository import Repository
from state.db.tables.past import PAST_CAPTURES
from state.evidence.records import REMOVED, address, make_response, warcinfo
from state.evidence.store import TAKEN, Evidence
from state.evidence.verify import Opener, Problem
from state.evidence.warc import SUFFIX, Folder, WarcRecord, record
from state.failpoint import reach
from state.model import PastCapture, PastWitness
from state.storage.past import PAST

log = logging.getLogger(__name__)

_FILE = re.compile(rf"past/[^/]+/\w+-([0-9a-f]{{12}}){re.escape(SUFFIX)}")  # with its digits
_ALTERED = "; written anew, without what is personal or secret"
_COOKIES = ("set-cookie", "set-cookie2")  # ends of headers with credentials of whoever made the capture


class PastFiles(Repository):
    """The part of the Store that keeps the pages of captures of others, where evidence is kept."""

    def keeper(self, evidence: Evidence, source: str, now: datetime) -> "PastKeeper":
        """What keeps the captures of a source: with its own ones, they may take half of its room."""
        if not evidence.keeper:
            return PastKeeper(Path(), 0, self._redactor, now)
        options = evidence.keeper.options
        folder = options.path / _folder_of(source)
        with self._database.reading() as connection:
            taken = connection.scalar(TAKEN, {"its_source": source}) or 0
        taken += sum(file.stat().st_size for file in folder.glob("*"))
        return PastKeeper(folder, options.max_source // 2 - taken, self._redactor, now)

    def remove(self, evidence: Evidence, source: str, gone: Iterable[PastCapture]) -> None:
        """Remove the files of captures that were forgotten, and all others of the source that no capture names."""
        if not evidence.keeper:
            return
        top = evidence.keeper.options.path
        folders = {top / _folder_of(source), *((top / each.file).parent for each in gone if each.file)}
        with self._database.writing(PAST) as connection:
            for file in _strangers(connection, top):
                if file.parent in folders:
                    file.unlink()
                    reach("past_file_removed")
        for folder in (*folders, top / "past"):
            with suppress(OSError):  # it has the files of others, or is not there
                folder.rmdir()

    def verify(self, top: Path, opened: Opener) -> tuple[int, list[Problem]]:
        """How many files were compared with the state, and what is wrong with them. Others may write meanwhile."""
        with self._database.reading() as connection:
            known = _named(connection)
        flaws = {file: flaw for file, body in known if (flaw := _find_flaw(opened, file, body))}
        with self._database.writing(PAST) as connection:  # what was read or forgotten meanwhile is no flaw
            flaws = {file: flaws[file] for file, _ in _named(connection) if file in flaws}
            strangers = [str(file.relative_to(top)) for file in _strangers(connection, top)]
        flaws |= dict.fromkeys(strangers, "no capture of the state has this file")
        return len(dict(known)), [Problem(None, file, flaw) for file, flaw in sorted(flaws.items())]


class PastKeeper:
    """Keeps captures in a folder that has `room` for so many bytes; none, if that is 0."""

    def __init__(self, folder: Path, room: int, redactor: Redactor, now: datetime) -> None:
        self._folder, self._room, self._redactor, self._now = Folder(folder), room, redactor, now
        there = (f"past/{folder.name}/{file.name}" for file in folder.glob(f"*{SUFFIX}"))
        self._files = {match[1]: file for file in there if (match := _FILE.fullmatch(file))}

    def pack(self, source: Source, witness: PastWitness, pages: Collection[Page]) -> Callable[[], str]:
        """What keeps the pages of a capture, within its transaction: it returns their file, "" where they are not kept.
        Raises ReadError.
        """
        if self._room <= 0:
            return str
        bodies = [self._redactor.hide_bytes(without_personal(source, page) or page.body) for page in pages]
        digits = sha256(b"".join(bodies)).hexdigest()[:12]
        if digits in self._files:
            return partial(str, self._files[digits])
        name = f"{witness.at:%Y%m%dT%H%M%SZ}-{digits}{SUFFIX}"
        said = f"seen by others: {witness.kind} {witness.where}, {witness.at}; read by this program at {self._now}"
        said += _ALTERED if bodies != [page.body for page in pages] else ""
        records = [warcinfo(name, self._now, self._redactor.hide(said))]
        records += [self._record(page, body, witness.at) for page, body in zip(pages, bodies, strict=True)]
        return partial(self._put, digits, name, b"".join(each.data for each in records))

    def _record(self, page: Page, body: bytes, at: datetime) -> WarcRecord:
        """A page with its headers; a resource, if it came without any but its type, which was guessed then."""
        if page.headers.keys() <= {"content-type"}:
            content_type = page.content_type or "application/octet-stream"
            return record("resource", body, content_type, at=at, uri=address(page.url, self._redactor))
        named = page.headers.items()
        headers = [(name, REMOVED.decode() if name.endswith(_COOKIES) else value) for name, value in named]
        return make_response(Reported("GET", page.url, page.status, "", headers, body, "", at), self._redactor)

    def _put(self, digits: str, name: str, data: bytes) -> str:
        self._room -= len(data)
        path, part = self._folder.path, f"{name}.part"
        try:
            if self._room < 0:
                raise OSError(None, "the room of the source is used up")
            Folder(path.parent).make()
            self._folder.make()
            self._folder.append(part, 0, data)
            (path / part).rename(path / name)
            sync_folder(path)
        except OSError as error:
            log.warning("%s: no more of the past is kept here: %s", path, error.strerror)
            self._room = 0
            return ""
        reach("past_file")
        return self._files.setdefault(digits, f"past/{path.name}/{name}")


def _folder_of(source: str) -> str:
    return "past/" + re.sub(r"[^\w-]", "_", source)[:50]


def _named(connection: Connection) -> list[tuple[str, bytes]]:
    """The files that captures name, each with the fingerprint of what was read."""
    wanted = select(PAST_CAPTURES.c.file, PAST_CAPTURES.c.body).where(PAST_CAPTURES.c.file != "").distinct()
    return [(row.file, bytes(row.body)) for row in connection.execute(wanted)]


def _strangers(connection: Connection, top: Path) -> list[Path]:
    """The files that no capture names."""
    return sorted({*top.glob("past/*/*")} - {top / file for file, _ in _named(connection)})


def _find_flaw(opened: Opener, file: str, body: bytes) -> str:
    """What is wrong with the file of a capture, "" if nothing is."""
    from warcio.archiveiterator import ArchiveIterator  # noqa: PLC0415 - checks never parse records

    place = _FILE.fullmatch(file)
    stream = opened(file) if place else None
    if not (place and stream):
        return "the file is missing"
    with stream:
        try:
            first, *pages = (each.raw_stream.read() for each in ArchiveIterator(stream, check_digests="raise"))
        except Exception as error:  # noqa: BLE001 - an altered file has any shape, which leads to any error
            return f"it was altered, or cut off: {error}"
    whole = b"".join(pages)
    same = _ALTERED.encode() in first or body_fingerprint(whole) == body
    right = sha256(whole).hexdigest().startswith(place[1])
    return "" if same and right else "its pages are not those that the state says: it was altered"
