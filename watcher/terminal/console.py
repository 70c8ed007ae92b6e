"""The output of commands: rich tables on a terminal, plain columns elsewhere, and wrapped paragraphs."""

from __future__ import annotations

import json
import os
import shutil
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from itertools import chain, islice, zip_longest
from operator import le
from textwrap import wrap
from typing import Any

from sources.secrets import Secrets

PLAIN_WIDTH = 80
JOURNAL_WIDTH = 1000  # in the journal, a paragraph is one message
_NARROWEST = 8  # a narrower column is hard to read
_NARROW = 12  # least width of the widest column of a table on a terminal
_GAP = "  "
_LINES = 500  # of JSON that are printed together


def is_terminal() -> bool:
    """Whether standard output is a terminal."""
    return sys.stdout is not None and sys.stdout.isatty()


def width() -> int:
    """The number of columns in a line."""
    if is_terminal():
        return shutil.get_terminal_size().columns
    return JOURNAL_WIDTH if is_journal() else PLAIN_WIDTH


def can_answer() -> bool:
    """Whether a person can answer a question."""
    return is_terminal() and sys.stdin is not None and sys.stdin.isatty()


def answered(question: str) -> str:
    """A person's answer, in lower case; "" at the end of the input."""
    try:
        return input(question).strip().lower()
    except EOFError:
        return ""


def agreed(question: str) -> bool:
    """Whether a person answers a question with yes; any other answer is no."""
    return answered(f"{question} [y/N] ") in {"y", "yes"}


_secrets: list[Secrets] = []


def hide(secrets: Secrets) -> None:
    """Hide these secrets in all output and logs from now on.

    Earlier ones stay hidden: if a reload fails, the old configuration stays in use.
    """
    _secrets.append(secrets)


def begin() -> None:
    """Forget all secrets and the time zone, as another program run begins (in one process, for tests)."""
    _secrets.clear()
    log_times_in(None)


_log_zone: list[tzinfo | None] = [None]


def log_times_in(zone: tzinfo | None) -> None:
    """Write the times of log lines in this zone from now on; None is the system's."""
    _log_zone[0] = zone


def log_time(seconds: float) -> str:
    """A time since the epoch, as in log lines: `2025-07-14T09:31:00+0300`."""
    return datetime.fromtimestamp(seconds, UTC).astimezone(_log_zone[0]).strftime("%Y-%m-%dT%H:%M:%S%z")


def printable(text: str) -> str:
    r"""The text without secrets, and with control characters escaped (`\x1b`): foreign text must not control the
    terminal.
    """
    for secrets in _secrets:
        text = secrets.hide(text)
    if text.isprintable():
        return text
    return "".join(char if _is_shown(char) else _escaped(char) for char in text)


def _is_shown(char: str) -> bool:
    """Whether a character is only displayed, and controls nothing; line breaks are allowed."""
    return char == "\n" or unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}


