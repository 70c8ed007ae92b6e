"""`watch past`: reads what one witness kept of a source, and prints what came of it."""

import argparse
import os
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sources import Source
from sources.reading.pool import Child
from state.store import Store
from watcher.config.arguments import find_source, parse_time
from watcher.config.load import Config, load
from watcher.config.open_state import open_existing_state, open_known_state, open_state_to_run
from watcher.errors import DONE, FAILED, UsageError
from watcher.past.gits import offer_git
from watcher.past.layouts import Layouts
from watcher.past.offers import Offer, OfferedCapture, SkippedCapture, Span, offer_folder
from watcher.past.reading import PastOutcome, PastReader
from watcher.past.warcs import offer_warcs
from watcher.past.wayback import WebArchive, offer_wayback
from watcher.propose.site import web_address
from watcher.terminal.console import print_json, progress, say
from watcher.terminal.words import count, moment

# How much lower the priorities are beside a daemon: of what parses, and of this process, which holds the state's lock
# at times: at the lowest priority it would hold that for seconds while others run.
_PARSING, _WRITING = 19, 5


def read_past(args: argparse.Namespace) -> int:
    """Read what a witness offers. Returns the exit code. Raises ConfigError, UsageError and StateError."""
    config = load(args.config)
    source = find_source(config, args.source)
    span = parse_span(args, config)
    with ExitStack() as until:
        kind, offers = _offered(args, config, source, span, until)
        offered = list(offers)
        store, own = until.enter_context(open_states(config, dry_run=args.dry_run))
        layouts, now = Layouts(config, args.source), datetime.now(UTC)
        reader = PastReader(store, args.source, layouts, kind, now, own)
        chosen = choose_captures(offered, span, args.most, reader.begin or now)
        with progress(len(chosen), "reading", quiet=args.json) as step:
            outcome = reader.read_all(chosen, step)
        if args.json:
            print_json(as_json(outcome))
        elif not args.dry_run:
            print_outcome(outcome, config)
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


def parse_span(args: argparse.Namespace, config: Config) -> Span:
    """The time of `--from` and `--to`. Raises UsageError."""
    since = parse_time(args.since, "--from", config.timezone) if args.since else None
    until = parse_time(args.until, "--to", config.timezone) if args.until else None
    if since and until and since > until:
        raise UsageError("--from: it is later than --to")
    return since, until


def _offered(
    args: argparse.Namespace, config: Config, source: Source, span: Span, until: ExitStack
) -> tuple[str, Iterator[Offer]]:
    """The kind of the witness, and what it offers; `until` closes what that needs. Raises UsageError."""
    if bool(args.git) != bool(args.path):
        raise UsageError("--git and --path go together: the folder of a repository, and a file in it")
    if args.git:
        return "git", offer_git(source, args.git, args.path, until)
    if args.warc:
        return "warc", offer_warcs(source, args.warc, until)
    if args.wayback is not None:
        address = web_address(args.wayback) if args.wayback else None
        return "wayback", offer_wayback(until.enter_context(WebArchive(config)), source, address, span)
    return "folder", offer_folder(source, args.folder)


def choose_captures(offers: Sequence[Offer], span: Span, most: int | None, end: datetime) -> list[Offer]:
    """What is of a time, or of no known one; with `most` so many of the captures before `end`, spread evenly."""
    since, until = span
    within = [each for each in offers if not each.at or (since or each.at) <= each.at <= (until or each.at)]
    captures = [each for each in within if isinstance(each, OfferedCapture)]
    captures.sort(key=lambda each: (each.at, each.where))
    if most is not None:
        captures = _spread([each for each in captures if each.at < end], most)
    return [*captures, *(each for each in within if isinstance(each, SkippedCapture))]


def _spread(captures: list[OfferedCapture], most: int) -> list[OfferedCapture]:
    """So many captures, in order: those that are nearest to times at equal distances."""
    if len(captures) <= most:
        return captures
    found, low, first = list[OfferedCapture](), 0, captures[0].at
    distance = (captures[-1].at - first) / max(most - 1, 1)
    for number in range(most):
        time, last = first + number * distance, len(captures) - most + number  # those to come need one, too
        at = bisect_left(captures, time, low, last, key=lambda each: each.at)
        at -= at > low and time - captures[at - 1].at < captures[at].at - time
        found.append(captures[at])
        low = at + 1
    return found


@contextmanager
def open_states(config: Config, *, dry_run: bool) -> Iterator[tuple[Store, Store | None]]:
    """The state that is written to, for a dry run one that is thrown away, and the one with the sources' own history,
    None where there is none. Where that is the same, this process gives way to a daemon's checks.
    """
    if not dry_run:
        Child.nice = _PARSING
        os.nice(_WRITING)
        with open_state_to_run(config) as store:
            yield store, store
        return
    with TemporaryDirectory(prefix="watch-past-") as scratch, open_known_state(config) as own:
        hide, reveal = config.secrets.hide, config.secrets.reveal
        with Store.open(f"sqlite:///{Path(scratch) / 'state.db'}", hide=hide, reveal=reveal) as store:
            yield store, own


def as_json(outcome: PastOutcome) -> dict[str, Any]:
    """What came of captures, as `--json` shows it."""
    skipped = [
        {"at": each.at and each.at.isoformat(), "where": each.where, "reason": each.reason, "message": each.message}
        for each in outcome.skipped
    ]
    return {"read": len(outcome.read), "skipped": skipped, "changes": outcome.changes}


def print_outcome(outcome: PastOutcome, config: Config) -> None:
    """What came of captures, for people."""
    for each in outcome.skipped:
        at = moment(each.at, config.timezone) if each.at else "no time"
        say(f"{at}  {each.where}  skipped: {each.reason}: {each.message}", hang=4)
    _print_sum(outcome)


def _print_sum(outcome: PastOutcome) -> None:
    read, changes = count(len(outcome.read), "capture"), count(outcome.changes, "change")
    say(f"{read} read, {len(outcome.skipped)} skipped; {changes} between them")
