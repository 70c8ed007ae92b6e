"""See what is wrong with this installation, and what to do about it.

Looks at versions, the configuration, credentials, channels, the disk, the
clock, the units, the state, and whether the servers of the sources are reached:
by name, with a valid certificate, through their proxy. Nothing is fetched, sent
or changed.

The exit code is 0 when nothing is broken (there may be warnings), 1 when
something is, and 2 when the configuration cannot be used.

examples:
  watch doctor
  watch doctor --offline    without the network
  watch doctor --json       for programs
  sudo registry-watch doctor
"""

import argparse

from watcher.commands import add_json

HELP = "see what is wrong with this installation, and what to do"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Whether the network is tried, and the form of the output."""
    parser.add_argument("--offline", action="store_true", help="make no connection")
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Print what was found: 0, 1 if something is broken, 2 if the configuration cannot be used."""
    from watcher.doctor import examine
    from watcher.errors import DONE, FAILED, USAGE
    from watcher.terminal.console import print_json, say
    from watcher.terminal.words import count

    findings, usable = examine(args.config, offline=args.offline)
    levels = [finding.level for finding in findings]
    code = USAGE if not usable else FAILED if "error" in levels else DONE
    if args.json:
        print_json({"ok": "error" not in levels, "findings": [finding._asdict() for finding in findings]})
        return code
    for finding in findings:
        mark = "" if finding.level == "ok" else f"{finding.level}: "
        say(f"{finding.area:<14} {mark}{finding.says}", hang=15)
        if finding.do:
            say(f"-> {finding.do}", indent=15, hang=3)
    say()
    say(f"{count(levels.count('error'), 'error')}, {count(levels.count('warning'), 'warning')}")
    return code
