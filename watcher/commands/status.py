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
from datetime import UTC, datetime

HELP = "show how each source fares"

_MOST_REASONS = 300  # sources whose next check is explained, as their curves take half a millisecond each


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which source, and the form of the output."""
    parser.add_argument("name", metavar="NAME", nargs="?", help="this source alone, with what is held of it")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of text")


def run(args: argparse.Namespace) -> int:
    """Print it: 0, or 1 if a source is failing or suspicious."""
    gc.disable()  # the process ends soon, and 50,000 sources are not garbage
    try:
        return _run_one(args) if args.name else _run(args)
    finally:
        gc.enable()


def _run(args: argparse.Namespace) -> int:
    from watcher.config.load import load, load_names
    from watcher.status.overview import overview, overview_json
    from watcher.status.text import print_overview
    from watcher.terminal.json_output import print_json
    from watcher.tools.open_existing import known_state

    config, reasons = load_names(args.config), dict[str, str]()
    few = config.schedule.terms is not None and len(config.sources) <= _MOST_REASONS
    with known_state(config) as store:
        seen = overview(config, store)
        if store and few and not args.json:
            from watcher.tools.schedule.why_due import Explainer

            reasons = Explainer(load(args.config), store, datetime.now(UTC)).in_short(store.sources())
    if args.json:
        print_json(overview_json(config, seen))
    else:
        print_overview(config, seen, reasons)
    return int(bool(seen.bad))


def _run_one(args: argparse.Namespace) -> int:
    from watcher.config.load import load
    from watcher.status.one import one_source, one_source_json, print_one_source
    from watcher.terminal.json_output import print_json
    from watcher.tools.open_existing import known_state

    config = load(args.config)
    with known_state(config) as store:
        seen = one_source(config, store, args.name, datetime.now(UTC))
    if args.json:
        print_json(one_source_json(seen))
    else:
        print_one_source(config, seen)
    return int(seen.standing.is_bad)
