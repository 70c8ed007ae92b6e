"""A file that is written whole or not at all, in the place of an older one."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import NamedTemporaryFile


def write_whole(file: Path, content: bytes, mode: int) -> None:
    """Write a file: whoever reads it finds the old one or the new one. Raises OSError."""
    with NamedTemporaryFile(dir=file.absolute().parent, prefix=".", delete=False) as made:
        try:
            made.write(content)
            made.flush()
            os.fchmod(made.fileno(), mode)
            Path(made.name).replace(file)
        except BaseException:
            Path(made.name).unlink(missing_ok=True)
            raise
