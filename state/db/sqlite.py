"""The state in a file: everything specific to SQLite."""

import errno
import os
import shutil
import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from functools import lru_cache, partial
from itertools import count, islice
from json import JSONDecodeError
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO, Self, cast

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from state.db.backend import Database
from state.db.files import exclusive, is_foreign, is_read_only, is_there, refuse_planted, sync_folder
from state.db.rows import json_text
from state.errors import StateDamagedError, StateError

_PATIENCE = 10  # seconds to wait for another process's lock
_ROWS = 50  # rows that one statement inserts: more are not faster

_NO_TEXT = "Could not decode to UTF-8"  # what Python says of a damaged text, without a code
_MEANING = {
    sqlite3.SQLITE_BUSY: f"another process has kept it locked for {_PATIENCE} s; try again, or stop that process",
    sqlite3.SQLITE_FULL: "no space is left on its disk; nothing of this was stored; free some and try again",
    sqlite3.SQLITE_CORRUPT: "the file is damaged; restore a backup, or move it away to begin anew",
    sqlite3.SQLITE_NOTADB: "this is not a state file, and it was left as it is; set `state` to another file",
    sqlite3.SQLITE_READONLY: "it cannot be written; give this user the right to write the file and its folder",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened; give this user the right to write the file and its folder",
    sqlite3.SQLITE_IOERR: "its disk cannot be read or written",
}
_READ_ONLY = "its file system is mounted read-only; mount it for writing, or set `state` to another place"


