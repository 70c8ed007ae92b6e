"""Evidence on either database: one chain, whichever process writes."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from sources import Entry, Get, Page
from state.compare.reader_fingerprints import body_fingerprint
from state.evidence.options import EvidenceOptions
from state.evidence.reading import recall
from state.evidence.verify import Verified, verify
from state.evidence.witnesses import WitnessAnswer, WitnessKind
from state.model import Capture, CaptureKind, Commit, Event, EventKind, Mention, Proof, Route, SourceState, StoredPage
from state.store import Store

Keep = Callable[..., Event]


@pytest.fixture
def kept(store: Store, tmp_path: Path) -> Path:
    """The folder of evidence."""
    store.evidence.keep(EvidenceOptions(folder=str(tmp_path / "kept"), keep="30d"))
    return tmp_path / "kept"


@pytest.fixture
def keep(store: Store, kept: Path, noon: datetime) -> Keep:
    """Commits a change of a source with this page; returns the stored event."""

    def commit(
        body: str, source: str = "register", at: datetime = noon, entity: str = "", to: tuple[str, ...] = ()
    ) -> Event:
        page = Page(
            Get("https://x.example/"), "https://x.example/", 200, {"content-type": "text/plain"}, body.encode(), at
        )
        stored = StoredPage(page, body_fingerprint(page.body), None, None)
        data = {"change": "changed", "key": "a", "title": "A", "fields": {}}
        mentions = [Mention(entity, entity, entity, "title")] if entity else []
        event = Event(EventKind.CHANGE, source, source, "record", at, None, data, mentions)
        capture = Capture(CaptureKind.CHANGED, at, [stored], {"name": source, "label": source})

        def decide(state: SourceState) -> Commit:
            return Commit(state, alerts=[(event, [Route(channel, at) for channel in to])], capture=capture)

        (told,) = store.commit(source, decide) or []
        return told

    return commit


def verified(store: Store, folder: Path) -> Verified:
    def opened(name: str) -> BinaryIO | None:
        return (folder / name).open("rb")

    return verify(store.evidence.chain, opened)


def test_an_event_knows_its_proof_and_so_does_who_reads_it_later(store: Store, keep: Keep) -> None:
    told = keep("one")
    assert told.proof is not None
    assert isinstance(told.proof, Proof)
    assert store.log.event(told.id) == told
    assert [link.link.hex() for link in store.evidence.chain()][-1] == told.proof.link


def test_a_capture_is_read_back_as_it_was(store: Store, keep: Keep, kept: Path) -> None:
    info = store.evidence.capture_of(keep("one").id)
    assert info is not None
    recalled = recall(store.evidence, kept, info)
    assert [shown.body for shown in recalled.pages] == [b"one"]
    assert recalled.about["changes"][0]["title"] == "A"


def test_many_who_write_at_once_make_one_chain(store: Store, keep: Keep, kept: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda number: keep(f"{number}", source=f"source {number % 6}"), range(40)))
    assert len({event.proof for event in told}) == 40
    found = verified(store, kept)
    assert (found.problems, found.records) == ([], 81)  # with the one that begins the file


def test_a_transaction_that_ends_badly_leaves_nothing_that_counts(
    store: Store, keep: Keep, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep("one")

    def fail(point: str) -> None:
        raise RuntimeError(point)

    with monkeypatch.context() as broken:
        broken.setattr("state.commits.reach", fail)
        with pytest.raises(RuntimeError):
            keep("two")
    assert [problem.tail for problem in verified(store, kept).problems] == [True]
    keep("three")
    assert verified(store, kept).problems == []


def test_old_files_are_forgotten_and_removed(store: Store, keep: Keep, kept: Path, noon: datetime) -> None:
    old, new = keep("one", at=noon - timedelta(days=40)), keep("two")
    assert len(store.evidence.expire(noon).old) == 1
    assert len(list(kept.iterdir())) == 1
    assert (store.evidence.capture_of(old.id), store.evidence.capture_of(new.id) is None) == (None, False)
    assert verified(store, kept).problems == []


def test_a_question_without_an_answer_goes_with_old_files(store: Store, keep: Keep, noon: datetime) -> None:
    _, new = keep("one", at=noon - timedelta(days=40)), store.evidence.capture_of(keep("two").id)
    assert new
    asked = WitnessAnswer(WitnessKind.ARCHIVE, "https://a.example", new.last, new.link, "https://b.example", noon, b"")
    for days, authority in enumerate("abc"):
        store.evidence.add_witness_answer(asked._replace(authority=authority, at=noon - timedelta(days=days)))
    store.evidence.note_faults(asked._replace(at=noon - timedelta(days=9)), 300)
    store.evidence.expire(noon)
    assert store.evidence.count_saved(noon - timedelta(days=9)) == 2
    assert (store.evidence.faults(asked), store.evidence.witness_answers()) == (300, [])  # they are counted on


def test_a_source_that_is_renamed_keeps_its_captures(store: Store, keep: Keep, desk: Any) -> None:
    desk.check("register", [Entry("a")])
    keep("one")
    assert store.adopt("list", ["register"]) == "register"
    assert [info.source for info in store.evidence.captures("list")] == ["list"]


def test_answers_are_kept_in_the_order_of_the_chain(store: Store, keep: Keep, noon: datetime) -> None:
    asked = list[WitnessAnswer]()
    for name in ("one", "two"):
        keep(name)
        head = store.evidence.head()
        assert head is not None
        asked += [
            WitnessAnswer(kind, "https://a.example", head.number, head.link, "", noon, b"") for kind in WitnessKind
        ]
    for each in reversed(asked):
        store.evidence.add_witness_answer(each._replace(answer=b"first"))
        store.evidence.add_witness_answer(each._replace(answer=b"answer"))  # takes its place
    told = [each._replace(answer=b"answer") for each in asked]
    assert sorted(store.evidence.witness_answers()) == sorted(told)
    assert [each.number for each in store.evidence.witness_answers()] == [each.number for each in told]
    first, last = told[:2], told[3:5]  # an archive's answer is about no link
    assert [sorted(store.evidence.stamps(since)) for since in (None, 0, first[0].number + 1)] == [
        sorted(last),
        sorted(first),
        sorted(last),
    ]
    assert store.evidence.stamps(last[0].number + 1) == []


def test_a_question_is_asked_by_one_at_a_time(store: Store, keep: Keep, noon: datetime) -> None:
    keep("one")
    later = noon + timedelta(hours=1)
    asked = WitnessAnswer(WitnessKind.CALENDAR, "https://a.example", 3, bytes(32), "", later, b"")
    assert [store.evidence.claim(asked, now) for now in (noon, noon, later)] == [True, False, True]
    assert store.evidence.claim(asked._replace(authority="https://b.example"), noon)
    assert store.evidence.witness_answers() == store.evidence.stamps() == []
    store.evidence.add_witness_answer(asked._replace(answer=b"answer"))
    assert not store.evidence.claim(asked, later)


def test_the_newest_change_without_a_copy_is_the_next_to_save(store: Store, keep: Keep, noon: datetime) -> None:
    old, new = keep("one", at=noon - timedelta(hours=1)), keep("two")
    since = noon - timedelta(days=1)
    for event in (new, old):
        info = store.evidence.find_unsaved(since, noon)
        assert info
        assert info == store.evidence.capture_of(event.id)
        told = WitnessAnswer(
            WitnessKind.ARCHIVE, "https://a.example", info.last, info.link, "https://x.example/", noon, b""
        )
        assert store.evidence.claim(told._replace(at=noon + timedelta(hours=1)), noon)
        assert (store.evidence.find_copies([event.id]), store.evidence.count_saved(noon)) == ({}, 1 + (event is old))
        assert store.evidence.find_unsaved(since, noon + timedelta(hours=2)) is not None  # nobody answered
        store.evidence.add_witness_answer(told._replace(answer=b"copy"))
        assert list(store.evidence.find_copies([event.id])) == [event.id]
    assert store.evidence.find_unsaved(since, noon + timedelta(hours=2)) is None


def test_copies_are_forgotten_with_their_pages(store: Store, keep: Keep, noon: datetime) -> None:
    keep("one", at=noon - timedelta(days=40))
    kinds = [WitnessKind.CALENDAR, WitnessKind.ARCHIVE]
    info = store.evidence.captures()[0]
    for kind in kinds:
        store.evidence.add_witness_answer(
            WitnessAnswer(kind, "https://a.example", info.last, info.link, "p", noon, b"answer")
        )
    keep("two")
    assert len(store.evidence.expire(noon).old) == 1
    assert [told.kind for told in store.evidence.witness_answers()] == kinds[:1]


def test_what_sent_messages_say_of_proofs_stands_beside_what_is_there(store: Store, keep: Keep, noon: datetime) -> None:
    event = keep("A", to=("desk", "ops"))
    assert event.proof
    for delivery in store.outbox.due(noon):
        assert store.outbox.compose(
            delivery.channel, f"key {delivery.channel}", "title", "text", "", [delivery.id], noon
        )
    assert list(store.evidence.find_told_proofs()) == []  # none was sent
    message = store.outbox.unsent(noon)[0]
    store.outbox.sent(message, noon)
    assert list(store.evidence.find_told_proofs()) == [(event.id, "text", event.proof.link)]
    assert store.evidence.find_unfounded() == []
