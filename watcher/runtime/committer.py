"""How the outcome of a check is written: with others in a batch, at once, in steps, or not at all; one at a time.

A check that found nothing changes only timestamps: it waits for others, and all are written together; if the process
dies first, only these timestamps are lost. A small change is committed at once, in the event loop's thread: to switch
threads would take longer than most of them. A large one is committed in steps, in worker threads and in a task of its
own; others are committed between the steps, or on a server beside them. A check whose state another process has changed
meanwhile is compared again, or checked anew.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import nullcontext, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

from alerts.grouping import memory_span
from alerts.message.wording import cut
from alerts.rules import OnFault
from sources import SourceError
from state.commits import Decide, Steps
from state.errors import StateDamagedError, StateError, StateMovedError
from state.model import DAMAGED, ChangeKind, CheckTimes, Commit, Event, SourceState
from state.store import Store
from watcher.check.context import CheckTarget, read_listed
from watcher.check.decide import Context, Stale, Superseded, decide, pass_unchanged
from watcher.check.log_limit import LogLimit
from watcher.check.outcome import (
    Accepted,
    Checked,
    Failed,
    Found,
    Result,
    Suspicious,
    Unchanged,
    mentioned_keys,
    result_of,
)
from watcher.config.load import Config
from watcher.schedule.due_times import NO_LESSON, Lesson
from watcher.schedule.pacemaker import Pacemaker

log = logging.getLogger(__name__)

BATCH_WAIT = 1.0  # seconds that a check waits for others
_BATCH, _BATCH_BYTES = 500, 8_000_000  # checks in a batch, and bytes of their pages
_MOST_ROWS = 2_000  # rows written in the loop's thread: about 50 ms
_MOST_BYTES = 1_000_000  # bytes of pages compressed there: about 50 ms


class Waiting(NamedTuple):
    """A check that waits to be written."""

    passed: CheckTimes
    target: CheckTarget
    checked: Checked


class WriteBatch:
    """The unchanged checks that wait, at most `longest` seconds; with `patience` even if no check is under way."""

    def __init__(self, *, patience: bool, longest: float = BATCH_WAIT) -> None:
        self._patience, self._longest = patience, longest
        self._waiting: list[Waiting] = []
        self._due, self._bytes = float("inf"), 0

    def add(self, waiting: Waiting) -> None:
        """Add a check."""
        if not self._waiting:
            self._due = time.monotonic() + self._longest
        self._waiting.append(waiting)
        self._bytes += sum(len(stored.page.content) for stored in waiting.passed.pages or ())

    def seconds(self, most: float) -> float:
        """How many seconds the caller may wait for something else, at most `most`."""
        return min(most, max(0.0, self._due - time.monotonic()))

    def is_due(self, *, idle: bool) -> bool:
        """Whether to write the batch now. `idle` says that no other check is under way."""
        lone = idle and not self._patience
        full = len(self._waiting) >= _BATCH or self._bytes >= _BATCH_BYTES
        return lone or full or self._due <= time.monotonic()

    def take(self) -> list[Waiting]:
        """Remove and return all of them."""
        waiting, self._waiting, self._due, self._bytes = self._waiting, [], float("inf"), 0
        return waiting


class TakesLong(Exception):
    """The commit cannot be written at once, as a large commit of its source was interrupted: use `in_steps`."""


class CommitQueue:
    """Writes to a store, for callers in one event loop. `turn` is locked while others have to wait for a write."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.turn, self._large = asyncio.Lock(), asyncio.Lock()

    async def at_once(self, name: str, decide: Decide) -> list[Event] | None:
        """Like `Store.commit`, in this thread. Also raises TakesLong; then nothing is written."""
        async with self.turn:
            steps = self._store.committing(name, decide)
            wait, events = _step(steps)
            steps.close()
        if wait is not None:
            raise TakesLong
        return events

    async def in_steps(self, name: str, decide: Decide) -> list[Event] | None:
        """Like `Store.commit`, in worker threads; what needs no transaction is made before the first."""
        async with self._large:
            prepared = await asyncio.to_thread(self._store.prepare, name, decide)
            steps = self._store.committing(name, decide, prepared)
            while True:
                async with self.turn if self._store.in_turn else nullcontext():
                    wait, events = await asyncio.to_thread(_step, steps)
                if wait is None:
                    return events
                await asyncio.sleep(wait)


def is_large(found: Found) -> bool:
    """Whether writing an outcome may take so long that it must be done `in_steps`."""
    if not isinstance(found, Accepted | Suspicious | Unchanged):
        return False
    if isinstance(found, Accepted):
        written = (found.difference.insert, found.difference.update, found.difference.stand, found.news.alone)
        if sum(map(len, written)) > _MOST_ROWS:
            return True
    pages = found.validators or () if isinstance(found, Unchanged) else found.pages
    return sum(len(stored.page.content) for stored in pages) > _MOST_BYTES


