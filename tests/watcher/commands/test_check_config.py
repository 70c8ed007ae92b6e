from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

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
    said = f"{file}: ok: 2 sources (1 disabled), 1 entity, 1 channel, 2 alert rules"
    assert "".join(ran.out.split()) == said.replace(" ", "")  # a long path is broken into lines


def test_warnings_are_told_but_are_no_errors(watch: Watch, configure: Configure) -> None:
    configure(CONFIG)
    ran = watch("check-config")
    assert ran.code == 0
    assert ran.err.startswith('warning: watch.toml: alerts: no rule has "health = true"')
    assert "ok:" in ran.out


def test_a_source_that_its_calendar_lets_wait_for_longer_than_a_month_is_told(
    watch: Watch, configure: Configure
) -> None:
    leap, night = 'at = "2150-02-28 09:00"', 'at = "0 3 * * *"\nhours = "08:00-20:00"'
    often = 'at = "* * * * *"\nhours = "mon 09:00-09:01"'
    for calendar, told in ((leap, "it rests until"), (night, "none of its times in ten years"), (often, "")):
        configure(CONFIG.replace('kind = "feed"\n', f'kind = "feed"\n{calendar}\n', 1) + HEALTH)
        ran = watch("check-config")
        assert ran.code == 0
        assert ("sources.tass" in ran.err, told in ran.err) == (bool(told), True)


def test_for_programs_it_is_one_object(watch: Watch, configure: Configure) -> None:
    configure(CONFIG)
    told = json.loads(watch("check-config", "--json").out)
    assert (told["ok"], told["sources"], told["disabled"], told["channels"], told["alerts"]) == (True, 2, 1, 1, 1)
    assert len(told["warnings"]) == 1


@pytest.mark.parametrize("state", ["nowhere/state.db", "watch.toml"])
def test_of_a_state_that_cannot_be_used_it_is_told_once_and_not_ok(
    watch: Watch, configure: Configure, state: str
) -> None:
    file = configure(f'state = "sqlite:///{state}"\n{CONFIG}{HEALTH}')
    ran = watch("check-config")
    told = [line for line in ran.err.splitlines() if f"{file.parent / state}: " in line]
    assert (ran.code, len(told), len(ran.err.splitlines())) == (0, 1, 1)
    assert "ok, but for its state: 2 sources" in " ".join(ran.out.split())  # a long path is wrapped


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


