"""A file that is written whole or not at all, in the place of an older one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO


def write_whole(file: Path, content: bytes, mode: int) -> None:
    """Write a file: whoever reads it finds the old one or the new one. Raises OSError."""
    with writing_whole(file, mode) as made:
        made.write(content)


@contextmanager
def writing_whole(file: Path, mode: int) -> Iterator[IO[bytes]]:
    """A file to write to, which takes its place at the end; if there is an error, it is deleted. Raises OSError."""
    with NamedTemporaryFile(dir=file.absolute().parent, prefix=".", delete=False) as made:
        try:
            yield made
            made.flush()
            os.fchmod(made.fileno(), mode)
            Path(made.name).replace(file)
        except BaseException:
            Path(made.name).unlink(missing_ok=True)
            raise
