"""See which watched entities would be found in a text, by which words, and why others would not.

Reads the configuration only: nothing is fetched, stored or sent.

examples:
  watch match "Суд оштрафовал ООО «Пример»"
  watch match --title "Example Inc" "fined again"   an entry: its title and text
  watch match - < article.txt                       a text from standard input
  watch match --json TEXT                           for programs
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from alerts.matching.watchlist import Finding

HELP = "see which watched entities a text mentions, and why"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The text, and the other parts of an entry."""
    parser.add_argument("text", metavar="TEXT", help='the text to look through; "-" reads standard input')
    parser.add_argument("--title", default="", help="the title of the entry that it is the text of")
    parser.add_argument(
        "--field", metavar="NAME=VALUE", action="append", default=[], help="a field of that entry; may be repeated"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of text")


def run(args: argparse.Namespace) -> int:
    """Print the matches: 0. Raises ConfigError; UsageError for a field without a name."""
    from alerts.matching.watchlist import Watchlist
    from sources import Entry
    from watcher.config.load import load
    from watcher.errors import UsageError
    from watcher.terminal.console import print_json, say

    pairs = [field.partition("=") for field in args.field]
    if wrong := [name for name, equals, _ in pairs if not (name.strip() and equals)]:
        raise UsageError(f'--field "{wrong[0]}" is no NAME=VALUE')
    text = sys.stdin.read() if args.text == "-" else args.text
    config = load(args.config)
    entry = Entry("match", args.title or "-", {name: value for name, _, value in pairs}, text=text)
    findings = Watchlist(config.entities).findings(entry)
    if args.json:
        print_json(
            {
                "mentions": [_json(finding) for finding in findings if not finding.against],
                "rejected": [_json(finding) for finding in findings if finding.against],
            }
        )
        return 0
    for finding in sorted(findings, key=lambda finding: finding.against is not None):
        say(_line(finding), hang=2)
    if not findings:
        say(f"no name of the {len(config.entities)} watched entities is in it")
    return 0


def _line(finding: Finding) -> str:
    entity, name, words, field = (
        finding.mention.entity,
        finding.mention.name,
        finding.mention.words,
        finding.mention.field,
    )
    found = f"“{words}” in {field}: the name “{name}”, {finding.how}"
    if finding.near:
        found += f", near “{finding.near}”"
    return f"not {entity}: {found}; but {finding.against}" if finding.against else f"{entity}: {found}"


def _json(finding: Finding) -> dict[str, Any]:
    from watcher.tools.event_json import mention_json

    said: dict[str, Any] = {**mention_json(finding.mention), "start": finding.start, "how": finding.how}
    if finding.near:
        said["near"] = finding.near
    return {**said, "why_not": finding.against} if finding.against else said