class SQLite(Database):
    """An open state file."""

    def __init__(self, path: Path) -> None:
        self.path, self.name = path, str(path)
        self._opened = path.stat()
        self._engine = self._reader = _engine(path)
        # BEGIN IMMEDIATE takes the write lock at the beginning, so what the transaction reads stays valid.
        self._writer = self._engine.execution_options(begin="BEGIN IMMEDIATE")
        # Threads queue here: SQLite polls for its lock, so that under load some threads would starve.
        self._turn = threading.Lock()

    @classmethod
    def at(cls, url: str) -> Self:
        """The file at a URL, created if necessary. Raises StateError."""
        path = file = path_of(url)
        try:
            # A link in the place of the file or of its journal files is refused as root.
            for suffix in ("", "-wal", "-shm", "-journal"):
                file = path.with_name(f"{path.name}{suffix}")
                refuse_planted(file)
            _create(path)
            return cls(path)
        except OSError as error:
            if error.errno in (errno.ELOOP, errno.EPERM):
                raise StateError(f"{file}: {error.strerror}; see who put it there, and remove it") from error
            raise StateError(f"{path}: {_MEANING[sqlite3.SQLITE_CANTOPEN]} ({error.strerror})") from error

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A read transaction with one consistent view. Raises StateError."""
        self._refuse_another()
        with _explained(self.path), self._reader.connect() as connection:
            yield connection

    @contextmanager
    def writing(self, *parts: str) -> Iterator[Connection]:  # noqa: ARG002 - there is one writer at a time
        """A write transaction, rolled back if it ends with an exception. Raises StateError."""
        with self._turn, _explained(self.path), self._writer.connect() as connection, connection.begin():
            self._refuse_another()
            yield connection

    def _refuse_another(self) -> None:
        """Raise StateError if the file was moved, or another put in its place, whose log the open one would spoil."""
        with suppress(OSError):
            if os.path.samestat(self.path.stat(), self._opened):
                return
        what = "it was moved, removed or replaced while it was in use, and nothing is stored; put it back, or stop the"
        raise StateError(f"{self.path}: {what} program, put the right one there, and start it")

    def insert_rows(
        self, connection: Connection, table: str, same: Mapping[str, Any], columns: Mapping[str, Sequence[Any]]
    ) -> None:
        """Statements of many rows, which bind the values that all have once."""
        own = {name: value for name, value in same.items() if value is not None}
        width = len(columns)
        values = [None] * (width * len(next(iter(columns.values()))))
        for at, column in enumerate(columns.values()):
            values[at::width] = _quickly_bound(column)
        whole = len(values) - len(values) % (_ROWS * width)
        insert = partial(_insert, table, (*own, *columns), len(own))
        if whole:
            many = [(*own.values(), *values[at : at + _ROWS * width]) for at in range(0, whole, _ROWS * width)]
            connection.exec_driver_sql(insert(_ROWS), many)
        if rest := values[whole:]:
            connection.exec_driver_sql(insert(len(rest) // width), (*own.values(), *rest))

    def sending_lock(self, timeout: float) -> AbstractContextManager[bool]:
        """A lock file, released when the process dies."""
        return exclusive(self.path.with_name(f"{self.path.name}.lock"), timeout)

    def problems(self) -> list[str]:
        """The problems that SQLite finds. Reads all of the file."""
        with self.reading() as connection:
            found = [str(line) for line in connection.execute(text("PRAGMA quick_check")).scalars()]
        return [] if found == ["ok"] else found

    def size(self) -> int:
        """The size of the file and its write-ahead log in bytes."""
        files = (self.path, self.path.with_name(f"{self.path.name}-wal"))
        return sum(file.stat().st_size for file in files if file.exists())

    def shrink(self, pages: int) -> bool:
        """Release at most `pages` unused pages; returns whether there are more. Blocks other writers meanwhile."""
        with self.reading() as connection:  # nearly always none: avoids the write lock
            unused = _spare(connection)
        if not unused:
            return False
        with _explained(self.path), closing(self._engine.raw_connection()) as raw:
            # It frees one page per step, and sqlite3 runs a statement to its last step only in scripts.
            raw.cursor().executescript(f"PRAGMA incremental_vacuum({pages:d})")
        with self.reading() as connection:
            return 0 < _spare(connection) < unused

    def backup(self, file: Path) -> None:
        """Copy the database at this moment to a file. Raises StateError."""
        with _explained(file), closing(self._engine.raw_connection()) as connection:
            copy(cast("sqlite3.Connection", connection.driver_connection), file)

    def before_use(self) -> None:
        """Switch to write-ahead logging, so that readers and a writer do not block each other."""
        deadline = time.monotonic() + _PATIENCE
        with _explained(self.path):
            while True:  # SQLite's busy timeout does not apply here
                try:
                    with closing(self._engine.raw_connection()) as connection:
                        connection.cursor().execute("PRAGMA journal_mode = WAL")
                        return
                except sqlite3.OperationalError as error:
                    if _code(error) != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                        raise
                    time.sleep(0.02)


def path_of(url: str) -> Path:
    """The file of a URL. Raises StateError."""
    try:
        parts = make_url(url)
    except ArgumentError:
        parts = URL.create("none")
    file = parts.database
    if parts.get_backend_name() != "sqlite" or not file or file == ":memory:" or parts.query:
        raise StateError('state: it takes a file, such as "sqlite:///state.db"')
    return Path(file).absolute()


def _create(path: Path) -> None:
    """Create an empty file that only its owner may read, unless it exists."""
    if not path.parent.is_dir():
        raise StateError(f"{path}: the folder {path.parent} is missing; create it, or set `state` to another place")
    # The lock is made by the first use, which comes after the first page of the file.
    if is_there(path) and not path.stat().st_size and path.with_name(f"{path.name}.lock").exists():
        what = f"it was emptied: {path.name}.lock beside it is of a state in use, which is lost"
        raise StateError(f"{path}: {what}; restore a backup in its place, or remove the empty file to begin anew")
    # An existing file is never opened here: closing it would release SQLite's locks on it.
    if not is_there(path):
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
            _make_shrinkable(path)
        except FileExistsError:
            pass  # another process created it
        except OSError as error:
            raise StateError(f"{path}: it cannot be created: {error.strerror}") from error


def _make_shrinkable(path: Path) -> None:
    """Let a new file release pages later; this can only be set while it is empty."""
    # SQLite reports the error at the next opening.
    with suppress(sqlite3.Error), closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        connection.execute("PRAGMA journal_mode = WAL")  # writes the first page


def _engine(path: Path) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        connect_args={"timeout": _PATIENCE, "isolation_level": None},  # transactions are begun explicitly
        pool_size=8,
        max_overflow=-1,
        json_serializer=json_text,
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")  # a commit survives a power cut
    connection.execute("PRAGMA journal_size_limit = 16000000")  # bytes of the log that remain after a large commit


def _quickly_bound(column: Sequence[Any]) -> Sequence[Any]:
    """Bytes as what the driver binds at once; for them, and for None, it looks for an adapter."""
    if isinstance(next(iter(column), None), str):
        return column
    return [bytearray(each) if isinstance(each, bytes) else each for each in column]


@lru_cache(maxsize=200)
def _insert(table: str, names: Sequence[str], same: int, rows: int) -> str:
    """The statement that inserts so many rows: its first values, `same` in number, are for all of them."""
    numbers, width = count(same + 1), len(names) - same
    shared = [f"?{number}" for number in range(1, same + 1)]
    each = (", ".join((*shared, *(f"?{number}" for number in islice(numbers, width)))) for _ in range(rows))
    listed = ", ".join(f'"{name}"' for name in names)
    return f"INSERT INTO {table} ({listed}) VALUES ({'), ('.join(each)})"  # noqa: S608 - names of ours


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))


def _spare(connection: Connection) -> int:
    return int(connection.scalar(text("PRAGMA freelist_count")) or 0)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Translate the database's errors to StateErrors, which say what to do."""
    try:
        yield
    except (DBAPIError, sqlite3.Error, JSONDecodeError) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        damaged = isinstance(error, JSONDecodeError) or _NO_TEXT in str(cause)
        code = sqlite3.SQLITE_CORRUPT if damaged else _code(cause)
        meaning = _MEANING.get(code)
        if meaning is None:
            raise
        if code in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN} and is_read_only(path.parent):
            meaning = _READ_ONLY
        kind = StateDamagedError if code == sqlite3.SQLITE_CORRUPT else StateError
        raise kind(f"{path}: {meaning} ({cause})") from error


