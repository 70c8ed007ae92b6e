"""Show how each source fares: its health and why, its entries, when it was checked and is due next. If workers share
the state, it shows them, too, and how far behind they are. A daemon whose event loop paused
for long within the hour is shown with that.

A source that rests by its `hours` is `resting`. With a budget ([schedule]) the table says why each source is checked
next: how many times as often as on average it changes then, and the chance that something is new; or "promise" where
that is the longest interval.

The exit code is 1 if a source is failing (it cannot be read) or suspicious (its snapshot is held), so that a monitor
can use it. Sources that are in the state but no longer in watch.toml are listed, too.

With NAME it shows only that source: why it is checked next when it is, a week of its rhythm, and what its held
snapshot would bring: its changes, the entities that they mention, and the id for `watch accept NAME --yes ID`.

examples:
  watch status
  watch status rkn-landing
  watch status --json | jq '.sources[] | select(.status != "ok")'
"""

import argparse
import gc
from datetime import UTC, datetime

from watcher.commands import add_json

HELP = "show how each source fares"

_MOST_REASONS = 300  # sources whose next check is explained, as their curves take half a millisecond each


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which source, and the form of the output."""
    parser.add_argument("name", metavar="NAME", nargs="?", help="only this source, with its held snapshot")
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Print it: 0, or 1 if a source is failing or suspicious."""
    gc.disable()  # the process ends soon, and 50,000 sources are not garbage
    try:
        return _run_one(args) if args.name else _run(args)
    finally:
        gc.enable()


def _run(args: argparse.Namespace) -> int:
    from watcher.config.load import load
    from watcher.config.open_state import open_known_state
    from watcher.reports.status import overview_json, print_overview, report_all
    from watcher.terminal.console import print_json

    config, reasons = load(args.config, names_only=True), dict[str, str]()
    few = config.schedule.terms is not None and len(config.sources) <= _MOST_REASONS
    with open_known_state(config) as store:
        seen = report_all(config, store)
        if store and few and not args.json:
            from watcher.reports.schedule import Explainer

            reasons = Explainer(load(args.config), store, datetime.now(UTC)).in_short(store.sources())
    if args.json:
        print_json(overview_json(config, seen))
    else:
        print_overview(config, seen, reasons)
    return int(seen.is_bad)


def _run_one(args: argparse.Namespace) -> int:
    from watcher.config.load import load
    from watcher.config.open_state import open_known_state
    from watcher.errors import UsageError
    from watcher.reports.status import print_one, report_one
    from watcher.terminal.console import print_json, say
    from watcher.trials.held import compare_held, held_json, print_held

    config, now = load(args.config), datetime.now(UTC)
    held, unreadable = None, ""
    with open_known_state(config) as store:
        seen = report_one(config, store, args.name, now)
        if store and seen.source.configured:
            try:
                held = compare_held(store, config, args.name, now)
            except UsageError as error:
                unreadable = str(error)
    if args.json:
        print_json({"sources": [{**seen.dump(), "held": held and held_json(held)}]})
        return int(seen.source.is_bad)
    print_one(config, seen)
    if unreadable:
        say()
        say(unreadable, hang=4)
    if held:
        say()
        print_held(held, config.timezone)
    return int(seen.source.is_bad)
