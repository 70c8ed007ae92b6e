"""Print the script with which a shell completes this program.

Commands and options are completed, and the names of your sources, entities,
channels and kinds. `make install` puts it in place for registry-watch.

examples:
  eval "$(watch completion bash)"       in ~/.bashrc
  eval "$(watch completion zsh)"        in ~/.zshrc, after compinit
  watch completion fish | source        in ~/.config/fish/config.fish
"""

import argparse
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

HELP = "complete commands and names in bash, zsh and fish"

SHELLS = ("bash", "zsh", "fish")
PROGRAMS = ("registry-watch", "watch")
Completer = Callable[..., Iterable[str]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which shell."""
    parser.add_argument("shell", choices=SHELLS, help="the shell")


def run(args: argparse.Namespace) -> int:
    """Print the script: 0. From then on the shell runs the program with $_ARGCOMPLETE set, and argcomplete answers from
    the parser: commands, options, and the names in the configuration.
    """
    print(script(args.shell))
    return 0


def answer(parser: argparse.ArgumentParser) -> None:
    """Answer the shell, and end the process. Returns only where no shell asks."""
    import argcomplete

    attach(parser)
    argcomplete.autocomplete(parser, always_complete_options="long")


def script(shell: str, programs: Iterable[str] = PROGRAMS) -> str:
    """What `shell` has to run, so that it completes these programs."""
    from argcomplete.shell_integration import shellcode

    text: str = shellcode(list(programs), shell=shell)
    return text


def attach(parser: argparse.ArgumentParser) -> None:
    """Say for each argument of the parser, and of its commands, where its values come from."""
    for action in parser._actions:  # noqa: SLF001 - argparse has no public list of them
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 - the parsers of commands
            for command in action.choices.values():
                attach(command)
        elif completer := _completer(parser.prog.split()[-1], action):
            action.completer = completer  # type: ignore[attr-defined]  # argcomplete looks for it


def _completer(command: str, action: argparse.Action) -> Completer | None:
    """The values of an argument, by what its help calls it: NAME is a source but where it names something new."""
    from argcomplete.completers import FilesCompleter, SuppressCompleter

    what = action.metavar if isinstance(action.metavar, str) else ""
    if command in {"add", "init"} and what == "NAME":
        return _stories if command == "init" else SuppressCompleter()
    if action.type is Path or what in {"FOLDER", "FILE", "PATH", "DIR", "PAGE"} or (command, what) == ("add", "URL"):
        return FilesCompleter()
    table = _in_catalog if (command, what) == ("catalog", "NAME") else _TABLES.get(what)
    return table or (SuppressCompleter() if what else None)


def _names(table: str) -> Completer:
    def complete(parsed_args: argparse.Namespace, **_: Any) -> list[str]:
        return sorted(_tree(parsed_args).get(table, {}))

    return complete


def _kinds(parsed_args: argparse.Namespace, **_: Any) -> list[str]:
    from sources.loader import names
    from watcher.config.files import presets_folder

    return sorted(names(presets_folder(getattr(parsed_args, "config", None))))


def _in_catalog(parsed_args: argparse.Namespace, **_: Any) -> list[str]:
    return _kinds(parsed_args) if parsed_args.action == "test" else sorted(_tree(parsed_args).get("sources", {}))


def _stories(**_: Any) -> list[str]:
    from importlib.resources import files

    return [file.name.removesuffix(".toml") for file in files("watcher").joinpath("stories").iterdir()]


def _tree(parsed_args: argparse.Namespace) -> dict[str, Any]:
    """The configuration as it stands there, valid or not; nothing is checked while somebody types."""
    from watcher.config.files import find, read
    from watcher.errors import ConfigError

    try:
        root = read(find(getattr(parsed_args, "config", None))).root
    except ConfigError:
        return {}
    return {name: table for name, table in root.items() if isinstance(table, dict)}


_TABLES: dict[str, Completer] = {
    "NAME": _names("sources"),
    "S": _names("sources"),
    "ENTITY": _names("entities"),
    "E": _names("entities"),
    "CHANNEL": _names("channels"),
    "KIND": _kinds,
}
