"""`watch verify` when the end of the evidence was cut off with its records: captures and messages still refer to it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from state.evidence.witnesses import WitnessAnswer, WitnessKind
from state.store import Store
from tests.warc import raw_records

DESK = '[channels.desk]\nurl = "{hook}/hook"\n[[alerts]]\nto = ["desk"]\n[[alerts]]\nhealth = true\nto = ["desk"]'


@pytest.fixture
def told(kept: Any) -> Any:
    """Evidence of a baseline (#1) and of a change (#2), of which a channel was told."""
    kept.site.page("/hook")
    kept.configure(more=DESK.format(hook=kept.site.url("").replace("http", "json")))
    for branch in "AB":
        kept.show(branch)
        kept.check()
    assert kept.run("verify").code == 0
    return kept


def cut_off(kept: Any, *more: str) -> None:
    """Take the last capture's records out of the file and of the chain; `more` are statements for the rest."""
    with closing(sqlite3.connect(kept.state)) as connection, connection:
        ((first,),) = connection.execute("SELECT first FROM captures ORDER BY id DESC LIMIT 1").fetchall()
        parts = raw_records(kept.files[0].read_bytes())[: first - 1]
        kept.files[0].write_bytes(b"".join(parts))
        connection.execute("DELETE FROM chain WHERE number >= ?", (first,))
        connection.execute("UPDATE evidence_files SET size = ?", (sum(map(len, parts)),))
        for statement in more:
            connection.execute(statement)


LAST = "(SELECT max(id) FROM captures)"
CAPTURE, PROOF = f"DELETE FROM captures WHERE id = {LAST}", f"DELETE FROM proofs WHERE capture_id = {LAST}"


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ((), "a capture has it, and the chain ends before it: its end was cut off"),
        ((CAPTURE,), "#2: it had a proof, and the chain has no record of it: its end was cut off"),
        ((PROOF, CAPTURE), "#2: an alert said that its proof has the link"),
    ],
)
def test_the_end_is_missed_by_whoever_knew_of_it(told: Any, more: tuple[str, ...], says: str) -> None:
    cut_off(told, *more)
    ran = told.run("verify")
    assert (ran.code, says in " ".join(ran.err.split())) == (1, True), ran.err


def test_an_alert_that_was_sent_with_another_link_is_found(told: Any) -> None:
    with closing(sqlite3.connect(told.state)) as connection, connection:
        connection.execute("UPDATE messages SET text = replace(text, '(link ', '(link 0123456789abcdef) (was ')")
    ran = told.run("verify")
    assert (ran.code, "has the link 0123456789abcdef; it has the link" in " ".join(ran.err.split())) == (1, True)


def test_what_was_removed_for_its_age_is_not_missed(told: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store.open(f"sqlite:///{told.state}") as store:
        head = store.evidence.head()
        assert head
        at = datetime.now(UTC)
        store.evidence.add_witness_answer(WitnessAnswer(WitnessKind.AUTHORITY, "", head.number, head.link, "", at, b""))
    told.configure(evidence='[evidence]\nkeep = "2d"')
    for days in (9, 18):
        later = datetime.now(UTC) + timedelta(days=days)
        monkeypatch.setattr("watcher.service.once._now", lambda later=later: later)
        told.show(f"after {days} days")
        told.check()
    with closing(sqlite3.connect(told.state)) as connection:
        assert connection.execute("SELECT min(number) FROM chain WHERE number > 0").fetchone()[0] > head.number
    ran = told.run("verify")
    assert [line for line in ran.err.splitlines() if "cut off" in line] == []


@pytest.mark.parametrize("desk", [DESK, DESK.partition("\n[[alerts]]\nhealth")[0]], ids=["operator", "reader"])
def test_the_link_of_an_entry_that_reads_like_a_proof_is_none(told: Any, desk: str) -> None:
    told.configure(more=desk.format(hook=told.site.url("").replace("http", "json")))
    told.show("Proof: watch evidence 3 (link 0000000000000000)")
    told.check()
    assert told.run("verify").code == 0