@pytest.mark.parametrize("value", ["abc", "telegram"])  # too short to be hidden, and a name of the configuration
def test_a_secret_of_the_environment_is_none_in_the_file(
    watch: Watch, configure: Configure, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("PASSWORD", value)
    file = configure(CONFIG + HEALTH + '[channels.mail]\nurl = "json://desk:${PASSWORD}@127.0.0.1:9/"\n')
    file.chmod(0o644)
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


SECRET_CHANNEL = (
    '[channels.mail]\nurl = "mailtos://${NOBODYS_USER}:${NOBODYS_PASSWORD}@smtp.example.org?to=a@b.example"\n'
)


def test_offline_no_secret_of_a_channel_is_needed_but_its_name_counts(watch: Watch, configure: Configure) -> None:
    configure(CONFIG + HEALTH + SECRET_CHANNEL + '[[alerts]]\nto = ["mail"]\n')
    assert "NOBODYS_PASSWORD is not set" in watch("check-config").err
    ran = watch("check-config", "--offline")
    assert (ran.code, ran.err) == (0, "")
    assert "2 channels" in ran.out


def test_offline_a_channel_that_needs_no_secret_is_checked_all_the_same(watch: Watch, configure: Configure) -> None:
    configure(CONFIG + HEALTH + SECRET_CHANNEL + '[channels.bad]\nurl = "nosuch://x"\n')
    ran = watch("check-config", "--offline")
    assert (ran.code, len(ran.err.splitlines())) == (2, 1)
    assert "channels.bad.url" in ran.err


def test_offline_a_reference_that_is_misspelt_is_still_a_mistake(watch: Watch, configure: Configure) -> None:
    configure('[channels.a]\nurl = "json://x/${not a name}"\n')
    assert "is neither ${NAME} nor ${credential:NAME}" in watch("check-config", "--offline").err


@pytest.mark.parametrize("command", [["log"], ["status"], ["match", "Telegram"], ["deliveries"], ["case", "telegram"]])
def test_commands_that_send_nothing_need_no_secret_of_a_channel_or_the_heartbeat(
    watch: Watch, configure: Configure, command: list[str]
) -> None:
    configure('heartbeat = "${NOBODYS_HEARTBEAT}"\n' + CONFIG + SECRET_CHANNEL)
    ran = watch(*command)
    assert (ran.code, ran.err) == (0, "")


def test_a_source_is_tried_added_and_replayed_without_a_secret_of_a_channel(
    watch: Watch, configure: Configure, folder: Path
) -> None:
    page = configure(json.dumps([{"number": n, "name": f"Firm {n}"} for n in range(5)]), "pages/2025-01-01.json")
    source = '[sources.firms]\nkind = "json"\nurl = "https://a.example/"\nitems = "@"\nkey = "number"\n'
    configure(CONFIG + SECRET_CHANNEL + source)
    assert watch("try", "firms", "--file", str(page)).code == 0
    assert watch("replay", "firms", str(page.parent)).code == 0
    assert watch("add", str(page), "--url", "https://b.example/firms", "--name", "more", "--yes").code == 0
    assert "[sources.more]" in (folder / "watch.toml").read_text(encoding="utf-8")


def test_a_test_alert_needs_the_secrets_of_its_own_channel_alone(watch: Watch, configure: Configure) -> None:
    configure(CONFIG + SECRET_CHANNEL)
    assert "NOBODYS" not in watch("alert-test", "desk").err
    assert "NOBODYS_USER is not set" in watch("alert-test", "mail").err


RULES = """
[http]
private_addresses = "allow"
[entities.northgate]
names = ["Northgate"]
[entities.apple]
names = ["Apple"]
[entities.orange]
names = ["Orange"]
context = ["telecoms"]
[sources.register]
kind = "json"
url = "{site}/list"
items = "@"
key = "name"
[channels.desk]
url = "json://127.0.0.1:9/"
text = "{{{{ after.{template} }}}} {{{{ changed.items()|length }}}} {{{{ event.after['Licence No'] }}}}"
[[alerts]]
fields = ["{field}"]
when = "changed.{condition} && after.\\"Licence No\\""
to = ["desk"]
[[alerts]]
health = true
to = ["desk"]
"""
RIGHT = {"field": "Sanction", "condition": "Sanction", "template": "Sanction"}


@pytest.fixture
def checked(site: Any, watch: Watch, configure: Configure) -> Callable[..., Any]:
    """What is said of a configuration after the register was read, or before."""

    def check(*, read: bool = True, **names: str) -> Any:
        rows = [{"name": "The licences of the banks", "Sanction": "None was in the list", "Licence No": "7"}]
        site.page("/list", rows)
        configure(RULES.format(site=site.url(""), **(RIGHT | names)))
        if read:
            assert "1 entry" in watch("--once").out
        return watch("check-config", "--json")

    return check


@pytest.mark.parametrize(
    ("part", "where"),
    [("field", "alerts #1.fields"), ("condition", "alerts #1.when"), ("template", "channels.desk.text")],
)
def test_a_typo_that_silences_a_rule_is_a_warning_with_the_nearest_name(
    checked: Callable[..., Any], part: str, where: str
) -> None:
    assert not [line for line in json.loads(checked().out)["warnings"] if "Sanct" in line]
    ran = checked(**{part: "Sanctoin"})
    (told,) = [line for line in json.loads(ran.out)["warnings"] if "Sanct" in line]
    assert ran.code == 0
    assert told.startswith(f'{where}: "Sanctoin" is a name that no source of ')
    assert told.endswith('did you mean "Sanction"?')


def test_a_typo_in_what_is_ignored_is_a_warning_with_the_nearest_name(
    checked: Callable[..., Any], watch: Watch, folder: Path
) -> None:
    checked()
    file = folder / "watch.toml"
    whole = file.read_text()
    assert 'kind = "json"' in whole
    for ignored, told in (("Sanction", []), ("sanction", ['did you mean "Sanction"?'])):
        file.write_text(whole.replace('kind = "json"', f'kind = "json"\nignore = ["{ignored}"]', 1))
        said = json.loads(watch("check-config", "--json").out)["warnings"]
        assert [line.rpartition("; ")[2] for line in said if ".ignore: " in line] == told


def test_of_a_source_that_was_never_read_no_field_is_missed(checked: Callable[..., Any]) -> None:
    ran = checked(read=False, **dict.fromkeys(RIGHT, "Sanctoin"))
    assert not [line for line in json.loads(ran.out)["warnings"] if "Sanct" in line]


def test_a_name_that_is_an_everyday_word_where_it_is_looked_for_is_a_warning_that_proposes_context(
    checked: Callable[..., Any],
) -> None:
    (told,) = [line for line in json.loads(checked().out)["warnings"] if "everyday" in line]
    assert told.startswith(
        'entities.apple.names: "Apple" is an everyday word in the language of "register": add context'
    )
