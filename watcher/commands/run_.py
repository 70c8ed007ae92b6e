"""Check the sources of watch.toml and alert about what changed.

Without --once this is the daemon: it checks every source when it is due,
delivers alerts, and runs until it is told to stop (TERM or INT). HUP makes it
read its configuration again.
"""

import argparse
import gc

from watcher.errors import UsageError

HELP = "run the daemon, or one check with --once"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the check."""
    parser.add_argument("--once", action="store_true", help="check every source once, deliver what is due, and exit")
    only = "with --once: check only this source (may be repeated)"
    parser.add_argument("--source", action="append", metavar="NAME", help=only)
    parser.set_defaults(reloads=True)
    parser.add_argument("--json", action="store_true", help="with --once: print one JSON object instead of text")


def run(args: argparse.Namespace) -> int:
    """Run the daemon until it is stopped, or one check: 0, or 1 if something failed (for faults see `exit_codes`)."""
    if not args.once and (args.source or args.json):
        raise UsageError("--source and --json go with --once; without it, watch runs as a daemon")
    gc.disable()  # what is loaded at the start never becomes garbage
    try:
        if args.once:
            from watcher.service.once import once
        else:
            from watcher.bots.attend import Bots
            from watcher.service.daemon import alone, open_and_run
    finally:
        gc.freeze()
        gc.enable()
    return once(args.config, args.source, as_json=args.json) if args.once else open_and_run(args.config, alone, Bots)
