"""The kinds of sanctions lists on saved lists: each is a baseline, then comes again as it may the next day, made of the
saved bytes. What a person would name of the differences is written beside each, and nothing else may be told.

`python -m pytest tests/sources/test_sanctions_captures.py -s` prints a table: list, version, changes wanted and seen.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest

from tests.captures import CAPTURES, needed
from tests.sources.test_xlsx_kind import DATE, cell, workbook

pytestmark = needed

Change = tuple[str, str, str]
"""What happened, the title, and the fields that changed."""


class Version(NamedTuple):
    """A later version of a list: what was done to it, what a person would name, and the bytes."""

    what: str
    wanted: set[Change]
    body: Callable[[bytes], bytes]


def replaced(*pairs: tuple[str, str], encoding: str = "utf-8") -> Callable[[bytes], bytes]:
    """The list with texts replaced, each of which it has."""

    def replace(body: bytes) -> bytes:
        text = body.decode(encoding)
        for old, new in pairs:
            assert old in text, old
            text = text.replace(old, new)
        return text.encode(encoding)

    return replace


def turned(pattern: str, *pairs: tuple[str, str]) -> Callable[[bytes], bytes]:
    """The list with the parts that match a pattern in the opposite order, and texts replaced."""

    def turn(body: bytes) -> bytes:
        text = replaced(*pairs)(body).decode()
        parts = re.findall(pattern, text, re.DOTALL)
        assert len(parts) > 1
        there = iter(reversed(parts))
        return re.sub(pattern, lambda _: next(there), text, flags=re.DOTALL).encode()

    return turn


def rows(edit: Callable[[list[list[str]]], list[list[str]]], above: int, encoding: str) -> Callable[[bytes], bytes]:
    """A CSV with its rows edited; `above` lines and the headings stay."""

    def write(body: bytes) -> bytes:
        text = body.decode(encoding)
        sign = ";" if ";" in text[:200] else ","
        found = list(csv.reader(io.StringIO(text, newline=""), delimiter=sign))
        out = io.StringIO(newline="")
        csv.writer(out, delimiter=sign).writerows([*found[: above + 1], *edit(found[above + 1 :])])
        return out.getvalue().encode(encoding)

    return write


def as_workbook(body: bytes) -> bytes:
    """Australia's rows as in the live file: references and dates are numbers, the flags are texts."""

    def cells(number: int, row: list[str]) -> Iterator[str]:
        for at, value in enumerate(row):
            place = f"{chr(65 + at)}{number}"
            if number > 1 and at == 13:
                yield cell(place, {"2026-04-14": 46126, "2026-02-20": 46073, "2025-06-18": 45826}[value], DATE)
            elif value:
                yield cell(place, int(value) if value.isdecimal() else value.replace("&", "&amp;"))

    table = csv.reader(io.StringIO(body.decode(), newline=""))
    return workbook("".join(f'<row r="{at}">{"".join(cells(at, row))}</row>' for at, row in enumerate(table, 1)))


def in_two_languages(body: bytes) -> bytes:
    """Canada's list of 2020 with the names of elements of 2026."""
    names = {
        "Country": "Country-Pays",
        "LastName": "LastName-NomDeFamille",
        "GivenName": "GivenName-Prenom",
        "Entity": "EntityOrShip-EntiteOuNavire",
        "Aliases": "Aliases-Alias",
        "DateOfBirth": "DateOfBirthOrShipBuildDate-DateDeNaissanceOuDateDeConstructionDuNavire",
        "Title": "TitleOrShipType-TitreOuTypeDeNavire",
        "Schedule": "Schedule-Annexe",
        "Item": "Item-NumeroDarticle",
    }
    return re.sub(r"<(/?)(\w+)>", lambda tag: f"<{tag[1]}{names.get(tag[2], tag[2])}>", body.decode()).encode()


def renumbered(body: bytes) -> bytes:
    """Canada's list with every item one further."""
    return re.sub(rb"<Item>(\d+)</Item>", lambda item: b"<Item>%d</Item>" % (int(item[1]) + 1), body)


