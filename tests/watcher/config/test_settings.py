"""The users of the desk, in `[web.users.NAME]`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from watcher.config.load import load
from watcher.config.settings import Sight
from watcher.errors import ConfigError


def test_what_a_user_may_see(tmp_path: Path) -> None:
    (tmp_path / "watch.toml").write_text(
        '[web.users.ann]\nrole = "editor"\nsources = ["fca_*"]\nentities = ["sable"]\n'
    )
    sight = load(tmp_path / "watch.toml").web.users["ann"].sight
    assert sight == Sight(("fca_*",), ("sable",))
    assert (sight.sees("fca_list", ["sable", "x"]), sight.sees("fca_list", ["x"]), sight.sees("x", ["sable"])) == (
        True,
        False,
        False,
    )


@pytest.mark.parametrize("limits", ['sources = ["fca_*"]', 'entities = ["sable"]'])
def test_who_is_limited_cannot_be_an_admin(tmp_path: Path, limits: str) -> None:
    (tmp_path / "watch.toml").write_text(f'[web.users.ann]\nrole = "admin"\n{limits}\n')
    with pytest.raises(ConfigError) as refused:
        load(tmp_path / "watch.toml")
    assert "web.users.ann" in f"{refused.value.problems}"
    assert "cannot be an admin" in f"{refused.value.problems}"


GLOSSARY = """
[sources.landing]
kind = "rkn_landing"
[sources.british]
kind = "uk_sanctions"
[glossary.rkn_landing]
"не исполнено" = { en = "not met" }
[glossary.landing]
"на паузе" = { en = "paused" }
"""


def test_a_glossary_is_of_a_source_its_kind_and_what_comes_with_the_kind(tmp_path: Path) -> None:
    (tmp_path / "watch.toml").write_text(GLOSSARY)
    config = load(tmp_path / "watch.toml")
    own, of_kind, built_in = config.glossaries("landing")
    assert (own, of_kind) == ({"на паузе": {"en": "paused"}}, {"не исполнено": {"en": "not met"}})
    assert built_in["не исполнено"]["de"] == "nicht erfüllt"
    (of_base,) = config.glossaries("british")  # its kind is a preset of `sanctions_list`
    assert of_base["Individual"]["fr"] == "personne physique"
    assert config.glossaries("gone") == []


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ('[glossary.landig]\n"a" = { en = "b" }', 'glossary.landig: there is no source and no kind "landig"; did you mean'),
        ('[glossary.tass]\n"a" = { xx = "b" }', 'glossary.tass.a.xx: has to be "en", "de"'),
        ('[glossary.tass]\n"a" = { en = "" }', "glossary.tass.a.en: has to have 1 or more characters"),
        ('[glossary.tass]\n"a" = "b"', "glossary.tass.a: has to be a table"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_glossary_is_said_where_it_stands(tmp_path: Path, table: str, said: str) -> None:
    (tmp_path / "watch.toml").write_text(f"{GLOSSARY}{table}\n")
    with pytest.raises(ConfigError) as refused:
        load(tmp_path / "watch.toml")
    assert said in f"{refused.value.problems}"


def test_only_a_table_that_is_given_has_its_validator_built() -> None:
    code = (
        "from watcher.config.settings import Settings, WebOptions, HttpOptions\n"
        "Settings.model_validate({'http': {'per_host': 3}})\n"
        "print(HttpOptions.__pydantic_complete__, WebOptions.__pydantic_complete__)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.split() == ["True", "False"]
