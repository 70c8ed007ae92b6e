"""The kind `minjust_registry`."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from pydantic import Field

from sources.errors import NotFound
from sources.formats.delimited import unique_names
from sources.formats.json_paths import check_members, drop_names, list_members, members_of
from sources.formats.workbooks import read_rows
from sources.model import Entry, Get, Imprint, Page, Source
from sources.model.page import Remainder
from sources.options import Duration
from sources.pagination.columns import Names
from sources.pagination.next_page import Tally
from sources.text import fold_name, listing, value_text

_SITE = "https://reestrs.minjust.gov.ru/rest/registry"
_REGISTERS = {
    "foreign_agents": "39b95df9-9a68-6b6d-e1e3-e6388507067e",
    "undesirable": "c2d1692e-a9f6-5a79-13ee-5da5b42980df",
    "ngo": "ac648356-fe24-e11a-ceb0-87718bb81ed4",
}
# The foreign agents' columns after the first two, in order: the fields, and how the headings of the export begin, which
# is of 2025. The interface numbers them from 1, as field_3_s; the members that are no columns are technical.
_AGENTS = {
    "grounds": "Основания для включения",
    "included": "Дата принятия Минюстом России решения о включении",
    "excluded": "Дата принятия Минюстом России решения об исключении",
    "resources": "Доменное имя",
    "type": "Тип иностранного агента",
    "registration number": "Регистрационный номер",
    "tax number": "ИНН",
    "OGRN": "ОГРН",
    "SNILS": "СНИЛС",
    "birth_date": "Дата рождения",
    "participants": "Полное наименование или ФИО участников",
    "address": "Адрес",
    "decision published": "Дата опубликования",
    "account": "Номер специального счета",
    "bank": "Наименование и местонахождение уполномоченного банка",
    "bank code": "Банковский идентификационный код",
    "correspondent account": "Номер корреспондентского счета",
    "account opened": "Дата открытия специального счета",
    "account agreement": "Дата заключения договора банковского",
}
_PERSON_S = "personal tax number"  # by its digits: ten are an organisation's, twelve a person's
_ORGANISATION_S = re.compile(r"\d{10}|")
_COLUMN = re.compile(r"field_(\d+)_\w+")
_AT_ONCE = 500
_MOST_ABOVE = 10  # rows above the headings of an export

_Rows = tuple[Sequence[Mapping[str, Any]], int]
"""Rows with named values, and how many the register has."""


class MinjustRegistry(Source):
    """A register of Russia's Ministry of Justice: foreign agents, undesirable organisations, NGOs; one entry each.

    Where `url` ends in .xlsx or /export, it is the register's export, of which one was saved. No answer of the
    interface was: what is known of it fits that export.
    """

    default_label = "Ministry of Justice of Russia"
    imprint = Imprint("Ministry of Justice, Russia", "RU", ["foreign-agents"], "2025-08-12")
    proven = "captures"
    wanted = "an answer of the interface, /rest/registry/ID/values, of any of the registers"
    documented = "https://minjust.gov.ru/"
    asks = "a Russian address, and the Russian national root certificate (ca_file)"

    registry: str = Field(default="foreign_agents", description="foreign_agents, undesirable, ngo, or a register's id")
    url: str = Field(default="", description="the register's interface; default: .../rest/registry/ID/values")
    every: Duration = timedelta(minutes=30)
    key: str = Field(default="field_1_i", description="the column that tells an entry from others")
    title: str = Field(default="field_2_s", description="the column with the name")
    fields: Names = Field(default=(), description="the fields to compare; default: all but the personal ones")
    personal: tuple[str, ...] = (
        *(_PERSON_S, "SNILS", "birth_date", "address", "account", "bank", "bank code", "correspondent account"),
        *("account opened", "account agreement"),
    )

    def start(self) -> Get:
        """The request for the first rows, or for the export."""
        is_export = urlsplit(self.url).path.lower().endswith((".xlsx", "/export"))
        return Get(self.url) if is_export else self._from(0)

    def parse(self, page: Page) -> Iterator[Entry | Get]:
        """One entry per row, then the request for the next rows, up to the stated total, or to rows that are sent
        again. Without a total, as many as were asked for are followed by the next. Raises NotFound for an answer
        without rows, and for an export without its headings.
        """
        rows, size = self._read(page)
        check_members(page.url, members_of(rows), {"key": self.key, "title": self.title})
        own, seen = (self.key, self.title), dict.fromkeys(name for row in rows for name in row)
        if rows and (unknown := [name for name in self.fields if name not in {*seen, *_AGENTS, _PERSON_S}]):
            raise NotFound(f"{page.url} has no {listing(unknown)} (option fields); it has {listing(seen, most=30)}")
        names = [name for name in self.fields or seen if name not in own]
        tally = Tally()
        yield from tally.of(
            Entry(row.get(self.key), value_text(row.get(self.title)), {name: row.get(name) for name in names})
            for row in rows
        )
        read = int((page.get.json or {}).get("offset", 0)) + len(rows)
        more = read < size if size else len(rows) >= _AT_ONCE
        if rows and more and page.get.method == "POST" and tally.mark != page.carry.get("mark"):
            yield self._from(read, {"mark": tally.mark})

    def remainder(self, page: Page) -> Remainder | None:
        """How many rows the register has, as it says."""
        if page.body.startswith(b"PK"):
            return None
        rows, size = self._read(page)
        return Remainder(entries=size or None, more=not size and len(rows) >= _AT_ONCE)

    def without_personal(self, page: Page) -> bytes:
        """The rows by name, without what is left out of the entries."""
        rows, size = self._read(page)
        drop_names(rows, self.left_out)
        return json.dumps({"size": size, "named": rows}).encode()

    def _from(self, offset: int, carry: Mapping[str, Any] | None = None) -> Get:
        url = self.url or f"{_SITE}/{_REGISTERS.get(self.registry, self.registry)}/values"
        asked = {"offset": offset, "limit": _AT_ONCE, "search": "", "facets": {}, "sort": []}
        return Get(url, method="POST", json=asked, carry=carry or {})

    @property
    def _is_of_agents(self) -> bool:
        return self.registry in ("foreign_agents", _REGISTERS["foreign_agents"])

    def _read(self, page: Page) -> _Rows:
        rows, size = self._read_export(page) if page.body.startswith(b"PK") else self._read_answer(page)
        return [{_field_of(name, value): value for name, value in row.items()} for row in rows], size

    def _read_answer(self, page: Page) -> _Rows:
        document = page.json()
        rows = document.get("named", document.get("values")) if isinstance(document, dict) else None
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise NotFound(f"{page.url} has no list of values; seen: {list_members(document)}")
        said = str(document.get("size"))
        size = int(said) if said.isdecimal() else 0
        return rows if "named" in document else [self._named(row) for row in rows], size

    def _named(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """A row of the interface by the names of its columns. Columns that nobody has named yet may be a person's:
        they are left out, unless `fields` names them.
        """
        names, found = list(_AGENTS), dict[str, Any]()
        for member, value in row.items():
            column = _COLUMN.fullmatch(member)
            number = int(column[1]) - 3 if column else -1
            if member in (self.key, self.title, *self.fields) or (column and not self._is_of_agents):
                found[member] = value
            elif column and 0 <= number < len(names):
                found[names[number]] = value
        return found

    def _read_export(self, page: Page) -> _Rows:
        rows = read_rows(page, None, self.max_bytes)
        above = (row for _, row in zip(range(_MOST_ABOVE), rows, strict=False))
        headings = next((row for row in above if row and row[0].strip().startswith("№")), None)
        if headings is None:
            raise NotFound(f"{page.url} has no row of headings that begins with “№” among its first {_MOST_ABOVE}")
        names = [self.key, self.title, *map(self._name_of, unique_names(headings)[2:])]
        if self._is_of_agents and "included" not in names:
            raise NotFound(f"{page.url} is no export of the foreign agents: its headings are {listing(headings)}")
        found = [{name: value for name, value in zip(names, row, strict=True) if name} for row in rows if any(row)]
        return found, len(found)

    def _name_of(self, heading: str) -> str:
        """The field of a column of the export, "" where it is left out as in `_named`."""
        folded = fold_name(heading)
        if not self._is_of_agents or folded in map(fold_name, self.fields):
            return heading
        return next((name for name, begins in _AGENTS.items() if folded.startswith(begins.casefold())), "")


def _field_of(column: str, value: object) -> str:
    """What a value of a column is: a tax number that is not an organisation's is a person's."""
    return _PERSON_S if column == "tax number" and not _ORGANISATION_S.fullmatch(value_text(value)) else column
