"""Write a first watch.toml, with comments that explain it, and its JSON Schema beside it.

The configuration works as it is: it watches one register that everyone can read, and prints
what changes. Every other table is there as a comment. No channel is active in it, so nothing
is sent until you add one.

Only you and your group can read the files (mode 0640), as watch.toml may contain secrets. A
service that runs as another user needs access: `make install` gives it.

examples:
  watch init              into this folder
  watch init --story telegram    every register, outlet and channel of the story
  watch init /etc/registry-watch
  watch init --force      write over what is there
"""

import argparse
from pathlib import Path

from watcher.errors import UsageError

HELP = "write a first watch.toml and its schema"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to, and whether existing files may be overwritten."""
    parser.add_argument(
        "folder", nargs="?", metavar="FOLDER", type=Path, default=Path(), help="where to (default: here)"
    )
    parser.add_argument("--story", metavar="NAME", help="with the sources of a story: telegram")
    parser.add_argument("--force", action="store_true", help="write over files that are there")


def run(args: argparse.Namespace) -> int:
    """Write both files and print the next steps. Raises UsageError for an unknown story, and instead of overwriting."""
    import json

    from sources.loader import kinds
    from watcher.config.files import open_closed
    from watcher.config.schema import schema
    from watcher.terminal.console import say

    starter = starting(args.story)
    config, schema_file = args.folder / "watch.toml", args.folder / "watch.schema.json"
    there = [str(file) for file in (config, schema_file) if file.exists()]
    if there and not args.force:
        raise UsageError(f"{' and '.join(there)}: already there, and left as it is; --force writes over it")
    texts = {config: starter, schema_file: json.dumps(schema(kinds()), ensure_ascii=False, indent=2) + "\n"}
    try:
        args.folder.mkdir(parents=True, exist_ok=True)
        for file, text in texts.items():
            with open(file, "w", encoding="utf-8", opener=open_closed) as opened:
                opened.write(text)
    except OSError as error:
        raise UsageError(f"{error.filename}: cannot be written: {error.strerror}") from None
    source = "tass" if args.story else "federal-register"
    option = "" if config.parent == Path() else f" --config {config}"
    steps = {
        f"watch{option} try {source} --limit 3": "see what is read from one source",
        f"watch{option} --once": "read every source once; the first time is the baseline",
        f"$EDITOR {config}": "your own sources, and a channel for the alerts",
    }
    say(f"wrote {config} and {schema_file} (for your editor)")
    say()
    say("next:")
    for command, purpose in steps.items():
        say(f"{command:<{max(map(len, steps))}}   {purpose}", indent=2, hang=4)
    return 0


def starting(story: str | None = None) -> str:
    """The configuration to start with, or that of a story. Raises UsageError with the existing ones."""
    from importlib.resources import files

    if story is None:
        return files("watcher").joinpath("starter.toml").read_text("utf-8")
    stories = {file.name.removesuffix(".toml"): file for file in files("watcher").joinpath("stories").iterdir()}
    if story not in stories:
        are = "is" if len(stories) == 1 else "are"
        raise UsageError(f'there is no story "{story}"; there {are}: {", ".join(sorted(stories))}')
    return stories[story].read_text("utf-8")
