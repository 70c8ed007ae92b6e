"""Files that commands make: each is written whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from watcher.errors import UsageError


def check_place(file: Path, example: str = "") -> None:
    """Check that a file can be there. Raises UsageError, which names an `example`, if there is one, for a folder."""
    if file.is_dir():
        such_as = f", such as {file / example}" if example else ""
        raise UsageError(f"{file}: is a folder; name the file in it{such_as}")
    if not file.absolute().parent.is_dir():
        raise UsageError(f"{file}: the folder {file.parent} is missing")


def check_free(file: Path, *, force: bool) -> None:
    """Check that a file can be made there; an older one is replaced only with `force`. Raises UsageError."""
    check_place(file)
    if file.exists() and not force:
        raise UsageError(f"{file}: already there, and left as it is; --force writes over it")


@contextmanager
def new_file(file: Path, *, force: bool) -> Iterator[IO[bytes]]:
    """A new file to write to, which is there as soon as it is complete. Raises UsageError."""
    check_free(file, force=force)
    try:
        with _writing_whole(file, 0o640) as made:  # what is watched is confidential
            yield made
    except OSError as error:
        raise UsageError(f"{file}: cannot be written: {error.strerror or error}") from None


def write_whole(file: Path, content: bytes, mode: int) -> None:
    """Write a file: whoever reads it finds the old one or the new one. Raises OSError."""
    with _writing_whole(file, mode) as made:
        made.write(content)


@contextmanager
def _writing_whole(file: Path, mode: int) -> Iterator[IO[bytes]]:
    """A file to write to, which takes its place at the end, with the owner of an older one; if there is an error, it is
    deleted. Raises OSError.
    """
    with NamedTemporaryFile(dir=file.absolute().parent, prefix=".", delete=False) as made:
        try:
            yield made
            made.flush()
            os.fsync(made.fileno())
            with suppress(FileNotFoundError, PermissionError):  # only root gives files away
                os.chown(made.fileno(), file.stat().st_uid, file.stat().st_gid)
            os.fchmod(made.fileno(), mode)
            Path(made.name).replace(file)
        except BaseException:
            Path(made.name).unlink(missing_ok=True)
            raise
