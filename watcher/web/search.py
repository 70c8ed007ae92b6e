"""The search over the entries of all sources: an FTS5 table of SQLite in a file of its own, what a person types as a
query, and the thread that compares the index with the state, source by source, and writes what differs.

The state stays as it is: checks write nothing more, and a state on a PostgreSQL server is searched in the same way. The
file is a cache, below the cache folder or in a folder that ends with the process: it is built again when it is damaged.
A source whose stamp moved is compared by the fingerprints of its entries, in the order of their rows and in short
transactions. So what no event tells of is found, too: a first snapshot, a silent re-reading, an entry that scrolled
off. A large source that changes all the time is compared so seldom that it takes a twentieth of the time.

https://www.sqlite.org/fts5.html. The table keeps no text where SQLite can delete from such a table (from 3.43 on).
"""

import logging
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from copy import copy
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple, Self

from fastapi import HTTPException

from alerts.language import mark, phrase
from sources import Entry
from sources.text import clean, fold_case
from state.db.files import refuse_planted
from state.errors import StateError
from state.model import Standing
from state.storage.browsing import EntryFingerprint, EntryPage, SourceStamp
from state.store import Store
from watcher.delivery.following import LONGEST, phrases, wanted_words
from watcher.errors import LASTING

_log = logging.getLogger(__name__)

VERSION = 2  # of what is stored; a file with another one is built again
LONGEST_SEARCH = 2.0  # seconds
_SLOW = mark("the search took too long: use more letters, or a source")
_STEPS = 10_000  # of SQLite's machine between two looks at the clock
_PATIENCE = 10  # seconds to wait for another process that writes
_SLIM = ", content='', contentless_delete=1" if sqlite3.sqlite_version_info >= (3, 43) else ""
_SCHEMA = f"""
CREATE TABLE IF NOT EXISTS sources (id INTEGER PRIMARY KEY, stamp TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS entries (id INTEGER PRIMARY KEY, source INTEGER NOT NULL, mark BLOB NOT NULL, standing TEXT);
CREATE INDEX IF NOT EXISTS entries_by_source ON entries (source, id);
CREATE VIRTUAL TABLE IF NOT EXISTS texts
  USING fts5(scope, words, tokenize='unicode61 remove_diacritics 2'{_SLIM});
PRAGMA user_version = {VERSION};
"""
_KNOWN = "SELECT mark, id, standing FROM entries WHERE source = ? AND id > ? AND id <= ? ORDER BY id LIMIT ?"
_BELOW = "SELECT rowid FROM texts WHERE texts MATCH ? AND rowid < ?{among} ORDER BY rowid DESC LIMIT ?"
_ABOVE = "SELECT rowid FROM texts WHERE texts MATCH ? AND rowid > ?{among} ORDER BY rowid LIMIT ?"
_AMONG = " AND EXISTS (SELECT 1 FROM entries WHERE id = texts.rowid AND {})"  # one look for each that matches
_ALL = (1 << 63) - 1  # above all numbers of entries

PRESENT = "here"

PAUSE = 2.0  # seconds between two looks at the stamps
SHARE = 20  # a source that took a second is compared again after so many seconds
BLOCK = 500  # entries that are compared, and written, together
MOST_KNOWN = 5000  # of the index, beside a block: there are more where most of a source was replaced
AFTER_A_FAULT = 60.0  # seconds


def is_damaged(error: Exception) -> bool:
    """Whether an error says that the file has to be built again: not that it is busy, or the disk full or closed."""
    return isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError)


@contextmanager
def index_file(state: str, folder: Path | None = None) -> Iterator[Path]:
    """The file for the index of the state with this name (without a password). Only its owner may read it.

    It is in `folder`, or in the cache folder.
    """
    name = f"search-{sha256(state.encode()).hexdigest()[:16]}.db"
    try:
        if folder is None:  # the one for files that can be made again: systemd's CacheDirectory=, else that of XDG
            cache, given = os.environ.get("XDG_CACHE_HOME", ""), os.environ.get("CACHE_DIRECTORY", "").partition(":")[0]
            own = Path(cache) if Path(cache).is_absolute() else Path.home() / ".cache"
            place = Path(given) if given else own / "registry-watch"
        else:
            place = folder
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = place / name
        refuse_planted(file)
        file.touch(mode=0o600)
    except (OSError, RuntimeError) as error:  # RuntimeError: there is no home
        _log.warning("no search index can be kept, so it is built at each start: %s", error)
        with TemporaryDirectory(prefix="registry-watch-") as scratch:
            yield Path(scratch) / name
    else:
        yield file


