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
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from state.store import Store
    from watcher.config.load import Config

HELP = "show how each source fares"

_MOST_REASONS = 300  # sources, whose curves take half a millisecond each


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
    from watcher.config.load import load_names
    from watcher.status.overview import overview, overview_json
    from watcher.status.text import print_overview
    from watcher.terminal.json_output import print_json
    from watcher.tools.open_existing import known_state

    config = load_names(args.config)
    with known_state(config) as store:
        seen = overview(config, store)
        reasons = _reasons(args, config, store) if store and not args.json else {}
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


def _reasons(args: argparse.Namespace, config: Config, store: Store) -> dict[str, str]:
    """Why the sources are checked next when they are, in few words; empty without a budget, or with many sources."""
    if config.schedule.terms is None or len(config.sources) > _MOST_REASONS:
        return {}
    from watcher.config.load import load
    from watcher.tools.schedule.why_due import Explainer

    return Explainer(load(args.config), store, datetime.now(UTC)).in_short(store.sources())
