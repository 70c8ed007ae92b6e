"""Show the alerts that wait to be delivered or were given up, and what the servers answered; try one again, or drop it;
approve or reject what waits for that.

A delivery is one alert for one channel. One that quiet hours, a digest or an entry that goes back and forth hold back
is held until it is due. A waiting one (pending) is tried again automatically, at growing intervals, until the
channel's `give_up` (3 days); then it is dead. `retry` makes it due now, with all that went into the same message.

Where a rule or a channel has `approve`, a message is unapproved until somebody approves it, with all that is in it, or
rejects it: here, at the desk, or by the links that those in `approve` got.

--sent shows those that went out, the newest first, in place of those that wait.

examples:
  watch deliveries
  watch deliveries --sent --limit 10
  watch deliveries retry 17
  watch deliveries drop 17 18
  watch deliveries approve 17
"""

import argparse

from watcher.commands import add_json, add_limit

HELP = "show alerts that wait or were given up; retry or drop them"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do with which deliveries."""
    parser.add_argument(
        "action",
        nargs="?",
        choices=["retry", "drop", "approve", "reject"],
        help="make deliveries due now, give them up; approve or reject the messages that they are in",
    )
    parser.add_argument("ids", nargs="*", metavar="ID", type=int, help="the deliveries, by the numbers that are shown")
    parser.add_argument(
        "--seen",
        metavar="CHANGE",
        type=int,
        default=0,
        help="approve although the register has changed since, up to this change, which was seen",
    )
    parser.add_argument("--sent", action="store_true", help="show those that were sent")
    add_limit(parser, "deliveries of a state", 50)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Print them, or carry out the action: 0, or 2 if there is no such delivery."""
    from watcher.config.load import load
    from watcher.config.open_state import open_known_state
    from watcher.errors import UsageError
    from watcher.reports.deliveries import act, decide_all, show

    if args.action and args.sent:
        raise UsageError(f"--sent only shows deliveries; {args.action} is for those that were not sent")
    if args.action and not args.ids:
        how = f"`watch deliveries` shows the numbers: watch deliveries {args.action} ID"
        raise UsageError(f"{args.action} which? {how}")
    config = load(args.config)
    with open_known_state(config) as store:
        if args.action in {"approve", "reject"}:
            if store:
                store.evidence.keep(config.evidence)
            return decide_all(store, config, args.action, args.ids, as_json=args.json, seen=args.seen)
        if args.action:
            return act(store, args.action, args.ids, as_json=args.json)
        show(store, config, sent=args.sent, limit=args.limit, as_json=args.json)
    return 0
