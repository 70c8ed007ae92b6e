"""The bytes of a file that somebody else wrote, up to a limit."""

from __future__ import annotations

from pathlib import Path

from watcher.errors import UsageError

MOST_BYTES = 20_000_000


def read_bytes(path: Path, most: int = MOST_BYTES) -> bytes:
    """The content of a file. Raises UsageError when it cannot be read or is larger than `most` bytes."""
    try:
        with path.open("rb") as file:
            content = file.read(most + 1)
    except IsADirectoryError:
        raise UsageError(f"{path} is a folder; give a file in it") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None
    if len(content) > most:
        raise UsageError(f"{path} is larger than {most // 1_000_000} MB, the most that is read of such a file")
    return content


def as_text(content: bytes, path: Path) -> str:
    """The content as text: UTF-8, or UTF-16 with its mark. Raises UsageError."""
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 text (byte {error.start}); save it as UTF-8") from None
