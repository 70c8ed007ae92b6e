"""The output of commands: wrapped paragraphs of printable text without secrets, JSON, tables (rich ones on a terminal,
plain columns elsewhere), a progress bar, and questions to a person; and the log, one line for each record.
"""

import getpass
import json
import logging
import os
import shutil
import sys
import threading
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, tzinfo
from itertools import chain, islice, zip_longest
from operator import le
from textwrap import TextWrapper, wrap
from typing import Any

from sources.http.course import large_courses
from sources.secrets import Secrets

PLAIN_WIDTH = 80
JOURNAL_WIDTH = 1000  # in the journal, a paragraph is one message

_LOOK = 0.5  # seconds between two looks for something large
FEW = 2  # up to so many checks end before anybody could read a bar


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


def login_name() -> str:
    """The name of who uses the command line; "" for a user without a name."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""


def person() -> str:
    """Who uses the command line, for the record of actions."""
    name = login_name()
    return f"{name} (command line)" if name else "command line"


def read_answer(question: str) -> str:
    """A person's answer, in lower case; "" at the end of the input."""
    try:
        return input(question).strip().lower()
    except EOFError:
        return ""


def ask_yes(question: str) -> bool:
    """Whether a person answers a question with yes; any other answer is no."""
    return read_answer(f"{question} [y/N] ") in {"y", "yes"}


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


def without_secrets(text: str) -> str:
    """The text with all secrets hidden."""
    for secrets in _secrets:
        text = secrets.hide(text)
    return text


def printable(text: str) -> str:
    r"""The text without secrets, and with control characters escaped (`\x1b`): it may be foreign."""
    text = without_secrets(text)
    if text.isprintable():
        return text
    return "".join(char if is_shown(char) else char.encode("unicode_escape").decode("ascii") for char in text)


def is_shown(char: str) -> bool:
    """Whether a character is only displayed, and controls nothing; line breaks are allowed."""
    return char == "\n" or unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}


def say(text: str = "", *, indent: int = 0, hang: int = 0) -> None:
    """Print a paragraph, wrapped; lines after the first are indented by `hang` more."""
    room, first, later = max(width() - 1, 40), " " * indent, " " * (indent + hang)
    wrapped = TextWrapper(room, initial_indent=first, subsequent_indent=later, break_on_hyphens=False)
    for line in text.splitlines() or [""]:
        wrapped.break_long_words = "://" not in line  # a link must not be broken
        write("\n".join(wrapped.wrap(printable(line))))


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


def write(text: str, end: str = "\n") -> None:
    """Print text that is printable already."""
    print(text, end=end)  # noqa: T201 - this module prints


def print_json(value: Any) -> None:
    """Print one JSON value for programs, its times in ISO 8601. Characters that could control a terminal are written as
    `\\u001b`.
    """
    text = json.dumps(_hidden(value), ensure_ascii=False, indent=2, default=datetime.isoformat)
    write("\n".join(line if line.isprintable() else _escape_json(line) for line in text.split("\n")))


def print_json_list(before: Mapping[str, Any], name: str, items: Iterable[Any], after: Mapping[str, Any]) -> None:
    """Print one JSON object with a long list in it, one item in a line: the items are taken one at a time."""
    write("{")
    for key, value in before.items():
        write(f"  {json_line(key)}: {json_line(value)},")
    write(f"  {json_line(name)}: [")
    lines, some = map(json_line, items), list[str]()
    while more := list(islice(lines, 500)):  # that are printed together
        if some:
            write("".join(f"    {line},\n" for line in some), end="")
        some = more
    write(",\n".join(f"    {line}" for line in some) + ("\n  ]" if some else "  ]"), end="")
    for key, value in after.items():
        write(f",\n  {json_line(key)}: {json_line(value)}", end="")
    write("\n}")


def json_line(value: Any) -> str:
    """A value as JSON in one line, which may be printed."""
    line = _one_line(value)
    # Without an escape, each text stands in the line as it is: one look for secrets instead of one for each text.
    if "\\" in line or without_secrets(line) != line:
        line = _one_line(_hidden(value))
    return line if line.isprintable() else _escape_json(line)


_one_line = json.JSONEncoder(ensure_ascii=False).encode


