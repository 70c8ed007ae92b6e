"""Have sources checked now, whenever they are due.

The daemon, or a worker, checks them within seconds, with its usual limits for each host. Without a daemon the request
waits for an hour; `watch --once --source NAME` checks at once.

With --hook it prints addresses of the desk instead: a POST to one has its source checked, so that a site or a script
can say that something is new. Each has its own secret; --renew makes another one.

examples:
  watch check rkn-landing
  watch check tass durov
  curl -X POST "$(watch check --hook rkn-landing)"
"""

import argparse
from datetime import UTC, datetime

HELP = "have the daemon check sources now"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which sources."""
    parser.add_argument("--hook", action="store_true", help="print the addresses that have these sources checked")
    parser.add_argument("--renew", action="store_true", help="with --hook: make new addresses; the old ones stop")
    parser.add_argument("names", metavar="NAME", nargs="+", help="the sources, as they are called in watch.toml")


def run(args: argparse.Namespace) -> int:
    """Ask for it: 0, or 1 where no daemon runs that would do it. Raises UsageError."""
    from watcher.config.arguments import choose_sources
    from watcher.config.load import load
    from watcher.config.open_state import open_existing_state
    from watcher.errors import UsageError
    from watcher.reports.feeds import desk_address, hook_address, hook_name, renew_key
    from watcher.service.check_requests import request_check
    from watcher.terminal.console import complain, say

    config = load(args.config)
    names = choose_sources(config, args.names)
    if args.renew and not args.hook:
        raise UsageError("--renew is for the addresses of --hook")
    with open_existing_state(config) as store:
        if args.hook:
            base_url = desk_address(config)
            for name in names:
                if args.renew:
                    renew_key(hook_name(name), store)
                print(hook_address(name, store, base_url))
            return 0
        alive = [request_check(store, config, name, datetime.now(UTC)) for name in names]
    if all(alive):
        say(f"{', '.join(names)}: asked for; `watch status` shows when it was checked")
        return 0
    complain("no daemon has reported lately: `watch --once --source NAME` checks at once, without one")
    return 1
