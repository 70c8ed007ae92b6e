"""Show that kinds read their sites: test them on saved pages, or report how one reads its site.

`test` reads each kind, or those that are named, against its captures: saved pages that lie in the folder DIR/KIND, with
`options.toml` where the kind needs options, and `expected.json` where the entries are to be compared. DIR is by default
the folder `captures` beside that of the presets.

Some kinds were written from hearsay: `watch kinds KIND` says what would prove one. Who has access to the site can make
a source of that kind and send its `report`: the pages as fetched, at most five, or the one of --file; their headers;
and what the kind read. Cookies and secrets of the configuration are left out, and what is a private person's where the
kind can write its page anew: report.json says it of each. Nothing is sent: look through it first, as a page may show
what is yours.

examples:
  watch catalog test
  watch catalog test our_register --captures saved/
  watch catalog report rkn-landing
  watch catalog report rkn-landing --file saved.html --out /tmp/landing.zip
"""

import argparse
from pathlib import Path

from watcher.commands import add_json

HELP = "test kinds on saved pages, or report how one reads its site"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do, and of which kinds or source."""
    parser.add_argument("action", choices=["test", "report"], help="what to do")
    names = "test: kinds (default: all); report: the source, as it is called in watch.toml"
    parser.add_argument("names", metavar="NAME", nargs="*", help=names)
    parser.add_argument("--captures", metavar="DIR", type=Path, help="test: the folder of the saved pages")
    parser.add_argument("--file", metavar="PAGE", type=Path, help="report: a saved page to read as that source")
    out = "report: a new folder, or FILE.zip (default: report-NAME.zip)"
    parser.add_argument("--out", metavar="PATH", type=Path, help=out)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Do it: 0, or 1 if a kind or the source cannot be read. Raises ConfigError and UsageError."""
    from watcher.errors import UsageError

    if args.action == "test":
        return _test(args)
    if len(args.names) != 1:
        raise UsageError("report takes the name of one source")
    return _report(args, args.names[0])


def _test(args: argparse.Namespace) -> int:
    from sources.loader import KindError, kind, names
    from watcher.config.arguments import check_known
    from watcher.config.files import presets_folder
    from watcher.errors import UsageError
    from watcher.terminal.console import print_json, say, table
    from watcher.trials.captures import ReadCaptures, check_kind

    own = presets_folder(args.config)
    folder = args.captures or (own.parent if own else Path()) / "captures"
    if args.captures and not folder.is_dir():
        raise UsageError(f"--captures: there is no folder {folder}")
    outcomes, known = list[ReadCaptures](), sorted(names(own))
    for name in args.names:
        check_known(name, "kind", known)
    for name in args.names or known:
        try:
            outcomes.append(check_kind(name, kind(name, own), folder))
        except KindError as error:
            outcomes.append(ReadCaptures(name, 0, 0, [str(error)]))
    if args.json:
        print_json({"kinds": [each._asdict() for each in outcomes]})
    else:
        tried = [each for each in outcomes if each.files or each.problems]
        rows = [(each.kind, str(each.files), str(each.entries), "; ".join(each.problems)) for each in tried]
        if rows:
            table(["KIND", "FILES", "ENTRIES", "PROBLEMS"], rows, right=["FILES", "ENTRIES"])
        if without := [each.kind for each in outcomes if each not in tried]:
            say(f"without captures in {folder}: {', '.join(without)}", hang=2)
    return int(any(each.problems for each in outcomes))


def _report(args: argparse.Namespace, name: str) -> int:
    from watcher.config.arguments import find_source
    from watcher.config.load import load
    from watcher.errors import UsageError
    from watcher.evidence.proofs import write
    from watcher.terminal.console import complain, say
    from watcher.terminal.words import count
    from watcher.trials.captures import report_kind

    config = load(args.config)
    files, pages, entries, error = report_kind(config, find_source(config, name), args.file)
    out = args.out or Path(f"report-{name}.zip")
    try:
        write(files, out)
    except OSError as fault:
        raise UsageError(f"{out}: it cannot be written: {fault.strerror}") from None
    read = f"{count(len(pages), 'page')}, {count(len(entries), 'entry', 'entries')} read"
    say(f"wrote {out}: {read}; look through it before you send it, as a page may show what is yours", hang=2)
    if error:
        complain(f"{name}: {error.code}: {error.message}")
    return int(error is not None)
