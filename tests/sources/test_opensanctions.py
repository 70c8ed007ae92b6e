"""The kind `opensanctions`: an index and its file through the whole program, and the saved data sets, of which the
changes that a person would name were written down first.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from sources import Entry, Get, NotFound
from sources.kinds.opensanctions import Opensanctions
from sources.reading.engine import read_here
from tests.captures import CAPTURES, needed

Once = Callable[..., dict[str, Any]]
SAVED = CAPTURES / "opensanctions-exports"


def thing(id_: str, schema: str = "Person", target: bool = True, **properties: list[Any]) -> dict[str, Any]:
    caption = next(iter(properties.get("name", [schema])))
    stamps = {"first_seen": "2025-01-01T00:00:00", "last_seen": "2025-07-18T06:00:00", "last_change": "2025-07-01"}
    more = {"datasets": ["xx"], "referents": [], "target": target, **stamps}
    return {"id": id_, "schema": schema, "caption": caption, "properties": properties, **more}


def lines(*things: dict[str, Any]) -> bytes:
    return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in things).encode()


class DataSet:
    """A data set on loopback: `publish` writes its file, its index, and when they were written."""

    def __init__(self, site: Any) -> None:
        self.site, self.times = site, 0
        self.source = f'kind = "opensanctions"\nurl = "{site.url("/latest/index.json")}"'

    def publish(self, body: bytes, name: str = "entities.ftm.json", **more: Any) -> None:
        self.times += 1
        path = f"/{hashlib.sha1(body).hexdigest()[:8]}/{name}"
        version = {"checksum": hashlib.sha1(body).hexdigest(), "size": len(body), **more}
        resources = [{"name": "names.txt", "url": self.site.url("/names")}, {"name": name, "url": self.site.url(path)}]
        resources[1] |= version
        self.site.page(path, body)
        self.site.page(
            "/latest/index.json", {"updated_at": f"2025-07-18T06:00:{self.times:02}", "resources": resources}
        )

    def asked(self) -> list[str]:
        """The files that were asked for since the last call."""
        paths = [path.rpartition("/")[2] for path in self.site.paths]
        self.site.requests.clear()
        return paths


@pytest.fixture
def data(site: Any) -> DataSet:
    return DataSet(site)


ONE = thing("a", name=["Ivan Vydumkin"], alias=["Vanya", "Ваня"], topics=["sanction"])
TWO = thing("b", "Company", name=["Vydumka Ltd"], registrationNumber=["123"])


def read(make_page: Any, body: bytes, url: str = "https://mirror.example/file") -> list[Entry]:
    items = read_here(Opensanctions(url=url), make_page(body, "", url))
    return [item for item in items if isinstance(item, Entry)]


def changed(said: dict[str, Any]) -> dict[str, tuple[str, dict[str, tuple[str | None, str | None]]]]:
    return {
        change["title"]: (
            change["change"],
            {name: (sides["before"], sides["after"]) for name, sides in change["fields"].items()},
        )
        for change in said["changes"]
    }


def test_a_number_that_is_also_an_id_is_an_identifier(make_page: Any) -> None:
    body = lines(thing("Q7", name=["Ivan Vydumkin"], wikidataId=["Q7"]))
    assert [entry.fields["identifiers"] for entry in read(make_page, body)] == ["wikidataId Q7"]


def test_an_unchanged_version_costs_one_request(data: DataSet, once: Once) -> None:
    data.publish(lines(ONE, TWO))
    assert (once(data.source)["status"], data.asked()) == ("baseline", ["index.json", "entities.ftm.json"])
    assert (once(data.source)["status"], data.asked()) == ("unchanged", ["index.json"])
    data.publish(lines(ONE, TWO))
    assert (once(data.source)["status"], data.asked()) == ("unchanged", ["index.json"])  # an index written anew


def test_a_new_version_is_read_and_only_what_it_says_is_told(data: DataSet, once: Once) -> None:
    data.publish(lines(ONE, TWO))
    once(data.source)
    other = ONE["properties"] | {"alias": ["Ваня", "Vanya"], "birthDate": ["1960"], "modifiedAt": ["2025-07-19"]}
    data.publish(lines(TWO, ONE | {"properties": other, "last_seen": "2025-07-19", "last_change": "2025-07-19"}))
    data.asked()
    said = once(data.source)
    assert data.asked() == ["index.json", "entities.ftm.json"]
    assert changed(said) == {"Ivan Vydumkin": ("changed", {"birth_date": (None, "1960")})}


def test_once_a_day_the_file_is_read_whatever_the_index_says(data: DataSet, once: Once) -> None:
    data.publish(lines(ONE, TWO))
    once(data.source)
    data.asked()
    assert once(f'{data.source}\nreread = "1ms"')["status"] == "unchanged"
    assert data.asked() == ["index.json", "entities.ftm.json"]


def test_without_a_checksum_the_file_is_asked_for_each_time(data: DataSet, once: Once) -> None:
    data.publish(lines(ONE, TWO), checksum=None)
    once(data.source)
    data.asked()
    assert (once(data.source)["status"], data.asked()) == ("unchanged", ["index.json", "entities.ftm.json"])


@pytest.mark.parametrize(
    ("wrong", "why"),
    [({"checksum": "0" * 40}, f"not {'0' * 40}"), ({"size": 7}, "size"), ({"checksum": None, "size": 7}, ", not 7")],
)
def test_a_file_that_is_another_version_than_the_index_says_is_no_news(
    data: DataSet, once: Once, wrong: dict[str, Any], why: str
) -> None:
    data.publish(lines(ONE, TWO))
    once(data.source)
    data.publish(lines(ONE), **wrong)
    said = once(data.source)
    assert (said["status"], said["reason"], said["changes"]) == ("failing", "bad_document", [])
    assert "is not the version that the index names" in said["message"]
    assert why in said["message"]
    data.publish(lines(ONE, TWO))
    assert once(data.source)["status"] == "unchanged"


@pytest.mark.parametrize(
    ("body", "reason", "why"),
    [
        (b"", "empty_body", "empty body"),
        (
            b"<html><body><p>Our terms: a business needs a licence.</p></body></html>",
            "wrong_content_type",
            "did not answer with JSON",
        ),
        (lines(ONE, TWO)[:-30], "truncated", "line 2: the file breaks off"),
        (lines(ONE) + b'{"id": 7}\n', "bad_document", "line 2: it is no entity of FollowTheMoney"),
        (lines(ONE) + b'{"id": "x", "schema": "S", "properties": {"name": "no list"}}\n', "bad_document", "line 2"),
        (lines(ONE) + b'{"id": "x", "schema": "S", "properties": ' + b'{"a": [' * 5000 + b"\n", "bad_document", "line"),
    ],
)
def test_what_is_no_file_of_entities_is_an_error_that_says_so(
    data: DataSet, once: Once, body: bytes, reason: str, why: str
) -> None:
    data.publish(lines(ONE, TWO))
    once(data.source)
    data.publish(body)
    said = once(data.source)
    assert (said["status"], said["reason"], said["entries"]) == ("failing", reason, 2)
    assert why in said["message"]


def test_a_data_set_without_things_is_not_believed(data: DataSet, once: Once) -> None:
    data.publish(lines(ONE))
    once(data.source)
    data.publish(lines(thing("addr", "Address", target=False, full=["A street"])))
    said = once(data.source)
    assert (said["status"], said["entries"], said["changes"]) == ("suspicious", 1, [])


@pytest.mark.parametrize(
    ("index", "why"),
    [
        ({"resources": [{"name": "names.txt", "url": "/n"}]}, 'it names "names.txt"'),
        ({"resources": []}, 'it has "resources"'),
        ({"detail": "no such data set"}, 'it has "detail"'),
        ([], "it has a list of 0"),
        ({"resources": 7}, 'it has "resources"'),
        ({"resources": [None, 7, {"name": ["x"]}]}, "it names"),
    ],
)
def test_an_index_without_a_file_that_is_read_says_what_it_has(make_page: Any, index: Any, why: str) -> None:
    with pytest.raises(NotFound, match=r"nor an index that names entities\.ftm\.json or") as raised:
        read(make_page, json.dumps(index).encode())
    assert why in str(raised.value)


def test_lines_and_nested_targets_read_the_same(make_page: Any) -> None:
    sanction = thing("s", "Sanction", target=False, entity=["a"], program=["Regime"], listingDate=["2022-02-28"])
    relation = thing("f", "Family", target=False, person=["a"], relative=["c"], relationship=["wife"])
    wife = thing("c", target=False, name=["Maria Vydumkina"])
    address = thing("d", "Address", target=False, full=["1 Invented Street"]) | {"caption": "1 Invented Street"}
    flat = ONE | {"properties": ONE["properties"] | {"addressEntity": ["d"]}}
    nest = {"sanctions": [sanction], "addressEntity": [address]}
    nest["familyPerson"] = [relation | {"properties": relation["properties"] | {"relative": [wife]}}]
    nested = ONE | {"properties": ONE["properties"] | nest}
    (one, other) = read(make_page, lines(relation, sanction, flat, wife, address))
    assert read(make_page, lines(nested)) == [one]
    assert other.fields["person"] == "Ivan Vydumkin (relationship wife)"
    told = {name: one.fields[name] for name in ("address", "listed", "programme", "relative")}
    assert told == {
        "address": "1 Invented Street",
        "listed": "2022-02-28",
        "programme": "Regime",
        "relative": "Maria Vydumkina (relationship wife)",
    }


def test_cells_of_the_table_are_lists_with_quotes_and_line_breaks(make_page: Any) -> None:
    heads = ["id", "schema", "name", "aliases", "countries", "sanctions", "dataset", "first_seen", "last_seen"]
    out = io.StringIO()
    row = ["a", "Person", "A; B", 'Vanya;"The ""Tailor""; sometimes"', "ru;cy", "One\ntwo", "Made up", "1", "2"]
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([heads, row])
    (entry,) = read(make_page, out.getvalue().encode())
    assert entry.fields == {
        "names": 'A, B; The "Tailor", sometimes; Vanya',
        "schema": "Person",
        "country": "cy; ru",
        "sanctions": "One two",
        "dataset": "Made up",
    }
    with pytest.raises(NotFound, match="name"):
        read(make_page, b'"id","wage"\n"1","2"\n')


def replayed(site: Any, once: Once, files: Sequence[Path]) -> dict[str, Any]:
    """The result of the last of several versions of one file."""
    said: dict[str, Any] = {}
    for file in files:
        site.page("/file", file.read_bytes())
        said = once(f'kind = "opensanctions"\nurl = "{site.url("/file")}"')
    return said


@needed
def test_entities_before_and_after_differ_in_what_a_person_names(site: Any, once: Once) -> None:
    """By hand: two persons left, 52 came with their relations, and one of them is a sibling of Khalid."""
    said = replayed(site, once, [SAVED / f"{name}-entities.ftm.json" for name in ("d092749", "1183dae")])
    kinds = [change["change"] for change in said["changes"]]
    assert {kind: kinds.count(kind) for kind in kinds} == {"added": 52, "removed": 2, "changed": 1}
    assert {change["key"] for change in said["changes"] if change["change"] == "removed"} == {"Q317948", "Q605675"}
    (khalid,) = [change for change in said["changes"] if change["change"] == "changed"]
    sides = {name: (each["before"], each["after"]) for name, each in khalid["fields"].items()}
    assert khalid["key"] == "Q208301"
    assert set(sides) == {"person"}
    assert "Ahmad (relationship sibling)" in sides["person"][1].split("; ")


@needed
@pytest.mark.parametrize("form", ["targets.nested.json", "targets.simple.csv"])
def test_targets_before_and_after_differ_in_two_that_left_and_two_that_came(site: Any, once: Once, form: str) -> None:
    said = replayed(site, once, [SAVED / f"{name}-{form}" for name in ("d092749", "1183dae")])
    assert sorted((change["change"], change["title"]) for change in said["changes"]) == [
        ("added", "Ahmad"),
        ("added", "Bandar bin Sultan"),
        ("removed", "Abd al-Rahman"),
        ("removed", "Mustafa Cerić"),
    ]


@needed
def test_a_column_that_was_added_and_other_stamps_are_no_news(site: Any, once: Once) -> None:
    files = sorted((CAPTURES / "opensanctions-ransomwhere").iterdir())
    said = replayed(site, once, files)
    kinds = [change["change"] for change in said["changes"]]
    assert (kinds.count("added"), len(kinds), said["entries"]) == (47, 47, 674)


@needed
def test_the_saved_indexes_name_the_files_that_were_saved_with_them(make_page: Any) -> None:
    for name in ("d092749", "1183dae"):
        source = Opensanctions(dataset="wd_persons")
        (get,) = read_here(source, make_page(SAVED / f"{name}-index.json", "application/json"))
        body = (SAVED / f"{name}-entities.ftm.json").read_bytes()
        assert isinstance(get, Get)
        assert get.carry == {"checksum": hashlib.sha1(body).hexdigest(), "size": len(body)}
