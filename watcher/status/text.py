"""The overview as text: a table, then what needs a hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime

from sources.options import format_duration
from sources.reading.sandbox.confine import means
from state.model import ChannelTrouble, SourceStatus
from watcher.config.load import Config
from watcher.service.presence import print_daemons
from watcher.status.overview import Overview
from watcher.status.standing import Standing
from watcher.terminal.console import say
from watcher.terminal.tables import table
from watcher.terminal.words import about, count, megabytes, moment

HEADINGS = ("SOURCE", "HEALTH", "ENTRIES", "CHECKED", "NEXT")


def print_overview(config: Config, seen: Overview, reasons: Mapping[str, str]) -> None:
    """Print it; with a column of reasons for the next check, if there are any."""
    if seen.standings:
        print_table(seen.standings, reasons)
    for standing in seen.bad:
        explain(config, standing)
    for standing in seen.standings:
        explain_reading(standing)
    for trouble in seen.troubles:
        _explain_channel(config, trouble)
    say()
    say(_summary(seen.standings), hang=4)
    _print_deliveries(seen.counts)
    _warn(config, seen.standings)
    _print_fleet(seen)
    if seen.size:
        _print_means(config, seen.size)


def print_table(standings: list[Standing], reasons: Mapping[str, str]) -> None:
    """Print a row for each source; with a column of reasons, if there are any."""
    now = datetime.now(UTC)
    rows = [_row(standing, now) for standing in standings]
    if reasons:
        rows = [[*row, reasons.get(standing.state.name, "")] for row, standing in zip(rows, standings, strict=True)]
    table((*HEADINGS, "WHY") if reasons else HEADINGS, rows, right=["ENTRIES"])


def _row(standing: Standing, now: datetime) -> list[str]:
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


def explain(config: Config, standing: Standing) -> None:
    """Print why a source is failing or suspicious, and since when."""
    state, zone = standing.state, config.timezone
    say()
    say(f"{state.name}: {state.reason}: {state.message}", hang=4)
    since = f"since {moment(state.since, zone)}" if state.since else ""
    times = f"{count(state.failures, 'check')} in a row" if state.failures > 1 else ""
    read = f"last read {moment(state.checked, zone)}" if state.checked else "never read"
    wait = f"the server asked to wait until {moment(state.wait_until, zone)}" if state.wait_until else ""
    say("; ".join(part for part in (since, times, read, wait) if part), indent=4)


def explain_reading(standing: Standing) -> None:
    """Print what a source does not read of its list, or of the pages of its entries."""
    if standing.state.part and standing.configured:
        say()
        _explain_part(standing.state)
    if standing.state.details and standing.configured:
        say()
        say(f"{standing.state.name}: {standing.state.details}", hang=4)


def _explain_part(state: SourceStatus) -> None:
    """Print how much of its list a source reads, and how to read the rest."""
    say(f"{state.name}: {state.part}; nothing counts as removed", hang=4)
    if state.part_advice:
        say(state.part_advice, indent=4, hang=4)


def _explain_channel(config: Config, trouble: ChannelTrouble) -> None:
    say()
    since = moment(trouble.since, config.timezone)
    say(f"channel {trouble.channel}: nothing could be delivered since {since}; see `watch deliveries`", hang=4)


def _print_deliveries(counts: Mapping[str, int]) -> None:
    if counts["held"] or counts["unapproved"] or counts["pending"] or counts["dead"]:
        held = f", {counts['held']} held for later" if counts["held"] else ""
        held += f", {counts['unapproved']} to be approved" if counts["unapproved"] else ""
        say(f"deliveries: {counts['pending']} waiting{held}, {counts['dead']} given up; see `watch deliveries`", hang=4)


def _warn(config: Config, standings: list[Standing]) -> None:
    for warning in config.unsafe:
        say(f"warning: {warning}", hang=4)
    for standing in standings:
        if not standing.configured:
            name = standing.state.name
            say(f"{name} is no longer in the configuration: `watch forget {name}` drops its state", hang=4)


def _print_fleet(seen: Overview) -> None:
    if seen.fleet:
        from watcher.service.cluster.worker_list import print_fleet

        print_fleet(seen.fleet)
    print_daemons(seen.daemons, datetime.now(UTC))


def _print_means(config: Config, size: int) -> None:
    """Print where the state is, how the reading process is confined, and the browser, where a source needs one."""
    say(f"state: {config.state_file}, {megabytes(size)}, keeps {format_duration(config.keep)}", hang=4)
    say(f"reading process: {means()}", hang=4)
    if any(source.fetch == "browser" for source in config.sources.values()):
        from sources.browser.chromium import standing

        say(f"browser: {standing(config.browser)}", hang=4)


def _summary(standings: list[Standing]) -> str:
    if not standings:
        return "no sources: add one to the configuration, see `watch kinds`"
    found = Counter(standing.status for standing in standings if standing.configured)
    words = {"new": "never checked"}
    parts = [f"{number} {words.get(status, status)}" for status, number in found.most_common()]
    return f"{count(sum(found.values()), 'source')}: {', '.join(parts)}" if parts else "no sources are configured"
