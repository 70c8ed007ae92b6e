"""Where imported tables are written: at the end of the configuration, or in a file that it includes."""

from __future__ import annotations

import os
from fnmatch import fnmatchcase
from pathlib import Path

from watcher.config.files import read, shown
from watcher.errors import UsageError
from watcher.propose.block import append, appended, check_appended
from watcher.terminal.new_file import write_whole

_NEW_MODE = 0o640


def check_place(main: Path, into: Path | None) -> None:
    """Raise UsageError unless the configuration includes the file that the tables are to be written into."""
    if into is None:
        return
    patterns = read(main).root.get("include", [])
    given = [pattern for pattern in patterns if isinstance(pattern, str)] if isinstance(patterns, list) else []
    inside = os.path.relpath(into.absolute(), main.parent)
    if not any(fnmatchcase(inside, pattern) or fnmatchcase(str(into.absolute()), pattern) for pattern in given):
        raise UsageError(
            f"{shown(main)} does not include {into}: write include = {[inside]} at its top"
            if not given
            else f"{shown(main)} does not include {into}: add it to include, which has {', '.join(given)}"
        )


def write(main: Path, into: Path | None, text: str) -> None:
    """Write tables after checking that the whole configuration is valid with them; else nothing is written.

    Raises ConfigError, and UsageError when the file cannot be written.
    """
    if into is None:
        append(main, text)
        return
    check_appended(main, text)
    try:
        into.parent.mkdir(parents=True, exist_ok=True)
        mode = into.stat().st_mode & 0o7777 if into.exists() else _NEW_MODE
        write_whole(into, appended(into.read_bytes() if into.exists() else b"", text), mode)
    except OSError as error:
        raise UsageError(f"{into} cannot be written: {error.strerror}") from None
