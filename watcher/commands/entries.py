"""Show a register as it was at a time: each entry with its fields, and since when it has them.

Without --at it is the register as it is known now. TIME is a date or a time in ISO 8601, in the `timezone` of
watch.toml where it has none; a date is its midnight. The answer is the snapshot that was accepted last at that time.
It also shows what is not known: times in which the source was not read, was failing or was held, and from when on it
was read otherwise. The exit code is 1 if nothing is known of that time.

In CSV a cell that a spreadsheet would take for a formula begins with an apostrophe; XLSX needs none.

examples:
  watch entries rkn-landing --at 2026-03-03
  watch entries rkn-landing --at 2026-03-03T18:57 --find telegram
  watch entries sdn --at 2026-03-01 --xlsx sdn-march.xlsx
  watch entries rkn-landing --json
"""

import argparse
from itertools import islice
from pathlib import Path

from watcher.commands import add_json, add_limit

HELP = "show a register as it was at a time"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which source, when, which entries, and in what form."""
    parser.add_argument("source", metavar="SOURCE", help="the source, as it is called in watch.toml")
    parser.add_argument("--at", metavar="TIME", help="as it was at this time (default: now)")
    parser.add_argument("--find", metavar="TEXT", default="", help="only entries with this text in them")
    add_limit(parser, "entries")
    form = parser.add_mutually_exclusive_group()
    add_json(form)
    form.add_argument("--csv", metavar="FILE", type=Path, help="write them to a file as CSV instead")
    form.add_argument("--xlsx", metavar="FILE", type=Path, help="write them to a file for spreadsheets instead")
    parser.add_argument("--force", action="store_true", help="write over a file that is there")


def run(args: argparse.Namespace) -> int:
    """Print or write them: 0; 1 if nothing is known of that time. Raises UsageError and StateError."""
    from watcher.config.arguments import parse_past_time
    from watcher.config.load import load
    from watcher.errors import DONE, FAILED
    from watcher.reports.past import PastEntryReport, open_past, print_gaps, print_past, write_entries
    from watcher.terminal.console import complain, print_json_list, say
    from watcher.terminal.words import count

    config = load(args.config)
    with open_past(config, args.source) as past:
        zone = config.timezone
        at = parse_past_time(args.at, "--at", zone, past.now) if args.at else past.now
        unknown, gaps = past.find_unknown(at), past.gaps_at(at)
        if args.json:
            entries = islice(past.entries(at, args.find), args.limit)
            head, tail = {"source": args.source, "at": at.isoformat()}, {"gaps": [gap.dump() for gap in gaps]}
            print_json_list(head, "entries", (PastEntryReport.of_past(each).dump() for each in entries), tail)
        elif unknown:
            complain(f"{args.source}: {unknown.words(zone)}")
        elif file := args.csv or args.xlsx:
            number = write_entries(file, past, at, args.find, zone, args.limit, xlsx=bool(args.xlsx), force=args.force)
            say(f"wrote {file}: {count(number, 'entry', 'entries')}")
            print_gaps(gaps, zone)
        else:
            what = f"{args.source}, with “{args.find}”" if args.find else args.source
            print_past(what, at, past.entries(at, args.find), gaps, zone, args.limit)
    return FAILED if unknown else DONE
