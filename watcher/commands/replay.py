"""Read saved pages in a folder, one after the other, as if a source's site had served them.

It prints what each would have alerted. The source's own state is neither read nor written, and nothing is sent. The
pages are read in the order of the dates in their names (2024-07-07, 20240707, 20240707T1910Z, 20240707T1910+0200; a
time without a zone is UTC); if one has none, in the order of their names. A page that links to further ones is read
alone, so nothing counts as removed from it.

The folder of a proof (`watch evidence`) can be read, too: its page before and after the change.

With --evidence, it reads the pages that were kept of the source itself: what would today's options and reader have
alerted?

examples:
  watch replay rkn-landing saved-pages
  watch replay registrants captures --match "Registrants-*"
  watch replay rkn-landing saved-pages --by-time    by time of modification
  watch replay rkn-landing saved-pages --json
  watch replay rkn-landing proof-17       the folder of a proof
  watch replay rkn-landing --evidence
"""

import argparse
from pathlib import Path

from watcher.commands import add_json

HELP = "show what a source would have alerted over saved pages"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which source, over which files, in which order."""
    parser.add_argument("name", metavar="NAME", help="the source, as it is called in watch.toml")
    parser.add_argument("folder", metavar="FOLDER", type=Path, nargs="?", help="where the saved pages are")
    parser.add_argument("--evidence", action="store_true", help="read the pages that were kept as evidence")
    parser.add_argument("--match", metavar="PATTERN", default="*", help='only files with such names: "page-*.html"')
    parser.add_argument("--by-time", action="store_true", help="order them by their time of modification")
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Print the steps: 0, or 1 if no page could be read. Raises ConfigError and UsageError."""
    from watcher.errors import UsageError
    from watcher.trials.replay import replay, replay_evidence

    if args.evidence is not (args.folder is None):
        raise UsageError("name the folder with the saved pages, or use --evidence for those that were kept")
    if args.evidence:
        return replay_evidence(args.config, args.name, as_json=args.json)
    return replay(args.config, args.name, args.folder, match=args.match, by_time=args.by_time, as_json=args.json)
