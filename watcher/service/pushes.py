"""What programs push: a page that nobody requested, checked and stored as one that was fetched.

Nobody asks a program that has fallen silent: that is noticed by the time alone (`tell_silence`).

A push is compared with what is stored when it is committed: one that another has overtaken is compared again, so that
of two at once none is lost. With an idempotency key its answer is stored with it, and given again to the same push.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from alerts.event.change_json import change_json
from alerts.matching.watchlist import Watchlist
from alerts.rules import OnFault
from sources import Get, Page
from sources.errors import ReadError
from sources.http.exchange import Validators
from state.compare.reader_fingerprints import body_fingerprint
from state.errors import StateError, StateMovedError
from state.failpoint import reach
from state.model import Commit, Event, Receipt, SourceState
from state.store import Store
from watcher.check.context import CheckTarget
from watcher.check.decide import Context, Stale, decide, decide_silence
from watcher.check.fetching import Alone
from watcher.check.outcome import Failed, result_of
from watcher.check.pipeline import check
from watcher.config.load import Config
from watcher.delivery.operator_alerts import FailingRules, UnprovenPages
from watcher.errors import UsageError
from watcher.runtime.background import Periodic, put_off
from watcher.runtime.committer import context_of, with_stored

_LOOK = 60.0  # seconds between two looks at who has fallen silent
_TRIES = 20  # comparisons of one push, while others are stored in between


class PushSession:
    """Has the page that was pushed, whatever is asked."""

    def __init__(self, page: Page) -> None:
        self._page = page

    async def fetch(self, get: Get, validators: Validators | None = None) -> Page:  # noqa: ARG002 - never answers 304
        """That page."""
        return self._page


def take(
    store: Store, config: Config, name: str, page: Page, key: str, clock: Callable[[], datetime]
) -> Mapping[str, Any]:
    """Store what was pushed into a source, under an idempotency key or ""; the answer: {status, entries, changes}.

    Raises ReadError for a page that cannot be read, UsageError where the key was used for another one, and StateError.
    """
    target = CheckTarget(name, config.sources[name], store, Watchlist(config.entities), config.secrets.hide)
    faults, unproven = FailingRules(store, clock), UnprovenPages(store, clock)
    for _ in range(_TRIES):
        if key and (earlier := store.pushed.find(name, key)):
            if earlier.body != body_fingerprint(page.body):
                raise UsageError("this Idempotency-Key was used for another body")
            answer: Mapping[str, Any] = earlier.answer
            return answer
        with suppress(Stale, StateMovedError):
            if told := _store(store, config, target, replace(page, fetched=clock()), key, faults.note_fault):
                faults.alert(config)
                unproven.look(config)
                return told
    raise StateError(f"{name}: others push so much that this push could not be compared in time")


def _store(
    store: Store, config: Config, target: CheckTarget, page: Page, key: str, on_fault: OnFault
) -> Mapping[str, Any] | None:
    """Compare and commit a push; None if another one came between. Raises ReadError, Stale, and StateError."""
    checked = asyncio.run(check(Alone(PushSession(page)), target, lambda: page.fetched))
    if isinstance(checked.found, Failed) and isinstance(checked.found.error, ReadError):
        raise checked.found.error  # that is no trouble of the source, but of this push
    reach("push_compared")
    context, made = context_of(store, config, target, checked, page.fetched), list[Commit]()
    context = replace(context, on_fault=on_fault)

    def answer(events: Sequence[Event]) -> Mapping[str, Any]:
        result = result_of(target.name, checked.found, made[-1].state, events)
        changes = [change_json(event, config.web.base_url) for event in result.events]
        return {"status": result.status, "entries": result.entries, "changes": changes}

    def decision(state: SourceState) -> Commit | None:
        if key and store.pushed.find(target.name, key):  # the same push, by way of another process
            return None
        if commit := decide(state, checked, with_stored(store, context, checked, state)):
            made.append(commit)
            commit = replace(commit, receipt=Receipt(key, body_fingerprint(page.body), answer)) if key else commit
        return commit

    events = store.commit(target.name, decision)
    if events is None or isinstance(checked.found, Failed):  # that it was damaged is told first
        return None
    return answer(events)


def listener(store: Store, clock: Callable[[], datetime], first_after: float = _LOOK) -> Periodic[[Config]]:
    """What notices in the daemon that nothing new is pushed; its loop calls `turn` with the configuration."""

    def look(config: Config) -> None:
        tell_silence(store, config, clock())

    return Periodic("silences", look, "who pushes nothing new is told later", every=_LOOK, first_after=first_after)


def tell_silence(store: Store, config: Config, now: datetime) -> None:
    """Alert of each source for which its programs have pushed nothing new for longer than its `max_quiet`. One whose
    state cannot be read or written is told by a later look.
    """
    for name, source in config.checked.items():
        if not source.polled and source.expect.max_quiet is not None:
            context = Context(name, source, config.alerts, now, baseline_due=now, zone=config.timezone)
            with put_off(f"{name}: that nothing new is pushed"):
                if decide_silence(store.source(name), context):
                    store.commit(name, partial(decide_silence, context=context))
