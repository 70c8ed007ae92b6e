"""`watch past --all --wayback`: what a web archive has of each source, beside a daemon that must not notice it: each
capture is a transaction of its own, before which it waits while the daemon has what to check.
"""

import argparse
import time
from datetime import UTC, datetime
from functools import partial

from sources.reading.engine import first_url
from state.errors import StateError
from state.history.captures import count_changes, line_up
from state.store import Store
from watcher.config.load import Config, load
from watcher.errors import DONE, FAILED, UsageError
from watcher.past.command import as_json, choose_captures, open_states, parse_span, print_outcome
from watcher.past.layouts import Layouts
from watcher.past.offers import SkippedCapture, Span
from watcher.past.reading import PastOutcome, PastReader
from watcher.past.wayback import WebArchive, offer_wayback
from watcher.service.check_requests import is_alive
from watcher.terminal.console import print_json, progress, say

MOST = 24  # captures of a source
LOOK, PATIENCE = 0.5, 10.0  # seconds between two looks at what a daemon has to check; for which it is waited for


def read_all_pasts(args: argparse.Namespace) -> int:
    """Read the past of each source that is not disabled. Returns the exit code. Raises ConfigError and UsageError."""
    if args.source or args.wayback != "":
        raise UsageError("--all asks for each source by its own address: `watch past --all --wayback`, without a name")
    config, most, outcomes = load(args.config), args.most or MOST, dict[str, PastOutcome]()
    span, enabled = parse_span(args, config), {name: each for name, each in config.sources.items() if each.enabled}
    names = [name for name, each in enabled.items() if first_url(each) and each.start().conditional and not each.dated]
    with (
        open_states(config, dry_run=args.dry_run) as stores,
        WebArchive(config, budget=len(names) * most) as archive,
        progress(len(names), "reading", quiet=args.json) as step,
    ):
        for name in names:
            try:
                outcomes[name] = _read_source(stores, config, archive, name, span, most)
            except StateError as error:
                outcomes[name] = PastOutcome(skipped=[SkippedCapture(None, name, "state", str(error))])
            step()
    if args.json:
        print_json({"sources": [{"source": name, **as_json(outcome)} for name, outcome in outcomes.items()]})
    else:
        for name, outcome in outcomes.items():
            say(f"{name}:")
            print_outcome(outcome, config)
    return FAILED if any(outcome.skipped for outcome in outcomes.values()) else DONE


def _read_source(
    stores: tuple[Store, Store | None], config: Config, archive: WebArchive, name: str, span: Span, most: int
) -> PastOutcome:
    """Read the past of one, unless as much of it is read as is wanted. Raises StateError."""
    store, own = stores
    layouts = Layouts(config, name)
    mine = [each for each in store.past.captures(name) if each.witness.kind == "wayback"]
    if sum(each.reading == layouts.at(each.witness.at).reading for each in mine) >= most:
        read = line_up(mine)
        return PastOutcome(read, changed=count_changes(read, store.past.keys, is_window=layouts.is_window))
    wait = partial(_wait_until_idle, own or store, config)
    wait()
    now = datetime.now(UTC)
    reader = PastReader(store, name, layouts, "wayback", now, own)
    end = reader.begin or now
    offers = list(offer_wayback(archive, config.sources[name], None, (span[0], min(span[1] or end, end))))
    return reader.read_all(choose_captures(offers, span, most, end), wait)


def _wait_until_idle(store: Store, config: Config) -> None:
    """Wait as long as a daemon has what to check, but not for ever. Raises StateError."""
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends and is_alive(store, now := datetime.now(UTC)):
        due = [each.due or now for each in store.source_statuses() if each.name in config.checked]
        if not due or min(due) > now:
            return
        time.sleep(LOOK)