EU_NEW = "06/08/2026;77;EU.77.1;E;NWH;;900;Invented Front AG;;;;;;;;\r\n"
UK_NEW = (
    "  <Designation><UniqueID>NWH0001</UniqueID><Names><Name><Name1>John</Name1><Name6>INVENTED</Name6><NameType>Primary"
    " Name</NameType></Name></Names><RegimeName>The Nowhere (Sanctions) Regulations</RegimeName></Designation>\n"
)
CH_NEW = '<modification modification-type="{}" effective-date="2026-08-28"/>\n    <modification modification-type="{}"'
CA_NEW = (
    "<record><Country>Ukraine</Country><LastName>Invented</LastName><GivenName>John</GivenName>"
    "<Schedule>2</Schedule><Item>99</Item></record>\n"
)
OFSI_NEW = ["INVENTED", "John", *[""] * 21, "Individual", "Prime Alias", "Nowhere", "13/04/2018", "13/04/2018", "99001"]


def shuffle(found: list[list[str]]) -> list[list[str]]:
    return sorted(found, key=lambda row: row[::-1])


def ofsi_next(found: list[list[str]]) -> list[list[str]]:
    """A person comes, one goes with all rows, a date of birth becomes exact, an entity has a further name."""
    kept = [row for row in found if row[-1] != "6897"]
    for row in kept:
        row[7] = "12/03/1958" if row[-1] == "9049" and row[7] == "00/00/1958" else row[7]
    alias = next(row for row in kept if row[-1] == "10657" and row[24] == "AKA")
    return [*kept, ["INVENTED MACHINERY", *alias[1:]], OFSI_NEW]


def ca_next(body: bytes) -> bytes:
    """A person comes, one goes, a company has a further name, another moves to another schedule."""
    text = re.sub(
        r"<record>\s*<Country>Iran</Country>\s*<LastName>Zadeh\s.*?</record>", "", body.decode(), flags=re.DOTALL
    )
    text = text.replace("Air Bagan Limited<", "Air Bagan Limited, Air Invented<").replace(
        "</data-set>", CA_NEW + "</data-set>"
    )
    return re.sub(r"(Berger Paint.*?<Schedule>)1<", r"\g<1>2<", text, count=1, flags=re.DOTALL).encode()


