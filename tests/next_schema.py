"""A schema after this program's: what is tested of migrations, as there is none yet besides the first one."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from state.db import backend, copy, migrate

NEXT = "9998"
MIGRATION = f"""
import sqlalchemy as sa
from alembic import op

revision, down_revision = "{NEXT}", "{backend.SCHEMA}"


def upgrade():
    op.add_column("windows", sa.Column("later", sa.String(), nullable=True))
"""


def write(folder: Path) -> Path:
    """The program's migrations and one more, in a folder."""
    shutil.copytree(migrate._SCRIPTS, folder)
    (folder / "versions" / f"{NEXT}_next.py").write_text(MIGRATION)
    return folder


def use(patch: pytest.MonkeyPatch, scripts: Path) -> None:
    """From now on these are the migrations of this process."""
    patch.setattr(migrate, "_SCRIPTS", scripts)
    for module in (backend, copy):
        patch.setattr(module, "SCHEMA", NEXT)


def version(file: Path) -> str:
    """The schema of a state file."""
    with closing(sqlite3.connect(file)) as connection:
        return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])
