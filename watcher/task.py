"""A check on its way: a generator that yields an Ask and is sent its Page, or thrown its FetchError; what it returns is
its outcome. Before what may take long it yields ASIDE, to go on in a worker thread.
"""

from __future__ import annotations

import time
from collections.abc import Generator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple, Protocol

from sources import FetchError, Get, Page
from sources.fetch import ASIDE, Validators
from sources.wire import Exchange
from state.failpoint import reached

GRACE = 5.0  # seconds past its limits before a step is broken off, and again before it is given up


class Ask(NamedTuple):
    """A request of a check, with the validators that make it conditional."""

    get: Get
    validators: Validators | None = None


class Session(Protocol):
    """Who answers the requests of one check: all at once, in a thread; or by `walk`, if it has one (see
    `sources.fetch.Session`).
    """

    def fetch(self, get: Get, validators: Validators | None = None) -> Page:
        """Raises FetchError."""
        ...


class Done(NamedTuple):
    """A check that has ended: what it returned, or the exception that it raised."""

    name: str
    outcome: Any
    error: Exception | None


class Begun(NamedTuple):
    """A check to be run, who answers its requests, and the deadline of each of them."""

    name: str
    check: Generator[Any, Any, Any]
    session: Session
    timeout: timedelta


@dataclass(eq=False, slots=True)
class Task:
    """A check on its way. What it waits for is answered by calling `go`."""

    name: str
    check: Generator[Any, Any, Any]
    session: Any
    limit: float
    ask: Ask | None = None
    walk: Any = None  # of the request that is being answered
    host: Any = None  # that it asks at the moment
    done: Done | None = None
    step: Any = None  # what it waits for: Ask, Exchange, Pause, ASIDE; None when it has ended
    at_turn: bool = False  # it has just been begun, and its host has room for it
    overdue: float = float("inf")
    interrupted: bool = False

    def go(self, value: Any = None, error: Exception | None = None) -> None:
        """Let it go on, with what it has waited for, until it waits again or has ended."""
        try:
            self.step = self._through_walk(value, error) if self.walk else _next(self.check, value, error)
        except StopIteration as end:
            self._end(end.value, None)
        except Exception as fault:  # noqa: BLE001 - one check's fault is reported as its own, the others go on
            self._end(None, fault)

    def go_on(self) -> None:
        """In a worker thread: until it waits for something that is not for threads to do."""
        self.overdue = time.monotonic() + self.limit + GRACE
        while True:
            if self.ask and not self.walk:
                self._fetch(self.ask)
            elif self.step is ASIDE:
                self.go()
            elif isinstance(self.step, Exchange) and not self.session.by_wire:
                self._exchange(self.step)
            else:
                return

    def answer(self, ask: Ask) -> None:
        """Begin to answer what was asked."""
        self.ask, self.step = ask, ASIDE
        if walk := getattr(self.session, "walk", None):
            try:
                self.walk = walk(*ask)
            except Exception as fault:  # noqa: BLE001 - a page's link may be no address; as in `go`
                self.ask = None
                self.go(None, fault)
            else:
                self.go()

    def _fetch(self, ask: Ask) -> None:
        """Answer here and now what was asked."""
        try:
            page, failed = self.session.fetch(*ask), None
            reached("after_fetch")
        except FetchError as fault:
            page, failed = None, fault
        except Exception as fault:  # noqa: BLE001 - as in `go`
            self._end(None, fault)
            return
        self.ask = None
        self.go(page, failed)

    def _exchange(self, step: Exchange) -> None:
        """Send a request here and now."""
        try:
            raw, failed = self.session.exchange(step), None
        except Exception as fault:  # noqa: BLE001 - the walk knows what it means
            raw, failed = None, fault
        self.go(raw, failed)

    def _through_walk(self, value: Any, error: Exception | None) -> Any:
        """Go on with the request under way; when it is answered, with the check."""
        try:
            return _next(self.walk, value, error)
        except StopIteration as end:
            page, failed = end.value, None
        except FetchError as fault:
            page, failed = None, fault
        self.walk = self.ask = None
        if not failed:
            reached("after_fetch")
        return _next(self.check, page, failed)

    def _end(self, outcome: Any, error: Exception | None) -> None:
        self.step, self.walk, self.ask = None, None, None
        self.done = Done(self.name, outcome, error)


def _next(steps: Generator[Any, Any, Any], value: Any, error: Exception | None) -> Any:
    return steps.throw(error) if error else steps.send(value)
