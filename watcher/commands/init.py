"""Write a first watch.toml, with comments that explain it, and its JSON Schema beside it.

The configuration works as it is: it watches the register, the press and the channel of the
story that this program was made for, and prints what changes. No channel is active in it,
so nothing is sent before you say where to.

Only you and your group can read the files (mode 0640), as secrets may come to stand in
watch.toml. A service whose user is another has to be let in: `make install` does that.

examples:
  watch init              into this folder
  watch init --story telegram    every register, outlet and channel of the story
  watch init /etc/registry-watch
  watch init --force      write over what is there
"""

from __future__ import annotations

import argparse
from pathlib import Path

HELP = "write a first watch.toml and its schema"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to, and whether files that are there may be lost."""
    parser.add_argument(
        "folder", nargs="?", metavar="FOLDER", type=Path, default=Path(), help="where to (default: here)"
    )
    parser.add_argument("--story", metavar="NAME", help="with the sources of a story: telegram")
    parser.add_argument("--force", action="store_true", help="write over files that are there")


def run(args: argparse.Namespace) -> int:
    """Write both files and print the next steps. Raises UsageError for a story unknown, and rather than overwrite."""
    import json

    from sources.loader import kinds
    from watcher.config.schema import schema
    from watcher.errors import UsageError

    starter = _story(args.story) if args.story else STARTER
    config, schema_file = args.folder / "watch.toml", args.folder / "watch.schema.json"
    there = [str(file) for file in (config, schema_file) if file.exists()]
    if there and not args.force:
        raise UsageError(f"{' and '.join(there)}: already there, and left as it is; --force writes over it")
    text = json.dumps(schema(kinds()), ensure_ascii=False, indent=2) + "\n"
    try:
        args.folder.mkdir(parents=True, exist_ok=True)
        _write(config, starter)
        _write(schema_file, text)
    except OSError as error:
        raise UsageError(f"{error.filename}: cannot be written: {error.strerror}") from None
    _next_steps(config, schema_file)
    return 0


def _write(file: Path, text: str) -> None:
    from watcher.config.files import closed

    with open(file, "w", encoding="utf-8", opener=closed) as opened:
        opened.write(text)


def _story(name: str) -> str:
    """The configuration of a story. Raises UsageError, which names those there are."""
    from importlib.resources import files

    from watcher.errors import UsageError

    stories = {file.name.removesuffix(".toml"): file for file in files("watcher").joinpath("stories").iterdir()}
    if name not in stories:
        raise UsageError(f'there is no story "{name}"; the stories: {", ".join(sorted(stories))}')
    return stories[name].read_text("utf-8")


def _next_steps(config: Path, schema_file: Path) -> None:
    from watcher.terminal.console import say

    option = "" if config.parent == Path() else f" --config {config}"
    steps = {
        f"watch{option} --once": "read every source once; the first time is the baseline",
        f"watch{option} try tass": "see what is read from one source",
        f"$EDITOR {config}": "your own sources, and a channel for the alerts",
    }
    say(f"wrote {config} and {schema_file} (for your editor)")
    say()
    say("next:")
    for command, purpose in steps.items():
        say(f"{command:<{max(map(len, steps))}}   {purpose}", indent=2, hang=4)


STARTER = """\
#:schema watch.schema.json
# Registry Watch. `watch check-config` checks this file, `watch kinds` lists how sources can be read.

state = "sqlite:///state.db"      # beside this file
timezone = "Europe/Moscow"        # of the times in messages

[http]
user_agent = "registry-watch"     # better with a contact: "registry-watch (+mailto:you@example.org)"

# What you watch for, under all of its names.
[entities.telegram]
names = ["Telegram", "Телеграм", "Telegram Messenger Inc"]

[entities.max]
names = ["MAX", "Max"]
context = ["мессенджер", "messenger", "VK"]     # a short name counts only near one of these
not = ["Max Verstappen", "Pro Max"]

# Where you look. The register itself: a record.
[sources.rkn-landing]
kind = "rkn_landing"
every = "5m"

# The press: a report.
[sources.tass]
kind = "feed"
url = "https://tass.ru/rss/v2.xml"

# The party itself: a statement.
[sources.durov]
kind = "telegram"
channel = "durov"

# Take the # away to keep the pages of changes, so that others can check them: docs/evidence.md.
# [evidence]

# Who is told: take the # away and set the variables. Any URL of https://appriseit.com/services/ does.
# Without a channel, changes are only printed.
# [channels.desk]
# url = "mailtos://${SMTP_USER}:${SMTP_PASSWORD}@smtp.example.org?to=desk@example.org"
#
# [channels.ops]
# url = "ntfys://${NTFY_TOPIC}"
#
# Changes that mention one of these go to the desk. Without `entities`: every change of the sources.
# [[alerts]]
# entities = ["telegram", "max"]
# sources = ["*"]
# to = ["desk"]
#
# A source that can no longer be read is told to those who can mend it.
# [[alerts]]
# health = true
# to = ["ops"]
"""
