"""Errors in a configuration, as lines for people: file, key path, what is wrong, and what to do."""

import json
import re
from collections.abc import Iterable, Iterator
from copy import deepcopy
from difflib import get_close_matches
from operator import itemgetter
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from sources.secrets import Secrets
from sources.text import listing
from watcher.config.config_secrets import KeyPath
from watcher.config.files import Tree, line_of, lines_in
from watcher.config.settings import Settings
from watcher.errors import ConfigError

_BARE_KEY = re.compile(r"[\w-]+")

_PLAIN = {
    "string_type": "has to be a text in quotes",
    "int_type": "has to be a whole number",
    "int_parsing": "has to be a whole number",
    "int_from_float": "has to be a whole number",
    "float_type": "has to be a number",
    "float_parsing": "has to be a number",
    "bool_type": "has to be true or false",
    "bool_parsing": "has to be true or false",
    "tuple_type": 'has to be a list, such as ["a", "b"]',
    "list_type": 'has to be a list, such as ["a", "b"]',
    "set_type": 'has to be a list, such as ["a", "b"]',
    "frozen_set_type": 'has to be a list, such as ["a", "b"]',
    "dict_type": 'has to be a table, such as {{ name = "value" }}',
    "model_type": "has to be a table",
    "too_short": "has to hold at least {min_length}",
    "too_long": "has to hold at most {max_length}",
    "string_too_short": "has to have {min_length} or more characters",
    "string_too_long": "has to have {max_length} or fewer characters",
    "greater_than": "has to be more than {gt}",
    "greater_than_equal": "has to be at least {ge}",
    "less_than": "has to be less than {lt}",
    "less_than_equal": "has to be at most {le}",
    "ip_any_network": 'has to be a network, such as "10.0.0.0/8"',
    "ip_v4_network": 'has to be a network, such as "10.0.0.0/8"',
    "ip_v6_network": 'has to be a network, such as "fc00::/7"',
}
_MUST = "has to be "


class Problems:
    """Collects errors and warnings, each a line that begins with the file and the key path."""

    def __init__(self, tree: Tree, secrets: Secrets) -> None:
        self._tree = tree
        self._secrets = secrets
        self._found: dict[KeyPath, list[str]] = {}
        self._final: set[KeyPath] = set()
        self._moved: dict[KeyPath, tuple[KeyPath, set[str]]] = {}
        self.warnings: list[str] = []

    def add(self, at: KeyPath, message: str) -> None:
        """Add an error at a key path."""
        if at not in self._final:
            self._found.setdefault(at, []).append(message)

    def missing(self, at: KeyPath, message: str) -> None:
        """Add a reference without a value. Other errors of that text follow from it and are not reported."""
        self._found.setdefault(at, []).append(message)
        self._final.add(at)

    def move(self, at: KeyPath, other: KeyPath, keys: set[str]) -> None:
        """Let errors at these keys of a table name the other table, as the values are from there."""
        self._moved[at] = other, keys

    def warn(self, at: KeyPath, message: str) -> None:
        """Add a warning: the value is valid, but hardly meant."""
        self.warnings.append(self._line(at, message))

    def _add_details(self, error: ValidationError, model: type[BaseModel], value: Any, at: KeyPath) -> None:
        """Add the errors that pydantic found."""
        details = error.errors(include_url=False, include_input=False)
        misspelt = {_near(detail, model) for detail in details}
        found: dict[KeyPath, list[str]] = {}
        for detail in details:
            place = tuple(_place(detail["loc"], value))
            if detail["type"] != "missing" or place not in misspelt:
                found.setdefault(place, []).append(_message(detail, model, place))
        for place, messages in found.items():
            # The alternatives of a union fail at the value and within it; the errors within it are closer to the
            # mistake.
            if not any(other != place and other[: len(place)] == place for other in found if place):
                first, *others = dict.fromkeys(messages)  # of a union, those of its alternatives
                self.add(at + place, ", or ".join([first, *(other.removeprefix(_MUST) for other in others)]))

    def add_invalid(self, error: ValidationError, model: type[BaseModel], value: dict[str, Any], at: KeyPath) -> None:
        """Add all errors in a value for a model: those that pydantic found, and those that it did not look for because
        of unknown keys. Errors that may follow from a misspelt option are left out.
        """
        self._add_details(error, model, value, at)
        details = error.errors(include_url=False, include_input=False)
        if any(detail["type"] != "extra_forbidden" for detail in details):
            return
        meant = [near[-1] for detail in details if (near := _near(detail, model))]
        try:
            model.model_validate(without_mistakes(value, error))
        except ValidationError as further:
            if not any(str(name) in str(further) for name in meant):
                self._add_details(further, model, value, at)

    def found(self) -> list[tuple[KeyPath, str]]:
        """The errors so far, without the secrets in them."""
        hide = self._secrets.hide
        return [(self._place(at), hide(message)) for at, messages in self._found.items() for message in messages]

    def stop(self) -> None:
        """Raise ConfigError with all errors, if there are any: of keys in two files first, then by their lines."""
        if not self._found and not self._tree.problems:
            return
        numbers = {file: lines_in(path) for file, path in self._tree.shown_files()}
        placed = list[tuple[int, int, str]]()
        for at, messages in self._found.items():
            file, place, _ = self._tree.origin(self._place(at))
            number = line_of(numbers.get(file, {}), place)
            order = (list(numbers).index(file) if file in numbers else 0, number or 0)
            placed += [(*order, self._line(at, message, number)) for message in messages]
        lines = [self._secrets.hide(problem) for problem in self._tree.problems]
        raise ConfigError(list(dict.fromkeys([*lines, *(line for *_, line in sorted(placed, key=itemgetter(0, 1)))])))

    def _place(self, at: KeyPath) -> KeyPath:
        """Where the value of a key path is written: in its table, or in the one it is from."""
        other, keys = self._moved.get(at[:2], (at[:2], ()))
        return other + at[2:] if at[2:] and at[2] in keys else at

    def _line(self, at: KeyPath, message: str, number: int | None = None) -> str:
        file, place, _ = self._tree.origin(self._place(at))
        numbered = f"{file}:{number}" if number else file
        where = f"{numbered}: {dot_path(place)}" if place else numbered
        return self._secrets.hide(f"{where}: {message}")


