from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from sources.loader import kinds

Watch = Callable[..., Any]


def test_every_kind_is_listed_with_its_first_line_of_help(watch: Watch) -> None:
    ran = watch("kinds")
    assert ran.code == 0
    listed = [line.split("  ")[0] for line in ran.out.splitlines()]
    assert [name for name in listed if name in kinds()] == sorted(kinds())
    assert all(len(line) <= 80 for line in ran.out.splitlines())


def test_one_kind_is_explained_with_its_own_options_and_the_common_ones_apart(watch: Watch) -> None:
    ran = watch("kinds", "telegram")
    own, common = ran.out.split("options of every source:")
    assert 'kind = "telegram"' in own
    assert "channel" in own.split("its own options:")[1]
    assert "required" in own
    assert '"15m"' in common
    assert all(len(line) <= 80 for line in ran.out.splitlines())


def test_the_defaults_of_a_kind_are_its_own(watch: Watch) -> None:
    [feed] = json.loads(watch("kinds", "feed", "--json").out)["kinds"]
    common = {option["name"]: option for option in feed["common"]}
    assert common["authority"]["default"] == "report"
    assert common["every"] == {
        "name": "every",
        "type": "duration",
        "required": False,
        "default": "15m",
        "description": "how often it is checked",
    }


def test_every_option_of_every_kind_is_described_for_programs(watch: Watch) -> None:
    listed = json.loads(watch("kinds", "--json").out)["kinds"]
    assert [kind["kind"] for kind in listed] == sorted(kinds())
    options = [(kind["kind"], option) for kind in listed for option in kind["options"] + kind["common"]]
    assert [(kind, option["name"]) for kind, option in options if not option["description"]] == []
    assert [(kind, option["name"]) for kind, option in options if option["type"] == "any"] == []


def test_a_kind_that_does_not_exist_is_a_usage_error_with_a_suggestion(watch: Watch) -> None:
    ran = watch("kinds", "fed")
    assert (ran.code, ran.out) == (2, "")
    assert "feed" in ran.err
    assert ran.err.count("\n") == 1


def test_a_kind_that_no_capture_proves_says_what_would_and_how_to_send_it(watch: Watch) -> None:
    listed = json.loads(watch("kinds", "--json").out)["kinds"]
    wanted = {kind["kind"]: kind["wanted"] for kind in listed}
    unproven = [kind["kind"] for kind in listed if kind["proven"] in ("hearsay", "documents")]
    assert {"rkn_landing", "rkn_ori", "rkn_opendata", "rkn_news", "interfax", "duma_bills"} <= set(unproven)
    assert [name for name in unproven if "`watch catalog report NAME`" not in wanted[name]] == []
    assert [name for name in ("feed", "fara", "telegram") if wanted[name]] == []
    explained = " ".join(watch("kinds", "rkn_landing").out.split())
    assert f"what would prove it: {wanted['rkn_landing']}" in explained


def test_a_paragraph_of_a_kind_s_help_is_as_wide_as_the_terminal(watch: Watch) -> None:
    explained = watch("kinds", "gleif").out
    assert "Then `search` may be left out: all entities are\n" in explained


def test_kinds_are_found_by_the_words_of_what_they_are(watch: Watch) -> None:
    found = json.loads(watch("kinds", "--find", "SANCTIONS united", "--json").out)["kinds"]
    assert {"ofac_sdn", "un_sanctions"} <= {kind["kind"] for kind in found}
    (sdn,) = [kind for kind in found if kind["kind"] == "ofac_sdn"]
    assert {name: sdn[name] for name in ("publisher", "jurisdiction", "topics", "verified")} == {
        "publisher": "OFAC, United States",
        "jurisdiction": "US",
        "topics": ["sanctions"],
        "verified": "2025-12",
    }
    shown = watch("kinds", "--find", "SANCTIONS united").out
    assert {line.split(" ")[0] for line in shown.splitlines()} >= {"ofac_sdn", "un_sanctions"}
    assert "feed" not in {line.split(" ")[0] for line in shown.splitlines()}


def test_words_that_no_kind_has_are_said(watch: Watch) -> None:
    ran = watch("kinds", "--find", "moon sanctions")
    assert (ran.code, ran.out) == (0, "no kind has all of these words: moon sanctions\n")
    assert json.loads(watch("kinds", "--find", "moon sanctions", "--json").out) == {"kinds": []}


def test_a_kind_says_who_publishes_it_and_when_it_was_verified(watch: Watch) -> None:
    explained = watch("kinds", "ofac_sdn").out
    for line in ("published by: OFAC, United States", "country: US", "topics: sanctions", "page of: 2025-12"):
        assert line in explained
