"""What drives a check: what it may wait for, and what comes of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Generic, NamedTuple, ParamSpec, Protocol, TypeVar

from sources import Get, Page
from sources.http.session import Validators

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")


class CheckIO(Protocol):
    """What a check may wait for. Everything else in it is done at once, in the event loop's thread."""

    async def fetch(self, get: Get, validators: Validators | None = None) -> Page:
        """The page that answers, once it is the request's turn at its host. Raises FetchError."""
        ...

    async def offload(self, work: Callable[P, R], *args: P.args, **options: P.kwargs) -> R:
        """The result of what may take long, done in a worker thread. Raises ReaderTooSlow, and what `work` raises."""
        ...


class Session(Protocol):
    """Who answers the requests of one check: `sources.http.session.Session`, or stored pages."""

    async def fetch(self, get: Get, validators: Validators | None = None) -> Page:
        """Raises FetchError."""
        ...


class Begun(NamedTuple, Generic[T]):
    """A check to be run, and who answers its requests."""

    name: str
    check: Callable[[CheckIO], Awaitable[T]]
    session: Session


class Done(NamedTuple, Generic[T]):
    """A check that has ended: what it returned, or the exception that it raised."""

    name: str
    outcome: T | None
    error: Exception | None
