"""Screen customers: see which entries of the lists that are watched may be about them, with a score and why.

FILE is a text of rows with headings: name, birth_date, country and identifiers (several joined by ";") where there are,
in any encoding, with commas, semicolons, tabs or "|". A row is compared with the entries that are there now, by names
in all scripts and in any order, and by what else is known of both: an equal birth date or number adds to the score of 0
to 100, another one takes away. Of the entries that share a part of the name, 2,000 are looked at for a row, those with
the rarest part first, and the 50 that sound likest are compared.

The first time reads the names of all entries: a minute or two for half a million. Later only what changed is read.
With --watch, the customers become entities at the desk, so that a later entry or change about them raises an alert.

The exit code is 1 if a row could not be read, or not wholly: it has an error. All others are screened.

examples:
  watch screen customers.csv
  watch screen customers.csv --name "Full name" --sources "eu_*" --least 85
  watch screen customers.csv --json
  watch screen customers.csv --csv hits.csv --force
  watch screen customers.csv --watch
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

from watcher.commands import add_json

HELP = "see which entries may be about your customers"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Whom, against what, and in what form."""
    parser.add_argument("file", metavar="FILE", type=Path, help="the customers, as CSV")
    parser.add_argument("--name", metavar="COLUMN", default="name", help="the column with their names (default: name)")
    parser.add_argument("--sources", metavar="GLOB", help='only entries of these sources, such as "eu_*"')
    parser.add_argument("--least", metavar="N", type=int, default=70, help="the lowest score (default: 70)")
    form = parser.add_mutually_exclusive_group()
    add_json(form)
    form.add_argument("--csv", metavar="FILE", type=Path, help="write the hits to a file as CSV instead")
    parser.add_argument("--force", action="store_true", help="write over a file that is there")
    parser.add_argument("--watch", action="store_true", help="keep the customers as watched entities")


def run(args: argparse.Namespace) -> int:
    """Print or write the hits: 0; 1 if a row could not be read. Raises UsageError and StateError."""
    from watcher.config.load import load
    from watcher.config.open_state import open_existing_state
    from watcher.errors import DONE, FAILED
    from watcher.reports import screening
    from watcher.terminal.console import json_line, progress, say, write
    from watcher.terminal.new_file import new_file, write_csv
    from watcher.terminal.words import count

    config, failed, number = load(args.config), False, 0
    rows = screening.customers_in(args.file, args.name)
    with open_existing_state(config) as store:
        screener, customers = screening.Screener(store, args.sources), screening.Customers(config, store)
        with progress(None, "reading names", quiet=args.json) as step:
            for _ in screening.bring_up_to_date(store, config):
                step()

        def screened() -> Iterator[screening.CustomerReport]:
            nonlocal failed, number
            with progress(None, "screening", quiet=args.json) as step:
                for customer in rows:
                    number += not customer.error
                    report = screener.report(customer, args.least, customers)
                    failed |= report.error is not None
                    if args.watch and not customer.error:
                        customers.keep(customer)
                    yield report
                    step()

        if args.json:
            for report in screened():
                write(json_line(report.dump()))
        elif args.csv:
            with new_file(args.csv, force=args.force) as out:
                written = write_csv(out, screening.COLUMNS, screening.rows_of(screened()))
            say(f"wrote {args.csv}: {count(written, 'row')}")
        else:
            screening.print_rows(screening.rows_of(screened()))
        screening.say_compared(number, store, config, args.sources, quiet=args.json)
        if args.watch:
            kept = customers.watch()
            if not args.json:
                say(f"{count(kept, 'customer')} newly watched, or with other facts; `watch config` lists them")
                if not any(rule.entities is None and not rule.health for rule in config.alerts):
                    say("no alert rule is for all entities: only one that names a customer alerts about him")
    return FAILED if failed else DONE