def _step(steps: Steps) -> tuple[float | None, list[Event] | None]:
    """Run the next step. Returns the seconds to wait before the one after it, or None and the events at the end."""
    try:
        return next(steps), None
    except StopIteration as end:  # a future cannot carry StopIteration
        return None, end.value


class Committer:
    """Writes the outcomes of checks, for one event loop, by the `config` that it was given last.

    `baseline_wait` delays the summaries of first snapshots. `on_fault` is called with rules whose condition cannot be
    applied. `compare_again` gets a check whose pages must be compared with a newer state, `check_anew` the name of a
    source. `results` has the results of large commits that have ended; `wake` is called when one has.
    """

    def __init__(
        self,
        store: Store,
        clock: Callable[[], datetime],
        pacemaker: Pacemaker,
        batch: WriteBatch,
        *,
        baseline_wait: timedelta,
        on_fault: OnFault,
        compare_again: Callable[[CheckTarget, Checked], None],
        check_anew: Callable[[str], None],
        wake: Callable[[], None],
    ) -> None:
        self._store, self._clock, self._pacemaker, self.batch = store, clock, pacemaker, batch
        self._baseline_wait, self._on_fault = baseline_wait, on_fault
        self._compare_again, self._check_anew, self._wake = compare_again, check_anew, wake
        self._queue = CommitQueue(store)
        self._large: dict[str, asyncio.Task[None]] = {}
        self.results: deque[Result] = deque()
        self.config: Config  # checks under way whose source another one changes are thrown away

    async def settle(self, target: CheckTarget, outcome: Callable[[], Checked] | Checked) -> Result | None:
        """Write the outcome of a check: a function returns it, or raises what the check has raised. One that has waited
        already is given by itself, and is written now.

        Returns None if the check goes on, waits for `write_batch`, or takes several steps.
        """
        name, result, began, seconds = target.name, None, self._clock(), 0.0
        try:
            source = self.config.sources.get(name)
            if source is target.source or source == target.source:
                waited = isinstance(outcome, Checked)
                checked = outcome if isinstance(outcome, Checked) else outcome()
                began, seconds = checked.began, checked.seconds
                if not waited and is_large(checked.found):
                    self._settle_in_steps(target, checked)
                elif waited or not self._add_to_batch(target, checked):
                    result = await self.commit(target, checked)
            else:
                log.info("%s: its configuration changed during the check, which is thrown away", name)
                result = Result(name, "unchanged", 0, due=self._clock())
        except Stale:
            log.info("%s: another process stored a snapshot meanwhile; comparing again", name)
            self._compare_again(target, checked)
        except TakesLong:
            self._settle_in_steps(target, checked)
        except StateMovedError as error:
            log.info("%s: %s", name, error)
            self._check_anew(name)
        except StateDamagedError as error:
            log.error("%s: %s", name, error)
            advice = f"`watch accept {name} --yes damaged` has it read anew"
            message = f"what is stored of it is damaged, and {advice}: {error}"
            result = await self._note_fault(target, DAMAGED, message, began)
        except StateError as error:
            result = Result(name, "failing", 0, "state", str(error))
        except Exception as error:
            log.exception("%s: unexpected fault", name)
            result = await self._note_fault(target, "internal", f"{type(error).__name__}: {error}", began)
        return result and self._finish(result._replace(seconds=seconds), began)

    async def write_batch(self) -> list[Result]:
        """Write the batch of unchanged checks. If another process changed one of the sources, write them one by one."""
        waiting, results = self.batch.take(), list[Result | None]()
        try:
            async with self._queue.turn:
                written = not waiting or self._store.write_unchanged([each.passed for each in waiting])
        except StateError:
            written = False  # each of them logs its own error
        for passed, target, checked in waiting:
            if written:
                entries = target.read_state().state.entries
                result = Result(target.name, "unchanged", entries, due=passed.due, seconds=checked.seconds)
                results.append(self._finish(result, checked.began))
            else:
                results.append(await self.settle(target, checked))
        return [result for result in results if result]

    async def aclose(self) -> None:
        """Cancel the large commits under way; what they have written is taken back by the next one."""
        for task in self._large.values():
            task.cancel()
        await asyncio.gather(*self._large.values(), return_exceptions=True)

    async def commit(self, target: CheckTarget, checked: Checked) -> Result:
        """route -> commit. Raises Stale, TakesLong and StateError."""
        name, slot, in_steps, decided = target.name, target.slot, target.name in self._large, list[Commit]()
        make = partial(self._context, target, checked)
        context = await asyncio.to_thread(make) if in_steps else make()

        def decision(state: SourceState) -> Commit | None:
            if slot is not None and state.due != slot:  # it was claimed for another due time
                raise Superseded
            commit = decide(state, checked, with_stored(self._store, context, checked, state))
            decided[:] = [commit] if commit else []
            return commit

        try:
            events = await (self._queue.in_steps if in_steps else self._queue.at_once)(name, decision)
        except Superseded:
            log.info("%s: another worker has checked it meanwhile; this check is thrown away", name)
            return Result(name, "unchanged", 0)
        if events is None:
            return result_of(name, None, self._store.source(name), [])
        accepted = decided[0].acceptance is not None
        self._pacemaker.keep(name, decided[0].state.revision + accepted, context.lesson)
        return result_of(name, checked.found, decided[0].state, events)

    async def _note_fault(self, target: CheckTarget, reason: str, message: str, began: datetime) -> Result:
        """The result of a check that ended with a fault: its source is failing, and told as one that cannot be read.
        Where even that cannot be stored, only the result says it, and its row is made anew if it is damaged.
        """
        error = SourceError(cut(message.partition("\n")[0], 300), code=reason)  # characters of what a fault says
        try:
            base = self._store.source(target.name).revision
            return await self.commit(target, Checked(base, began, Failed(error)))
        except Exception as fault:  # noqa: BLE001 - it is logged, and there is nothing else to do
            log.error("%s: that it fails cannot be stored: %s", target.name, fault)
            with suppress(Exception):
                self._store.damage.mend()
            return Result(target.name, "failing", 0, reason, message)

    def _settle_in_steps(self, target: CheckTarget, checked: Checked) -> None:
        async def settle() -> None:
            try:
                if result := await self.settle(target, checked):
                    self.results.append(result)
            finally:
                del self._large[target.name]
                self._wake()

        self._large[target.name] = asyncio.create_task(settle())

    def _add_to_batch(self, target: CheckTarget, checked: Checked) -> bool:
        """Add an unchanged check to the batch. Returns False if the check must be written by itself."""
        if target.prefetched is None or not isinstance(checked.found, Unchanged):
            return False
        lesson, timing = self._lesson(target, checked), self._pacemaker.timing(target.source)
        passed = pass_unchanged(target.prefetched.state, checked, target.source, self._clock(), timing, lesson)
        if passed:
            self.batch.add(Waiting(passed, target, checked))
        return passed is not None

    def _finish(self, result: Result, began: datetime) -> Result:
        """The result of a check that has ended. If the clock was moved back meanwhile, the source is due now."""
        now = self._clock()
        return result._replace(due=now) if result.due and began > now else result

    def _context(self, target: CheckTarget, checked: Checked) -> Context:
        now = self._clock()
        return replace(
            context_of(self._store, self.config, target, checked, now),
            baseline_due=now + self._baseline_wait,
            on_fault=self._on_fault,
            timing=self._pacemaker.timing(target.source),
            lesson=self._lesson(target, checked),
        )

    def _lesson(self, target: CheckTarget, checked: Checked) -> Lesson:
        """What the schedule of the source learns from a check: nothing if the source could not be read."""
        found, learns_from = checked.found, self._pacemaker.learns_from
        accepted = isinstance(found, Accepted)
        if not isinstance(found, Accepted | Unchanged) or not learns_from(target.source, accepted=accepted):
            return NO_LESSON
        state, changed = target.read_state().state, False
        hint = state.habits.hint
        if isinstance(found, Accepted):
            changed, hint = not found.baseline and bool(found.difference.changes), found.hint
        return self._pacemaker.lesson(target.source, state, checked.began.timestamp(), changed=changed, hint=hint)


