"""Print the JSON Schema of watch.toml, with the options of every kind that is installed; or that of a change.

An editor that knows TOML (VS Code with Even Better TOML, Zed, Helix with taplo) reads the file
that the first line of watch.toml names, and then completes and checks keys as you type:

  #:schema watch.schema.json

examples:
  watch schema > watch.schema.json     after an update, or when a kind was added
  watch schema --event                 of a change in JSON
"""

import argparse

HELP = "print the JSON Schema of watch.toml, or of a change"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which schema."""
    parser.add_argument("--event", action="store_true", help="the JSON Schema of a change in place of watch.toml's")


def run(args: argparse.Namespace) -> int:
    """Print it."""
    from alerts.event.change_json import event_schema
    from sources.loader import kinds
    from watcher.config.files import presets_folder
    from watcher.config.schema import schema
    from watcher.terminal.console import print_json

    print_json(event_schema() if args.event else schema(kinds(presets_folder(args.config))))
    return 0
