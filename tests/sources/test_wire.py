"""The loop that moves requests on: who wakes it is heard. Its requests are in test_fault_server.py and test_fetch.py."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from sources.wire import Wire


@pytest.fixture
def wire() -> Iterator[Wire]:
    with closing(Wire()) as wire:
        yield wire


def waited(wire: Wire) -> float:
    """Seconds that a step takes which may wait for one."""
    began = time.monotonic()
    wire.step(1.0)
    return time.monotonic() - began


def test_a_wait_is_cut_short_by_whoever_wakes_it(wire: Wire) -> None:
    wire.wake()
    assert waited(wire) < 0.5
    assert waited(wire) > 0.9


def test_who_wakes_it_at_the_moment_that_it_wakes_leaves_nobody_unheard(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = os.read

    def read_while_somebody_else_wakes(file: int, size: int) -> bytes:
        wire.wake()
        return read(file, size)

    monkeypatch.setattr(os, "read", read_while_somebody_else_wakes)
    wire.wake()
    assert waited(wire) < 0.5
    monkeypatch.undo()
    wire.wake()
    assert waited(wire) < 0.5
