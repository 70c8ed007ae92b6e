"""What the proposals for files of rows share: which row has the headings, and the options for key and title."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sources.formats.delimited import unique_names
from sources.formats.tables import Table
from watcher.propose.keys import Key, choose_key, naming, one_or_list
from watcher.propose.page.html import headings_are_data


class Rows(NamedTuple):
    """A file's columns by name. `headed` says whether the names are from its first row, or generated."""

    columns: dict[str, list[str]]
    headed: bool


def named(rows: Sequence[Sequence[str]]) -> Rows:
    """Rows of the same length, with column names from the first row, unless that is a record like the others."""
    head, body = rows[0], rows[1:] or rows
    headed = all(head[:-1]) and not headings_are_data(Table([(name,) if name else () for name in head], body))
    names = unique_names(list(head)) if headed else [f"column {at}" for at in range(1, len(head) + 1)]
    return Rows({name: [row[at] for row in (body if headed else rows)] for at, name in enumerate(names)}, headed)


def key_and_title(columns: dict[str, list[str]]) -> tuple[Key, dict[str, Any]] | None:
    """The key, and the options `key` and `title`; None if all columns are empty."""
    key = choose_key(columns)
    if not key:
        return None
    title = naming(columns)
    return key, {"key": one_or_list(key.names)} | ({"title": title} if title and (title,) != key.names else {})
