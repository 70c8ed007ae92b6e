"""Show how each source fares: its health and why, its entries, when it was checked and is due next. Where workers share
the state, it shows them too, and how far behind they are. A running daemon tells once a minute how long its event loop
has paused at most: nothing else moves in such a pause.

A source that rests by its `hours` is `resting`. With a budget ([schedule]) the table says why each source is checked
next: how many times as often as on average it changes then, and the chance that something is new; or "promise" where
that is the longest interval.

The exit code is 1 when a source is failing (it cannot be read) or suspicious (it was read, but not believed), so that
a monitor can ask. Sources that are in the state but no longer in watch.toml are listed too.

With NAME it shows that source alone: why it is checked next when it is, a week of its rhythm, and what the snapshot
that is held of it as suspicious would bring: its changes, whom they mention, and the id that `watch accept NAME --yes
ID` takes.

examples:
  watch status
  watch status rkn-landing
  watch status --json | jq '.sources[] | select(.status != "ok")'
"""

from __future__ import annotations

import argparse
import gc
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from sources import Source
    from state.model import ChannelTrouble, SourceStatus
    from state.parts.daemons import DaemonSeen
    from state.store import Store
    from watcher.config.load import Config
    from watcher.service.cluster.worker_list import WorkerList
    from watcher.tools.status_json import SourceJson

HELP = "show how each source fares"

