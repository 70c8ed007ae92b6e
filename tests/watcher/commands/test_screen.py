"""Screening a file of customers: what is found, what cannot be read, and who is watched from then on."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sources import Entry
from state.model import Acceptance, Clearing, Commit, Difference, Health, SourceState, Status
from state.store import Store
from watcher.config.load import load

ENTRIES = {
    "eu": [
        Entry("1", "Igor Vasilyevich Morozhkin", {"names": "Igor Vasilyevich Morozhkin", "birth_date": "1960-03-12"}),
        Entry("2", "Sable Trading LLC", {"names": "Sable Trading LLC; ООО Сейбл", "identifiers": "IMO 9187629"}),
    ],
    "press": [Entry("3", "Igor Morozhkin", {"birth_date": "1985"})],
}
CUSTOMERS = """name,birth_date,country,identifiers
Igor Morozhkin,1960-03-12,,
"Морожкин, Игорь Васильевич",1960,,
Somebody Else,,,
Ocean Star,,,IMO 9187629
"""


@pytest.fixture
def screen(watch: Callable[..., Any], configure: Callable[..., Path], store: Store, folder: Path) -> Callable[..., Any]:
    """Screens a text against two lists: the exit code, and what each line of the answer says."""
    configure('[sources.eu]\nkind = "table"\nurl = "http://127.0.0.1:9/eu"\nkey = "No"\n')
    for name, entries in ENTRIES.items():
        put(store, name, entries)

    def run(text: str | bytes = CUSTOMERS, *argv: str) -> tuple[int, list[Any]]:
        (folder / "customers.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
        ran = watch("screen", "customers.csv", *argv, "--json")
        assert ran.err.startswith("warning: columns") or ran.err == "" or ran.code == 2, ran.err
        return ran.code, [json.loads(line) for line in ran.out.splitlines()] or [ran.err]

    return run


def put(store: Store, name: str, entries: list[Entry]) -> None:
    new = [(f"{name} {entry.key} {entry.title}".encode(), entry) for entry in entries]
    accepted = Acceptance(Difference((), new, {}, {}, b"", len(new), ()), (), "", "", fresh=True)
    health = Health(Status.OK)
    known: dict[str, Any] = {"checked": datetime(2026, 1, 12, 10, tzinfo=UTC), "entries": len(new)}
    store.commit(name, lambda was: Commit(SourceState(name, was.revision, health, **known), accepted))


def keys(rows: list[Any]) -> list[list[str]]:
    return [[hit["key"] for hit in row["hits"]] for row in rows]


def test_each_row_has_its_hits_with_the_reasons(screen: Callable[..., Any]) -> None:
    code, rows = screen()
    assert (code, [row["row"] for row in rows]) == (0, [1, 2, 3, 4])
    assert rows[2] == {"row": 3, "name": "Somebody Else", "hits": []}
    assert keys(rows) == [["1"], ["1"], [], ["2"]]
    (hit,) = rows[0]["hits"]
    assert list(hit) == ["score", "source", "key", "title", "url", "reasons", "cleared"]
    assert (hit["source"], hit["title"], hit["cleared"]) == ("eu", "Igor Vasilyevich Morozhkin", None)
    assert "birth date: 1960-03-12 in both" in hit["reasons"]
    assert "9187629 in both" in rows[3]["hits"][0]["reasons"][-1]


def test_a_list_that_cannot_be_read_now_is_named_beside_the_hits(
    screen: Callable[..., Any], watch: Callable[..., Any], store: Store
) -> None:
    screen()
    store.commit("eu", lambda was: Commit(replace(was, health=Health(Status.FAILING, "http_404")), None))
    ran = watch("screen", "customers.csv")
    assert (ran.code, "Morozhkin" in ran.out) == (0, True)
    assert ran.err == "warning: not compared with what these sources list now: eu (failing)\n"
    assert watch("screen", "customers.csv", "--sources", "press").err == ""


def test_a_lower_score_and_other_sources_find_others(screen: Callable[..., Any]) -> None:
    assert keys(screen(CUSTOMERS, "--least", "50")[1])[0] == ["1", "3"]
    assert keys(screen(CUSTOMERS, "--least", "50", "--sources", "pr*")[1])[0] == ["3"]
    code, (said,) = screen(CUSTOMERS, "--sources", "nobody*")
    assert (code, 'no source with entries is called "nobody*"; there are "eu", "press"' in said) == (2, True)


def test_only_what_is_there_now_is_found(screen: Callable[..., Any], store: Store) -> None:
    assert keys(screen()[1])[3] == ["2"]
    put(store, "eu", ENTRIES["eu"][:1])
    assert keys(screen()[1]) == [["1"], ["1"], [], []]


@pytest.mark.parametrize(
    "text",
    [
        "name;birth_date\nIgor Morozhkin;1960-03-12\nМорожкин, Игорь Васильевич;1960\n".encode("cp1251"),
        CUSTOMERS.encode("utf-16"),
        ("\ufeff\n" + CUSTOMERS.replace("name,birth_date", "Name , Birth Date")).encode(),
        CUSTOMERS.replace("\n", "\r\n").encode("koi8-r"),
    ],
)
def test_any_encoding_and_delimiter_is_read(screen: Callable[..., Any], text: bytes) -> None:
    code, rows = screen(text)
    assert (code, keys(rows)[:2]) == (0, [["1"], ["1"]])


def test_a_row_that_cannot_be_read_is_told_and_the_others_go_on(screen: Callable[..., Any]) -> None:
    text = 'Full name,birth_date\nA,\n,1960\nToo,many,values\n\nfew\nIgor Morozhkin,soon\n"Igor "x" Morozhkin",1960\n'
    code, rows = screen(text, "--name", "full NAME")
    assert code == 1
    assert [row.get("error") for row in rows] == [
        "one letter is too little of a name",
        "it has no name",
        "it has 3 values for 2 columns",
        "it has 1 value for 2 columns",
        "this is not understood, and did not count: birth_date “soon”",
        None,
    ]
    assert [row["row"] for row in rows] == [1, 2, 3, 5, 6, 7]  # as a spreadsheet numbers them
    assert keys(rows)[4:] == [["3", "1"], ["1"]]


def test_empty_rows_are_counted_and_nothing_is_said_of_them(screen: Callable[..., Any]) -> None:
    code, rows = screen("name,birth_date\nSomebody Else,\n,\n\n  ,\nIgor Morozhkin,1960\n,\n")
    assert (code, [(row["row"], row["name"]) for row in rows]) == (0, [(1, "Somebody Else"), (5, "Igor Morozhkin")])


def test_columns_that_do_not_count_are_named(screen: Callable[..., Any], watch: Callable[..., Any]) -> None:
    screen("id,Name,Date of birth\n7,Igor Morozhkin,1961\n")
    assert watch("screen", "customers.csv").err == 'warning: columns that are not compared: "id", "Date of birth"\n'


def test_how_many_were_compared_with_what_is_told(screen: Callable[..., Any], watch: Callable[..., Any]) -> None:
    screen("name\nNoone\nB\n\nSomebody Else\n")
    said = "2 customers compared with eu, 2 entries read 2026-01-12 10:00; press, 1 entry read 2026-01-12 10:00"
    assert said in " ".join(watch("screen", "customers.csv").out.split())


def test_a_pipe_that_is_closed_is_no_fault_of_the_customers(
    screen: Callable[..., Any], watch: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(text: str) -> None:
        raise BrokenPipeError(32, "Broken pipe")

    screen()
    monkeypatch.setattr("watcher.terminal.console.write", write)
    assert "customers.csv" not in watch("screen", "customers.csv", "--json").err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "customers.csv is empty"),
        (b"\n\n", "customers.csv is empty"),
        (b"who,when\nx,y\n", 'has no column “name”; its columns are "who", "when": --name says which has the names'),
        (b"PK\x03\x04rest", "is no text of rows but a ZIP file (or XLSX, DOCX): save it as CSV"),
        (b'name\n"' + b"x" * 11_000_000, "cannot be read: row 2: field larger than field limit"),
    ],
)
def test_a_file_that_is_none_is_refused_in_a_line(screen: Callable[..., Any], text: bytes, said: str) -> None:
    code, (line,) = screen(text)
    assert (code, said in line) == (2, True), line


def test_a_file_that_is_missing_is_refused(screen: Callable[..., Any], watch: Callable[..., Any]) -> None:
    ran = watch("screen", "none.csv")
    assert (ran.code, "none.csv cannot be read: No such file" in ran.err) == (2, True)


def test_a_table_for_people_and_a_file_have_the_same(
    screen: Callable[..., Any], watch: Callable[..., Any], folder: Path
) -> None:
    screen(CUSTOMERS + "B,,,\n")
    ran = watch("screen", "customers.csv")
    assert ran.code == 1
    shown = " ".join(ran.out.split())
    assert "Sable Trading LLC" in shown
    assert "one letter is" in shown
    assert "Somebody" not in shown
    assert watch("screen", "customers.csv", "--csv", "hits.csv").code == 1
    assert "--force writes over it" in watch("screen", "customers.csv", "--csv", "hits.csv").err
    with (folder / "hits.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["row"], row["key"]) for row in rows] == [("1", "1"), ("2", "1"), ("3", ""), ("4", "2"), ("5", "")]


def test_of_a_file_without_rows_nothing_is_said_of_anybody(
    screen: Callable[..., Any], watch: Callable[..., Any]
) -> None:
    for text, said in (
        ("name\n", "it has no row below its headings"),
        ("name\nNoone", "nobody in it is like an entry"),
    ):
        screen(text)
        assert watch("screen", "customers.csv").out.strip().partition("\n")[0] == said


def test_what_was_cleared_is_shown_so(screen: Callable[..., Any], configure: Any, store: Store) -> None:
    configure('[entities.igor]\nnames = ["Igor Morozhkin"]\n[entities.other]\nnames = ["Somebody"]\n')
    for entity, key in (("igor", "1"), ("other", "2")):
        made = Clearing(entity, "eu", key, "another one", "ada", datetime.now(UTC) - timedelta(1))
        assert store.clearings.clear(made, lambda _: {})
    rows = screen("name,entity\nIgor Morozhkin,\nIgor Morozhkin,other\nSable Trading LLC,other\n")[1]
    cleared = [{hit["key"]: hit["cleared"] and hit["cleared"]["why"] for hit in row["hits"]} for row in rows]
    assert cleared == [{"1": "another one", "3": None}, {"1": None, "3": None}, {"2": "another one"}]


def test_what_was_cleared_of_one_is_not_shown_of_a_namesake_with_another_birth_date(
    screen: Callable[..., Any], configure: Any, store: Store
) -> None:
    dated = 'names = ["Igor Morozhkin"]\nbirth_date = "{}"\n'
    configure(f"[entities.older]\n{dated.format('1957')}[entities.younger]\n{dated.format('1990-05-01')}")
    put(store, "dateless", [Entry("9", "Igor Morozhkin")])
    made = Clearing("younger", "dateless", "9", "born in 1990", "ada", datetime.now(UTC) - timedelta(1))
    assert store.clearings.clear(made, lambda _: {})
    names = ("Igor Morozhkin,1990-05-01", "Igor Morozhkin,1957", "Igor Morozhkin,1971", "Igor Morozhkin,")
    rows = screen("\n".join(["name,birth_date", *names]) + "\n")[1]
    shown = [[hit["cleared"] and hit["cleared"]["why"] for hit in row["hits"] if hit["key"] == "9"] for row in rows]
    assert shown == [["born in 1990"], [None], [None], [None]]


def test_what_was_cleared_is_not_shown_of_who_has_another_number_or_is_named_with_another_birth_date(
    screen: Callable[..., Any], configure: Any, store: Store
) -> None:
    facts = 'birth_date = "1990-05-01"\nidentifiers = ["7707083893"]'
    configure(f'[entities.igor]\nnames = ["Igor Morozhkin"]\n{facts}\n')
    put(store, "dateless", [Entry("9", "Igor Morozhkin")])
    made = Clearing("igor", "dateless", "9", "another one", "ada", datetime.now(UTC) - timedelta(1))
    assert store.clearings.clear(made, lambda _: {})
    asked = (",7707083893,", ",7736050003,", "1990-05-01,,igor", "1957,,igor", "1957,,", ",,")
    head = "name,birth_date,identifiers,entity\n"
    rows = screen(head + "".join(f"Igor Morozhkin,{each}\n" for each in asked))[1]
    shown = [bool(hit["cleared"]) for row in rows for hit in row["hits"] if hit["key"] == "9"]
    assert shown == [True, False, True, False, False, True]


def test_customers_are_watched_from_then_on_once_each(
    screen: Callable[..., Any], watch: Callable[..., Any], folder: Path
) -> None:
    text = CUSTOMERS + "Igor Morozhkin,1960-03-12,,\nBad,,,A-1\n"
    screen(text, "--watch")
    config = load(folder / "watch.toml")
    (igor,) = [each for name, each in config.entities.items() if name.startswith("igor-morozhkin-")]
    assert (igor.names, igor.birth_date, len(config.entities)) == (("Igor Morozhkin",), "1960-03-12", 5)
    (ship,) = [each for name, each in config.entities.items() if name.startswith("ocean-star-")]
    assert ship.identifiers == ("IMO 9187629",)
    revision = config.revision
    assert screen(text, "--watch")[0] == 1
    assert load(folder / "watch.toml").revision == revision
    said = watch("screen", "customers.csv", "--watch").out
    assert "0 customers newly watched" in said
    assert "no alert rule is for all entities" in said
    rules = '[channels.desk]\nurl = "json://127.0.0.1:9"\n[[alerts]]\nto = ["desk"]\n'
    (folder / "watch.toml").write_text((folder / "watch.toml").read_text() + rules)
    assert "no alert rule" not in watch("screen", "customers.csv", "--watch").out


def test_who_is_watched_in_a_file_or_cannot_be_is_left_as_he_is(
    screen: Callable[..., Any], watch: Callable[..., Any], configure: Any, folder: Path
) -> None:
    configure('[entities.igor]\nnames = ["Igor Morozhkin"]\n')
    assert screen("name,entity\nIgor Morozhkin,igor\n", "--watch")[0] == 0
    assert load(folder / "watch.toml").revision == 0
    code, _ = screen("name,entity\nIgor Morozhkin,a[b\nSomebody Else,\n", "--watch")
    assert (code, load(folder / "watch.toml").revision) == (2, 0)
    ran = watch("screen", "customers.csv", "--watch")
    assert "no customer is watched: " in ran.err
