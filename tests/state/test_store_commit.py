"""One check, one transaction: what it writes, and races between two processes."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from sources import Entry, Get, Page
from state.compare.reader_fingerprints import body_fingerprint
from state.db.tables.core import BODIES, ENTRIES, PAGES
from state.model import (
    Acceptance,
    Commit,
    Difference,
    Event,
    EventKind,
    Habits,
    Health,
    Mention,
    Route,
    SourceState,
    Standing,
    Status,
    StoredPage,
)
from state.store import Store
from tests.storing import set_due
from tests.torture.processes import ended

MOSCOW = timezone(timedelta(hours=3))
WHOLE = Entry(
    "7", "Телеграм", {"b": "2", "a": "1"}, "https://t.example", datetime(2025, 7, 1, 12, 30, 1, 5, MOSCOW), "a\nb"
)
NOTHING = Difference((), (), {}, {}, b"digest", 0, ())


def page(body: bytes, etag: str | None = None, **get: Any) -> StoredPage:
    request = Get("https://register.example/list", **get)
    headers = {"content-type": "text/html", "set-cookie": "session=1"}
    fetched = datetime(2025, 7, 14, 11, 59, 59, 123456, UTC)
    return StoredPage(
        Page(request, "https://register.example/en", 200, headers, body, fetched, "cp1251"),
        body_fingerprint(body),
        etag,
        None,
    )


def accept(difference: Difference = NOTHING, pages: Sequence[StoredPage] = (), **rest: Any) -> Acceptance:
    return Acceptance(difference, pages, "reading", "place", **rest)


def rows(store: Store, table: Any) -> list[Any]:
    with store._database.reading() as connection:
        return list(connection.execute(table.select().order_by(*table.primary_key)))


def test_a_source_that_was_never_seen_has_an_empty_state(store: Store) -> None:
    assert store.source("register") == SourceState("register")
    assert (dict(store.known("register").rows()), store.pages("register"), store.sources()) == ({}, [], [])


def test_all_of_a_state_comes_back_as_it_was_in_utc(store: Store, noon: datetime) -> None:
    times = [noon + timedelta(hours=hours, microseconds=1) for hours in range(6)]
    health = Health(
        Status.SUSPICIOUS,
        "mass_loss",
        "41 gone",
        noon.astimezone(MOSCOW),
        2,
        told=True,
        told_as=(Status.FAILING, Status.SUSPICIOUS),
        alerted_snapshots=("mass_loss:1f0c", "mass_change:9a7e"),
        alerted_at=noon,
    )
    said = dict(zip(("checked", "tried", "due", "wait_until", "accepted", "reread"), times, strict=True))
    state = SourceState(
        "register", 0, health, **said, entries=7, digest=b"digest", reading="r", place="p", held=b"held"
    )
    state = replace(state, habits=Habits(newest=noon, moving={"price": 2}, moved={"price": {"1f0c": "9a7e"}}))
    store.commit("register", lambda _: Commit(state))
    stored = store.source("register")
    assert stored == state
    assert stored.health.since is not None
    assert stored.health.since.utcoffset() == timedelta()


def test_an_acceptance_is_one_more_revision_and_nothing_else_is(store: Store, state: SourceState) -> None:
    store.commit("register", lambda _: Commit(replace(state, revision=99)))
    assert store.source("register").revision == 0
    store.commit("register", lambda _: Commit(state, accept()))
    stored = store.source("register")
    assert (stored.revision, stored.digest, stored.reading, stored.place) == (1, b"digest", "reading", "place")


def test_an_entry_comes_back_as_it_was(desk: Any) -> None:
    desk.check("register", [Entry("1"), WHOLE])
    known = desk.store.known("register")
    (number,) = [mark.id for mark in dict(known.rows()).values() if mark.key == "7"]
    assert known.contents([number]) == {number: WHOLE}


def test_a_change_a_removal_and_a_return_are_written(desk: Any) -> None:
    desk.check("register", [Entry("1", "one"), Entry("2", "two")])
    desk.check("register", [Entry("1", "ONE"), Entry("3", "three")])
    standings = {mark.key: mark.standing for mark in dict(desk.store.known("register").rows()).values()}
    assert standings == {"1": Standing.PRESENT, "2": Standing.REMOVED, "3": Standing.PRESENT}
    difference = desk.check("register", [Entry("1", "ONE"), Entry("2", "two"), Entry("3", "three")])
    assert [(change.kind, change.before) for change in difference.changes] == [("reappeared", Entry("2", "two"))]
    assert [row.title for row in rows(desk.store, ENTRIES)] == ["ONE", "two", "three"]


def test_a_window_comes_back_in_its_order(desk: Any) -> None:
    desk.check("feed", [Entry(key) for key in "edcba"], window=True)
    assert desk.store.known("feed").order == list("edcba")
    difference = desk.check("feed", [Entry(key) for key in "edba"], window=True)
    assert [change.kind for change in difference.changes] == ["removed"]


def test_a_baseline_forgets_all_entries_of_its_source_alone(desk: Any) -> None:
    desk.check("register", [Entry(key) for key in "ab"])
    desk.check("other", [Entry(key) for key in "ab"])
    desk.check("register", [Entry("c")], fresh=True)
    assert [mark.key for mark in dict(desk.store.known("register").rows()).values()] == ["c"]
    assert len(dict(desk.store.known("other").rows())) == 2


def test_a_baseline_that_updates_old_rows_is_a_mistake(store: Store, state: SourceState) -> None:
    wrong = replace(NOTHING, stand={1: Standing.REMOVED})
    with pytest.raises(ValueError, match="against nothing"):
        store.commit("register", lambda _: Commit(state, accept(wrong, fresh=True)))


def test_content_that_a_faster_baseline_dropped_is_not_loaded_for_another_entry(desk: Any) -> None:
    desk.check("register", [Entry("a")])
    known = desk.store.known("register")
    desk.check("register", [], fresh=True)
    desk.check("other", [Entry("b")])
    if desk.store._database.name.endswith("state.db"):
        assert rows(desk.store, ENTRIES)[0].id == 1, "SQLite uses the number again"
    assert known.contents([1]) == {}


def test_pages_come_back_with_all_that_a_reader_sees(store: Store, state: SourceState) -> None:
    get: dict[str, Any] = {"method": "POST", "query": {"p": 1}, "form": {"a": "b"}, "json": [1], "headers": {"x": "y"}}
    first = page(b"<p>one", "etag", **get, reader="second", carry={"token": ["t"]}, after=2.5)
    store.commit("register", lambda _: Commit(state, accept(pages=[first, page(b"<p>two")])))
    one, two = store.pages("register")
    assert (one.page.get, one.page.body, one.page.fetched) == (first.page.get, b"<p>one", first.page.fetched)
    assert (one.page.url, one.page.status, one.page.encoding) == ("https://register.example/en", 200, "cp1251")
    assert (one.etag, one.last_modified, one.body_hash) == ("etag", None, first.body_hash)
    assert one.page.get.identity == first.page.get.identity
    assert two.page.body == b"<p>two"


def test_a_cookie_is_not_kept(store: Store, state: SourceState) -> None:
    store.commit("register", lambda _: Commit(state, accept(pages=[page(b"one")])))
    assert store.pages("register")[0].page.headers == {"content-type": "text/html"}


def test_a_body_that_is_stored_is_not_written_again(store: Store, state: SourceState) -> None:
    store.commit("register", lambda _: Commit(state, accept(pages=[page(b"one"), page(b"two")])))
    before = rows(store, BODIES)
    changed = page(b"one", "new")._replace(page=replace(page(b"one").page, content=b"never read"))
    store.commit("register", lambda _: Commit(state, accept(pages=[changed])))
    assert rows(store, BODIES) == [row for row in before if row.hash == body_fingerprint(b"one")]
    assert (store.pages("register")[0].etag, store.pages("register")[0].page.body) == ("new", b"one")


@pytest.mark.parametrize(("level", "as_it_came"), [(6, True), (0, False)])
def test_a_body_that_came_packed_well_is_stored_as_it_came(
    level: int, as_it_came: bool, store: Store, state: SourceState
) -> None:
    body = b"<tr><td>a row</td></tr>" * 100
    came = page(body)._replace(page=replace(page(body).page, gzip=gzip.compress(body, level)))
    store.commit("register", lambda _: Commit(state, accept(pages=[came])))
    assert (rows(store, BODIES)[0].body == came.page.gzip) is as_it_came
    assert store.pages("register")[0].page.body == body


def test_new_validators_of_unchanged_pages_are_no_new_revision(store: Store, state: SourceState) -> None:
    store.commit("register", lambda _: Commit(state, accept(pages=[page(b"one", "old")])))
    store.commit("register", lambda now: Commit(now, validators=[page(b"one", "new")]))
    assert [stored.etag for stored in store.pages("register")] == ["new"]
    assert store.source("register").revision == 1


def test_pages_read_without_their_bodies_can_be_committed_again(store: Store, state: SourceState) -> None:
    store.commit("register", lambda _: Commit(state, accept(pages=[page(b"one", "old")])))
    (bare,) = store.pages("register", bodies=False)
    assert (bare.page.body, bare.body_hash, bare.etag) == (b"", body_fingerprint(b"one"), "old")
    store.commit("register", lambda now: Commit(now, validators=[bare._replace(etag="new")]))
    assert [(stored.page.body, stored.etag) for stored in store.pages("register")] == [(b"one", "new")]


def test_held_pages_stand_beside_the_accepted_ones_until_they_are_cleared(store: Store, state: SourceState) -> None:
    store.commit("register", lambda _: Commit(state, accept(pages=[page(b"good")])))
    store.commit("register", lambda now: Commit(now, held=[page(b"doubtful"), page(b"good")]))
    store.commit("register", Commit)
    held = [stored.page.body for stored in store.pages("register", held=True)]
    assert (held, [stored.page.body for stored in store.pages("register")]) == ([b"doubtful", b"good"], [b"good"])
    store.commit("register", lambda now: Commit(now, held=[]))
    assert store.pages("register", held=True) == []
    assert [row.hash for row in rows(store, BODIES)] == [body_fingerprint(b"good")]


def test_nothing_is_written_when_there_is_nothing_to_decide(store: Store) -> None:
    assert store.commit("register", lambda _: None) is None
    assert store.sources() == []


def to(due: datetime, *channels: str) -> list[Route]:
    return [Route(channel, due) for channel in channels]


def alert(title: str, *entities: str) -> Event:
    at = datetime(2025, 7, 14, 12, tzinfo=UTC)
    mentions = [Mention(entity, entity.title(), entity.upper(), "title") for entity in entities]
    return Event(EventKind.CHANGE, "register", "The register", "record", at, None, {"title": title}, mentions)


def test_events_and_deliveries_are_written_with_the_check(store: Store, state: SourceState, noon: datetime) -> None:
    alerts = [(alert("one", "telegram", "max"), to(noon, "desk", "chat", "desk")), (alert("two"), [])]
    events = store.commit("register", lambda _: Commit(state, accept(), alerts=alerts))
    assert events is not None
    assert [(event.id, event.data["title"], event.entities) for event in events] == [
        (1, "one", ["telegram", "max"]),
        (2, "two", []),
    ]
    assert store.log.event(1) == events[0]
    assert [(each.event, each.channel, each.due) for each in store.outbox.due(noon)] == [
        (events[0], "desk", noon),
        (events[0], "chat", noon),
    ]


def test_an_exception_while_deciding_leaves_everything_as_it_was(desk: Any) -> None:
    desk.check("register", [Entry("1")])
    before = desk.store.source("register")
    with pytest.raises(ZeroDivisionError):
        desk.store.commit("register", lambda _: 1 // 0)
    assert desk.store.source("register") == before
    desk.check("register", [Entry("2")])


def test_a_check_that_fails_halfway_stores_nothing_of_itself(desk: Any, state: SourceState, noon: datetime) -> None:
    desk.check("register", [Entry("1")])
    refused: Any = [(b"m" * 16, Entry("2")), (None, Entry("3"))]
    halfway = replace(NOTHING, insert=refused)
    with pytest.raises(Exception, match=r"(?i)not.null"):
        desk.store.commit(
            "register",
            lambda now: Commit(now, accept(halfway, [page(b"x")]), alerts=[(alert("x"), to(noon, "desk"))]),
        )
    assert desk.store.source("register").revision == 1
    assert (
        [mark.key for mark in dict(desk.store.known("register").rows()).values()],
        desk.store.pages("register"),
    ) == (
        ["1"],
        [],
    )
    assert desk.store.outbox.due(noon) == []


def test_of_two_processes_the_slower_one_sees_the_newer_revision(url: str, desk: Any) -> None:
    with Store.open(url) as other:
        slower = type(desk)(other)
        base = other.source("register").revision
        desk.check("register", [Entry("1")])
        seen: list[int] = []
        assert other.commit("register", lambda now: seen.append(now.revision)) is None
        assert (base, seen) == (0, [1])
        slower.check("register", [Entry("1"), Entry("2")])
    assert desk.store.source("register").revision == 2


def test_a_renamed_source_keeps_its_state_and_its_log(desk: Any, noon: datetime) -> None:
    desk.check("old", [Entry("1")])
    desk.alert(source="old")
    set_due(desk.store, {"new": noon})
    assert desk.store.adopt("new", ["older", "old"]) == "old"
    assert [state.name for state in desk.store.sources()] == ["new"]
    assert [mark.key for mark in dict(desk.store.known("new").rows()).values()] == ["1"]
    assert [event.source for event in desk.store.log.events(source="new")] == ["new"]
    assert desk.store.adopt("new", ["older", "old"]) is None


def test_a_source_with_a_snapshot_adopts_nothing(desk: Any) -> None:
    desk.check("old", [Entry("1")])
    desk.check("new", [Entry("2")])
    assert desk.store.adopt("new", ["old"]) is None
    assert desk.store.source("old").revision == 1


def test_a_forgotten_source_leaves_its_log_and_nothing_else(desk: Any, state: SourceState, noon: datetime) -> None:
    desk.check("register", [Entry("1")], [page(b"one")])
    desk.check("other", [Entry("1")])
    event = desk.alert("desk")
    assert desk.store.forget("register")
    assert not desk.store.forget("register")
    assert (rows(desk.store, BODIES), len(rows(desk.store, ENTRIES))) == ([], 1)
    assert desk.store.log.events() == [event]
    assert [(each.state, each.error) for each in desk.store.outbox.deliveries()] == [
        ("dead", "the source register was forgotten")
    ]


KILLED = """
import sys
from datetime import datetime, UTC
from sources import Entry
from state.compare.diff import Differ
from state.model import Acceptance, Commit, Event, EventKind, Route
from state.store import Store
with Store.open(sys.argv[1]) as store:
    differ = Differ(store.known("register"), b"", "complete")
    differ.see(Entry("1"))
    now = datetime.now(UTC)
    event = Event(EventKind.TEST, "register", "", "record", now, None, {})
    accepted = Acceptance(differ.finish(), [], "", "")
    store.commit("register", lambda state: Commit(state, accepted, alerts=[(event, [Route("desk", now)])]))
