"""Write the Atom feeds of all changes, of each source, of each entity and of each rule with a name: for a static host.

Files in DIR are as the desk serves them: changes.atom, sources/NAME.atom, entities/ID.atom, rules/NAME.atom.
Without --out it prints the addresses of the desk's feeds. Each has a key; --renew makes another one, so that the
address that was given out works no longer.

examples:
  watch feed
  watch feed --out /var/www/watch
  watch feed --renew entities/telegram
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from watcher.errors import UsageError

if TYPE_CHECKING:
    from state.store import Store
    from watcher.config.load import Config

HELP = "write Atom feeds of changes, or show their addresses"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to, or which address to renew."""
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--out", metavar="DIR", type=Path, help="a folder for the files, in the place of older ones")
    what.add_argument("--renew", metavar="FEED", help="make another key for this feed: changes, sources/NAME, ...")


def run(args: argparse.Namespace) -> int:
    """Write or print them: 0. Raises UsageError for a folder that cannot be written, and for an unknown feed."""
    from watcher.config.load import load
    from watcher.tools.open_existing import existing_state

    config = load(args.config)
    with existing_state(config) as store:
        if args.out:
            _write(config, store, args.out)
        else:
            _print_addresses(config, store, args.renew)
    return 0


def _write(config: Config, store: Store, out: Path) -> None:
    from watcher.terminal.console import say
    from watcher.terminal.words import count
    from watcher.tools.feeds import write_feeds

    try:
        number = write_feeds(config, store, out)
    except OSError as error:
        raise UsageError(f"{error.filename or out}: cannot be written: {error.strerror}") from None
    say(f"wrote {count(number, 'feed')} to {out}")


def _print_addresses(config: Config, store: Store, renew: str | None) -> None:
    from watcher.terminal.console import say
    from watcher.tools.address_keys import renew_key
    from watcher.tools.feeds import address_of, desk_address, feed_named, feeds_of

    base_url = desk_address(config)
    feeds = list(feeds_of(config))
    if renew:
        found = feed_named(config, renew)
        if found is None:
            raise UsageError(f'there is no feed "{renew}"; there are: {", ".join(feed.name for feed in feeds)}')
        renew_key(found.name, store)
        feeds = [found]
    for feed in feeds:
        say(address_of(feed, store, base_url))
