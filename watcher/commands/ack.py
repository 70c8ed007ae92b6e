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
    from watcher.reports.deliveries import explain_acknowledgement
    from watcher.terminal.console import complain, person, say

    config = load(args.config)
    with open_known_state(config) as store:
        now, who = datetime.now(UTC), person()
        found = {number: store.reminders.acknowledge(number, who, now) if store else None for number in args.ids}
    if done := [f"{number}" for number, handled in found.items() if handled == (who, now)]:
        say(f"{', '.join(done)}: acknowledged")
    for number, handled in found.items():
        if handled is None:
            complain(f"there is no change {number} in the log; `watch log` shows their numbers")
        elif handled != (who, now):
            say(f"{number}: {explain_acknowledgement(handled, config)}")
    return 0 if all(found.values()) else 2