LISTS: list[tuple[str, str, list[Version]]] = [
    (
        "eu_sanctions",
        "eu-fsf-current/eu-fsf-2026-excerpt.csv",
        [
            Version("new stamp, rows turned", set(), turned(r"05/08/2026.*?\n|06/08/2026.*?\n", ("05/", "06/"))),
            Version(
                "a company, another year of birth",
                {("added", "Invented Front AG", ""), ("changed", "Saddam Hussein Al-Tikriti", "birth_date")},
                lambda body: replaced((";1937", ";1938"))(body) + EU_NEW.encode(),
            ),
            Version(
                "a further name",
                {("changed", "Saddam Hussein Al-Tikriti", "names")},
                lambda body: replaced((";1937", ";1938"), ("Abu Ali", "Abu Uday"))(body) + EU_NEW.encode(),
            ),
            Version(
                "the company goes",
                {("removed", "Invented Front AG", "")},
                replaced((";1937", ";1938"), ("Abu Ali", "Abu Uday")),
            ),
        ],
    ),
    (
        "uk_sanctions",
        "uk-fcdo-xml/UK-Sanctions-List-excerpt.xml",
        [
            Version(
                "new stamps, names and addresses turned",
                set(),
                lambda body: turned(r"<Address>.*?</Address>")(
                    turned(r"<Name>.*?</Name>", ("02/09/2026", "03/09/2026"), ("04/08/2026", "05/08/2026"))(body)
                ),
            ),
            Version(
                "a person, a further measure",
                {
                    ("added", "John INVENTED", ""),
                    ("changed", "HAJI KHAIRULLAH HAJI SATTAR MONEY EXCHANGE", "sanctions imposed"),
                },
                replaced(("Asset freeze", "Travel Ban|Asset freeze"), ("</Designations>", UK_NEW + "</Designations>")),
            ),
            Version(
                "the person goes, the measure, too",
                {
                    ("removed", "John INVENTED", ""),
                    ("changed", "HAJI KHAIRULLAH HAJI SATTAR MONEY EXCHANGE", "sanctions imposed"),
                },
                replaced(),
            ),
        ],
    ),
    (
        "uk_sanctions",
        "uk-ofsi-conlist-2018/ConList-2018-04-13-x8r1.csv",
        [
            Version(
                "new stamp, 1050 rows in another order",
                set(),
                lambda body: replaced(("Last Updated,13/04", "Last Updated,14/04"), encoding="cp1252")(
                    rows(shuffle, 1, "cp1252")(body)
                ),
            ),
            Version(
                "a person comes, one goes, a birth date, a name",
                {
                    ("added", "John INVENTED", ""),
                    ("removed", "Abdul Manan AGHA", ""),
                    ("changed", "Fereidoun ABBASI-DAVANI", "birth_date"),
                    ("changed", "3M MIZAN MACHINERY MANUFACTURING", "names"),
                },
                rows(ofsi_next, 1, "cp1252"),
            ),
        ],
    ),
    (
        "ch_sanctions",
        "ch-seco-xml/seco-excerpt-2026-08-27.xml",
        [
            Version("new stamp, targets turned", set(), turned(r"<target .*?</target>", ("08-27", "08-28"))),
            Version(
                "one de-listed, one listed again, a further name",
                {
                    ("removed", "Belagroprombank", ""),
                    ("added", "Dzmitry Aliaksandravich Lukashenka", ""),
                    ("changed", "Hui Chon", "names"),
                },
                replaced(
                    ('<modification modification-type="de-listed"', CH_NEW.format("listed", "de-listed")),
                    (
                        '<modification modification-type="listed" enactment-date="2021-08-11"',
                        CH_NEW.format("de-listed", "listed"),
                    ),
                    ("Hwang Gum San 2", "Hwang Gum San 3"),
                ),
            ),
        ],
    ),
    (
        "ca_sanctions",
        "ca-sema-xml/sema-lmes-2020-04-15-even.xml",
        [
            Version(
                "685 items renumbered, in another order",
                set(),
                lambda body: turned(r"<record>.*?</record>")(renumbered(body)),
            ),
            Version("elements named in two languages", set(), in_two_languages),
            Version(
                "a person comes, one goes, a name, a schedule",
                {
                    ("added", "John Invented", ""),
                    ("removed", "Amir Ali Haji Zadeh", ""),
                    ("changed", "Air Bagan", "names"),
                    ("changed", "Berger Paint Manufacturing Co. Ltd.", "schedule"),
                },
                ca_next,
            ),
        ],
    ),
    (
        "ca_sanctions",
        "ca-sema-xml/sema-lmes-2026-09-excerpt.xml",
        [
            Version("records turned", set(), turned(r"<record>.*?</record>")),
            Version(
                "another date of birth",
                {("changed", "Andrey Igorevich AKIMOV", "birth_date")},
                replaced(("1953-09-22", "1953-09-23")),
            ),
        ],
    ),
    (
        "au_sanctions",
        "au-dfat-rows/dfat-rows-excerpt.csv",
        [
            Version("rows turned", set(), rows(lambda found: found[::-1], 0, "utf-8")),
            Version("as a workbook", set(), as_workbook),
            Version(
                "a further birth year in all three rows, a further name, the vessel goes",
                {
                    ("changed", "MOHAMMAD HASSAN AKHUND", "birth_date"),
                    ("changed", "AL-QAIDA", "names"),
                    ("removed", "ANDAMAN SKIES", ""),
                },
                lambda body: rows(
                    lambda found: [*found[:4], ["155a", "The Base", "Entity", "Alias", *found[3][4:]]], 0, "utf-8"
                )(replaced(("1957, 1958", "1957, 1958, 1959"))(body)),
            ),
        ],
    ),
]


