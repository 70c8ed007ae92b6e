"""Entries of published lists, read from the captures beside the repository by little readers of their own, so that the
figures of screening-pairs do not move with the kinds.
"""

import csv
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from lxml import etree

from tests.bench.site import ROOT

CAPTURES = ROOT.parent / "shared" / "captures"


class Listed(NamedTuple):
    """An entry: its list and key there, whether it is a person, its names, main one first, and facts as texts.

    `refs` are what other lists call it by.
    """

    source: str
    key: str
    person: bool
    names: tuple[str, ...]
    births: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    refs: tuple[str, ...] = ()


def lists() -> list[Listed]:
    """All entries of all lists that are there."""
    readers: tuple[tuple[str, Callable[[Path], Iterator[Listed]]], ...] = (
        ("us-ofac-sdn/sdn-2019-01-15.csv", _sdn),
        ("us-ofac-consolidated-xml/consolidated-2021-05-22-full.xml", _ofac),
        ("un-consolidated/UN_consolidated-2026-02.xml", _un),
        ("uk-ofsi-conlist-2018/ConList-2018-04-13-x8r1.csv", _uk),
        ("eu-fsf-csv-2018/EUSanctionsShort-a.csv", _eu),
        ("ca-sema-xml/sema-lmes-2020-04-15-even.xml", _sema),
        ("opensanctions-exports/1183dae-entities.ftm.json", _ftm),
        ("opensanctions-exports/d092749-entities.ftm.json", _ftm),
    )
    return [each for path, read in readers if (CAPTURES / path).exists() for each in read(CAPTURES / path)]


def _unique(texts: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(" ".join(text.split()) for text in texts if text and text.strip(" -0")))


def _turned(name: str, *, person: bool) -> str:
    """A person's name, given name first."""
    last, comma, first = name.partition(", ")
    return f"{first} {last}" if person and comma else name


def _sdn(path: Path) -> Iterator[Listed]:
    others = defaultdict[str, list[str]](list)
    with path.with_name("alt-2019-01-15.csv").open(encoding="latin-1") as file:
        for row in csv.reader(file):
            if len(row) > 3:
                others[row[0]].append(row[3])
    with path.open(encoding="latin-1") as file:
        for row in csv.reader(file):
            if len(row) < 12:
                continue
            person, said = row[2] == "individual", row[11]
            yield Listed(
                "sdn",
                row[0],
                person,
                _unique(_turned(name, person=person) for name in (row[1], *others[row[0]])),
                _unique(re.findall(r"DOB ([^;.]+)", said)),
                _unique(re.findall(r"(?:nationality|citizen) ([^;.]+)", said)),
                _unique(re.findall(r"((?:Passport|National ID No\.|Tax ID No\.|IMO|SSN) [\w-]*\d[\w-]*)", said)),
            )


def _texts(node: etree._Element, path: str) -> list[str]:
    return [found.text for found in node.iterfind(path) if found.text]


def _ofac(path: Path) -> Iterator[Listed]:
    tree = etree.parse(path)
    for each in tree.iter("{*}*"):
        each.tag = etree.QName(each).localname
    for entry in tree.iter("sdnEntry"):
        named = [entry, *entry.iterfind("akaList/aka")]
        names = (" ".join(_texts(each, "firstName") + _texts(each, "lastName")) for each in named)
        numbers = (
            f"{kind} {' '.join(_texts(each, 'idNumber'))}"
            for each in entry.iterfind("idList/id")
            if re.search("Passport|Registration|National|Tax|IMO", kind := each.findtext("idType") or "")
        )
        yield Listed(
            "ofac",
            entry.findtext("uid") or "",
            entry.findtext("sdnType") == "Individual",
            _unique(names),
            _unique(_texts(entry, "dateOfBirthList/dateOfBirthItem/dateOfBirth")),
            _unique(_texts(entry, "nationalityList/nationality/country")),
            _unique(numbers),
        )


