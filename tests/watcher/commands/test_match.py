"""`watch match`, and mentions from a feed to `watch --once --json`."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest
import yaml

FOLDER = Path(__file__).parents[4] / "shared" / "matching"

CONFIG = """
[http]
private_addresses = "allow"
spacing = "0s"
[entities.discord]
names = ["Discord", "Дискорд"]
[entities.shell]
names = ["Shell plc"]
context = ["нефть", "oil"]
not = ["shell company"]
identifiers = ["lei:21380068P1DRHMJ8KU70"]
"""


def feed(*sentences: str) -> str:
    items = "".join(
        f"<item><guid>{n - 1}</guid><title>{escape(text)}</title></item>" for n, text in enumerate(sentences)
    )
    return f"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>x</title>{items}</channel></rss>"


@pytest.fixture
def told(site: Any, configure: Any, watch: Any) -> Callable[..., list[dict[str, Any]]]:
    """The changes of a feed that begins with one item and then has the sentences too, each with its mentions."""

    def check(entities: str, *sentences: str) -> list[dict[str, Any]]:
        configure(f"{entities}\n[sources.press]\nkind = 'feed'\nurl = '{site.url('/rss')}'\nlisting = 'window'\n")
        site.page("/rss", feed("an old item"), type="application/rss+xml")
        assert watch("--once").code == 0
        site.page("/rss", feed("an old item", *sentences), type="application/rss+xml")
        ran = watch("--once", "--json")
        assert ran.code == 0, ran.err
        return json.loads(ran.out)["sources"][0]["changes"]

    return check


def test_the_json_of_a_change_says_which_name_matched_which_words_where(told):
    (change,) = told(CONFIG, "Суд оштрафовал дискорд-сервер")
    assert change["entities"] == ["discord"]
    assert change["mentions"] == [
        {"entity": "discord", "name": "Дискорд", "words": "дискорд", "field": "title", "new": True}
    ]


def test_match_shows_what_is_found_and_why(configure, watch):
    configure(CONFIG)
    ran = watch("match", "На Дискорде обсуждают Shell")
    assert ran.code == 0
    assert "discord: “Дискорде” in text: the name “Дискорд”, inflected" in ran.out
    assert (
        "not shell: “Shell” in text: the name “Shell plc”, as listed; but none of its context words is near"
        in " ".join(ran.out.split())
    )


def test_match_shows_the_reading_the_context_and_the_guard_of_each_decision(configure, watch):
    configure(CONFIG)
    said = " ".join(watch("match", "Oil: Shell grows. ディスコルド. The oil in Shell County").out.split())
    assert "shell: “Shell” in text: the name “Shell plc”, as listed, near “Oil”" in said
    assert "discord: “ディスコルド” in text: the name “Discord”, by its sound in another script" in said
    assert "near “oil”; but it is a part of a longer name" in said


def test_match_takes_a_whole_entry_and_answers_in_json(configure, watch):
    configure(CONFIG)
    ran = watch("match", "--title", "Shell", "--field", "sector=переработка нефти", "--json", "a row of a register")
    assert [item["field"] for item in json.loads(ran.out)["mentions"]] == ["title"]
    said = json.loads(watch("match", "--json", "shell companies, oil. Discоrd").out)
    assert [(item["entity"], item["how"]) for item in said["mentions"]] == [("discord", "look-alike letters")]
    assert [(item["entity"], item["why_not"]) for item in said["rejected"]] == [
        ("shell", 'it is a part of a phrase in "not"')
    ]


def test_match_says_that_a_namesake_has_another_birth_date(configure, watch):
    configure(CONFIG + '[entities.petrov]\nnames = ["Ivan Petrov"]\nbirth_date = 1957\n')
    said = json.loads(watch("match", "--title", "Ivan Petrov", "--field", "birth_date=1960-03-12", "--json", "x").out)
    assert said["mentions"] == []
    assert [item["why_not"] for item in said["rejected"]] == ["its birth date is 1960-03-12, not 1957"]


def test_match_reads_standard_input_and_says_when_nothing_is_found(configure, watch, monkeypatch):
    configure(CONFIG)
    monkeypatch.setattr("sys.stdin", io.StringIO("Nobody is named here"))
    assert watch("match", "-").out == "no name of the 2 watched entities is in it\n"
    assert watch("match", "--field", "=x", "text").code == 2


def test_an_identifier_with_a_wrong_check_digit_is_a_configuration_error(configure, watch):
    configure(CONFIG.replace("KU70", "KU71"))
    ran = watch("check-config")
    assert ran.code == 2
    assert "entities.shell.identifiers" in ran.err
    assert "check digit is wrong" in ran.err


@pytest.mark.skipif(
    not FOLDER.is_dir() and os.environ.get("CI") != "true",
    reason="the labelled sentences are not part of the repository: they are looked for in ../shared/matching",
)
def test_the_labelled_sentences_as_a_feed_are_mentioned_as_they_are_labelled(told):
    listed = yaml.safe_load((FOLDER / "watchlist.yaml").read_text(encoding="utf-8"))["entities"]
    gold = [json.loads(line) for line in (FOLDER / "dev.jsonl").read_text(encoding="utf-8").splitlines()]
    tables = [
        f"[entities.{item['id']}]\n"
        + "".join(f"{key} = {json.dumps(item[key], ensure_ascii=False)}\n" for key in item if key != "id")
        for item in listed
    ]
    head = "[http]\nprivate_addresses = 'allow'\nspacing = '0s'\n"
    changes = told(head + "".join(tables), *(item["text"] for item in gold))
    found = {change["key"]: {mention["entity"] for mention in change["mentions"]} for change in changes}
    pairs = [(found[str(number)], set(item["labels"])) for number, item in enumerate(gold)]
    right, told_, labelled = (sum(map(len, sets)) for sets in zip(*[(a & b, a, b) for a, b in pairs], strict=True))
    assert right / told_ >= 0.97
    assert right / labelled >= 0.95


@pytest.fixture
def tried(configure: Any, watch: Any, happened: Any) -> Callable[..., Any]:
    """A change of a status in the log, and three rules."""
    rules = [
        "when = \"after.status == 'on'\"\nname = 'on'",
        "entities = ['discord']",
        "when = \"contains(after.x, 'y')\"",
    ]
    channel = '[channels.desk]\nurl = "json://desk.example"\n'
    configure(CONFIG + channel + "".join(f"[[alerts]]\nto = ['desk']\n{rule}\n" for rule in rules))
    event = happened(status=("off", "on"))

    def run(*argv: str) -> Any:
        return watch("match", "--event", str(event.id), *argv)

    return run


def test_a_change_is_tried_on_the_rules(tried: Callable[..., Any]) -> None:
    found = json.loads(tried("--json").out)["rules"]
    assert [(each["rule"], each["fires"], each["unmet"], each["value"]) for each in found] == [
        (1, True, None, True),
        (2, False, "entities", None),
        (3, False, "when", None),
    ]
    assert "null" in found[2]["fault"]


def test_one_rule_is_tried_by_its_number_or_its_name(tried: Callable[..., Any]) -> None:
    assert tried("--rule", "on").out == tried("--rule", "1").out == "rule 1 (on): fires: to desk; when gives true\n"
    assert 'there is no rule "9" for changes' in tried("--rule", "9").err


def test_a_text_or_a_change_is_named(watch: Any, tried: Callable[..., Any]) -> None:
    assert (watch("match").code, watch("match", "--event", "999").code, watch("match", "x", "--rule", "1").code) == (
        2,
        2,
        2,
    )
