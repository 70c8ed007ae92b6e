"""`watch export --ftm`: what is known as entities of FollowTheMoney, by its schemata and by its library."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.configurations import LOOPBACK

SCHEMATA = json.loads(Path(__file__).with_name("ftm_schemata.json").read_text("utf-8"))
FORMS = {
    "date": r"\d{4}(-\d\d){0,2}",
    "country": "[a-z]{2}",
    "topic": r"[a-z]+(\.[a-z]+)*",
    "url": r"https?://\S+",
    "identifier": r"[\w -]+",
}
ROWS = """id,name,names,kind,birth_date,country,identifiers,programme,remarks,link
1,Ivan Vydumkin,Ivan Vydumkin; Иван Выдумкин,Individual,1960-03; 1958 to 1962,Russia; CY,Passport A1234567; Tax ID 77012345,Made-up,He invents.,https://list.example/1
2,SKAZKA,,Vessel,,Panama,IMO 9187629; Hull 1234,,,
3,Vydumka Ltd,,Company,,Cyprus,LEI 5493001KJTIIGC8Y1R12; HE 12345,,,
4,Somebody,,,1971,,,,,
5,Something,,thing,,,,,,
7,A wallet,,CryptoWallet,,,1143t96LASL6q6UMAJKQKd5BLkeV6Q19ys,,,
"""


def properties_of(schema: str) -> dict[str, str]:
    """The properties of a schema and of those above it, with their types."""
    above = SCHEMATA["extends"].get(schema)
    return {**SCHEMATA[schema], **(properties_of(above) if above else {})}


@pytest.fixture
def exported(site: Any, watch: Callable[..., Any], configure: Any, folder: Path) -> Callable[..., list[dict[str, Any]]]:
    """Checks a list of these rows, and exports what is known."""

    def run(rows: str = ROWS, *options: str) -> list[dict[str, Any]]:
        site.page("/list", rows.encode())
        keys = f'kind = "csv"\nurl = "{site.url("/list")}"\nkey = "id"\ntitle = "name"\nlink = "link"'
        configure(f"{LOOPBACK}\n[sources.made-up]\n{keys}\n[sources.other]\n{keys}\n")
        assert watch("--once").code == 0
        ran = watch("export", "--force", "--ftm", "known.json", *options)
        assert ran.code == 0, ran
        lines = (folder / "known.json").read_text("utf-8").splitlines()
        assert f"{len(lines)} entit" in ran.out
        return [json.loads(line) for line in lines]

    return run


Exported = Callable[..., list[dict[str, Any]]]


def test_an_entry_is_an_entity_with_what_tells_who_it_is(exported: Exported) -> None:
    person, ship, company, somebody, something, wallet = exported(ROWS, "--sources", "made-*")
    assert person["properties"] == {
        "name": ["Ivan Vydumkin"],
        "alias": ["Иван Выдумкин"],
        "birthDate": ["1960-03"],
        "country": ["ru", "cy"],
        "passportNumber": ["A1234567"],
        "taxNumber": ["77012345"],
        "program": ["Made-up"],
        "sourceUrl": ["https://list.example/1"],
        "notes": ["kind: Individual", "remarks: He invents."],
    }
    assert (person["datasets"], person["caption"]) == (["made-up"], "Ivan Vydumkin")
    assert ship["properties"]["imoNumber"] == ["9187629"]
    assert ship["properties"]["registrationNumber"] == ["1234"]
    assert company["properties"]["leiCode"] == ["5493001KJTIIGC8Y1R12"]
    assert [each["schema"] for each in (person, ship, company, somebody, something, wallet)] == [
        "Person",
        "Vessel",
        "Company",
        "Person",
        "LegalEntity",
        "CryptoWallet",
    ]
    assert wallet["properties"]["publicKey"] == ["1143t96LASL6q6UMAJKQKd5BLkeV6Q19ys"]


def test_an_entity_says_when_it_was_seen_first_and_last(exported: Exported) -> None:
    before = {each["id"]: each for each in exported()}
    after = {each["id"]: each for each in exported(ROWS.replace("He invents", "He invented") + "6,Another,,,,,,,,\n")}
    came = after.keys() - before.keys()
    assert len(before) == 12
    assert len(came) == 2
    for id_, entity in before.items():
        now = after[id_]
        assert now["first_seen"] == entity["first_seen"] == entity["last_change"]
        assert now["last_seen"] > entity["last_seen"]
        assert (now["last_change"] > entity["last_change"]) == (entity["caption"] == "Ivan Vydumkin")
    assert all(after[id_]["first_seen"] > entity["first_seen"] for id_ in came for entity in before.values())


def test_an_entity_has_only_what_its_schema_has(exported: Exported) -> None:
    for entity in exported():
        types = properties_of(entity["schema"])
        for name, values in entity["properties"].items():
            assert all(re.fullmatch(FORMS.get(types[name], r".+"), value) for value in values), (name, values)


def test_the_library_of_followthemoney_reads_all_that_is_exported(exported: Exported) -> None:
    library = pytest.importorskip("followthemoney", reason="followthemoney needs pyicu, which has no wheel")
    for entity in exported():
        proxy = library.model.get_proxy(entity, cleaned=False)
        read = {name: set(values) for name, values in proxy.to_dict()["properties"].items()}
        sent = {name: set(values) for name, values in entity["properties"].items()}
        assert read.keys() == sent.keys()
        assert {name: len(values) for name, values in read.items()} == {
            name: len(values) for name, values in sent.items()
        }


def test_a_file_that_is_there_and_a_name_of_no_source_are_refused(
    exported: Exported, watch: Callable[..., Any], folder: Path
) -> None:
    exported()
    before = (folder / "known.json").read_bytes()
    ran = watch("export", "--ftm", "known.json")
    assert (ran.code, "already there" in ran.err, (folder / "known.json").read_bytes()) == (2, True, before)
    ran = watch("export", "--ftm", "more.json", "--sources", "made-*", "mad*up-")
    assert (ran.code, 'there is no source "mad*up-"' in ran.err, (folder / "more.json").exists()) == (2, True, False)
    assert watch("export", "--ftm", "known.json", "--sources", "made-*", "--force").code == 0
    assert len((folder / "known.json").read_bytes().splitlines()) < len(before.splitlines())


def test_without_a_state_nothing_is_written(watch: Callable[..., Any], configure: Any, folder: Path) -> None:
    configure('[sources.it]\nkind = "tass"\n')
    ran = watch("export", "--ftm", "known.json")
    assert (ran.code, "nothing was ever checked" in ran.err) == (2, True)
    assert not (folder / "known.json").exists()
