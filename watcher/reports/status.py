"""How the sources fare: all of them with what else the state tells of, or one alone. As values, as JSON and as text."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, NamedTuple

from pydantic import Field, SkipValidation

from sources import Source
from sources.options import format_duration
from sources.reading.sandbox import means
from state.model import ChannelTrouble, SourceStatus
from state.storage.daemons import DaemonSeen
from state.store import Store
from watcher.config.arguments import check_known
from watcher.config.load import Config
from watcher.config.settings import is_server
from watcher.reports import NO_DELIVERIES, ReportModel, Time
from watcher.reports.schedule import LEAST_CHANGES, Explainer
from watcher.schedule.due_times import Timing
from watcher.schedule.week import lines
from watcher.service.presence import BAD, WorkerList, daemons_json, fleet, fleet_json, print_daemons, print_fleet
from watcher.terminal.console import say, table
from watcher.terminal.words import about, count, megabytes, moment

_HEADINGS = ("SOURCE", "HEALTH", "ENTRIES", "READ", "NEXT")


class SourceReport(ReportModel):
    """How a source fares. `checked` is the last check that could read it, `tried` the last one, `due` the next; `part`
    how much of its list was read, null where that was all; `details` how many pages of entries could not be read.
    `resting`: by its hours it is not checked now; `paused`: somebody has paused it, `paused_until` a time, or without
    end. `state` is what it was made of.
    """

    name: str
    status: str
    configured: bool
    enabled: bool
    resting: bool
    paused: bool
    paused_until: Time | None
    entries: int
    reason: str | None
    message: str | None
    part: str | None
    details: str | None
    failures: int
    since: Time | None
    checked: Time | None
    tried: Time | None
    due: Time | None
    state: Annotated[SourceStatus, SkipValidation] = Field(exclude=True, repr=False)

    @property
    def is_bad(self) -> bool:
        """Whether a configured source is failing or suspicious."""
        return self.status in BAD and self.configured and self.enabled and not self.paused


def source_fields(status: SourceStatus, source: Source | None, config: Config, now: datetime) -> dict[str, Any]:
    """The fields of a SourceReport; `source` is None for one that is not configured."""
    enabled = source is not None and source.enabled
    resting = False
    if source and enabled and (source.hours or source.holidays):
        resting = Timing.of(source, None, config.timezone).rests_until(now) is not None
    return {
        **status._asdict(),
        "configured": source is not None,
        "enabled": enabled,
        "resting": resting,
        "paused": status.name in config.paused,
        "paused_until": config.paused.get(status.name),
        "part": status.part or None,
        "details": status.details or None,
        "state": status,
    }


def report_sources(config: Config, statuses: Iterable[SourceStatus]) -> list[SourceReport]:
    """The configured sources in order, then those that are no longer configured."""
    known, now = {status.name: status for status in statuses}, datetime.now(UTC)
    here = {name: known.get(name) or SourceStatus(name) for name in config.sources}
    found = {**here, **{name: status for name, status in known.items() if name not in here}}
    fields = (source_fields(status, config.sources.get(name), config, now) for name, status in found.items())
    return [SourceReport(**each) for each in fields]


def health_word(status: str, *, configured: bool, enabled: bool, resting: bool = False, paused: bool = False) -> str:
    """A source's health in one word; `new` if it was never checked."""
    if not configured:
        return "not configured"
    if paused:
        return "paused"
    if enabled and resting and status not in BAD:
        return "resting"
    return status if enabled else "disabled"


def _word(each: SourceReport) -> str:
    return health_word(
        each.status, configured=each.configured, enabled=each.enabled, resting=each.resting, paused=each.paused
    )


