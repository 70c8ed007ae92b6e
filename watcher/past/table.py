"""What a dry run prints: its captures as a table, and a layout for those that may have had another one."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from sources import Page, Source, SourceError
from sources.loader import KindError
from sources.options import HttpOptions
from watcher.config.load import Config
from watcher.config.source_tables import layout_options
from watcher.past.offers import Offer, OfferedCapture
from watcher.past.reading import Layouts, PastOutcome
from watcher.propose.block import layout_block
from watcher.propose.find import find
from watcher.propose.proposal import Proposal, naming, read_entries, source_of
from watcher.terminal.console import printable, say, table, write
from watcher.terminal.words import count, moment

# Why captures are skipped whose pages may have had another layout.
_LAYOUT_SIGNS = {"bad_document", "bad_entry", "field_emptied", "field_missing", "field_unfilled", "all_changed"}
_LAYOUT_SIGNS |= {"mass_rekey", "not_found", "odd_key", "too_few_entries", "wrong_content_type"}


def print_captures(outcome: PastOutcome, layouts: Layouts, config: Config) -> None:
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


def print_break(
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
