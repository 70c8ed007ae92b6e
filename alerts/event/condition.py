"""Conditions of alert rules (`when`): JMESPath expressions over the JSON of a change. Pure.

An expression is evaluated in this process, over foreign data. So its length is limited when it is loaded, the size of
the data before it is evaluated, and what it makes meanwhile (evaluation.py). Its names are compared with the JSON
Schema of a change: the expression is followed with schemas in the place of values (`{}` for a value of which nothing is
known), and a name that no value has is an error.

Beside JMESPath's functions there are `matches`, `amount`, `date` and `days_since` (evaluation.py).
"""

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from sources.formats.json_paths import compile_path
from sources.options import compile_re2
from sources.text import clean
from state.model import Event

LONGEST = 1000  # characters of an expression
MOST_CHARACTERS = 2_000_000  # of the names and values of a change
_LONGEST_REASON = 200  # characters of an error, which may quote a foreign value

# Rules are applied before a change is written, so this is not known then.
_LATER = {
    "id": "a change is numbered when it is written",
    "proof": "the proof is made when a change is written",
    "link": "a change has a page when it is written",
    "related": "what is related is looked up when a message is composed",
}

Node = Mapping[str, Any]  # of jmespath's syntax tree
Shape = Mapping[str, Any]  # a JSON Schema

# The tables of fields; the schema of their values, where it is not that of both sides.
_OF_FIELDS: Mapping[str, Shape] = {
    "fields": {},
    "changed": {},
    "before": {"type": "string"},
    "after": {"type": "string"},
}
LATER = "x-later"  # a key of a schema: why the value is not known when expressions are evaluated
WHOSE = "x-whose"  # a key of a schema: who has none but its names
ANYTHING: Shape = {}
_PARTS = {"or_expression", "and_expression", "not_expression", "multi_select_list", "multi_select_dict", "key_val_pair"}
_LITERALS = {"null", "true", "false"}
_SIMPLE = {"string": "a text", "integer": "a number", "number": "a number", "boolean": "true or false"}


class ConditionError(Exception):
    """A condition cannot be applied to a change; the message says why."""


def check_condition(expression: str, fields: frozenset[str] | None = None) -> str:
    """The expression, if it can be applied to a change; one of entries with these fields, where they are known. Raises
    ValueError with what is wrong.
    """
    from jmespath.exceptions import JMESPathError

    if len(expression) > LONGEST:
        raise ValueError(f"has to have {LONGEST:,} characters at most")
    try:
        _Walk(schema := _schema(fields)).shape(compile_path(expression).parsed, schema)
    except JMESPathError as error:
        raise ValueError(f"is not a JMESPath: {' '.join(str(error).split())}") from None
    except RecursionError:
        raise ValueError("is not a JMESPath that can be read: it is nested too deeply") from None
    return expression


def holds(expression: str, event: Event) -> bool:
    """Whether a change meets a condition. Raises ConditionError."""
    value = value_of(expression, event)
    return not (value is None or value is False or value in ("", [], {}))


def value_of(expression: str, event: Event) -> Any:
    """The value of an expression for a change. Raises ConditionError."""
    from alerts.event.change_json import change_json
    from alerts.event.evaluation import BoundedInterpreter

    entry, fields = event.data.get("entry", {}), event.data["fields"]
    values = sum(len(name) + len(value) for name, value in entry.items())
    sides = sum(len(name) + len(side["before"] or "") + len(side["after"] or "") for name, side in fields.items())
    if values + sides + len(event.data["title"]) + len(event.data["key"]) > MOST_CHARACTERS:
        raise ConditionError(f"the change has more than {MOST_CHARACTERS:,} characters")
    try:
        return BoundedInterpreter(event.at).visit(compile_path(expression).parsed, change_json(event))
    except Exception as error:  # noqa: BLE001 - its functions raise whatever a foreign value leads to
        reason = clean(str(error)) or type(error).__name__
        raise ConditionError(reason[:_LONGEST_REASON]) from None


@lru_cache(maxsize=32)
def _schema(fields: frozenset[str] | None) -> Mapping[str, Any]:
    """The schema of a change, in which what is not known yet says so, and tables have these fields alone if given."""
    from alerts.event.change_json import event_schema

    schema = event_schema()
    later = {name: {LATER: reason} for name, reason in _LATER.items()}
    known = schema["properties"] | later
    for name, side in _OF_FIELDS.items() if fields is not None else ():
        values = side or known[name]["additionalProperties"]
        own = {"additionalProperties": values, "properties": dict.fromkeys(sorted(fields or ()), values)}
        known[name] = {"type": "object", **own, WHOSE: "no source of this rule has had"}
    return {**schema, "properties": known}


