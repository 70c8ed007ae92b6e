"""`watch past`: reads what one witness kept of a source, and prints what came of it; or what a web archive has of each
source (`--all`), beside a daemon that must not notice it: each capture is a transaction of its own, before which it
waits while the daemon has what to check. A dry run prints its captures as a table, and a layout for those that may have
had another one.
"""

import argparse
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pydantic import ValidationError

from sources import Page, Source, SourceError
from sources.loader import KindError
from sources.options import HttpOptions
from sources.reading.engine import first_url
from sources.reading.pool import Child
from state.errors import StateError
from state.model.past import count_changes, line_up
from state.store import Store
from watcher.config.arguments import find_source, parse_time
from watcher.config.load import Config, load
from watcher.config.open_state import open_existing_state, open_known_state, open_state_to_run
from watcher.config.source_tables import layout_options
from watcher.errors import DONE, FAILED, UsageError
from watcher.past.offers import Offer, OfferedCapture, SkippedCapture, Span, choose_captures, offer_folder, offer_git
from watcher.past.reading import Layouts, PastOutcome, PastReader
from watcher.past.warcs import offer_warcs
from watcher.past.wayback import WebArchive, offer_wayback
from watcher.propose.block import layout_block
from watcher.propose.find import find
from watcher.propose.proposal import Proposal, naming, read_entries, source_of
from watcher.propose.site import web_address
from watcher.service.check_requests import is_alive
from watcher.terminal.console import print_json, printable, progress, say, table, write
from watcher.terminal.words import count, moment

# How much lower the priorities are beside a daemon: of what parses, and of this process, which holds the state's lock
# at times: at the lowest priority it would hold that for seconds while others run.
_PARSING, _WRITING = 19, 5
MOST = 24  # captures of a source
LOOK, PATIENCE = 0.5, 10.0  # seconds between two looks at what a daemon has to check; for which it is waited for
# Why captures are skipped whose pages may have had another layout.
_LAYOUT_SIGNS = {"bad_document", "bad_entry", "field_emptied", "field_missing", "field_unfilled", "all_changed"}
_LAYOUT_SIGNS |= {"mass_rekey", "not_found", "odd_key", "too_few_entries", "wrong_content_type"}


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
            _print_captures(outcome, layouts, config)
            _print_sum(outcome)
            if after := reader.first_keys():
                _print_break(args.source, outcome, chosen, after, config, layouts)
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
    skipped = [each._asdict() for each in outcome.skipped]
    return {"read": len(outcome.read), "skipped": skipped, "changes": outcome.changes}


def print_outcome(outcome: PastOutcome, config: Config) -> None:
    """What came of captures, for people."""
    for each in outcome.skipped:
        at = moment(each.at, config.timezone) if each.at else "no time"
        say(f"{at}  {each.where}  skipped: {each.reason}: {each.message}", hang=4)
    _print_sum(outcome)


def _print_sum(outcome: PastOutcome) -> None:
    if not (outcome.read or outcome.skipped):
        say("there is nothing of that address and time")
        return
    read, changes = count(len(outcome.read), "capture"), count(outcome.changes, "change")
    say(f"{read} read, {len(outcome.skipped)} skipped; {changes} between them")


def _print_captures(outcome: PastOutcome, layouts: Layouts, config: Config) -> None:
    """Print a line for each capture, in the order of time, those without a time first; then an example of each reason
    why one is skipped.
    """
    found = list[tuple[datetime | None, str, str, str, str]]()
    for capture in outcome.read:
        changes = str(outcome.changed.get(capture.id, ""))  # none in the first one of a layout
        found.append((capture.witness.at, capture.witness.where, "read", str(len(capture.present)), changes))
    for at, where, reason, _ in outcome.skipped:
        found.append((at, where, reason, "", ""))
    rows = list[list[str]]()
    for at, *rest in sorted(found, key=lambda each: (each[0].timestamp() if each[0] else 0, each[1])):
        until = layouts.at(at).until if at else None
        layout = f"{until.astimezone(config.timezone):%Y-%m-%d}" if until else "today"
        rows.append([moment(at, config.timezone) if at else "no time", *rest, layout])
    if rows:
        table(["TIME", "WHERE", "WHAT", "ENTRIES", "CHANGES", "LAYOUT UNTIL"], rows, right=["ENTRIES", "CHANGES"])
    for reason, message in {reason: message for _, _, reason, message in outcome.skipped}.items():
        say(f"{reason}: {message}", hang=2)


