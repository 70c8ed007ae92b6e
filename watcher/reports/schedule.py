"""The budget of requests: what it is, how it is used, the delays that it brings, and what another one would bring."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from state.store import Store
from watcher.config.load import Config
from watcher.schedule.budget import Forecast, LearnedSource, Terms, forecast, forecast_fixed, quantiles
from watcher.schedule.learning import recall
from watcher.schedule.pacemaker import learned_sources, paced_sources, rhythm_from_log
from watcher.terminal.console import say
from watcher.terminal.tables import table
from watcher.terminal.words import count

OTHERS = (1.25, 1.5, 2.0, 3.0)  # budgets to compare with
_MOST_ROWS = 20  # sources


class BudgetReport(NamedTuple):
    """What is known, and the forecasts by budget."""

    terms: Terms | None
    known: Sequence[LearnedSource]
    used: float | None
    saved: float | None
    forecasts: dict[float, Forecast]

    @property
    def current(self) -> Forecast:
        """The forecast of the configured budget."""
        return self.forecasts[self.terms.times if self.terms else 1.0]


def report(config: Config, store: Store, now: datetime) -> BudgetReport:
    """The report. Without a budget, what the sources do is taken from the log. Raises StateError."""
    terms = config.schedule.terms
    known = list(learned_sources(config.sources, store)) if terms else list(_by_the_log(config, store, now))
    budget = store.rhythms.budget() if terms else None
    used = budget.used / budget.passed * 3600 if budget and budget.passed else None
    times = sorted({*OTHERS, terms.times} if terms else OTHERS)
    forecasts = {1.0: forecast_fixed(known)}
    forecasts |= {each: forecast(known, replace(terms or Terms(each), times=each)) for each in times}
    return BudgetReport(terms, known, used, budget.credit if budget else None, forecasts)


def _by_the_log(config: Config, store: Store, now: datetime) -> list[LearnedSource]:
    found = []
    for name, source in paced_sources(config.sources):
        every = source.every.total_seconds()
        curve = recall(rhythm_from_log(store, name, now.timestamp(), max(every, 3600.0)))
        if curve:
            found.append(LearnedSource(name, every, source.authority == "record", curve.mean, quantiles(curve)))
    return found


def schedule_json(found: BudgetReport, share: str) -> dict[str, Any]:
    """The report, as `watch schedule --json` prints it: the budget (null without one), the requests an hour that were
    made lately (null if not known), how many were saved (below 0: spent too much), what each budget brings (1: fixed
    intervals), and how many changes a day the sources have. The expected delays of changes are means, in seconds.
    """
    current, terms = found.current, found.terms
    return {
        "budget": terms.times if terms else None,
        "share": share,
        "allowed_per_hour": round(terms.times * found.forecasts[1.0].requests, 1) if terms else None,
        "used_per_hour": None if found.used is None else round(found.used, 1),
        "saved": None if found.saved is None else round(found.saved, 1),
        "budgets": [
            {"budget": times, "requests_per_hour": round(each.requests, 1), "expected_delay": round(each.delay, 1)}
            for times, each in sorted(found.forecasts.items())
        ],
        "sources": [
            {
                "name": each.name,
                "every": each.every,
                "changes_per_day": round(each.mean, 3),
                "expected_delay": round(current.by_source[each.name], 1),
            }
            for each in found.known
        ],
    }


def print_schedule(found: BudgetReport, share: str) -> None:
    """Print the report: the use of the budget, what others would bring, and the busiest sources."""
    if not found.known:
        say('no source shares a budget: each has `at`, or schedule = "fixed"', hang=4)
        return
    say(_use(found, share), hang=4)
    say()
    now = found.terms.times if found.terms else 1.0
    rows = [
        [
            f"{times:g}x" + (" (now)" if times == now else ""),
            f"{each.requests:,.0f}".replace(",", " "),
            _span(each.delay),
        ]
        for times, each in sorted(found.forecasts.items())
    ]
    table(("BUDGET", "REQUESTS AN HOUR", "EXPECTED DELAY"), rows, right=["REQUESTS AN HOUR", "EXPECTED DELAY"])
    say()
    busiest = sorted(found.known, key=lambda each: -each.mean)
    sources = [
        [each.name, _span(each.every), f"{each.mean:.2g}", _span(found.current.by_source[each.name])]
        for each in busiest[:_MOST_ROWS]
    ]
    table(("SOURCE", "EVERY", "CHANGES A DAY", "EXPECTED DELAY"), sources, right=["CHANGES A DAY", "EXPECTED DELAY"])
    if len(busiest) > _MOST_ROWS:
        say(f"and {count(len(busiest) - _MOST_ROWS, 'source')} with fewer changes: `watch schedule --json`", hang=4)


def _use(found: BudgetReport, share: str) -> str:
    if found.terms is None:
        return "no budget: each source is checked at its `every`; by the log of changes, a budget would bring:"
    allowed = found.terms.times * found.forecasts[1.0].requests
    use = f"of {allowed:,.0f} requests an hour".replace(",", " ")
    if found.used is not None:
        use = f"{found.used:,.0f} {use} were made lately".replace(",", " ")
    saved = f"; {abs(found.saved):.0f} {'saved' if found.saved >= 0 else 'spent too much'}" if found.saved else ""
    return f"budget {found.terms.times:g}x, shared {share}: {use}{saved}"


def _span(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.1f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
