"""Completion: what the program answers a shell, and each of the three shells with the script that it is given."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from watcher.commands.completion import SHELLS

ROOT = Path(__file__).parents[3]
CONFIG = """[sources.tass]
kind = "tass"
[sources.tokyo]
kind = "nothing-that-exists"
[entities.telegram]
names = ["Telegram"]
[channels.desk]
url = "json://a.example"
"""


@pytest.fixture
def completed(configure: Callable[..., Path], folder: Path) -> Callable[[str], list[str]]:
    """What is completed at the end of a line, in a folder with a configuration."""
    configure(CONFIG)

    def complete(line: str) -> list[str]:
        out = folder / "answer"
        out.write_text("")
        asked = {
            "COMP_LINE": line,
            "COMP_POINT": str(len(line)),
            "_ARGCOMPLETE": "1",
            "_ARGCOMPLETE_IFS": "\v",
            "_ARGCOMPLETE_SUPPRESS_SPACE": "1",
            "_ARGCOMPLETE_STDOUT_FILENAME": str(out),
        }
        program = [sys.executable, "-m", "watcher.cli"]
        subprocess.run(
            program, env={**os.environ, "PYTHONPATH": str(ROOT), **asked}, cwd=folder, check=True, timeout=60
        )
        return [word for word in out.read_text("utf-8").split("\v") if word and not word.startswith("-")]

    return complete


ANSWERS = {
    "watch ca": ["case", "catalog"],
    "watch try t": ["tass", "tokyo"],
    "watch status tas": ["tass"],
    "watch log --source to": ["tokyo"],
    "watch --once --source ta": ["tass"],
    "watch case ": ["telegram"],
    "watch alert-test ": ["desk"],
    "watch kinds rkn_l": ["rkn_landing"],
    "watch catalog report ta": ["tass"],
    "watch catalog test rkn_l": ["rkn_landing"],
    "watch init --story ": ["telegram"],
    "watch add --name ": [],
    "watch completion ": ["bash", "zsh", "fish"],
}


@pytest.mark.parametrize("line", ANSWERS)
def test_what_may_come_next(line: str, completed: Callable[[str], list[str]]) -> None:
    assert sorted(completed(line)) == sorted(ANSWERS[line])


def test_names_come_from_the_configuration_that_the_line_names(
    completed: Callable[[str], list[str]], configure: Callable[..., Path]
) -> None:
    configure('[sources.other]\nkind = "tass"\n', "elsewhere.toml")
    assert completed("watch --config elsewhere.toml try ") == ["other"]
    assert completed("watch --config gone.toml try ") == []


# Each script has to print what is completed at the end of `registry-watch try to`.
ASK = {
    "bash": "COMP_WORDS=(registry-watch try to); COMP_CWORD=2; COMP_LINE='registry-watch try to'; COMP_POINT=21; COMP_TYPE=9\n"
    "_python_argcomplete registry-watch; printf '%s\\n' \"${COMPREPLY[@]}\"",
    "zsh": "_describe() { print -l -- ${(P)2}; }; is-at-least() { true; }\n"
    "BUFFER='registry-watch try to'; CURSOR=21; words=(registry-watch try to); _python_argcomplete",
    "fish": "complete -C 'registry-watch try to'",
}


@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_completes_with_its_script(shell: str, configure: Callable[..., Path], folder: Path) -> None:
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"{shell} is not installed here")
    configure(CONFIG)
    (script,) = [file for file in (ROOT / "completions").iterdir() if file.name in _names(shell)]
    quiet = {"bash": ["--norc"], "zsh": ["-f"], "fish": ["--no-config"]}[shell]
    prepare = "compdef() { :; }\n" if shell == "zsh" else ""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    ran = subprocess.run(
        [program, *quiet, "-c", f"{prepare}source {script}\n{ASK[shell]}"],
        env={**os.environ, "PATH": path, "HOME": str(folder)},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "tokyo" in [line.strip().rstrip(":") for line in ran.stdout.splitlines()], ran


def _names(shell: str) -> set[str]:
    return {{"bash": "registry-watch", "zsh": "_registry-watch", "fish": "registry-watch.fish"}[shell]}


@pytest.mark.parametrize("shell", SHELLS)
def test_the_command_prints_the_script_for_both_names(shell: str, watch: Callable[..., Any]) -> None:
    ran = watch("completion", shell)
    assert (ran.code, "registry-watch" in ran.out) == (0, True)


def test_the_man_page_renders_without_a_warning() -> None:
    program = shutil.which("man")
    if program is None:
        pytest.skip("man is not installed here")
    page = ROOT / "man" / "registry-watch.1"
    ran = subprocess.run(
        [program, "--warnings", "-l", str(page)],
        env={**os.environ, "MANWIDTH": "80", "MAN_KEEP_FORMATTING": "", "PAGER": "cat"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "watch accept rkn-landing --alert" in ran.stdout
    assert all(f"\n   {name}\n" in ran.stdout for name in ("add", "import", "status"))


def test_units_and_version_name_documents_that_are_installed(watch: Callable[..., Any]) -> None:
    folder = Path(watch("--version").out.splitlines()[1].removeprefix("documentation: "))
    assert (folder / "operate.md").is_file()
    units = [
        file.read_text("utf-8") for file in (ROOT / "systemd").glob("*.*") if file.suffix in {".service", ".timer"}
    ]
    named = {
        line.partition("=")[2] for unit in units for line in unit.splitlines() if line.startswith("Documentation=")
    }
    shared = "man:registry-watch(1) file:/opt/registry-watch/share/doc/registry-watch"
    assert named == {f"{shared}/operate.md", f"{shared}/browser.md"}