def _un(path: Path) -> Iterator[Listed]:
    for entry in etree.parse(path).iter("INDIVIDUAL", "ENTITY"):
        kind = str(entry.tag)
        first = " ".join(
            part for rank in ("FIRST", "SECOND", "THIRD", "FOURTH") for part in _texts(entry, f"{rank}_NAME")
        )
        names = [first, *_texts(entry, f"{kind}_ALIAS/ALIAS_NAME"), *_texts(entry, "NAME_ORIGINAL_SCRIPT")]
        births = (
            "/".join(_texts(each, "FROM_YEAR") + _texts(each, "TO_YEAR"))
            or "".join(_texts(each, "DATE") or _texts(each, "YEAR"))
            for each in entry.iterfind(f"{kind}_DATE_OF_BIRTH")
        )
        numbers = (
            " ".join((_texts(each, "TYPE_OF_DOCUMENT") or ["ID"]) + _texts(each, "NUMBER"))
            for each in entry.iterfind(f"{kind}_DOCUMENT")
            if _texts(each, "NUMBER")
        )
        yield Listed(
            "un",
            entry.findtext("DATAID") or "",
            kind == "INDIVIDUAL",
            _unique(part for name in names for part in re.split(r"\(original script: |\)$", name)),
            _unique(births),
            _unique(_texts(entry, "NATIONALITY/VALUE")),
            _unique(numbers),
            _unique([entry.findtext("REFERENCE_NUMBER")]),
        )


def _uk(path: Path) -> Iterator[Listed]:
    groups = defaultdict[str, list[dict[str, str]]](list)
    with path.open(encoding="cp1252") as file:
        next(file)
        for row in csv.DictReader(file):
            groups[row["Group ID"]].append(row)
    for key, rows in groups.items():
        ranks = ("Name 1", "Name 2", "Name 3", "Name 4", "Name 5", "Name 6")
        births = (day.removeprefix("00/00/").replace("00/", "01/") for row in rows for day in row["DOB"].split(";"))
        yield Listed(
            "uk",
            key,
            rows[0]["Group Type"] == "Individual",
            _unique(" ".join(filter(None, map(row.__getitem__, ranks))) for row in rows),
            _unique(_iso(birth) for birth in births),
            _unique(row["Nationality"].lstrip("(1) ") for row in rows if "(2)" not in row["Nationality"]),
            _unique(
                f"Passport {number}"
                for row in rows
                for number in re.findall(r"\b\w*\d{5,}\w*", row["Passport Details"])
            ),
            _unique(re.findall(r"\b[A-Z]{2}[ei]\.\d{3}", " ".join(row["Other Information"] for row in rows))),
        )


def _iso(day: str) -> str:
    return "-".join(reversed(day.strip().split("/")))


def _eu(path: Path) -> Iterator[Listed]:
    lines = [line.strip().strip('"').split(";") for line in path.read_text(encoding="latin-1").splitlines()]
    columns = {name: at for at, name in reversed(list(enumerate(lines[0])))}
    groups = defaultdict[str, list[list[str]]](list)
    for cells in lines[1:]:
        if len(cells) >= len(columns):
            groups[cells[columns["Entity_logical_id"]]].append(cells)
    for key, rows in groups.items():
        column = {name: _unique(row[at] for row in rows) for name, at in columns.items()}
        if column["Naal_wholename"]:
            yield Listed(
                "eu",
                key,
                column["Subject_type"] == ("P",),
                column["Naal_wholename"],
                tuple(day for day in column["Birt_date"] if day != "N/A"),
                column["Citi_country"],
                column["Iden_number"],
            )


def _sema(path: Path) -> Iterator[Listed]:
    for at, entry in enumerate(etree.parse(path).iter("record")):
        main = " ".join(_texts(entry, "GivenName") + _texts(entry, "LastName"))
        names = [main or entry.findtext("Entity") or "", *(entry.findtext("Aliases") or "").split(", ")]
        yield Listed("sema", str(at), bool(main), _unique(names), _unique(_texts(entry, "DateOfBirth")))


def _ftm(path: Path) -> Iterator[Listed]:
    for line in path.read_text(encoding="utf-8").splitlines():
        entity = json.loads(line)
        said = entity["properties"]
        if entity["schema"] in {"Person", "Company", "Organization", "LegalEntity", "Vessel"} and "name" in said:
            names = [*said["name"], *said.get("alias", [])]
            countries = said.get("nationality", said.get("country", []))
            yield Listed(
                "opensanctions",
                entity["id"],
                entity["schema"] == "Person",
                _unique(names),
                _unique(said.get("birthDate", [])),
                _unique(countries),
            )
