"""JSON for programs, without secrets and without characters that could control a terminal."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from watcher.terminal.console import is_shown, without_secrets, write

_LINES = 500  # that are printed together


def print_json(value: Any) -> None:
    """Print one JSON value for programs. Characters that could control a terminal are written as `\\u001b`."""
    text = json.dumps(_hidden(value), ensure_ascii=False, indent=2)
    write("\n".join(line if line.isprintable() else _escaped_json(line) for line in text.split("\n")))


def print_json_list(before: Mapping[str, Any], name: str, items: Iterable[Any], after: Mapping[str, Any]) -> None:
    """Print one JSON object with a long list in it, one item in a line: the items are taken one at a time."""
    write("{")
    for key, value in before.items():
        write(f"  {_json_line(key)}: {_json_line(value)},")
    write(f"  {_json_line(name)}: [")
    lines, some = map(_json_line, items), list[str]()
    while more := list(islice(lines, _LINES)):
        if some:
            write("".join(f"    {line},\n" for line in some), end="")
        some = more
    write(",\n".join(f"    {line}" for line in some) + ("\n  ]" if some else "  ]"), end="")
    for key, value in after.items():
        write(f",\n  {_json_line(key)}: {_json_line(value)}", end="")
    write("\n}")


def _json_line(value: Any) -> str:
    line = _one_line(value)
    # Without an escape, each text stands in the line as it is: one look for secrets instead of one for each text.
    if "\\" in line or without_secrets(line) != line:
        line = _one_line(_hidden(value))
    return line if line.isprintable() else _escaped_json(line)


_one_line = json.JSONEncoder(ensure_ascii=False).encode


def _escaped_json(line: str) -> str:
    return "".join(char if is_shown(char) else f"\\u{ord(char):04x}" for char in line)


def _hidden(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _hidden(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_hidden(item) for item in value]
    return without_secrets(value) if isinstance(value, str) else value
