"""Take the snapshot that is held as suspicious as the new truth.

A snapshot that is not believed is kept. When you have looked and it is right,
this takes exactly that one: no page is fetched. Its changes go into the log;
they are alerted only with --alert.

examples:
  watch accept rkn-landing
  watch accept rkn-landing --alert
"""

from __future__ import annotations

import argparse

HELP = "take a suspicious snapshot as the new truth"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which source, and whether its changes are alerted."""
    parser.add_argument("name", metavar="NAME", help="the source, as it is called in watch.toml")
    parser.add_argument("--alert", action="store_true", help="alert the changes that were held back")


def run(args: argparse.Namespace) -> int:
    """Accept it and say what changed: 0. Raises UsageError when nothing is held."""
    from watcher.terminal.console import count, say
    from watcher.tools.accept import accept
    from watcher.tools.report import change_line, changes_of, logged

    events, entries = accept(args.config, args.name, alert=args.alert)
    shown, rest = logged(events)
    for line in filter(None, (*map(change_line, shown), rest)):
        say(line, indent=2, hang=4)
    told = "alerted at the next delivery" if args.alert else "not alerted"
    say(f"{args.name}: accepted, {count(entries, 'entry', 'entries')}, {count(changes_of(events), 'change')} ({told})")
    return 0