def _code(error: BaseException | None) -> int:
    """SQLite's primary error code, or 0 for another error."""
    code: int = getattr(error, "sqlite_errorcode", 0)
    return code & 0xFF


def copy(source: sqlite3.Connection, file: Path) -> None:
    """Copy the whole database, at one moment, to `file`, which appears only when it is complete.

    Writers are not blocked, as the database has a write-ahead log. The copy is one file without a log, readable by its
    owner only; an existing file is replaced. Raises StateError, and sqlite3.Error.
    """
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600), "wb") as made:
            if is_foreign(file.parent):
                _fill_foreign(made, source)
            else:
                _fill(part, source)
            made.flush()
            os.fsync(made.fileno())
        part.replace(file)
        sync_folder(file.parent)
    except OSError as error:
        raise StateError(f"{file}: it cannot be written: {error.strerror}") from error
    finally:
        part.unlink(missing_ok=True)


def _fill(part: Path, source: sqlite3.Connection) -> None:
    with closing(sqlite3.connect(part)) as target:
        source.backup(target)  # all pages in one step, else each write of another process restarts it
        target.execute("PRAGMA journal_mode = DELETE")
        found = [line for (line,) in target.execute("PRAGMA quick_check")]
    if found != ["ok"]:
        raise StateError(f"the copy would be damaged: {found[0]}; so is the state, most likely")


def _fill_foreign(target: BinaryIO, source: sqlite3.Connection) -> None:
    """As `_fill`, for root: SQLite opens a file by name, where the folder's owner could put a link meanwhile.

    So the copy is made in a folder of root's (TMPDIR), and its bytes are written to the open file.
    """
    with TemporaryDirectory(prefix="registry-watch-") as folder:
        made = Path(folder) / "copy.db"
        made.touch(0o600)
        _fill(made, source)
        with made.open("rb") as copied:
            shutil.copyfileobj(copied, target, 1 << 20)
