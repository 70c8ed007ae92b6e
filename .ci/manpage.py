"""Writes what is made of the parser: the man page, and the completion scripts of the shells: `make man`.

`--check` says whether they are the present ones, and changes nothing.
"""

# ruff: noqa: INP001 - a script beside the program, not a part of it
from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from watcher.cli import FIRST_STEPS, whole_parser
from watcher.commands.completion import SHELLS, script

ROOT = Path(__file__).parents[1]
NAMES = {"bash": "registry-watch", "zsh": "_registry-watch", "fish": "registry-watch.fish"}
PROGRAM = "registry-watch"
FILES = {
    "/etc/registry-watch/watch.toml": "the configuration, where neither --config nor $WATCH_CONFIG nor ./watch.toml is",
    "/etc/registry-watch/credentials": "secrets of the service, a file each, for ${NAME} in the configuration",
    "/var/lib/registry-watch/state.db": "the state of the service",
}
ENVIRONMENT = {
    "WATCH_CONFIG": "the configuration",
    "CREDENTIALS_DIRECTORY": "a folder of secrets, as systemd gives it to a service",
}
CODES = {
    "0": "every source was read, and every message that was due is sent",
    "1": "a source failed or is suspicious, or a message was not sent",
    "2": "the configuration or the command line is wrong",
}


def page() -> str:
    """The man page, in man(7)."""
    os.environ["COLUMNS"] = "80"
    parser = whole_parser()
    lines = [
        f'.TH {PROGRAM.upper()} 1 "" "Registry Watch" "User Commands"',
        ".SH NAME",
        rf"{_escaped(PROGRAM)} \- tells you when something you watch appears or changes on a public register",
        ".SH SYNOPSIS",
        f".B {_escaped(PROGRAM)}",
        r"[\fIoptions\fR] [\fICOMMAND\fR ...]",
        ".SH DESCRIPTION",
        *_prose(parser.description or ""),
        ".SH OPTIONS",
        *_options(parser),
        ".SH COMMANDS",
    ]
    for name, command in sorted(_commands(parser).items()):
        lines += [f".SS {_escaped(name)}", f".RS 0\n.B {_escaped(_usage(command))}", ".RE"]
        lines += [".PP", *_prose(command.description or ""), *_options(command)]
    lines += [*_table("EXIT STATUS", CODES), *_table("ENVIRONMENT", ENVIRONMENT), *_table("FILES", FILES)]
    lines += [".SH EXAMPLES", *_prose(FIRST_STEPS.partition("\n\n")[0])]
    lines += [".SH SEE ALSO", f"The documents of this version: the folder that {_escaped(PROGRAM)} --version names."]
    return "\n".join(lines) + "\n"


def _commands(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    subparsers = (each for each in parser._actions if isinstance(each, argparse._SubParsersAction))
    return dict(next(subparsers).choices)


def _usage(command: argparse.ArgumentParser) -> str:
    usage = " ".join(command.format_usage().removeprefix("usage: ").split())
    return f"{PROGRAM} {usage.split(' ', 1)[1]}"


def _options(parser: argparse.ArgumentParser) -> Iterator[str]:
    formatter = parser._get_formatter()
    for action in parser._actions:
        shared = action.dest in {"help", "config", "verbose"} and parser.prog.count(" ")
        if action.help in (None, argparse.SUPPRESS) or shared or isinstance(action, argparse._SubParsersAction):
            continue
        value = "" if action.nargs == 0 else action.metavar or (action.choices and "|".join(map(str, action.choices)))
        names = ", ".join(rf"\fB{_escaped(name)}\fR" for name in action.option_strings)
        yield ".TP"
        yield " ".join(filter(None, [names, rf"\fI{_escaped(str(value))}\fR" if value else ""]))
        yield _text(formatter._expand_help(action))


def _prose(text: str) -> Iterator[str]:
    """Paragraphs are filled; indented lines, which are examples, stay as they are."""
    for shown, lines in groupby(text.strip().splitlines(), key=lambda line: line.startswith(" ")):
        if shown:
            yield from (".nf", *map(_text, lines), ".fi")
        else:
            yield from (_text(line) if line else ".PP" for line in lines)


def _table(heading: str, rows: dict[str, str]) -> list[str]:
    return [
        f".SH {heading}",
        *(line for name, what in rows.items() for line in (".TP", f".B {_escaped(name)}", _text(what))),
    ]


def _text(line: str) -> str:
    """A line of text: one that begins with a dot or a quote would be a request."""
    escaped = _escaped(line)
    return rf"\&{escaped}" if escaped[:1] in {".", "'"} else escaped


def _escaped(text: str) -> str:
    return text.replace("\\", r"\e").replace("-", r"\-")


def made() -> dict[Path, str]:
    """All files and their content."""
    completions = {ROOT / "completions" / NAMES[shell]: script(shell, [PROGRAM]) for shell in SHELLS}
    return {ROOT / "man" / f"{PROGRAM}.1": page(), **completions}


def main() -> int:
    """Write the files, or say whether they are the present ones."""
    stale = [file for file, text in made().items() if not file.exists() or file.read_text("utf-8") != text]
    if "--check" in sys.argv:
        for file in stale:
            print(f"{file.relative_to(ROOT)} is not what the program says now: make man", file=sys.stderr)
        return bool(stale)
    for file in stale:
        file.parent.mkdir(exist_ok=True)
        file.write_text(made()[file], encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
