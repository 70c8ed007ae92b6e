"""Acknowledge changes: nobody is reminded of them any more.

A rule with `escalate` reminds its channels of a change until somebody acknowledges it: here, at the desk, or by the
link in the message. The record of actions says who did it, and when.

examples:
  watch ack 17           change 17 of `watch log`
  watch ack 17 18 19
"""

import argparse
from datetime import UTC, datetime

HELP = "acknowledge changes, so that nobody is reminded of them"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which changes."""
    parser.add_argument("ids", metavar="ID", type=int, nargs="+", help="the changes, by their numbers in `watch log`")


def run(args: argparse.Namespace) -> int:
    """Acknowledge them: 0, or 2 if there is no such change."""
    from watcher.config.load import load
    from watcher.config.open_state import open_known_state
    from watcher.terminal.console import complain, person, say

    config = load(args.config)
    with open_known_state(config) as store:
        now = datetime.now(UTC)
        done = [number for number in args.ids if store and store.reminders.acknowledge(number, person(), now)]
    if done:
        say(f"{', '.join(map(str, done))}: acknowledged")
    for number in args.ids:
        if number not in done:
            complain(f"there is no change {number} in the log; `watch log` shows their numbers")
    return 0 if len(done) == len(args.ids) else 2
