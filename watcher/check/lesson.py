"""What the schedule learned from a check. Pure."""

from __future__ import annotations

from typing import NamedTuple

from state.model import Rhythm
from watcher.rhythm.pacing import Pace


class Lesson(NamedTuple):
    """How the source is paced after the check (None: not at all), and what to store (None: nothing was learned)."""

    pace: Pace | None = None
    rhythm: Rhythm | None = None


NO_LESSON = Lesson()
