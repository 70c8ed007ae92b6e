"""`watch past`: reads what one witness kept of a source, and prints what came of it."""

import argparse
import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sources import Source
from state.store import Store
from watcher.config.arguments import find_source, parse_time
from watcher.config.load import Config, load
from watcher.config.open_state import open_existing_state, open_known_state, open_state_to_run
from watcher.errors import DONE, FAILED, UsageError
from watcher.past.folders import offer_folder
from watcher.past.gits import offer_git
from watcher.past.layouts import Layouts
from watcher.past.offers import Offer, OfferedCapture, SkippedCapture
from watcher.past.reading import PastOutcome, PastReader
from watcher.past.warcs import offer_warcs
from watcher.terminal.console import print_json, progress, say
from watcher.terminal.words import count, moment

_GIVE_WAY = 19  # the lowest priority: beside a daemon that needs all of a processor it gets 1.5 % of it


def read_past(args: argparse.Namespace) -> int:
    """Read what a witness offers. Returns the exit code. Raises ConfigError, UsageError and StateError."""
    config = load(args.config)
    source = find_source(config, args.source)
    with ExitStack() as until:
        kind, offers = _offered(args, source, until)
        chosen = _choose(list(offers), args, config)
        store, own = until.enter_context(_open_states(config, dry_run=args.dry_run))
        layouts = Layouts(config, args.source)
        reader = PastReader(store, args.source, layouts, kind, datetime.now(UTC), own)
        with progress(len(chosen), "reading", quiet=args.json) as step:
            outcome = reader.read_all(chosen, step)
        if args.json:
            print_json(_as_json(outcome))
        elif not args.dry_run:
            _print(outcome, config)
        else:
            from watcher.past.table import print_break, print_captures  # noqa: PLC0415 - what proposes is slow to import

            print_captures(outcome, layouts, config)
            _print_sum(outcome)
            if after := reader.first_keys():
                print_break(args.source, outcome, chosen, after, config, layouts)
    return FAILED if outcome.skipped else DONE


def forget_past(args: argparse.Namespace) -> int:
    """Take away what was read of a source's past. Raises ConfigError, UsageError and StateError."""
    config = load(args.config)
    find_source(config, args.source)
    with open_existing_state(config) as store:
        store.evidence.keep(config.evidence)
        gone = store.past.forget(args.source)
        store.past_files.remove(store.evidence, args.source, gone)
    if args.json:
        print_json({"forgotten": len(gone)})
    else:
        say(f"{args.source}: {count(len(gone), 'capture')} of others forgotten")
    return DONE


def _offered(args: argparse.Namespace, source: Source, until: ExitStack) -> tuple[str, Iterator[Offer]]:
    """The kind of the witness, and what it offers; `until` closes what that needs. Raises UsageError."""
    if bool(args.git) != bool(args.path):
        raise UsageError("--git and --path go together: the folder of a repository, and a file in it")
    if args.git:
        return "git", offer_git(source, args.git, args.path, until)
    if args.warc:
        return "warc", offer_warcs(source, args.warc, until)
    return "folder", offer_folder(source, args.folder)


def _choose(offers: Sequence[Offer], args: argparse.Namespace, config: Config) -> list[Offer]:
    """The captures between `--from` and `--to`, of which `--most` are spread evenly."""
    since = parse_time(args.since, "--from", config.timezone) if args.since else None
    until = parse_time(args.until, "--to", config.timezone) if args.until else None
    captures = [each for each in offers if isinstance(each, OfferedCapture)]
    within = [each for each in captures if (not since or each.at >= since) and (not until or each.at <= until)]
    within.sort(key=lambda each: (each.at, each.where))
    if args.most is not None and len(within) > args.most:
        last = max(args.most - 1, 1)
        within = [within[at * (len(within) - 1) // last] for at in range(args.most)]
    return [*within, *(each for each in offers if isinstance(each, SkippedCapture))]


@contextmanager
def _open_states(config: Config, *, dry_run: bool) -> Iterator[tuple[Store, Store | None]]:
    """The state that is written to, for a dry run one that is thrown away, and the one with the sources' own history,
    None where there is none. What writes to the latter gives way to a daemon's checks.
    """
    if not dry_run:
        os.nice(_GIVE_WAY)
        with open_state_to_run(config) as store:
            yield store, store
        return
    with TemporaryDirectory(prefix="watch-past-") as scratch, open_known_state(config) as own:
        hide, reveal = config.secrets.hide, config.secrets.reveal
        with Store.open(f"sqlite:///{Path(scratch) / 'state.db'}", hide=hide, reveal=reveal) as store:
            yield store, own


def _as_json(outcome: PastOutcome) -> dict[str, Any]:
    skipped = [
        {"at": each.at and each.at.isoformat(), "where": each.where, "reason": each.reason, "message": each.message}
        for each in outcome.skipped
    ]
    return {"read": len(outcome.read), "skipped": skipped, "changes": outcome.changes}


def _print(outcome: PastOutcome, config: Config) -> None:
    for each in outcome.skipped:
        at = moment(each.at, config.timezone) if each.at else "no time"
        say(f"{at}  {each.where}  skipped: {each.reason}: {each.message}", hang=4)
    _print_sum(outcome)


def _print_sum(outcome: PastOutcome) -> None:
    read, changes = count(len(outcome.read), "capture"), count(outcome.changes, "change")
    say(f"{read} read, {len(outcome.skipped)} skipped; {changes} between them")
