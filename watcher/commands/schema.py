"""Print the JSON Schema of watch.toml, with the options of every kind that is installed.

An editor that knows TOML (VS Code with Even Better TOML, Zed, Helix with taplo) reads the file
that the first line of watch.toml names, and then completes and checks keys as you type:

  #:schema watch.schema.json

examples:
  watch schema > watch.schema.json     after an update, or when a kind was added
"""

from __future__ import annotations

import argparse

HELP = "print the JSON Schema of watch.toml"


def add_arguments(_: argparse.ArgumentParser) -> None:
    """No options."""


def run(args: argparse.Namespace) -> int:
    """Print it."""
    from sources.loader import kinds
    from watcher.config.load import presets_folder
    from watcher.config.schema import schema
    from watcher.terminal.console import print_json

    print_json(schema(kinds(presets_folder(args.config))))
    return 0
