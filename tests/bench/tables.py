"""Rows as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.bench.bench import Row

HEADS = ("", "", "CPU s", "CPU-ms a check", "wall s", "peak MB", "CPU, ours = 1", "server CPU s")


def table(heads: Sequence[str], rows: Sequence[Sequence[str]], left: int = 1) -> str:
    """A Markdown table, its columns as wide as they need to be; all but the first `left` to the right."""
    widths = [max(len(line[column]) for line in [heads, *rows]) for column in range(len(heads))]

    def line(cells: Sequence[str]) -> str:
        padded = [
            cell.ljust(width) if column < left else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
        ]
        return f"| {' | '.join(padded)} |"

    rule = ["-" * width if column < left else "-" * (width - 1) + ":" for column, width in enumerate(widths)]
    return "\n".join([line(heads), line(rule), *map(line, rows)])


def describe(row: Row) -> str:
    """A row on a line of its own, as it is measured."""
    cpu, wall, peak = row.cost
    return f"{row.label}, {row.program}: {row.why or f'{cpu:.2f} CPU s, {wall:.2f} s by the clock, {peak:.0f} MB'}"


def costs(rows: Sequence[Row], ours: str) -> str:
    """What each program needed, beside ours in the same case."""
    base = {row.label: row.cost.cpu for row in rows if row.program == ours and not row.why}
    lines = [HEADS, *_lines(rows, base)]
    if all(row.checks == 1 for row in rows):
        lines = [[*line[:3], *line[4:]] for line in lines]
    return table(lines[0], lines[1:], left=2)


def _lines(rows: Sequence[Row], base: dict[str, float]) -> Iterator[Sequence[str]]:
    for row in rows:
        if row.why:
            yield [row.label, row.program, row.why, *[""] * (len(HEADS) - 3)]
            continue
        ratio = f"{row.cost.cpu / base[row.label]:.2f}" if base.get(row.label) else ""
        per_check = f"{row.cost.cpu / row.checks * 1000:.2f}"
        times = [f"{row.cost.cpu:.2f}", per_check, f"{row.cost.wall:.2f}", f"{row.cost.peak:.0f}"]
        yield [row.label, row.program, *times, ratio, f"{row.server:.2f}"]
