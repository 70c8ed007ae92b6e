from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from watcher.commands.init import starting
from watcher.config.load import load

Watch = Callable[..., Any]


def test_init_writes_a_configuration_that_loads_without_a_warning(watch: Watch, folder: Path) -> None:
    assert watch("init").code == 0
    config = load(folder / "watch.toml")
    assert {name: source.kind for name, source in config.sources.items()} == {"federal-register": "federal_register"}
    assert (config.entities, config.channels, config.alerts, config.warnings) == ({}, {}, (), ())


def test_init_says_what_to_do_next(watch: Watch, folder: Path) -> None:
    ran = watch("init")
    assert ran.out.startswith("wrote watch.toml and watch.schema.json")
    assert "watch --once" in ran.out
    assert "watch try federal-register --limit 3" in ran.out
    assert "--config etc/watch.toml --once" in watch("init", "etc").out


def test_the_schema_that_the_file_names_stands_beside_it(watch: Watch, folder: Path) -> None:
    watch("init", "etc")
    first_line = (folder / "etc/watch.toml").read_text(encoding="utf-8").splitlines()[0]
    named = folder / "etc" / first_line.removeprefix("#:schema ")
    assert json.loads(named.read_text(encoding="utf-8"))["properties"]["sources"]


def test_init_never_writes_over_a_file_unless_it_is_told_to(watch: Watch, configure: Callable[..., Path]) -> None:
    mine = configure("# mine\n")
    ran = watch("init")
    assert (ran.code, ran.out) == (2, "")
    assert "watch.toml: already there, and left as it is; --force writes over it" in ran.err
    assert mine.read_text(encoding="utf-8") == "# mine\n"
    assert not mine.with_name("watch.schema.json").exists()
    assert watch("init", "--force").code == 0
    assert mine.read_text(encoding="utf-8") == starting()


def test_a_folder_that_cannot_be_written_is_one_line(watch: Watch, configure: Callable[..., Path]) -> None:
    configure("a file", "etc")
    ran = watch("init", "etc")
    assert ran.code == 2
    assert ran.err == "etc: cannot be written: File exists\n"


def test_the_commented_part_of_the_starter_is_right_as_well(
    watch: Watch, configure: Callable[..., Path], monkeypatch: Any
) -> None:
    for name in ("SMTP_USER", "SMTP_PASSWORD"):
        monkeypatch.setenv(name, "something")
    active = re.sub(r"^# (?=\[|\w+ = )", "", starting(), flags=re.MULTILINE)
    assert {*tomllib.loads(active)} == {
        "state",
        "timezone",
        "http",
        "sources",
        "entities",
        "channels",
        "alerts",
        "evidence",
    }
    config = load(configure(active))
    assert (list(config.channels), list(config.entities), len(config.alerts)) == (["desk"], ["telegram"], 2)
    assert config.warnings == ()


def test_the_starter_is_short_and_narrow() -> None:
    assert len(starting().splitlines()) < 45
    assert max(map(len, starting().splitlines())) <= 110
