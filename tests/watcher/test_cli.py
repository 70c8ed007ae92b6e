from __future__ import annotations

import argparse
import importlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from state.errors import StateError
from watcher import cli
from watcher.commands import kinds as command

Watch = Callable[..., Any]

ROOT = Path(__file__).parents[2]


def process(*argv: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the program as a process of its own, in the working folder."""
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    return subprocess.run(
        [sys.executable, "-m", "watcher.cli", *argv],
        env=os.environ | {"PYTHONPATH": path} | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def failing(error: BaseException) -> Callable[..., int]:
    def run(_: argparse.Namespace) -> int:
        raise error

    return run


# ---- help


def test_help_lists_every_command_in_one_line(watch: Watch) -> None:
    ran = watch("--help")
    assert ran.code == 0
    listed = ran.out.split("commands:\n")[1].split("\n\n")[0].splitlines()
    assert [line.split()[0] for line in listed] == sorted(cli.command_names())
    assert all(len(line) <= 80 for line in ran.out.splitlines())


@pytest.mark.parametrize("name", sorted(cli.command_names()))
def test_every_command_explains_itself_with_an_example(watch: Watch, name: str) -> None:
    ran = watch(name, "--help")
    assert ran.code == 0
    assert f"\n  watch {name}" in ran.out
    assert all(len(line) <= 80 for line in ran.out.splitlines())


def test_help_loads_nothing_heavy() -> None:
    heavy = {
        "pydantic",
        "sqlmodel",
        "sqlalchemy",
        "apprise",
        "rich",
        "lxml",
        "httpx",
        "mcp",
        "duckdb",
        "importlib.metadata",
        "email",
    }
    code = f"import sys; from watcher import cli; cli.main(['--help']); print({heavy} & {{*sys.modules}})"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, timeout=60, check=True)
    assert ran.stdout.splitlines()[-1] == b"set()"


def test_the_version_is_said(watch: Watch) -> None:
    ran = watch("--version")
    assert ran.code == 0
    assert ran.out.startswith("registry-watch ")


# ---- usage


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (["-n", "5", "ls"], "unrecognized arguments: -n"),
        (["inti"], 'there is no command "inti"; did you mean "init"?'),
        (["kinds", "--jsn"], "unrecognized arguments: --jsn"),
        (
            ["--json", "kinds"],
            "--json before a command belongs to the check; options of kinds stand after it",
        ),
        (["--config"], "argument --config: expected one argument"),
    ],
)
def test_a_usage_error_says_what_is_wrong_and_where_to_read_on(watch: Watch, argv: list[str], says: str) -> None:
    ran = watch(*argv)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err
    assert [line.startswith("watch") for line in ran.err.splitlines()] == [True, True]
    assert "procps" not in ran.err


@pytest.mark.parametrize("argv", [["--config", "a.toml", "-v", "kinds"], ["kinds", "--config", "a.toml", "-v"]])
def test_shared_options_may_stand_before_or_after_the_command(argv: list[str]) -> None:
    module, args = cli.parse(argv)
    assert module is command
    assert (args.config, args.verbose) == (Path("a.toml"), True)


def test_an_option_after_the_command_wins() -> None:
    assert cli.parse(["--config", "a.toml", "kinds", "--config", "b.toml"])[1].config == Path("b.toml")


def test_without_a_command_the_check_or_the_daemon_runs() -> None:
    module, args = cli.parse(["--once", "--source", "tass", "--source", "durov", "--json"])
    assert module is importlib.import_module("watcher.commands.run_")
    assert (args.once, args.source, args.json, args.verbose) == (True, ["tass", "durov"], True, False)


def test_a_file_in_the_folder_is_a_command() -> None:
    names = cli.command_names()
    assert names["check-config"] == "check_config"
    assert names["try"] == "try_"
    assert "run" not in names


# ---- what goes wrong


def test_a_state_error_is_one_line_and_exit_code_1(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "run", failing(StateError("state.db: is locked; wait")))
    assert watch("kinds") == (1, "", "state.db: is locked; wait\n")


def test_an_unexpected_error_is_one_line_unless_more_is_asked_for(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "run", failing(RuntimeError("no\x1b[2J\nidea")))
    ran = watch("kinds")
    assert ran.code == 1
    assert ran.err.endswith(" ERROR unexpected RuntimeError: no\\x1b[2J\\nidea (-v shows where)\n")
    assert "Traceback (most recent call last)" in watch("-v", "kinds").err


def test_an_interrupt_ends_quietly(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "run", failing(KeyboardInterrupt()))
    assert watch("kinds") == (130, "", "")


def test_a_closed_pipe_ends_quietly() -> None:
    code = "import sys; sys.stdin.read(); from watcher import cli; sys.exit(cli.main(['schema']))"
    pipe = subprocess.PIPE
    ran = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe)
    assert ran.stdout
    ran.stdout.close()
    ran.stdout = None
    assert ran.communicate(timeout=60)[1] == b""
    assert ran.returncode == cli.PIPE_CLOSED


def test_a_terminal_without_cyrillic_is_no_reason_to_stop(configure: Callable[..., Path]) -> None:
    configure('[sources."телеграм"]\nkind = "fed"\n')
    ran = process("check-config", PYTHONIOENCODING="ascii")
    assert ran.returncode == 2
    assert "\\u0442\\u0435\\u043b" in ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
def test_a_full_disk_is_one_line() -> None:
    arguments = [sys.executable, "-m", "watcher.cli", "kinds"]
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        ran = subprocess.run(arguments, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, timeout=60, check=False)
    assert ran.returncode == 1
    [line] = ran.stderr.splitlines()
    assert b"cannot be written: No space left on device: free some" in line
