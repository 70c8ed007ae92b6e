"""The command line: parsing and exit codes only. A file in watcher/commands is a command."""

import argparse
import atexit
import errno
import gc
import logging
import os
import signal
import sys
import textwrap
from collections.abc import Collection, Sequence
from contextlib import suppress
from difflib import get_close_matches
from importlib import import_module
from itertools import groupby
from pathlib import Path
from types import ModuleType
from typing import NoReturn

from watcher import commands
from watcher.errors import DONE, FAILED, INTERRUPTED, PIPE_CLOSED, USAGE, fault_code

_ALLOCATIONS = 20_000  # allocations between two runs of the garbage collector

_log = logging.getLogger(__name__)

_INTRODUCTION = """\
Tells you, first and with proof, when something you watch appears or changes
on a public register.

Without a command it runs the daemon, in the foreground."""

FIRST_STEPS = """\
first steps:
  watch init            write a first watch.toml here
  watch check-config    see whether it is right
  watch --once          check every source once
  watch COMMAND --help  learn about a command

procps also installs a `watch`, in /usr/bin: registry-watch is this program under
another name.
"""


class Parser(argparse.ArgumentParser):
    """A parser that reports an error in two lines."""

    def error(self, message: str) -> NoReturn:
        """Print what is wrong with the command line and where to read more, and exit with code 2."""
        self.exit(USAGE, f"{self.prog}: {message}\n{self.prog}: see {self.prog} --help\n")