# What came in place of a list, and what is said of it. None of it may be taken for removals.
ERRORS = sorted((CAPTURES / "eu-fsf-errors").glob("*")) if CAPTURES.is_dir() else []
RENAMED = {
    "eu": [("NameAlias_WholeName", "NameAlias_Whole"), ("Entity_Regulation_Programme", "Programme")],
    "uk": [("NameType>", "Kind>"), ("UniqueID>", "Unique>"), ("Name 6", "Name"), ("Alias Type", "Kind")],
    "ch": [("target", "person"), ("program-key", "key"), ("name-part", "part")],
    "ca": [("record>", "item>"), ("Country", "Land")],
    "au": [
        ("Name of Individual or Entity", "Name"),
        ("Reference,", "No,"),
        ("Committees", "Committee"),
        ("Name Type", "Kind"),
    ],
}


def changes(said: dict[str, Any]) -> list[Change]:
    """Each change; one in several fields is several."""
    return [
        (each["change"], each["title"], field)
        for each in said["changes"]
        for field in (each["changed"] if each["change"] == "changed" else [""])
    ]


def names(case: tuple[str, str, Any]) -> str:
    return case[1].partition("/")[0] + "-" + case[1][-8:-4]


@pytest.mark.parametrize("case", LISTS, ids=names)
def test_the_next_version_of_a_list_is_what_a_person_would_name(case: Any, site: Any, once: Any) -> None:
    kind, file, versions = case
    body = (CAPTURES / file).read_bytes()
    source = f'kind = "{kind}"\nurl = "{site.url("/list")}"'
    site.page("/list", body)
    began = once(source)
    table = [f"\n{kind:<13} {file:<48} {began['entries']:>4} entries"]
    assert began["status"] == "baseline"
    for version in versions:
        site.page("/list", version.body(body))
        said = once(source)
        seen, wanted = changes(said), version.wanted
        noise = len(seen) - len(wanted & set(seen))
        table.append(f"  {version.what:<70} {len(wanted):>2} wanted {len(wanted & set(seen)):>2} seen {noise:>2} noise")
        assert (said["status"], sorted(seen)) == ("ok" if wanted else "unchanged", sorted(wanted))
    print("\n".join(table))


@pytest.mark.parametrize("case", LISTS, ids=names)
def test_nothing_in_place_of_a_list_removes_anybody(case: Any, site: Any, once: Any) -> None:
    kind, file, _ = case
    body = (CAPTURES / file).read_bytes()
    source = f'kind = "{kind}"\nurl = "{site.url("/list")}"'
    site.page("/list", body)
    entries = once(source)["entries"]
    faults = {
        "an error body": [path.read_bytes() for path in ERRORS],
        "cut off": [body[: len(body) * share // 100].rstrip() for share in (55, 93)],
        "renamed": [body.replace(old.encode(), new.encode()) for old, new in RENAMED[kind[:2]] if old.encode() in body],
    }
    table = list[str]()
    for what, bodies in faults.items():
        for bad in bodies:
            site.page("/list", bad)
            said = once(source)
            table.append(f"{kind:<13} {what:<14} {said['status']} {said['reason']}: {str(said['message'])[:120]}")
            assert (said["status"], said["entries"], said["changes"]) == ("failing", entries, []), said
    site.page("/list", body)
    assert once(source)["changes"] == []
    print("\n" + "\n".join(table))


def test_a_list_of_which_most_is_gone_is_held(site: Any, once: Any) -> None:
    body = (CAPTURES / "uk-ofsi-conlist-2018/ConList-2018-04-13-x8r1.csv").read_bytes()
    source = f'kind = "uk_sanctions"\nurl = "{site.url("/list")}"'
    site.page("/list", body)
    assert once(source)["entries"] == 263
    site.page("/list", rows(lambda found: found[:600], 1, "cp1252")(body))
    said = once(source)
    assert (said["status"], said["reason"], said["entries"], said["changes"]) == ("suspicious", "mass_loss", 263, [])
