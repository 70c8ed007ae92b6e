"""The tables [translate] and [summarize]: what an engine needs, what is asked of it, and how its key is kept secret."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from watcher.config.load import load
from watcher.config.schema import table_schema
from watcher.config.settings import SummarizeOptions, TranslateOptions
from watcher.errors import ConfigError

SOURCE = '[sources.rkn]\nkind = "json"\nurl = "https://a.example/"\nitems = "@"\nkey = "name"\n'
LIBRE = '[translate]\nengine = "libretranslate"\nurl = "http://127.0.0.1:5000/"\n'
CHAT = 'engine = "openai"\nurl = "https://api.example.org/v1"\nmodel = "small"\n'
KEY = "dbf3c1d8keyofatest"
Configure = Callable[..., Path]


@pytest.mark.parametrize(
    ("table", "what"),
    [
        ('[translate]\nengine = "libretranslate"', 'engine = "libretranslate" needs "url"'),
        ('[translate]\nengine = "deepl"', 'engine = "deepl" needs "key"'),
        ('[translate]\nengine = "openai"', 'engine = "openai" needs "url", "model"'),
        ('[translate]\nengine = "google"', "translate.engine"),
        ('[summarize]\nengine = "deepl"\nkey = "abcdefgh"', "summarize.engine"),
        ("[translate]\n", "translate.engine"),
        (LIBRE + 'to = ["xx"]', "translate.to"),
        (LIBRE + 'wait = "2m"', "has to be at most 1 minute"),
        (LIBRE + 'most = "lots"', 'has to be how many in a minute, an hour or a day, such as "10/hour"'),
        (LIBRE + 'sources = ["fca"]', 'there is no source "fca"'),
        (LIBRE.replace("http:", "ftp:"), "has to be a web address without a query"),
        (LIBRE.replace("5000/", "5000/?key=1"), "has to be a web address without a query"),
    ],
)
def test_what_cannot_work_is_refused_with_its_key(configure: Configure, table: str, what: str) -> None:
    with pytest.raises(ConfigError) as raised:
        load(configure(SOURCE + table))
    assert what in str(raised.value.problems)


def test_both_tables_are_read(configure: Configure) -> None:
    more = 'to = ["de"]\nsources = ["rkn*"]\nwait = "3s"\nmost = "5/hour"\n'
    config = load(configure(f"{SOURCE}{LIBRE}{more}[summarize]\n{CHAT}"))
    assert config.translate
    assert config.summarize == SummarizeOptions(engine="openai", url="https://api.example.org/v1", model="small")
    assert config.translate.wait == timedelta(seconds=3)
    assert str(config.translate.most) == "5/hour"
    assert load(configure(SOURCE)).translate is None


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({}, [True, True, True]),
        ({"to": ["de"]}, [True, False, True]),
        ({"sources": ["rkn-*", "fca"]}, [True, True, False]),
    ],
)
def test_an_engine_is_for_some_languages_and_sources(given: Any, wanted: list[bool]) -> None:
    options = TranslateOptions.model_validate({"engine": "argos"} | given)
    asked: Any = [("rkn-links", "de"), ("rkn-links", "fr"), ("eu", "de")]
    assert [options.wants(*each) for each in asked] == wanted


@pytest.mark.parametrize("written", [KEY, "${DEEPL_KEY}", "${credential:deepl}"])
def test_the_key_is_a_secret_however_it_is_written(
    configure: Configure, folder: Path, monkeypatch: pytest.MonkeyPatch, written: str
) -> None:
    monkeypatch.setenv("DEEPL_KEY", KEY)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(folder))
    (folder / "deepl").write_text(KEY + "\n")
    config = load(
        configure(f'{SOURCE}[translate]\nengine = "deepl"\nkey = "{written}"\n[summarize]\n{CHAT}key = "{written}"\n')
    )
    assert config.translate
    assert config.translate.key == KEY
    assert KEY not in repr(config)
    name = "${translate.key}" if written == KEY else written
    assert config.secrets.hide(f"the key {KEY} is refused") == f"the key {name} is refused"


def test_a_password_in_the_address_is_a_secret(configure: Configure) -> None:
    config = load(configure(SOURCE + LIBRE.replace("127.0.0.1", "user:hunter22@127.0.0.1")))
    assert "hunter22" not in config.secrets.hide("http://user:hunter22@127.0.0.1:5000")


@pytest.mark.parametrize(
    ("table", "what"),
    [
        (
            f'{LIBRE.replace("127.0.0.1", "mt.example.org")}key = "{KEY}"',
            "translate.url: the key is sent there in clear",
        ),
        (LIBRE + 'sources = ["x-*"]', '"x-*" matches no source'),
        ('[translate]\nengine = "argos"', 'translate.engine: it needs the extra "translate": pip install'),
    ],
)
def test_what_is_hardly_meant_is_warned_of(configure: Configure, watch: Any, table: str, what: str) -> None:
    configure(SOURCE + table)
    ran = watch("check-config", "--offline", "--json")
    assert ran.code == 0
    assert what in str(json.loads(ran.out))
    assert KEY not in ran.out + ran.err


def test_the_schema_says_the_defaults_as_in_the_file() -> None:
    schema = table_schema(TranslateOptions)["properties"]
    assert schema["most"]["default"] == "2000/day"
    assert schema["wait"]["default"] == "10s"
    assert schema["key"]["writeOnly"] is True
