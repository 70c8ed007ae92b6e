"""The limits of what one source may add to the log of events and to the evidence; no alert is lost by them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sources import Entry
from state.model import Change, ChangeKind, FieldChange, Habits, Mention
from watcher.check.event_factory import CUT, excerpts
from watcher.check.log_limit import MOST_VALUE, LogLimit, News, SingleChange, limit_news

NOW = datetime(2026, 1, 1, tzinfo=UTC)
TELEGRAM = [Mention("telegram", "Telegram", "Telegram", "title")]
LIMIT = LogLimit(most=10_000, keep=timedelta(days=100))


def news(number: int, size: int, mentions: Any = ()) -> News:
    found = News()
    for at in range(number):
        entry = Entry(f"{at}")
        found.add(
            SingleChange(Change(ChangeKind.CHANGED, entry, entry, {"name": FieldChange(None, "x" * size)}), mentions)
        )
    return found


def counts(found: News) -> tuple[int, int]:
    """Changes that are told by themselves, and together."""
    return len(found.alone), sum(1 + mass.count for mass in found.masses.values())


def test_a_source_whose_log_has_room_is_told_of_in_full() -> None:
    told, habits, tell = limit_news(news(100, 50), Habits(), LIMIT, NOW)
    assert (counts(told), habits.log_size, tell) == ((100, 0), 5_000, False)


def test_beyond_its_room_few_changes_are_told_by_themselves_and_that_is_told_once() -> None:
    told, habits, tell = limit_news(news(100, 200), Habits(), LIMIT, NOW)
    assert (counts(told), habits.log_size, tell) == ((20, 80), 4_000, True)
    told, _, tell = limit_news(news(100, 200), habits, LIMIT, NOW)
    assert (counts(told), tell) == ((20, 80), False)


def test_a_change_that_mentions_somebody_is_always_told_by_itself() -> None:
    told, _, _ = limit_news(news(100, 200, TELEGRAM), Habits(log_size=10_000, log_at=NOW), LIMIT, NOW)
    assert counts(told) == (100, 0)


def test_the_log_drains_while_time_goes_on() -> None:
    habits = Habits(log_size=10_000, log_at=NOW, log_told=True)
    told, habits, _ = limit_news(news(10, 100), habits, LIMIT, NOW + timedelta(days=60))
    assert (counts(told), habits.log_size, habits.log_told) == ((10, 0), 5_000, False)


def test_what_was_told_together_stays_together_when_it_is_shortened() -> None:
    found = News(most=50)
    for told in news(100, 1).alone:
        found.add(told)
    assert counts(found) == (50, 50)
    assert counts(found.shorten(20)) == (20, 80)


def test_of_two_long_texts_the_first_line_that_differs_and_what_follows_are_kept() -> None:
    same = "one line as the other\n" * 20_000
    before, after = excerpts(f"{same}was\nend", f"{same}now\nend")
    assert (before, after) == (f"{CUT}\nwas\nend", f"{CUT}\nnow\nend")
    before, after = excerpts("x" * 300_000, None)
    assert (before, after) == ("x" * MOST_VALUE + f"\n{CUT}", None)
    assert excerpts("short", "texts") == ("short", "texts")


def test_a_source_whose_evidence_is_full_is_told_of_without_a_proof_and_that_once(kept: Any) -> None:
    hook = kept.site.url("/hook").replace("http", "json")
    channels = f'[channels.desk]\nurl = "{hook}"\n[[alerts]]\nto = ["desk"]\n[[alerts]]\nhealth = true\nto = ["desk"]'
    kept.site.page("/hook")
    kept.configure(evidence='[evidence]\nmax_source = "6 KB"\n', more=channels)
    for branch in "ABCDEF":
        kept.show(branch)
        kept.check()
    said = kept.site.sent("/hook")
    changes = [each for each in said if "RECORD" in each["message"]]
    full = [each for each in said if "Its pages take all the room" in each["message"]]
    unproven = [each for each in said if "use all of their space" in each["message"]]
    proven = [each for each in changes if "watch evidence" in each["message"]]
    assert (len(changes), len(full), len(unproven) + len(proven)) == (5, 1, 5)
    assert unproven
    assert proven
    assert kept.run("verify").code == 0
