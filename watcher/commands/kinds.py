"""List the kinds of sources, or explain one of them with its options.

A kind says how a source is read. The generic ones (table, list, feed, json, ...) read any page
of their form; the others know one site. A kind is one file, in sources/kinds or in a package
of your own.

examples:
  watch kinds                list them
  watch kinds feed           what it reads, and its options
  watch kinds feed --json    for programs
"""

from __future__ import annotations

import argparse
import re
from typing import TYPE_CHECKING, Any

from watcher.commands import add_json

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

    from sources import Source

HELP = "list the kinds of sources, or the options of one"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which kind."""
    parser.add_argument("kind", nargs="?", metavar="KIND", help="explain this kind")
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Print the list, or one kind. Raises UsageError for an unknown kind."""
    from sources.loader import KindError, kind, kinds
    from watcher.config.files import presets_folder
    from watcher.errors import UsageError
    from watcher.terminal.console import complain, print_json

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
    if args.json:
        print_json({"kinds": [_describe(name, model) for name, model in sorted(models.items())]})
    elif args.kind:
        _explain(args.kind, models[args.kind])
    else:
        _list(models)
    return 0


def _list(models: dict[str, type[Source]]) -> None:
    from watcher.terminal.console import say
    from watcher.terminal.tables import table

    rows = [(name, model.proven or "", _summary(model)) for name, model in sorted(models.items())]
    table(["KIND", "PROVEN BY", "READS"], rows)
    say()
    say(_MARKS)
    say("`watch kinds KIND` explains one of them.")


def _explain(name: str, model: type[Source]) -> None:
    from watcher.terminal.console import say
    from watcher.terminal.tables import table

    say(f'kind = "{name}"')
    say()
    for line in _WITHIN.sub(" ", "\n".join(_help(model))).splitlines():
        say(line)
    unless = "`fields` names it" if "fields" in model.model_fields else "`personal` is []"
    # The facts about a kind for one site
    said = {
        "it is a case of": model.rests_on.kind if model.rests_on else "",
        "proven by": _PROVEN.get(model.proven or "", ""),
        "what would prove it": _wanted(model),
        "documented at": model.documented,
        "the site asks for": model.asks,
        f"left out unless {unless}": ", ".join(model.model_fields["personal"].default),
    }
    for line in ["", *(f"{what}: {value}" for what, value in said.items() if value)]:
        say(line)
    own, common = _options(model)
    for heading, options in (("its own options", own), ("options of every source", common)):
        if options:
            say()
            say(f"{heading}:")
            rows = [
                (option["name"], option["type"], _shown_default(option), option["description"]) for option in options
            ]
            table(["OPTION", "TYPE", "DEFAULT", "MEANING"], rows)


def _shown_default(option: dict[str, Any]) -> str:
    import json

    if option["required"]:
        return "required"
    default = option["default"]
    empty = default in (None, "", [], {}) or isinstance(default, dict)  # a table with nothing set
    return "" if empty else json.dumps(option["default"], ensure_ascii=False)


def _describe(name: str, model: type[Source]) -> dict[str, Any]:
    own, common = _options(model)
    return {
        "kind": name,
        "summary": _summary(model),
        "help": "\n".join(_help(model)),
        "authority": model.model_fields["authority"].default,
        "proven": model.proven,
        "wanted": _wanted(model) or None,
        "documented": model.documented or None,
        "asks": model.asks or None,
        "rests_on": model.rests_on.kind if model.rests_on else None,
        "options": own,
        "common": common,
    }


def _wanted(model: type[Source]) -> str:
    """What would prove more of it, and how to get that; "" if nothing is missing."""
    some = "" if model.proven in ("captures", None) else "an answer of the site, as it was fetched"
    wanted = model.wanted or some
    return wanted and f"{wanted}; `watch catalog report NAME` writes it, where NAME is a source of this kind"


def _help(model: type[Source]) -> list[str]:
    from inspect import cleandoc

    return cleandoc(model.__doc__ or "").splitlines()


def _summary(model: type[Source]) -> str:
    return next(iter(_help(model)), "")


def _options(model: type[Source]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The kind's own options with `url`, then the common ones, with the kind's defaults."""
    from sources import Source

    own: list[dict[str, Any]] = []
    common: list[dict[str, Any]] = []
    for name, option in model.model_fields.items():
        inherited = Source.model_fields.get(name)
        described = _option(option.alias or name, option)
        (common if inherited and name != "url" else own).append(described)
    return own, common


def _option(name: str, option: FieldInfo) -> dict[str, Any]:
    from pydantic import TypeAdapter

    required = option.is_required()
    adapter: TypeAdapter[Any] = TypeAdapter(option.rebuild_annotation())
    default = None if required else adapter.dump_python(option.get_default(call_default_factory=True), mode="json")
    kind = _type_name(adapter.json_schema())
    description = option.description or ""
    return {"name": name, "type": kind, "required": required, "default": default, "description": description}


def _type_name(schema: dict[str, Any]) -> str:
    """A JSON Schema's type in a few words: `text`, `list of text`, `duration`."""
    if "anyOf" in schema:
        names = [_type_name(part) for part in schema["anyOf"] if part.get("type") != "null"]
        return " or ".join(dict.fromkeys(names))
    if "enum" in schema or "const" in schema:
        return ", ".join(map(str, schema.get("enum", [schema.get("const")])))
    if schema.get("type") == "array":
        return f"list of {_type_name(schema.get('items', {}))}"
    if schema.get("type") == "object" or "$ref" in schema:  # a reference leads to a model, which is a table
        return "table"
    if "1h30m" in schema.get("examples", ()):
        return "duration"
    return _WORDS.get(schema.get("type", ""), "any")


_WITHIN = re.compile(r"(?<=\S)\n(?=[\w`(])")  # a break between lines of one paragraph, which is as wide as code is
_PROVEN = {
    "captures": "saved pages of such sites, which it reads",
    "documents": "what the site says of itself; no page of it was saved",
    "hearsay": "hearsay only: compare what it reads with the site",
}
_MARKS = "Proven by captures: saved pages; by documents: the site's own; by hearsay: check whether it fits."
_WORDS = {"string": "text", "integer": "number", "number": "number", "boolean": "true/false"}
