"""Take the snapshot that is held as suspicious as the new truth.

A suspicious snapshot is kept. This shows what it would bring (what is added,
removed and changed, and which entities that mentions) and its id, and asks. It
takes exactly that one: no page is fetched. Its changes go into the log. Those
that mention a watched entity, and not in another form alone, are alerted as the
rules say; with --alert all of them are, with --quiet none. The channels that
were alerted that the source is suspicious are alerted that this is over.

In a script, --yes ID takes the snapshot that has this id (`watch status NAME`
shows it), and no other. Without it, and without a terminal, nothing is taken
and the exit code is 2.

What is stored of a source may be damaged, so that no check of it can end. Then
--yes damaged drops it, and the source is read anew: its next snapshot is a first
one, which alerts no changes. What is in the log stays.

examples:
  watch accept rkn-landing
  watch accept rkn-landing --alert
  watch accept rkn-landing --yes 1f0c9e2b7a64
  watch accept rkn-landing --yes damaged
"""

import argparse

HELP = "take a suspicious snapshot as the new truth"

_FAULTS = ("state", "internal")  # reasons of a source's health: the state could not be read, or a check met a fault


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which source, and whether its changes are alerted."""
    parser.add_argument("name", metavar="NAME", help="the source, as it is called in watch.toml")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--alert", action="store_true", help="alert all the changes that were held back")
    which.add_argument("--quiet", action="store_true", help="alert none of them")
    parser.add_argument("--yes", metavar="ID", help="do not ask, and take only this snapshot; damaged: begin anew")


def run(args: argparse.Namespace) -> int:
    """Show it, ask, and accept it: 0, also if the answer is no. Raises ConfigError and StateError, and UsageError if
    there is none, or nobody can answer.
    """
    from datetime import UTC, datetime

    from watcher.config.arguments import find_source
    from watcher.config.load import load
    from watcher.config.open_state import open_state_to_run
    from watcher.errors import UsageError
    from watcher.terminal.console import ask_yes, can_answer, person, say
    from watcher.terminal.words import changes_of, count
    from watcher.trials.held import Alerted, compare_held, print_held, say_gone, take, who_took

    config, name, snapshot = load(args.config), args.name, args.yes
    find_source(config, name)
    with open_state_to_run(config) as store:
        if snapshot == "damaged":
            if store.source(name).health.reason not in _FAULTS:
                raise UsageError(f"{name}: none of its checks met damage; watch status {name} says how it is")
            store.damage.start_anew(name)
            store.requests.add(name, datetime.now(UTC))
            say(f"{name}: what was stored of it is dropped; its next check makes a first snapshot", hang=4)
            return 0
        alerted: Alerted = "all" if args.alert else "none" if args.quiet else "watched"
        held = compare_held(store, config, name, datetime.now(UTC), alerted)
        if held is None and snapshot and (who := who_took(store, name, snapshot)):
            raise UsageError(f"{name}: {who} has accepted snapshot {snapshot} already")
        if held is None:
            raise UsageError(f"{name}: no snapshot is held; watch status says how its sources are")
        if snapshot not in {None, held.id}:
            raise UsageError(f"{name}: snapshot {snapshot} is not held, {held.id} is: nothing was taken")
        if (health := held.state.health).reason:
            say(f"{name}: {health.reason}: {health.message}", hang=4)
        print_held(held, config.timezone)
        if snapshot is None and not can_answer():
            raise UsageError(f"{name}: nothing was taken, as nobody can be asked here; to take it: --yes {held.id}")
        if snapshot is None and not ask_yes("take it as the new truth?"):
            say("nothing was taken")
            return 0
        if snapshot is None:  # the answer took its time: the source may have been checked meanwhile
            shown, held = held, compare_held(store, config, name, datetime.now(UTC), alerted)
            if held is None or held.id != shown.id:
                raise UsageError(f"{name}: {say_gone(store, name, shown.id)}; look again")
        events = take(store, held, config, who=person())
    watched = sum(bool(event.mentions) for event in events)
    those = "" if args.alert else f"{watched:,} of them, with what you watch, "
    said = f"{those}alerted at the next delivery" if args.alert or (watched and not args.quiet) else "not alerted"
    number, changes = count(held.found.difference.count, "entry", "entries"), count(changes_of(events), "change")
    say(f"{name}: accepted, {number}, {changes} ({said})", hang=4)
    return 0
