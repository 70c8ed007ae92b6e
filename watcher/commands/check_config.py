"""See whether watch.toml is right, without fetching or sending anything.

All problems are shown at once, one per line, with file and key path, and the exit code is 2. Warnings are about
options that work, but probably not as intended: the exit code stays 0. If a channel has templates, the message that
they make of a sample change is shown.

With --offline no secret of a channel is needed: a URL whose ${NAME} is not set is not checked.

examples:
  watch check-config
  watch check-config --offline         without the secrets of the channels
  watch --config /etc/registry-watch/watch.toml check-config
  watch check-config --json            for programs
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from watcher.commands import add_json

if TYPE_CHECKING:
    from watcher.config.load import Config

HELP = "see whether watch.toml is right"

_MONTH = timedelta(days=31)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What may be unset, and the form of the output."""
    parser.add_argument("--offline", action="store_true", help="do without the secrets of channels that are not set")
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Print ok with counts and warnings: 0. Raises ConfigError with all errors."""
    from sources.reading.sandbox import means
    from watcher.config.load import Sending, load
    from watcher.terminal.console import complain, print_json, say
    from watcher.terminal.words import count

    config, here = load(args.config, Sending(secrets=not args.offline)), means()
    warnings = [*config.warnings, *_find_late(config), *_ask_state(config)]
    if not all(here):  # what this machine lacks to confine that process
        warnings.append(f"the process that reads pages is confined in part: {here} (docs/security.md)")
    disabled = sum(not source.enabled for source in config.sources.values())
    if args.json:
        warnings = [*filter(None, [config.waiting]), *warnings]  # for people it is in the log
        counts = {name: len(getattr(config, name)) for name in ("entities", "channels", "alerts")}
        found = {"sources": len(config.sources), "disabled": disabled, **counts}
        print_json({"ok": True, **found, "warnings": warnings})
        return 0
    for warning in warnings:
        complain(f"warning: {warning}")
    parts = (
        count(len(config.sources), "source") + (f" ({disabled} disabled)" if disabled else ""),
        count(len(config.entities), "entity", "entities"),
        count(len(config.channels), "channel"),
        count(len(config.alerts), "alert rule"),
    )
    say(f"{config.path}: ok: {', '.join(parts)}", hang=2)
    for name, channel in config.channels.items():
        if channel.is_templated and channel.problem() is None:  # its URL may have a secret that is not set
            made = channel.sample()
            say(f"channel {name}: {made.title}", indent=2, hang=2)
            for line in filter(None, made.text.splitlines() if channel.text else ()):
                say(f"  {line}", indent=2, hang=2)
    return 0


def _ask_state(config: Config) -> Iterator[str]:
    """Warnings of what the entries that are stored tell of the rules. A state that cannot be read is left alone."""
    from state.errors import StateError
    from watcher.config.open_state import open_known_state
    from watcher.trials.previews import find_silent

    try:
        with open_known_state(config) as store:
            yield from find_silent(config, store) if store else ()
    except StateError as error:
        yield f"what its rules find could not be looked up: {error}"


def _find_late(config: Config) -> Iterator[str]:
    """Warnings of sources whose calendar lets them wait longer than a month, or than `slowest` if that is longer."""
    from watcher.schedule.due_times import Timing

    now, longest = datetime.now(UTC), max(_MONTH, config.schedule.slowest or _MONTH)
    for name, source in config.sources.items():
        calendar = Timing.of(source, None, config.timezone).calendar if source.enabled else None
        if calendar is None:
            continue
        due, at = calendar.next_at(now) if calendar.at else calendar.opens(now), f"sources.{name}"
        if due is None:
            yield f"{at}.at: none of its times in ten years is within its hours: it is not checked"
        elif due - now > longest:
            yield f"{at}: it rests until {due.astimezone(calendar.zone):%Y-%m-%d %H:%M}, for {(due - now).days} days"
