"""The kind `gleif` by golden copies: of an index, with their deltas; what the state has is what full files give."""

from __future__ import annotations

import csv
import io
import json
import random
import re
import zipfile
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sources.kinds.gleif import Gleif
from sources.options import deadline, largest_page
from sources.reading.engine import read_here
from sources.reading.records import Altered, find_altered_by_deltas
from tests.sources.conftest import HEAD
from tests.sources.test_opensanctions_deltas import known
from watcher import cli

Record = Mapping[str, str]  # its columns that are not empty, without "Entity."
REACH = {"IntraDay": timedelta(hours=8), "LastDay": timedelta(1), "LastWeek": timedelta(7), "LastMonth": timedelta(31)}
ADDRESS = "xmllang FirstAddressLine AddressNumber AdditionalAddressLine.1 AdditionalAddressLine.2 City Region Country"
COLUMNS = [
    "LEI",
    *("Entity.LegalName", "Entity.LegalName.xmllang"),
    *(f"Entity.OtherEntityNames.OtherEntityName.{at}{part}" for at in (1, 2) for part in ("", ".xmllang", ".type")),
    *(f"Entity.{which}Address.{part}" for which in ("Legal", "Headquarters") for part in ADDRESS.split()),
    *("Entity.RegistrationAuthority.RegistrationAuthorityEntityID", "Entity.LegalJurisdiction"),
    *("Entity.LegalForm.EntityLegalFormCode", "Entity.LegalForm.OtherLegalForm", "Entity.EntityStatus"),
    *("Entity.EntityExpirationDate", "Entity.EntityExpirationReason"),
    *(f"Entity.SuccessorEntity.{at}.{part}" for at in (1, 2) for part in ("SuccessorLEI", "SuccessorEntityName")),
    *("Registration.RegistrationStatus", "Registration.NextRenewalDate", "Registration.ManagingLOU"),
]


def lei(number: int) -> str:
    return f"5299MADEUP{number:08}{number % 97:02}"


def legal(name: str, **more: str) -> Record:
    return {"Entity.LegalName": name, "Entity.EntityStatus": "ACTIVE", "Entity.LegalName.xmllang": "en", **more}


def table(records: Mapping[str, Record], *, columns: list[str] = COLUMNS) -> bytes:
    text = io.StringIO()
    rows = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    rows.writerow(columns)
    rows.writerows([lei, *(each.get(name, "") for name in columns[1:])] for lei, each in records.items())
    return text.getvalue().encode()


def packed(content: bytes, name: str = "golden-copy.csv") -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return body.getvalue()


class Register:
    """Golden copies with their history on loopback. `latest` names the deltas of the newest, `plain` does not."""

    def __init__(self, site: Any) -> None:
        self.site, self.now = site, datetime(2026, 10, 3)  # noqa: DTZ001 - as GLEIF says it, in UTC
        self.history: dict[datetime, dict[str, Record]] = {self.now - timedelta(60): {}}

    def publish(
        self, records: Mapping[str, Record], *, after: float = 8, said: int | None = None, delta: bytes | None = None
    ) -> None:
        """Publish a golden copy so many hours after the last one, and its deltas, or `delta` as each of them."""
        self.now += timedelta(hours=after)
        self.history[self.now] = dict(records)

        def file(name: str, some: Mapping[str, Record], content: bytes | None = None) -> dict[str, Any]:
            path = f"/storage/{self.now:%Y/%m/%d}/{self.now:%Y%m%d-%H%M}-gleif-goldencopy-lei2-{name}.csv.zip"
            body = packed(table(some)) if content is None else content
            self.site.page(path, body, type="application/zip")
            told = {"type": "lei2", "format": "csv", "record_count": len(some), "size": len(body)}
            return {"csv": {**told, "size_human_readable": "1 MB", "delta_type": name, "url": self.site.url(path)}}

        full, deltas = file("golden-copy", records), {}
        full["csv"]["record_count"] = len(records) if said is None else said
        for name, reach in REACH.items():
            base = self.history[max(at for at in self.history if at <= self.now - reach)]
            altered = {key: each for key, each in records.items() if each != base.get(key)}
            deltas[name] = file(name, altered, delta)
        index = {"publish_date": f"{self.now}", "type": "lei2", "full_file": full}
        self.site.page("/golden-copies/publishes/plain", {"data": index})
        self.site.page("/golden-copies/publishes/latest", {"data": {**index, "delta_files": deltas}})
        listed = {"publish_date": f"{self.now}", "lei2": {**index, "delta_files": deltas}, "rr": {"full_file": {}}}
        self.site.page("/golden-copies/publishes/all", {"data": [listed, {"publish_date": "2020"}], "meta": {}})

    def asked(self) -> list[str]:
        """What was asked for since the last call: an index by its last name, a file by what it is."""
        names = [path.rpartition("/")[2].rpartition("lei2-")[2].removesuffix(".csv.zip") for path in self.site.paths]
        self.site.requests.clear()
        return names


