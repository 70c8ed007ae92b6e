"""A CSV file of names as entities: a compliance list, a client list, a list of persons."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from anyascii import anyascii
from pydantic import ValidationError

from alerts.options import Entity
from alerts.recognition import identifiers
from sources.text import clean
from watcher.errors import UsageError
from watcher.importing.job import Imported, unused_name
from watcher.importing.lists import name_cells, rows

_TYPED = ("inn", "ogrn", "lei", "cik", "domain", "imo", "aircraft", "wallet", "law")
_SEPARATOR = re.compile(r"\s*[;|\n]\s*")


@dataclass(slots=True)
class ListedEntity(Imported):
    """A row, with the table of its entity."""

    kind: str = "entity"
    table: dict[str, Any] = field(default_factory=dict)


def find_entities(text: str, taken: set[str]) -> list[ListedEntity]:
    """The entities of a file; no id is one of those `taken`. Raises UsageError when no column has names."""
    lines = rows(text)
    names = name_cells(lines[0], "entities") if lines else []
    if "names" not in names:
        if any(len(line) > 1 for line in lines) or not lines:
            seen = ", ".join(lines[0][:10]) if lines else "nothing"
            raise UsageError(f'no column has names: call one of them "name"; the first row has {seen}')
        names, first, table = ["names"], 1, lines  # a plain list of names
    else:
        first, table = 2, lines[1:]
    ids, found = dict.fromkeys(taken, 1), dict[str, str]()
    result = []
    for number, line in enumerate(table, first):
        # the values of each known column; those of columns with one meaning stand together
        cells: dict[str, list[str]] = {}
        for name, cell in zip(names, line, strict=False):
            values = [clean(value) for value in _SEPARATOR.split(cell) if clean(value)]
            if name and values:
                cells.setdefault(name, []).extend(values)
        row = _row(number, cells)
        result.append(row)
        if row.left:
            continue
        same = found.setdefault("\0".join(sorted(map(str.casefold, row.table["names"]))), row.title)
        if same != row.title:
            row.left = f"it has the names of {same}"
            continue
        plain = re.sub(r"[^a-z0-9]+", "-", anyascii(row.name or row.table["names"][0]).lower())
        row.name = unused_name(plain.strip("-")[:40].strip("-") or "entity", ids)
        ids[row.name] = 1
    return result


def _row(number: int, cells: Mapping[str, list[str]]) -> ListedEntity:
    names = list(dict.fromkeys(cells.get("names", [])))
    row = ListedEntity(
        f"row {number}: {names[0][:80] if names else '(no name)'}", group=", ".join(cells.get("groups", []))
    )
    row.name = next(iter(cells.get("id", [])), "")
    known = _identifiers(cells, row)
    table = {"names": names, "context": cells.get("context", []), "not": cells.get("not", []), "identifiers": known}
    row.table = {name: values for name, values in table.items() if values}
    try:
        Entity.model_validate(row.table)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        row.left = "it has no name" if not names else str(first["msg"]).removeprefix("Value error, ")
    return row


def _identifiers(cells: Mapping[str, list[str]], row: ListedEntity) -> list[str]:
    """The identifiers that are right; those that are not are told."""
    given = list(cells.get("identifiers", []))
    for kind in _TYPED:
        # of an address, the domain alone
        values = [re.sub(r"^https?://(?:www\.)?|/.*$", "", value) for value in cells.get(kind, [])]
        given += [f"{kind.upper() if kind != 'domain' else kind} {value}" for value in values]
    right = []
    for text in given:
        try:
            identifiers.read(text)
        except ValueError as error:
            row.without.append(f"identifier {error}")
        else:
            right.append(text)
    return list(dict.fromkeys(right))
