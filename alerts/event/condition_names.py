"""The names in a JMESPath expression, compared with a JSON Schema: one that no value has is an error. Pure.

An expression is followed with schemas in the place of values; `{}` is the schema of a value of which nothing is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

Node = Mapping[str, Any]  # of jmespath's syntax tree
Shape = Mapping[str, Any]  # a JSON Schema

LATER = "x-later"  # a key of a schema: why the value is not known when expressions are evaluated
ANYTHING: Shape = {}
_PROJECTIONS = {"projection", "filter_projection", "value_projection"}
_CHAINS = {"subexpression", "pipe", "index_expression"}  # each part is applied to the result of the one before
_PARTS = {"or_expression", "and_expression", "not_expression", "multi_select_list", "multi_select_dict", "key_val_pair"}
_SAME = {"current", "identity", "slice"}
_LITERALS = {"null", "true", "false"}
_SIMPLE = {"string": "a text", "integer": "a number", "number": "a number", "boolean": "true or false"}


def check_names(tree: Node, schema: Shape) -> None:
    """Check the names, literals and functions of an expression over values of a schema.

    Raises ValueError for a name or a literal that no such value has, with a similar one, for what is not known yet, and
    for a function that does not exist or takes another number of arguments.
    """
    _Walk(schema).shape(tree, schema)


class _Walk:
    """Follows an expression. `shape` gives the schema of a node's result, where the node is applied to a schema."""

    def __init__(self, schema: Shape) -> None:
        self._definitions = schema.get("$defs", {})

    def shape(self, node: Node, at: Shape) -> Shape:
        """The schema of a node's result."""
        kind, children = node["type"], node.get("children", ())
        if kind in _PROJECTIONS:
            return self._projected(kind, children, at)
        follow = getattr(self, f"_{kind}", None)
        if follow:
            return dict(follow(node, at))
        if kind in _CHAINS:
            for child in children:
                at = self.shape(child, at)
            return at
        for child in children if kind in _PARTS else ():
            self.shape(child, at)
        return at if kind in _SAME else ANYTHING

    def _field(self, node: Node, at: Shape) -> Shape:
        return self._member(at, node["value"])

    def _index(self, node: Node, at: Shape) -> Shape:  # noqa: ARG002 - as the others
        return self._item(at)

    def _flatten(self, node: Node, at: Shape) -> Shape:
        item = self._item(self.shape(node["children"][0], at))
        return {"type": "array", "items": self._item(item) or item}

    def _projected(self, kind: str, children: Sequence[Node], at: Shape) -> Shape:
        base = self.shape(children[0], at)
        item = self._value(base) if kind == "value_projection" else self._item(base)
        if kind == "filter_projection":
            self.shape(children[2], item)
        return {"type": "array", "items": self.shape(children[1], item)}

    def _comparator(self, node: Node, at: Shape) -> Shape:
        children = node["children"]
        shapes = [self._plain(self.shape(child, at)) for child in children]
        for shape, other in zip(shapes, reversed(children), strict=True):
            known = shape.get("enum")
            if known and other["type"] == "literal" and isinstance(other["value"], str) and other["value"] not in known:
                raise ValueError(
                    f'"{other["value"]}" is no value that it is compared with; {_meant(other["value"], known)}'
                )
        return ANYTHING

    def _function_expression(self, node: Node, at: Shape) -> Shape:
        from jmespath.functions import Functions

        name, children, functions = node["value"], node["children"], Functions.FUNCTION_TABLE
        if name not in functions:
            raise ValueError(f'there is no function "{name}"; {_meant(name, functions)}')
        wanted = functions[name]["signature"]
        enough = len(children) >= len(wanted) if wanted and wanted[-1].get("variadic") else len(children) == len(wanted)
        if not enough:
            raise ValueError(f"{name}() takes {len(wanted)} arguments, not {len(children)}")
        given = [self.shape(child, at) for child in children]
        items = next((item for item in map(self._item, given) if item), ANYTHING)
        for child in children:
            if child["type"] == "expref":
                self.shape(child["children"][0], items)
        return ANYTHING

    def _member(self, shape: Shape, name: str) -> Shape:
        shape = self._plain(shape)
        if "properties" in shape:
            if name not in shape["properties"]:
                raise ValueError(f'"{name}" is a name that no event has; {_meant(name, shape["properties"])}')
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