def _print_break(
    name: str,
    outcome: PastOutcome,
    offers: Sequence[Offer],
    after: tuple[datetime, set[str]],
    config: Config,
    layouts: Layouts,
) -> None:
    """Print which captures before the first page that is believed are skipped as if they had another layout, and one in
    which the newest of them can be read. `after` is the time of that page, and its keys.
    """
    begin, keys = after
    skipped = {(at, where) for at, where, reason, _ in outcome.skipped if at and at < begin and reason in _LAYOUT_SIGNS}
    found = [each for each in offers if isinstance(each, OfferedCapture) and (each.at, each.where) in skipped]
    if not found:
        return
    times = [moment(each.at, config.timezone) for each in found]
    say(f"{count(len(found), 'capture')} from {min(times)} to {max(times)} may have had another layout.")
    newest = max(found, key=lambda each: each.at)
    today = layouts.at(newest.at).source
    try:
        options = next(_fitting(newest.answer(today.start()), today, keys, config.http), None)
    except SourceError:
        options = None
    if options is None:
        say(f"Nothing that `watch add` proposes reads the newest of them, {newest.where}, with the keys of later ones.")
        return
    say(f"The newest of them, {newest.where}, is read so, and most of its keys are those of later ones:")
    write(printable(f"\n{layout_block(name, {'until': begin.isoformat(), **options})}"))


def _fitting(page: Page, today: Source, keys: set[str], http: HttpOptions) -> Iterator[dict[str, Any]]:
    """The options of layouts in which most entries of a page have one of these keys: none, if they have by today's."""
    if _reads(today, page, keys):
        yield {}
    for proposal in find(page, http):
        for each in (proposal, *_keyed_as(keys, proposal)):
            with suppress(KindError, ValidationError):
                for options, source in _as_layouts(each, today, page.url, http):
                    if _reads(source, page, keys):
                        yield options


def _keyed_as(keys: set[str], proposal: Proposal) -> Iterator[Proposal]:
    """The proposal with each column as its key that has mostly these keys."""
    title = naming(proposal.columns)
    for name, values in proposal.columns.items():
        if _agree(values, keys):
            yield proposal.keyed([name]).adding({"title": title} if title and title != name else {})


def _as_layouts(
    proposal: Proposal, today: Source, url: str, http: HttpOptions
) -> Iterator[tuple[dict[str, Any], Source]]:
    """The options in which a proposal differs from today's, and the source with these in their place; then also without
    those of today that it does not have. Raises KindError and ValidationError.
    """
    source = source_of(proposal, url, http)
    known, fields = layout_options(type(source)), type(today).model_fields
    options = {name: value for name, value in proposal.options.items() if name in known}
    if proposal.kind != today.kind:
        yield {"kind": proposal.kind, **options}, source
        return
    differing = {name: value for name, value in options.items() if getattr(source, name) != getattr(today, name)}
    given = today.model_dump(include={"url", *known}, exclude_unset=True)
    others = given.keys() - options.keys() - Source.model_fields.keys()
    unset = {name: fields[name].get_default(call_default_factory=True) for name in others}
    for without in ({}, {name: value for name, value in unset.items() if value is not None}):
        changed = without | differing
        yield changed, type(today).model_validate({**given, **changed}).under(http)


def _reads(source: Source, page: Page, keys: set[str]) -> bool:
    """Whether most entries of a page have one of these keys."""
    try:
        return _agree([entry.key for entry in read_entries(source, page)[0]], keys)
    except SourceError:
        return False


def _agree(values: Sequence[str], keys: set[str]) -> bool:
    return 2 * len(keys.intersection(values)) > len(set(values))


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
