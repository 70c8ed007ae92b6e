"""What the tables say of the event loop's pauses."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from tests.pauses import note, tell_into, told_in
from tests.torture.rows import Fault, Row
from watcher.runtime import event_loop


def paused(seconds: float, **limit: float) -> Row:
    def act() -> str:
        note(0.1)
        note(seconds)
        note(None)
        return "well"

    return Fault("a fault", "well", act, **limit)()


def test_a_row_whose_loop_stood_still_for_too_long_has_not_passed() -> None:
    assert [paused(0.6).passed, paused(0.4).passed, paused(0.6, most_pause=1).passed] == [False, True, True]
    assert str(paused(0.6)) == "a fault: expected well, seen well, paused for 0.60 s"


def test_a_row_has_the_longest_pause_of_its_loops_and_none_without_one() -> None:
    assert paused(0.3).pause == 0.3
    assert Fault("no loop", "well", lambda: "well")().pause is None


def test_what_is_noted_outside_of_a_row_is_nobodys() -> None:
    note(9.0)
    assert paused(0.3).pause == 0.3


def test_a_process_tells_its_longest_pause_into_a_file_as_it_happens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_loop.Pauses, "add", event_loop.Pauses.add)  # what follows takes its place
    file = tmp_path / "pause"
    tell_into(file)
    assert told_in(file) is None

    async def main(_: event_loop.Pauses) -> float | None:
        ends = time.thread_time() + 0.02
        while time.thread_time() < ends:
            pass
        await asyncio.sleep(0)
        return told_in(file)

    assert (event_loop.run(main) or 0) >= 0.02
