"""Show a register between two times as one difference: what was added, removed and changed, from the one to the other.

What came and went again in between is not in it; `watch log` has every change. TIME is a date or a time in ISO 8601, in
the `timezone` of watch.toml where it has none; a date is its midnight. It also shows what is not known of the time
between. The exit code is 1 if nothing is known of the first time.

examples:
  watch diff rkn-landing --from 2026-03-01 --to 2026-04-01
  watch diff sdn --from 2026-03-03 --json
"""

import argparse

from watcher.commands import add_json

HELP = "show a register between two times as one difference"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which source, the two times, and the form of the output."""
    parser.add_argument("source", metavar="SOURCE", help="the source, as it is called in watch.toml")
    parser.add_argument("--from", dest="since", metavar="TIME", required=True, help="the earlier time")
    parser.add_argument("--to", dest="until", metavar="TIME", help="the later time (default: now)")
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Print it: 0; 1 if nothing is known of the first time. Raises UsageError and StateError."""
    from watcher.config.arguments import parse_past_time
    from watcher.config.load import load
    from watcher.errors import DONE, FAILED, UsageError
    from watcher.reports.past import open_past, print_difference
    from watcher.terminal.console import complain, print_json

    config = load(args.config)
    with open_past(config, args.source) as past:
        since = parse_past_time(args.since, "--from", config.timezone, past.now)
        until = parse_past_time(args.until, "--to", config.timezone, past.now) if args.until else past.now
        if since > until:
            raise UsageError("--from: it is later than --to")
        unknown, found = past.find_unknown(since), past.difference(since, until)
    if args.json:
        print_json(found.dump())
    elif unknown:
        complain(f"{args.source}: {unknown.words(config.timezone)}")
    else:
        print_difference(found, config.timezone)
    return FAILED if unknown else DONE
