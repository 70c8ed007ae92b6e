"""A TOML document with mistakes: every one of them, and what can be read beside them.

A parser stops at the first mistake. So the table that it is in is taken out and the rest is read again.
"""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import tomli

from watcher.config.key_lines import key_lines
from watcher.config.substitute import KeyPath

_MOST = 20  # mistakes: for each of them the whole document is read once more
_POSITION = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_TABLE = re.compile(r"\((?:'[^']*'(?:, )?)+,?\)")
_KEY = re.compile(r"[ \t]*([\w-]+)[ \t]*=")
_HEADER = re.compile(r"[ \t]*\[{1,2}[^\[\]\n]+\]{1,2}[ \t]*(?:#.*)?$")


@dataclass
class Document:
    """What could be read.

    `mistakes` are texts with the line and column that they begin with (`12:3: is not ...`), `broken` the tables that
    hold one, of which only the names are in `root`, `lost` the keys above all tables that do. `partial` says that there
    are others whose names are not known. `text` is the part that was read; its lines have the numbers that they have in
    the file.
    """

    text: str
    root: dict[str, Any] = field(default_factory=dict)
    mistakes: list[str] = field(default_factory=list)
    broken: list[KeyPath] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    partial: bool = False


def document(text: str) -> Document:
    """Read a document. Raises RecursionError when it is nested too deeply."""
    return _Reading(Document(text.replace("\r\n", "\n"))).read()


def lines_in(file: Path) -> dict[KeyPath, int]:
    """The lines of a file's keys; none if it has gone, or changed, since it was read."""
    try:
        return key_lines(document(file.read_bytes().decode("utf-8-sig")).text)
    except (OSError, ValueError, RecursionError):
        return {}


@dataclass
class _Reading:
    """A document that is read again after each mistake."""

    found: Document
    blanked: set[int] = field(default_factory=set)  # lines of the headers that are left of tables with a mistake
    unclosed: bool = False  # something reaches to the end of the document

    def read(self) -> Document:
        found = self.found
        for _ in range(_MOST):
            try:
                found.root = tomli.loads(found.text)
            except tomli.TOMLDecodeError as error:
                self._take_out(str(error))
            else:
                found.broken = _tables_at(self.blanked, found.text) if self.blanked else []
                return found
        found.partial = True
        return found

    def _take_out(self, message: str) -> None:
        """Note a mistake, and blank the table that it is in: all but its header, if that is sound."""
        position, lines = _POSITION.search(message), self.found.text.split("\n")
        at_end = position is None or position[1] is None
        line = len(lines) if position is None or position[1] is None else int(position[1])
        self._note(_worded(message, position), again=at_end and self.unclosed)
        self.unclosed = self.unclosed or at_end
        first, end = _section(lines, line, message)
        if not first and line <= end and not at_end and (key := _KEY.match(lines[line - 1])):
            self.found.lost.append(key[1])
            self._blank(lines, line - 1, line)
            return
        keeps_header = first > 0 and line != first and first not in self.blanked and not at_end
        begin = first if keeps_header else max(first - 1, 0)
        if keeps_header:
            self.blanked.add(first)
        else:
            self.blanked.discard(first)
            self.found.partial = True
        self._blank(lines, begin, end)

    def _blank(self, lines: list[str], begin: int, end: int) -> None:
        self.found.text = "\n".join([*lines[:begin], *[""] * (end - begin), *lines[end:]])

    def _note(self, mistake: str, *, again: bool) -> None:
        """What is not closed is noticed again for each table that it goes through."""
        if not again and mistake not in self.found.mistakes:
            self.found.mistakes.append(mistake)


def _tables_at(headers: Container[int], text: str) -> list[KeyPath]:
    """The tables whose header stands on one of these lines; not those that they are in."""
    deepest = {line: at for at, line in key_lines(text).items()}  # a table comes after those that it is in
    return [at for line, at in deepest.items() if line in headers]


def _section(lines: list[str], line: int, message: str) -> tuple[int, int]:
    """The line of the header of the table that a line is in (0: it is in none), and the last line of that table."""
    heads = [number for number, each in enumerate(lines, 1) if _HEADER.match(each)]
    if line in heads and not message.startswith("Cannot") and _is_sound(lines[line - 1]):
        line -= 1  # a value that is not closed reaches as far as the next header
    first = max((head for head in heads if head <= line), default=0)
    return first, min((head for head in heads if head > line), default=len(lines) + 1) - 1


def _is_sound(header: str) -> bool:
    try:
        tomli.loads(header)
    except tomli.TOMLDecodeError:
        return False
    return True


def _worded(message: str, position: re.Match[str] | None) -> str:
    where = f"{position[1]}:{position[2]}" if position and position[1] else ""
    end = " at the end of the file" if position and not position[1] else ""
    dotted = _TABLE.sub(lambda match: "[" + ".".join(re.findall(r"'([^']*)'", match[0])) + "]", message)
    text = f"is not valid TOML: {_POSITION.sub('', dotted)}{end}"
    return f"{where}: {text}" if where else text
