"""Clear a hit: say once that an entry is not about an entity, and why.

From then on the entry raises no alert about that entity; a rule without `entities` still has its changes. A clearing
ends by itself when the entry's title, birth date, country or identifiers change, or a field in which the name was
found, or at a time; the next alert says that it had been cleared, by whom, when and why. What was cleared stays in
`watch log`, where its changes say so. KEY is the entry's key, as `watch entries` and `watch log --json` show it. The
record of actions says who cleared what.

examples:
  watch clear petrov eu-sanctions 4711 --why "born in 1960, ours in 1957"
  watch clear petrov eu-sanctions 4711 --why "asked the bank" --until 2027-01-31
  watch clear --list petrov
  watch clear --end petrov eu-sanctions 4711
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from watcher.commands import add_json
from watcher.errors import UsageError

if TYPE_CHECKING:
    from state.store import Store
    from watcher.config.load import Config

HELP = "say that an entry is not about an entity, so that it is quiet"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The pair, and what becomes of it."""
    parser.add_argument("entity", metavar="ENTITY", nargs="?", help="the entity that the entry is not about")
    parser.add_argument("source", metavar="SOURCE", nargs="?", help="the source of the entry")
    parser.add_argument("key", metavar="KEY", nargs="?", help="the key of the entry")
    parser.add_argument("--why", metavar="TEXT", help="the reason, for the record and for the alert after it has ended")
    parser.add_argument("--until", metavar="TIME", help="until when, such as 2027-01-31; without it, for good")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--list", action="store_true", help="show all that was ever cleared, or of these names")
    which.add_argument("--end", action="store_true", help="end it: the entry raises alerts about the entity again")
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Clear it, end it, or list all: 0. Raises UsageError for a pair that is not known."""
    from alerts.event.change_json import clearing_json
    from watcher.config.load import load
    from watcher.config.open_state import open_existing_state, open_known_state
    from watcher.terminal.console import login_name, print_json, say
    from watcher.terminal.words import moment

    config = load(args.config)
    if args.list:
        with open_known_state(config) as known:
            made = known.clearings.all() if known else []
        wanted = (args.entity, args.source, args.key)
        found = [each for each in made if all(a in {None, b} for a, b in zip(wanted, each, strict=False))]
        if args.json:
            print_json([clearing_json(each) for each in found])
            return 0
        for each in found:
            at, until, ended = (
                moment(time, config.timezone) if time else "" for time in (each.at, each.until, each.ended)
            )
            say(f"{each.entity}: {each.source} {each.key}{until and f', until {until}'}", hang=4)
            say(f"{at} by {each.who}: {each.why}", indent=4, hang=4)
            if ended:
                by = f" by {each.who_ended}" if each.who_ended else ""
                say(f"ended {ended}{by}: {each.why_ended}", indent=4, hang=4)
        if not found:
            say("nothing is cleared")
        return 0
    if not args.key:
        raise UsageError(
            "say which: watch clear ENTITY SOURCE KEY --why TEXT; watch clear --list shows what is cleared"
        )
    with open_existing_state(config) as store:
        if not args.end:
            return _clear(args, config, store)
        if not store.clearings.end(args.entity, args.source, args.key, login_name(), datetime.now(UTC)):
            pair = f"{args.entity}, {args.source}, {args.key}"
            raise UsageError(f"nothing is cleared for {pair}; `watch clear --list` shows what is")
    say(f"{args.entity}: {args.key} ({args.source}) is no longer cleared")
    return 0


def _clear(args: argparse.Namespace, config: Config, store: Store) -> int:
    from alerts.event.change_json import clearing_json
    from state.model import Clearing
    from watcher.check import cleared
    from watcher.config.arguments import check_known, parse_time
    from watcher.terminal.console import login_name, print_json, say
    from watcher.terminal.words import moment

    why, until = (args.why or "").strip(), parse_time(args.until, "--until", config.timezone) if args.until else None
    if not why:
        raise UsageError('say why, for whoever asks later: --why "another birth date"')
    check_known(args.entity, "entity", list(config.entities))
    check_known(args.source, "source", sorted({*config.sources, *(state.name for state in store.sources())}))
    wanted = Clearing(args.entity, args.source, args.key, why, login_name(), datetime.now(UTC), until)
    done = cleared.clear(store, config.entities, wanted)
    if done is None:
        advice = f"`watch entries {args.source} --find TEXT` shows its keys"
        raise UsageError(f'{args.source} has no entry with the key "{args.key}"; {advice}')
    if args.json:
        print_json(clearing_json(done))
        return 0
    for_time = f" until {moment(until, config.timezone)}" if until else ""
    say(f"{args.entity}: {done.facts['title'][0]} ({args.source}) is cleared{for_time}")
    return 0
