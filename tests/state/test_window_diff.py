"""Rolling lists: what scrolls off is no news, what is taken out of the middle is."""

from __future__ import annotations

from typing import Any

import pytest

from sources import Entry
from state.model import Difference, Standing
from state.window import fell_out


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


def test_the_newest_post_may_be_deleted_without_a_word(window: Any) -> None:
    window.check(*posts("edcba"))
    assert told(window.check(*posts("dcba"))) == []


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
    assert fell_out(old, new) - set(new) == set(out)
