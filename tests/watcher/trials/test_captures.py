"""`watch catalog test`: kinds read against saved pages, their own and those of a user's presets."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sources.loader import kinds

Configure = Callable[..., Path]
Watch = Callable[..., Any]
FIXTURES = Path(__file__).parents[2] / "sources" / "kinds"
PRESET = 'kind = "csv"\nurl = "https://register.example/all.csv?year={year}"\nkey = "No"\ntitle = "Firm"\n'
YEAR = '[options.year]\ndescription = "the year"\n'
ENTRIES = [
    {"key": "1", "title": "Sable", "fields": {"No": "1", "Firm": "Sable"}},
    {"key": "2", "title": "Otter", "fields": {"No": "2", "Firm": "Otter"}},
]


@pytest.fixture
def kept(configure: Configure, folder: Path) -> Path:
    """A preset of one's own with two saved files, which differ in one entry, and the folder of these."""
    configure('presets = "presets"\n')
    configure(PRESET + YEAR, "presets/lunar.toml")
    captures = folder / "captures/lunar"
    captures.mkdir(parents=True)
    (captures / "2026-01-01.csv").write_text("No,Firm\n1,Sable\n")
    (captures / "2026-02-01.csv").write_text("No,Firm\n2,Otter\n")
    (captures / "options.toml").write_text("year = 2026\n")
    (captures / "expected.json").write_text(json.dumps({"entries": ENTRIES}))
    return captures


@pytest.fixture
def outcome(watch: Watch, kept: Path) -> Callable[..., dict[str, Any]]:
    """Tests the preset, and returns what is said of it, which agrees with the exit code."""

    def test() -> dict[str, Any]:
        ran = watch("catalog", "test", "lunar", "--json")
        (said,) = json.loads(ran.out)["kinds"]
        assert ran.code == int(bool(said["problems"]))
        return dict(said)

    return test


def test_all_kinds_read_all_fixtures_of_this_repository(watch: Watch) -> None:
    ran = watch("catalog", "test", "--captures", str(FIXTURES), "--json")
    said = json.loads(ran.out)["kinds"]
    assert [each["kind"] for each in said] == sorted(kinds())
    assert [each for each in said if each["problems"] or not each["files"] or not each["entries"]] == []
    assert ran.code == 0


def test_a_preset_of_one_s_own_is_read_against_the_files_beside_it(outcome: Any) -> None:
    assert outcome() == {"kind": "lunar", "files": 2, "entries": 2, "problems": []}


def test_a_table_says_what_was_read_and_which_kinds_have_no_captures(watch: Watch, kept: Path) -> None:
    ran = watch("catalog", "test")
    assert ran.code == 0
    heading, row, *rest = ran.out.splitlines()
    assert (heading.split(), row.split()) == (["KIND", "FILES", "ENTRIES", "PROBLEMS"], ["lunar", "2", "2"])
    assert " ".join(rest).startswith("without captures in ")
    assert "ofac_sdn" in " ".join(rest)
    ran = watch("catalog", "test", "tass", "--captures", str(kept.parent))
    assert (ran.code, "KIND" in ran.out, ran.out.endswith(" tass\n")) == (0, False, True)


def test_an_entry_that_is_not_the_expected_one_is_a_problem(outcome: Any, kept: Path) -> None:
    (kept / "2026-02-01.csv").write_text("No,Firm\n2,Stoat\n3,Heron\n")
    assert outcome()["problems"] == ["entries: 3, expected 2; number 2 differs"]


def test_a_page_that_the_kind_cannot_read_is_a_problem_with_its_name(outcome: Any, kept: Path) -> None:
    (kept / "2026-02-01.csv").write_text("Number,Firm\n2,Otter\n")
    (problem,) = outcome()["problems"]
    assert "2026-02-01.csv: " in problem
    assert "No" in problem


@pytest.mark.parametrize(
    ("file", "text", "what"),
    [
        ("options.toml", "year =", "options.toml: Invalid value"),
        ("options.toml", 'month = "May"\nyear = 1', "month"),
        ("options.toml", "", "year"),
        ("expected.json", "{", "Invalid JSON"),
        ("expected.json", "[]", "expected.json: "),
        ("expected.json", '{"entries": 7}', "expected.json: entries: Input"),
    ],
)
def test_a_file_beside_the_pages_that_is_wrong_is_a_problem(
    file: str, text: str, what: str, outcome: Any, kept: Path
) -> None:
    (kept / file).write_text(text)
    (problem,) = outcome()["problems"]
    assert what in problem


def test_a_preset_that_is_wrong_fails_and_costs_no_other(watch: Watch, kept: Path, configure: Configure) -> None:
    configure('kind = "csv"\ntopics = ["weather"]\n', "presets/bad.toml")
    ran = watch("catalog", "test", "--json")
    said = {each["kind"]: each for each in json.loads(ran.out)["kinds"]}
    assert ran.code == 1
    assert "bad.toml: topics.0: " in said["bad"]["problems"][0]
    assert (said["lunar"]["files"], said["lunar"]["problems"]) == (2, [])


def test_a_folder_without_pages_is_no_capture(outcome: Any, kept: Path) -> None:
    for page in kept.glob("*.csv"):
        page.unlink()
    (kept / ".hidden.csv").write_text("No,Firm\n1,Sable\n")
    assert outcome() == {"kind": "lunar", "files": 0, "entries": 0, "problems": []}


def test_pages_that_answer_requests_are_read_in_order(watch: Watch, kept: Path) -> None:
    flat = kept.parents[1] / "flat"
    flat.mkdir()
    (flat / "lunar.1.csv").write_bytes((kept / "2026-01-01.csv").read_bytes())
    (flat / "lunar.toml").write_text("year = 2026")
    request = {"url": "https://register.example/all.csv?year=2026", "method": "GET", "reader": "parse"}
    (flat / "lunar.expected.json").write_text(json.dumps({"requests": [request], "entries": ENTRIES[:1]}))
    assert watch("catalog", "test", "lunar", "--captures", "flat").code == 0
    (flat / "lunar.expected.json").write_text(json.dumps({"requests": [request] * 2}))
    assert "requests: 1, expected 2; number 2 differs" in watch("catalog", "test", "--captures", "flat").out


def test_a_folder_that_is_not_there_is_said(watch: Watch, configure: Configure) -> None:
    configure("")
    ran = watch("catalog", "test", "--captures", "nowhere")
    assert (ran.code, "nowhere" in ran.err) == (2, True)
    assert watch("catalog", "test", "tass").code == 0
    ran = watch("catalog", "test", "tas", "--json")
    assert (ran.code, 'there is no kind "tas"; did you mean "tass"?' in ran.err) == (2, True)
    assert watch("catalog", "report").code == 2
