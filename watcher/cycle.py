"""START HERE: the whole program is this pipeline, run for each source.

    due -> fetch -> read -> believe -> diff -> match -> route -> commit -> deliver

* `Cycle` takes the sources that are due and has their checks dispatched. `check` is one of them, from fetch to match: a
  generator that yields what it wants fetched (dispatch.py decides when that goes), runs in worker threads and stores
  nothing.
* `Cycle.step` commits what the checks found, in the main thread: `decide` (decide.py, pure) turns a finding into one
  Commit with its alerts routed, and the store writes that in one transaction.
* deliver.py sends what is due. The daemon, `watch --once`, `try`, `replay` and the tests run this same code.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from alerts.flapping import remembered
from alerts.watchlist import Watchlist
from sources import Page, Source, SourceError
from state.errors import StateError, StateMovedError
from state.failpoint import reached
from state.mark import held_mark
from state.model import ChangeKind, Event, EventKind, SourceState, Standing
from state.store import Store
from watcher.compare import Read, compare_again, judge, page_back, read_again, reread_if_edited
from watcher.config import Config
from watcher.decide import Context, Stale, decide
from watcher.dispatch import Ask, Dispatcher, Done, Session
from watcher.found import Accepted, Checked, Doubted, Failed, Found, Result, StillDoubted, Unchanged
from watcher.snapshot import read, repeatable, revalidate
from watcher.watched import Watched, max_pages

log = logging.getLogger(__name__)

DEFAULT_TIMEOUT = timedelta(seconds=30)


class Fetcher(Protocol):
    """Who fetches: a session for each check, as cookies belong to one."""

    def session(self, source: Source) -> Session:
        """A session for one check of a source."""
        ...


def check(watched: Watched, clock: Callable[[], datetime]) -> Generator[Ask, Page, Checked]:
    """One check of a source, from fetch to match. Whatever the source does wrong is a finding."""
    state = reread_if_edited(watched)
    began = clock()
    try:
        found = yield from look(watched, state, began)
    except SourceError as error:
        found = Failed(error)
    reached("after_read")
    return Checked(state.revision, began, found, watched.reading, watched.place)


def look(watched: Watched, state: SourceState, now: datetime) -> Generator[Ask, Page, Found]:
    """fetch -> read -> believe -> diff -> match; asks first whether anything is new at all. Raises SourceError."""
    first = None
    anew = watched.is_new(state) or watched.is_edited(state)
    stored = [] if anew else watched.store.pages(watched.name, bodies=False)
    if repeatable(stored):
        # a reread in the future happened before the clock was moved back: nobody knows when
        rested = state.reread is not None and timedelta() <= now - state.reread < watched.source.reread
        same, first, full = yield from revalidate(stored, conditional=rested)
        if same is not None:
            moved = any(new is not old for new, old in zip(same, stored, strict=True))
            return Unchanged(same if moved else None, full)
    if first and state.held == held_mark(first.body, watched.source):
        return StillDoubted()
    differ = watched.differ(state)
    pages, whole = yield from read(watched.source, differ.see, max_pages=watched.max_pages, first=first)
    if differ.has_gap():
        pages += yield from page_back(watched, differ, pages)
    done = Read(differ.finish(whole=whole), differ.profile, whole)
    if len(pages) > 1 and whole and Standing.REMOVED in done.difference.stand.values():
        pages, done = yield from read_again(watched, state, pages)
    return judge(watched, state, pages, done)


def check_again(watched: Watched, checked: Checked) -> Generator[Ask, Page, Checked]:
    """The pages of a check compared with the state as another process has left it since: asks for nothing."""
    yield from ()
    try:
        return compare_again(watched, checked)
    except SourceError as error:
        return replace(checked, found=Failed(error))


class Cycle:
    """Checks sources and commits what they bring.

    `baseline_wait` holds baseline summaries back, so that sources that are new together make one message.
    """

    def __init__(
        self,
        config: Config,
        store: Store,
        fetcher: Fetcher,
        clock: Callable[[], datetime],
        *,
        slots: int = 64,
        baseline_wait: timedelta = timedelta(),
    ) -> None:
        self._store, self._clock, self._baseline_wait = store, clock, baseline_wait
        self._checking: dict[str, Watched] = {}
        self._dispatcher = Dispatcher(slots=slots, per_host=config.http.per_host, spacing=config.http.spacing)
        self.reconfigure(config, fetcher)

    def __len__(self) -> int:
        """The number of checks under way."""
        return len(self._checking)

    def reconfigure(self, config: Config, fetcher: Fetcher) -> None:
        """Go on with another configuration; checks under way of sources that it changes will be thrown away."""
        self.config, self._fetcher = config, fetcher
        self._watchlist = Watchlist(config.entities)
        self._dispatcher.pace(per_host=config.http.per_host, spacing=config.http.spacing)

    def checking(self, name: str) -> bool:
        """Whether a check of the source is under way."""
        return name in self._checking

    def start(self, name: str) -> None:
        """Begin a check of a source."""
        source, http = self.config.sources[name], self.config.http
        hide = self.config.secrets.hide
        watched = Watched(name, source, self._store, self._watchlist, max_pages(source, http), hide)
        self._begin(watched, check(watched, self._clock))

    def _begin(self, watched: Watched, what: Generator[Ask, Page, Checked]) -> None:
        source = watched.source
        self._checking[watched.name] = watched
        timeout = source.timeout or self.config.http.timeout or DEFAULT_TIMEOUT
        self._dispatcher.start(watched.name, what, self._fetcher.session(source), timeout)

    def step(self, wait: float) -> Iterator[Result]:
        """Move the checks on, at most `wait` seconds; commits and yields those that have ended."""
        for done in self._dispatcher.step(wait):
            watched = self._checking.pop(done.name)
            if self.config.sources.get(done.name) != watched.source:
                log.info("%s: its configuration changed during the check, which is thrown away", done.name)
                yield Result(done.name, "unchanged", 0, due=self._clock())
                continue
            try:
                checked = self._checked(done)
                yield self._commit(watched, checked)
            except Stale:
                log.info("%s: another process stored a snapshot meanwhile; comparing again", done.name)
                self._begin(watched, check_again(watched, checked))
            except StateMovedError as error:
                log.info("%s: %s", done.name, error)
                self.start(done.name)
            except StateError as error:
                log.error("%s: nothing stored: %s", done.name, error)
                yield Result(done.name, "failing", 0, "state", str(error))
            except Exception as error:
                log.exception("%s: unexpected fault", done.name)
                yield Result(done.name, "failing", 0, "internal", f"{type(error).__name__}: {error}")

    def wake(self) -> None:
        """Make `step` return early; may be called from a signal handler."""
        self._dispatcher.wake()

    def close(self) -> None:
        """Let the worker threads end."""
        self._dispatcher.close()

    def _checked(self, done: Done) -> Checked:
        """The finding; a reader that had to be given up is the source's failure, any other exception is the
        program's own.
        """
        if isinstance(done.error, SourceError):
            return Checked(self._store.source(done.name).revision, self._clock(), Failed(done.error))
        if done.error:
            raise done.error
        checked: Checked = done.outcome
        return checked

    def _commit(self, watched: Watched, checked: Checked) -> Result:
        """route -> commit. Raises Stale, and StateError."""
        decision = partial(decide, checked=checked, context=self._context(watched, checked))
        events = self._store.commit(watched.name, decision)
        found = None if events is None else checked.found
        return result(watched.name, found, self._store.source(watched.name), events or [])

    def _context(self, watched: Watched, checked: Checked) -> Context:
        now, config, history = self._clock(), self.config, self._history(watched, checked)
        later = now + self._baseline_wait
        return Context(watched.name, watched.source, config.alerts, now, later, config.timezone, history)

    def _history(self, watched: Watched, checked: Checked) -> Mapping[str, Sequence[Event]]:
        """What the entries that have changed did lately: one that is new did nothing."""
        if not isinstance(checked.found, Accepted) or checked.found.baseline:
            return {}
        changes = checked.found.difference.changes
        keys = [change.entry.key for change in changes if change.kind is not ChangeKind.ADDED]
        since = checked.began - remembered(watched.source.every)
        return self._store.history(watched.name, keys, since) if keys else {}


def result(name: str, found: Found | None, state: SourceState, events: Sequence[Event]) -> Result:
    """What a check came to; `found` is None when what it found was thrown away, as another process had stored
    something newer.
    """
    changes = [event for event in events if event.kind is EventKind.CHANGE]
    after = partial(Result, name, entries=state.entries, told=bool(events), due=state.due)
    match found:
        case Failed(error=error):
            return after(status="failing", reason=error.code, message=error.message)
        case Doubted() | StillDoubted():
            return after(status="suspicious", reason=state.health.reason, message=state.health.message)
        case Accepted(baseline=True):
            return after(status="baseline")
    return after(status="ok" if changes else "unchanged", events=changes)


def adopt_former_names(config: Config, store: Store) -> None:
    """Let renamed sources (`was`) keep their state."""
    for name, source in config.sources.items():
        if source.was and (former := store.adopt(name, source.was)):
            log.info("%s: goes on with the state of %s", name, former)
