"""The schedule for people: why a source is due when it is, with a week of its rhythm; and the budget of requests, how
it is used, the delays that it brings, and what another one would bring.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from alerts.language import mark, phrase, phrase_many, phrase_number, phrase_span, spoken
from sources import Source
from sources.options import format_duration
from state.model import SourceState
from state.store import Store
from watcher.config.load import Config
from watcher.schedule.budget import Forecast, LearnedSource, Ledger, Terms, forecast, forecast_fixed, paces, quantiles
from watcher.schedule.due_times import LONGEST_BACKOFF, Pace, Reason, Timing, is_paced, reason
from watcher.schedule.learning import recall
from watcher.schedule.pacemaker import allowed, learned_sources, paced_sources, rhythm_from_log
from watcher.schedule.week import Curve, hourly
from watcher.terminal.console import say, table
from watcher.terminal.words import count, moment

OTHERS = (1.25, 1.5, 2.0, 3.0)  # budgets to compare with
_MOST_ROWS = 20  # sources
_ON_TIME = timedelta(seconds=1)


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
    known = list(learned_sources(config.polled, store)) if terms else list[LearnedSource]()
    for name, source in () if terms else paced_sources(config.polled):
        every = source.every.total_seconds()
        if curve := recall(rhythm_from_log(store, name, now.timestamp(), max(every, 3600.0))):
            known.append(LearnedSource(name, every, source.authority == "record", curve.mean, quantiles(curve)))
    budget = store.rhythms.budget() if terms else None
    used = budget.used / budget.passed * 3600 if budget and budget.passed else None
    times = sorted({*OTHERS, terms.times} if terms else OTHERS)
    forecasts = {1.0: forecast_fixed(known)}
    forecasts |= {each: forecast(known, (terms or Terms(each))._replace(times=each)) for each in times}
    return BudgetReport(terms, known, used, budget.credit if budget else None, forecasts)


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
    now = found.terms.times if found.terms else 1.0
    if found.terms is None:
        use = "no budget: each source is checked at its `every`; by the log of changes, a budget would bring:"
    else:
        use = f"of {now * found.forecasts[1.0].requests:,.0f} requests an hour"
        if found.used is not None:
            use = f"{found.used:,.0f} {use} were made lately"
        saved = f"; {abs(found.saved):.0f} {'saved' if found.saved >= 0 else 'spent too much'}" if found.saved else ""
        use = f"budget {now:g}x, shared {share}: {use.replace(',', ' ')}{saved}"
    say(use, hang=4)
    say()
    rows = list[list[str]]()
    for times, each in sorted(found.forecasts.items()):
        budget = f"{times:g}x (now)" if times == now else f"{times:g}x"
        rows.append([budget, f"{each.requests:,.0f}".replace(",", " "), _delay(each.delay)])
    table(("BUDGET", "REQUESTS AN HOUR", "EXPECTED DELAY"), rows, right=["REQUESTS AN HOUR", "EXPECTED DELAY"])
    say()
    busiest = sorted(found.known, key=lambda each: -each.mean)
    sources = [
        [each.name, _delay(each.every), f"{each.mean:.2g}", _delay(found.current.by_source[each.name])]
        for each in busiest[:_MOST_ROWS]
    ]
    table(("SOURCE", "EVERY", "CHANGES A DAY", "EXPECTED DELAY"), sources, right=["CHANGES A DAY", "EXPECTED DELAY"])
    if len(busiest) > _MOST_ROWS:
        say(f"and {count(len(busiest) - _MOST_ROWS, 'source')} with fewer changes: `watch schedule --json`", hang=4)


def _delay(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.1f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


LEAST_CHANGES = 20  # checks with changes, before it is said when a source changes


class Explainer:
    """Explains the schedule of a configuration by what is stored. Every method may raise StateError."""

    def __init__(self, config: Config, store: Store, now: datetime) -> None:
        self._config, self._store, self._now = config, store, now
        self._terms = config.schedule.terms
        self._scale = self._terms.times if self._terms else 1.0
        if self._terms and (budget := store.rhythms.budget()):
            haste = Ledger(budget.credit, budget.at).haste(allowed(config.polled, self._terms))
            self._scale = budget.scale * haste

    def why(self, state: SourceState) -> str:
        """Why a source is due when it is; "" for one that is not configured."""
        source = self._config.sources.get(state.name)
        if source is None:
            return ""
        timing, zone = Timing.of(source, self._terms, self._config.timezone), self._config.timezone
        if state.name in self._config.paused:
            until = self._config.paused[state.name]
            if not until:
                return phrase("it is paused until somebody resumes it, and checked only when somebody asks for it")
            when = moment(until, zone)
            return phrase("it is paused until {when}, and checked only when somebody asks for it", when=when)
        given = next(_reasons(state, source, timing, self._now, zone), None) or self._by_rhythm(state, source, words)
        return given or phrase("it is checked every {span}", span=_duration(source.every))

    def in_short(self, states: Iterable[SourceState]) -> dict[str, str]:
        """The reasons of paced sources in few words, by name."""
        known = [(state, source) for state in states if (source := self._config.sources.get(state.name))]
        paced = [(state, source) for state, source in known if source.enabled]
        return {state.name: self._by_rhythm(state, source, few_words) or "" for state, source in paced}

    def curve(self, state: SourceState) -> Curve | None:
        """What is known of when a source changes: as learned, or else by the log. None if it was never read."""
        _, packed = self._store.rhythms.read_packed([state.name]).get(state.name, (0, None))
        if packed is None and state.checked is not None:
            source = self._config.sources.get(state.name)
            longest = max((source.every if source else LONGEST_BACKOFF).total_seconds(), 3600.0)
            packed = rhythm_from_log(self._store, state.name, state.checked.timestamp(), longest)
        return recall(packed) if packed else None

    def week(self, state: SourceState) -> list[float]:
        """Changes an hour in each hour of the week from Monday, in the configured zone; empty as long as it changed
        fewer than LEAST_CHANGES times, which say nothing of a week.
        """
        curve, offset = self.curve(state), self._now.astimezone(self._config.timezone).utcoffset()
        if curve is None or not self._store.rhythms.has_changed(state.name, LEAST_CHANGES):
            return []
        return hourly(curve, offset.total_seconds() if offset else 0.0)

    def _by_rhythm(self, state: SourceState, source: Source, say: Callable[[Reason], str]) -> str | None:
        if self._terms is None or not is_paced(source) or not state.due or not state.checked:
            return None
        if state.health.failures or state.habits.restless_told or (curve := self.curve(state)) is None:
            return None
        every = source.every.total_seconds()
        table = paces(self._terms.bounds(every), self._scale)
        base = self._terms.base(curve.mean, record=source.authority == "record")
        pace = Pace(curve, table, base, every, self._terms, state.habits.hint)
        return say(reason(pace, state.checked.timestamp(), state.due.timestamp()))


def _reasons(state: SourceState, source: Source, timing: Timing, now: datetime, zone: ZoneInfo) -> Iterator[str]:
    """Why a source is due when it is, the first reason first, if neither its rhythm nor its interval is the reason."""
    if not source.enabled:
        yield phrase("it is disabled, and not checked")
    if not source.polled:
        yield phrase("it is checked when a program pushes entries, and at no other time")
    if until := timing.rests_until(now):
        yield phrase("it rests until {when}, when its hours begin", when=moment(until, zone))
    if state.due is None:
        yield phrase("it was never checked: first checks are spread over a while")
        return
    if state.wait_until is not None and state.due == state.wait_until:
        yield phrase("the server asked to wait until then (Retry-After)")
    if state.health.failures > 1 and source.every < LONGEST_BACKOFF:
        yield phrase_many(
            "{number} check failed: each further one doubles the wait, up to {span}",
            "{number} checks failed in a row: each further one doubles the wait, up to {span}",
            state.health.failures,
            span=_duration(LONGEST_BACKOFF),
        )
    if source.at:
        yield phrase("the next of its times: {option}", option=f"at = {source.at!r}")
    if timing.calendar and not source.at and timing.calendar.opens(state.due - _ON_TIME) == state.due:
        yield phrase("its hours begin then: {hours}", hours=source.hours or phrase("after a holiday"))
    if state.habits.restless_told:
        yield phrase("the same fields change at every check: it stays at every {span}", span=_duration(source.every))


def words(why: Reason) -> str:
    """The reason that its rhythm gives, in words."""
    span = _span(why.interval)
    hint = ""
    if why.asked and why.asked.wait >= why.interval - 1:
        hint = phrase("its {setting} asks for {span}", setting=why.asked.by, span=_span(why.asked.wait))
    elif why.asked:
        hint = phrase("its feed says that nothing new comes at this hour")
    new = phrase("{chance} that something is new", chance=f"{why.chance:.0%}".replace("%", " %"))
    if why.restless:
        return phrase("it changes at every look: every {span}", span=span)
    if why.promised:
        promise = phrase("the promise: never longer than {span}", span=span)
        return f"{promise} ({hint}); {new}" if hint else f"{promise}; {new}"
    if hint:
        return phrase("after {span}, not sooner: {reason}", span=span, reason=f"{hint}; {new}")
    parts = [phrase("at this hour it changes as often as on average")]
    if not 0.95 <= why.times < 1.05:
        often = mark("at this hour it changes {times} times as often as on average")
        parts = [phrase(often, times=phrase_number(round(why.times, 1)))]
    if why.burst >= 1.2:  # times as often
        often = mark("{span} after a change {times} times as often as at other times")
        parts.append(phrase(often, span=_span(why.after), times=phrase_number(round(why.burst, 1))))
    return phrase("after {span}: {reason}", span=span, reason=f"{', '.join(parts)}; {new}")


def few_words(why: Reason) -> str:
    """The reason in so few words that a table has room for them."""
    if why.restless:
        return "at every look"
    new = f"{why.chance:.0%} new".replace("%", " %")
    if why.promised or why.asked:
        return f"{'promise' if why.promised else 'its feed asks'}, {new}"
    return f"{why.times * why.burst:.1f} times, {new}"


def _duration(span: timedelta) -> str:
    """As the configuration has it; in another language than its own, in words."""
    return format_duration(span) if spoken() == "en" else phrase_span(span)


def _span(seconds: float) -> str:
    if spoken() != "en":
        return phrase_span(timedelta(seconds=seconds))
    minutes = seconds / 60
    if minutes < 1:
        return f"{seconds:.0f} s"
    return f"{minutes:.0f} min" if minutes < 120 else f"{minutes / 60:.1f} h"
