"""A file that a command makes: it is written whole, and replaces no other one unless that is wanted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from watcher.errors import UsageError
from watcher.tools.whole_file import writing_whole

_MODE = 0o640  # what is watched is confidential


def check_free(file: Path, *, force: bool) -> None:
    """Check that a file can be made there. Raises UsageError."""
    if file.is_dir():
        raise UsageError(f"{file}: is a folder; name the file in it")
    if not file.absolute().parent.is_dir():
        raise UsageError(f"{file}: there is no folder {file.parent}")
    if file.exists() and not force:
        raise UsageError(f"{file}: already there, and left as it is; --force writes over it")


@contextmanager
def new_file(file: Path, *, force: bool) -> Iterator[IO[bytes]]:
    """A new file to write to, which is there as soon as it is complete. Raises UsageError."""
    check_free(file, force=force)
    try:
        with writing_whole(file, _MODE) as made:
            yield made
    except OSError as error:
        raise UsageError(f"{file}: cannot be written: {error.strerror or error}") from None
