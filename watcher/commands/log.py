"""Show what changed, the newest first: which entry, of which source, and each field before and after.

Times are in the `timezone` of watch.toml. Changes stay in the log after their source has left the configuration.

examples:
  watch log
  watch log --entity telegram --since 7d
  watch log --source rkn-landing --limit 5
  watch log --since 2025-07-14 --json
  watch log --source rkn-landing --past
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, tzinfo
from heapq import merge
from itertools import islice, takewhile
from typing import TYPE_CHECKING, Any

from watcher.commands import add_json, add_limit
from watcher.terminal.words import count, moment

if TYPE_CHECKING:
    from state.model import Event
    from state.store import Store
    from watcher.config.load import Config

HELP = "show what changed, the newest first"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which changes."""
    parser.add_argument("--entity", metavar="E", help="only changes that mention this entity")
    parser.add_argument("--source", metavar="S", help="only changes of this source")
    parser.add_argument("--since", metavar="WHEN", help="only changes of the last 2d, 12h, ..., or since a date")
    parser.add_argument("--past", action="store_true", help="also what others kept of earlier times (watch past)")
    add_limit(parser, "changes", 50)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Print them: 0. Raises UsageError for an unknown source or entity."""
    from alerts.event.change_json import change_json
    from state.model import EventKind
    from watcher.config.arguments import check_known, parse_since
    from watcher.config.load import load
    from watcher.config.open_state import open_known_state
    from watcher.terminal.console import print_json

    config = load(args.config)
    after = parse_since(args.since, config.timezone) if args.since else None
    wanted = {"source": args.source, "entity": args.entity, "after": after, "limit": args.limit + 1}
    with open_known_state(config) as store:
        events = store.log.events(kind=EventKind.CHANGE, **wanted) if store else []
        if store and args.past:
            events = list(islice(_with_past(events, store, config, args, after), args.limit + 1))
        names = [state.name for state in store.sources()] if store else []
        marked = list(store.discussion.along(events[: args.limit])) if store and args.json else []
    if not events:
        check_known(args.source, "source", sorted({*config.sources, *names}))
        check_known(args.entity, "entity", list(config.entities))
    if args.json:
        told = ((each, change_json(each, config.web.base_url, marks=marks)) for each, marks in marked)
        print_json({"changes": [change | (_past_json(each) if args.past else {}) for each, change in told]})
    else:
        _print(events[: args.limit], config.timezone, more=len(events) > args.limit)
    return 0


def _with_past(
    events: Sequence[Event], store: Store, config: Config, args: argparse.Namespace, after: datetime | None
) -> Iterator[Event]:
    """Changes with those of the past before them, the newest first."""
    from watcher.reports.past import past_events
    from watcher.reports.period import Period, find_past_changes

    past: list[Iterator[Event]]
    now = datetime.now(UTC)
    if args.entity:
        period = Period(after or datetime.min.replace(tzinfo=UTC), now, args.source, args.entity, now)
        found = reversed(find_past_changes(store, config, period))
        past = [(event for event in found if event.previous)]  # what the first capture has is no change
    else:
        names = {*config.sources}.intersection(store.past.sources())
        past = [past_events(store, config, name) for name in sorted(names) if args.source in {None, name}]
    told = merge(events, *past, key=lambda each: each.at, reverse=True)
    return takewhile(lambda each: after is None or each.at > after, told)


def _past_json(event: Event) -> dict[str, Any]:
    """What the object of a change has otherwise with `--past`: one of the past has no number and no page."""
    return {"witness": event.data.get("witness")} | ({} if event.id else {"id": None, "link": None})


def _past_note(event: Event, zone: tzinfo) -> str:
    """Between which readings a change of the past happened, and who kept the later one."""
    if event.id or event.previous is None:
        return ""
    from watcher.reports.past import WitnessReport, seen_by

    witness = event.data["witness"]
    seen = f", {seen_by(WitnessReport(**witness))}" if witness else ""
    earlier, later = moment(event.previous, zone, event.at), moment(event.at, zone, event.previous)
    return f", between {earlier} and {later}{seen}"


def _print(changes: Sequence[Event], zone: tzinfo, *, more: bool) -> None:
    """Print changes in the given order, and their number; `more` says that there are others."""
    from watcher.terminal.console import say
    from watcher.terminal.words import detail_lines

    if not changes:
        say("no changes")
        return
    for event in changes:
        data, who = event.data, f"  [{', '.join(event.entities)}]" if event.entities else ""
        say(f"{moment(event.at, zone)}  {data['change']}  {data['title']}{who}", hang=4)
        number = f"#{event.id} " if event.id else ""
        say(f"{number}{event.source} ({event.authority}){_past_note(event, zone)}", indent=4, hang=4)
        for line in detail_lines(data):
            say(line, indent=4, hang=4)
        if data.get("url"):
            say(data["url"], indent=4)
        say()
    say(f"{count(len(changes), 'change')}, times in {zone}{'; there are more: --limit' if more else ''}")
