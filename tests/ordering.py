"""Which tests take long: they are begun first, so that no process of the suite is left alone with one, and are not `quick`.

long_tests.txt names their files and folders, the longest first: they start processes or servers, wait for real timers, read
all captures, fuzz, or measure. `make test` runs the suite in six processes (pytest-xdist), each file in one of them, as its
tests share what they start. A third of the time of two would be spent waiting: for timers, for servers, for other processes.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parent

LONG = Path(__file__).with_name("long_tests.txt").read_text(encoding="utf-8").split()


@cache
def place(path: Path) -> int | None:
    """Where a file stands among the long ones; None where it is not one of them."""
    name = path.relative_to(TESTS).as_posix()
    return next((at for at, long in enumerate(LONG) if name == long or name.startswith(f"{long}/")), None)


def is_quick(item: pytest.Item) -> bool:
    """Whether a test belongs to those between two edits: it takes no long time, and starts no database server."""
    chosen = item.callspec.params.values() if isinstance(item, pytest.Function) and hasattr(item, "callspec") else ()
    return place(item.path) is None and "postgresql" not in chosen


def is_left_out(path: Path, chosen: str) -> bool:
    """Whether a file is not even imported, as none of its tests has the marker that is asked for (`-m`)."""
    return chosen == "quick" and place(path) is not None


def order(items: list[pytest.Item]) -> None:
    """Mark the quick tests, and put the long ones first."""
    for item in items:
        if is_quick(item):
            item.add_marker("quick")
    items.sort(key=lambda item: len(LONG) if (at := place(item.path)) is None else at)