"""


@pytest.mark.parametrize(("point", "stored"), [("before_commit", 0), ("after_commit", 1)])
def test_a_process_that_is_killed_has_stored_all_or_nothing(url: str, tmp_path: Path, point: str, stored: int) -> None:
    assert ended(KILLED, url, failpoint=point) == (-9, "")
    with Store.open(url) as store:
        counts = (
            store.source("register").revision,
            len(dict(store.known("register").rows())),
            len(store.log.events()),
            store.outbox.counts()["pending"],
        )
    assert counts == (stored,) * 4


def test_others_can_read_while_one_writes(url: str, desk: Any) -> None:
    def read(_: SourceState) -> None:
        with Store.open(url) as other:
            assert other.sources() == []

    desk.store.commit("register", read)


class Decided:
    """What a check decides, whatever the state; counts how often it is asked."""

    def __init__(self, acceptance: Acceptance | None) -> None:
        self.acceptance, self.times = acceptance, 0

    def __call__(self, state: SourceState) -> Commit | None:
        self.times += 1
        return self.acceptance and Commit(replace(state, entries=2), acceptance=self.acceptance)


def changed(store: Store, name: str, *, new: bool) -> Acceptance:
    """A difference in one entry of a source, perhaps with a new one, with other pages."""
    ((mark, old),) = store.known(name).rows()
    entry = Entry("7", "changed " * 1000)
    update = {old.id: (mark[::-1], entry)}
    insert = [(b"m" * 16, Entry("8"))] if new else []
    before = dict(store.known(name).contents([old.id]))
    return accept(Difference(insert, (), update, {}, b"later", 1, (), was=before), [page(b"second"), page(b"third")])


def without_number(row: Any) -> dict[str, Any]:
    return {name: value for name, value in row._mapping.items() if name not in ("id", "source_id")}


def start(store: Store, *names: str) -> None:
    first = accept(replace(NOTHING, insert=[(b"n" * 16, WHOLE)]), [page(b"first"), page(b"second")], fresh=True)
    for name in names:
        store.commit(name, Decided(first))


@pytest.mark.parametrize("new", [False, True])
def test_what_is_prepared_is_written_as_if_it_were_not(store: Store, new: bool) -> None:
    start(store, "plain", "prepared")
    then = datetime.now(UTC)
    store.commit("plain", Decided(changed(store, "plain", new=new)))
    decide = Decided(changed(store, "prepared", new=new))
    assert list(store.committing("prepared", decide, store.prepare("prepared", decide))) == []
    assert decide.times == 1
    for table in (ENTRIES, PAGES, BODIES):
        plain, prepared = ([without_number(row) for row in rows(store, table) if row.source_id == at] for at in (1, 2))
        assert plain == prepared
    assert [each.entry for name in ("plain", "prepared") for each in store.history.entries(name, then)] == [WHOLE] * 2


def test_what_is_prepared_for_another_state_is_decided_anew(store: Store) -> None:
    start(store, "register")
    decide = Decided(changed(store, "register", new=True))
    prepared = store.prepare("register", decide)
    store.commit("register", lambda state: Commit(replace(state, tried=datetime(2025, 7, 14, tzinfo=UTC))))
    list(store.committing("register", decide, prepared))
    assert (decide.times, store.source("register").tried) == (2, datetime(2025, 7, 14, tzinfo=UTC))
    assert len(rows(store, BODIES)) == 2


def test_nothing_is_prepared_of_a_check_that_writes_nothing(store: Store) -> None:
    decide = Decided(None)
    assert list(store.committing("register", decide, store.prepare("register", decide))) == []
    assert store.sources() == []
