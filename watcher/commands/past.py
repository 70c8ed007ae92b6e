"""Read what others kept of a source before its first own snapshot: "since when is it on the list?"

Each capture is read by the source's kind and judged as a snapshot is; an error page, half a page and another layout are
skipped. What is read comes before the source's own history: `watch entry`, `watch entries --at` and `watch diff` show
it, with who kept it. Nothing of it is alerted. The exit code is 1 if captures were skipped.

A web archive ([past]) is asked with the limits of [http], and never told a secret. It is left alone for two minutes at
most where it wants that; if it wants more, the rest is skipped, and the next run goes on. Further pages of a capture
may be a day older or newer. With --all each enabled source is read, 24 captures of each if --most says no other number;
a capture waits for a while (10 seconds at most) if a daemon on the same state has what to check.

examples:
  watch past rkn-landing --folder saved-pages    files with dates in their names
  watch past rkn-landing --folder saved-pages --dry-run
  watch past rkn-landing --git clone --path data/list.csv    by commits
  watch past rkn-landing --warc crawl-*.warc.gz    what a crawler kept
  watch past rkn-landing --wayback --most 24   what the Internet Archive has
  watch past rkn-landing --wayback old.example/list    where the list was once
  watch past --all --wayback    24 captures of each source
  watch past rkn-landing --forget    take all of it away again
"""

import argparse
from pathlib import Path

from watcher.commands import add_json, positive
from watcher.errors import UsageError

HELP = "read what others kept of a source before day one"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which source, which witness, and which of its captures."""
    parser.add_argument("source", nargs="?", metavar="SOURCE", help="the source, as it is called in watch.toml")
    parser.add_argument("--all", action="store_true", help="in place of SOURCE: each one, with --wayback")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--folder", metavar="DIR", type=Path, help="read a folder of files with dates in their names")
    what.add_argument("--git", metavar="REPO", type=Path, help="read a file in each commit that changed it: --path")
    parser.add_argument("--path", metavar="PATH", help="the file in the git repository")
    what.add_argument("--warc", metavar="FILE", type=Path, nargs="+", help="read WARC and WACZ files, in any order")
    archive = "ask a web archive for its address, or for the URL that it once had"
    what.add_argument("--wayback", nargs="?", const="", metavar="URL", help=archive)
    what.add_argument("--forget", action="store_true", help="take away all that was read of the source's past")
    parser.add_argument("--from", metavar="TIME", dest="since", help="only captures from this time on")
    parser.add_argument("--to", metavar="TIME", dest="until", help="only captures up to this time (a date: midnight)")
    parser.add_argument("--most", metavar="N", type=positive, help="at most N captures, spread over the time")
    parser.add_argument("--dry-run", action="store_true", help="print what would be read, and write nothing")
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Read it, or forget it: 0, or 1 if captures were skipped. Raises ConfigError, UsageError and StateError."""
    from watcher.past.command import forget_past, read_all_pasts, read_past

    if args.all:
        return read_all_pasts(args)
    if not args.source:
        raise UsageError("name a source, as in `watch past SOURCE --wayback`, or each: `watch past --all --wayback`")
    return forget_past(args) if args.forget else read_past(args)
