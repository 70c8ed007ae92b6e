"""A progress bar on standard error; nothing if it is not a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

FEW = 2  # up to so many checks end before anybody could read a bar


@contextmanager
def progress(total: int, *, quiet: bool = False) -> Iterator[Callable[[], None]]:
    """Show how many of `total` checks have ended. The block gets a function to call for each."""
    if quiet or total <= FEW or not (sys.stdout.isatty() and sys.stderr.isatty()):
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("checking", total=total)
        yield lambda: bar.advance(task)
