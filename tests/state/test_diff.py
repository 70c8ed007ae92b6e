"""Complete lists: the changes, and the state afterwards."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from sources import Entry
from sources.reading.entry_fingerprints import entry_fingerprint
from state.compare.diff import Differ
from state.errors import StateMovedError
from state.model import Change, Difference, Known, Standing, StoredEntry

NO_BRANCH = Entry("7", "Telegram", {"branch": "not fulfilled", "account": "yes"})
BRANCH = Entry("7", "Telegram", {"branch": "under approval", "account": "yes"})
VK = Entry("8", "VK", {"branch": "fulfilled"})


def told(difference: Difference) -> list[tuple[str, str]]:
    return [(change.kind.value, change.entry.key) for change in difference.changes]


def only(difference: Difference) -> Change:
    (change,) = difference.changes
    return change


def test_the_founding_story_one_field_of_a_row_changes(ledger: Any) -> None:
    ledger.check(NO_BRANCH, VK)
    change = only(ledger.check(BRANCH, VK))
    assert (change.kind, change.before, change.after) == ("changed", NO_BRANCH, BRANCH)
    assert change.fields == {"branch": ("not fulfilled", "under approval")}
    assert ledger.present() == [BRANCH, VK]


def test_a_new_row_has_all_its_fields_after(ledger: Any) -> None:
    ledger.check(VK)
    change = only(ledger.check(VK, NO_BRANCH))
    assert (change.kind, change.before) == ("added", None)
    assert change.fields == {"branch": (None, "not fulfilled"), "account": (None, "yes")}


def test_a_row_that_is_gone_has_all_its_fields_before(ledger: Any) -> None:
    ledger.check(VK, NO_BRANCH)
    change = only(ledger.check(NO_BRANCH))
    assert (change.kind, change.after, change.entry) == ("removed", None, VK)
    assert change.fields == {"branch": ("fulfilled", None)}


def test_nothing_changed_is_known_without_loading_anything(ledger: Any) -> None:
    ledger.check(NO_BRANCH, VK)
    differ = Differ(lambda: pytest.fail("loaded"), ledger.digest, "complete")
    for entry in (VK, NO_BRANCH, VK):
        differ.see(entry)
    difference = differ.finish()
    assert (told(difference), difference.count, difference.digest) == ([], 2, ledger.digest)


def test_a_large_source_loads_marks_once_and_keeps_no_old_entry(ledger: Any) -> None:
    ledger.check(*(Entry(number) for number in range(1, 1202)))
    loads = []

    def load() -> Known:
        loads.append(1)
        known: Known = ledger.known()
        return known

    differ = Differ(load, b"other", "complete")
    for number in range(1, 1200):
        differ.see(Entry(number))
    assert (len(loads), len(differ._filter.buffer)) == (1, 0)
    assert told(differ.finish()) == [("removed", "1200"), ("removed", "1201")]
    assert ledger.loaded == [1200, 1201]


def test_changes_come_in_the_order_of_the_snapshot_then_the_removed_as_stored(ledger: Any) -> None:
    ledger.check(*(Entry(key, key) for key in "abcdef"))
    ledger.check(*(Entry(key, key) for key in "abcde"))
    difference = ledger.check(Entry("z"), Entry("f", "f"), Entry("c", "C"), Entry("y"))
    assert told(difference) == [
        ("added", "z"),
        ("reappeared", "f"),
        ("changed", "c"),
        ("added", "y"),
        ("removed", "a"),
        ("removed", "b"),
        ("removed", "d"),
        ("removed", "e"),
    ]


def test_a_removed_row_that_comes_back_reappears(ledger: Any) -> None:
    ledger.check(NO_BRANCH, VK)
    ledger.check(VK)
    change = only(ledger.check(VK, NO_BRANCH))
    assert (change.kind, change.before, change.after, change.fields) == ("reappeared", NO_BRANCH, NO_BRANCH, {})


def test_a_row_that_comes_back_otherwise_says_against_what_it_was(ledger: Any) -> None:
    ledger.check(NO_BRANCH, VK)
    ledger.check(VK)
    change = only(ledger.check(VK, BRANCH))
    assert (change.kind, change.before) == ("reappeared", NO_BRANCH)
    assert change.fields == {"branch": ("not fulfilled", "under approval")}
    assert told(ledger.check(VK, BRANCH)) == []


def test_title_url_published_and_text_are_fields_of_those_names(ledger: Any) -> None:
    then, now = datetime(2025, 7, 1, tzinfo=UTC), datetime(2025, 7, 2, tzinfo=UTC)
    ledger.check(Entry("1", "A", url="https://a.example", published=then, text="one"))
    change = only(ledger.check(Entry("1", "B", url="https://b.example", published=now, text="two")))
    assert change.fields == {
        "title": ("A", "B"),
        "url": ("https://a.example", "https://b.example"),
        "published": ("2025-07-01T00:00:00+00:00", "2025-07-02T00:00:00+00:00"),
        "text": ("one", "two"),
    }


def test_a_column_called_title_goes_before_the_title(ledger: Any) -> None:
    ledger.check(Entry("1", "shown", {"title": "first"}))
    assert only(ledger.check(Entry("1", "shown", {"title": "second"}))).fields == {"title": ("first", "second")}
    assert only(ledger.check(Entry("1", "Shown", {"title": "second"}))).fields == {"title": ("shown", "Shown")}


def test_a_field_that_comes_or_goes_has_one_side(ledger: Any) -> None:
    ledger.check(Entry("1", fields={"old": "x", "same": "y"}))
    change = only(ledger.check(Entry("1", fields={"same": "y", "new": "z"})))
    assert change.fields == {"old": ("x", None), "new": (None, "z")}


def test_a_field_that_comes_or_goes_stands_where_the_kind_puts_it(ledger: Any) -> None:
    ledger.check(Entry("1", fields={"name": "x", "head": "y", "end": "z"}))
    came = only(ledger.check(Entry("1", fields={"invalid": "2026", "name": "x", "head": "Y", "more": "1", "end": "Z"})))
    assert list(came.fields) == ["invalid", "head", "more", "end"]
    went = only(ledger.check(Entry("1", fields={"name": "x", "head": "y", "end": "z"})))
    assert list(went.fields) == ["invalid", "head", "more", "end"]


def test_an_ignored_field_is_never_a_change(new_ledger: Any) -> None:
    ledger = new_ledger(ignore=["views"])
    ledger.check(Entry("1", fields={"views": "10", "text": "a"}))
    assert told(ledger.check(Entry("1", fields={"views": "12", "text": "a"}))) == []
    assert only(ledger.check(Entry("1", fields={"views": "14", "text": "b"}))).fields == {"text": ("a", "b")}


def test_a_field_that_is_ignored_from_now_on_is_no_change(ledger: Any) -> None:
    ledger.check(Entry("1", fields={"views": "10"}), VK)
    ledger.ignore = ["views"]
    assert told(ledger.check(Entry("1", fields={"views": "12"}), VK)) == []
    assert told(ledger.check(Entry("1", fields={"views": "14"}), VK)) == []


def test_the_same_row_twice_is_one_entry(ledger: Any) -> None:
    assert ledger.check(VK, VK, NO_BRANCH).count == 2
    assert told(ledger.check(NO_BRANCH, NO_BRANCH, VK)) == []


ONE, TWO, THREE, FOUR = (Entry("k", name) for name in ("one", "two", "three", "four"))


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        ([ONE], [ONE, TWO], ["+two"]),
        ([ONE], [TWO, THREE], ["+two", "+three", "-one"]),
        ([ONE, TWO], [ONE], ["-two"]),
        ([ONE, TWO], [THREE], ["+three", "-one", "-two"]),
        ([ONE, TWO], [TWO, THREE], ["+three", "-one"]),
        ([ONE, TWO], [THREE, FOUR], ["+three", "+four", "-one", "-two"]),
        ([ONE, TWO], [TWO, ONE], []),
        ([ONE, TWO], [], ["-one", "-two"]),
        ([], [ONE, TWO], ["+one", "+two"]),
    ],
)
def test_entries_with_one_key_come_and_go_but_never_change(
    ledger: Any, before: list[Entry], after: list[Entry], changes: list[str]
) -> None:
    ledger.check(*before)
    difference = ledger.check(*after)
    sign = {"added": "+", "removed": "-"}
    assert [sign[change.kind] + change.entry.title for change in difference.changes] == changes
    assert sorted(entry.title for entry in ledger.present()) == sorted(entry.title for entry in after)


def test_a_double_key_that_was_removed_reappears_by_content(ledger: Any) -> None:
    ledger.check(ONE, TWO, VK)
    ledger.check(VK)
    difference = ledger.check(VK, TWO, THREE)
    assert [(change.kind.value, change.entry.title) for change in difference.changes] == [
        ("reappeared", "two"),
        ("added", "three"),
    ]


def test_new_content_under_a_double_key_is_not_taken_for_a_third_that_was_removed(ledger: Any) -> None:
    ledger.check(ONE, TWO, THREE)
    ledger.check(ONE, TWO)
    difference = ledger.check(FOUR)
    assert [(change.kind.value, change.entry.title) for change in difference.changes] == [
        ("added", "four"),
        ("removed", "one"),
        ("removed", "two"),
    ]


def test_a_single_entry_takes_the_content_of_its_former_twin(ledger: Any) -> None:
    ledger.check(ONE, TWO)
    ledger.check(ONE)
    change = only(ledger.check(TWO))
    assert (change.kind, change.before, change.after) == ("changed", ONE, TWO)
    assert ledger.present() == [TWO]
    assert only(ledger.check(ONE)).fields == {"title": ("two", "one")}


def test_a_reading_cut_short_removes_nothing(ledger: Any) -> None:
    ledger.check(VK, NO_BRANCH, Entry("9"))
    difference = ledger.check(Entry("1"), BRANCH, whole=False)
    assert told(difference) == [("added", "1"), ("changed", "7")]
    assert (difference.count, difference.absent) == (4, 2)  # what is present afterwards
    assert {entry.key for entry in ledger.present()} == {"1", "7", "8", "9"}


def test_what_a_short_reading_left_out_is_missed_by_the_next_whole_one(ledger: Any) -> None:
    ledger.check(VK, NO_BRANCH)
    ledger.check(VK, whole=False)
    assert told(ledger.check(VK)) == [("removed", "7")]


def test_the_first_snapshot_is_all_new_even_if_it_is_empty(ledger: Any) -> None:
    assert ledger.check().count == 0
    assert told(ledger.check(VK)) == [("added", "8")]


def test_entries_that_another_process_dropped_void_the_comparison() -> None:
    rows = {entry_fingerprint(VK): StoredEntry(1, "8", Standing.PRESENT)}
    known = Known(lambda: entry_fingerprint(VK), lambda *_: rows.items(), (), lambda _: {})
    differ = Differ(known, b"", "complete")
    with pytest.raises(StateMovedError, match="another process"):
        differ.finish()


def test_from_a_part_nothing_is_removed_and_what_is_absent_stays_known(ledger: Any) -> None:
    ledger.check(NO_BRANCH, VK)
    differ = Differ(ledger.known(), ledger.digest, "complete")
    differ.see(BRANCH)
    difference = differ.finish(part=True)
    assert (told(difference), difference.count, dict(difference.stand)) == ([("changed", "7")], 2, {})


def test_what_is_meant_to_add_leaves_the_rest_as_it_was(ledger: Any) -> None:
    ledger.check(NO_BRANCH, *(Entry(str(number), "Filing") for number in range(20, 24)))
    difference = ledger.check(BRANCH, *(Entry(str(number), "Filing") for number in range(30, 34)), adds=True)
    assert told(difference) == [("changed", "7"), *(("added", str(number)) for number in range(30, 34))]
    assert (difference.count, difference.absent, difference.rekeyed) == (9, 0, 0)
    assert told(ledger.check(BRANCH, adds=True)) == []
    assert len(told(ledger.check(BRANCH))) == 8


def test_from_a_window_that_is_a_part_what_is_absent_scrolls_off() -> None:
    entries = [Entry(number) for number in range(5)]
    marks = [entry_fingerprint(entry, ()) for entry in entries]
    rows = [(mark, StoredEntry(at, str(at), Standing.PRESENT)) for at, mark in enumerate(marks)]
    known = Known(
        lambda: b"".join(marks), lambda *_: rows, ["0", "1", "2", "3", "4"], lambda ids: {at: entries[at] for at in ids}
    )
    for part, change in ((False, [("removed", "2")]), (True, [])):
        differ = Differ(known, b"other", "window")
        for number in (0, 1, 3, 4):
            differ.see(entries[number])
        difference = differ.finish(part=part)
        assert told(difference) == change
        assert dict(difference.stand) == {2: Standing.SCROLLED if part else Standing.REMOVED}
        assert difference.order == ["0", "1", "3", "4"]


SEAT = Entry("page", "Northgate", {"Name": "Northgate", "Seat": "Hamburg", "Status": "Active", "Since": "2018"})


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        (
            {"Name": "Northgate", "Office": "Hamburg", "Status": "Active", "Since": "2018"},
            {"label": ("Seat", "Office")},
        ),
        (
            {"Name": "Northgate", "Office": "Hamburg", "Status": "Ended", "Active since": "2018"},
            {"Status": ("Active", "Ended"), "label": ("Seat; Since", "Office; Active since")},
        ),
        # another value, another place, two with one value: nobody can say that it is the same field
        ({"Name": "Northgate", "Office": "Bremen", "Status": "Active", "Since": "2018"}, None),
        ({"Name": "Northgate", "Status": "Active", "Since": "2018", "Office": "Hamburg"}, None),
        ({"Name": "Northgate", "A": "Hamburg", "B": "Hamburg", "Status": "Active", "Since": "2018"}, None),
        ({"Name": "Northgate", "Office": "Hamburg", "Status": "Active", "Since": "2018", "label": "x"}, None),
    ],
)
def test_a_renamed_label_of_the_only_entry_is_one_change(
    fields: dict[str, str], told: dict[str, Any] | None, ledger: Any
) -> None:
    ledger.check(SEAT)
    change = only(ledger.check(Entry("page", "Northgate", fields)))
    if told is None:
        assert change.fields["Seat"] == ("Hamburg", None)
        assert "label" not in change.fields or change.fields["label"] == (None, "x")
    else:
        assert change.fields == told
    assert ledger.present() == [Entry("page", "Northgate", fields)]


def test_a_value_that_moves_to_another_column_of_a_register_stays_two_changes(ledger: Any) -> None:
    ledger.check(Entry("7", fields={"Approved": "May"}), VK)
    change = only(ledger.check(Entry("7", fields={"Rejected": "May"}), VK))
    assert change.fields == {"Approved": ("May", None), "Rejected": (None, "May")}
