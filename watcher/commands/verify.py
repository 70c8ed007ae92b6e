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

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from watcher.commands import add_json
from watcher.errors import UsageError

if TYPE_CHECKING:
    from state.evidence.verify import Verified
    from watcher.evidence.verification import Authority

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
    from watcher.evidence.verification import Authority, of_folder
    from watcher.terminal.console import complain, print_json, say

    if args.folder and args.export:
        raise UsageError("--export writes the chain of the state: it cannot be used with FOLDER")
    authority = Authority(args.authority) if args.authority else None
    found = of_folder(args.folder, authority) if args.folder else _of_state(args, authority)
    if args.json:
        print_json(_json(found))
        return int(bool(found.problems))
    for problem in found.problems:
        complain(str(problem))
    say(_summary(found), hang=2)
    return int(bool(found.problems))


def _of_state(args: argparse.Namespace, authority: Authority | None) -> Verified:
    from state.evidence.verify import Verified
    from watcher.config.load import load
    from watcher.config.open_state import evidence_options, open_existing_state, open_known_state
    from watcher.evidence.verification import export, of_actions, of_state

    config = load(args.config)
    if config.evidence is None:
        with open_known_state(config) as known:
            if problems := of_actions(known) if known else []:
                return Verified(problems=problems)
    kept = evidence_options(config)
    with open_existing_state(config, "there is no evidence") as store:
        if args.export:
            try:
                export(store, args.export)
            except OSError as error:
                raise UsageError(f"{args.export}: it cannot be written: {error.strerror}") from None
        return of_state(store, kept.path, authority)


def _json(found: Verified) -> dict[str, Any]:
    stamp = found.stamp
    return {
        "ok": not found.problems,
        "records": found.records,
        "files": len(found.files),
        "bytes": found.size,
        "linked": found.linked,
        "older": found.older,
        "past": found.past,
        "head": found.head and {"number": found.head.number, "link": found.head.link.hex()},
        "stamped": stamp and stamp.at,
        "stamp": stamp and {"record": stamp.number, "at": stamp.at, "by": stamp.by, "verified": stamp.verified},
        "witnesses": [
            {"kind": each.kind.value, "record": each.number or None, "at": each.at}
            | {"by": each.by, "proves": each.proves, "verified": each.verified}
            for each in found.witnesses.values()
        ],
        "problems": [
            {"record": each.record, "file": each.file or None, "message": each.message} for each in found.problems
        ],
    }


def _summary(found: Verified) -> str:
    from state.evidence.witnesses import WitnessKind
    from watcher.terminal.words import count, megabytes

    if not (found.records or found.linked or found.past or found.problems):
        return "no evidence was kept yet"
    what = f"{count(found.records, 'record')} in {count(len(found.files), 'file')}, {megabytes(found.size)}"
    beside = f"; {count(found.linked, 'more record')} by their links alone" if found.linked else ""
    verdict = "NOT as it was written" if found.problems else "as it was written"
    stamped = ""
    for each in found.witnesses.values():
        whose = "verified" if each.verified else "unverified: --authority FILE names whose stamps count"
        if each.kind is WitnessKind.AUTHORITY:
            stamped += f"; stamped last at {each.at:%Y-%m-%d %H:%M:%S} UTC by {each.by} ({whose})"
        else:
            stamped += f"; {each.by} {each.proves}" + (f" (record {each.number})" if each.number else "")
    end = f"; the chain ends at record {found.head.number}: {found.head.link.hex()}" if found.head else ""
    older = f"; {count(found.older, 'capture')} of earlier builds tell only of changes" if found.older else ""
    past = f"; {count(found.past, 'file')} of what others kept" if found.past else ""
    return f"{verdict}: {what}{beside}{past}{end}{older}{stamped}"
