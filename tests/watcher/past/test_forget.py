"""`watch past --forget` takes exactly the past away: rows and files are then those of before the import."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from state.db.migrate import all_tables
from state.evidence.past import PastKeeper
from state.store import Store
from tests.watcher.conftest import rows

OTHER = '[sources.other]\nkind = "json"\nurl = "http://127.0.0.1:9/"\nitems = "@"\nkey = "name"\n'
Held = Mapping[str, Any]


class Case:
    """A register with its own history and evidence, another source with a past beside it, and saved pages."""

    def __init__(self, desk: Any, folder: Path) -> None:
        self.desk, self.folder = desk, folder
        self.configure(OTHER)
        for more in ((), ({"name": "Newcomer"},)):
            desk.check(*rows(), *more)
        for number in range(1, 6):  # each capture has one more
            text = json.dumps(rows()[: 15 + number])
            for source in ("list", "other"):
                (folder / source).mkdir(exist_ok=True)
                (folder / source / f"2019-01-0{number}.json").write_text(text)
        assert self.run("past", "other", "--folder", "other").code == 0

    def configure(self, more: str = "", evidence: str = "[evidence]\n") -> None:
        self.desk.configure(more=evidence + more)

    def edit(self, old: str, new: str) -> None:
        file = self.folder / "watch.toml"
        file.write_text(file.read_text().replace(old, new))

    def run(self, *argv: str) -> Any:
        return self.desk.watch(*argv)

    def files(self) -> dict[str, bytes]:
        found = [each for each in (self.folder / "evidence").rglob("*") if each.is_file()]
        return {str(each.relative_to(self.folder)): each.read_bytes() for each in found}

    def held(self) -> Held:
        """All rows of the state, and all files of the evidence."""
        with Store.open(self.desk.state) as store, store.database.reading() as connection:
            tables = {
                each.name: sorted(map(repr, connection.execute(each.select()))) for each in all_tables().sorted_tables
            }
        return tables | self.files()

    def own(self) -> Held:
        """The same, but for the past."""
        return {name: each for name, each in self.held().items() if "past" not in name}


@pytest.fixture
def case(desk: Any, folder: Path) -> Case:
    return Case(desk, folder)


def test_what_was_imported_is_taken_away_to_the_byte(case: Case) -> None:
    before, own = case.held(), case.own()
    assert case.run("past", "list", "--folder", "list").code == 0
    during = case.held()
    assert len(during["past_captures"]) == 10
    assert len(during) == len(before) + 5
    assert case.own() == own
    ran = case.run("past", "list", "--forget")
    assert (ran.code, ran.out) == (0, "list: 5 captures of others forgotten\n")
    assert case.held() == before
    assert case.run("verify").code == 0


def test_the_last_past_leaves_no_folder(case: Case) -> None:
    assert case.run("past", "other", "--forget").code == 0
    assert not (case.folder / "evidence" / "past").exists()


def test_what_a_killed_run_left_goes_with_it(case: Case) -> None:
    left = case.folder / "evidence" / "past" / "other" / "20190101T000000Z-0123456789ab.warc.gz.part"
    left.write_bytes(b"half")
    assert case.run("verify").code == 1
    assert case.run("past", "other", "--forget").code == 0
    assert case.run("verify").code == 0


def test_without_evidence_its_files_stay_where_they_are(case: Case) -> None:
    case.configure(OTHER, evidence="")
    before = case.files()
    ran = case.run("past", "other", "--forget")
    assert (ran.code, case.files()) == (0, before)


def test_what_is_forgotten_while_it_is_read_is_said(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    before, pack, packed = case.held(), PastKeeper.pack, []

    def forget_at_the_third(keeper: PastKeeper, *given: Any) -> Any:
        packed.append(given)
        if len(packed) == 3:
            with Store.open(case.desk.state) as store:
                store.past.forget("list")
        return pack(keeper, *given)

    monkeypatch.setattr(PastKeeper, "pack", forget_at_the_third)
    ran = case.run("past", "list", "--folder", "list")
    assert ran.code == 1
    assert "list: its past was forgotten while it was read" in ran.err
    assert case.run("past", "list", "--forget").code == 0
    assert case.held() == before


def test_two_sources_of_one_folder_keep_each_their_own(case: Case) -> None:
    case.configure(OTHER + OTHER.replace("other", '"other!"'))
    (case.folder / "evidence" / "past" / "other").rename(case.folder / "evidence" / "past" / "other_")
    with Store.open(case.desk.state) as store, store.database.writing() as connection:
        connection.exec_driver_sql("UPDATE past_captures SET file = replace(file, 'other', 'other_')")
    before = case.held()
    assert case.run("past", "other!", "--folder", "other").code == 0
    assert case.run("past", "other!", "--forget").code == 0
    assert case.held() == before


def test_a_renamed_source_goes_on_with_its_past(case: Case) -> None:
    assert case.run("past", "list", "--folder", "list").code == 0
    files = case.files()
    case.edit("[sources.list]", '[sources.roll]\nwas = ["list"]')
    case.desk.check(*rows(), {"name": "Newcomer"}, source="roll")
    assert case.files() == files
    assert case.run("verify").code == 0
    assert case.run("past", "roll", "--forget").out == "roll: 5 captures of others forgotten\n"
    assert [name for name in case.files() if "past/list" in name] == []


def test_a_source_that_is_forgotten_takes_its_past_along(case: Case) -> None:
    case.configure()
    ran = case.run("forget", "other")
    assert (ran.code, ran.out) == (0, "other: forgotten, with 0 entries; its changes stay in the log\n")
    assert case.held()["past_captures"] == case.held()["past_entries"] == []
    assert case.run("verify").code == 0
    assert case.run("forget", "other").code == 2


def test_a_source_that_left_the_configuration_keeps_its_past(case: Case) -> None:
    case.configure()
    case.desk.check(*rows())
    assert len(case.held()["past_captures"]) == 5
    assert case.run("verify").code == 0


def test_a_name_with_a_past_of_its_own_can_take_over_another(case: Case) -> None:
    assert case.run("past", "list", "--folder", "list").code == 0
    case.edit("[sources.list]", "[sources.roll]")
    assert case.run("past", "roll", "--folder", "list").code == 0
    case.edit("[sources.roll]", '[sources.roll]\nwas = ["list"]')
    assert case.desk.check(*rows(), source="roll")["status"] == "ok"
    assert len(case.held()["past_captures"]) == 10
