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

_MOST = 50
_ARGUMENTS = {"import": "FILE", "undo": "REVISION"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do, with what."""
    parser.add_argument(
        "action", nargs="?", choices=["export", "import", "log", "undo"], help="without: show what is configured"
    )
    parser.add_argument("what", nargs="?", metavar="FILE|REVISION", help="what to import, or the edit to take back")
    parser.add_argument("--out", metavar="FILE", type=Path, help="with export: a file in place of the standard output")
    add_limit(parser, "edits", _MOST)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Do it: 0. Raises UsageError."""
    from watcher.config.edit import EditError, RefusedEdit
    from watcher.config.load import load

    if (args.action in _ARGUMENTS) is not bool(args.what):
        needs = _ARGUMENTS.get(args.action)
        raise UsageError(f"watch config {args.action} {needs}" if needs else f"watch config takes no {args.what} here")
    if args.out and args.action != "export":
        raise UsageError("--out goes with export")
    actions = {None: _show, "export": _export, "import": _import, "log": _log, "undo": _undo}
    try:
        actions[args.action](args, load(args.config))
    except RefusedEdit as error:
        raise ConfigError(
            [f"{'.'.join(map(str, at))}: {what}" if at else what for at, what in error.problems]
        ) from None
    except EditError as error:
        raise UsageError(str(error)) from None
    return 0


def _show(args: argparse.Namespace, config: Config) -> None:
    from watcher.terminal.console import print_json, say
    from watcher.terminal.tables import table

    found = list(config.objects.values())
    if args.json:
        print_json(
            [{name: getattr(each, name) for name in ("object", "name", "file", "line", "revision")} for each in found]
        )
        return
    if found:
        places = (f"{each.file}:{each.line}" if each.file else f"the desk, revision {each.revision}" for each in found)
        table(
            ("OBJECT", "NAME", "FROM"), [(each.object, each.name, at) for each, at in zip(found, places, strict=True)]
        )
    else:
        say(f"nothing is configured: neither in {config.path} nor at the desk")


def _export(args: argparse.Namespace, config: Config) -> None:
    from watcher.config.exchange import write_objects
    from watcher.config.open_state import open_existing_state
    from watcher.terminal.console import complain, write
    from watcher.terminal.new_file import new_file

    with open_existing_state(config) as store:
        objects = store.objects.current()
    here = [each for each in objects if each[1:3] in config.desk or each[1:3] in config.locked]
    before = _read(args.out) if args.out and args.out.exists() else ""
    text, names = write_objects(here, before)
    if args.out:
        with new_file(args.out, force=True) as file:
            file.write(text.encode())
    else:
        write(text.rstrip("\n"))
    for name in names:
        complain(f"set {name} where the exported file is used")


def _import(args: argparse.Namespace, config: Config) -> None:
    from watcher.config.edit import apply
    from watcher.config.exchange import read_objects
    from watcher.config.open_state import open_state_to_run
    from watcher.terminal.console import person, say
    from watcher.terminal.words import count

    edits = read_objects(_read(Path(args.what)), args.what)
    with open_state_to_run(config) as store:
        done = apply(config, store, edits, person(), datetime.now(UTC)) if edits else []
    say(f"{count(len(done), 'object')} imported; `watch config` shows them, and {args.what} may go")


def _log(args: argparse.Namespace, config: Config) -> None:
    from watcher.config.open_state import open_known_state
    from watcher.terminal.console import print_json, say
    from watcher.terminal.tables import table
    from watcher.terminal.words import moment

    with open_known_state(config) as store:
        found = store.objects.log(args.limit) if store else []
    if args.json:
        keys = ("revision", "object", "name", "who", "when")
        print_json([dict(zip(keys, (*each[:3], each.who, each.at.isoformat()), strict=True)) for each in found])
    elif found:
        rows = [(str(each.id), moment(each.at, config.timezone), each.who, each.object, each.name) for each in found]
        table(("REVISION", "WHEN", "WHO", "OBJECT", "NAME"), rows, right=["REVISION"])
    else:
        say("nothing was edited at the desk")


def _undo(args: argparse.Namespace, config: Config) -> None:
    from watcher.config.edit import undo
    from watcher.config.open_state import open_existing_state
    from watcher.terminal.console import person, say

    if not args.what.isascii() or not args.what.isdecimal():
        raise UsageError(f'"{args.what}" is no revision, such as `watch config log` shows')
    with open_existing_state(config, "nothing was edited at the desk") as store:
        done = undo(config, store, int(args.what), person(), datetime.now(UTC))
    now = "is no longer at the desk" if done.document is None else "is again as it was before"
    say(f"{done.object} {done.name} {now} (revision {done.id})")


def _read(file: Path) -> str:
    """What a file says. Raises UsageError."""
    try:
        return file.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(f"{file}: is not UTF-8 text") from None
    except OSError as error:
        raise UsageError(f"{file}: cannot be read: {error.strerror}") from None
