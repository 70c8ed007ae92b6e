from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from state.storage.discussion import change_subject
from state.store import Store

Watch = Callable[..., Any]
Happened = Callable[..., Any]

CONFIG = """
timezone = "Europe/Moscow"
[entities.telegram]
names = ["Telegram"]
[sources.rkn-landing]
kind = "feed"
url = "https://example.org/"
"""


@pytest.fixture(autouse=True)
def configured(configure: Callable[..., Path]) -> None:
    configure(CONFIG)


def titles(text: str) -> list[str]:
    return [line.split("  ")[2] for line in text.splitlines() if line.startswith("20")]


def test_a_change_is_told_with_its_field_before_and_after_in_the_configured_time_zone(
    watch: Watch, happened: Happened
) -> None:
    happened(entities=("telegram",), branch=("не исполнено", "в стадии согласования"))
    assert watch("log").out.splitlines() == [
        "2025-07-14 12:31  changed  Telegram Messenger Inc  [telegram]",
        "    #1 rkn-landing (record)",
        "    branch: не исполнено → в стадии согласования",
        "",
        "1 change, times in Europe/Moscow",
    ]


def test_the_newest_come_first_and_the_limit_is_said(watch: Watch, happened: Happened) -> None:
    start = datetime(2025, 7, 1, tzinfo=UTC)
    for day in range(5):
        happened(f"entry {day}", "added", at=start + timedelta(days=day))
    ran = watch("log", "--limit", "2")
    assert titles(ran.out) == ["entry 4", "entry 3"]
    assert ran.out.splitlines()[-1] == "2 changes, times in Europe/Moscow; there are more: --limit"
    assert "there are more" not in watch("log", "--limit", "5").out


def test_changes_are_chosen_by_entity_source_and_time(watch: Watch, happened: Happened) -> None:
    happened("one", entities=("telegram",))
    happened("two", source="gone")
    happened("three", at=datetime.now(UTC) - timedelta(hours=1))
    assert titles(watch("log", "--entity", "telegram").out) == ["one"]
    assert titles(watch("log", "--source", "gone").out) == ["two"]
    assert titles(watch("log", "--since", "2h").out) == ["three"]
    assert titles(watch("log", "--since", "2025-07-15").out) == ["three"]


def test_a_date_begins_at_midnight_in_the_configured_time_zone(watch: Watch, happened: Happened) -> None:
    happened("evening in Moscow", at=datetime(2025, 7, 13, 20, 59, tzinfo=UTC))
    happened("midnight in Moscow", at=datetime(2025, 7, 13, 21, 1, tzinfo=UTC))
    assert titles(watch("log", "--since", "2025-07-14").out) == ["midnight in Moscow"]


def test_without_changes_it_says_so(watch: Watch, folder: Path) -> None:
    assert watch("log") == (0, "no changes\n", "")
    assert watch("log", "--json").out == '{\n  "changes": []\n}\n'
    assert not (folder / "state.db").exists()


def test_a_name_that_nobody_knows_is_told_with_those_that_are_known(watch: Watch, happened: Happened) -> None:
    happened()
    assert 'no entity "telegam"; did you mean "telegram"?' in watch("log", "--entity", "telegam").err
    assert watch("log", "--source", "rkn-landin").code == 2
    assert watch("log", "--limit", "0").code == 2


def test_long_values_and_titles_stay_within_80_columns_and_hold_no_control_characters(
    watch: Watch, happened: Happened
) -> None:
    happened("Очень длинное название " * 8 + "\x1b[2J", text=("слово " * 60, "слово " * 59 + "дело"))
    ran = watch("log")
    assert all(len(line) <= 80 for line in ran.out.splitlines())
    assert "\x1b" not in ran.out
    assert "\\x1b[2J" in ran.out


def test_of_long_values_the_part_that_differs_is_shown(watch: Watch, happened: Happened) -> None:
    group = "Facebook: https://facebook.com/profile?id=" + 150 * "1"
    happened(website=(group, f"{group} Telegram: @newgroup"))
    assert "@newgroup" in watch("log").out


def test_of_a_text_the_lines_that_changed_are_shown_and_no_others(watch: Watch, happened: Happened) -> None:
    kept = "\n".join(f"paragraph {number} " + "of the page " * 5 for number in range(40))
    happened("Page", text=(f"{kept}\nTelegram: not met\nend", f"{kept}\nTelegram: under approval\nmore\nend"))
    told = [line.strip() for line in watch("log").out.splitlines()]
    assert told[2:6] == ["text:", "- Telegram: not met", "+ Telegram: under approval", "+ more"]
    assert "paragraph" not in " ".join(told)


def test_for_programs_each_change_is_an_object_as_in_a_check(watch: Watch, happened: Happened) -> None:
    happened(entities=("telegram",), branch=("a", None))
    [change] = json.loads(watch("log", "--json").out)["changes"]
    new = dict.fromkeys(("previous", "published", "register", "related", "link")) | {"schema": 1}
    sides = {"changed": {"branch": {"before": "a", "after": None}}, "before": {"branch": "a"}, "after": {}}
    between = {"interval": {"after": None, "before": "2025-07-14T09:31:00+00:00"}}
    marks = {"handled": None, "assigned": None, "importance": "normal", "comments": [], "comment_count": 0}
    assert change == new | sides | between | marks | {
        "at": "2025-07-14T09:31:00+00:00",
        "source": "rkn-landing",
        "label": "rkn-landing",
        "authority": "record",
        "id": 1,
        "change": "changed",
        "key": "Telegram Messenger Inc",
        "title": "Telegram Messenger Inc",
        "url": None,
        "fields": {"branch": {"before": "a", "after": None}},
        "entities": ["telegram"],
        "proof": None,
        "mentions": [{"entity": "telegram", "name": "telegram", "words": "telegram", "field": "title", "new": False}],
    }


def test_what_people_made_of_a_change_goes_along(watch: Watch, happened: Happened, store: Store) -> None:
    event = happened(branch=("a", None))
    store.desk.handle(event.id, "bob", event.at)
    store.discussion.mark(change_subject(event.id), "assigned", "ada", "bob", event.at)
    store.discussion.mark(change_subject(event.id), "importance", "high", "bob", event.at)
    for number in range(21):
        store.discussion.comment(change_subject(event.id), "ada", f"{number}", [], event.at)
    [change] = json.loads(watch("log", "--json").out)["changes"]
    at = event.at.isoformat()
    assert change["handled"] == {"who": "bob", "at": at}
    assert (change["assigned"], change["importance"], change["comment_count"]) == ("ada", "high", 21)
    assert change["comments"] == [{"who": "ada", "at": at, "text": f"{number}"} for number in range(1, 21)]


def test_what_machines_translated_is_in_the_json_alone(watch: Watch, happened: Happened, store: Store) -> None:
    told = {"title": "Revoked", "fields": {}, "text": None, "engine": "E"}
    event, _ = happened("Отозвана"), happened("Другая")
    store.translations.tell({event.id: told}, "en")
    changes = {each["title"]: each.get("translations") for each in json.loads(watch("log", "--json").out)["changes"]}
    assert changes == {"Отозвана": {"en": told}, "Другая": None}
    assert "Revoked" not in watch("log").out