class Document(NamedTuple):
    """An entry as it is indexed: its number, and its words in the two columns."""

    fingerprint: EntryFingerprint
    scope: str
    words: str


class EntryIndex:
    """The index in a file. Its follower, in one thread, has a connection that stays open; each search opens its own.

    Every method may raise sqlite3.Error.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._kept: sqlite3.Connection | None = None

    def prepare(self) -> bool:
        """Create the tables, if necessary; returns whether it did. What is damaged, or of another version, is emptied
        first.
        """
        try:
            with self._open() as connection:
                version = connection.execute("PRAGMA user_version").fetchone()[0]
        except sqlite3.DatabaseError as error:
            if not is_damaged(error):
                raise
            version = -1
        if version == VERSION:
            return False
        self.close()  # the file may be another one than it was
        if version:
            self.clear()
        with self._open() as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(_SCHEMA)
        return True

    def clear(self) -> None:
        """Remove the file's content: the index is then built again."""
        self.close()
        for suffix in ("-wal", "-shm", "-journal"):
            self._file.with_name(self._file.name + suffix).unlink(missing_ok=True)
        self._file.write_bytes(b"")

    def _open(self) -> closing[sqlite3.Connection]:
        return closing(sqlite3.connect(self._file, timeout=_PATIENCE, isolation_level=None))

    def close(self) -> None:
        """Close the follower's connection."""
        if self._kept is not None:
            self._kept.close()
            self._kept = None

    def _following(self) -> sqlite3.Connection:
        if self._kept is None:
            self._kept = sqlite3.connect(self._file, timeout=_PATIENCE, isolation_level=None, check_same_thread=False)
            self._kept.execute("PRAGMA synchronous = NORMAL")
        return self._kept

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._following() as connection:  # commits at the end, or rolls back
            connection.execute("BEGIN IMMEDIATE")
            yield connection

    def count(self, part: str = "") -> int:
        """The number of entries in it, or in a part of it, which is a condition in SQL."""
        with self._open() as connection:
            counted = f"SELECT count(*) FROM entries WHERE {part or 1}"  # noqa: S608 - a condition of ours
            return int(connection.execute(counted).fetchone()[0])

    def stamps(self) -> dict[int, str]:
        """The stamp of each source when it was last compared to its end."""
        return dict(self._following().execute("SELECT id, stamp FROM sources").fetchall())

    def settle(self, source: int, stamp: str) -> None:
        """Keep the stamp of a source that was compared to its end."""
        with self._writing() as connection:
            connection.execute("INSERT OR REPLACE INTO sources VALUES (?, ?)", (source, stamp))

    def find_known(self, source: int, after: int, last: int, limit: int) -> list[EntryFingerprint]:
        """What is in it of a source, in order, with numbers above `after`, and up to `last`."""
        found = self._following().execute(_KNOWN, (source, after, last, limit))
        return list(map(EntryFingerprint._make, found))

    def forget(self, source: int) -> None:
        """Drop the stamp of a source that is gone; its entries are removed by `write`."""
        with self._writing() as connection:
            connection.execute("DELETE FROM sources WHERE id = ?", (source,))

    def write(self, source: int, gone: Iterable[EntryFingerprint], new: Sequence[Document]) -> None:
        """Remove and add, in one transaction. An entry that changed has both: its number stays."""
        gone_ids = [(each.id,) for each in gone]
        new_ids = [(each.fingerprint.id,) for each in new]
        with self._writing() as connection:
            for ids in (gone_ids, new_ids):
                connection.executemany("DELETE FROM texts WHERE rowid = ?", ids)
                connection.executemany("DELETE FROM entries WHERE id = ?", ids)
            connection.executemany(
                "INSERT INTO entries (id, source, mark, standing) VALUES (?, ?, ?, ?)",
                [(each.fingerprint.id, source, each.fingerprint.mark, each.fingerprint.standing) for each in new],
            )
            connection.executemany(
                "INSERT INTO texts (rowid, scope, words) VALUES (?, ?, ?)",
                [(each.fingerprint.id, each.scope, each.words) for each in new],
            )

    def search(
        self, query: str, *, below: int | None = None, above: int | None = None, limit: int = 50, part: str = ""
    ) -> list[int]:
        """The numbers of the entries (of a part) that match an FTS5 query: the highest first, or those above a number,
        the lowest first. Raises HTTPException (503) where it takes too long.
        """
        end = _ALL if below is None else below
        statement, place = (_BELOW, end) if above is None else (_ABOVE, above)
        statement = statement.format(among=_AMONG.format(part) if part else "")
        deadline = time.monotonic() + LONGEST_SEARCH
        with self._open() as connection:
            connection.set_progress_handler(lambda: time.monotonic() > deadline, _STEPS)
            try:
                found = connection.execute(statement, (query, place, limit)).fetchall()
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
                    raise HTTPException(503, phrase(_SLOW), {"Retry-After": "5"}) from error
                raise
        return [number for (number,) in found]


