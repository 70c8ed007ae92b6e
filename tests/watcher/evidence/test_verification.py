"""`watch verify` finds and names what was tampered with."""

from __future__ import annotations

import json
import random
import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from state.evidence import writer
from state.evidence.reading import parse_record
from state.evidence.warc import JSON, record
from state.store import Store
from tests.warc import raw_records
from watcher.evidence import verification


@pytest.fixture
def captured(kept: Any) -> Any:
    """Evidence of a baseline and three changes: records 1 to 13 in one file."""
    for branch in "ABCD":
        kept.show(branch)
        kept.check()
    return kept


@pytest.fixture
def copied(kept: Any, once: Callable[..., None], request: pytest.FixtureRequest) -> Any:
    """The same for those who check nothing further: their lists have other addresses."""
    once(lambda: request.getfixturevalue("captured"))
    return kept


def records(file: Path) -> list[bytes]:
    return raw_records(file.read_bytes())


def put(file: Path, parts: list[bytes]) -> None:
    file.write_bytes(b"".join(parts))


def flip(kept: Any) -> None:
    parts = records(kept.files[0])
    middle = len(parts[4]) // 2
    parts[4] = parts[4][:middle] + bytes([parts[4][middle] ^ 1]) + parts[4][middle + 1 :]
    put(kept.files[0], parts)


def rewrite(kept: Any) -> None:
    """A page is replaced by one that was packed as well as ours."""
    parts = records(kept.files[0])
    parts[4] = record("response", b"HTTP/1.1 200 OK\r\n\r\nforged", "text/plain", at=datetime.now(UTC)).data
    put(kept.files[0], parts)


def cut(kept: Any) -> None:
    whole = kept.files[0].read_bytes()
    kept.files[0].write_bytes(whole[:-40])


def cut_off_a_record(kept: Any) -> None:
    put(kept.files[0], records(kept.files[0])[:-1])


def remove(kept: Any) -> None:
    parts = records(kept.files[0])
    del parts[4]
    put(kept.files[0], parts)


def swap(kept: Any) -> None:
    parts = records(kept.files[0])
    parts[4], parts[5] = parts[5], parts[4]
    put(kept.files[0], parts)


def append(kept: Any) -> None:
    kept.files[0].write_bytes(kept.files[0].read_bytes() + records(kept.files[0])[4])


def delete(kept: Any) -> None:
    kept.files[0].unlink()


def add_a_file(kept: Any) -> None:
    shutil.copy(kept.files[0], str(kept.files[0]).replace(".warc.gz", "-2.warc.gz"))


def edit(statement: str) -> Callable[[Any], None]:
    def act(kept: Any) -> None:
        with sqlite3.connect(kept.state) as connection:
            connection.execute(statement)
        connection.close()

    return act


def cut_off_in_the_chain_too(kept: Any) -> None:
    """The last records are gone from the file, from the chain, and the file is as long as the state says."""
    parts = records(kept.files[0])[:-2]
    put(kept.files[0], parts)
    with sqlite3.connect(kept.state) as connection:
        connection.execute("DELETE FROM chain WHERE number > ?", (len(parts),))
        connection.execute("UPDATE evidence_files SET size = ?", (sum(map(len, parts)),))
    connection.close()


EDITED_EVENTS = (
    """data = replace(data, '"B"', '"Z"'), at = replace(at, '20', '21')""",
    "at = replace(at, '20', '21')",
    "at = replace(at, '20', '19')",
    "previous = replace(previous, '20', '19')",
    "source = 'other'",
    "label = 'Other'",
    "authority = 'other'",
    "entry_key = 'other'",
    "kind = 'health'",
)
EDITED_CAPTURES = (
    "at = replace(at, '20', '21')",
    "previous = replace(previous, '20', '19')",
    "source = 'other'",
    "kind = 'suspicious'",
    "link = zeroblob(32)",
    "first = first + 1",
    "size = size + 1",
    "same_as = 1",
)
UNREADABLE = (  # a statement, and the row that is named
    ("UPDATE captures SET last = last - 1 WHERE id = 2", "does not describe capture 2"),
    ("UPDATE captures SET at = 'never' WHERE id = 2", "captures 2: this row of the state is damaged"),
    ("UPDATE evidence_files SET removed = 'x'", "evidence_files 1: this row of the state is damaged"),
    ("UPDATE events SET kind = 'changes' WHERE id = 2", "events 2: this row of the state is damaged"),
    ("UPDATE events SET data = '{' WHERE id = 2", "events 2: this row of the state is damaged"),
    ("UPDATE events SET label = CAST(x'ff' AS TEXT) WHERE id = 2", "events 2: this row of the state is damaged"),
)
OTHER = "x'" + "5a" * 32 + "'"


