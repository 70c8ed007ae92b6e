"""`watch past`: reads what one witness kept of a source, and prints what came of it."""

import argparse
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
from watcher.config.open_state import open_existing_state, open_state_to_run
from watcher.errors import DONE, FAILED, UsageError
from watcher.past.folders import offer_folder
from watcher.past.gits import offer_git
from watcher.past.layouts import Layouts
from watcher.past.offers import Offer, OfferedCapture, SkippedCapture
from watcher.past.reading import PastOutcome, PastReader
from watcher.past.warcs import offer_warcs
from watcher.terminal.console import print_json, progress, say
from watcher.terminal.words import count, moment


def read_past(args: argparse.Namespace) -> int:
    """Read what a witness offers. Returns the exit code. Raises ConfigError, UsageError and StateError."""
    config = load(args.config)
    source = find_source(config, args.source)
    with ExitStack() as until:
        kind, offers = _offered(args, source, until)
        chosen = _choose(list(offers), args, config)
        store = until.enter_context(_open_state(config, dry_run=args.dry_run))
        step = until.enter_context(progress(len(chosen), "reading", quiet=args.json))
        reader = PastReader(store, args.source, Layouts(config, args.source), kind, datetime.now(UTC))
        outcome = reader.read_all(chosen, step)
    if args.json:
        print_json(_as_json(outcome))
    else:
        _print(outcome, config)
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
def _open_state(config: Config, *, dry_run: bool) -> Iterator[Store]:
    """The state, or for a dry run one that is thrown away."""
    if not dry_run:
        with open_state_to_run(config) as store:
            yield store
        return
    with TemporaryDirectory(prefix="watch-past-") as scratch:
        hide, reveal = config.secrets.hide, config.secrets.reveal
        with Store.open(f"sqlite:///{Path(scratch) / 'state.db'}", hide=hide, reveal=reveal) as store:
            yield store


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
    read, changes = count(len(outcome.read), "capture"), count(outcome.changes, "change")
    say(f"{read} read, {len(outcome.skipped)} skipped; {changes} between them")