def words_of(entry: Entry) -> str:
    """The text of an entry that is searched: its title, key, address, field values, and text."""
    parts = [entry.title, entry.key if entry.key != entry.title else "", entry.url or ""]
    size = sum(map(len, parts))
    for value in (*entry.fields.values(), entry.text):
        if size > LONGEST:
            break
        parts.append(value[:LONGEST])
        size += len(value)
    return fold_case(" ".join(filter(None, parts))[:LONGEST])


def query_of(text: str, *, source: int | None = None, present: bool = False) -> str | None:
    """The FTS5 query for entries that have every word of a text, each as a word or as the beginning of one.

    `source` limits it to one source, `present` to entries that are still there. None if there is nothing to look for.
    """
    quoted = [('"' + word.replace('"', '""') + '"', begins) for word, begins in wanted_words(text)]
    terms = [f"{word}*" if begins else word for word, begins in quoted]
    if not terms and clean(text).strip():
        return None
    scopes = [scope_of(source)] if source is not None else []
    scopes += [PRESENT] if present else []
    parts = [f'scope : "{scope}"' for scope in scopes] + [f"words : {term}" for term in terms]
    return " AND ".join(parts) or None


def scope_of(source: int) -> str:
    """The word that stands for a source in the index."""
    return f"s{source}"


class SearchStatus(NamedTuple):
    """Whether the index has all entries, how many it has, and why it cannot be used ("" if it can)."""

    ready: bool
    entries: int
    trouble: str = ""


