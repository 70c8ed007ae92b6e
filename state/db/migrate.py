"""Upgrades a state to this program's schema."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection

from state.errors import StateError

_one_at_a_time = threading.Lock()  # alembic's `op` is global: concurrent upgrades of two files would mix
_SCRIPTS = Path(__file__).with_name("migrations")


def upgrade(connection: Connection, version: str | None, name: str) -> None:
    """Run the missing migrations within the connection's transaction. Raises StateError for a newer schema."""
    logging.getLogger("alembic").setLevel(logging.WARNING)
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    if version is not None and not _is_known(config, version):
        newer = f"it was written by a newer version of this program (schema {version})"
        raise StateError(f"{name}: {newer}; upgrade the program, or set `state` to another one")
    with _one_at_a_time:
        command.upgrade(config, "head")


def _is_known(config: Config, version: str) -> bool:
    try:
        return ScriptDirectory.from_config(config).get_revision(version) is not None
    except CommandError:
        return False
