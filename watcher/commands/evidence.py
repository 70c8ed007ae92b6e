"""Write the proof of a change to a folder or a .zip, for others to check.

CHANGE is the number that `watch log` and alerts show; without it, it is the newest change of which a page was kept. The
folder has proof.html, which explains everything to people who do not know this program, with the commands to check it;
the page as it was, before and after; the same as a WARC file, which ReplayWeb.page and pywb open; and the chain of
hashes. `watch verify FOLDER` checks it. With --wacz, the pages alone are written, as one file for ReplayWeb.page.

examples:
  watch evidence
  watch evidence 17
  watch evidence 17 --out /tmp/for-the-lawyer.zip
  watch evidence 17 --wacz pages.wacz
"""

import argparse
from pathlib import Path

HELP = "write the proof of a change to a folder or a .zip"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Of which change, and where to."""
    change = "the number of the change: watch log shows it (default: the newest)"
    parser.add_argument("change", metavar="CHANGE", nargs="?", type=_number, help=change)
    place = parser.add_mutually_exclusive_group()
    place.add_argument("--out", metavar="PATH", type=Path, help="a new folder, or FILE.zip (default: proof-CHANGE)")
    place.add_argument("--wacz", metavar="FILE", type=Path, help="a new FILE.wacz, instead of a folder or .zip")


def _number(text: str) -> int:
    if not (digits := text.removeprefix("#")).isdecimal():
        raise argparse.ArgumentTypeError(f'"{text}" is not the number of a change')
    return int(digits)


def run(args: argparse.Namespace) -> int:
    """Write it: 0. Raises ConfigError, UsageError and StateError."""
    from alerts.language import speaking
    from watcher.config.load import load
    from watcher.config.open_state import evidence_options, open_existing_state
    from watcher.errors import UsageError
    from watcher.evidence.proofs import assemble, newest_proven, write, write_wacz
    from watcher.terminal.console import say
    from watcher.terminal.words import megabytes

    config = load(args.config)
    kept = evidence_options(config)
    with open_existing_state(config, "there is no evidence") as store:
        change = args.change or newest_proven(store)
        with speaking(config.language):
            proof = assemble(store, kept.path, change, config.timezone)
    out = args.wacz or args.out or Path(f"proof-{change}")
    try:
        files = write_wacz(proof, out) if args.wacz else write(proof.files, out)
    except OSError as error:
        raise UsageError(f"{out}: it cannot be written: {error.strerror}") from None
    size = megabytes(sum(map(len, files.values())))
    say(f"wrote {out}: {', '.join(files)} ({size})", hang=2)
    return 0
