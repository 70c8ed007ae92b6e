"""Report how a kind reads its site: write a bundle that others may look at.

Some kinds were written from hearsay: `watch kinds KIND` says what would prove one. Who has access to the site can make
a source of that kind and send its report: the pages as fetched, at most five, or the one of --file; their headers; and
what the kind read. Cookies and secrets of the configuration are left out, and what is a private person's where the kind
can write its page anew: report.json says it of each. Nothing is sent: look through it first, as a page may show what is
yours.

examples:
  watch catalog report rkn-landing
  watch catalog report rkn-landing --file saved.html --out /tmp/landing.zip
"""

import argparse
from pathlib import Path

HELP = "write a report of how a kind reads its site, for others"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do, and of which source."""
    parser.add_argument("action", choices=["report"], help="what to do")
    parser.add_argument("name", metavar="NAME", help="the source, as it is called in watch.toml")
    parser.add_argument("--file", metavar="PAGE", type=Path, help="a saved page to read as that source")
    parser.add_argument("--out", metavar="PATH", type=Path, help="a new folder, or FILE.zip (default: report-NAME.zip)")


def run(args: argparse.Namespace) -> int:
    """Write it: 0, or 1 if the source cannot be read. Raises ConfigError and UsageError."""
    from watcher.config.arguments import find_source
    from watcher.config.load import load
    from watcher.errors import UsageError
    from watcher.evidence.proofs import write
    from watcher.terminal.console import complain, say
    from watcher.terminal.words import count
    from watcher.trials.kind_report import report_kind

    config = load(args.config)
    files, pages, entries, error = report_kind(config, find_source(config, args.name), args.file)
    out = args.out or Path(f"report-{args.name}.zip")
    try:
        write(files, out)
    except OSError as fault:
        raise UsageError(f"{out}: it cannot be written: {fault.strerror}") from None
    read = f"{count(len(pages), 'page')}, {count(len(entries), 'entry', 'entries')} read"
    say(f"wrote {out}: {read}; look through it before you send it, as a page may show what is yours", hang=2)
    if error:
        complain(f"{args.name}: {error.code}: {error.message}")
    return int(error is not None)