@pytest.fixture
def register(site: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Register:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("WATCH_CONFIG", raising=False)
    return Register(site)


@pytest.fixture
def check(register: Register, capsys: pytest.CaptureFixture[str]) -> Callable[..., dict[str, Any]]:
    """Checks the source `latest`, or those named, with these options."""

    def run(*names: str, **options: Any) -> dict[str, Any]:
        more = "".join(f"{name} = {json.dumps(value)}\n" for name, value in options.items())
        at = register.site.url("/golden-copies/publishes/")
        texts = [
            f'[sources.{name}]\nkind = "gleif"\nmax_lost = 1000\nmax_new = 1000\nmax_changed = 1000\nurl = "{at}{name}"\n{more}'
            for name in names or ("latest",)
        ]
        Path("watch.toml").write_text(HEAD + "".join(texts), "utf-8")
        register.asked()
        capsys.readouterr()
        cli.main(["--once", "--json"])
        return dict(json.loads(capsys.readouterr().out)["sources"][0])

    return run


def changes(said: Mapping[str, Any]) -> set[tuple[str, str]]:
    return {(each["change"], each["title"]) for each in said["changes"]}


FIRST = {lei(number): legal(f"Company {number}") for number in range(6)}


def altered(**names: str) -> dict[str, Record]:
    return {**FIRST, **{lei(int(number[1:])): legal(name) for number, name in names.items()}}


def test_an_unchanged_golden_copy_costs_one_request(register: Register, check: Any) -> None:
    register.publish(FIRST)
    assert check()["entries"] == 6
    assert register.asked() == ["latest", "golden-copy"]
    assert check()["status"] == "unchanged"
    assert register.asked() == ["latest"]


def test_the_next_golden_copy_comes_as_the_smallest_delta_and_an_unknown_lei_is_new(
    register: Register, check: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = list[Altered | None]()

    def spy(*given: Any) -> Altered | None:
        read.append(find_altered_by_deltas(*given))
        return read[-1]

    monkeypatch.setattr("sources.reading.records.find_altered_by_deltas", spy)
    register.publish(FIRST)
    check()
    register.publish(altered(c2="Company Two", c9="Newcomer"))
    assert changes(check()) == {("changed", "Company Two"), ("added", "Newcomer")}
    assert register.asked() == ["latest", "IntraDay"]
    assert [[key for block in each.came for key in block.keys] for each in read if each] == [[lei(2), lei(9)]]
    register.publish(altered(c2="Company Two", c9="Newcomer", c3="Company Three"))
    assert changes(check()) == {("changed", "Company Three")}
    assert register.asked() == ["latest", "IntraDay"]
    assert check()["status"] == "unchanged"


@pytest.mark.parametrize(
    ("hours", "asked"),
    [(8, "LastDay"), (24, "LastWeek"), (24 * 7, "LastMonth"), (24 * 31, "golden-copy")],
)
def test_a_version_that_was_missed_comes_as_the_delta_that_reaches_back_to_what_is_known(
    register: Register, check: Any, hours: int, asked: str
) -> None:
    register.publish(FIRST)
    check()
    register.publish(altered(c1="Once"), after=8)
    register.publish(altered(c1="Twice"), after=hours)
    assert changes(check()) == {("changed", "Twice")}
    assert register.asked() == ["latest", asked]


def test_a_listing_of_all_golden_copies_is_an_index_too(register: Register, check: Any) -> None:
    register.publish(FIRST)
    assert check("all")["entries"] == 6
    register.publish(altered(c1="Once"))
    assert changes(check("all")) == {("changed", "Once")}
    assert register.asked() == ["all", "IntraDay"]


@pytest.mark.parametrize(
    "fault",
    [
        {"said": 7},
        {"delta": packed(table({}))},
        {"delta": packed(table({lei(number): legal("Once") for number in (1, 7, 8)}))},
        {"delta": packed(table({lei(1): legal("Once")}))[:-30]},
        {"delta": packed(b"<html>an outage</html>")},
        {"delta": packed(table({}, columns=["LEI", "Name"]))},
        {"delta": b"<html>an outage</html>"},
    ],
    ids=["number", "lacks one", "has more", "cut", "other text", "other columns", "page"],
)
def test_a_delta_that_does_not_fit_is_no_news_and_the_file_is_read(register: Register, check: Any, fault: Any) -> None:
    register.publish(FIRST)
    check()
    now = altered(c1="Once") if "said" in fault else altered(c1="Once", c7="New")
    register.publish(now, **fault)
    assert ("changed", "Once") in changes(check())
    assert register.asked() == ["latest", "IntraDay", "golden-copy"]
    register.publish({**now, lei(2): legal("Company Two")})
    assert changes(check()) == {("changed", "Company Two")}
    assert register.asked() == ["latest", "IntraDay"]  # it goes by deltas again


def test_deltas_of_very_many_records_are_read_with_the_file(
    register: Register, check: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sources.kinds.gleif._MOST_ALTERED", 1)
    monkeypatch.setattr("sources.reading.engine.needs_subprocess", lambda *_: False)
    register.publish(FIRST)
    check()
    register.publish(altered(c1="Once", c2="Too"))
    assert changes(check()) == {("changed", "Once"), ("changed", "Too")}
    assert register.asked() == ["latest", "IntraDay"]


def test_only_the_entities_that_are_searched_for_are_entries(register: Register, check: Any) -> None:
    register.publish(FIRST)
    assert check(search="company 1")["entries"] == 1
    register.publish(altered(c1="Renamed", c2="Company 1 of 2", c3="Another"))
    assert changes(check(search="company 1")) == {("removed", "Company 1"), ("added", "Company 1 of 2")}
    assert register.asked() == ["latest", "IntraDay"]


def evolve(dice: random.Random, now: Mapping[str, Record]) -> dict[str, Record]:
    after = dict(now)
    for number in dice.sample(range(40), 4):
        name = dice.choice(["Anna", "Вера", 'G. "Q" GmbH', "Two\nLines", " Spaced  out "]) + f" {number}"
        after[lei(number)] = legal(name, **{"Entity.LegalAddress.City": dice.choice(["Bonn", "Rome", ""])})
    return after


@pytest.mark.parametrize("seed", range(3))
def test_a_history_by_deltas_is_the_history_by_full_files(
    register: Register, check: Any, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sources.formats.unpack.LARGE", 1 if seed else 10**9)  # so that bodies are files, or never
    dice, asked = random.Random(seed), list[str]()
    now: Mapping[str, Record] = FIRST
    register.publish(now)
    check("latest", "plain")
    for _ in range(7):
        for _ in range(dice.choice([1, 1, 2, 3])):
            now = evolve(dice, now)
            said = len(now) + 1 if dice.random() < 0.2 else None
            register.publish(now, after=dice.choice([8, 8, 8, 16, 24]), said=said)
        check("latest", "plain")
        asked += register.asked()
        assert known("latest") == known("plain")
    assert {"IntraDay", "LastDay", "LastWeek"} & {*asked}


FULL = {
    "Entity.LegalName": "Erfunden & Co  KG",
    "Entity.LegalName.xmllang": "de",
    "Entity.OtherEntityNames.OtherEntityName.1": "Invented",
    "Entity.OtherEntityNames.OtherEntityName.1.type": "TRADING_OR_OPERATING_NAME",
    "Entity.OtherEntityNames.OtherEntityName.2": "Formerly Invented",
    "Entity.LegalAddress.xmllang": "de",
    "Entity.LegalAddress.FirstAddressLine": " 1 No Street",
    "Entity.LegalAddress.AddressNumber": "1",
    "Entity.LegalAddress.AdditionalAddressLine.1": "Floor 2",
    "Entity.LegalAddress.AdditionalAddressLine.2": "Door 3",
    "Entity.LegalAddress.City": "Bonn",
    "Entity.LegalAddress.Country": "DE",
    "Entity.HeadquartersAddress.City": "Rome",
    "Entity.RegistrationAuthority.RegistrationAuthorityEntityID": "HRB 1",
    "Entity.LegalJurisdiction": "DE",
    "Entity.LegalForm.EntityLegalFormCode": "8888",
    "Entity.LegalForm.OtherLegalForm": "KG",
    "Entity.EntityStatus": "INACTIVE",
    "Entity.EntityExpirationDate": "2026-01-01T00:00:00+01:00",
    "Entity.EntityExpirationReason": "DISSOLVED",
    "Entity.SuccessorEntity.1.SuccessorLEI": lei(7),
    "Entity.SuccessorEntity.1.SuccessorEntityName": "Heir",
    "Entity.SuccessorEntity.2.SuccessorEntityName": "Other Heir",
    "Registration.RegistrationStatus": "RETIRED",
    "Registration.NextRenewalDate": "2026-12-01T00:00:00Z",
    "Registration.ManagingLOU": lei(8),
}


def as_xml(record: Record) -> str:
    """The record as LEI-CDF: what is numbered is an element of its own each, what is an attribute is left out."""
    root: dict[str, Any] = {}
    for name, text in record.items():
        if not name.endswith((".xmllang", ".type")):
            place, (*steps, last) = root, re.findall(r"[A-Za-z]+(?:\.\d+)?", name)
            for step in steps:
                place = place.setdefault(step, {})
            place[last] = text

    def say(value: Any) -> str:
        if isinstance(value, str):
            return value.replace("&", "&amp;")
        return "".join(f"<{name.split('.')[0]}>{say(each)}</{name.split('.')[0]}>" for name, each in value.items())

    return say(root)


def test_csv_has_the_entries_that_xml_has(make_page: Any) -> None:
    records = {lei(1): FULL, lei(2): legal("Sole")}
    each = "".join(f"<LEIRecord><LEI>{lei}</LEI>{as_xml(record)}</LEIRecord>" for lei, record in records.items())
    xml = f"<LEIData><LEIRecords>{each}</LEIRecords></LEIData>".encode()
    source = Gleif(url="https://mirror.example/golden-copy.zip")
    pages = [make_page(packed(xml, "golden-copy.xml"), "application/zip"), make_page(packed(table(records)), ""),
             make_page(table(records), "text/csv"), make_page(xml, "text/xml")]  # fmt: skip
    first, *others = (list(read_here(source, page)) for page in pages)
    assert all(other == first for other in others)
    assert first[0].fields["address"] == "1 No Street, 1, Floor 2, Door 3, Bonn, DE"
    assert first[0].fields["successors"] == f"{lei(7)}, Heir; Other Heir"
    assert len(first[0].fields) == 12


@pytest.mark.parametrize(
    ("url", "golden"),
    [
        ("https://goldencopy.gleif.org/api/v2/golden-copies/publishes/lei2/latest", True),
        ("https://example.org/lei.csv.zip", True),
        ("https://api.gleif.org/api/v1/lei-records", False),
    ],
)
def test_only_a_golden_copy_has_room_and_time_for_gigabytes(url: str, golden: bool) -> None:
    given = Gleif(url=url, search="Telegram")
    assert (largest_page(given) == 10_000_000_000) is golden
    assert (deadline(given) > timedelta(minutes=1)) is golden
    assert Gleif(url=url, search="Telegram", max_bytes=1000).max_bytes == 1000
