"""Tell an entity's story: what every source said of it, the oldest first.

Registers, statements and reports are in one timeline, each with its authority, when it was published, when it was first
seen, and when the last good reading before was. Copies of one report by several publishers are listed under the
first of them, and so are an entry's later edits. What was there when the watch began is included.

examples:
  watch case telegram
  watch case telegram --since 7d
  watch case telegram --html telegram.html      a page to print or to send
  watch case telegram --json                    for programs
"""

import argparse
from datetime import UTC, datetime
from pathlib import Path

from watcher.commands import add_json

HELP = "tell an entity's story over all sources, the oldest first"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which entity, since when, and in what form."""
    parser.add_argument("entity", metavar="ENTITY", help="an entity of the configuration")
    parser.add_argument("--since", metavar="WHEN", help="only what was seen in the last 2d, 12h, ..., or since a date")
    add_json(parser)
    parser.add_argument("--html", metavar="FILE", type=Path, help="write it as one page of HTML instead")


def run(args: argparse.Namespace) -> int:
    """Print it: 0. Raises UsageError for an unknown entity, and for a file that cannot be written."""
    from watcher.config.arguments import parse_since
    from watcher.config.load import load
    from watcher.reports.case import print_story, story_in, story_json, write_page
    from watcher.terminal.console import print_json, say
    from watcher.terminal.words import count

    config = load(args.config)
    story = story_in(config, args.entity, parse_since(args.since, config.timezone) if args.since else None)
    if args.html:
        write_page(args.html, story, config, datetime.now(UTC))
    if args.json:
        print_json(story_json(story))
    elif args.html:
        say(f"wrote {args.html}: {count(len(story.items), 'item')} from {count(story.sources, 'source')}")
    else:
        print_story(story, config.timezone)
    return 0
