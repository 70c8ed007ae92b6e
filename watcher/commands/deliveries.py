"""Show the alerts that wait to be delivered or were given up, and what the servers answered; try one again, or drop it;
approve or reject what waits for that.

A delivery is one alert for one channel. One that quiet hours, a digest or an entry that goes back and forth hold back
is held until it is due. A waiting one (pending) is tried again by itself, more and more seldom, until the channel's
`give_up` (3 days); then it is dead. `retry` makes it due now, with all that went into the same message.

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

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from watcher.tools.limit import add_limit

if TYPE_CHECKING:
    from state.model import Delivery, HeldMessage
    from state.store import Store
    from watcher.config.load import Config

HELP = "show alerts that wait or were given up; retry or drop them"

_MOST = 50
_MOST_LINES = 30  # of a message that has to be approved


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do with which deliveries."""
    parser.add_argument(
        "action",
        nargs="?",
        choices=["retry", "drop", "approve", "reject"],
        help="make deliveries due now, give them up; approve or reject the messages that they are in",
    )
    parser.add_argument("ids", nargs="*", metavar="ID", type=int, help="the deliveries, by the numbers that are shown")
    parser.add_argument("--sent", action="store_true", help="show those that were sent")
    add_limit(parser, "deliveries of a state", _MOST)
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of text")


def run(args: argparse.Namespace) -> int:
    """Print them, or carry out the action: 0, or 2 if there is no such delivery."""
    from watcher.config.load import load
    from watcher.errors import UsageError
    from watcher.tools.open_existing import known_state

    if args.action and args.sent:
        raise UsageError(f"--sent only shows deliveries; {args.action} is for those that were not sent")
    if args.action and not args.ids:
        raise UsageError(
            f"{args.action} which? `watch deliveries` shows the numbers: watch deliveries {args.action} ID"
        )
    config = load(args.config)
    with known_state(config) as store:
        if args.action in {"approve", "reject"}:
            if store:
                store.evidence.keep(config.evidence)
            return _decide(store, config, args)
        if args.action:
            return _act(store, args)
        deliveries, counts = _read(store, sent=args.sent, limit=args.limit)
        asked = store.approvals.waiting() if store and counts["unapproved"] else []
    if args.json:
        _print_json(deliveries, counts)
    elif args.sent:
        _print_sent(config, deliveries, counts)
    else:
        _print(config, deliveries, counts, args.limit)
        for held in asked:
            _print_held(config, held)
    return 0


def _read(store: Store | None, *, sent: bool, limit: int) -> tuple[list[Delivery], dict[str, int]]:
    from state.model import DeliveryState

    if store is None:
        return [], {"held": 0, "unapproved": 0, "pending": 0, "sent": 0, "dead": 0}
    wanted = [DeliveryState.SENT] if sent else [DeliveryState.PENDING, DeliveryState.DEAD]
    found = [delivery for state in wanted for delivery in store.outbox.deliveries(state, limit)]
    return found, store.outbox.counts()


def _act(store: Store | None, args: argparse.Namespace) -> int:
    from watcher.terminal.console import complain, say
    from watcher.terminal.json_output import print_json

    done: list[int] = []
    unknown: list[int] = []
    for number in args.ids:
        found = store is not None and (
            store.outbox.retry(number) if args.action == "retry" else store.outbox.drop(number)
        )
        (done if found else unknown).append(number)
    if args.json:
        print_json({"action": args.action, "done": done, "unknown": unknown})
    elif done:
        say(f"{', '.join(map(str, done))}: {_DONE[args.action]}")
    for number in unknown:
        complain(f"there is no delivery {number} {_OTHERWISE[args.action]}; `watch deliveries` shows them")
    return 2 if unknown else 0


def _decide(store: Store | None, config: Config, args: argparse.Namespace) -> int:
    from watcher.errors import UsageError
    from watcher.terminal.console import complain, say
    from watcher.terminal.json_output import print_json
    from watcher.tools.decisions import decide, person

    done, unknown, approve = list[int](), list[int](), args.action == "approve"
    for number in args.ids:
        held = store.approvals.of_delivery(number) if store else None
        if store is None or held is None or number in done:  # several deliveries may be in one message
            unknown += [] if number in done else [number]
            continue
        try:
            line = decide(store, config, held, approve=approve, who=person(), now=datetime.now(UTC))
        except UsageError as error:
            complain(f"{number}: {error}")
            unknown.append(number)
            continue
        done += held.deliveries
        if not args.json:
            say(f"{', '.join(map(str, held.deliveries))}: {line}")
    if args.json:
        print_json({"action": args.action, "done": done, "unknown": unknown})
    if unknown:
        complain(f"{', '.join(map(str, unknown))}: not {_DECIDED[args.action]}; `watch deliveries` shows what waits")
    return 2 if unknown else 0