def _escaped(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")


def say(text: str = "", *, indent: int = 0, hang: int = 0) -> None:
    """Print a paragraph, wrapped; lines after the first are indented by `hang` more."""
    first = " " * indent
    for line in text.splitlines() or [""]:
        lines = wrap(
            printable(line),
            max(width() - 1, 40),
            initial_indent=first,
            subsequent_indent=first + " " * hang,
            break_on_hyphens=False,
            break_long_words="://" not in line,  # a link must not be broken
        )
        _print("\n".join(lines))


def print_json(value: Any) -> None:
    """Print one JSON value for programs. Characters that could control a terminal are written as `\\u001b`."""
    text = json.dumps(_without_secrets(value), ensure_ascii=False, indent=2)
    _print("\n".join(line if line.isprintable() else _escaped_json(line) for line in text.split("\n")))


def print_json_list(before: Mapping[str, Any], name: str, items: Iterable[Any], after: Mapping[str, Any]) -> None:
    """Print one JSON object with a long list in it, one item in a line: the items are taken one at a time."""
    _print("{")
    for key, value in before.items():
        _print(f"  {_json_line(key)}: {_json_line(value)},")
    _print(f"  {_json_line(name)}: [")
    lines, some = map(_json_line, items), list[str]()
    while more := list(islice(lines, _LINES)):
        if some:
            _print("".join(f"    {line},\n" for line in some), end="")
        some = more
    _print(",\n".join(f"    {line}" for line in some) + ("\n  ]" if some else "  ]"), end="")
    for key, value in after.items():
        _print(f",\n  {_json_line(key)}: {_json_line(value)}", end="")
    _print("\n}")


def _json_line(value: Any) -> str:
    line = _one_line(value)
    # Without an escape, each text stands in the line as it is: one look for secrets instead of one for each text.
    if "\\" in line or any(secrets.hide(line) != line for secrets in _secrets):
        line = _one_line(_without_secrets(value))
    return line if line.isprintable() else _escaped_json(line)


_one_line = json.JSONEncoder(ensure_ascii=False).encode


def _escaped_json(line: str) -> str:
    return "".join(char if _is_shown(char) else f"\\u{ord(char):04x}" for char in line)


def _without_secrets(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_secrets(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_without_secrets(item) for item in value]
    if isinstance(value, str):
        for secrets in _secrets:
            value = secrets.hide(value)
    return value


def complain(text: str) -> None:
    """Print one line about an error to standard error; in the journal with its priority."""
    priority = ("<4>" if text.startswith("warning: ") else "<3>") if is_journal() else ""
    print(priority + printable(" ".join(text.splitlines())), file=sys.stderr)  # noqa: T201 - this module prints


def is_journal() -> bool:
    """Whether standard error goes to systemd's journal, which adds the time itself and reads a priority."""
    try:
        stream = os.fstat(sys.stderr.fileno())
    except (OSError, ValueError, AttributeError):
        return False
    return os.environ.get("JOURNAL_STREAM") == f"{stream.st_dev}:{stream.st_ino}"


def megabytes(size: int) -> str:
    """A number of bytes as `12.3 MB`."""
    return f"{size / 1e6:.1f} MB"


def _print(text: str, end: str = "\n") -> None:
    print(text, end=end)  # noqa: T201 - this module prints


def table(headings: Sequence[str], rows: Iterable[Sequence[str]], *, right: Sequence[str] = ()) -> None:
    """Print rows under headings; columns whose heading is in `right` are aligned to the right.

    On a terminal too narrow for columns, each row is a paragraph.
    """
    cells = _printable_cells(list(rows))
    if is_terminal():
        natural = [max(map(_cells, column)) for column in zip(headings, *cells, strict=True)]
        if _too_narrow(natural):
            _paragraphs(headings, cells)
        else:
            _rich_table(headings, cells, right, natural)
        return
    lines = _Lines(_widths([headings, *cells], PLAIN_WIDTH), [heading in right for heading in headings])
    _print("\n".join(map(lines.of, (headings, *cells))))


def _printable_cells(rows: Sequence[Sequence[str]]) -> Sequence[Sequence[str]]:
    """The cells without secrets. Tests all of them at once: there may be 50,000 rows, and few cells need a change."""
    whole = "".join(chain.from_iterable(rows))
    return rows if printable(whole) == whole else [[printable(cell) for cell in row] for row in rows]


def _too_narrow(natural: Sequence[int]) -> bool:
    """Whether the widest column would become very narrow if the others keep their width."""
    others = sum(natural) - max(natural) + len(_GAP) * len(natural)
    return others + min(max(natural), _NARROW) > width()


def _paragraphs(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    for first, *others in rows:
        say(first)
        facts = [f"{heading.lower()} {cell}" for heading, cell in zip(headings[1:], others, strict=True)]
        say(", ".join(facts), indent=2)


def _rich_table(
    headings: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[str], natural: Sequence[int]
) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    grid = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for heading, most in zip(headings, natural, strict=True):
        whole = most < max(natural)  # only the widest column is wrapped
        grid.add_column(heading, justify="right" if heading in right else "left", overflow="fold", no_wrap=whole)
    for row in rows:
        grid.add_row(*(Text(cell, style=_STYLES.get(cell, "")) for cell in row))  # Text: brackets are no markup
    Console(highlight=False).print(grid)


_STYLES = {
    "ok": "green",
    "failing": "bold red",
    "suspicious": "bold yellow",
    "dead": "bold red",
    "added": "green",
    "changed": "yellow",
    "removed": "red",
    "reappeared": "cyan",
}


def _widths(rows: Sequence[Sequence[str]], most: int) -> list[int]:
    """Column widths: those of the longest cells, with the widest narrowed until a line fits."""
    widths = [_widest(column) for column in zip(*rows, strict=True)]
    spare = most - len(_GAP) * (len(widths) - 1)
    while sum(widths) > spare and max(widths) > _NARROWEST:
        widest = widths.index(max(widths))
        widths[widest] -= 1
    return widths


class _Lines:
    """Formats rows as lines with columns of these widths; a cell that is too wide continues in the next line."""

    def __init__(self, widths: Sequence[int], right: Sequence[bool]) -> None:
        self._widths, self._right = widths, right
        self._plain = _GAP.join(
            f"{{:{'>' if to_right else '<'}{room}}}" for room, to_right in zip(widths, right, strict=True)
        )

    def of(self, row: Sequence[str]) -> str:
        """The lines of one row."""
        if "".join(row).isascii() and all(row) and all(map(le, map(len, row), self._widths)):
            return self._plain.format(*row).rstrip()
        cells = zip(row, self._widths, strict=True)
        columns = [wrap(cell, room, break_on_hyphens=False) or [""] for cell, room in cells]
        lines = zip_longest(*columns, fillvalue="")
        return "\n".join(_GAP.join(map(_pad, line, self._widths, self._right)).rstrip() for line in lines)


def _widest(column: Sequence[str]) -> int:
    return max(map(len if "".join(column).isascii() else _cells, column))


def _pad(text: str, room: int, right: bool) -> str:
    padding = " " * (room - _cells(text))
    return padding + text if right else text + padding


def _cells(text: str) -> int:
    """How many terminal cells a text takes: wide characters take two, combining ones none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )


def moment(at: datetime, zone: tzinfo) -> str:
    """A time for people, to the minute."""
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def about(span: timedelta) -> str:
    """A time span in its largest unit: `40 s`, `5 min`, `3 h`, `12 d`."""
    return _about(int(abs(span.total_seconds())))


@lru_cache(maxsize=10_000)  # a column of 50,000 times has few different ones
def _about(seconds: int) -> str:
    for unit, length in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * length or (unit == "min" and seconds >= length):
            return f"{seconds // length} {unit}"
    return f"{seconds} s"


def there_are(number: int, one: str, many: str = "") -> str:
    """`there is 1 proposal`, `there are 2 proposals`."""
    return f"there {'is' if number == 1 else 'are'} {count(number, one, many)}"


def count(number: int, one: str, many: str = "") -> str:
    """`1 source`, `2 sources`, `3 entries` (with `many`)."""
    return f"{number:,} {one if number == 1 else many or one + 's'}".replace(",", " ")
