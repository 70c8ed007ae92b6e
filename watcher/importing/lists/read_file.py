"""A file that somebody else wrote: its bytes up to a limit, its text, which format it has, and its jobs."""

from __future__ import annotations

from pathlib import Path

from watcher.errors import UsageError
from watcher.importing.job import Found
from watcher.importing.lists import changedetection, opml, url_list, urlwatch

MOST_BYTES = 20_000_000


def jobs_in(path: Path) -> Found:
    """The jobs of a file, in the format that its content shows. Raises UsageError."""
    if _begin(path, 2) == b"PK":
        return changedetection.in_archive(path)
    content = _content(path)
    begin = content[:200].lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")
    if begin.startswith(b"<"):
        return opml.find(content)
    text = _as_text(content, path)
    if begin.startswith(b"{") and (found := changedetection.in_json(text)):
        return found
    if path.suffix.lower() in {".yaml", ".yml"}:
        return urlwatch.find(text)
    if path.suffix.lower() in {".csv", ".tsv", ".txt", ".list"}:
        return url_list.find(text, plain=path.suffix.lower() not in {".csv", ".tsv"})
    return _guessed(text)


def text_in(path: Path) -> str:
    """The text of a file: UTF-8, or UTF-16 with its mark. Raises UsageError."""
    return _as_text(_content(path), path)


def _content(path: Path) -> bytes:
    content = _begin(path, MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise UsageError(f"{path} is larger than {MOST_BYTES // 1_000_000} MB, the most that is read of such a file")
    return content


def _begin(path: Path, most: int) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(most)
    except IsADirectoryError:
        raise UsageError(f"{path} is a folder; give a file in it") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None


def _as_text(content: bytes, path: Path) -> str:
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 text (byte {error.start}); save it as UTF-8") from None


def _guessed(text: str) -> Found:
    """A text whose name does not say what it is: a list of jobs, else of addresses."""
    try:
        return urlwatch.find(text)
    except UsageError:
        return url_list.find(text, plain=False)
