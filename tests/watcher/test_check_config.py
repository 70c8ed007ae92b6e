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


def test_a_secret_in_a_file_that_everybody_may_read_is_a_warning(watch: Watch, configure: Configure) -> None:
    file = configure(CONFIG + HEALTH + '[channels.mail]\nurl = "json://desk:hunter22@127.0.0.1:9/"\n')
    file.chmod(0o644)
    warned = watch("check-config").err.splitlines()
    assert [line.partition(": holds")[0] for line in warned] == ["warning: watch.toml: channels.mail.url"]
    file.chmod(0o640)
    assert watch("check-config").err == ""


def test_a_secret_from_outside_may_be_named_in_a_file_for_everybody(
    watch: Watch, configure: Configure, monkeypatch: Any
) -> None:
    monkeypatch.setenv("PASSWORD", "hunter22")
    configure(CONFIG + HEALTH + '[channels.mail]\nurl = "json://desk:${PASSWORD}@127.0.0.1:9/"\n').chmod(0o644)
    assert watch("check-config").err == ""


def test_the_file_that_is_told_is_the_one_that_holds_the_secret(watch: Watch, configure: Configure) -> None:
    configure('include = ["more.toml"]\n')
    configure(
        '[sources.a]\nkind = "feed"\nurl = "https://a.example/"\nauth = "me:hunter22"\nheaders = { X-Token = "abc" }\n',
        "more.toml",
    ).chmod(0o644)
    warned = [line.partition(": holds")[0] for line in watch("check-config").err.splitlines()]
    assert warned == ["warning: more.toml: sources.a.auth", "warning: more.toml: sources.a.headers.X-Token"]
