"""What an import says of each job: for people, and for programs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from watcher.importing.job import Imported
from watcher.terminal.console import say
from watcher.terminal.words import count

_SAME = 3  # jobs with one reason, from which on they are named in one line
_RUNS = 12  # of their numbers, at most


def show(file: Path, format_: str, results: Sequence[Imported], *, entities: bool) -> None:
    """How many can be imported, what is left out, and what the others lose."""
    good = [result for result in results if not result.left]
    what = ("row", "entity", "entities") if entities else ("job", "source", "sources")
    say(f"{file}: {format_}: {len(good)} of {count(len(results), what[0])} can be imported", hang=2)
    if not entities:
        kinds = sorted({result.kind for result in good})
        by_kind = ", ".join(f"{sum(result.kind == name for result in good)} {name}" for name in kinds)
        say(f"kinds: {by_kind or 'none'}", hang=2)
    _list("left out", [f"{result.title}: {result.left}" for result in results if result.left])
    _list("without", list(_without(good)))


def _list(heading: str, lines: Sequence[str]) -> None:
    if lines:
        say()
        say(f"{heading}:")
        for line in lines:
            say(line, indent=2, hang=2)


def _without(good: Sequence[Imported]) -> Iterator[str]:
    """A line for each job and reason; one for all jobs of a reason that many have."""
    jobs: dict[str, list[str]] = {}
    for result in good:
        for why in dict.fromkeys(result.without):
            jobs.setdefault(why, []).append(result.title)
    alone = {why for why, titles in jobs.items() if len(titles) < _SAME}
    for result in good:
        yield from (f"{result.title}: {why}" for why in dict.fromkeys(result.without) if why in alone)
    yield from (f"{why}: {_together(titles)}" for why, titles in jobs.items() if why not in alone)


def _together(titles: Sequence[str]) -> str:
    """Many jobs by their numbers: "4 jobs (watch 1-3, 7)"."""
    found = [re.match(r"(\w+) (\d+)", title) for title in titles]
    numbers = sorted({int(each[2]) for each in found if each})
    runs = [[each for _, each in run] for _, run in groupby(enumerate(numbers), lambda pair: pair[1] - pair[0])]
    shown = ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs[:_RUNS])
    more = sum(map(len, runs[_RUNS:]))
    rest = f" and {more} more, which --json names" if more else ""
    word = next((each[1] for each in found if each), "job")
    return f"{count(len(titles), 'job')} ({word} {shown}{rest})"


def as_json(format_: str, results: Sequence[Imported], written: Path | None) -> dict[str, Any]:
    """The same for programs; every job with all of its reasons."""
    good = [result for result in results if not result.left]
    return {
        "format": format_,
        "jobs": len(results),
        "imported": [
            {"job": result.title, "name": result.name, "kind": result.kind, "without": list(result.without)}
            for result in good
        ],
        "left": [{"job": result.title, "reason": result.left} for result in results if result.left],
        "written": str(written) if written else None,
    }
