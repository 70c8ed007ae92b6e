"""See whether watch.toml is right, without fetching or sending anything.

All problems are shown at once, one per line, with file and key path, and the exit code is 2. Warnings are about
options that work, but probably not as intended, and of a state that cannot be used from here: the exit code stays 0. If
a channel has templates, the message that they make of a sample change is shown.

With --offline no secret of a channel is needed: a URL whose ${NAME} is not set is not checked.

examples:
  watch check-config
  watch check-config --offline         without the secrets of the channels
  watch --config /etc/registry-watch/watch.toml check-config
  watch check-config --json            for programs
"""

import argparse

from watcher.commands import add_json

HELP = "see whether watch.toml is right"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What may be unset, and the form of the output."""
    parser.add_argument("--offline", action="store_true", help="do without the secrets of channels that are not set")
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Print ok with counts and warnings: 0. Raises ConfigError with all errors."""
    from sources.reading.sandbox import means
    from state.errors import StateError
    from watcher.config.load import Sending, load
    from watcher.config.open_state import open_known_state
    from watcher.terminal.console import complain, print_json, say
    from watcher.terminal.words import count
    from watcher.trials.previews import find_late, find_silent

    config, here = load(args.config, Sending(secrets=not args.offline)), means()
    warnings, well = [*config.warnings, *find_late(config)], "ok"
    try:
        with open_known_state(config) as store:
            warnings += find_silent(config, store) if store else []
    except StateError as error:
        well = "ok, but for its state"
        if not config.unread:  # else a warning says it
            warnings.append(f"state: {error}")
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
    say(f"{config.path}: {well}: {', '.join(parts)}", hang=2)
    for name, channel in config.channels.items():
        if channel.is_templated and channel.problem() is None:  # its URL may have a secret that is not set
            made = channel.sample()
            say(f"channel {name}: {made.title}", indent=2, hang=2)
            for line in filter(None, made.text.splitlines() if channel.text else ()):
                say(f"  {line}", indent=2, hang=2)
    return 0