_DECIDED = {"approve": "approved", "reject": "rejected"}
_DONE = {"retry": "due now: the daemon sends it within seconds, else `watch --once` does", "drop": "given up"}
_OTHERWISE = {"retry": "that is waiting or dead", "drop": "that is waiting"}


def _print_sent(config: Config, deliveries: list[Delivery], counts: dict[str, int]) -> None:
    from watcher.terminal.console import say
    from watcher.terminal.tables import table
    from watcher.terminal.words import moment
    from watcher.tools.open_existing import about

    if deliveries:
        rows = [
            [
                str(delivery.id),
                delivery.channel,
                moment(delivery.sent, config.timezone) if delivery.sent else "-",
                str(delivery.attempts),
                about(delivery.event),
            ]
            for delivery in deliveries
        ]
        table(["ID", "CHANNEL", "SENT", "TRIES", "ABOUT"], rows, right=["ID", "TRIES"])
        say()
    more = f", the newest {len(deliveries)} of them shown" if len(deliveries) < counts["sent"] else ""
    say(f"{counts['sent']} sent{more}, times in {config.timezone}")


def _print(config: Config, deliveries: list[Delivery], counts: dict[str, int], limit: int) -> None:
    from watcher.terminal.console import say
    from watcher.terminal.tables import table
    from watcher.terminal.words import moment
    from watcher.tools.open_existing import about
    from watcher.tools.status_json import delivery_state

    now = datetime.now(UTC)
    if deliveries:
        rows = [
            [
                str(delivery.id),
                delivery_state(delivery, now),
                delivery.channel,
                moment(delivery.created, config.timezone),
                str(delivery.attempts),
                _next(delivery, now),
                about(delivery.event),
            ]
            for delivery in deliveries
        ]
        table(["ID", "STATE", "CHANNEL", "SINCE", "TRIES", "NEXT", "ABOUT"], rows, right=["ID", "TRIES"])
        say()
    for answer, numbers in _answers(deliveries).items():
        say(f"{', '.join(map(str, numbers))}: {answer}", hang=4)
    if held := [delivery for delivery in deliveries if delivery.is_held(datetime.now(UTC))]:
        until = moment(min(delivery.due for delivery in held), config.timezone)
        say(f"{counts['held']} held for later, the first of them until {until}")
    if counts["unapproved"]:
        answer = "`watch deliveries approve ID` sends it, `watch deliveries reject ID` does not"
        say(f"{counts['unapproved']} unapproved: {answer}", hang=4)
    say(f"{counts['pending']} waiting, {counts['dead']} given up, {counts['sent']} sent")
    if counts["pending"] + counts["held"] > limit or counts["dead"] > limit:
        say(f"only the newest {limit} of each are shown")
    if deliveries:
        say("`watch deliveries retry ID` tries one again, `watch deliveries drop ID` gives it up")


def _print_held(config: Config, held: HeldMessage) -> None:
    """The exact message that has to be approved, without most of a long text."""
    from watcher.terminal.console import say
    from watcher.terminal.words import moment

    say()
    then = "sent all the same" if held.then == "send" else "dropped"
    until = f", until {moment(held.until, config.timezone)}, else it is {then}" if held.until else ""
    say(f"{', '.join(map(str, held.deliveries))}: to approve, for {held.channel}{until}:", hang=4)
    lines = held.text.splitlines()
    for line in (held.title, *lines[:_MOST_LINES]):
        say(line, indent=4, hang=4)
    if len(lines) > _MOST_LINES:
        say(f"and {len(lines) - _MOST_LINES} more lines: the desk shows all of them", indent=4)


def _next(delivery: Delivery, now: datetime) -> str:
    """When it is tried next; "-" for a dead one."""
    from watcher.terminal.words import about

    if delivery.next_try is None or delivery.unapproved:
        return "-"
    return "now" if delivery.next_try <= now else f"in {about(delivery.next_try - now)}"


def _answers(deliveries: list[Delivery]) -> dict[str, list[int]]:
    """What the servers answered: each answer once, with the numbers of its deliveries."""
    answers: dict[str, list[int]] = {}
    for delivery in sorted(deliveries, key=lambda delivery: delivery.id):
        if delivery.error:
            answers.setdefault(f"{delivery.channel}: {delivery.error}", []).append(delivery.id)
    return answers


def _print_json(deliveries: list[Delivery], counts: dict[str, int]) -> None:
    from watcher.terminal.json_output import print_json
    from watcher.tools.status_json import delivery_json

    now = datetime.now(UTC)
    print_json({"deliveries": [delivery_json(delivery, now) for delivery in deliveries], "counts": counts})
