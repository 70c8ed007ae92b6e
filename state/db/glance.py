"""A look at what is configured at the desk, before anything else of a state is opened: it creates and changes nothing.

A file is read without SQLAlchemy, which takes longer to load than most commands take.
"""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from state.db.files import is_there, refuse_planted

PAUSE = "pause"
_ROWS = "SELECT id, object, name, document FROM config_revisions WHERE is_current ORDER BY object, name"


class DeskRow(NamedTuple):
    """An object of the desk as it is now: its revision, and its document as JSON, None if it was deleted."""

    revision: int
    object: str
    name: str
    document: str | None


def desk_rows(url: str) -> list[DeskRow]:
    """The objects of the desk in the state at a URL, and pauses; none where there is no state, or one of an earlier
    build. Raises StateError if it cannot be read.
    """
    file = Path(url.removeprefix("sqlite:///"))
    if url.startswith("sqlite:"):
        try:
            return _read_file(file) if is_there(file) and file.stat().st_size else []
        except (OSError, sqlite3.Error):
            pass  # what is wrong is said by whoever opens it
    from state.db.connect import connect  # noqa: PLC0415 - with SQLAlchemy

    with closing(connect(url)) as database:
        version = database.schema()
        if version is None or version < "0019":
            return []
        with database.reading() as connection:
            return [DeskRow(*row) for row in connection.exec_driver_sql(_ROWS)]


def _read_file(file: Path) -> list[DeskRow]:
    for suffix in ("", "-wal", "-shm", "-journal"):
        refuse_planted(file.with_name(f"{file.name}{suffix}"))
    # Not read-only, as SQLite then leaves the files of its log behind; nothing is written all the same.
    with closing(sqlite3.connect(f"file:{quote(str(file))}?mode=rw", uri=True, timeout=10)) as connection:
        try:
            return [DeskRow(*row) for row in connection.execute(_ROWS)]
        except sqlite3.OperationalError:
            if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'config_revisions'").fetchone():
                raise
            return []
