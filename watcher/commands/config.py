"""Show what is configured and where it is from: a file with its line, or the desk with its revision.

What is made at the desk is kept in the state. This takes it out as TOML, puts tables of a file there, shows who edited
what, and takes an edit back.

export prints what is configured at the desk. With --out it writes a file; of one that is there, what is still the same
stays as it is, with its comments. Sealed secrets are written as ${NAME}, with a comment that says what to set.

import makes tables of a file objects of the desk, all of them or none; one that is there already becomes what the file
says. A name that stands in a file of the configuration is refused: take it out of that file first.

undo takes one edit back, by its number in the log, a deletion too, without asking.

examples:
  watch config
  watch config export --out desk.toml
  watch config import desk.toml
  watch config log
  watch config undo 17
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from watcher.commands import add_json, add_limit
from watcher.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from watcher.config.load import Config

HELP = "show what is configured and where; export, import, undo"

_NEEDS = {"import": "FILE", "undo": "REVISION"}
_PLACE = ("object", "name", "file", "line", "revision")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do, with what."""
    parser.add_argument(
        "action", nargs="?", choices=["export", "import", "log", "undo"], help="without: show what is configured"
    )
    parser.add_argument("what", nargs="?", metavar="FILE|REVISION", help="what to import, or the edit to take back")
    parser.add_argument("--out", metavar="FILE", type=Path, help="with export: a file in place of the standard output")
    add_limit(parser, "edits", 50)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Do it: 0. Raises UsageError, and ConfigError with all that is wrong with an import."""
    from watcher.config.edit import EditError, RefusedEdit
    from watcher.config.load import load

    if (args.action in _NEEDS) is not bool(args.what) or (args.out and args.action != "export"):
        raise UsageError("watch config [export [--out FILE] | import FILE | log | undo REVISION]")
    act = {"export": _export, "import": _import, "log": _log, "undo": _undo}.get(args.action, _show)
    try:
        act(args, load(args.config, without_faulty=True))
    except RefusedEdit as error:
        raise ConfigError([".".join(map(str, at)) + ": " * bool(at) + what for at, what in error.problems]) from None
    except EditError as error:
        raise UsageError(str(error)) from None
    return 0


def _show(args: argparse.Namespace, config: Config) -> None:
    from watcher.terminal.console import print_json, table

    found = config.objects.values()
    if args.json:
        print_json([{name: getattr(each, name) for name in _PLACE} for each in found])
        return
    places = (f"{each.file}:{each.line}" if each.file else f"the desk, revision {each.revision}" for each in found)
    table(("OBJECT", "NAME", "FROM"), [(each.object, each.name, at) for each, at in zip(found, places, strict=True)])


def _export(args: argparse.Namespace, config: Config) -> None:
    from watcher.config.exchange import read_text, write_objects
    from watcher.config.open_state import open_existing_state
    from watcher.terminal.console import complain, write
    from watcher.terminal.new_file import new_file

    with open_existing_state(config) as store:
        objects = store.objects.current()
    here = [each for each in objects if each[1:3] in config.desk or each[1:3] in config.locked]
    text, names = write_objects(here, read_text(args.out) if args.out and args.out.exists() else "")
    if args.out:
        with new_file(args.out, force=True) as file:
            file.write(text.encode())
    else:
        write(text, end="")
    for name in names:
        complain(f"set {name} where the exported file is used")


def _import(args: argparse.Namespace, config: Config) -> None:
    from watcher.config.edit import apply
    from watcher.config.exchange import read_objects, read_text
    from watcher.config.open_state import open_state_to_run
    from watcher.terminal.console import person, say
    from watcher.terminal.words import count

    edits = read_objects(read_text(Path(args.what)), args.what)
    with open_state_to_run(config) as store:
        done = apply(config, store, edits, person(), datetime.now(UTC)) if edits else []
    say(f"{count(len(done), 'object')} imported; `watch config` shows them, and {args.what} may go")


def _log(args: argparse.Namespace, config: Config) -> None:
    from watcher.config.open_state import open_known_state
    from watcher.terminal.console import print_json, table
    from watcher.terminal.words import moment

    with open_known_state(config) as store:
        found = store.objects.log(args.limit) if store else []
    if args.json:
        names = {"revision": "id", "object": "object", "name": "name", "who": "who", "when": "at"}
        print_json([{said: getattr(each, name) for said, name in names.items()} for each in found])
        return
    rows = [(str(each.id), moment(each.at, config.timezone), each.who, each.object, each.name) for each in found]
    table(("REVISION", "WHEN", "WHO", "OBJECT", "NAME"), rows, right=["REVISION"])


def _undo(args: argparse.Namespace, config: Config) -> None:
    from watcher.config.edit import undo
    from watcher.config.open_state import open_existing_state
    from watcher.terminal.console import person, say

    if not args.what.isascii() or not args.what.isdecimal():
        raise UsageError(f'"{args.what}" is no number of an edit; `watch config log` lists them')
    number = int(args.what)
    with open_existing_state(config, "nothing was edited at the desk") as store:
        done = undo(config, store, number, person(), datetime.now(UTC))
    now = "is no longer at the desk" if done.document is None else "is again as it was before"
    say(f"{done.object} {done.name} {now} (revision {done.id})")
