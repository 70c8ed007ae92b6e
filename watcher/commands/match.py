"""See which watched entities would be found in a text, by which words, and why others would not.

Reads the configuration only: nothing is fetched, stored or sent. With --event, it shows instead which alert rules are
for a change in the log, what their conditions (`when`) make of it, and because of which option others are not.

examples:
  watch match "Суд оштрафовал ООО «Пример»"
  watch match --title "Example Inc" "fined again"   an entry: its title and text
  watch match - < article.txt                       a text from standard input
  watch match --json TEXT                           for programs
  watch match --event 17              all rules, for change 17 of `watch log`
  watch match --event 17 --rule 2     one rule, by its number or its name
"""

import argparse
import sys
from typing import Any

from watcher.commands import add_json
from watcher.errors import UsageError

HELP = "see whom a text mentions, or which rules are for a change"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The text, and the other parts of an entry; or a change, and a rule."""
    parser.add_argument("text", metavar="TEXT", nargs="?", help='the text to look through; "-" reads standard input')
    parser.add_argument("--title", default="", help="the title of the entry that it is the text of")
    parser.add_argument(
        "--field", metavar="NAME=VALUE", action="append", default=[], help="a field of that entry; may be repeated"
    )
    parser.add_argument(
        "--event", metavar="ID", type=int, help="a change in the log, by its number, in place of a text"
    )
    parser.add_argument("--rule", metavar="N", help="with --event: only this rule, by its number or its name")
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Print the matches: 0. Raises ConfigError; UsageError for a field without a name, an unknown change or rule."""
    if (args.text is None) is (args.event is None):
        raise UsageError("name a text to look through, or a change: watch match TEXT, or watch match --event ID")
    if args.rule is not None and args.event is None:
        raise UsageError("--rule is tried on a change: watch match --event ID --rule N")
    return _match_text(args) if args.event is None else _match_rules(args)


def _match_rules(args: argparse.Namespace) -> int:
    import json

    from state.model import EventKind
    from watcher.config.load import load
    from watcher.config.open_state import open_known_state
    from watcher.terminal.console import print_json, say
    from watcher.trials.previews import try_rules

    config = load(args.config)
    with open_known_state(config) as store:
        event = store.log.event(args.event) if store else None
    if event is None or event.kind is not EventKind.CHANGE:
        raise UsageError(f"there is no change {args.event} in the log; `watch log` shows their numbers")
    found = try_rules(config.alerts, event, args.rule)
    if args.json:
        print_json({"event": event.id, "rules": [verdict.dump() for verdict in found]})
        return 0
    for verdict in found:
        line = f"does not fire: {verdict.unmet}" if verdict.unmet else f"fires: to {', '.join(verdict.rule.to)}"
        value = json.dumps(verdict.value, ensure_ascii=False)[:200]  # characters of a condition's value
        fault = f"; its condition cannot be applied: {verdict.fault}" if verdict.fault else ""
        say(f"{verdict.name}: {line}{fault or (f'; when gives {value}' if verdict.rule.when else '')}", hang=4)
    return 0


def _match_text(args: argparse.Namespace) -> int:
    from alerts.event.change_json import mention_json
    from alerts.matching.watchlist import Watchlist
    from sources import Entry
    from state.model import Mention
    from watcher.config.load import load
    from watcher.terminal.console import print_json, say

    pairs = [field.partition("=") for field in args.field]
    if wrong := [name for name, equals, _ in pairs if not (name.strip() and equals)]:
        raise UsageError(f'--field "{wrong[0]}" is not NAME=VALUE')
    text = sys.stdin.read() if args.text == "-" else args.text
    config = load(args.config)
    entry = Entry("match", args.title or "-", {name: value for name, _, value in pairs}, text=text)
    findings = Watchlist(config.entities).findings(entry)
    if args.json:
        told: dict[bool, list[dict[str, Any]]] = {True: [], False: []}
        for each in findings:
            said = {**mention_json(Mention(*each[:4])), "start": each.start, "how": each.how}
            more = {"near": each.near, "why_not": each.against}
            told[not each.against].append(said | {name: value for name, value in more.items() if value})
        print_json({"mentions": told[True], "rejected": told[False]})
        return 0
    for finding in sorted(findings, key=lambda finding: finding.against is not None):
        near = f", near “{finding.near}”" if finding.near else ""
        found = f"“{finding.words}” in {finding.field}: the name “{finding.name}”, {finding.how}{near}"
        but = f"; but {finding.against}" if finding.against else ""
        say(f"{'not ' if but else ''}{finding.entity}: {found}{but}", hang=2)
    if not findings:
        say(f"no name of the {len(config.entities)} watched entities is in it")
    return 0
