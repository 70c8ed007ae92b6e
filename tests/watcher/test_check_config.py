from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

Watch = Callable[..., Any]
Configure = Callable[..., Path]

CONFIG = """
[entities.telegram]
names = ["Telegram"]
[sources.tass]
kind = "feed"
url = "https://tass.ru/rss/v2.xml"
[sources.off]
kind = "feed"
url = "https://example.org/"
enabled = false
[channels.desk]
url = "json://127.0.0.1:9/"
[[alerts]]
to = ["desk"]
"""
HEALTH = '[[alerts]]\nhealth = true\nto = ["desk"]\n'


def test_a_good_configuration_is_ok_with_counts(watch: Watch, configure: Configure) -> None:
    file = configure(CONFIG + HEALTH)
    ran = watch("check-config")
    assert (ran.code, ran.err) == (0, "")
    assert " ".join(ran.out.split()) == f"{file}: ok: 2 sources (1 disabled), 1 entity, 1 channel, 2 alert rules"


def test_warnings_are_told_but_are_no_errors(watch: Watch, configure: Configure) -> None:
    configure(CONFIG)
    ran = watch("check-config")
    assert ran.code == 0
    assert ran.err.startswith('warning: watch.toml: alerts: no rule has "health = true"')
    assert "ok:" in ran.out


def test_for_programs_it_is_one_object(watch: Watch, configure: Configure) -> None:
    configure(CONFIG)
    told = json.loads(watch("check-config", "--json").out)
    assert (told["ok"], told["sources"], told["disabled"], told["channels"], told["alerts"]) == (True, 2, 1, 1, 1)
    assert len(told["warnings"]) == 1


def test_every_channel_that_apprise_does_not_take_is_told(watch: Watch, configure: Configure) -> None:
    configure(CONFIG + HEALTH + '[channels.a]\nurl = "nosuch://x"\n[channels.b]\nurl = "just words"\n')
    ran = watch("check-config", "--json")
    assert (ran.code, ran.out) == (2, "")
    assert [line.split(": ")[1] for line in ran.err.splitlines()] == ["channels.a.url", "channels.b.url"]
