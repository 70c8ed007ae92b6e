"""Show the budget of requests that the sources share ([schedule] in watch.toml): how much of it is used, and how long a
change waits for the next check, on average over the changes that are expected. Then what other budgets would bring.

Without a budget each source is checked at its `every`; what a budget would bring is then foretold by the log of
changes. The delays are of the sources that share the budget: none with `at`, and none with schedule = "fixed".

examples:
  watch schedule
  watch schedule --json | jq '.budgets[]'
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from watcher.tools.schedule.schedule_report import Report

HELP = "show the budget of requests and the delays"

_MOST_ROWS = 20  # sources


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The form of the output."""
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of text")


def run(args: argparse.Namespace) -> int:
    """Print it: 0. Raises UsageError where nothing was ever checked."""
    from watcher.config.load import load
    from watcher.terminal.json_output import print_json
    from watcher.tools.open_existing import existing_state
    from watcher.tools.schedule.schedule_report import report, schedule_json

    config = load(args.config)
    with existing_state(config) as store:
        found = report(config, store, datetime.now(UTC))
    if args.json:
        print_json(schedule_json(found, config.schedule.share))
    else:
        _print(found, config.schedule.share)
    return 0


def _print(found: Report, share: str) -> None:
    from watcher.terminal.console import say
    from watcher.terminal.tables import table
    from watcher.terminal.words import count

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


def _use(found: Report, share: str) -> str:
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
