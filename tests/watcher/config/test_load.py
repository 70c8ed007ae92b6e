from __future__ import annotations

import os
import re
import time
from base64 import b64encode
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sources.secrets import Secrets
from watcher.config.config_secrets import WrittenSecrets
from watcher.config.load import Config, load
from watcher.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable

    Configure = Callable[..., Path]

FEED = '[sources.tass]\nkind = "feed"\nurl = "https://tass.ru/rss/v2.xml"\n'
DESK = '[channels.desk]\nurl = "json://127.0.0.1:9/"\n'
EVERYTHING = '[[alerts]]\nto = ["desk"]\n[[alerts]]\nhealth = true\nto = ["desk"]\n'


def problems(configure: Configure, text: str) -> list[str]:
    configure(text)
    with pytest.raises(ConfigError) as raised:
        load()
    return raised.value.problems


def warnings(configure: Configure, text: str) -> tuple[str, ...]:
    return load(configure(text)).warnings


# ---- where the file is


def test_the_file_is_looked_for_in_the_working_folder_and_named_by_the_environment(
    configure: Configure, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, other = configure(FEED), configure('timezone = "Asia/Tokyo"\n', "etc/other.toml")
    assert load().path == here
    monkeypatch.setenv("WATCH_CONFIG", str(other))
    assert load().path == other
    assert load(here).path == here


def test_a_missing_file_says_where_it_was_looked_for_and_how_to_get_one(folder: Path) -> None:
    with pytest.raises(ConfigError, match=r"looked for watch.toml and /etc/registry-watch/watch.toml; `watch init`"):
        load()


def test_a_file_that_was_asked_for_is_not_replaced_by_another(
    configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(FEED)
    with pytest.raises(ConfigError, match=r"looked for gone.toml; "):
        load(Path("gone.toml"))
    monkeypatch.setenv("WATCH_CONFIG", "/nowhere/watch.toml")
    with pytest.raises(ConfigError, match=r"looked for /nowhere/watch.toml \(\$WATCH_CONFIG\)"):
        load()


def test_a_folder_in_place_of_a_file_is_said(folder: Path) -> None:
    with pytest.raises(ConfigError, match=r"is a folder; name the file in it"):
        load(folder)


# ---- what is loaded


def test_a_configuration_without_anything_is_valid_and_has_defaults(configure: Configure, folder: Path) -> None:
    config = load(configure(""))
    assert config.state == f"sqlite:///{folder}/state.db"
    assert config.timezone.key == "UTC"
    assert (config.sources, config.channels, config.entities, config.alerts) == ({}, {}, {}, ())
    assert config.http.spacing == timedelta(seconds=1)
    assert config.warnings == ()


def test_tables_become_typed_objects(configure: Configure) -> None:
    text = FEED + 'every = "1h30m"\n[entities.max]\nnames = ["MAX"]\nnot = ["Pro Max"]\n' + DESK + EVERYTHING
    config: Config = load(configure(text))
    assert config.sources["tass"].kind == "feed"
    assert config.sources["tass"].every == timedelta(minutes=90)
    assert config.sources["tass"].label == "tass"
    assert config.entities["max"].not_ == ("Pro Max",)
    assert [rule.health for rule in config.alerts] == [False, True]


def test_relative_paths_are_relative_to_the_configuration(configure: Configure, folder: Path) -> None:
    configure("certificate", "etc/ca.pem")
    file = configure(
        'state = "sqlite:///data/s.db"\n[http]\nca_file = "ca.pem"\n' + FEED + 'ca_file = "ca.pem"\n',
        "etc/w.toml",
    )
    config = load(file)
    assert config.state == f"sqlite:///{folder}/etc/data/s.db"
    assert config.http.ca_file == config.sources["tass"].ca_file == f"{folder}/etc/ca.pem"


def test_an_absolute_state_stays_where_it_is(configure: Configure) -> None:
    assert load(configure('state = "sqlite:////var/lib/rw/state.db"')).state == "sqlite:////var/lib/rw/state.db"


def test_a_byte_order_mark_is_no_error(folder: Path) -> None:
    (folder / "watch.toml").write_bytes(b"\xef\xbb\xbf" + FEED.encode())
    assert list(load().sources) == ["tass"]


# ---- included files


def test_included_files_add_sources_and_rules(configure: Configure) -> None:
    configure(FEED.replace("tass", "one"), "sources.d/1.toml")
    configure(FEED.replace("tass", "two") + "[[alerts]]\nto = ['desk']\n", "sources.d/2.toml")
    config = load(configure('include = ["sources.d/*.toml"]\n' + DESK + "[[alerts]]\nhealth = true\nto = ['desk']\n"))
    assert list(config.sources) == ["one", "two"]
    assert [rule.health for rule in config.alerts] == [True, False]


def test_the_same_name_in_two_files_is_a_problem_that_names_both(configure: Configure) -> None:
    configure(FEED, "more.toml")
    assert problems(configure, 'include = ["more.toml"]\n' + FEED) == [
        "more.toml:1: sources.tass: stands in watch.toml too; give one of them another name"
    ]


def test_a_setting_in_two_files_is_a_problem_and_so_is_an_include_in_an_included_file(configure: Configure) -> None:
    configure('timezone = "UTC"\ninclude = ["x.toml"]\n', "more.toml")
    assert problems(configure, 'timezone = "UTC"\ninclude = ["more.toml"]\n') == [
        "more.toml:1: timezone: stands in watch.toml too; keep one of them",
        "more.toml:2: include: only watch.toml may include files",
    ]


def test_a_problem_names_the_file_that_holds_it_and_its_place_in_that_file(configure: Configure) -> None:
    configure(FEED + 'evry = "1m"\n[[alerts]]\nto = ["dsk"]\n', "more.toml")
    found = problems(configure, 'include = ["more.toml"]\n' + DESK + '[[alerts]]\nto = ["desk"]\n')
    assert [line.partition(": ")[2].partition(": ")[0] for line in found] == [
        "sources.tass.evry",
        "alerts #1.to",
    ]
    assert [line.partition(": ")[0] for line in found] == ["more.toml:4", "more.toml:6"]


def test_an_included_file_that_is_not_there_is_a_problem_but_an_empty_glob_is_not(
    configure: Configure,
) -> None:
    assert load(configure('include = ["sources.d/*.toml"]')).sources == {}
    [problem] = problems(configure, 'include = ["more.toml"]')
    assert "include: there is no file more.toml" in problem


def test_an_included_pipe_is_a_problem_and_not_waited_for(configure: Configure) -> None:
    path = configure('include = ["more.toml"]')
    os.mkfifo(path.parent / "more.toml")
    with pytest.raises(ConfigError, match=r"include: there is no file more.toml"):
        load(path)


# ---- problems


def test_every_problem_is_told_at_once(configure: Configure) -> None:
    found = problems(
        configure,
        'timezone = "Europe/Moskow"\n[http]\nspacing = 1\n'
        '[sources.a]\nkind = "fed"\n'
        '[sources.b]\nkind = "feed"\nurl = "https://example.org/"\nevery = "often"\nmin_entries = "many"\n'
        "[entities.x]\nnames = []\n",
    )
    assert [line.split(": ")[:2] for line in found] == [
        ["watch.toml:1", "timezone"],
        ["watch.toml:3", "http.spacing"],
        ["watch.toml:5", "sources.a.kind"],
        ["watch.toml:9", "sources.b.every"],
        ["watch.toml:10", "sources.b.min_entries"],
        ["watch.toml:12", "entities.x.names"],
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('tiemzone = "UTC"', 'tiemzone: is not an option here; did you mean "timezone"?'),
        ("[http]\nspacng = '1s'", 'http.spacng: is not an option here; did you mean "spacing"?'),
        ("[channel.desk]\nurl = 'x'", 'channel: is not an option here; did you mean "channels"?'),
        ("[entities.x]\nname = ['X']", 'entities.x.name: is not an option here; did you mean "names"?'),
        (FEED + "state = 'sqlite:///a.db'", "sources.tass.state: is not an option here, but at the top of the file"),
        ("[http]\ntimezone = 'UTC'", "http.timezone: is not an option here, but at the top of the file"),
        ("[entities.x]", "entities.x.names: is missing: its names, in every script"),
        (FEED + "evry = '1m'", 'sources.tass.evry: is not an option here; did you mean "every"?'),
        (FEED + "every = 15", 'sources.tass.every: a duration is a text such as "30s"'),
        (FEED + "every = '0s'", "sources.tass.every: has to be more than nothing"),
        (
            FEED + "authority = 'recrod'",
            'sources.tass.authority: has to be "record", "statement" or "report"',
        ),
        (FEED + "ignore = 'date'", "sources.tass.ignore: has to be a list, such as"),
        (FEED + "ignore = ['a', 1]", "sources.tass.ignore #2: has to be a text in quotes"),
        (FEED + "enabled = 'perhaps'", "sources.tass.enabled: has to be true or false"),
        (FEED + "headers = 'X'", "sources.tass.headers: has to be a table"),
        (FEED + "ca_file = 'gone.pem'", "sources.tass.ca_file: there is no file "),
        (FEED.replace("https", "ftp"), 'sources.tass.url: has to be a whole URL that begins with "https://"'),
        (FEED.replace("tass.ru", "[::1"), "sources.tass.url: is not a URL: "),
        ("[sources.x]\nurl = 'https://x/'", "sources.x.kind: is missing: it says how the source is read"),
        ("[sources]\nx = 'feed'", "sources.x: has to be a table: [sources.x]"),
        ("sources = 'feed'", "sources: has to be tables with a name each: [sources.NAME]"),
        ("[alerts]\nto = ['x']", "alerts: has to be written [[alerts]], with two brackets"),
        ("[sources.'a*']\nkind = 'feed'", 'sources."a*": is not a name'),
        ("timezone = 'Europe/Moskow'", 'did you mean "Europe/Moscow"?'),
        ("timezone = '../../etc/passwd'", "timezone: has to be the name of a time zone"),
        ("state = 'state.db'", 'state: has to be "sqlite:///" and a file'),
        ("state = 'sqlite:///:memory:'", 'state: has to be "sqlite:///" and a file'),
        ("state = 'postgresql+psycopg://u:p@h'", "state: has to name a database, such as"),
        (
            "[http]\nprivate_addresses = 'no'",
            'http.private_addresses: has to be "refuse" or "allow", or a list',
        ),
        ("[http]\nprivate_addresses = ['10.0.0.0/99']", "http.private_addresses #1: has to be a network"),
        ("[http]\nper_host = 0", "http.per_host: has to be at least 1"),
        (DESK + "[[alerts]]\nto = ['dsk']", 'alerts #1.to: there is no channel "dsk"; did you mean "desk"?'),
        ("[[alerts]]\nto = ['desk']", "the configuration has no channels at all: add [channels.desk]"),
        (DESK + "[[alerts]]\nto=['desk']\nentities=['x']", 'alerts #1.entities: there is no entity "x"'),
        (DESK + "[[alerts]]\nto=['desk']\nsources=['x']", 'alerts #1.sources: there is no source "x"'),
        (FEED + "was = ['tass']", 'sources.tass.was: "tass" is a source of its own here'),
    ],
)
def test_a_problem_says_where_and_what_to_do_in_plain_words(configure: Configure, text: str, problem: str) -> None:
    [line] = problems(configure, text)
    assert re.match(r"watch\.toml:\d: ", line)
    assert problem in line
    assert not any(jargon in line.lower() for jargon in ("pydantic", "validation", "input should", "extra inputs"))


def test_two_sources_cannot_have_the_same_former_name(configure: Configure) -> None:
    text = FEED + "was = ['old']\n" + FEED.replace("tass]", "other]") + "was = ['old']\n"
    assert problems(configure, text) == ['watch.toml:8: sources.other.was: "old" is a former name of tass already']


def test_a_syntax_error_names_line_and_column_and_a_table_that_stands_twice(configure: Configure) -> None:
    assert problems(configure, "[http]\nspacing = 1s\n")[0].startswith("watch.toml:2:12: is not valid TOML: ")
    assert "Cannot declare [sources.tass] twice" in problems(configure, FEED + FEED)[0]


def test_a_file_that_is_not_utf8_is_said(folder: Path) -> None:
    (folder / "watch.toml").write_bytes("# Телеграм".encode("cp1251"))
    with pytest.raises(ConfigError, match=r"watch.toml: is not UTF-8 text \(byte 2\)"):
        load()


def test_a_time_zone_of_the_environment_that_is_none_is_said_to_be_it(
    configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as spoilt:
        spoilt.setenv("TZ", "XXX-99:99:99")
        time.tzset()
        (said,) = problems(configure, DESK)
    time.tzset()
    assert said.startswith("TZ=XXX-99:99:99 in the environment is not a time zone; set it to one such as ")


def test_a_missing_variable_hides_what_else_is_wrong_with_that_text(configure: Configure) -> None:
    [line] = problems(configure, FEED.replace("https://tass.ru", "${NOWHERE_TO_BE_FOUND}"))
    assert line.startswith("watch.toml:3: sources.tass.url: the environment variable NOWHERE_TO_BE_FOUND is not set")


def test_a_secret_never_stands_in_a_problem(configure: Configure, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZONE", "hunter2hunter2")
    found = problems(configure, 'timezone = "${ZONE}"\nstate = "${ZONE}"\n[sources.a]\nkind = "${ZONE}"\n')
    assert len(found) == 3
    assert "hunter2" not in "".join(found)


@pytest.mark.parametrize(
    ("query", "value"),
    [
        ("api_key=4711abc", "4711abc"),
        ("accessToken=hush", "hush"),
        ("X-Amz-Signature=beef", "beef"),
        ("KEY=hush", "hush"),
    ],
)
def test_the_secret_of_an_address_is_hidden(configure: Configure, query: str, value: str) -> None:
    config = load(configure(FEED.replace("v2.xml", f"v2.xml?{query}")))
    assert config.secrets.hide(f"no {value}") == "no ${sources.tass.url}"


@pytest.mark.parametrize(
    "query", ["keyword=Telegram", "author=Telegram", "keywords=a&authority=Telegram", "KEYWORD=Telegram"]
)
def test_what_is_searched_for_is_no_secret(configure: Configure, query: str) -> None:
    config = load(configure(FEED.replace("v2.xml", f"v2.xml?{query}")))
    assert config.secrets.hide("Telegram was fined") == "Telegram was fined"


def test_a_secret_that_is_a_name_in_the_configuration_eats_no_message(
    configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMTP_USER", "desk")
    monkeypatch.setenv("SMTP_PASSWORD", "alerts")
    text = (
        '[channels.desk]\nurl = "mailto://${SMTP_USER}:${SMTP_PASSWORD}@smtp.example.org"\n[[alerts]]\nto = ["dsk"]\n'
    )
    assert problems(configure, text) == ['watch.toml:4: alerts #1.to: there is no channel "dsk"; did you mean "desk"?']


# ---- warnings


def test_options_that_a_kind_cannot_heed_are_named_where_they_stand(configure: Configure) -> None:
    pushed = '[sources.p]\nkind = "pushed"\nevery = "1h"\nhours = "08:00-20:00"\ntimeout = "3s"\nreread = "1h"\n'
    group = '[groups.g]\ntimeout = "3s"\n[sources.q]\nkind = "pushed"\ngroup = "g"\n'
    box = '[sources.box]\nkind = "mailbox"\nurl = "imaps://u:${P}@mail.test/INBOX"\n'.replace("${P}", "x")
    said = [line for line in warnings(configure, pushed + group + box + 'encoding = "utf-8"\n') if "no effect" in line]
    assert [line.partition(": ")[2] for line in said] == [
        "sources.p.reread: has no effect on the kind pushed",
        "sources.p.timeout: has no effect on the kind pushed",
        "sources.box.encoding: has no effect on the kind mailbox",
    ]
    wrong = problems(configure, box + 'fetch = "browser"\nproxy = "http://proxy.test:1"\n')
    assert {line.split(": ")[1] for line in wrong} == {"sources.box.fetch", "sources.box.proxy"}


def test_form_in_a_rule_for_health_is_named_and_no_error_as_a_rule_of_the_desk_may_have_it(
    configure: Configure,
) -> None:
    [line] = warnings(configure, FEED + DESK + EVERYTHING + "form = true\n")
    assert line.endswith("alerts #2.form: has no effect in a rule for health")


def test_what_a_schedule_says_without_a_budget_is_named(configure: Configure) -> None:
    assert warnings(configure, FEED + '[schedule]\nbudget = "1.5x"\nfastest = "2m"\n') == ()
    [line] = warnings(configure, FEED + '[schedule]\nfastest = "2m"\n')
    assert line.endswith("schedule.fastest: has no effect without budget")


def test_a_proof_that_is_attached_for_programs_alone_is_named(configure: Configure) -> None:
    text = DESK.replace("json:", "https:") + f'format = "event"\nsecret = "whsec_{"A" * 32}"\n[evidence]\n' + EVERYTHING
    assert [line for line in warnings(configure, FEED + text) if "attach" in line] == []
    [line] = [line for line in warnings(configure, FEED + text + "attach = true\n") if "attach" in line]
    assert line.endswith("alerts #2.attach: has no effect: programs get no files")


def test_a_proxy_that_a_browser_does_not_use_is_named(configure: Configure) -> None:
    proxy = '[http]\nproxy = "http://proxy.test:1"\n'
    assert warnings(configure, proxy + FEED) == ()
    [line] = warnings(configure, proxy + FEED + 'fetch = "browser"\n')
    assert 'http.proxy: no requests of "tass" go through it' in line


def test_a_whole_configuration_has_no_warnings(configure: Configure) -> None:
    assert warnings(configure, FEED + DESK + EVERYTHING) == ()


def test_without_a_rule_for_health_there_is_a_warning(configure: Configure) -> None:
    [line] = warnings(configure, FEED + DESK + '[[alerts]]\nto = ["desk"]\n')
    assert 'no rule has "health = true"' in line


def test_a_source_that_no_rule_covers_is_a_warning_unless_it_is_disabled(configure: Configure) -> None:
    rules = '[[alerts]]\nto = ["desk"]\nauthority = "record"\n[[alerts]]\nhealth = true\nto = ["desk"]\n'
    [line] = warnings(configure, FEED + DESK + rules)
    assert 'no rule sends the changes of "tass"' in line
    assert warnings(configure, FEED + "enabled = false\n" + DESK + rules) == ()


def test_a_pattern_that_matches_nothing_is_a_warning(configure: Configure) -> None:
    rule = '[[alerts]]\nto = ["desk"]\nsources = ["us-*"]\n'
    assert any(
        'alerts #3.sources: "us-*" matches no source' in line
        for line in warnings(configure, FEED + DESK + EVERYTHING + rule)
    )


def test_a_host_that_cannot_be_asked_often_enough_is_a_warning(configure: Configure) -> None:
    sources = "".join(FEED.replace("tass]", f"s{number}]") + 'every = "10s"\n' for number in range(3))
    assert warnings(configure, '[http]\nspacing = "3s"\n' + sources) == ()
    [line] = warnings(configure, '[http]\nspacing = "5s"\n' + sources)
    assert line.startswith('watch.toml: http.spacing: tass.ru:443: "s0", "s1", "s2" want 18 requests a minute')
    assert "5s between two lets only 12 go" in line


# ---- secrets that stand in the file itself


@pytest.mark.parametrize(
    ("url", "said", "shown"),
    [
        (
            "mailtos://me:hunter2@smtp.example.org",
            "535 hunter2 at smtp.example.org",
            "535 {} at smtp.example.org",
        ),
        ("mailtos://me:hu%40ter2@example.org", "535 hu@ter2", "535 {}"),
        ("tgram://123456:AAbcdefghijkl0/99", "POST /bot123456:AAbcdefghijkl0/send", "POST /bot{}/send"),
        ("https://example.org/hook?key=0a1b2c3d4e5f6g7h8", "key=0a1b2c3d4e5f6g7h8", "key={}"),
        ("ntfys://topic", "GET ntfys://topic", "GET {}"),
    ],
)
def test_the_secret_parts_of_a_channel_are_hidden(url: str, said: str, shown: str) -> None:
    secrets = Secrets()
    WrittenSecrets(secrets).hide_address(("channels", "desk", "url"), url)
    assert secrets.hide(said) == shown.format("${channels.desk.url}")


def test_passwords_and_headers_of_a_source_are_hidden(configure: Configure) -> None:
    text = FEED.replace("https://", "https://me:in-the-url@") + (
        'auth = "user:in-auth"\nproxy = "http://p:in-proxy@proxy/"\n'
        'headers = { Authorization = "Bearer x9", Accept = "text" }\n'
    )
    hide = load(configure(text)).secrets.hide
    assert hide("in-the-url") == "${sources.tass.url}"
    assert hide("in-auth") == "${sources.tass.auth}"
    assert hide("in-proxy") == "${sources.tass.proxy}"
    assert hide(b64encode(b"p:in-proxy").decode()) == "${sources.tass.proxy:sent}"
    assert hide("Bearer x9 text") == "${sources.tass.headers.Authorization} text"


def test_sources_share_what_they_are_given_alike_and_nothing_else(configure: Configure) -> None:
    same = "kind = 'table'\nkey = ['No', 'Date']\n"
    alike = "".join(f"[sources.s{number}]\n{same}url = 'https://a.example/{number}'\n" for number in range(2))
    path = configure(f"{alike}[sources.other]\nkind = 'table'\nkey = 'No'\nurl = 'https://a.example/1'\n")
    first, second, other = load(path).sources.values()
    assert first.key is second.key  # type: ignore[attr-defined]
    assert [source.url for source in (first, second, other)] == [f"https://a.example/{number}" for number in (0, 1, 1)]
    assert other.key == ("No",)  # type: ignore[attr-defined]


def test_the_channel_for_readers_gets_nothing_else(configure):
    post = "[channels.{}]\nreaders = true\nurl = 'mailto://127.0.0.1?from=a@example.org&to={{reader}}'\n"
    rule = "[[alerts]]\nto = ['post']\napprove = ['post']\n"
    with pytest.raises(ConfigError) as refused:
        load(configure(post.format("post") + post.format("other") + rule))
    said = str(refused.value)
    assert 'channels.other.readers: "post" is the channel for readers already' in said
    assert said.count('"post" is the channel for what readers follow: nothing else is sent there') == 2
