"""Which format a file has, and its jobs."""

from __future__ import annotations

from pathlib import Path

from watcher.errors import UsageError
from watcher.importing.job import Found
from watcher.importing.lists import changedetection, opml, url_list, urlwatch
from watcher.importing.lists.small_file import as_text, read_bytes


def jobs_in(path: Path) -> Found:
    """The jobs of a file, in the format that its content shows. Raises UsageError."""
    if _first_bytes(path).startswith(b"PK"):
        return changedetection.in_archive(path)
    content = read_bytes(path)
    begin = content[:200].lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")
    if begin.startswith(b"<"):
        return opml.find(content)
    text = as_text(content, path)
    if begin.startswith(b"{") and (found := changedetection.in_json(text)):
        return found
    if path.suffix.lower() in {".yaml", ".yml"}:
        return urlwatch.find(text)
    if path.suffix.lower() in {".csv", ".tsv", ".txt", ".list"}:
        return url_list.find(text, plain=path.suffix.lower() not in {".csv", ".tsv"})
    return _guessed(text)


def _first_bytes(path: Path) -> bytes:
    """The first two bytes. Raises UsageError."""
    try:
        with path.open("rb") as file:
            return file.read(2)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None


def _guessed(text: str) -> Found:
    """A text whose name does not say what it is: a list of jobs, else of addresses."""
    try:
        return urlwatch.find(text)
    except UsageError:
        return url_list.find(text, plain=False)
