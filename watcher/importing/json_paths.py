"""JSONPath and jq, as far as they only select, as JMESPath. Pure."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

_MOST_TEXT = 1_000
_COMMA = re.compile(r",(?![^\[(]*[\])])")  # outside brackets
_BARE = re.compile(r"[A-Za-z_]\w*")
_TOKEN = re.compile(
    r"\.?\[\s*(?P<index>-?\d+)\s*\]"
    r"|\.?\[\s*(?P<from>-?\d*)\s*:\s*(?P<to>-?\d*)\s*\]"
    r"|\.?\[\s*\*?\s*\](?P<each>)"
    r"|\.\*(?P<values>)"
    r"|\[\?\(?\s*@\.(?P<member>[A-Za-z_][\w.]*)\s*(?P<sign>==|!=|<=|>=|<|>)\s*"
    r"(?P<value>-?\d+(?:\.\d+)?|true|false|null|\"[^\"\\`]*\"|'[^'\\`]*')\s*\)?\]"
    r"|\.?\[\s*(?:\"(?P<double>[^\"\\]*)\"|'(?P<single>[^'\\]*)')\s*\]"
    r"|\.(?P<name>[A-Za-z_]\w*)"
    r"|\.\"(?P<quoted>[^\"\\]*)\""
)


class NoPath(ValueError):
    """The expression does more than select; the message names the part."""


@dataclass(frozen=True, slots=True)
class Selected:
    """A path, and whether it finds many values. `members` are the member paths of an object made of each."""

    path: str
    many: bool
    members: dict[str, str]


def from_jsonpath(text: str) -> Selected:
    """JSONPath that begins at "$". Raises NoPath."""
    bare = text.strip()
    if not bare.startswith("$"):
        raise NoPath("a JSONPath begins with $")
    return _translate(_check_length(bare)[1:], {})


def from_jq(text: str) -> Selected:
    """jq that selects one path, perhaps with an object of members made of each value. Raises NoPath."""
    whole = re.sub(
        r"\?(?=[.|\[\]},\s]|$)", "", _check_length(text.strip())
    )  # what is absent is null in JMESPath anyway
    if whole.startswith("[") and whole.endswith("]"):  # collects into an array what it finds
        whole = whole[1:-1]
    path, *more = [part.strip() for part in whole.split("|")]
    if not path.startswith("."):
        raise NoPath(f"{path[:40]!r} is not a path")
    members: dict[str, str] = {}
    for index, part in enumerate(more):
        if part.startswith("{") and index == len(more) - 1:
            members = _object(part)
        elif part.startswith("."):
            path = f"{path}{part}" if part != "." else path
        else:
            raise NoPath(f"{part[:40]!r} is a function of jq")
    return _translate("" if path == "." else path, members)


def options(selected: Selected) -> dict[str, Any]:
    """The options of the kind `json` that reads what a path finds: a value as one entry, or each of many as its own."""
    fields = selected.members
    if not selected.many:
        items = "[@]" if selected.path == "@" else f"[{selected.path}] | [?@ != `null`]"
        return {"items": items, "key": "'value'", **({"fields": fields} if fields else {})}
    if fields:
        key = next(
            (name for name in ("id", "key", "url", "link", "name", "title") if name in fields), next(iter(fields))
        )
        return {"items": selected.path, "key": fields[key], "listing": "window", "fields": fields}
    return {"items": selected.path, "key": "to_string(@)", "listing": "window"}


def _check_length(text: str) -> str:
    if len(text) > _MOST_TEXT:
        raise NoPath("it is longer than any path that a person wrote")
    return text


def _object(text: str) -> dict[str, str]:
    """`{name, place: .where}` as member paths."""
    members: dict[str, str] = {}
    for part in _COMMA.split(text.removeprefix("{").removesuffix("}")):
        name, colon, path = (piece.strip() for piece in part.partition(":"))
        name = name.strip("\"'")
        if not _BARE.fullmatch(name):
            raise NoPath(f"{part.strip()[:40]!r} is not a member")
        if path.startswith("[") and path.endswith("]") and path != "[]":  # a list of what it finds
            path = path[1:-1].strip()
        members[name] = _translate(path, {}).path if colon else name
    return members


def _translate(text: str, members: dict[str, str]) -> Selected:
    steps, many, rest = "", False, text
    while rest:
        token = _TOKEN.match(rest)
        if not token:
            raise NoPath(f"{rest[:40]!r} has no counterpart in JMESPath")
        step, projects = _step(token)
        steps += step if steps or not step.startswith(".") else step[1:]
        many = many or projects
        rest = rest[token.end() :]
    return Selected(steps or "@", many, members)


def _step(token: re.Match[str]) -> tuple[str, bool]:
    """A step in JMESPath, and whether it finds many values."""
    found = token.groupdict()
    if found["index"] is not None:
        return f"[{found['index']}]", False
    if found["from"] is not None:
        return f"[{found['from']}:{found['to']}]", True
    if found["each"] is not None:
        return "[]", True
    if found["values"] is not None:
        return ".*", True
    if found["member"] is not None:
        value = found["value"]
        text = json.dumps(value[1:-1], ensure_ascii=False) if value[0] in "\"'" else value
        return f"[?{found['member']} {found['sign']} `{text}`]", True
    name = next(found[which] for which in ("double", "single", "name", "quoted") if found[which] is not None)
    return f".{name}" if _BARE.fullmatch(name) else f'."{name}"', False
