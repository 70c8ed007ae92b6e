"""What people say about a change, a case and a held snapshot: kept with the record of actions, bounded, and deleted with
what it is about.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from state.model import Comment, Handled, Marks
from state.storage import discussion
from state.storage.discussion import LAST, case_subject, change_subject, snapshot_subject
from state.store import Store
from tests.growth import cheapest
from tests.storing import add_event, came

NOW = datetime(2026, 9, 1, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
CASE = case_subject("telegram")


def record(store: Store) -> list[tuple[str, str, str]]:
    """The actions, the first at the front; the chain must be whole."""
    assert store.desk.find_broken_link() is None
    return [(each.who, each.what, each.subject) for each in reversed(store.desk.actions())]


def change(store: Store, at: datetime = NOW) -> int:
    return add_event(store, came("a", at, "telegram"), (), at).id


def test_nothing_is_marked_where_nothing_was_said(store: Store) -> None:
    number = change(store)
    assert store.discussion.of_changes([number]) == {}
    assert store.discussion.of_change(number) == Marks()


def test_a_comment_and_its_line_in_the_record_are_written_together(store: Store) -> None:
    number = change(store)
    subject = change_subject(number)
    first = store.discussion.comment(subject, "ada", "Is it @bob's?", ["bob"], NOW)
    second = store.discussion.comment(subject, "bob", "Yes.", [], NOW + MINUTE)
    assert store.discussion.of_change(number) == Marks(comments=(first, second), comment_count=2)
    assert store.discussion.comments(subject) == [second, first]
    assert store.discussion.comments(subject, below=second.id) == [first]
    assert record(store) == [
        ("ada", "comment", f"comment {first.id} on {subject}"),
        ("bob", "comment", f"comment {second.id} on {subject}"),
    ]


def test_a_comment_that_cannot_be_recorded_is_not_kept(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError("no room")

    monkeypatch.setattr(discussion, "record_action", fail)
    with pytest.raises(OSError, match="no room"):
        store.discussion.comment(CASE, "ada", "Lost", [], NOW)
    with pytest.raises(OSError, match="no room"):
        store.discussion.mark(CASE, "assigned", "bob", "ada", NOW)
    assert (store.discussion.comments(CASE), store.discussion.find([CASE])) == ([], {})


def test_a_comment_that_is_deleted_stays_in_the_record(store: Store) -> None:
    said = store.discussion.comment(CASE, "ada", "Wrong", [], NOW)
    other = case_subject("sable")
    assert not store.discussion.delete_comment(other, said.id, "ada", NOW, others=True)
    assert not store.discussion.delete_comment(CASE, said.id, "bob", NOW, others=False)
    assert store.discussion.delete_comment(CASE, said.id, "root", NOW, others=True)
    assert not store.discussion.delete_comment(CASE, said.id, "root", NOW, others=True)
    assert store.discussion.find([CASE])[CASE] == Marks()
    assert record(store)[1:] == [("root", "delete", f"comment {said.id} of ada on {CASE}")]


def test_the_record_says_what_a_mark_was_before(store: Store) -> None:
    for name, value in (("assigned", "bob"), ("importance", "high"), ("assigned", None), ("importance", "normal")):
        store.discussion.mark(CASE, name, value, "ada", NOW)  # type: ignore[arg-type]  # of two names
    assert store.discussion.find([CASE])[CASE] == Marks()
    assert record(store) == [
        ("ada", "assign", f"{CASE}: bob, before nobody"),
        ("ada", "importance", f"{CASE}: high, before normal"),
        ("ada", "assign", f"{CASE}: nobody, before bob"),
        ("ada", "importance", f"{CASE}: normal, before high"),
    ]


def test_the_same_mark_again_is_no_action(store: Store) -> None:
    store.discussion.mark(CASE, "importance", "normal", "ada", NOW)
    store.discussion.mark(CASE, "assigned", None, "ada", NOW)
    assert (record(store), store.discussion.find([CASE])) == ([], {})


def test_marks_of_many_changes_come_with_who_handled_them(store: Store) -> None:
    numbers = [change(store) for _ in range(4)]
    store.discussion.mark(change_subject(numbers[0]), "assigned", "ada", "root", NOW)
    store.desk.handle(numbers[1], "bob", NOW)
    said = store.discussion.comment(change_subject(numbers[2]), "ada", "x" * 5000, [], NOW)
    found = store.discussion.of_changes(numbers)
    assert found == {
        numbers[0]: Marks(assigned="ada"),
        numbers[1]: Marks(handled=Handled("bob", NOW)),
        numbers[2]: Marks(comments=(replace(said, text="x" * 1000),), comment_count=1),
    }
    assert store.discussion.of_change(numbers[2]).comments == (said,)
    assert store.discussion.of_changes(numbers, last=0)[numbers[2]] == Marks(comment_count=1)
    assert [event.id for event, _ in store.discussion.along(store.log.events())] == numbers[::-1]


def test_of_many_comments_the_last_ones_go_along(store: Store) -> None:
    subjects = [CASE, change_subject(change(store))]
    said = {
        each: [store.discussion.comment(each, "ada", f"{n}", [], NOW) for n in range(LAST + 3)] for each in subjects
    }
    found = store.discussion.find(subjects)
    assert {each: (marks.comments, marks.comment_count) for each, marks in found.items()} == {
        each: (tuple(comments[-LAST:]), LAST + 3) for each, comments in said.items()
    }


def test_who_looks_at_a_change_waits_no_longer_for_its_many_comments(store: Store) -> None:
    sizes = (1000, 10_000)
    with store._database.writing() as connection:
        for size in sizes:
            row = {"subject": case_subject(f"{size}"), "who": "ada", "at": NOW, "text": "x" * 200, "mentions": []}
            for _ in range(size // 500):
                connection.execute(discussion.COMMENTS.insert(), [row] * 500)
    for size in sizes:
        store.discussion.mark(case_subject(f"{size}"), "assigned", "ada", "root", NOW)

    def look(size: int) -> None:
        subject = case_subject(f"{size}")
        for _ in range(10):
            marks = store.discussion.find([subject])[subject]
            assert (len(marks.comments), marks.comment_count) == (LAST, size)
            assert len(store.discussion.comments(subject)) == 50

    few, many = (cheapest(lambda size=size: look(size)) for size in sizes)
    assert many < 5 * few  # ten times as many


def test_a_secret_in_a_comment_is_not_kept(store: Store) -> None:
    store.use_secrets(lambda text: text.replace("hunter2", "${KEY}"), str)
    assert store.discussion.comment(CASE, "ada", "it is hunter2", [], NOW).text == "it is ${KEY}"
    assert store.discussion.comments(CASE)[0].text == "it is ${KEY}"


def test_what_was_said_goes_with_the_change(store: Store) -> None:
    old, young = change(store, NOW - timedelta(days=500)), change(store)
    snapshots = [snapshot_subject("1a2b3c4d5e6f", name) for name in ("list", "other")]
    for subject, at in (
        *((change_subject(number), NOW) for number in (old, young)),
        (CASE, NOW - timedelta(days=500)),
        (snapshots[0], NOW - timedelta(days=500)),
        (snapshots[1], NOW),
    ):
        store.discussion.comment(subject, "ada", subject, [], at)
    for number in (old, young):
        store.shares.add(f"proof {number}", "ada", NOW + timedelta(days=9), NOW)
    store.retention.expire(NOW - timedelta(days=400), 100)
    kept = [change_subject(young), CASE, snapshots[1]]
    assert sorted(store.discussion.find([change_subject(old), *snapshots, *kept])) == sorted(kept)
    assert [bool(store.discussion.comments(each)) for each in (change_subject(old), *kept)] == [False, True, True, True]
    assert [share.subject for share in store.shares.given_out()] == [f"proof {young}"]


def test_what_was_said_about_a_snapshot_goes_with_a_source_that_is_forgotten(store: Store) -> None:
    mine, others = (snapshot_subject("1a2b3c4d5e6f", name) for name in ("list", "a list"))
    for subject in (mine, others):
        store.discussion.comment(subject, "ada", "no", [], NOW)
    store.forget("list")
    assert [store.discussion.comments(each) != [] for each in (mine, others)] == [False, True]
    assert list(store.discussion.find([mine, others])) == [others]


def test_people_are_those_who_have_signed_in(store: Store) -> None:
    store.desk.visit("vera", NOW)
    store.readers.set_role("ada", "editor", NOW)
    assert (store.discussion.people(), store.discussion.people(["ada", "zoe"])) == (["ada", "vera"], ["ada"])


def test_a_link_is_good_until_its_end(store: Store) -> None:
    token = store.shares.add(CASE, "ada", NOW + MINUTE, NOW)
    share = store.shares.find(token)
    assert share is not None
    assert (share.subject, share.who, share.is_open(NOW), share.is_open(NOW + MINUTE)) == (CASE, "ada", True, False)
    assert store.shares.find(token[:-1]) is None
    assert record(store) == [("ada", "share", f"{CASE} by link {share.id} until {(NOW + MINUTE).isoformat()}")]


def test_a_token_is_not_kept(store: Store) -> None:
    token = store.shares.add(CASE, "ada", NOW + MINUTE, NOW)
    with store._database.reading() as connection:
        [row] = connection.execute(discussion.SHARES.select()).all()
    assert token not in str(row)
    assert len(bytes(row.digest)) == 32
    assert token not in str(record(store))


def test_all_links_to_a_subject_are_ended_at_once(store: Store) -> None:
    tokens = [store.shares.add(subject, "ada", NOW + MINUTE, NOW) for subject in (CASE, CASE, "change 1")]
    for _ in range(2):
        store.shares.end([CASE], "root", NOW)
    found = [store.shares.find(token) for token in tokens]
    assert [share is not None and share.is_open(NOW) for share in found] == [False, False, True]
    assert record(store)[3:] == [("root", "end link", f"{CASE} by link {share.id}") for share in found[:2] if share]
    numbers = [share.id for share in store.shares.given_out()]
    assert numbers == sorted(numbers, reverse=True)
    assert [share.id for share in store.shares.given_out(below=numbers[0])] == numbers[1:]
    assert [share.subject for share in store.shares.given_out([CASE])] == [CASE, CASE]


def test_comments_are_plain_values(store: Store) -> None:
    said = store.discussion.comment(CASE, "ada", "Привет 👋", [], NOW)
    assert store.discussion.comments(CASE) == [Comment(said.id, "ada", NOW, "Привет 👋")]
