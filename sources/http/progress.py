"""The stage of the current request, and its deadline: a context variable that all HTTP modules share."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Literal

Stage = Literal["name", "connect", "answer", "body"]


class Progress:
    """The stage of a request, for the message of a passed deadline; `ends` is the deadline (`time.monotonic`)."""

    __slots__ = ("ends", "stage")

    def __init__(self, ends: float = float("inf")) -> None:
        self.ends = ends
        self.stage: Stage = "connect"


progress: ContextVar[Progress] = ContextVar("progress", default=Progress())  # noqa: B039 - for code outside a request
"""The current request of this task, and of the tasks that connect for it."""
