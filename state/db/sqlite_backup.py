"""An online backup of the state file, by SQLite's backup API."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from state.db.ownership import is_foreign, sync_folder
from state.errors import StateError


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
