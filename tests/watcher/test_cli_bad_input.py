"""Mistakes on the command line, as users see them: one clear line each, the right exit code, no traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Watch = Callable[..., Any]
Configure = Callable[..., Path]

ROOT = Path(__file__).parents[2]
SOURCE = '[sources.list]\nkind = "table"\nurl = "https://example.org/"\nkey = "INN"\n'
RULE = '[[alerts]]\nto = ["desk"]\n[[alerts]]\nhealth = true\nto = ["desk"]\n'

MISTAKES = {
    "a syntax error": ("[sources.list\n", "watch.toml:1:14: is not valid TOML: "),
    "an unknown kind": (
        SOURCE.replace('"table"', '"tabel"'),
        'watch.toml:2: sources.list.kind: there is no kind "tabel"',
    ),
    "a wrong type": (
        SOURCE + "min_entries = 'some'",
        "watch.toml:5: sources.list.min_entries: has to be a whole number",
    ),
    "an unknown key": (
        SOURCE + "evrey = '1m'",
        'watch.toml:5: sources.list.evrey: is not an option here; did you mean "every"?',
    ),
    "a missing key": (SOURCE.replace("key =", "title ="), "watch.toml:1: sources.list.key: is missing"),
    "a bad selector": (SOURCE + "table = 'table['", "watch.toml:5: sources.list.table: "),
    "a bad duration": (SOURCE + "every = 'soon'", "watch.toml:5: sources.list.every: a duration is a text such as"),
    "a missing variable": (
        SOURCE + "auth = '${NOT_SET_ANYWHERE}'",
        "watch.toml:5: sources.list.auth: the environment variable",
    ),
    "a missing credential": (
        SOURCE + "auth = '${credential:web}'",
        "watch.toml:5: sources.list.auth: credential web: ",
    ),
    "an unknown channel": (SOURCE + RULE, 'watch.toml:6: alerts #1.to: there is no channel "desk"'),
    "a bad channel URL": (
        SOURCE + RULE + "[channels.desk]\nurl = 'nosuchservice://s3cr3t-t0k3n-0123456789/x'",
        "watch.toml:11: channels.desk.url: ",
    ),
}


@pytest.mark.parametrize(("text", "says"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_one_line_with_its_place(watch: Watch, configure: Configure, text: str, says: str) -> None:
    configure(text)
    ran = watch("check-config")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.splitlines()[0].startswith(says)
    assert not [word for word in ("Traceback", "pydantic", "s3cr3t", "Input should") if word in ran.err]


@pytest.mark.parametrize("argv", [["--once"], ["--once", "--json"], ["status", "--json"], ["log"], ["try", "list"]])
def test_every_command_refuses_a_bad_configuration_alike(watch: Watch, configure: Configure, argv: list[str]) -> None:
    configure(MISTAKES["an unknown key"][0])
    ran = watch(*argv)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == MISTAKES["an unknown key"][1] + "\n"


def test_a_missing_file_says_where_it_was_looked_for(watch: Watch) -> None:
    ran = watch("status")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("no configuration: looked for watch.toml and ")
    assert "`watch init`" in ran.err


def test_a_state_that_cannot_be_opened_is_one_line_and_exit_code_1(watch: Watch, configure: Configure) -> None:
    configure('state = "sqlite:///nowhere/deep/state.db"\n' + SOURCE)
    Path("nowhere").write_text("a file, not a folder", encoding="utf-8")
    ran = watch("status")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.count("\n") == 1
    assert "nowhere" in ran.err


@pytest.mark.parametrize(
    "argv",
    [
        ["try", "nosuch"],
        ["--once", "--source", "nosuch"],
        ["log", "--source", "nosuch"],
        ["log", "--entity", "nosuch"],
        ["log", "--since", "soon"],
        ["forget", "nosuch"],
        ["alert-test", "nosuch"],
        ["deliveries", "retry", "17"],
        ["kinds", "nosuch"],
    ],
)
def test_a_name_that_does_not_exist_is_one_line(watch: Watch, configure: Configure, argv: list[str]) -> None:
    configure(SOURCE)
    ran = watch(*argv)
    assert (ran.code, ran.out) == (2, "")
    assert "Traceback" not in ran.err
    assert argv[-1] in ran.err


def test_a_process_of_its_own_behaves_alike(configure: Configure) -> None:
    configure(MISTAKES["an unknown key"][0])
    environment = os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"}
    arguments = [sys.executable, "-m", "watcher.cli", "--once", "--json"]
    ran = subprocess.run(arguments, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == MISTAKES["an unknown key"][1] + "\n"
