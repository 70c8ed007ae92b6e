"""Tables: rich ones on a terminal, plain columns elsewhere."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, zip_longest
from operator import le
from textwrap import wrap

from watcher.terminal.console import PLAIN_WIDTH, is_terminal, printable, say, width, write

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
