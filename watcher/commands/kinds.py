"""List the kinds of sources, or explain one of them with its options.

A kind says how a source is read. The generic ones (table, list, feed, json, ...) read any page
of their form; the others know one site. A kind is one file, in sources/kinds or in a package
of your own.

examples:
  watch kinds                     list them
  watch kinds --find "sanctions uk"   those about which these words are said
  watch kinds feed                what it reads, and its options
  watch kinds feed --json         for programs
"""

import argparse
import re
from collections.abc import Sequence
from typing import Any

from watcher.commands import add_json

HELP = "list the kinds of sources, or the options of one"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which kind."""
    parser.add_argument("kind", nargs="?", metavar="KIND", help="explain this kind")
    parser.add_argument("--find", metavar="WORDS", help="only those with all these words: a name, a topic, a country")
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Print the list, or one kind. Raises UsageError for an unknown kind."""
    from sources.loader import KindError, kind, kinds
    from watcher.config.files import presets_folder
    from watcher.errors import UsageError
    from watcher.propose.catalogue import describe, find_kinds, rows
    from watcher.terminal.console import complain, print_json, say, table

    own = presets_folder(args.config)
    if args.kind:
        try:
            models = {args.kind: kind(args.kind, own)}
        except KindError as error:
            raise UsageError(str(error)) from None
    else:
        models = kinds(own)
        for problem in models.problems.values():
            complain(str(problem))
    if args.find:
        models = find_kinds(args.find, models)
    if args.json:
        print_json({"kinds": [describe(name, model) for name, model in models.items()]})
    elif args.kind:
        model = models[args.kind]
        _explain(describe(args.kind, model), model.model_fields["personal"].default)
    else:
        if args.find and not models:
            say(f"no kind has all of these words: {args.find}")
            return 0
        table(["KIND", "PROVEN BY", "READS"], rows(models))
        say()
        say(_MARKS)
        say("`watch kinds KIND` explains one of them.")
    return 0


def _explain(kind: dict[str, Any], personal: Sequence[str]) -> None:
    """Print what a kind reads, the facts about one for a single site, and the options."""
    import json

    from watcher.terminal.console import say, table

    say(f'kind = "{kind["kind"]}"')
    say()
    for line in _WITHIN.sub(" ", kind["help"]).splitlines():
        say(line)
    unless = "`fields` names it" if any(each["name"] == "fields" for each in kind["options"]) else "`personal` is []"
    said = {
        "it is a case of": kind["rests_on"],
        "published by": kind["publisher"],
        "country": kind["jurisdiction"],
        "topics": ", ".join(kind["topics"]),
        "proven by": _PROVEN.get(kind["proven"], ""),
        "verified with a page of": kind["verified"],
        "what would prove it": kind["wanted"],
        "documented at": kind["documented"],
        "the site asks for": kind["asks"],
        f"left out unless {unless}": ", ".join(personal),
    }
    for line in ["", *(f"{what}: {value}" for what, value in said.items() if value)]:
        say(line)
    for heading, options in (("its own options", kind["options"]), ("options of every source", kind["common"])):
        rows = list[list[str]]()
        for each in options:
            empty = each["default"] in (None, "", [], {}) or isinstance(each["default"], dict)  # a table, nothing set
            default = "" if empty else json.dumps(each["default"], ensure_ascii=False)
            rows.append([each["name"], each["type"], "required" if each["required"] else default, each["description"]])
        if rows:
            say()
            say(f"{heading}:")
            table(["OPTION", "TYPE", "DEFAULT", "MEANING"], rows)


_WITHIN = re.compile(r"(?<=\S)\n(?=[\w`(])")  # a break between lines of one paragraph, which is as wide as code is
_PROVEN = {
    "captures": "saved pages of such sites, which it reads",
    "documents": "what the site says of itself; no page of it was saved",
    "hearsay": "hearsay only: compare what it reads with the site",
}
_MARKS = "Proven by captures: saved pages; by documents: the site's own; by hearsay: check whether it fits."
