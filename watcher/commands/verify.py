"""See whether the evidence is as it was written, every length, hash and link of the chain, and the record of actions.

Without FOLDER, the files that [evidence] of watch.toml keeps are compared with the state. With it, a folder (or a .zip)
that somebody was given: WARC files and their chain.jsonl, as `watch evidence` writes them; nothing else is needed then,
no configuration and no state. Of a proof, each other file is made again of its records, and compared.

The first record that fails is named, and the exit code is 1. docs/evidence.md says what this proves, and what not.
A folder from somebody else is read as hostile: one beyond the limits of docs/security.md is refused.

A time stamp names its authority. With --authority FILE (the authority's certificate, from its own site) stamps have to
be signed by it, which is verified; without it, they are shown as unverified.

examples:
  watch verify
  watch verify --export /backup/chain.jsonl     to keep it elsewhere
  watch verify proof-17
  watch verify proof-17 --authority freetsa.pem
"""

import argparse
from pathlib import Path

from watcher.commands import add_json
from watcher.errors import UsageError

HELP = "see whether the evidence is as it was written"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to verify."""
    parser.add_argument("folder", metavar="FOLDER", type=Path, nargs="?", help="a folder or .zip with a chain.jsonl")
    parser.add_argument("--export", metavar="FILE", type=Path, help="write the chain of the state to a file")
    signed = "stamps have to be signed by this authority: PEM"
    parser.add_argument("--authority", metavar="FILE", type=Path, help=signed)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Verify, and print what is wrong: 0, or 1. Raises ConfigError, UsageError and StateError."""
    from watcher.config.load import load
    from watcher.evidence.verification import Authority, in_words, of_config, of_folder, verified_json
    from watcher.terminal.console import complain, print_json, say

    if args.folder and args.export:
        raise UsageError("--export writes the chain of the state: it cannot be used with FOLDER")
    authority = Authority(args.authority) if args.authority else None
    found = of_folder(args.folder, authority) if args.folder else of_config(load(args.config), authority, args.export)
    if args.json:
        print_json(verified_json(found))
        return int(bool(found.problems))
    for problem in found.problems:
        complain(str(problem))
    say(in_words(found), hang=2)
    return int(bool(found.problems))