class Overview(NamedTuple):
    """What a state says. `counts` of deliveries by their state, `size` of the state in bytes (0: there is none yet),
    `fleet` of workers that share it, if they do; how many hits are `cleared`, by source.
    """

    sources: list[SourceReport]
    counts: Mapping[str, int] = NO_DELIVERIES
    troubles: Sequence[ChannelTrouble] = ()
    size: int = 0
    fleet: WorkerList | None = None
    daemons: Sequence[DaemonSeen] = ()
    cleared: Mapping[str, int] = {}

    @property
    def is_bad(self) -> bool:
        """Whether a configured source is failing or suspicious."""
        return any(each.is_bad for each in self.sources)


def report_all(config: Config, store: Store | None) -> Overview:
    """All sources, of a state, or of none yet. Raises StateError."""
    if store is None:
        return Overview(report_sources(config, ()))
    sources, troubles = report_sources(config, store.source_statuses()), store.channels.troubles()
    workers, size = fleet(store) if is_server(config.state) else None, store.database.size()
    daemons, cleared = store.daemons.all(), store.clearings.count()
    return Overview(sources, store.outbox.counts(), troubles, size, workers, daemons, cleared)


def overview_json(config: Config, seen: Overview) -> dict[str, Any]:
    """The overview as JSON."""
    return {
        "sources": [each.dump() for each in seen.sources],
        "deliveries": dict(seen.counts),
        "channels": [{"name": each.channel, "failing_since": each.since.isoformat()} for each in seen.troubles],
        "reading_process": means()._asdict(),
        "state": {"file": config.state_file, "bytes": seen.size},
        "warnings": list(config.unsafe),
        "daemons": daemons_json(seen.daemons, datetime.now(UTC)),
        **({"cleared": dict(seen.cleared)} if seen.cleared else {}),
        **(fleet_json(seen.fleet) if seen.fleet else {}),
    }


def print_overview(config: Config, seen: Overview, reasons: Mapping[str, str]) -> None:
    """Print a table, then what needs a hand; with a column of reasons for the next check, if there are any."""
    if seen.sources:
        _print_table(seen.sources, reasons)
    for source in seen.sources:
        if source.is_bad:
            _explain(config, source)
    for source in seen.sources:
        _explain_reading(source)
    for trouble in seen.troubles:
        since = moment(trouble.since, config.timezone)
        say()
        say(f"channel {trouble.channel}: nothing could be delivered since {since}; see `watch deliveries`", hang=4)
    say()
    _print_summary(seen)
    for warning in config.unsafe:
        say(f"warning: {warning}", hang=4)
    for source in seen.sources:
        if not source.configured:
            forget = f"`watch forget {source.name}` drops its state"
            say(f"{source.name} is no longer in the configuration: {forget}", hang=4)
    if seen.fleet:
        print_fleet(seen.fleet)
    print_daemons(seen.daemons, datetime.now(UTC))
    if seen.size:
        say(f"state: {config.state_file}, {megabytes(seen.size)}, keeps {format_duration(config.keep)}", hang=4)
        say(f"reading process: {means()}", hang=4)
        if any(source.fetch == "browser" for source in config.sources.values()):
            from sources.browser.chromium import standing

            say(f"browser: {standing(config.browser)}", hang=4)


def _print_table(sources: Sequence[SourceReport], reasons: Mapping[str, str]) -> None:
    """Print a row for each source; with a column of reasons, if there are any."""
    now, rows = datetime.now(UTC), list[list[str]]()
    for each in sources:
        read, due = each.checked, "-"
        if each.enabled and each.due and not (each.paused and each.paused_until is None):
            at = max(each.due, each.paused_until or each.due)
            due = "now" if at <= now else f"in {about(at - now)}"
        entries = f"{each.entries:,}".replace(",", " ") if each.state.revision else "-"
        row = [each.name, _word(each), entries, f"{about(now - read)} ago" if read else "never", due]
        rows.append([*row, reasons.get(each.name, "")] if reasons else row)
    table((*_HEADINGS, "WHY") if reasons else _HEADINGS, rows, right=["ENTRIES"])


