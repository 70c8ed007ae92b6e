"""Kinds read against their captures: saved pages of their sites, in a folder, and what was expected of them.

Of a kind, the folder has either a folder of its name, with saved pages, each of which is read alone, as `watch try
--file` does, and with `options.toml` and `expected.json`; or the files KIND.html (or another ending), or KIND.1.html,
KIND.2.html as the answers to its requests in their order, KIND.toml and KIND.expected.json. What is expected are the
`entries`, and the `requests` of the second form; KIND.note.md says where the pages are from.
"""

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from itertools import zip_longest
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import TypeAdapter

from sources import Entry, Get, Source, SourceError
from sources.errors import fault_words
from sources.reading.engine import read_page, steps
from watcher.errors import UsageError
from watcher.terminal.words import count
from watcher.trials.saved_pages import read_saved_page

_EXPECTED = TypeAdapter(dict[str, list[dict[str, Any]]])
_BESIDE = (".toml", "expected.json", ".note.md")


class Captures(NamedTuple):
    """The saved pages of a kind; whether they answer its requests in this order; and the files beside them."""

    pages: Sequence[Path]
    in_order: bool
    options: Path
    expected: Path


class Outcome(NamedTuple):
    """What a kind read in its captures; `files` is 0 where it has none, `problems` are empty where all is well."""

    kind: str
    files: int
    entries: int
    problems: Sequence[str]


def find_captures(name: str, folder: Path) -> Captures:
    """The captures of a kind in a folder, none if it has none."""
    own = folder / name
    found = own.glob("[!.]*") if own.is_dir() else folder.glob(f"{name}.*")
    pages = sorted(file for file in found if file.is_file() and not file.name.endswith(_BESIDE))
    beside = (own / "options.toml", own / "expected.json")
    if not own.is_dir():
        beside = (folder / f"{name}.toml", folder / f"{name}.expected.json")
    return Captures(pages, not own.is_dir(), *beside)


def configure(model: type[Source], captures: Captures) -> Source:
    """A source of a kind with the options of its captures. Raises UsageError."""
    file = captures.options
    try:
        return model.model_validate(tomllib.loads(file.read_text("utf-8")) if file.exists() else {})
    except (OSError, ValueError) as error:
        raise UsageError(f"{file.name}: {fault_words(error)}") from None


def read_captures(source: Source, captures: Captures) -> Iterator[Get | Entry]:
    """What a source asks and reads. Raises SourceError."""
    if captures.in_order:
        yield from _answer(source, captures.pages)
        return
    for file in captures.pages:
        try:
            yield from read_page(source, read_saved_page(source, source.requested(), file, datetime.now(UTC)))
        except SourceError as error:
            raise SourceError(f"{file.name}: {error.message}", code=error.code) from error


def _answer(source: Source, pages: Sequence[Path]) -> Iterator[Get | Entry]:
    """What a source asks and reads, as long as there are pages that answer it."""
    reading, left, page = steps(source), iter(pages), None
    while True:
        try:
            item = reading.send(page)
        except StopIteration:
            return
        yield item
        page = None
        if isinstance(item, Get):
            if (file := next(left, None)) is None:
                return
            page = replace(read_saved_page(source, item, file, datetime.now(UTC)), get=item)


def dump(items: Iterable[Get | Entry]) -> dict[str, list[dict[str, Any]]]:
    """Requests and entries as `expected.json` has them, without what they leave out."""
    dumped: dict[str, list[dict[str, Any]]] = {"requests": [], "entries": []}
    for item in items:
        said = {name: value for name, value in asdict(item).items() if value not in (None, "", {}, 0)}
        if isinstance(item, Get):
            said |= {"method": item.method}
            said.pop("carry", None)
        elif item.published:
            said["published"] = item.published.isoformat()
        dumped["requests" if isinstance(item, Get) else "entries"].append(said)
    return dumped


def check_kind(name: str, model: type[Source], folder: Path) -> Outcome:
    """Read a kind against its captures, and compare what it reads with what is expected, if that is written down."""
    read, problems = list[Get | Entry](), list[str]()
    captures = find_captures(name, folder)
    try:
        source = configure(model, captures) if captures.pages else None
        for item in read_captures(source, captures) if source else ():
            read.append(item)
        problems += _compare(source, captures, read) if source else ()
    except SourceError as error:
        problems.append(f"{error.code}: {error.message}")
    except UsageError as error:
        problems.append(str(error))
    return Outcome(name, len(captures.pages), sum(isinstance(item, Entry) for item in read), problems)


def _compare(source: Source, captures: Captures, read: Sequence[Get | Entry]) -> Iterator[str]:
    """What is wrong with what was read. Raises UsageError."""
    entries = sum(isinstance(item, Entry) for item in read)
    if entries < source.min_entries:
        yield f"{count(entries, 'entry', 'entries')}, fewer than min_entries"
    if captures.in_order and len(read) - entries < len(captures.pages):
        yield f"it asked for {len(read) - entries} of the {len(captures.pages)} pages"
    file = captures.expected
    try:
        expected = _EXPECTED.validate_json(file.read_bytes()) if file.exists() else {}
    except (OSError, ValueError) as error:
        raise UsageError(f"{file.name}: {fault_words(error)}") from None
    for what, items in dump(read).items() if expected else ():
        if what in expected and items != expected[what]:
            pairs = enumerate(zip_longest(items, expected[what]), 1)
            first = next(number for number, (seen, wanted) in pairs if seen != wanted)
            yield f"{what}: {len(items)}, expected {len(expected[what])}; number {first} differs"
