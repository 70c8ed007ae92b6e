"""Report a period: what changed, by source and entity, and how closely the sources were watched.

The period begins with --since, which may be a length of time before now, and ends before --until; dates and times are
in ISO 8601, in the `timezone` of watch.toml where they have none. For each source it has the changes by kind, the
entities that they mention, the checks that could read it and those that could not, the time without a reading, and what
is not known.

It has the hits that were cleared in it, or whose clearing ended: who decided what and why, and what ended it.

--csv writes a row for each change, with --clearings one for each decision about a hit, --xlsx sheets of both and of
the sources, --html one page to print. In CSV a cell that a spreadsheet would take for a formula begins with an
apostrophe; XLSX needs none.

examples:
  watch report --since 7d
  watch report --since 2026-03-01 --until 2026-04-01 --html march.html
  watch report --since 2026-03-01 --entity telegram --xlsx telegram.xlsx
  watch report --since 2026-03-01 --clearings --csv cleared.csv
"""

import argparse
from datetime import UTC, datetime
from heapq import merge
from operator import attrgetter
from pathlib import Path

from watcher.commands import add_json

HELP = "report what changed in a period, and how often it was checked"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which period, whose changes, and in what form."""
    parser.add_argument("--since", metavar="WHEN", required=True, help="its beginning: a time, or 7d, 12h, ... ago")
    parser.add_argument("--until", metavar="TIME", help="its end, which is not in it (default: now)")
    parser.add_argument("--source", metavar="NAME", help="only this source")
    parser.add_argument("--entity", metavar="ID", help="only changes that mention this entity")
    form = parser.add_mutually_exclusive_group()
    add_json(form)
    form.add_argument("--html", metavar="FILE", type=Path, help="write it as one page of HTML instead")
    form.add_argument("--csv", metavar="FILE", type=Path, help="write the changes to a file as CSV instead")
    form.add_argument("--xlsx", metavar="FILE", type=Path, help="write it to a file for spreadsheets instead")
    parser.add_argument("--clearings", action="store_true", help="with --csv: who cleared which hits, and why")
    parser.add_argument("--force", action="store_true", help="write over a file that is there")


def run(args: argparse.Namespace) -> int:
    """Print or write it: 0. Raises UsageError and StateError."""
    from alerts.event.change_json import change_json
    from alerts.language import speaking
    from watcher.config.arguments import check_known, parse_since, parse_time
    from watcher.config.load import load
    from watcher.config.open_state import open_existing_state
    from watcher.errors import UsageError
    from watcher.reports import period as views
    from watcher.terminal.console import print_json_list, say
    from watcher.terminal.new_file import new_file, write_csv, write_sheets
    from watcher.terminal.words import count

    config, now = load(args.config), datetime.now(UTC)
    zone, file = config.timezone, args.html or args.csv or args.xlsx
    since = parse_since(args.since, zone)
    until = parse_time(args.until, "--until", zone) if args.until else now
    if not since < until:
        raise UsageError("--since: it is not before --until")
    if args.clearings and not args.csv:
        raise UsageError("--clearings: it needs --csv FILE; every other form has the clearings, too")
    with open_existing_state(config, "there is nothing to report") as store:
        names = {*config.sources, *(status.name for status in store.source_statuses())}
        check_known(args.source, "source", sorted(names))
        found = views.report_period(store, config, views.Period(since, until, args.source, args.entity, now))
        if not found.changes:
            check_known(args.entity, "entity", list(config.entities))
        events, past = views.find_changes(store, found.period), views.find_past_changes(store, config, found.period)
        both = merge(past, events, key=attrgetter("at"))
        if args.json:
            marked = store.discussion.along(events)
            changes = (change_json(event, config.web.base_url, marks=marks) for event, marks in marked)
            print_json_list(
                {**found.dump(), "past": [change_json(each) | {"id": None} for each in past]}, "changes", changes, {}
            )
        elif file is None:
            views.print_period(found, both, zone)
        else:
            with new_file(file, force=args.force) as out:
                if args.html:
                    with speaking(config.language):
                        out.write(views.page_of(found, both, zone).encode("utf-8", "replace"))
                elif args.clearings:
                    write_csv(out, views.CLEARINGS, views.clearing_rows(found))
                elif args.csv:
                    write_csv(out, views.CHANGES, views.change_rows(events))
                else:
                    sources = ("sources", views.SOURCES, views.source_rows(found, zone))
                    changes_sheet = ("changes", views.CHANGES, views.change_rows(events))
                    cleared = ("clearings", views.CLEARINGS, views.clearing_rows(found))
                    write_sheets(out, [sources, changes_sheet, cleared], views.notes(found, zone))
            what = count(len(found.clearings), "clearing") if args.clearings else count(found.changes, "change")
            say(f"wrote {file}: {what} of {count(len(found.sources), 'source')}")
    return 0