def dot_path(at: KeyPath) -> str:
    """A key path as text: `sources.tass.ignore #2`; positions in lists count from one."""
    text = ""
    for part in at:
        if isinstance(part, int):
            text += f" #{part + 1}"
        else:
            text += ("." if text else "") + (
                part if _BARE_KEY.fullmatch(part) else json.dumps(part, ensure_ascii=False)
            )
    return text


def did_you_mean(word: str, known: Iterable[str], what: str) -> str:
    """`did you mean "every"?`, or, if no name is similar, all of them: `the options are "a", "b"`."""
    names = list(known)
    near = get_close_matches(word, names, n=1)
    return f'did you mean "{near[0]}"?' if near else f"the {what} are {listing(names, most=40)}"


def option_names(model: type[BaseModel]) -> list[str]:
    """The keys of a model as they are written in TOML."""
    return [option.alias or name for name, option in model.model_fields.items()]


def without_mistakes(value: dict[str, Any], error: ValidationError) -> dict[str, Any]:
    """A copy of a value without its invalid parts, at any depth; a table that lacks a key is one."""
    sound = deepcopy(value)
    for detail in error.errors(include_url=False, include_input=False, include_context=False):
        table: Any = sound
        place = tuple(_place(detail["loc"], value))
        *tables, last = (place[:-1] if detail["type"] == "missing" else place) or ("",)
        for part in tables:
            table = table.get(part, {}) if isinstance(table, dict) else {}
        if isinstance(table, dict):
            table.pop(last, None)
        else:  # an item of a list: drop the whole list
            sound.pop(str(detail["loc"][0]), None)
    return sound


def _place(loc: tuple[int | str, ...], value: Any) -> Iterator[int | str]:
    """The part of pydantic's location that is in the value, without its names for the alternatives of a union."""
    for part in loc:
        items = dict(enumerate(value)) if isinstance(value, list) else value
        if isinstance(items, dict) and part in items:
            yield part
            value = items[part]
        elif isinstance(value, dict) and part == loc[-1] and isinstance(part, str) and "[" not in part:
            yield part  # a missing key


def _message(detail: ErrorDetails, model: type[BaseModel], place: KeyPath) -> str:
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "missing":
        options = _model_at(model, place[:-1]).model_fields.items()
        said = (option.description for name, option in options if place[-1] in {name, option.alias})
        return ": ".join(filter(None, ("is missing", next(said, None))))
    if kind == "extra_forbidden":
        return say_unknown(str(place[-1]), option_names(_model_at(model, place[:-1])))
    if kind == "literal_error":
        return _MUST + str(context["expected"]).replace("'", '"')
    if kind in {"value_error", "assertion_error"}:
        return " ".join(str(context["error"]).split())
    if kind in _PLAIN:
        return _PLAIN[kind].format(**context)
    return re.sub(r"^(Input|Value) should (be )?", _MUST, detail["msg"])


def say_unknown(key: str, known: Iterable[str]) -> str:
    """That a key is none of those that are known, and which one may be meant. What is written below a table belongs to
    it, also what is meant for the whole file.
    """
    if key in Settings.model_fields:
        return "is not an option here, but at the top of the file, before the first [table]"
    return f"is not an option here; {did_you_mean(key, known, 'options')}"


def _near(detail: ErrorDetails, model: type[BaseModel]) -> KeyPath | None:
    """The option that an unknown key was probably meant for."""
    *parent, key = detail["loc"] or ("",)
    if detail["type"] != "extra_forbidden":
        return None
    near = get_close_matches(str(key), option_names(_model_at(model, tuple(parent))), n=1)
    return (*parent, *near) if near else None


def _model_at(model: type[BaseModel], place: KeyPath) -> type[BaseModel]:
    """The model of a nested table."""
    for part in place:
        for name, option in model.model_fields.items():
            if part in {name, option.alias}:
                model = next(_models(option.annotation), model)
    return model


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)
