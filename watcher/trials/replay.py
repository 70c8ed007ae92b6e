"""Checks a source over pages of the past, through the real pipeline with a temporary state: over the saved pages of a
folder, or over those kept as evidence. What would the present options and reader have alerted?
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

from alerts.message.titles import LONGEST, compose_title
from alerts.rules import routes_for
from sources import FetchError, Get, Page, Source
from sources.http.exchange import Validators
from sources.text import clean
from state.evidence.reading import Shown, recall
from state.evidence.store import CaptureInfo
from state.model import Event, EventKind
from state.store import Store
from watcher.check.outcome import Result
from watcher.config.arguments import choose_sources
from watcher.config.load import Config, load
from watcher.config.open_state import evidence_options, open_known_state
from watcher.cycle import Cycle
from watcher.errors import UsageError
from watcher.terminal.console import print_json, progress, say
from watcher.terminal.words import count, field_lines, result_json
from watcher.trials.held import compare_held, take
from watcher.trials.previews import Verdict, firing
from watcher.trials.saved_pages import EVERY_NAME, DatedPage, find_pages, proof_pages, read_saved_page

SHOWN = 20  # changes of one step that are printed
_BESIDE = 200  # most events of one check besides its changes: held ones, mostly


@dataclass(frozen=True, slots=True)
class ReplayStep:
    """One capture, the result of its check, and the events that it would have alerted: changes, a baseline, health."""

    page: DatedPage
    result: Result
    events: Sequence[Event]
    beside: Mapping[str, Any] = field(default_factory=dict)  # further fields for JSON


def replay(path: Path | None, name: str, folder: Path, *, match: str, by_time: bool, as_json: bool) -> int:
    """Check the source `name` with each of the captures in `folder` as its site, at the capture's time, and print each
    step. Nothing is sent, and no state is kept. Captures without a time are placed one check interval apart.

    Returns the exit code: 1 if none of them could be read. Raises ConfigError and UsageError.
    """
    config = load(path)
    choose_sources(config, [name])
    proof = [] if by_time or match != EVERY_NAME else proof_pages(folder)
    found = [DatedPage(file, None) for file in proof] or find_pages(folder, match=match, by_time=by_time)
    by_name = "the dates in their names" if all(capture.at for capture in found) else "their names"
    order = "before and after" if proof else "their times of modification" if by_time else by_name
    source = config.sources[name]
    # A capture is one page; further pages that it links to are missing.
    alone = replace(config, sources={name: source.model_copy(update={"max_pages": 1})})

    def steps() -> Iterator[ReplayStep]:
        at = datetime.now(UTC)
        with rehearsal(alone, name, at) as stage:
            for capture in found:
                at = capture.at or at + source.every
                answer = partial(read_saved_page, source, file=capture.file, fetched=at)
                yield ReplayStep(capture, *stage.check(at, answer))

    return show(config, steps(), len(found), order, as_json=as_json)


def show(config: Config, steps: Iterable[ReplayStep], number: int, order: str, *, as_json: bool) -> int:
    """Take so many steps, and print them. Returns the exit code. `order` says in words how they are sorted."""
    made = list[ReplayStep]()
    with progress(number, quiet=as_json) as advance:
        for step in steps:
            made.append(step)
            advance()
    if as_json:
        shown = list[dict[str, Any]]()
        for step in made:
            result = result_json(step.result)
            for change, event in zip(result["changes"], step.result.events, strict=True):
                change["rules"] = [verdict.number for verdict in firing(config.alerts, event)]
            shown.append({"file": step.page.file.name, **step.beside, **result})
        print_json({"steps": shown})
    else:
        _print_steps(config, made, order)
    return int(all(step.result.status == "failing" for step in made))


def replay_evidence(path: Path | None, name: str, *, as_json: bool) -> int:
    """Check the source `name` over the pages kept of it, one capture after the other, and print each step.

    Returns the exit code: 1 if none of them could be read. Raises ConfigError, UsageError and StateError.
    """
    config = load(path)
    choose_sources(config, [name])
    kept = evidence_options(config)
    with open_known_state(config) as store:
        found = store.evidence.captures(name) if store else []
        if not store or not found:
            raise UsageError(f"{name}: no page of it is kept as evidence; docs/evidence.md says which are")
        steps = replay_captures(config, name, store, kept.path, found)
        return show(config, steps, len(found), "their times", as_json=as_json)


def replay_captures(
    config: Config, name: str, kept: Store, folder: Path, found: Sequence[CaptureInfo]
) -> Iterator[ReplayStep]:
    """Check the source with the pages of each capture in the folder, at its time. Nothing is sent, and no state is
    changed.

    A snapshot that was accepted by hand is accepted here, too, if it is still suspicious.
    """
    with rehearsal(config, name, found[0].at) as stage:
        for info in found:
            pages = defaultdict[str, list[Shown]](list)
            for shown in recall(kept.evidence, folder, info).pages:
                pages[shown.told["asked"]].append(shown)
            answer = partial(_answer_kept, pages, config.sources[name], config.secrets.hide)
            result, events = stage.check(info.at, answer)
            if info.same_as and result.status == "suspicious":
                held = compare_held(stage.store, config, name, info.at)
                taken = take(stage.store, held) if held else []
                result = result._replace(status="ok", reason=None, message=None, events=taken)
            page = DatedPage(Path(f"capture {info.id}"), info.at)
            yield ReplayStep(page, result, events, {"capture": info.id, "kind": info.kind, "at": info.at.isoformat()})


def _answer_kept(pages: Mapping[str, list[Shown]], source: Source, hide: Callable[[str], str], get: Get) -> Page:
    """Of the pages of a capture, the one that answered this request. If it was requested several times, the answers in
    order. Raises FetchError.
    """
    found = pages.get(hide(get.identity))
    if not found:
        raise FetchError(f"of {get.url} nothing was kept in this check", code="not_kept")
    shown = found.pop(0) if len(found) > 1 else found[0]
    told = shown.told
    fetched = datetime.fromisoformat(told["fetched"])
    return Page(get, told["url"], told["status"], shown.headers, shown.body, fetched, source.encoding)


class Stage:
    """A source with a temporary state. In place of its site, the stage is the fetcher, and its sessions."""

    _answer: Callable[[Get], Page]

    def __init__(self, config: Config, name: str, store: Store, runner: asyncio.Runner, began: datetime) -> None:
        self._name, self._runner, self._at, self._told = name, runner, began, 0
        self.store, self.cycle = store, Cycle(config, store, self, lambda: self._at)

    def session(self, source: Source) -> Self:  # noqa: ARG002 - it has one
        """A session for one check; as there are no cookies, the same object."""
        return self

    async def fetch(self, get: Get, validators: Validators | None = None) -> Page:  # noqa: ARG002 - never answers 304
        """The page that answers this request. Raises FetchError."""
        return self._answer(get)

    def check(self, at: datetime, answer: Callable[[Get], Page]) -> tuple[Result, list[Event]]:
        """Check the source once, at a time at which its site gives these answers: the result, and the events that it
        would have alerted.
        """
        self._at, self._answer = at, answer

        async def check() -> list[Result]:
            return [result async for result in self.cycle.check_now([self._name])]

        (result,) = self._runner.run(check())
        latest = self.store.log.events(limit=len(result.events) + _BESIDE)
        events = sorted((event for event in latest if event.id > self._told), key=lambda event: event.id)
        self._told = events[-1].id if events else self._told
        return result, events


@contextmanager
def rehearsal(config: Config, name: str, began: datetime) -> Iterator[Stage]:
    """A stage on which a source is checked, from this time on. Nothing is sent, and no state is kept."""
    http = config.http.model_copy(update={"spacing": timedelta()})
    alone = replace(config, sources={name: config.sources[name]}, http=http, alerts=())
    with (
        TemporaryDirectory(prefix="watch-replay-") as scratch,
        Store.open(f"sqlite:///{scratch}/state.db", hide=config.secrets.hide, reveal=config.secrets.reveal) as store,
        asyncio.Runner() as runner,
    ):
        stage = Stage(alone, name, store, runner, began)
        try:
            yield stage
        finally:
            runner.run(stage.cycle.aclose())


def _print_steps(config: Config, steps: Sequence[ReplayStep], order: str) -> None:
    """Print the steps for people: a line for each capture, and below it what would have been alerted, and to whom."""
    for step in steps:
        result, (file, at) = step.result, step.page
        changes = f", {count(len(result.events), 'change')}" if result.events else ""
        read = f"{count(result.entries, 'entry', 'entries')}{changes}"
        outcome = f"{result.reason}: {result.message}" if result.message else read
        day = f"{at:%Y-%m-%d}{'' if at.time() == time() else f'{at: %H:%M}'}  " if at else ""  # often only the date
        say(f"{day}{file.name}  {result.status}  {outcome}", hang=4)
        # events about the source itself come first, so that they are not lost among its changes
        for event in sorted(step.events, key=lambda event: event.kind is EventKind.CHANGE)[:SHOWN]:
            _print_event(config, event)
        if len(step.events) > SHOWN:
            say(f"and {len(step.events) - SHOWN} more; --json has them all", indent=4)
    events = [event for step in steps for event in step.result.events]
    changes = count(len(events), "change")
    say(f"{count(len(steps), 'capture')} in the order of {order}: {changes}; nothing was sent")
    tally = Counter(verdict.name for event in events for verdict in firing(config.alerts, event))
    for number, rule in enumerate(config.alerts, 1):
        if rule.when:
            name = Verdict(number, rule, None).name
            say(f"{name}: fires for {count(tally[name], 'change')}: {rule.when}", indent=4, hang=4)


def _print_event(config: Config, event: Event) -> None:
    channels = ", ".join(route.channel for route in routes_for(event, config.alerts, event.at, config.timezone))
    to = f" → {channels}" if channels else ""
    if event.kind is not EventKind.CHANGE:
        say(f"alert: {compose_title([event], LONGEST, clean)}{to}", indent=4, hang=4)
        return
    if to and any(rule.when for rule in config.alerts):
        to += f", by {', '.join(verdict.name for verdict in firing(config.alerts, event))}"
    who = f" [{', '.join(event.entities)}]" if event.entities else ""
    say(f"{event.data['change']}: {event.data['title']}{who}{to}", indent=4, hang=4)
    for line in field_lines(event.data):
        say(line, indent=8, hang=4)
