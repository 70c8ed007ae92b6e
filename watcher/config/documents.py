"""The line of each key of a TOML document, and its mistake in words.

No parser reports the line of a key: that is looked for when there is an error to show.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from watcher.config.config_secrets import KeyPath

_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}|' + r"'''.*?'{3,5}|" + r'"(?:\\.|[^"\\\n])*"|' + r"'[^'\n]*'|#[^\n]*|[\[\]{}=\n]",
    re.DOTALL,
)
_DEPTH = {"[": 1, "{": 1, "]": -1, "}": -1}

_POSITION = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_TABLE = re.compile(r"\((?:'[^']*'(?:, )?)+,?\)")


def key_lines(text: str) -> dict[KeyPath, int]:
    """The line, from 1, of each table and key of a valid document, and of their parent tables.

    Keys within a value (an inline table, a list) have the line of its key.
    """
    found: dict[KeyPath, int] = {}
    table: KeyPath = ()
    counts: dict[KeyPath, int] = {}
    for line, statement, key in _statements(text):
        if statement.startswith("["):
            place = table = _place_header(_names(statement), counts, is_array=statement.startswith("[["))
        else:
            place = table + _names(f"{key} = 0")
        for length in range(1, len(place) + 1):
            found.setdefault(place[:length], line)
    return found


def line_of(lines: Mapping[KeyPath, int], at: KeyPath) -> int | None:
    """The line of a key path, or of its nearest parent that has one."""
    return next((lines[at[:length]] for length in range(len(at), 0, -1) if at[:length] in lines), None)


def _statements(text: str) -> Iterator[tuple[int, str, str]]:
    """Each header, or key with its value: its line, its text, and the part before the equals sign."""
    line, start, equals, depth = 1, 0, None, 0
    for token in _TOKEN.finditer(f"{text}\n"):
        if token[0] == "=" and not depth and equals is None:
            equals = token.start()
        depth += _DEPTH.get(token[0], 0)
        if token[0] == "\n" and depth <= 0:
            statement = text[start : token.start()]
            if statement.strip() and not statement.lstrip().startswith("#"):
                yield line, statement.strip(), text[start:equals].strip()
            line += statement.count("\n") + 1
            start, equals, depth = token.end(), None, 0


def _names(line: str) -> tuple[str, ...]:
    """The names in a header, or in a key with a value."""
    names, value = list[str](), tomllib.loads(line)
    while isinstance(value, dict) and value:
        ((name, value),) = value.items()
        names.append(name)
    return tuple(names)


def _place_header(names: tuple[str, ...], counts: dict[KeyPath, int], *, is_array: bool) -> KeyPath:
    """The key path of a header, with list positions for arrays of tables."""
    place: KeyPath = ()
    for index, name in enumerate(names):
        place = (*place, name)
        if is_array and index == len(names) - 1:
            counts[place] = counts.get(place, -1) + 1
        if place in counts:
            place = (*place, counts[place])
    return place


def lines_in(file: Path) -> dict[KeyPath, int]:
    """The lines of a file's keys; none if the file was removed or changed since it was read."""
    try:
        return key_lines(file.read_text("utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return {}


def word_mistake(message: str) -> str:
    """What tomllib says of a document, for people: `12:3: is not valid TOML: ...`, with line and column where they are
    known.
    """
    position = _POSITION.search(message)
    where = f"{position[1]}:{position[2]}: " if position and position[1] else " "
    end = " at the end of the file" if position and not position[1] else ""
    dotted = _TABLE.sub(lambda match: "[" + ".".join(re.findall(r"'([^']*)'", match[0])) + "]", message)
    return f"{where}is not valid TOML: {_POSITION.sub('', dotted)}{end}"
