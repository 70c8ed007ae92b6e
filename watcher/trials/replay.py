"""Checks a source over dated captures, through the real pipeline with a temporary state: `watch replay`."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from alerts.rules import routes_for
from state.model import Event, EventKind
from state.store import Store
from watcher.check.fetching import Fetcher
from watcher.check.outcome import Result
from watcher.config.arguments import choose_sources
from watcher.config.load import Config, load
from watcher.cycle import Cycle
from watcher.service.results import result_json
from watcher.terminal.change_lines import describe_event, field_lines
from watcher.terminal.console import print_json, progress, say
from watcher.terminal.words import count
from watcher.trials.dated_pages import EVERY_NAME, Capture, captures, proof_pages
from watcher.trials.rule_trial import Verdict, fired
from watcher.trials.saved_pages import SavedPages

SHOWN = 20  # changes of one step that are printed
_BESIDE = 10  # most events of one check besides its changes


@dataclass(frozen=True, slots=True)
class Step:
    """One capture, the result of its check, and the events that it would have alerted: changes, a baseline, health."""

    capture: Capture
    result: Result
    events: Sequence[Event]
    beside: Mapping[str, Any] = field(default_factory=dict)  # further fields for JSON


def replay(path: Path | None, name: str, folder: Path, *, match: str, by_time: bool, as_json: bool) -> int:
    """Check the source `name` over the captures in `folder`, one after the other, and print each step.

    Returns the exit code: 1 if none of them could be read. Raises ConfigError and UsageError.
    """
    config = load(path)
    choose_sources(config, [name])
    proof = [] if by_time or match != EVERY_NAME else proof_pages(folder)
    found = [Capture(file, None) for file in proof] or captures(folder, match=match, by_time=by_time)
    by_name = "the dates in their names" if all(capture.at for capture in found) else "their names"
    order = "before and after" if proof else "their times of modification" if by_time else by_name
    return show(config, replayed(config, name, found), len(found), order, as_json=as_json)


def show(config: Config, steps: Iterable[Step], number: int, order: str, *, as_json: bool) -> int:
    """Take so many steps, and print them. Returns the exit code. `order` says in words how they are sorted."""
    made = list[Step]()
    with progress(number, quiet=as_json) as advance:
        for step in steps:
            made.append(step)
            advance()
    if as_json:
        print_json({"steps": [_step_json(config, step) for step in made]})
    else:
        _print_steps(config, made, order)
    return int(all(step.result.status == "failing" for step in made))


def replayed(config: Config, name: str, found: Sequence[Capture]) -> Iterator[Step]:
    """Check the source with each capture as its site, at the capture's time. Nothing is sent, and no state is kept.

    Captures without a time are placed one check interval apart.
    """
    source = config.sources[name]
    # A capture is one page; further pages that it links to are missing.
    alone = replace(config, sources={name: source.model_copy(update={"max_pages": 1})})
    site = SavedPages(found[0].file, datetime.now(UTC))
    with rehearsal(alone, name, site, lambda: site.at) as stage:
        for capture in found:
            site.file, site.at = capture.file, capture.at or site.at + source.every
            yield Step(capture, *stage.check())


class Stage:
    """A source with a temporary state; returns the result of each check and the events that it would have alerted."""

    def __init__(self, cycle: Cycle, runner: asyncio.Runner, store: Store, name: str) -> None:
        self.store = store
        self._cycle, self._runner, self._name, self._told = cycle, runner, name, 0

    def check(self) -> tuple[Result, list[Event]]:
        """Check the source once."""
        result = self._runner.run(self._checked())
        latest = self.store.log.events(limit=len(result.events) + _BESIDE)
        events = sorted((event for event in latest if event.id > self._told), key=lambda event: event.id)
        self._told = events[-1].id if events else self._told
        return result, events

    async def _checked(self) -> Result:
        (result,) = [result async for result in self._cycle.check_now([self._name])]
        return result


@contextmanager
def rehearsal(config: Config, name: str, site: Fetcher, clock: Callable[[], datetime]) -> Iterator[Stage]:
    """A stage on which a source is checked with `site` in place of its site. Nothing is sent, and no state is kept."""
    alone = replace(
        config,
        sources={name: config.sources[name]},
        http=config.http.model_copy(update={"spacing": timedelta()}),
        alerts=(),
    )
    with (
        TemporaryDirectory(prefix="watch-replay-") as scratch,
        Store.open(f"sqlite:///{scratch}/state.db", hide=config.secrets.hide, reveal=config.secrets.reveal) as store,
        asyncio.Runner() as runner,
    ):
        cycle = Cycle(alone, store, site, clock)
        try:
            yield Stage(cycle, runner, store, name)
        finally:
            runner.run(cycle.aclose())


def _step_json(config: Config, step: Step) -> dict[str, Any]:
    """A step, with the numbers of the rules that would have fired for each change."""
    made = result_json(step.result)
    for change, event in zip(made["changes"], step.result.events, strict=True):
        change["rules"] = [verdict.number for verdict in fired(config.alerts, event)]
    return {"file": step.capture.file.name, **step.beside, **made}


def _print_steps(config: Config, steps: Sequence[Step], order: str) -> None:
    """Print the steps for people: a line for each capture, and below it what would have been alerted, and to which
    entity.
    """
    for step in steps:
        say(f"{_when(step.capture.at)}{step.capture.file.name}  {step.result.status}  {_outcome(step)}", hang=4)
        # events about the source itself come first, so that they are not lost among its changes
        for event in sorted(step.events, key=lambda event: event.kind is EventKind.CHANGE)[:SHOWN]:
            _print_event(config, event)
        if len(step.events) > SHOWN:
            say(f"and {len(step.events) - SHOWN} more; --json has them all", indent=4)
    changes = count(sum(len(step.result.events) for step in steps), "change")
    say(f"{count(len(steps), 'capture')} in the order of {order}: {changes}; nothing was sent")
    events = [event for step in steps for event in step.result.events]
    tally = Counter(verdict.name for event in events for verdict in fired(config.alerts, event))
    for number, rule in enumerate(config.alerts, 1):
        if rule.when:
            name = Verdict(number, rule, None).name
            say(f"{name}: fires for {count(tally[name], 'change')}: {rule.when}", indent=4, hang=4)


def _when(at: datetime | None) -> str:
    """A capture's time; often only the date is known."""
    return f"{at:%Y-%m-%d}{'' if at.time() == time() else f'{at: %H:%M}'}  " if at else ""


def _outcome(step: Step) -> str:
    result = step.result
    entries = count(result.entries, "entry", "entries")
    if result.message:
        return f"{result.reason}: {result.message}"
    return f"{entries}, {count(len(result.events), 'change')}" if result.events else entries


def _print_event(config: Config, event: Event) -> None:
    channels = ", ".join(route.channel for route in routes_for(event, config.alerts, event.at, config.timezone))
    to = f" → {channels}" if channels else ""
    if event.kind is EventKind.CHANGE and any(rule.when for rule in config.alerts):
        rules = ", ".join(verdict.name for verdict in fired(config.alerts, event))
        to = f" → {channels}, by {rules}" if channels else ""
    if event.kind is not EventKind.CHANGE:
        say(f"alert: {describe_event(event)}{to}", indent=4, hang=4)
        return
    who = f" [{', '.join(event.entities)}]" if event.entities else ""
    say(f"{event.data['change']}: {event.data['title']}{who}{to}", indent=4, hang=4)
    for line in field_lines(event.data):
        say(line, indent=8, hang=4)
