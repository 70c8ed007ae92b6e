"""Which snapshots are suspicious, and which ordinary ones are not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sources import Entry
from state.compare.plausibility import Suspicion, find_doubt
from state.model import Difference

DAY = datetime(2025, 7, 14, tzinfo=UTC)


def judge(difference: Difference, known: int, listing: Any = "complete", **contract: Any) -> Suspicion | None:
    return find_doubt(difference, known=known, listing=listing, **({"min_entries": 1, "max_lost": None} | contract))


def rows(count: int, key: str = "{}", title: str = "Company {}", **fields: str) -> list[Entry]:
    return [
        Entry(key.format(number), title.format(number), {name: value.format(number) for name, value in fields.items()})
        for number in range(count)
    ]


def after(ledger: Any, before: list[Entry], now: list[Entry]) -> Difference:
    ledger.check(*before)
    difference: Difference = ledger.check(*now)
    return difference


def test_too_few_entries_say_both_numbers(ledger: Any) -> None:
    found = judge(ledger.check(*rows(3)), 0, min_entries=10)
    assert found == ("too_few_entries", "3 entries read, at least 10 expected (min_entries)")
    assert judge(ledger.check(*rows(10)), 0, min_entries=10) is None


def test_an_empty_page_is_not_believed_unless_none_are_expected(ledger: Any) -> None:
    difference = after(ledger, rows(2), [])
    assert judge(difference, 2) == ("too_few_entries", "0 entries read, at least 1 expected (min_entries)")
    assert judge(difference, 2, min_entries=0) is None


@pytest.mark.parametrize(
    ("before", "now", "believed"), [(6, 1, True), (7, 1, False), (100, 80, True), (100, 79, False)]
)
def test_at_most_five_or_a_fifth_may_vanish_at_once(ledger: Any, before: int, now: int, believed: bool) -> None:
    found = judge(after(ledger, rows(before), rows(now)), before)
    assert (found is None) == believed
    assert believed or (found and found.code == "mass_loss")


def test_as_many_as_are_known_or_ten_thousand_may_come_at_once(ledger: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("state.compare.plausibility._NEW_COUNT", 50)
    for before, now, believed in ((10, 60, True), (10, 61, False), (100, 200, True), (100, 201, False)):
        key = f"{before}-{now}-{{}}"
        found = judge(after(ledger, rows(before, key), rows(now, key)), before, max_lost=1.0)
        assert (found is None) == believed
    assert found == ("mass_gain", "101 entries new at once beside 100 known, more than 100 (max_new)")


@pytest.mark.parametrize(("max_new", "believed"), [(0, False), (30, True), (29, False), (0.3, True), (0.29, False)])
def test_max_new_is_a_count_or_a_share(ledger: Any, max_new: float, believed: bool) -> None:
    assert (judge(after(ledger, rows(100), rows(130)), 100, max_new=max_new) is None) == believed


def test_a_baseline_may_be_as_large_as_it_is(ledger: Any) -> None:
    assert judge(ledger.check(*rows(100)), 0, max_new=1) is None


@pytest.mark.parametrize(
    ("max_lost", "believed"), [(0, False), (30, True), (29, False), (0.3, True), (0.29, False), (1.0, True)]
)
def test_max_lost_is_a_count_or_a_share(ledger: Any, max_lost: float, believed: bool) -> None:
    assert (judge(after(ledger, rows(100), rows(70)), 100, max_lost=max_lost) is None) == believed


def test_a_loss_says_the_numbers(ledger: Any) -> None:
    found = judge(after(ledger, rows(60), rows(19)), 60)
    assert found == ("mass_loss", "41 of 60 entries gone at once, more than 12 (max_lost)")


def test_many_new_and_changed_entries_are_believed(ledger: Any) -> None:
    now = [*rows(20, title="Firm {}"), *rows(500, key="new-{}")]
    assert judge(after(ledger, rows(20), now), 20) is None


def test_a_renumbered_register_is_not_believed(ledger: Any) -> None:
    found = judge(after(ledger, rows(20, number="{}"), rows(20, key="N-{}-2025", number="N-{}-2025")), 20)
    assert found
    assert found.code == "mass_rekey"
    assert found.message.startswith("20 of 20 entries came again under other keys")


def test_a_small_renumbered_register_that_no_loss_betrays_is_not_believed(ledger: Any) -> None:
    found = judge(after(ledger, rows(4), rows(4, key="N{}")), 4)
    assert found
    assert found.code == "mass_rekey"


def test_two_entries_under_new_keys_are_a_coincidence(ledger: Any) -> None:
    assert judge(after(ledger, rows(20), [*rows(18), *rows(20, key="N{}")[18:]]), 20) is None


def test_who_says_that_all_may_go_believes_new_keys_too(ledger: Any) -> None:
    difference = after(ledger, rows(20), rows(20, key="N{}"))
    assert judge(difference, 20, max_lost=1.0) is None
    assert judge(difference, 20, max_lost=5) is not None


def test_a_baseline_at_another_place_is_believed(new_ledger: Any) -> None:
    assert judge(new_ledger().check(*rows(20, key="N{}")), 0) is None


def feed(
    numbers: range, guid: str = "guid-{}", title: str = "News {}", dated: bool = True, text: str = ""
) -> list[Entry]:
    return [
        Entry(
            guid.format(number),
            title.format(number),
            url=f"https://news.example/{number}",
            published=DAY + timedelta(hours=number) if dated else None,
            text=text.format(number),
        )
        for number in reversed(numbers)
    ]


def test_a_busy_feed_whose_whole_window_moved_on_is_believed(window: Any) -> None:
    assert judge(after(window, feed(range(20)), feed(range(40, 60))), 20, "window") is None


def test_a_feed_whose_guids_changed_is_not_believed(window: Any) -> None:
    found = judge(after(window, feed(range(20)), feed(range(5, 25), guid="https://news.example/?p={}")), 20, "window")
    assert found == ("mass_rekey", "15 of 20 entries came again under other keys, as if the site had renumbered them")


def test_a_feed_that_moved_on_and_repeats_a_few_items_is_believed(window: Any) -> None:
    now = [*feed(range(40, 55)), *feed(range(5), guid="again-{}")]
    difference = after(window, feed(range(20)), now)
    assert difference.rekeyed == 5
    assert judge(difference, 20, "window") is None


def test_a_list_without_dates_whose_links_changed_is_not_believed(window: Any) -> None:
    before = feed(range(20), dated=False)
    now = feed(range(2, 22), guid="https://news.example/2025/item-{}.html", dated=False)
    found = judge(after(window, before, now), 20, "window")
    assert found
    assert found.code == "mass_rekey"


def test_a_site_map_that_moved_to_https_is_not_believed(window: Any) -> None:
    before = [Entry(f"http://www.old.example/page/{number}") for number in range(20)]
    now = [Entry(f"https://new.example/page/{number}/") for number in range(20)]
    found = judge(after(window, before, now), 20, "window")
    assert found
    assert found.code == "mass_rekey"


def test_a_feed_that_repeats_its_titles_every_day_is_believed(window: Any) -> None:
    yesterday = [Entry(f"mon-{city}", f"Weather in {city}", text=f"{city}: 20") for city in "ABCDEF"]
    today = [Entry(f"tue-{city}", f"Weather in {city}", text=f"{city}: 25") for city in "ABCDEF"]
    assert judge(after(window, yesterday, today), 6, "window") is None


def test_a_feed_in_which_all_items_are_called_alike_is_believed(window: Any) -> None:
    before = [Entry(f"{number}", "Update") for number in range(20)]
    now = [Entry(f"{number}", "Update") for number in range(100, 120)]
    assert judge(after(window, before, now), 20, "window") is None


def test_a_window_may_lose_everything(window: Any) -> None:
    assert judge(after(window, feed(range(20)), feed(range(100, 101))), 20, "window") is None
    assert judge(after(window, feed(range(20)), []), 20, "window", min_entries=0) is None


def test_most_of_a_window_may_be_taken_out_of_its_middle(window: Any) -> None:
    difference = after(window, feed(range(20)), [*feed(range(19, 20)), *feed(range(1))])
    assert len(difference.changes) == 18
    assert judge(difference, 20, "window") is None


def test_nothing_is_loaded_to_look_for_new_keys_where_few_are_absent(window: Any) -> None:
    after(window, feed(range(20)), feed(range(9, 29)))
    assert window.loaded == []
