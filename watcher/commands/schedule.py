"""Show the budget of requests that the sources share ([schedule] in watch.toml): how much of it is used, and how long a
change waits for the next check, on average over the changes that are expected. Then what other budgets would bring.

Without a budget each source is checked at its `every`; the log of changes then shows what a budget would bring. The
delays are of the sources that share the budget: none with `at`, and none with schedule = "fixed".

examples:
  watch schedule
  watch schedule --json | jq '.budgets[]'
"""

import argparse
from datetime import UTC, datetime

from watcher.commands import add_json

HELP = "show the budget of requests and the delays"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The form of the output."""
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Print it: 0. Raises UsageError where nothing was ever checked."""
    from watcher.config.load import load
    from watcher.config.open_state import open_existing_state
    from watcher.reports.schedule import print_schedule, report, schedule_json
    from watcher.terminal.console import print_json, say
    from watcher.terminal.words import count

    config = load(args.config)
    with open_existing_state(config) as store:
        found = report(config, store, datetime.now(UTC))
    if args.json:
        print_json(schedule_json(found, config.schedule.share))
    else:
        print_schedule(found, config.schedule.share)
        if config.paused:
            say(f"{count(len(config.paused), 'source')} paused, which use nothing of it: watch status")
    return 0
