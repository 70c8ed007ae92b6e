"""All mistakes of a configuration are reported at once, each with its line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import tomlkit
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.config.files import key_lines
from watcher.config.load import load
from watcher.errors import ConfigError

Configure = Callable[..., Path]


def places(configure: Configure, text: str) -> list[str]:
    """Where each mistake is: `2 sources.a.kind`."""
    with pytest.raises(ConfigError) as caught:
        load(configure(text))
    return [
        problem.removeprefix("watch.toml:").partition(": ")[0::2][0] + " " + problem.split(": ")[1]
        for problem in caught.value.problems
    ]


def test_each_kind_of_key_has_its_line() -> None:
    text = """# comment = 1
state = "a"

[sources]
one = { kind = "feed", url = "x" }   # [not.a.header]
"two.b" = 1
[sources.three]
text = '''
[no.header]
no = 1
'''
list = [
  "a # no comment",
  "b = 1",
]
last.of.it = 1
[[alerts]]
to = []
[[alerts]]

to = []
[alerts.more]
x = "\\""
"""
    lines = key_lines(text)
    assert {at: lines[at] for at in lines if at[0] != "alerts"} == {
        ("state",): 2,
        ("sources",): 4,
        ("sources", "one"): 5,
        ("sources", "two.b"): 6,
        ("sources", "three"): 7,
        ("sources", "three", "text"): 8,
        ("sources", "three", "list"): 12,
        ("sources", "three", "last"): 16,
        ("sources", "three", "last", "of"): 16,
        ("sources", "three", "last", "of", "it"): 16,
    }
    assert [lines["alerts", 0, "to"], lines["alerts", 1, "to"], lines["alerts", 1, "more", "x"]] == [18, 21, 23]


TEXTS = st.text(st.sampled_from("ab .#='\"[]{}\\\n\u043a"), max_size=8)
TABLES = st.recursive(
    st.one_of(TEXTS, st.integers(), st.booleans(), st.lists(TEXTS, max_size=3)),
    lambda values: st.dictionaries(TEXTS, values, max_size=3) | st.lists(st.dictionaries(TEXTS, values), max_size=3),
    max_leaves=12,
)


@settings(deadline=None, max_examples=100)
@given(st.dictionaries(TEXTS, TABLES, max_size=4))
def test_whatever_stands_in_a_document_each_of_its_tables_has_a_line(values: dict[str, object]) -> None:
    text = tomlkit.dumps(values)
    lines = key_lines(text)
    assert {(name,) for name in values} <= {*lines, *((name,) for name, value in values.items() if value == [])}
    assert all(1 <= line <= text.count("\n") + 1 for line in lines.values())


def test_two_variables_of_one_text_are_both_told(configure: Configure) -> None:
    text = '[sources.a]\nkind = "feed"\nurl = "https://a.example/${NOT_SET_1}/${NOT_SET_2}"\n'
    assert places(configure, text) == ["3 sources.a.url", "3 sources.a.url"]


def test_a_syntax_error_is_told_before_all_else(configure: Configure) -> None:
    text = 'timezone = "Nowhere/Land"\n[sources.a]\nkind = "feed"\nurl = https://a.example/\nevry = "1m"\n'
    assert places(configure, text) == ["4:7 is not valid TOML"]


def test_a_wrong_setting_is_not_the_cause_of_others(configure: Configure, folder: Path) -> None:
    (folder / "presets").mkdir()
    preset = 'kind = "feed"\nurl = "https://a.example/"\n'
    (folder / "presets/mine.toml").write_text(preset, encoding="utf-8")
    text = 'timezone = "x"\npresets = "presets"\n[http]\nuser_agent = "me (+mailto:a@b.example)"\nspacing = 1\n'
    assert places(configure, text + '[sources.a]\nkind = "mine"\n') == ["1 timezone", "5 http.spacing"]


def test_of_a_source_with_an_unknown_kind_the_options_of_every_source_are_checked(configure: Configure) -> None:
    text = '[sources.a]\nkind = "fed"\nevery = "often"\nmin_entries = "many"\nother = 1\n'
    assert places(configure, text) == ["2 sources.a.kind", "3 sources.a.every", "4 sources.a.min_entries"]


def test_a_wrong_option_does_not_hide_a_wrong_address(configure: Configure) -> None:
    text = '[sources.a]\nkind = "feed"\nurl = "a.example"\nevery = "often"\n'
    assert places(configure, text) == ["3 sources.a.url", "4 sources.a.every"]


def test_an_unknown_key_does_not_hide_what_is_wrong_with_the_whole(configure: Configure) -> None:
    text = '[sources.a]\nkind = "csv"\nurl = "https://a.example/"\nkey = "n"\nheader = 0\n{} = 1\n'
    assert places(configure, text.format("zzz")) == ["1 sources.a", "6 sources.a.zzz"]
    assert places(configure, text.format("colums")) == ["6 sources.a.colums"]


def test_mistakes_in_an_included_file_have_its_lines(configure: Configure) -> None:
    configure('[sources.b]\n\nkind = "fed"\n', "more.toml")
    with pytest.raises(ConfigError) as caught:
        load(configure('include = ["more.toml"]\n[sources.a]\nkind = "fed"\n'))
    found = [problem.split(": ")[:2] for problem in caught.value.problems]
    assert found == [["watch.toml:3", "sources.a.kind"], ["more.toml:3", "sources.b.kind"]]


def test_each_file_that_cannot_be_read_is_told(configure: Configure) -> None:
    configure("[sources.b]\nurl = https\n", "more.toml")
    with pytest.raises(ConfigError) as caught:
        load(configure('include = ["more.toml", "other.toml"]\n[sources.a]\nkind = "fed"\n[[alerts]]\nto = ["desk"]\n'))
    missing, invalid = caught.value.problems
    assert missing.startswith("watch.toml:1: include: there is no file other.toml in ")
    assert invalid.startswith("more.toml:2:7: is not valid TOML: ")