class _Walk:
    """Follows an expression. `shape` gives the schema of a node's result, where the node is applied to a schema.

    It raises ValueError for a name or a literal that no such value has, with a similar one, for what is not known yet,
    for a function that does not exist or takes another number of arguments, and for a pattern that is none.
    """

    def __init__(self, schema: Shape) -> None:
        self._definitions = schema.get("$defs", {})

    def shape(self, node: Node, at: Shape) -> Shape:
        """The schema of a node's result."""
        kind, children = node["type"], node.get("children", ())
        found = at if kind in {"current", "identity", "slice"} else ANYTHING
        if kind == "field":
            found = self._member(at, node["value"])
        elif kind == "index":
            found = self._item(at)
        elif kind == "flatten":
            item = self._item(self.shape(children[0], at))
            found = {"type": "array", "items": self._item(item) or item}
        elif kind in {"projection", "filter_projection", "value_projection"}:
            base = self.shape(children[0], at)
            item = self._value(base) if kind == "value_projection" else self._item(base)
            if kind == "filter_projection":
                self.shape(children[2], item)
            found = {"type": "array", "items": self.shape(children[1], item)}
        elif kind in {"subexpression", "pipe", "index_expression"}:  # each part is applied to the result before
            found = at
            for child in children:
                found = self.shape(child, found)
        elif kind == "comparator":
            self._check_comparison(children, at)
        elif kind == "function_expression":
            self._check_call(node["value"], children, at)
        elif kind in _PARTS:
            for child in children:
                self.shape(child, at)
        return found

    def _check_comparison(self, children: Sequence[Node], at: Shape) -> None:
        shapes = [self._plain(self.shape(child, at)) for child in children]
        for shape, other in zip(shapes, reversed(children), strict=True):
            known, value = shape.get("enum"), other.get("value")
            if known and other["type"] == "literal" and isinstance(value, str) and value not in known:
                raise ValueError(f'"{value}" is not a value that occurs there; {_meant(value, known)}')

    def _check_call(self, name: str, children: Sequence[Node], at: Shape) -> None:
        from alerts.event.evaluation import BoundedFunctions

        functions = BoundedFunctions.FUNCTION_TABLE
        if name not in functions:
            raise ValueError(f'the function "{name}" does not exist; {_meant(name, functions)}')
        wanted = functions[name]["signature"]
        enough = len(children) >= len(wanted) if wanted and wanted[-1].get("variadic") else len(children) == len(wanted)
        if not enough:
            raise ValueError(f"{name}() takes {len(wanted)} arguments, not {len(children)}")
        if name == "matches":
            if children[0]["type"] != "literal" or not isinstance(pattern := children[0]["value"], str):
                raise ValueError("matches() takes its pattern first, in quotes: matches('^A', title)")
            compile_re2(pattern)
        given = [self.shape(child, at) for child in children]
        items = next((item for item in map(self._item, given) if item), ANYTHING)
        for child in children:
            if child["type"] == "expref":
                self.shape(child["children"][0], items)

    def _member(self, shape: Shape, name: str) -> Shape:
        shape = self._plain(shape)
        if "properties" in shape:
            if name not in shape["properties"]:
                whose = shape.get(WHOSE, "no event has")
                raise ValueError(f'"{name}" is a name that {whose}; {_meant(name, shape["properties"])}')
            found: Shape = shape["properties"][name]
            if LATER in found:
                raise ValueError(f'"{name}" is not known when rules are applied: {found[LATER]}')
            return found
        if shape.get("type") in _SIMPLE:
            raise ValueError(f'"{name}" is asked of {_SIMPLE[shape["type"]]}, which has no names')
        return self._value(shape)

    def _value(self, shape: Shape) -> Shape:
        """The schema of any value of a table whose names are free."""
        values = self._plain(shape).get("additionalProperties")
        return values if isinstance(values, Mapping) else ANYTHING

    def _item(self, shape: Shape) -> Shape:
        found: Shape = self._plain(shape).get("items", ANYTHING)
        return found

    def _plain(self, shape: Shape) -> Shape:
        """A schema without its reference, and without null beside one other schema."""
        while True:
            if "$ref" in shape:
                shape = self._definitions[shape["$ref"].rpartition("/")[2]]
            elif "anyOf" in shape:
                others = [each for each in shape["anyOf"] if each.get("type") != "null"]
                shape = others[0] if len(others) == 1 else ANYTHING
            else:
                return shape


def _meant(word: str, known: Iterable[str]) -> str:
    if word in _LITERALS:
        return f"the value itself is written in backticks: `{word}`"
    names = list(known)
    near = get_close_matches(word, names, n=1)
    return f'did you mean "{near[0]}"?' if near else "there are " + ", ".join(f'"{name}"' for name in names)