class Follower:
    """Keeps an index up to date with a state, in a thread of its own from `start` to `stop`."""

    def __init__(self, store: Store, index: EntryIndex) -> None:
        self._store, self._index = store, index
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="search-index", daemon=True)
        self._again: dict[int, float] = {}  # when a source may be compared again, by the monotonic clock
        self.is_ready = False  # whether the index has all entries
        self._trouble = ""
        self._part: Callable[[], str] = str  # the condition for what is searched; "": all

    def start(self) -> None:
        """Begin to follow."""
        self._thread.start()

    def stop(self) -> None:
        """End within a block's time."""
        self._stopped.set()
        self._thread.join(timeout=10)
        if not self._thread.is_alive():
            self._index.close()

    def status(self) -> SearchStatus:
        """The index as it is now."""
        try:
            return SearchStatus(self.is_ready, self._index.count(self._part()), self._trouble)
        except sqlite3.Error as error:
            return SearchStatus(ready=False, entries=0, trouble=self._trouble or str(error))

    def limited(self, store: Store, *, by_entry: bool) -> Self:
        """The search for somebody who may see what `store` has: all entries of its sources, or, `by_entry`, some."""

        def part() -> str:
            numbers = store.entries.numbers() if by_entry else [each.id for each in store.entries.stamps()]
            return f"{'id' if by_entry else 'source'} IN ({', '.join(map(str, numbers))})"

        made = copy(self)
        made._store, made._part = store, part  # noqa: SLF001 - it is one of this class
        return made

    def find(
        self,
        text: str,
        *,
        source: str = "",
        present: bool = False,
        below: int | None = None,
        above: int | None = None,
        limit: int = 50,
        longest: int | None = None,
    ) -> EntryPage:
        """The entries that have all words of a text, or have a change whose translation has them, in one source ("": in
        all), and only where `present` still there: the newest first, or those above a number in their order.

        Of their texts, the first `longest` characters. Those that have gone from the state since are left out. Raises
        StateError, HTTPException, and sqlite3.Error where the index cannot be used.
        """
        number = self._store.entries.source_number(source) if source else None
        if source and number is None:
            return EntryPage((), None)
        query = query_of(text, source=number, present=present)
        part = self._part()
        numbers = self._index.search(query, below=below, above=above, limit=limit + 1, part=part) if query else []
        if words := phrases(text):
            told = self._store.translations.find_entries(words, number)
            within = (each for each in told if (below is None or each < below) and (above is None or each > above))
            numbers = sorted({*numbers, *within}, reverse=above is None)
        there = self._store.entries.entries(numbers[:limit], longest=longest)
        found = [there[number] for number in numbers[:limit] if number in there]
        if present:
            found = [each for each in found if each.standing is Standing.PRESENT]
        return EntryPage(found, numbers[limit - 1] if len(numbers) > limit else None)

    def catch_up(self) -> None:
        """Compare what differs now. Raises StateError and sqlite3.Error."""
        if self._index.prepare():
            self.is_ready = False
            self._again.clear()
        stamps = {each.id: each for each in self._store.entries.stamps()}
        known = self._index.stamps()
        for source in known.keys() - stamps.keys():
            while gone := self._index.find_known(source, 0, _ALL, BLOCK):
                self._index.write(source, gone, ())
            self._index.forget(source)
        for source, stamp in stamps.items():
            if self._stopped.is_set():
                return
            if known.get(source) != _stamp_text(stamp) and self._again.get(source, 0.0) <= time.monotonic():
                self._compare(stamp)
        self.is_ready = True

    def _run(self) -> None:
        while not self._stopped.is_set():
            pause = PAUSE
            try:
                self.catch_up()
                self._trouble = ""
            except StateError as error:
                _log.info("the search index waits for the state: %s", error, extra=LASTING)
            except (sqlite3.Error, OSError) as error:
                pause = AFTER_A_FAULT
                self._trouble, self.is_ready = str(error), False
                _log.warning("the search index cannot be used: %s", error)
                if is_damaged(error):
                    with suppress(OSError):  # then the next look says why
                        self._index.clear()
            except Exception:  # noqa: BLE001 - an index must not end for one odd entry; the log has the traceback
                pause = AFTER_A_FAULT
                self._trouble = "an unexpected fault: the log of the service says more"
                _log.exception("the search index cannot be kept up to date")
            self._stopped.wait(pause)

    def _compare(self, stamp: SourceStamp) -> None:
        """Compare a source to its end, in blocks in the order of the entries' numbers."""
        began, after = time.monotonic(), 0
        while not self._stopped.is_set():
            block_began = time.monotonic()
            block = self._store.entries.fingerprints(stamp.id, after, BLOCK)
            if not block:
                while gone := self._index.find_known(stamp.id, after, _ALL, BLOCK):
                    self._index.write(stamp.id, gone, ())
                self._index.settle(stamp.id, _stamp_text(stamp))
                break
            known = self._index.find_known(stamp.id, after, block[-1].id, MOST_KNOWN)
            after = block[-1].id if len(known) < MOST_KNOWN else known[-1].id
            self._write(stamp.id, set(known), {each for each in block if each.id <= after})
            self._stopped.wait(time.monotonic() - block_began)  # half of the time is for those who look
        self._again[stamp.id] = time.monotonic() + SHARE * (time.monotonic() - began)

    def _write(self, source: int, known: set[EntryFingerprint], block: set[EntryFingerprint]) -> None:
        new = {each.id: each for each in block - known}
        if not new and known <= block:
            return
        found = self._store.entries.entries(list(new), longest=LONGEST)
        documents = list[Document]()
        for number, seen in found.items():
            present = PRESENT if new[number].standing.partition(" ")[0] == "present" else "gone"
            documents.append(Document(new[number], f"{scope_of(source)} {present}", words_of(seen.entry)))
        self._index.write(source, known - block, documents)


def _stamp_text(stamp: SourceStamp) -> str:
    return f"{stamp.name} {stamp.revision} {stamp.digest.hex()} {stamp.accepted}"
