"""Tell one entry's life: each value that it had, the earliest first, with what changed, between which two checks, and
the change in the log with its proof.

KEY is the entry's key, as `watch entries`, `watch log --json` and the desk show it. An entry that the site gave another
key is followed to the earlier one. What is not known is shown at the end: times in which the source was not read, was
failing or was held, and from when on it was read otherwise. The exit code is 1 if the history does not have the key.

examples:
  watch entry rkn-landing "Telegram Messenger Inc."
  watch entry sdn 36 --json
"""

import argparse

from watcher.commands import add_json

HELP = "tell one entry's life: each value, since when, until when"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which entry, and the form of the output."""
    parser.add_argument("source", metavar="SOURCE", help="the source, as it is called in watch.toml")
    parser.add_argument("key", metavar="KEY", help="the key of the entry")
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Print it: 0; 1 for a key that the history does not have. Raises UsageError and StateError."""
    from watcher.config.load import load
    from watcher.errors import DONE, FAILED
    from watcher.reports.past import open_past, print_life
    from watcher.terminal.console import complain, print_json

    config = load(args.config)
    with open_past(config, args.source) as past:
        life = past.life(args.key)
    if args.json:
        print_json(life.dump())
    elif life.values:
        print_life(life, config.timezone)
    else:
        complain(f"{args.source}: the history has no entry with the key {args.key}; watch entries shows the keys")
    return DONE if life.values else FAILED
