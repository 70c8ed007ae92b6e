"""Let the alerts about a source or an entity wait until a time, and come together then.

Nothing is lost, and checks go on. Without a name, it shows what is snoozed. If a source and an entity have the
same name, write source:NAME or entity:NAME.

examples:
  watch snooze tass 2h
  watch snooze telegram 30m
  watch snooze tass off       now, but for what a digest or quiet hours hold
  watch snooze
"""

import argparse
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta

from watcher.commands import add_json
from watcher.errors import UsageError

HELP = "let the alerts about a source or an entity wait"
OFF = "off"

_LONGEST = timedelta(days=30)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What, and for how long."""
    parser.add_argument("name", metavar="NAME", nargs="?", help="a source or an entity, as it is called in watch.toml")
    parser.add_argument("span", metavar="TIME", nargs="?", help='for how long: "30m", "2h", "1d"; or "off"')
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Let it wait, or show what does: 0. Raises UsageError."""
    from alerts.rules import routes_for
    from state.db.tables.people import Snooze
    from state.model import DeliveryState
    from state.storage.desk import ENTITY, SOURCE
    from watcher.config.load import load
    from watcher.config.open_state import open_existing_state
    from watcher.terminal.console import person, print_json, say
    from watcher.terminal.words import count, moment

    if args.name and not args.span:
        raise UsageError(f"for how long? watch snooze {args.name} 2h, or watch snooze {args.name} off")
    config, now = load(args.config), datetime.now(UTC)
    with open_existing_state(config) as store:
        if not args.name:
            found = store.snoozes.all(now)
            if args.json:
                print_json({"snoozed": [each.model_dump() for each in found]})
                return 0
            for each in found:
                say(f"{each.kind} {each.name}: until {moment(each.until, config.timezone)}, by {each.who}")
            if not found:
                say("nothing is snoozed")
            return 0
        sources = {*config.sources, *(state.name for state in store.sources())}
        kind, name = _find_kind({SOURCE: sources, ENTITY: set(config.entities)}, args.name)
        if args.span == OFF:
            due = {
                each.id: route.due
                for each in store.outbox.deliveries(DeliveryState.PENDING)
                for route in routes_for(each.event, config.alerts, each.event.at, config.timezone)
                if route.channel == each.channel and route.every is None and route.due > now
            }
            was = store.snoozes.wake(kind, name, now, due)
            say(f"{kind} {name}: {'what has waited for that alone is sent now' if was else 'it was not snoozed'}")
            return 0
        until = now + _parse_span(args.span)
        waiting = store.snoozes.snooze(Snooze.model_construct(kind=kind, name=name, at=now, until=until, who=person()))
    if args.json:
        print_json({"kind": kind, "name": name, "until": until, "deferred": waiting})
    else:
        later = f"; {count(waiting, 'alert')} that waited wait until then" if waiting else ""
        say(f"{kind} {name}: snoozed until {moment(until, config.timezone)}{later}")
    return 0


def _find_kind(known: Mapping[str, Collection[str]], name: str) -> tuple[str, str]:
    """What a name stands for: `source` or `entity`, and the name itself. `known` are the names of both.

    Raises UsageError for a name that is neither, or both: then it is written `source:NAME` or `entity:NAME`.
    """
    from watcher.config.problems import did_you_mean

    kind, colon, plain = name.partition(":")
    if colon and plain in known.get(kind, ()):
        return kind, plain
    found = [kind for kind, some in known.items() if name in some]
    if len(found) == 1:
        return found[0], name
    if found:
        raise UsageError(f'"{name}" is a source and an entity: write source:{name} or entity:{name}')
    hint = did_you_mean(name, sorted(set().union(*known.values())), "names")
    raise UsageError(f'there is no source and no entity "{name}"; {hint}')


def _parse_span(text: str) -> timedelta:
    """For how long something is snoozed. Raises UsageError."""
    from sources.options import parse_duration

    try:
        span = parse_duration(text)
    except ValueError as error:
        raise UsageError(f'"{text}" is not a time: {error}, or "off"') from None
    if not span or span > _LONGEST:
        raise UsageError(f'"{text}": it is from a moment to 30 days')
    return span
