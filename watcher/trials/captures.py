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
from sources.reading.engine import steps
from watcher.trials.saved_pages import read_saved_page

BESIDE = (".toml", "expected.json", ".note.md")  # how files end that are no saved pages
_EXPECTED = TypeAdapter(dict[str, list[dict[str, Any]]])


class ReadCaptures(NamedTuple):
    """What a kind read in its captures; `files` is 0 where it has none, `problems` are empty where all is well."""

    kind: str
    files: int
    entries: int
    problems: Sequence[str]


def check_kind(name: str, model: type[Source], folder: Path) -> ReadCaptures:
    """Read a kind against its captures, and compare what it reads with what is expected, if that is written down."""
    own, read, problems = folder / name, list[Get | Entry](), list[str]()
    alone = own.is_dir()
    found = own.glob("[!.]*") if alone else folder.glob(f"{name}.*")
    pages = sorted(file for file in found if file.is_file() and not file.name.endswith(BESIDE))
    file = own / "options.toml" if alone else folder / f"{name}.toml"
    try:
        options = tomllib.loads(file.read_text("utf-8")) if pages and file.exists() else {}
        source = model.model_validate(options) if pages else None
        for item in read_captures(source, pages, alone=alone) if source else ():
            read.append(item)
        if source and sum(isinstance(item, Entry) for item in read) < source.min_entries:
            problems.append("fewer entries than min_entries")
        file = own / "expected.json" if alone else folder / f"{name}.expected.json"
        if pages and file.exists():
            problems += _compare(dump(read), _EXPECTED.validate_json(file.read_bytes()))
    except SourceError as error:
        problems.append(f"{error.code}: {error.message}")
    except (OSError, ValueError) as error:
        problems.append(f"{file.name}: {fault_words(error)}")
    return ReadCaptures(name, len(pages), sum(isinstance(item, Entry) for item in read), problems)


def read_captures(source: Source, pages: Sequence[Path], *, alone: bool) -> Iterator[Get | Entry]:
    """What a source asks and reads, while there are pages to answer it: each `alone`, as the last answer, or all in
    their order. Raises SourceError.
    """
    for some in [[page] for page in pages] if alone else [pages]:
        reading, left, page, file = steps(source), iter(some), None, some[0]
        try:
            while True:
                yield (item := reading.send(page))
                page = None
                if isinstance(item, Get):
                    file = next(left)
                    page = read_saved_page(source, source.requested() if alone else item, file, datetime.now(UTC))
                    page = page if alone else replace(page, get=item)
        except StopIteration:  # all is read, or no page is left
            continue
        except SourceError as error:
            raise SourceError(f"{file.name}: {error.message}", code=error.code) from error


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


def _compare(read: dict[str, list[dict[str, Any]]], expected: dict[str, list[dict[str, Any]]]) -> Iterator[str]:
    """Where what was read is not what is expected."""
    for what, wanted in expected.items():
        pairs = enumerate(zip_longest(read.get(what, []), wanted), 1)
        if number := next((number for number, (one, other) in pairs if one != other), 0):
            yield f"{what}: {len(read.get(what, []))}, expected {len(wanted)}; number {number} differs"