@pytest.mark.parametrize(
    ("tamper", "says"),
    [
        (flip, r"record 5: its bytes [\d,]+ to [\d,]+ were altered"),
        (rewrite, r"record 5: its bytes [\d,]+ to [\d,]+ were altered"),
        (cut, r"record 13: the file was cut off"),
        (cut_off_a_record, r"record 13: the file was cut off"),
        (cut_off_in_the_chain_too, r"record 13: a capture has it, and the chain ends before it"),
        (remove, r"record 5: it was removed: record 6 is in its place"),
        (swap, r"record 5: record 6 is in its place, and it is behind that one"),
        (append, r"[\d,]+ bytes stand behind its last record"),
        (delete, r"record 1: the file is missing"),
        (add_a_file, r"-2\.warc\.gz: the chain knows nothing of this file"),
        (edit(f"UPDATE chain SET sha256 = {OTHER} WHERE number = 5"), r"record 5: its hash was edited in the chain"),
        (
            edit(f"UPDATE chain SET link = {OTHER} WHERE number = 5"),
            r"record 5: its link is not made of the link before",
        ),
        (edit("UPDATE chain SET offset = offset + 1 WHERE number = 5"), r"record 5: its place was edited in the chain"),
        (edit("UPDATE chain SET length = length + 1 WHERE number = 5"), r"record 5: "),
        (
            edit("UPDATE events SET data = replace(data, '\"B\"', '\"Z\"') WHERE id = 2"),
            r"says something else of change #2",
        ),
        (edit("DELETE FROM chain WHERE number = 5"), r"record 6: record 5 is missing from the chain"),
        (
            edit(f"UPDATE chain SET link = {OTHER} WHERE number = 0"),
            r"record 1: its link is not made of the link before",
        ),
    ],
)
def test_tampering_is_found_and_named(copied: Any, watch: Callable[..., Any], tamper: Any, says: str) -> None:
    assert watch("verify").code == 0
    tamper(copied)
    ran = watch("verify")
    assert ran.code == 1
    assert re.search(says, ran.err), ran.err
    assert "NOT as it was written" in ran.out


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        *((f"UPDATE events SET {what} WHERE id = 2", "says something else of change #2") for what in EDITED_EVENTS),
        *((f"UPDATE captures SET {what} WHERE id = 2", "says something else of c") for what in EDITED_CAPTURES),
        *UNREADABLE,
        ("DELETE FROM proofs WHERE event_id = 2", "says something else of change #2"),
        ("UPDATE proofs SET capture_id = 3 WHERE event_id = 2", "says something else of change #2"),
        ("UPDATE captures SET file_id = 77 WHERE id = 2", "capture 2: its file is not among those of the state"),
    ],
)
def test_what_is_edited_in_a_row_of_the_state_is_found(copied: Any, statement: str, says: str) -> None:
    edit(statement)(copied)
    with Store.open(f"sqlite:///{copied.state}") as store:
        problems = verification.of_state(store, copied.folder).problems
    assert says in "; ".join(map(str, problems))


