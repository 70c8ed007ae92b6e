"""The catalogue: kinds of one site or one list, found by words, and a source of such a kind without a look at its
site.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from inspect import cleandoc
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from sources import Source
from sources.errors import fault_words
from sources.loader import kinds
from sources.text import fold_words
from watcher.delivery.following import phrases
from watcher.errors import UsageError
from watcher.propose.block import block, unused_name

_TYPES = {"string": "text", "integer": "number", "number": "number", "boolean": "true/false"}
_OF_ADDRESSES = re.compile(r"[./:]")


def find_kinds(words: str, models: Mapping[str, type[Source]]) -> dict[str, type[Source]]:
    """The kinds that have each of the words in their name, label, help, publisher, jurisdiction or topics, as the
    desk's search finds them; those first that have all in their names, else by name.
    """
    wanted = phrases(words)

    def stand_in(*texts: str) -> bool:
        told = fold_words(" ".join(texts))
        return bool(wanted) and all(phrase in told for phrase in wanted)

    found = dict[str, type[Source]]()
    for name, model in sorted(models.items()):
        publisher, jurisdiction, topics, _ = model.imprint
        if stand_in(name, model.default_label, publisher, jurisdiction, *topics, model.__doc__ or ""):
            found[name] = model
    return dict(sorted(found.items(), key=lambda each: not stand_in(each[0])))


def offered(words: str, presets: Path | None) -> dict[str, type[Source]]:
    """The kinds that know where their site is, also of the folder `presets`, and are found by what somebody gave in
    place of an address; the one that is called so alone.
    """
    if _OF_ADDRESSES.search(words):
        return {}
    known = {name: model for name, model in kinds(presets).items() if not model.model_fields["url"].is_required()}
    found = find_kinds(words, known)
    return {name: model for name, model in found.items() if fold_words(name) == fold_words(words)} or found


def needed(model: type[Source]) -> dict[str, str]:
    """The options that a source of the kind must give, with what they mean."""
    return {name: option.description or "" for name, option in model.model_fields.items() if option.is_required()}


def summary(model: type[Source]) -> str:
    """What a kind reads, in one line."""
    return cleandoc(model.__doc__ or "").partition("\n")[0]


def rows(models: Mapping[str, type[Source]]) -> Iterator[tuple[str, str, str]]:
    """Each kind for a table: its name, what proves it, and what it reads."""
    return ((name, model.proven or "", summary(model)) for name, model in models.items())


def describe(name: str, model: type[Source]) -> dict[str, Any]:
    """A kind as `watch kinds --json` shows it: `options` are its own with `url`, `common` others with its defaults."""
    # what would prove more of it, and how to get that
    some = "" if model.proven in ("captures", None) else "an answer of the site, as it was fetched"
    wanted, common = model.wanted or some, Source.model_fields.keys() - {"url"}
    how = "`watch catalog report NAME` writes it, where NAME is a source of this kind"
    return {
        "kind": name,
        "summary": summary(model),
        "help": cleandoc(model.__doc__ or ""),
        "authority": model.model_fields["authority"].default,
        "publisher": model.imprint.publisher or None,
        "jurisdiction": model.imprint.jurisdiction or None,
        "topics": model.imprint.topics,
        "proven": model.proven,
        "verified": model.imprint.verified or None,
        "wanted": f"{wanted}; {how}" if wanted else None,
        "documented": model.documented or None,
        "asks": model.asks or None,
        "rests_on": model.rests_on.kind if model.rests_on else None,
        "options": [_option(each, option) for each, option in model.model_fields.items() if each not in common],
        "common": [_option(each, option) for each, option in model.model_fields.items() if each in common],
    }


def _option(name: str, option: FieldInfo) -> dict[str, Any]:
    required = option.is_required()
    adapter: TypeAdapter[Any] = TypeAdapter(option.rebuild_annotation())
    return {
        "name": option.alias or name,
        "type": _type_name(adapter.json_schema()),
        "required": required,
        "default": None
        if required
        else adapter.dump_python(option.get_default(call_default_factory=True), mode="json"),
        "description": option.description or "",
    }


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
    is_duration = "1h30m" in schema.get("examples", ())
    return "duration" if is_duration else _TYPES.get(schema.get("type", ""), "any")


def source_of(
    model: type[Source], given: Mapping[str, str], taken: Collection[str], name: str = "", *, refers: bool
) -> tuple[str, str]:
    """A source of a kind with these options, under `name` or one that is not `taken`: its name, and its tables. With
    `refers`, "${NAME}" in an option is a reference to the environment, else it stands for itself.

    Raises UsageError for an option that is missing, or has no such value.
    """
    if missing := [f"{option} ({meaning})" for option, meaning in needed(model).items() if not given.get(option)]:
        raise UsageError(f"a source of the kind {model.kind} needs {', '.join(missing)}")
    try:
        model.model_validate(given)
    except ValidationError as error:
        raise UsageError(f"a source of the kind {model.kind}: {fault_words(error)}") from None
    name = name or unused_name(model.kind.replace("_", "-"), dict.fromkeys(taken, 1))
    text = block(name, model.kind, None, given, summary(model))
    return name, text.replace("$${", "${") if refers else text
