"""Schemas before and after this program's: what is tested of migrations."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from state.db import backend, copy, migrate

NEXT = "9998"


def write(folder: Path) -> Path:
    """The program's migrations and one more, in a folder."""
    shutil.copytree(migrate._SCRIPTS, folder)
    (folder / f"{NEXT}_next.sql").write_text("ALTER TABLE windows ADD COLUMN later VARCHAR;\n")
    return folder


def write_until(folder: Path, last: str) -> Path:
    """The program's migrations up to one of them, in a folder."""
    later = {script.name for script in migrate._SCRIPTS.iterdir() if script.name[:4] > last}
    return Path(shutil.copytree(migrate._SCRIPTS, folder, ignore=lambda *_: later))


def use(patch: pytest.MonkeyPatch, scripts: Path) -> None:
    """From now on these are the migrations of this process."""
    patch.setattr(migrate, "_SCRIPTS", scripts)
    for module in (backend, copy):
        patch.setattr(module, "SCHEMA", max(script.name[:4] for script in scripts.iterdir()))


def version(file: Path) -> str:
    """The schema of a state file."""
    with closing(sqlite3.connect(file)) as connection:
        return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])