def test_a_flipped_bit_in_a_row_of_an_event_or_a_capture_is_found(copied: Any) -> None:
    # `pages` only tells whether the same pages were captured before; an event with another number is one that was deleted
    tables = {"events": "id", "captures": "id", "proofs": "event_id"}
    chosen, missed = random.Random(1), list[str]()
    with closing(sqlite3.connect(copied.state, isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        for _ in range(200):
            table = chosen.choice(list(tables))
            columns = [
                row[1] for row in connection.execute(f"PRAGMA table_info({table})") if (table, row[1]) not in HARMLESS
            ]
            column = chosen.choice(columns)
            rows = connection.execute(f"SELECT rowid, {column} FROM {table} WHERE {column} NOT IN ('')").fetchall()
            if not rows:
                continue
            row, value = chosen.choice(rows)
            put = (
                f"UPDATE {table} SET {column} = {'CAST(? AS TEXT)' if isinstance(value, str) else '?'} WHERE rowid = ?"
            )
            flipped = flip_a_bit(value, chosen)
            try:
                connection.execute(put, (flipped, row))
            except sqlite3.IntegrityError:
                continue
            with Store.open(f"sqlite:///{copied.state}") as store:
                problems = verification.of_state(store, copied.folder).problems
            missed += [] if problems else [f"{table} {row} {column}: {value!r} -> {flipped!r}"]
            back = row if column != tables[table] else flipped
            connection.execute(put, (value, back))
    assert missed == []


HARMLESS = {("captures", "pages"), ("events", "id")}


def flip_a_bit(value: Any, chosen: random.Random) -> Any:
    if isinstance(value, int):
        return value ^ (1 << chosen.randrange(8))
    raw = bytearray(value.encode() if isinstance(value, str) else value)
    raw[chosen.randrange(len(raw))] ^= 1 << chosen.randrange(8)
    return bytes(raw)


def test_a_source_that_was_renamed_is_as_it_was_written(captured: Any, watch: Callable[..., Any]) -> None:
    with Store.open(f"sqlite:///{captured.state}") as store:
        assert store.adopt("other", ["list"]) == "list"
    assert watch("verify").code == 0
    edit("UPDATE captures SET source = 'third' WHERE id = 2")(captured)
    assert watch("verify").code == 1


def test_a_capture_of_an_earlier_build_tells_only_of_changes(
    kept: Any, watch: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    about = writer.about

    def as_before(*given: Any) -> Any:
        made = about(*given)
        content = json.loads(parse_record(made.data).payload)
        del content["events"]
        return record("metadata", json.dumps(content).encode(), JSON, at=given[0].began)

    monkeypatch.setattr(writer, "about", as_before)
    for branch in "AB":
        kept.show(branch)
        kept.check()
    ran = watch("verify")
    assert (ran.code, "2 captures of earlier builds tell only of changes" in " ".join(ran.out.split())) == (0, True)
    edit("UPDATE events SET label = 'Other' WHERE id = 2")(kept)
    assert watch("verify").code == 0
    edit("UPDATE events SET data = replace(data, '\"B\"', '\"Z\"') WHERE id = 2")(kept)
    assert watch("verify").code == 1


def test_a_clean_chain_ends_with_its_head(copied: Any, watch: Callable[..., Any]) -> None:
    ran = watch("verify", "--json")
    found = json.loads(ran.out)
    assert (ran.code, found["ok"], found["records"], found["files"], found["problems"]) == (0, True, 13, 1, [])
    assert found["head"]["number"] == 13


def test_files_and_an_exported_chain_are_enough(copied: Any, watch: Callable[..., Any], tmp_path: Path) -> None:
    given = tmp_path / "given"
    given.mkdir()
    assert watch("verify", "--export", str(given / "chain.jsonl")).code == 0
    shutil.copy(copied.files[0], given)
    shutil.rmtree(copied.folder)
    copied.state.unlink()
    Path("watch.toml").unlink()
    assert watch("verify", str(given)).code == 0
    packed = Path(shutil.make_archive("given", "zip", given))
    assert watch("verify", str(packed)).code == 0
    copied.folder = given
    remove(copied)
    ran = watch("verify", str(given))
    assert (ran.code, "record 5: it was removed" in ran.err) == (1, True)


def test_a_chain_without_a_state_that_was_tampered_with(copied: Any, watch: Callable[..., Any], tmp_path: Path) -> None:
    watch("verify", "--export", str(tmp_path / "chain.jsonl"))
    shutil.copy(copied.files[0], tmp_path)
    lines = (tmp_path / "chain.jsonl").read_text().splitlines(keepends=True)
    del lines[5]
    (tmp_path / "chain.jsonl").write_text("".join(lines))
    ran = watch("verify", str(tmp_path))
    assert (ran.code, "record 4 is missing from the chain" in ran.err) == (1, True)


@pytest.mark.parametrize(("text", "says"), [("", "does not say"), ("{}\n", "does not say"), ("[1]\n", "does not say")])
def test_what_is_no_chain(watch: Callable[..., Any], tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "chain.jsonl").write_text(text)
    ran = watch("verify", str(tmp_path))
    assert (ran.code, says in ran.err) == (2, True)


def test_without_evidence_it_says_what_to_do(kept: Any, watch: Callable[..., Any]) -> None:
    assert "there is no evidence" in watch("verify").err
    kept.configure(evidence="")
    assert "no table [evidence]" in watch("verify").err


def test_what_a_broken_check_left_is_cut_off_by_the_next(captured: Any, watch: Callable[..., Any]) -> None:
    file = captured.files[0]
    whole = file.read_bytes()
    file.write_bytes(whole + records(file)[4] + records(file)[6][:30])
    assert watch("verify").code == 1
    captured.check()  # unchanged
    assert file.read_bytes() == whole
    assert watch("verify").code == 0


def test_what_no_broken_check_can_have_left_is_not_touched(captured: Any, watch: Callable[..., Any]) -> None:
    file = captured.files[0]
    more = file.read_bytes() + b"".join(records(file)[4:10])  # two captures: an older state was restored
    file.write_bytes(more)
    captured.show("E")
    assert captured.check()["status"] == "ok"
    assert file.read_bytes() == more
    assert [each.name.endswith("-2.warc.gz") for each in captured.files] == [True, False]


def test_what_is_written_while_the_chain_is_looked_at_is_no_end_that_was_cut_off(
    captured: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    verify = verification.verify

    def look(*given: Any) -> Any:
        found = verify(*given)
        captured.show("E")
        assert captured.check()["status"] == "ok"
        return found

    monkeypatch.setattr(verification, "verify", look)
    with Store.open(f"sqlite:///{captured.state}") as store:
        assert verification.of_state(store, captured.folder).problems == []
