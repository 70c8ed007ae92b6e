"""Take the snapshot that is held as suspicious as the new truth.

A snapshot that is not believed is kept. This shows what it would bring (what is
added, removed and changed, and whom that mentions) and its id, and asks. It
takes exactly that one: no page is fetched. Its changes go into the log; they
are alerted only with --alert. Who was alerted that the source is suspicious is
alerted that this is over.

In a script, --yes ID takes the snapshot that has this id (`watch status NAME`
shows it), and no other. Without it, and without a terminal, nothing is taken
and the exit code is 2.

examples:
  watch accept rkn-landing
  watch accept rkn-landing --alert
  watch accept rkn-landing --yes 1f0c9e2b7a64
"""

from __future__ import annotations

import argparse

HELP = "take a suspicious snapshot as the new truth"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which source, and whether its changes are alerted."""
    parser.add_argument("name", metavar="NAME", help="the source, as it is called in watch.toml")
    parser.add_argument("--alert", action="store_true", help="alert the changes that were held back")
    parser.add_argument("--yes", metavar="ID", help="do not ask, and take this snapshot alone")


def run(args: argparse.Namespace) -> int:
    """Show it, ask, and accept it: 0, also if the answer is no. Raises UsageError if there is none, or nobody can
    answer.
    """
    from watcher.trials.held import accept

    accept(args.config, args.name, alert=args.alert, snapshot=args.yes)
    return 0
