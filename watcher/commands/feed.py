"""Write the Atom feeds of all changes, of each source, of each entity and of each rule with a name: for a static host.

Files in DIR are as the desk serves them: changes.atom, sources/NAME.atom, entities/ID.atom, rules/NAME.atom.
Without --out it prints the addresses of the desk's feeds. Each has a key; --renew makes another one, and the old
address stops working.

examples:
  watch feed
  watch feed --out /var/www/watch
  watch feed --renew entities/telegram
"""

import argparse
import errno
from pathlib import Path

from watcher.errors import UsageError
from watcher.terminal.words import count

HELP = "write Atom feeds of changes, or show their addresses"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to, or which address to renew."""
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--out", metavar="DIR", type=Path, help="a folder for the files, in the place of older ones")
    what.add_argument("--renew", metavar="FEED", help="make another key for this feed: changes, sources/NAME, ...")


def run(args: argparse.Namespace) -> int:
    """Write or print them: 0. Raises UsageError for a folder that cannot be written, and for an unknown feed."""
    from alerts.message.wording import cut
    from watcher.config.load import load
    from watcher.config.open_state import open_existing_state
    from watcher.reports.feeds import address_of, desk_address, find_feed, list_feeds, renew_key, write_feeds
    from watcher.terminal.console import say

    config = load(args.config)
    with open_existing_state(config) as store:
        if args.out:
            try:
                number = write_feeds(config, store, args.out)
            except OSError as error:
                advice = ": give what it is of a shorter name" if error.errno == errno.ENAMETOOLONG else ""
                where = cut(str(error.filename or args.out), 200)
                raise UsageError(f"{where}: cannot be written: {error.strerror}{advice}") from None
            say(f"wrote {count(number, 'feed')} to {args.out}")
            return 0
        base_url, feeds = desk_address(config), list(list_feeds(config))
        if args.renew:
            found = find_feed(config, args.renew)
            if found is None:
                raise UsageError(
                    f'there is no feed "{args.renew}"; there are: {", ".join(feed.name for feed in feeds)}'
                )
            renew_key(found.name, store)
            feeds = [found]
        for feed in feeds:
            say(address_of(feed, store, base_url))
    return 0
