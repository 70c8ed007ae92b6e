"""Take over what another program watches, or a list of names.

Reads the job lists of urlwatch and webchanges (urls.yaml, jobs.yaml), the backup of changedetection.io (.zip, or its
url-watches.json), OPML files of feed readers, and lists of addresses (.csv with the columns url, name, every, group; or
one address in a line). Each job becomes a source of the kind that fits best: a feed, values of JSON, or the text of a
page, with the parts that its filters select and without those that they remove. With --look the pages are fetched, and
where one has a table or a list, it is read entry by entry, as `watch add` would. A page that only a script fills is
looked at, and then read, as Chromium renders it, if Chromium is installed.

With --entities the file is a .csv of names: the columns name, aliases, birth_date, country, inn, ogrn, lei, cik,
domain, identifiers, context, not, group and id; several values in a cell are separated by ";".

What has no counterpart is listed by job, with the reason. Nothing is written that `watch check-config` would refuse. A
job that is a source already is left out, so that an import can be repeated.

examples:
  watch import urls.yaml              show what would become of it, and ask
  watch import backup.zip --yes       write it without asking
  watch import feeds.opml --into sources.d/feeds.toml
  watch import addresses.csv --look
  watch import names.csv --entities --yes
  watch import jobs.yaml --json       for programs
"""

import argparse
from pathlib import Path

from watcher.commands import add_json

HELP = "take over the jobs of another program, or a list of names"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which file, and what is made of it."""
    parser.add_argument("file", metavar="FILE", type=Path, help="the file of the other program")
    parser.add_argument("--entities", action="store_true", help="the file is a .csv of names to watch for")
    parser.add_argument("--look", action="store_true", help="fetch the pages, and find tables and lists on them")
    parser.add_argument(
        "--every", metavar="TIME", type=_duration, help="how often, if a job does not say (default: 15m)"
    )
    parser.add_argument("--into", metavar="FILE", type=Path, help="write into this file, which watch.toml includes")
    parser.add_argument("--yes", action="store_true", help="write it without asking")
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Convert, show, and write if that is wanted: 0, or 1 when there is nothing. Raises ConfigError, UsageError."""
    from watcher.importing.run import run as run_import

    return run_import(args)


def _duration(text: str) -> str:
    from sources.options import parse_duration

    try:
        parse_duration(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return text
