"""Have sources checked now, whenever they are due.

The daemon, or a worker, checks them within seconds, and with its usual care for their hosts: not more requests at
once, not closer together. Without a daemon the request stands for an hour; `watch --once --source NAME` checks
here and now.

examples:
  watch check rkn-landing
  watch check tass durov
"""

from __future__ import annotations

import argparse

HELP = "have the daemon check sources now"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which sources."""
    parser.add_argument("names", metavar="NAME", nargs="+", help="the sources, as they are called in watch.toml")


def run(args: argparse.Namespace) -> int:
    """Ask for it: 0, or 1 where no daemon runs that would do it. Raises UsageError."""
    from datetime import UTC, datetime

    from watcher.config.load import load
    from watcher.errors import UsageError
    from watcher.service.check_requests import request_check
    from watcher.terminal.console import complain, say
    from watcher.tools.arguments import chosen
    from watcher.tools.open_existing import known_state

    config = load(args.config)
    names = chosen(config, args.names)
    with known_state(config) as store:
        if store is None:
            raise UsageError("there is no state yet: start the daemon, or run `watch --once` first")
        alive = [request_check(store, config, name, datetime.now(UTC)) for name in names]
    if all(alive):
        say(f"{', '.join(names)}: asked for; `watch status` shows when it was checked")
        return 0
    complain("no daemon has reported lately: `watch --once --source NAME` checks at once, without one")
    return 1