class Help(argparse.HelpFormatter):
    """Wraps the paragraphs of a long help to the terminal's width; indented lines (examples) stay as they are."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:  # noqa: ARG002 - argparse gives it
        blocks = groupby(text.splitlines(), key=lambda line: not line or line.startswith(" "))
        return "\n".join(
            "\n".join(lines) if as_they_are else textwrap.fill(" ".join(lines), width, break_on_hyphens=False)
            for as_they_are, lines in blocks
        )


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line (default: that of the process). Returns the exit code; raises nothing."""
    argv = sys.argv[1:] if argv is None else list(argv)
    # A service obeys HUP, and may get it before it can: until then it waits. For other commands it ends the process.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGHUP})
    try:
        try:
            code = _run(argv, before)
        except SystemExit as stop:  # argparse: --help, --version, usage errors
            code = stop.code if isinstance(stop.code, int) else DONE
        _flush()
    except BrokenPipeError:  # the reader of our output closed the pipe, as `head` does: exit quietly, too
        code = PIPE_CLOSED
    except KeyboardInterrupt:
        code = INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the last resort: any fault is reported in one line
        code = _report_failure(error)
        if code == FAILED and "--once" in argv:
            code = fault_code()
    # Output that cannot be written is discarded, so that Python does not report it at exit.
    try:
        _flush()
    except OSError:
        with suppress(OSError, ValueError, AttributeError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return code


def _run(argv: Sequence[str], mask: Collection[int]) -> int:
    if "_ARGCOMPLETE" in os.environ:  # a shell asks what may come next: watcher/commands/completion.py
        from watcher.commands.completion import answer

        answer(whole_parser())
    for stream in (sys.stdout, sys.stderr):
        if callable(reconfigure := getattr(stream, "reconfigure", None)):
            reconfigure(errors="backslashreplace")  # a terminal without Cyrillic must not end the program
    # Checks make no reference cycles (tests/watcher/test_cycle_garbage.py), so the collector may run rarely.
    gc.set_threshold(_ALLOCATIONS, 10, 10)
    atexit.register(gc.freeze)  # skip the collection at exit, which would visit all objects
    # Without it, pydantic searches all installed packages for its plugins.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    module, args = parse(argv)
    if not getattr(args, "reloads", False) or getattr(args, "once", False):
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
    gc.disable()  # what is loaded at the start never becomes garbage
    from watcher.terminal import console  # only now: --help and usage errors need none of it

    console.begin()
    console.begin_log(verbose=args.verbose)
    gc.enable()
    return int(module.run(args))


def parse(argv: Sequence[str]) -> tuple[ModuleType, argparse.Namespace]:
    """The command's module and its arguments. Raises SystemExit on a usage error, --help and --version.

    Options before the command's name are parsed first; the rest belongs to the command. Only the module of that command
    is imported.
    """
    top = _top_parser(complete="-h" in argv or "--help" in argv)
    args = top.parse_args(argv)
    if not args.command:
        return import_module("watcher.commands.run_"), args
    name, *rest = args.command
    if misplaced := [option for option in ("once", "source", "json") if getattr(args, option, None)]:
        top.error(f"--{misplaced[0]} before a command belongs to the check; options of {name} stand after it")
    known = command_names()
    if name not in known:
        near = get_close_matches(name, known, n=1)
        top.error(f'there is no command "{name}"' + (f'; did you mean "{near[0]}"?' if near else ""))
    module = import_module(f"watcher.commands.{known[name]}")
    description = _describe(module)
    parser = Parser(prog=f"{top.prog} {name}", formatter_class=Help, description=description, allow_abbrev=False)
    _add_shared(parser, default=False)
    module.add_arguments(parser)
    return module, parser.parse_args(rest, argparse.Namespace(config=args.config, verbose=args.verbose))


def whole_parser() -> Parser:
    """One parser with all commands, for completion and the man page; it imports all of them."""
    parser = _top_parser(complete=False, whole=True)
    several = parser.add_subparsers(metavar="COMMAND", dest="command", prog=parser.prog, parser_class=Parser)
    for name, module_name in sorted(command_names().items()):
        module = import_module(f"watcher.commands.{module_name}")
        command = several.add_parser(name, help=module.HELP, formatter_class=Help, description=_describe(module))
        _add_shared(command, default=False)
        module.add_arguments(command)
    return parser


def _top_parser(*, complete: bool, whole: bool = False) -> Parser:
    program, listed = Path(sys.argv[0]).name, ""
    if complete:
        names = sorted(command_names().items())
        lines = [f"  {name:<14}  {import_module(f'watcher.commands.{module}').HELP}" for name, module in names]
        listed = "\n".join(["commands:", *lines, "", ""])
    parser = Parser(
        prog=program if program in {"watch", "registry-watch"} else "watch",
        usage="%(prog)s [options] [COMMAND ...]",
        formatter_class=Help,
        description=_INTRODUCTION,
        epilog=listed + FIRST_STEPS,
        allow_abbrev=False,
    )
    _add_shared(parser, default=True)
    parser.add_argument("--version", action=_Version, nargs=0, help="say the version and exit")
    import_module("watcher.commands.run_").add_arguments(parser)
    if not whole:
        parser.add_argument("command", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    return parser


def _describe(module: ModuleType) -> str:
    return str(module.__doc__ or module.HELP).strip()


def _add_shared(parser: Parser, *, default: bool) -> None:
    """Options that may stand before the command or after it; after it, they must not reset those before."""
    parser.add_argument(
        "--config",
        metavar="PATH",
        type=Path,
        default=None if default else argparse.SUPPRESS,
        help="the configuration (default: $WATCH_CONFIG, ./watch.toml, /etc/registry-watch/watch.toml)",
    )
    parser.add_argument(
        "-v",
        "--verbose",
        action="store_true",
        default=False if default else argparse.SUPPRESS,
        help="log more, and show where an unexpected error came from",
    )


class _Version(argparse.Action):
    """Looks up the version only when asked: importlib.metadata is slow to import."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from watcher.terminal.words import version_of

        print(f"registry-watch {version_of('registry-watch')}\ndocumentation: {documentation()}")  # noqa: T201 - an answer
        parser.exit()


def documentation() -> Path:
    """The folder of the documents: installed with the program, or beside it in a clone."""
    installed = Path(sys.prefix, "share", "doc", "registry-watch")
    return installed if installed.is_dir() else Path(__file__).parents[1] / "docs"


def command_names() -> dict[str, str]:
    """The names of the commands, and their modules. `run_` runs when no command is given."""
    import pkgutil  # slow to import: a check knows no command's name

    modules = [module.name for module in pkgutil.iter_modules(commands.__path__)]
    return {name.rstrip("_").replace("_", "-"): name for name in modules if name != "run_"}


def _flush() -> None:
    """Write out the buffer now. Python would do it at exit, where a closed pipe cannot be caught."""
    if sys.stdout is not None:
        sys.stdout.flush()


def _report_failure(error: Exception) -> int:
    from watcher.errors import ConfigError, UsageError
    from watcher.terminal.console import complain

    state = sys.modules.get("state.errors")  # it is loaded if a StateError was raised
    if isinstance(error, ConfigError):
        for problem in error.problems:
            complain(problem)
        return USAGE
    if isinstance(error, UsageError):
        complain(str(error))
        return USAGE
    if state and isinstance(error, state.StateError):
        complain(str(error))
        return FAILED
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        complain(
            f"{error.filename or 'the output, or a file'} cannot be written: {error.strerror}: free some, and try again"
        )
        return FAILED
    verbose = _log.isEnabledFor(logging.DEBUG)
    hint = "" if verbose else " (-v shows where)"
    _log.error("unexpected %s: %s%s", type(error).__name__, error, hint, exc_info=error if verbose else None)
    return FAILED


if __name__ == "__main__":
    sys.exit(main())