def _escape_json(line: str) -> str:
    return "".join(char if is_shown(char) else f"\\u{ord(char):04x}" for char in line)


def _hidden(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _hidden(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_hidden(item) for item in value]
    return without_secrets(value) if isinstance(value, str) else value


@contextmanager
def progress(total: int | None, what: str = "checking", *, quiet: bool = False) -> Iterator[Callable[[], None]]:
    """Show how many of `total` steps have ended, or where that is not known, that something goes on; and how far checks
    of large pages are. The block gets a function to call for each step.
    """
    if quiet or not (sys.stdout.isatty() and sys.stderr.isatty()):
        yield lambda: None
        return
    done, ended = list[None](), threading.Event()
    shower = threading.Thread(target=_show_progress, args=(total, what, done, ended), name="progress", daemon=True)
    shower.start()
    try:
        yield lambda: done.append(None)
    finally:
        ended.set()
        shower.join()


def _show_progress(total: int | None, what: str, done: list[None], ended: threading.Event) -> None:
    """Show the steps that are `done`, unless they are few, and the large pages, in a thread of its own."""
    few = total is not None and total <= FEW
    while few and not large_courses():
        if ended.wait(_LOOK):
            return
    from rich.console import Console, Group
    from rich.live import Live
    from rich.progress import Progress
    from rich.text import Text

    from watcher.terminal.words import how_far  # noqa: PLC0415 - loaded where there is something to show

    console = Console(stderr=True)
    bar = Progress(console=console)
    task = bar.add_task(what, total=total)

    def drawn() -> Group:
        bar.update(task, completed=len(done))
        large = [f"{printable(name)}: {how_far(each)}" for name, each in large_courses().items()]
        return Group(*([] if few else [bar]), *map(Text, large))

    with Live(console=console, transient=True, redirect_stdout=False, get_renderable=drawn):
        ended.wait()


_GAP = "  "


def table(headings: Sequence[str], rows: Iterable[Sequence[str]], *, right: Sequence[str] = ()) -> None:
    """Print rows under headings; columns whose heading is in `right` are aligned to the right.

    On a terminal too narrow for columns, each row is a paragraph.
    """
    cells: Sequence[Sequence[str]] = list(rows)
    whole = "".join(chain.from_iterable(cells))  # there may be 50,000 rows, and few cells need a change
    if printable(whole) != whole:
        cells = [[printable(cell) for cell in row] for row in cells]
    if not is_terminal():
        write("\n".join(_format([headings, *cells], [heading in right for heading in headings])))
        return
    natural = [max(map(_cells, column)) for column in zip(headings, *cells, strict=True)]
    # the widest column may not become very narrow, if the others keep their width
    others = sum(natural) - max(natural) + len(_GAP) * len(natural)
    if others + min(max(natural), 12) > width():  # least width of the widest column of a table on a terminal
        for first, *rest in cells:
            say(first)
            facts = (f"{heading.lower()} {cell}" for heading, cell in zip(headings[1:], rest, strict=True))
            say(", ".join(facts), indent=2)
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    grid = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for heading, most in zip(headings, natural, strict=True):
        keeps = most < max(natural)  # only the widest column is wrapped
        grid.add_column(heading, justify="right" if heading in right else "left", overflow="fold", no_wrap=keeps)
    for row in cells:
        grid.add_row(*(Text(cell, style=_STYLES.get(cell, "")) for cell in row))  # Text: brackets are no markup
    Console(highlight=False).print(grid)


_STYLES = {"ok": "green", "failing": "bold red", "suspicious": "bold yellow", "dead": "bold red"}
_STYLES |= {"added": "green", "changed": "yellow", "removed": "red", "reappeared": "cyan", "rekeyed": "cyan"}


def _format(rows: Sequence[Sequence[str]], right: Sequence[bool]) -> Iterator[str]:
    """The lines of each row. Columns are as wide as their longest cells, with the widest narrowed until a line fits; a
    cell that is too wide continues in the next line.
    """
    widths = [max(map(len if "".join(column).isascii() else _cells, column)) for column in zip(*rows, strict=True)]
    spare = PLAIN_WIDTH - len(_GAP) * (len(widths) - 1)
    while sum(widths) > spare and max(widths) > 8:  # a narrower column is hard to read
        widths[widths.index(max(widths))] -= 1
    plain = _GAP.join(f"{{:{'>' if to_right else '<'}{room}}}" for room, to_right in zip(widths, right, strict=True))

    def pad(text: str, room: int, to_right: bool) -> str:
        padding = " " * (room - _cells(text))
        return padding + text if to_right else text + padding

    for row in rows:
        if "".join(row).isascii() and all(row) and all(map(le, map(len, row), widths)):
            yield plain.format(*row).rstrip()
            continue
        columns = [wrap(cell, room, break_on_hyphens=False) or [""] for cell, room in zip(row, widths, strict=True)]
        for line in zip_longest(*columns, fillvalue=""):
            yield _GAP.join(map(pad, line, widths, right)).rstrip()


def _cells(text: str) -> int:
    """How many terminal cells a text takes: wide characters take two, combining ones none."""
    if text.isascii():
        return len(text)
    wide = (1 + (unicodedata.east_asian_width(char) in "WF") for char in text if not unicodedata.combining(char))
    return sum(wide)


_NEW_AFTER, _AGAIN_AFTER = 600.0, 3600.0  # seconds without a line after which it is news; with it, until it is shown
OUR_LOGGERS = ("watch", "watcher", "alerts", "state", "sources")
_JOURNAL_LEVELS = ((logging.ERROR, "<3>"), (logging.WARNING, "<4>"), (logging.INFO, "<6>"), (logging.NOTSET, "<7>"))


class LineFormatter(logging.Formatter):
    """Formats a record as one line; only a traceback, shown with `-v`, takes more."""

    def __init__(self, *, journal: bool) -> None:
        super().__init__("%(message)s" if journal else "%(asctime)s %(levelname)s %(message)s")
        self.journal = journal

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: ARG002, N802 - logging's name
        """`2025-07-14T09:31:00+0300`: the time, in the time zone of the configuration once that is loaded."""
        at = datetime.fromtimestamp(record.created, UTC).astimezone(_log_zone[0])
        return at.strftime("%Y-%m-%dT%H:%M:%S%z")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        """The line with escaped line breaks, so that foreign text cannot add lines to the log."""
        record.message = printable(record.message).replace("\n", "\\n")
        return super().formatMessage(record)

    def format(self, record: logging.LogRecord) -> str:
        """The whole record. In the journal, each line starts with its priority."""
        text = printable(super().format(record))
        if not self.journal:
            return text
        priority = next(mark for level, mark in _JOURNAL_LEVELS if record.levelno >= level)
        return "\n".join(priority + line for line in text.splitlines())


def _hourly() -> Callable[[logging.LogRecord], bool]:
    """A filter: a LASTING line is shown at once, and then once an hour: a full disk is no reason to fill journals."""
    seen = dict[object, tuple[str, float, float]]()  # by what waits: the line, and when it was shown, and came

    def is_shown_now(record: logging.LogRecord) -> bool:
        if not hasattr(record, "lasts") or not isinstance(record.args, tuple):
            return True
        what, line, now = (record.msg, *record.args[:-1]), record.getMessage(), record.created  # less the reason
        known, shown, came = seen.get(what, ("", 0.0, 0.0))
        lasts = line == known and now - came < _NEW_AFTER and now - shown < _AGAIN_AFTER
        seen[what] = line, shown if lasts else now, now
        return not lasts

    return is_shown_now


class _Handler(logging.StreamHandler):  # type: ignore[type-arg]  # of any stream
    """A class of our own, so that a second `begin_log` finds and replaces the handler."""


def begin_log(*, verbose: bool = False) -> None:
    """Log to standard error: this program's packages from INFO (`verbose`: DEBUG), libraries from WARNING."""
    logging.raiseExceptions = False  # a broken standard error must not print tracebacks
    root = logging.getLogger()
    for handler in [handler for handler in root.handlers if isinstance(handler, _Handler)]:
        root.removeHandler(handler)
    handler = _Handler(sys.stderr)
    handler.setFormatter(LineFormatter(journal=is_journal()))
    handler.addFilter(_hourly())
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    for name in OUR_LOGGERS:
        logging.getLogger(name).setLevel(logging.DEBUG if verbose else logging.INFO)