_BAD = ("failing", "suspicious")
_MOST_REASONS = 300  # sources, whose curves take half a millisecond each
_HEADINGS = ("SOURCE", "HEALTH", "ENTRIES", "CHECKED", "NEXT")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which source, and the form of the output."""
    parser.add_argument("name", metavar="NAME", nargs="?", help="this source alone, with what is held of it")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of text")


class Standing(NamedTuple):
    """One source: its state, whether it is configured and enabled, and whether it rests by its hours."""

    state: SourceStatus
    configured: bool
    enabled: bool
    resting: bool = False

    @property
    def status(self) -> str:
        """Its health in one word; `new` if it was never checked."""
        if not self.configured:
            return "not configured"
        if self.enabled and self.resting and self.state.status not in _BAD:
            return "resting"
        return self.state.status if self.enabled else "disabled"


def run(args: argparse.Namespace) -> int:
    """Print it: 0, or 1 if a source is failing or suspicious."""
    gc.disable()  # the process ends soon, and 50,000 sources are not garbage
    try:
        return _run_one(args) if args.name else _run(args)
    finally:
        gc.enable()


def _run(args: argparse.Namespace) -> int:
    from watcher.config.load import load_names
    from watcher.config.settings import is_server
    from watcher.service.presence import print_daemons
    from watcher.tools.open_existing import known_state

    config = load_names(args.config)
    with known_state(config) as store:
        standings = _standings(config, store.source_statuses() if store else [])
        counts = store.outbox.counts() if store else {"held": 0, "unapproved": 0, "pending": 0, "sent": 0, "dead": 0}
        troubles = store.channels.troubles() if store else []
        size = store.retention.size() if store else 0
        shared = _fleet(store) if store and is_server(config.state) else None
        daemons = store.daemons.all() if store else []
        reasons = _reasons(args, config, store) if store and not args.json else {}
    if args.json:
        _print_json(config, standings, counts, troubles, size, shared, daemons)
    else:
        _print(config, standings, counts, troubles, reasons)
        _print_fleet(shared)
        print_daemons(daemons, datetime.now(UTC))
        if size:
            _say_state(config, size)
            _say_confined()
            _say_browser(config)
    return int(bool(_bad(standings)))


def _run_one(args: argparse.Namespace) -> int:
    from watcher.config.load import load
    from watcher.errors import UsageError
    from watcher.terminal.console import about, print_json, say, table
    from watcher.tools.open_existing import known_state
    from watcher.tools.schedule.why_due import Explainer
    from watcher.tools.suspicious.held import held_json, held_snapshot, print_held

    config, now, held, unreadable = load(args.config), datetime.now(UTC), None, ""
    why, week = "", list[float]()
    with known_state(config) as store:
        standings = _standings(config, store.source_statuses() if store else [])
        standing = _named(standings, args.name)
        if store:
            explainer, state = Explainer(config, store, now), store.source(args.name)
            why, week = explainer.why(state), explainer.week(state)
        try:
            held = held_snapshot(store, config, args.name, (), now) if store and standing.configured else None
        except UsageError as error:
            unreadable = str(error)
    if args.json:
        shown = _json(standing)
        more = {"why": why or None, "week": [round(rate, 4) for rate in week]}
        print_json({"sources": [{**shown, **more, "held": held and held_json(held)}]})
    else:
        table(_HEADINGS, [_row(standing, now, about)], right=["ENTRIES"])
        _explain_next(config, why, week)
        if _bad([standing]):
            say()
            _explain(config, standing.state)
        _explain_reading(standing)
        if unreadable:
            say()
            say(unreadable, hang=4)
        if held:
            say()
            print_held(held, config.timezone)
            say(f"to take it: watch accept {args.name}", hang=4)
    return int(bool(_bad([standing])))


def _json(standing: Standing) -> SourceJson:
    from watcher.tools.status_json import source_json

    return source_json(
        standing.state, configured=standing.configured, enabled=standing.enabled, resting=standing.resting
    )


def _explain_next(config: Config, why: str, week: list[float]) -> None:
    """Print why a source is checked next when it is, and a week of its rhythm."""
    from watcher.rhythm.chart import lines
    from watcher.terminal.console import say

    if why:
        say()
        say(f"next: {why}", hang=4)
    if week:
        say()
        say(f"when it changes ({config.timezone.key}; the highest: {max(week):.2g} changes an hour)", hang=4)
        for line in lines(week):
            print(f"  {line}")


def _named(standings: list[Standing], name: str) -> Standing:
    from watcher.config.problems import did_you_mean
    from watcher.errors import UsageError

    found = next((each for each in standings if each.state.name == name), None)
    if found is None:
        names = [each.state.name for each in standings]
        hint = did_you_mean(name, names, "names") if names else "none is configured"
        raise UsageError(f'there is no source "{name}"; {hint}')
    return found


def _bad(standings: list[Standing]) -> list[Standing]:
    return [each for each in standings if each.state.status in _BAD and each.configured and each.enabled]


def _fleet(store: Store) -> WorkerList | None:
    from watcher.service.cluster.worker_list import fleet

    return fleet(store)


def _print_fleet(shared: WorkerList | None) -> None:
    if shared:
        from watcher.service.cluster.worker_list import print_fleet

        print_fleet(shared)


def _standings(config: Config, states: list[SourceStatus]) -> list[Standing]:
    """The configured sources in order, then those that are no longer configured."""
    from state.model import SourceStatus

    known = {state.name: state for state in states}
    here = [
        Standing(
            known.get(name) or SourceStatus(name),
            configured=True,
            enabled=source.enabled,
            resting=source.enabled and _rests(config, source),
        )
        for name, source in config.sources.items()
    ]
    gone = [state for state in states if state.name not in config.sources]
    return here + [Standing(state, configured=False, enabled=False) for state in gone]


def _rests(config: Config, source: Source) -> bool:
    """Whether a source rests now, by its hours."""
    if not (source.hours or source.holidays):
        return False
    from watcher.check.schedule import Timing

    return Timing.of(source, None, config.timezone).rests_until(datetime.now(UTC)) is not None


def _reasons(args: argparse.Namespace, config: Config, store: Store) -> dict[str, str]:
    """Why the sources are checked next when they are, in few words; empty without a budget, or with many sources."""
    if config.schedule.terms is None or len(config.sources) > _MOST_REASONS:
        return {}
    from watcher.config.load import load
    from watcher.tools.schedule.why_due import Explainer

    return Explainer(load(args.config), store, datetime.now(UTC)).in_short(store.sources())


def _print(
    config: Config,
    standings: list[Standing],
    counts: dict[str, int],
    troubles: list[ChannelTrouble],
    reasons: dict[str, str],
) -> None:
    from watcher.terminal.console import moment, say

    if standings:
        _print_table(standings, reasons)
    for standing in _bad(standings):
        say()
        _explain(config, standing.state)
    for standing in standings:
        _explain_reading(standing)
    for trouble in troubles:
        say()
        since = moment(trouble.since, config.timezone)
        say(f"channel {trouble.channel}: nothing could be delivered since {since}; see `watch deliveries`", hang=4)
    say()
    say(_summary(standings), hang=4)
    if counts["held"] or counts["unapproved"] or counts["pending"] or counts["dead"]:
        held = f", {counts['held']} held for later" if counts["held"] else ""
        held += f", {counts['unapproved']} to be approved" if counts["unapproved"] else ""
        say(f"deliveries: {counts['pending']} waiting{held}, {counts['dead']} given up; see `watch deliveries`", hang=4)
    for warning in config.unsafe:
        say(f"warning: {warning}", hang=4)
    for standing in standings:
        if not standing.configured:
            name = standing.state.name
            say(f"{name} is no longer in the configuration: `watch forget {name}` drops its state", hang=4)


def _print_table(standings: list[Standing], reasons: dict[str, str]) -> None:
    """Print a row for each source; with a column of reasons, if there are any."""
    from watcher.terminal.console import about, table

    now = datetime.now(UTC)
    rows = [_row(standing, now, about) for standing in standings]
    if reasons:
        rows = [[*row, reasons.get(standing.state.name, "")] for row, standing in zip(rows, standings, strict=True)]
    table((*_HEADINGS, "WHY") if reasons else _HEADINGS, rows, right=["ENTRIES"])


def _say_state(config: Config, size: int) -> None:
    from sources.options import format_duration
    from watcher.terminal.console import megabytes, say

    say(f"state: {config.state_file}, {megabytes(size)}, keeps {format_duration(config.keep)}", hang=4)


def _say_confined() -> None:
    from sources.reading.sandbox.confine import means
    from watcher.terminal.console import say

    say(f"reading process: {means()}", hang=4)


def _say_browser(config: Config) -> None:
    """The browser, where a source needs one."""
    if all(source.fetch == "http" for source in config.sources.values()):
        return
    from sources.browser.chromium import standing
    from watcher.terminal.console import say

    say(f"browser: {standing(config.browser)}", hang=4)


def _row(standing: Standing, now: datetime, about: Callable[[timedelta], str]) -> list[str]:
    state = standing.state
    due = "-"
    if standing.enabled and state.due:
        due = "now" if state.due <= now else f"in {about(state.due - now)}"
    read = state.checked or (state.tried if state.revision else None)
    return [
        state.name,
        standing.status,
        f"{state.entries:,}".replace(",", " ") if state.revision else "-",
        f"{about(now - read)} ago" if read else "never",
        due,
    ]


def _explain(config: Config, state: SourceStatus) -> None:
    """Print why a source is failing or suspicious, and since when."""
    from watcher.terminal.console import count, moment, say

    zone = config.timezone
    say(f"{state.name}: {state.reason}: {state.message}", hang=4)
    since = f"since {moment(state.since, zone)}" if state.since else ""
    times = f"{count(state.failures, 'check')} in a row" if state.failures > 1 else ""
    read = f"last read {moment(state.checked, zone)}" if state.checked else "never read"
    wait = f"the server asked to wait until {moment(state.wait_until, zone)}" if state.wait_until else ""
    say("; ".join(part for part in (since, times, read, wait) if part), indent=4)


def _explain_reading(standing: Standing) -> None:
    """Print what a source does not read of its list, or of the pages of its entries."""
    from watcher.terminal.console import say

    if standing.state.part and standing.configured:
        say()
        _explain_part(standing.state)
    if standing.state.details and standing.configured:
        say()
        say(f"{standing.state.name}: {standing.state.details}", hang=4)


def _explain_part(state: SourceStatus) -> None:
    """Print how much of its list a source reads, and how to read the rest."""
    from watcher.terminal.console import say

    say(f"{state.name}: {state.part}; nothing counts as removed", hang=4)
    if state.part_advice:
        say(state.part_advice, indent=4, hang=4)


def _summary(standings: list[Standing]) -> str:
    from watcher.terminal.console import count

    if not standings:
        return "no sources: add one to the configuration, see `watch kinds`"
    found = Counter(standing.status for standing in standings if standing.configured)
    words = {"new": "never checked"}
    parts = [f"{number} {words.get(status, status)}" for status, number in found.most_common()]
    return f"{count(sum(found.values()), 'source')}: {', '.join(parts)}" if parts else "no sources are configured"


def _print_json(
    config: Config,
    standings: list[Standing],
    counts: dict[str, int],
    troubles: list[ChannelTrouble],
    size: int,
    shared: WorkerList | None,
    daemons: list[DaemonSeen],
) -> None:
    from sources.reading.sandbox.confine import means
    from watcher.service.presence import daemons_json
    from watcher.terminal.console import print_json

    extra: dict[str, Any] = {}
    if shared:
        from watcher.service.cluster.worker_list import fleet_json

        extra = fleet_json(shared)

    print_json(
        {
            "sources": [_json(each) for each in standings],
            "deliveries": counts,
            "channels": [{"name": trouble.channel, "failing_since": trouble.since.isoformat()} for trouble in troubles],
            "reading_process": means()._asdict(),
            "state": {"file": config.state_file, "bytes": size},
            "warnings": list(config.unsafe),
            "daemons": daemons_json(daemons, datetime.now(UTC)),
            **extra,
        }
    )
