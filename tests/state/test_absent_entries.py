"""Rolling lists: what scrolls off is not reported, what is removed from the middle is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from sources import Entry
from state.compare.diff import find_removed_keys
from state.model import Difference, Standing


def posts(keys: str) -> list[Entry]:
    return [Entry(key, f"post {key}") for key in keys]


def told(difference: Difference) -> list[str]:
    sign = {"added": "+", "removed": "-", "changed": "~", "reappeared": "!"}
    return [sign[change.kind] + change.entry.key for change in difference.changes]


def standing(window: Any, key: str) -> Standing:
    found: Standing = next(where for _, entry, where in window.rows.values() if entry.key == key)
    return found


def test_new_posts_push_old_ones_off_the_end(window: Any) -> None:
    window.check(*posts("edcba"))
    assert told(window.check(*posts("gfedc"))) == ["+g", "+f"]
    assert standing(window, "a") is Standing.SCROLLED


def test_a_post_taken_out_of_the_middle_is_removed(window: Any) -> None:
    window.check(*posts("edcba"))
    assert told(window.check(*posts("fedba"))) == ["+f", "-c"]
    assert told(window.check(*posts("fedcba"))) == ["!c"]


def test_a_list_that_is_shuffled_removes_nothing(window: Any) -> None:
    window.check(*posts("edcba"))
    assert told(window.check(*posts("abde"))) == []
    assert standing(window, "c") is Standing.SCROLLED


def dated(keys: str, **days: int) -> list[Entry]:
    """Posts of July 2025, the later in the alphabet the later."""
    return [Entry(key, published=datetime(2025, 7, days.get(key, ord(key) - 96), tzinfo=UTC)) for key in keys]


def test_the_newest_post_that_is_deleted_is_removed(window: Any) -> None:
    window.check(*dated("edcba"))
    assert told(window.check(*dated("dcba"))) == ["-e"]
    assert told(window.check(*dated("edcba"))) == ["!e"]


def test_the_newest_posts_are_deleted_while_others_come(window: Any) -> None:
    window.check(*dated("fedcba"))
    assert told(window.check(*dated("hgdcb"))) == ["+h", "+g", "-f", "-e"]
    assert standing(window, "a") is Standing.SCROLLED


def test_a_list_that_begins_with_its_oldest_pushes_them_off_its_top(window: Any) -> None:
    window.check(*dated("abcde"))
    assert told(window.check(*dated("cdefg"))) == ["+f", "+g"]


def test_what_is_over_leaves_the_top_of_a_list_of_what_is_to_come(window: Any) -> None:
    window.check(*dated("cde"))
    window.check(*dated("bcde"))
    assert told(window.check(*dated("cde"))) == []


def test_a_pinned_post_that_is_let_go_is_not_removed(window: Any) -> None:
    window.check(*dated("Pdcb", P=1))
    assert told(window.check(*dated("edcb"))) == ["+e"]


def test_the_newest_post_without_a_date_is_the_one_that_came_last(window: Any) -> None:
    window.check(*posts("dcba"))
    window.check(*posts("edcb"))
    assert told(window.check(*posts("dcba"))) == ["-e"]


def test_of_a_first_snapshot_without_dates_nobody_knows_which_is_the_newest(window: Any) -> None:
    window.check(*posts("edcba"))
    assert told(window.check(*posts("dcba"))) == []


def test_of_posts_of_one_day_the_one_that_came_last_is_the_newest(window: Any) -> None:
    day = {"a": 1, "b": 1, "c": 1, "d": 1}
    window.check(*dated("cba", **day))
    window.check(*dated("dcba", **day))
    assert told(window.check(*dated("cba", **day))) == ["-d"]


def test_a_scrolled_post_that_comes_back_as_it_was_is_no_news(window: Any) -> None:
    window.check(*posts("cba"))
    window.check(*posts("edc"))
    assert told(window.check(*posts("edcba"))) == []
    assert standing(window, "a") is Standing.PRESENT


def test_a_scrolled_post_that_comes_back_otherwise_has_changed(window: Any) -> None:
    window.check(*posts("cba"))
    window.check(*posts("edc"))
    difference = window.check(*posts("edcb"), Entry("a", "edited"))
    assert told(difference) == ["~a"]
    assert difference.changes[0].fields == {"title": ("post a", "edited")}


def test_a_pinned_post_does_not_make_the_rest_removed(window: Any) -> None:
    window.check(*posts("Pcba"))
    assert told(window.check(*posts("Pfed"))) == ["+f", "+e", "+d"]


def test_the_whole_window_moved_on(window: Any) -> None:
    window.check(*posts("cba"))
    difference = window.check(*posts("fed"))
    assert told(difference) == ["+f", "+e", "+d"]
    assert (difference.absent, difference.rekeyed) == (3, 0)


def test_a_post_that_is_edited_keeps_its_place(window: Any) -> None:
    window.check(*posts("edcba"))
    assert told(window.check(Entry("e", "edited"), *posts("dba"))) == ["~e", "-c"]


def test_a_window_cut_short_moves_nothing(window: Any) -> None:
    window.check(*posts("edcba"))
    assert told(window.check(*posts("fe"), whole=False)) == ["+f"]
    assert told(window.check(*posts("fedba"))) == ["-c"]


def test_a_post_is_removed_while_two_others_change_places(window: Any) -> None:
    window.check(*posts("gfedcba"))
    assert told(window.check(*posts("hfgecba"))) == ["+h", "-d"]


def test_a_new_order_alone_is_remembered(window: Any) -> None:
    window.check(*posts("abcd"))
    assert told(window.check(*posts("dcba"))) == []
    assert told(window.check(*posts("dba"))) == ["-c"]


def test_posts_under_one_key_scroll_off(window: Any) -> None:
    window.check(Entry("k", "3"), Entry("k", "2"), Entry("k", "1"))
    assert told(window.check(Entry("k", "4"), Entry("k", "3"), Entry("k", "2"))) == ["+k"]
    assert told(window.check(Entry("k", "1"), Entry("k", "4"))) == []


@pytest.mark.parametrize(
    ("old", "new", "out"),
    [
        ("abcde", "abde", "c"),
        ("abcde", "ae", "bcd"),
        ("abcde", "xbcdey", ""),
        ("abcde", "a", ""),
        ("abcde", "", ""),
        ("", "abc", ""),
        ("abcde", "eba", ""),
        ("akbkc", "akbc", ""),
        ("kabkc", "abc", ""),
        ("akkb", "ab", "k"),
        ("abcdef", "bacef", "d"),  # two others have changed places
        ("abcdef", "xfabce", "d"),  # one was put on top
        ("abcdef", "fedab", ""),
    ],
)
def test_what_fell_out(old: str, new: str, out: str) -> None:
    assert find_removed_keys(old, new) - set(new) == set(out)
