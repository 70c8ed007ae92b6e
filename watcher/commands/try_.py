"""Read one source, or a saved page as that source, and print its entries.

It changes nothing and sends nothing. What was read is compared with what is known: if a check would hold it as
suspicious, the last line says so and why, and the exit code is 1. Of a source with `detail`, the own pages of the first
three entries are read, too, and shown with them.

Large pages, and all pages of kinds that are not part of this program, are read in a separate process, which has 60
seconds, and whose output is not shown. With --here they are read in this process, to debug a kind: print(),
breakpoint() and warnings in the log work there, and an error is shown with its traceback.

examples:
  watch try rkn-landing                     fetch and read it now
  watch try rkn-landing --file saved.html   read a saved page as that source
  watch try rkn-landing --limit 5           only the first entries
  watch try rkn-landing --json
  watch try my-source --file saved.html --here   while its kind is being written
"""

import argparse
import logging
import math
import sys
from contextlib import nullcontext, redirect_stdout
from functools import partial
from pathlib import Path

from watcher.commands import add_json, add_limit

_log = logging.getLogger(__name__)

HELP = "read one source and print its entries, changing nothing"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which source, and whether a file replaces the site."""
    parser.add_argument("name", metavar="NAME", help="the source, as it is called in watch.toml")
    parser.add_argument("--file", metavar="PAGE", type=Path, help="a saved page to read as that source")
    parser.add_argument("--here", action="store_true", help="read in this process, without limits: to debug a kind")
    add_limit(parser, "entries")
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Print the entries: 0, or 1 if the source cannot be read, or a check would find it suspicious."""
    from sources import SourceError
    from sources.reading.engine import read_here, read_page
    from watcher.terminal.console import complain, progress
    from watcher.trials.try_source import entries_now, print_entries

    by = partial(read_here, seconds=math.inf) if args.here else read_page
    try:
        quiet = args.json or args.here  # what a kind prints is no JSON; and a debugger has the terminal
        with redirect_stdout(sys.stderr) if args.json else nullcontext(), progress(1, quiet=quiet):
            trial = entries_now(args.config, args.name, args.file, by)
    except SourceError as error:
        if args.here and error.__cause__:
            _log.error("where it was raised:", exc_info=error.__cause__)
        complain(f"{args.name}: {error.code}: {error.message}")
        return 1
    print_entries(trial, as_json=args.json, limit=args.limit)
    return int(trial.suspicion is not None)
