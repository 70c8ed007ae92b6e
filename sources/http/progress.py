"""How far the request under way has come, and its deadline: the one thing that all layers of the wire share."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Literal

Stage = Literal["name", "connect", "answer", "body"]


class Progress:
    """How far a request has come, to say what a passed deadline was waiting for; `ends` is the deadline (monotonic)."""

    __slots__ = ("ends", "stage")

    def __init__(self, ends: float = float("inf")) -> None:
        self.ends = ends
        self.stage: Stage = "connect"


progress: ContextVar[Progress] = ContextVar("progress", default=Progress())  # noqa: B039 - for whoever looks at none
"""The request under way in this task, and in the tasks that dial for it."""