def context_of(store: Store, config: Config, target: CheckTarget, checked: Checked, now: datetime) -> Context:
    """What is decided by, by a configuration and a state, without what a schedule learns. Raises StateError."""
    history = dict[str, Sequence[Event]]()
    if isinstance(checked.found, Accepted) and not checked.found.baseline:  # added entries have no history
        changes = (told.change for told in checked.found.news.alone if told.change.kind is not ChangeKind.ADDED)
        if keys := [change.entry.key for change in changes]:
            since = checked.began - memory_span(target.source.every)
            history |= store.log.history(target.name, keys, since)
    return Context(
        target.name,
        target.source,
        config.alerts,
        now,
        baseline_due=now,
        zone=config.timezone,
        history=history,
        listed=read_listed(store, target.name, checked),
        log=LogLimit(config.max_log, config.keep),
    )


def with_stored(store: Store, context: Context, checked: Checked, state: SourceState) -> Context:
    """The context with the clearings of entries that mention somebody, and with what was told of changes that are
    held: in this trouble, or lately in one before. Read within the transaction, so that no other process tells the
    same.
    """
    if keys := mentioned_keys(checked.found):
        context = replace(context, clearings=store.clearings.standing(context.name, keys))
    if not isinstance(checked.found, Suspicious) or not checked.found.news:
        return context
    since = min(checked.began - memory_span(context.source.every), state.health.since or checked.began)
    changes = (told.change for told in checked.found.news)
    sides = (side for change in changes for side in (change.before, change.after) if side)
    keys = {side.key for side in sides}  # a rekeyed entry has two
    return replace(context, history=store.log.history(context.name, keys, since, held=True))
