"""Drop the state of a source that is no longer configured: its entries, its pages, its health, its past.

Its changes stay in the log. What still waits to be delivered about it is given up. A source that is renamed need not
be forgotten: give it `was = ["old-name"]`, and it goes on with the old state.

examples:
  watch status              lists sources that are no longer configured
  watch forget old-name
"""

import argparse

HELP = "drop the state of a source that is no longer configured"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which source."""
    parser.add_argument("name", metavar="NAME", help="the source, as it was called in watch.toml")


def run(args: argparse.Namespace) -> int:
    """Delete it: 0. Raises UsageError if it is still configured, or unknown."""
    from watcher.config.load import load
    from watcher.config.open_state import open_known_state
    from watcher.errors import UsageError
    from watcher.terminal.console import say
    from watcher.terminal.words import count

    config = load(args.config)
    if args.name in config.sources:
        pause = "`enabled = false` only pauses it"
        raise UsageError(f"{args.name} is still in {config.path}; take [sources.{args.name}] out first ({pause})")
    with open_known_state(config) as store:
        states = {state.name: state for state in store.sources()} if store else {}
        past = store.past.forget(args.name) if store else []
        if store is None or not (store.forget(args.name) or past):
            others = ", ".join(name for name in states if name not in config.sources) or "there is none"
            raise UsageError(f'nothing is known of a source "{args.name}"; no longer configured: {others}')
        store.evidence.keep(config.evidence)
        store.past_files.remove(store.evidence, args.name, past)
    entries = count(states[args.name].entries if args.name in states else 0, "entry", "entries")
    say(f"{args.name}: forgotten, with {entries}; its changes stay in the log")
    return 0
