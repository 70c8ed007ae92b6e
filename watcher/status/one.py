"""One source alone: why it is checked next when it is, a week of its rhythm, and what is held of it as suspicious."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from state.store import Store
from watcher.config.load import Config
from watcher.errors import UsageError
from watcher.schedule.week import lines
from watcher.status.standing import Standing, named, standings
from watcher.status.text import explain, explain_reading, print_table
from watcher.terminal.console import say
from watcher.tools.schedule.why_due import Explainer
from watcher.tools.suspicious.held import Held, held_json, held_snapshot, print_held


class OneSource(NamedTuple):
    """How a source fares; why it is checked next ("" where it never was); changes an hour by the hours of a week; and
    the held snapshot, or why that cannot be read.
    """

    standing: Standing
    why: str = ""
    week: Sequence[float] = ()
    held: Held | None = None
    unreadable: str = ""


def one_source(config: Config, store: Store | None, name: str, now: datetime) -> OneSource:
    """Of a state, or of none yet. Raises UsageError when there is no such source."""
    standing = named(standings(config, store.source_statuses() if store else []), name)
    if store is None:
        return OneSource(standing)
    explainer, state = Explainer(config, store, now), store.source(name)
    seen = OneSource(standing, explainer.why(state), explainer.week(state))
    try:
        return seen._replace(held=held_snapshot(store, config, name, (), now) if standing.configured else None)
    except UsageError as error:
        return seen._replace(unreadable=str(error))


def one_source_json(seen: OneSource) -> dict[str, Any]:
    """It as JSON."""
    more = {"why": seen.why or None, "week": [round(rate, 4) for rate in seen.week]}
    return {"sources": [{**seen.standing.json(), **more, "held": seen.held and held_json(seen.held)}]}


def print_one_source(config: Config, seen: OneSource) -> None:
    """Print it."""
    print_table([seen.standing], {})
    _explain_next(config, seen.why, seen.week)
    if seen.standing.is_bad:
        explain(config, seen.standing)
    explain_reading(seen.standing)
    if seen.unreadable:
        say()
        say(seen.unreadable, hang=4)
    if seen.held:
        say()
        print_held(seen.held, config.timezone)
        say(f"to take it: watch accept {seen.standing.state.name}", hang=4)


def _explain_next(config: Config, why: str, week: Sequence[float]) -> None:
    """Print why a source is checked next when it is, and a week of its rhythm."""
    if why:
        say()
        say(f"next: {why}", hang=4)
    if week:
        say()
        say(f"when it changes ({config.timezone.key}; the highest: {max(week):.2g} changes an hour)", hang=4)
        for line in lines(week):
            print(f"  {line}")  # noqa: T201 - a chart is not wrapped
