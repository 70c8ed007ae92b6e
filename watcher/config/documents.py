"""Parses a TOML document with mistakes: finds each of them, and reads the rest.

A parser stops at the first mistake. So the table with the mistake is blanked, and the document is parsed again.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Container
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from watcher.config.key_lines import key_lines
from watcher.config.substitute import KeyPath

_MOST = 20  # most mistakes: the whole document is parsed again after each
_POSITION = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_TABLE = re.compile(r"\((?:'[^']*'(?:, )?)+,?\)")
_KEY = re.compile(r"[ \t]*([\w-]+)[ \t]*=")
_HEADER = re.compile(r"[ \t]*\[{1,2}[^\[\]\n]+\]{1,2}[ \t]*(?:#.*)?$")


@dataclass
class Document:
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


def document(text: str) -> Document:
    """Parse a document. Raises RecursionError if it is nested too deeply."""
    return _Reading(Document(text.replace("\r\n", "\n"))).read()


def lines_in(file: Path) -> dict[KeyPath, int]:
    """The lines of a file's keys; none if the file was removed or changed since it was read."""
    try:
        return key_lines(document(file.read_bytes().decode("utf-8-sig")).text)
    except (OSError, ValueError, RecursionError):
        return {}


@dataclass
class _Reading:
    """A document that is parsed again after each mistake."""

    found: Document
    blanked: set[int] = field(default_factory=set)  # header lines that remain of blanked tables
    unclosed: bool = False  # a value is not closed, up to the end of the document

    def read(self) -> Document:
        found = self.found
        for _ in range(_MOST):
            try:
                found.root = tomllib.loads(found.text)
            except tomllib.TOMLDecodeError as error:
                self._take_out(str(error))
            else:
                found.broken = _tables_at(self.blanked, found.text) if self.blanked else []
                return found
        found.partial = True
        return found

    def _take_out(self, message: str) -> None:
        """Record a mistake, and blank its table: all but the header, if that is valid."""
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
        """Record a mistake once: an unclosed value is found again after each table that is blanked."""
        if not again and mistake not in self.found.mistakes:
            self.found.mistakes.append(mistake)


def _tables_at(headers: Container[int], text: str) -> list[KeyPath]:
    """The tables whose header is on one of these lines, without their parents."""
    deepest = {line: at for at, line in key_lines(text).items()}  # a table comes after its parents
    return [at for line, at in deepest.items() if line in headers]


def _section(lines: list[str], line: int, message: str) -> tuple[int, int]:
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


def _worded(message: str, position: re.Match[str] | None) -> str:
    where = f"{position[1]}:{position[2]}" if position and position[1] else ""
    end = " at the end of the file" if position and not position[1] else ""
    dotted = _TABLE.sub(lambda match: "[" + ".".join(re.findall(r"'([^']*)'", match[0])) + "]", message)
    text = f"is not valid TOML: {_POSITION.sub('', dotted)}{end}"
    return f"{where}: {text}" if where else text