def _explain(config: Config, source: SourceReport) -> None:
    """Print why a source is failing or suspicious, and since when."""
    zone, wait_until = config.timezone, source.state.wait_until
    say()
    say(f"{source.name}: {source.reason}: {source.message}", hang=4)
    since = f"since {moment(source.since, zone)}" if source.since else ""
    times = f"{count(source.failures, 'check')} in a row" if source.failures > 1 else ""
    good = "good reading" if source.status == "suspicious" else "read"
    read = f"last {good} {moment(source.checked, zone)}" if source.checked else "never read"
    wait = f"the server asked to wait until {moment(wait_until, zone)}" if wait_until else ""
    say("; ".join(part for part in (since, times, read, wait) if part), indent=4)
    if source.status == "suspicious":
        say(f"to see what is held back, and to take it: watch accept {source.name}", indent=4, hang=4)


def _explain_reading(source: SourceReport) -> None:
    """Print what a source does not read of its list, or of the pages of its entries, and how to read the rest."""
    part = source.part and f"{source.part}; nothing counts as removed"
    for said, advice in ((part, source.state.part_advice), (source.details, "")):
        if said and source.configured:
            say()
            say(f"{source.name}: {said}", hang=4)
            if advice:
                say(advice, indent=4, hang=4)


def _print_summary(seen: Overview) -> None:
    """Print the number of sources by health, and of deliveries that wait or were given up."""
    words = Counter(_word(each) for each in seen.sources if each.configured)
    parts = [f"{number} {'never checked' if word == 'new' else word}" for word, number in words.most_common()]
    if not seen.sources:
        say("no sources: add one to the configuration, see `watch kinds`", hang=4)
    elif parts:
        say(f"{count(words.total(), 'source')}: {', '.join(parts)}", hang=4)
    else:
        say("no sources are configured", hang=4)
    if seen.cleared:
        sources = ", ".join(f"{name} {number}" for name, number in seen.cleared.items())
        say(f"cleared hits: {sources}; see `watch clear --list`", hang=4)
    counts = seen.counts
    if counts["held"] or counts["unapproved"] or counts["pending"] or counts["dead"]:
        held = f", {counts['held']} held for later" if counts["held"] else ""
        held += f", {counts['unapproved']} to be approved" if counts["unapproved"] else ""
        say(f"deliveries: {counts['pending']} waiting{held}, {counts['dead']} given up; see `watch deliveries`", hang=4)


class OneSource(NamedTuple):
    """How a source fares; why it is checked next ("" where it never was); changes an hour by the hours of a week."""

    source: SourceReport
    why: str = ""
    week: Sequence[float] = ()

    def dump(self) -> dict[str, Any]:
        """It as JSON."""
        return {**self.source.dump(), "why": self.why or None, "week": [round(rate, 4) for rate in self.week]}


def report_one(config: Config, store: Store | None, name: str, now: datetime) -> OneSource:
    """One source, of a state, or of none yet. Raises UsageError when there is no such source."""
    sources = {each.name: each for each in report_sources(config, store.source_statuses() if store else [])}
    check_known(name, "source", list(sources))
    if store is None:
        return OneSource(sources[name])
    explainer, state = Explainer(config, store, now), store.source(name)
    return OneSource(sources[name], explainer.why(state), explainer.week(state))


def print_one(config: Config, seen: OneSource) -> None:
    """Print it: why it is checked next when it is, a week of its rhythm, and what is wrong."""
    _print_table([seen.source], {})
    if seen.why:
        say()
        say(f"next: {seen.why}", hang=4)
    if seen.week:
        say()
        highest = f"the highest: {max(seen.week):.2g} changes an hour"
        say(f"when it changes ({config.timezone.key}; {highest})", hang=4)
        for line in lines(seen.week):
            print(f"  {line}")  # noqa: T201 - a chart is not wrapped
    elif seen.source.entries:
        say(f"when it changes: not known yet, as it changed fewer than {LEAST_CHANGES} times", hang=4)
    if seen.source.is_bad:
        _explain(config, seen.source)
    _explain_reading(seen.source)
