"""Check and deliver as one of several workers, on any number of machines. No daemon is needed beside them.

They share the state on a PostgreSQL server (`state = "postgresql+psycopg://..."`; the extra `postgres` brings what is
needed), and the same configuration. Any of them may be killed: another one continues its work. TERM makes it accept no
more work, finish what it has begun, and end; HUP makes it read its configuration again.

examples:
  watch worker
  watch worker --concurrency 40
"""

import argparse

HELP = "check and deliver as one of several workers"

_SUPPORTED = 1000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How many sources it takes at once."""
    parser.set_defaults(reloads=True)
    parser.add_argument(
        "--concurrency",
        metavar="N",
        type=_positive,
        default=20,
        help="how many times 25 sources to work on at once (default: 20)",
    )


def run(args: argparse.Namespace) -> int:
    """Work until stopped: 0. Raises ConfigError, UsageError and StateError."""
    from functools import partial

    from watcher.bots.attend import Bots
    from watcher.service.daemon import open_and_run
    from watcher.service.worker import check_shared, worker

    return open_and_run(args.config, partial(worker, concurrency=args.concurrency), Bots, check=check_shared)


def _positive(value: str) -> int:
    number = int(value) if value.isdecimal() else 0
    if not 0 < number <= _SUPPORTED:
        raise argparse.ArgumentTypeError(f"{value} is not a number from 1 to {_SUPPORTED}")
    return number
