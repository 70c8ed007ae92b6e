"""Parses a TOML document with mistakes: finds each of them, and reads the rest; and the line of each key.

A parser stops at the first mistake. So the table with the mistake is blanked, and the document is parsed again. No
parser reports the line of a key: that is looked for when there is an error to show.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from watcher.config.config_secrets import KeyPath

_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}|' + r"'''.*?'{3,5}|" + r'"(?:\\.|[^"\\\n])*"|' + r"'[^'\n]*'|#[^\n]*|[\[\]{}=\n]",
    re.DOTALL,
)
_DEPTH = {"[": 1, "{": 1, "]": -1, "}": -1}

_MOST = 20  # most mistakes: the whole document is parsed again after each
_POSITION = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_TABLE = re.compile(r"\((?:'[^']*'(?:, )?)+,?\)")
_KEY = re.compile(r"[ \t]*([\w-]+)[ \t]*=")
_HEADER = re.compile(r"[ \t]*\[{1,2}[^\[\]\n]+\]{1,2}[ \t]*(?:#.*)?$")


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


@dataclass
class TomlDocument:
    """What could be read of a document.

    `mistakes` are texts that begin with line and column (`12:3: is not ...`). `broken` are the tables with a mistake,
    of which `root` has only the names. `lost` are the keys above all tables with a mistake. `partial` says that there
    are further ones whose names are unknown. `text` is the part that was read; its lines have the same numbers as in
    the file.
    """

    text: str
    root: dict[str, Any] = field(default_factory=dict)
    mistakes: list[str] = field(default_factory=list)
    broken: list[KeyPath] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    partial: bool = False
    _blanked: set[int] = field(default_factory=set)  # header lines that remain of blanked tables
    _unclosed: bool = False  # a value is not closed, up to the end of the document

    def read(self) -> None:
        """Parse the text, again after each mistake."""
        for _ in range(_MOST):
            try:
                self.root = tomllib.loads(self.text)
            except tomllib.TOMLDecodeError as error:
                self._take_out(str(error))
                continue
            if self._blanked:  # the deepest table of each header: a table comes after its parents
                deepest = {line: at for at, line in key_lines(self.text).items()}
                self.broken = [at for line, at in deepest.items() if line in self._blanked]
            return
        self.partial = True

    def _take_out(self, message: str) -> None:
        """Record a mistake, and blank its table: all but the header, if that is valid."""
        position, lines = _POSITION.search(message), self.text.split("\n")
        at_end = position is None or position[1] is None
        line = len(lines) if position is None or position[1] is None else int(position[1])
        # an unclosed value is found again after each table that is blanked, and recorded once
        mistake = _word_mistake(message, position)
        if not (at_end and self._unclosed) and mistake not in self.mistakes:
            self.mistakes.append(mistake)
        self._unclosed = self._unclosed or at_end
        first, end = _find_section(lines, line, message)
        keeps_header = first > 0 and line != first and first not in self._blanked and not at_end
        if not first and line <= end and not at_end and (key := _KEY.match(lines[line - 1])):
            self.lost.append(key[1])
            begin, end = line - 1, line
        elif keeps_header:
            self._blanked.add(first)
            begin = first
        else:
            self._blanked.discard(first)
            self.partial, begin = True, max(first - 1, 0)
        self.text = "\n".join([*lines[:begin], *[""] * (end - begin), *lines[end:]])


def document(text: str) -> TomlDocument:
    """Parse a document. Raises RecursionError if it is nested too deeply."""
    found = TomlDocument(text.replace("\r\n", "\n"))
    found.read()
    return found


def lines_in(file: Path) -> dict[KeyPath, int]:
    """The lines of a file's keys; none if the file was removed or changed since it was read."""
    try:
        return key_lines(document(file.read_bytes().decode("utf-8-sig")).text)
    except (OSError, ValueError, RecursionError):
        return {}


def _find_section(lines: list[str], line: int, message: str) -> tuple[int, int]:
    """The line of the header of the table that a line belongs to (0: none), and the last line of that table."""
    heads = [number for number, each in enumerate(lines, 1) if _HEADER.match(each)]
    if line in heads and not message.startswith("Cannot") and _is_sound(lines[line - 1]):
        line -= 1  # an unclosed value extends to the next header
    first = max((head for head in heads if head <= line), default=0)
    return first, min((head for head in heads if head > line), default=len(lines) + 1) - 1


def _is_sound(header: str) -> bool:
    try:
        tomllib.loads(header)
    except tomllib.TOMLDecodeError:
        return False
    return True


def _word_mistake(message: str, position: re.Match[str] | None) -> str:
    where = f"{position[1]}:{position[2]}" if position and position[1] else ""
    end = " at the end of the file" if position and not position[1] else ""
    dotted = _TABLE.sub(lambda match: "[" + ".".join(re.findall(r"'([^']*)'", match[0])) + "]", message)
    text = f"is not valid TOML: {_POSITION.sub('', dotted)}{end}"
    return f"{where}: {text}" if where else text
