"""Read one source, or a saved page as that source, and print its entries.

Changes nothing and sends nothing.

examples:
  watch try rkn-landing                     fetch and read it now
  watch try rkn-landing --file saved.html   read a saved page as that source
  watch try rkn-landing --json
"""

from __future__ import annotations

import argparse
from pathlib import Path

HELP = "read one source and print its entries, changing nothing"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which source, and whether a file stands in for the site."""
    parser.add_argument("name", metavar="NAME", help="the source, as it is called in watch.toml")
    parser.add_argument("--file", metavar="PAGE", type=Path, help="a saved page to read as that source")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of text")


def run(args: argparse.Namespace) -> int:
    """Print the entries: 0, or 1 when the source cannot be read."""
    from sources import SourceError
    from watcher.console import complain
    from watcher.trial import entries_now, print_entries

    try:
        trial = entries_now(args.config, args.name, args.file)
    except SourceError as error:
        complain(f"{args.name}: {error.code}: {error.message}")
        return 1
    print_entries(trial, as_json=args.json)
    return 0
