"""A form for a table of the configuration, made from the JSON Schema of its model, and the table that was filled in.
Pure.

A field is called after its key path, with dots: `expect.filled`, `steps.0.click`. What is left empty is not given, as
in a file. A field that nobody has changed keeps the value that it shows: a number stays one, a text of digits a text.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Literal

from alerts.language import mark, phrase
from sources.text import clean
from watcher.config.config_secrets import KeyPath

Shape = Literal["scalar", "list", "pairs", "table", "rows", "any"]
Schema = Mapping[str, Any]

MOST_BOXES = 40  # names that are offered as boxes; where there are more, they are written one a line
_NAME = "-name"  # how the `format` of a text ends that names another object: `channel-name`
_LONGEST_DEFAULT = 80  # characters
_SCALARS = {"string", "integer", "number", "boolean"}
_SWITCH = {"true": mark("yes"), "false": mark("no")}


@dataclass(frozen=True, slots=True)
class FormField:
    """An option in a form, shown as `control`: a line, an area of lines, a choice, boxes, or the `fields` of a table,
    or of each of its rows.

    `text` is its value as somebody types it, `chosen` are those of its `choices` that are taken. `first` says that it
    is not among those that are rarely used, or has a value, or a problem.
    """

    name: str
    control: Literal["line", "area", "choice", "boxes", "table", "rows"]
    label: str
    help: str
    first: bool
    problems: Sequence[str] = ()
    text: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)  # what is sent, and what is shown
    chosen: Collection[str] = ()
    fields: Sequence[FormField] = ()


@dataclass(frozen=True, slots=True)
class FormModel:
    """What a form is made of: the schema of its table, the names that its options may choose from, by their `format`,
    what is wrong with it, by key path, what its group says, and the options that stand first.
    """

    schema: Schema
    known: Mapping[str, Sequence[str]] = field(default_factory=dict)
    problems: Mapping[KeyPath, Sequence[str]] = field(default_factory=dict)
    inherited: Mapping[str, Any] = field(default_factory=dict)
    first: Sequence[str] = ()

    def fields(self, table: Mapping[str, Any]) -> list[FormField]:
        """A field for each option, in the order of the model after those that stand first."""
        properties: Schema = self.schema["properties"]
        order = [*(key for key in self.first if key in properties), *properties]
        required = {*self.schema.get("required", ()), *self.first}
        return [
            self._field(properties[key], (key,), table.get(key), first=key in required) for key in dict.fromkeys(order)
        ]

    def _field(self, spec: Schema, at: KeyPath, value: Any, *, first: bool = False) -> FormField:
        shape, choices = _shape(spec), _choices(spec, self.known)
        found = [(place, message) for place, messages in self.problems.items() for message in messages]
        within = [message for place, message in found if place[: len(at)] == at]
        text, chosen, fields = "" if shape in {"table", "rows"} else _text(spec, value), list[str](), list[FormField]()
        if shape == "table":
            control, table = "table", value if isinstance(value, dict) else {}
            fields = [self._field(each, (*at, key), table.get(key)) for key, each in spec["properties"].items()]
        elif shape == "rows":
            control, rows = "rows", value if isinstance(value, list) else []
            item = _part(spec, "array")["items"]
            fields = [self._field(item, (*at, place), row) for place, row in enumerate([*rows, None])]
        elif shape == "list" and 0 < len(choices) <= MOST_BOXES and not text.startswith("{"):
            control, chosen = "boxes", text.split("\n") if text else []
            choices |= {each: each for each in chosen if each not in choices}
        elif shape == "scalar" and choices:
            control, choices = (
                "choice",
                {"": phrase("not given")} | choices | ({text: choices.get(text, text)} if text else {}),
            )
        else:
            long = shape != "scalar" or "\n" in text or spec.get("format") == "template"
            control = "area" if long else "line"
        return FormField(
            ".".join(map(str, at)),
            control,  # type: ignore[arg-type]  # each branch above gives one of them
            label=f"{at[-1] + 1}" if isinstance(at[-1], int) else at[-1].replace("_", " ").capitalize(),
            help=self._help(spec, at, shape),
            first=first or value is not None or bool(within),
            problems=[message for place, message in found if place == at] if fields else within,
            text=text,
            choices=choices,
            chosen=chosen,
            fields=fields,
        )

    def _help(self, spec: Schema, at: KeyPath, shape: Shape) -> str:
        """What an option is for, how it is written, and what counts where it is not given."""
        about = str(spec.get("description", ""))
        said = [about[:1].upper() + about[1:]]
        said += [{"list": "One a line", "pairs": "One a line: name = value", "any": "As JSON"}.get(shape, "")]
        group = self.inherited.get(str(at[0])) if len(at) == 1 else None
        default = spec.get("default") if group is None else group
        if default not in (None, "", [], {}):
            shown = " ".join(_text(spec, default).split())[:_LONGEST_DEFAULT]
            said.append(f"{'Default' if group is None else 'Its group'}: {_SWITCH.get(shown, shown)}")
        return " ".join(f"{each.rstrip('.')}." for each in said if each)


def read_form(schema: Schema, given: Mapping[str, Sequence[str]], before: Mapping[str, Any], at: str = "") -> Any:
    """The table that was filled in, with the options of the schema; `before` is the one that the form has shown.

    What cannot be understood stays a text: the validation of the configuration says what is wrong with it.
    """
    table = dict[str, Any]()
    for key, spec in schema["properties"].items():
        value = _read(spec, given, f"{at}{key}", before.get(key))
        if value not in ("", [], {}) or before.get(key) == value:
            table[key] = value
    return table


def _read(spec: Schema, given: Mapping[str, Sequence[str]], name: str, before: Any) -> Any:
    shape = _shape(spec)
    if shape == "table":
        return read_form(spec, given, before if isinstance(before, dict) else {}, f"{name}.")
    if shape == "rows":
        was, item = before if isinstance(before, list) else [], _part(spec, "array")["items"]
        starts = (field.removeprefix(f"{name}.").partition(".")[0] for field in given if field.startswith(f"{name}."))
        places = sorted({int(start) for start in starts if start.isascii() and start.isdecimal() and len(start) < 9})
        rows = [_read(item, given, f"{name}.{place}", was[place] if place < len(was) else {}) for place in places]
        return [row for row in rows if row]
    text = "\n".join(given.get(name, ())).replace("\r\n", "\n")
    same = before is not None and _shown(text) == _shown(_text(spec, before))
    return before if same else _value(spec, shape, text)


def _shown(text: str) -> str:
    """A text as a page shows it: without what is invisible, and the ends of lines of this or that system."""
    lines = text.replace("\r\n", "\n").strip().split("\n")
    return "\n".join(" ".join(map(clean, line.split(" "))) for line in lines)


def _value(spec: Schema, shape: Shape, text: str) -> Any:
    """The value that a text stands for."""
    if shape == "scalar":
        return _scalar(spec, text)
    if shape == "any" or text[:1] in {"[", "{"}:
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            if shape == "any":
                return text
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if shape == "pairs":
        inner, pairs = spec["additionalProperties"], [line.partition("=") for line in lines]
        whole = all(sign for _, sign, _ in pairs)
        return {name.strip(): _scalar(inner, value.strip()) for name, _, value in pairs} if whole else text
    item = _part(spec, "array")["items"]
    return lines[0] if len(lines) == 1 and "string" in _types(spec) else [_scalar(item, line) for line in lines]


def _scalar(spec: Schema, text: str) -> str | int | float | bool:
    types, word = _types(spec), text.strip()
    if "boolean" in types and word in _SWITCH:
        return word == "true"
    for kind, read in (("integer", int), ("number", float)):
        with suppress(ValueError):
            if kind in types:
                return read(word)
    return text if spec.get("format") == "template" else word


def _text(spec: Schema, value: Any) -> str:
    """A value as somebody types it: what has no simpler form, as JSON."""
    if value is None or isinstance(value, bool):
        return "" if value is None else str(value).lower()
    if isinstance(value, list) and _shape(spec) == "list" and all(_is_plain(each) for each in value):
        return "\n".join(map(str, value))
    if isinstance(value, dict) and _shape(spec) == "pairs" and all(map(_is_plain, (*value, *value.values()))):
        return "\n".join(f"{name} = {each}" for name, each in value.items())
    nested = isinstance(value, list | dict)  # of a file it may have times
    return json.dumps(value, ensure_ascii=False, indent=1, default=str) if nested else str(value)


def _is_plain(value: Any) -> bool:
    """Whether a value is the same when it is read from a line."""
    return isinstance(value, str | int | float) and not isinstance(value, bool) and "\n" not in str(value)


def _shape(spec: Schema) -> Shape:
    """How the value of an option is made up, by the simplest of its alternatives."""
    types, table = _types(spec), _part(spec, "object")
    items, pair = _part(spec, "array").get("items", {}), table.get("additionalProperties")
    if types <= _SCALARS:
        return "scalar"
    if "array" in types:
        return "rows" if "properties" in items else "list" if items and _types(items) <= _SCALARS else "any"
    if isinstance(pair, dict) and _types(pair) <= _SCALARS:
        return "pairs"
    return "table" if "properties" in table and pair is False else "any"


def _types(spec: Schema) -> set[str]:
    return {part.get("type", "object" if "properties" in part else "any") for part in spec.get("anyOf", [spec])}


def _part(spec: Schema, kind: str) -> Schema:
    """The alternative of a type, empty where there is none."""
    return next((part for part in spec.get("anyOf", [spec]) if part.get("type") == kind), {})


def _choices(spec: Schema, known: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The values that an option, or an item of it, can have, as far as they can be counted."""
    item: Schema = _part(spec, "array").get("items") or spec
    if "enum" in item:
        return {str(each): str(each) for each in item["enum"]}
    if _types(item) == {"boolean"}:
        return {value: phrase(word) for value, word in _SWITCH.items()}
    return {name: name for name in known.get(str(item.get("format")), ())}
