"""Write the sources as OPML, the list of feeds that feed readers exchange.

Feeds are written as feeds, all other sources as links. An address with a secret in it is left out.

examples:
  watch export --opml                    to standard output
  watch export --opml --out feeds.opml
"""

from __future__ import annotations

import argparse
from pathlib import Path

HELP = "write the sources as OPML, for a feed reader"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The format, and where to."""
    parser.add_argument("--opml", action="store_true", required=True, help="as OPML 2.0")
    parser.add_argument("--out", metavar="FILE", type=Path, help="into this file (default: standard output)")


def run(args: argparse.Namespace) -> int:
    """Write the list: 0. Raises ConfigError, and UsageError when the file cannot be written."""
    from watcher.config.load import load
    from watcher.errors import UsageError
    from watcher.importing.export import as_opml
    from watcher.terminal.console import complain
    from watcher.terminal.new_file import write_whole

    text, hidden = as_opml(load(args.config))
    for name in hidden:
        complain(f"warning: sources.{name}: its address has a secret in it, so it is left out")
    if args.out is None:
        print(text, end="")
        return 0
    try:
        write_whole(args.out, text.encode(), 0o644)
    except OSError as error:
        raise UsageError(f"{args.out} cannot be written: {error.strerror}") from None
    return 0
