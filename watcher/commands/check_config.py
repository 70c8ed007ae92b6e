"""See whether watch.toml is right, without fetching or sending anything.

Every problem is told at once, a line each, with its file and key path, and the exit code is 2.
Warnings are about what works but hardly as it is meant: they leave the exit code at 0. Where a channel has templates,
what they make of a sample of a change is shown.

With --offline no secret of a channel is needed: a URL whose ${NAME} is not set is then not looked at.

examples:
  watch check-config
  watch check-config --offline         without the secrets of the channels
  watch --config /etc/registry-watch/watch.toml check-config
  watch check-config --json            for programs
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from watcher.terminal.options import add_json

if TYPE_CHECKING:
    from watcher.config.load import Config

HELP = "see whether watch.toml is right"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What may be unset, and the form of the output."""
    parser.add_argument("--offline", action="store_true", help="do without the secrets of channels that are not set")
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Print ok with counts and warnings: 0. Raises ConfigError with all errors."""
    from watcher.config.load import load_offline, load_to_run
    from watcher.terminal.console import complain, print_json, say

    config = load_offline(args.config) if args.offline else load_to_run(args.config)
    warnings = [*config.warnings, *_unconfined()]
    if args.json:
        print_json({"ok": True, **_counts(config), "warnings": warnings})
        return 0
    for warning in warnings:
        complain(f"warning: {warning}")
    say(f"{config.path}: ok: {_in_words(config)}", hang=2)
    for line in _samples(config):
        say(line, indent=2, hang=2)
    return 0


def _samples(config: Config) -> Iterator[str]:
    """What the templates of channels make of a sample of a change; a URL may have a secret that is not set."""
    for name, channel in config.channels.items():
        if channel.is_templated and channel.problem() is None:
            made = channel.sample()
            yield f"channel {name}: {made.title}"
            yield from (f"  {line}" for line in made.text.splitlines() if line and channel.text)


def _unconfined() -> list[str]:
    """What this machine lacks to confine the process that reads pages."""
    from sources.reading.sandbox import means

    here = means()
    return [] if all(here) else [f"the process that reads pages is confined in part: {here} (docs/security.md)"]


def _counts(config: Config) -> dict[str, Any]:
    disabled = sum(not source.enabled for source in config.sources.values())
    return {
        "sources": len(config.sources),
        "disabled": disabled,
        "entities": len(config.entities),
        "channels": len(config.channels),
        "alerts": len(config.alerts),
    }


def _in_words(config: Config) -> str:
    from watcher.terminal.words import count

    counts = _counts(config)
    off = f" ({counts['disabled']} disabled)" if counts["disabled"] else ""
    return ", ".join(
        [
            count(counts["sources"], "source") + off,
            count(counts["entities"], "entity", "entities"),
            count(counts["channels"], "channel"),
            count(counts["alerts"], "alert rule"),
        ]
    )
