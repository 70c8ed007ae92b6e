"""The interface between a check and what runs it: fetching, offloading, its beginning and its end."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Generic, NamedTuple, ParamSpec, Protocol, TypeVar

from sources import Get, Page, Source
from sources.http.request import Validators

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")


class CheckIO(Protocol):
    """What a check may await. All other work of it runs at once, in the event loop's thread."""

    async def fetch(self, get: Get, validators: Validators | None = None) -> Page:
        """The response to a request, which is sent when its host allows it. Raises FetchError."""
        ...

    async def offload(self, work: Callable[P, R], *args: P.args, **options: P.kwargs) -> R:
        """Run long work in a worker thread and return its result. Raises ReaderTooSlow, and what `work` raises."""
        ...


class Session(Protocol):
    """Answers the requests of one check: `sources.http.session.Session`, or stored pages."""

    async def fetch(self, get: Get, validators: Validators | None = None) -> Page:
        """The response to a request. Raises FetchError."""
        ...


class Fetcher(Protocol):
    """Makes the HTTP session of each check. Cookies stay within one check."""

    def session(self, source: Source) -> Session:
        """A new session for one check of a source."""
        ...


class Begun(NamedTuple, Generic[T]):
    """A check to run, and the session that answers its requests."""

    name: str
    check: Callable[[CheckIO], Awaitable[T]]
    session: Session


class Done(NamedTuple, Generic[T]):
    """A check that has ended: the outcome that it returned, or the exception that it raised."""

    name: str
    outcome: T | None
    error: Exception | None
