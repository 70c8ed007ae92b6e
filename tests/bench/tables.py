"""The rows as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tests.bench.bench import Row

HEADS = ("", "program", "CPU s", "CPU-ms a check", "wall s", "peak MB", "CPU, ours = 1", "server CPU s")


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table, its columns as wide as they need to be; all but the first two to the right."""
    widths = [max(len(line[column]) for line in [heads, *rows]) for column in range(len(heads))]

    def line(cells: Sequence[str]) -> str:
        return (
            "| "
            + " | ".join(
                cell.ljust(width) if column < 2 else cell.rjust(width)
                for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
            )
            + " |"
        )

    rule = [("-" * width) if column < 2 else "-" * (width - 1) + ":" for column, width in enumerate(widths)]
    return "\n".join([line(heads), line(rule), *map(line, rows)])


def costs(rows: Sequence[Row], ours: str) -> str:
    """What each program needed, beside ours in the same case."""
    base = {row.case: row.cost.cpu for row in rows if row.program == ours}
    return table(HEADS, list(_lines(rows, base)))


def _lines(rows: Sequence[Row], base: dict[str, float]) -> Iterator[list[str]]:
    for row in rows:
        ratio = f"{row.cost.cpu / base[row.case]:.2f}" if base.get(row.case) else ""
        yield [
            row.case,
            row.program,
            f"{row.cost.cpu:.2f}",
            f"{row.cost.cpu / row.checks * 1000:.2f}",
            f"{row.cost.wall:.2f}",
            f"{row.cost.peak:.0f}",
            ratio,
            f"{row.server:.2f}",
        ]
