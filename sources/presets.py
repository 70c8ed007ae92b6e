"""Presets: a kind as a TOML file, which gives another kind (its base) other defaults.

Keys: `kind`, the base; `help`, `label`, `proven`, `documented`, `asks`, `needs_contact` (see Source); defaults for the
base's options; `required`, the base's options that the configuration must give; and `[options.NAME]`, the preset's own
options, which fill the placeholders {NAME} in its `url`. A query parameter whose value is empty is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from string import Formatter
from typing import Annotated, Any, Literal, get_args
from urllib.parse import quote

import tomli
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, create_model, model_validator

from sources.model import Proven, Source
from sources.options import NumberOrText
from sources.text import listing

_create: Any = create_model  # its types know no base with class variables
_EMPTY = re.compile(r"(?<=[?&])[^=&?#]+=(?:&|(?=#)|$)")


class OwnOption(BaseModel):
    """An option that only the preset has: a text or a number, which fills a placeholder in the address."""

    model_config = ConfigDict(extra="forbid")

    description: str = Field(min_length=1)
    default: str | None = None
    pattern: str | None = None
    choices: tuple[str, ...] = ()

    def field(self) -> tuple[Any, Any]:
        """The field for pydantic's `create_model`: its type and its FieldInfo."""
        kind: Any = Literal[self.choices] if self.choices else Annotated[NumberOrText, Field(pattern=self.pattern)]
        return kind, Field(default=... if self.default is None else self.default, description=self.description)


class _Head(BaseModel):
    """The keys of a preset that describe it."""

    kind: str = ""
    help: str = ""
    label: str = ""
    proven: Proven | None = None
    documented: str = Field(default="", pattern=r"^(https?://.*)?$")
    asks: str = ""
    needs_contact: bool | None = None
    required: tuple[str, ...] = ()
    options: dict[str, OwnOption] = {}


def preset(stem: str, text: str, base: Callable[[str], type[Source]]) -> type[Source]:
    """The kind that a preset's text defines; `base` finds kinds by name. Raises ValueError for an invalid preset."""
    return _preset(stem, text, base(str(tomli.loads(text).get("kind", ""))))


@lru_cache(maxsize=1024)
def _preset(stem: str, text: str, rests_on: type[Source]) -> type[Source]:
    table = tomli.loads(text)
    head = _Head.model_validate({key: value for key, value in table.items() if key in _Head.model_fields})
    defaults = {key: value for key, value in table.items() if key not in _Head.model_fields}
    unknown = [option for option in (*defaults, *head.required) if option not in rests_on.model_fields]
    if unknown:
        raise ValueError(f"the kind {rests_on.kind} has no option {listing(unknown)}")
    taken = [option for option in head.options if option in rests_on.model_fields]
    if taken:
        raise ValueError(f"the kind {rests_on.kind} has an option {listing(taken)} already")
    _check_places(str(defaults.get("url", "")), head.options)
    return _made(stem, rests_on, head, defaults)


def _made(stem: str, base: type[Source], head: _Head, defaults: Mapping[str, Any]) -> type[Source]:
    changed = {option: _with_default(base, option, value) for option, value in defaults.items()}
    changed |= {option: _required(base, option) for option in head.required}
    changed |= {name: option.field() for name, option in head.options.items()}
    model: type[Source] = _create(
        "".join(part.title() for part in stem.split("_")),
        __base__=base,
        __module__=base.__module__,
        __doc__=head.help or base.__doc__,
        __validators__=_filling(str(defaults["url"]), head.options) if head.options else {},
        **changed,
    )
    model.rests_on = base
    model.default_label = head.label
    model.proven = head.proven
    model.documented = head.documented or base.documented
    model.asks = head.asks or base.asks
    model.needs_contact = base.needs_contact if head.needs_contact is None else head.needs_contact
    return model


def _with_default(base: type[Source], option: str, value: Any) -> tuple[Any, Any]:
    """A kind's option with another default. Raises ValueError when the option does not accept it."""
    annotation, description = _type(base, option)
    return annotation, Field(default=TypeAdapter(annotation).validate_python(value), description=description)


def _required(base: type[Source], option: str) -> tuple[Any, Any]:
    """A kind's option without its default."""
    annotation, description = _type(base, option, absent=False)
    return annotation, Field(description=description)


def _type(base: type[Source], option: str, *, absent: bool = True) -> tuple[Any, str | None]:
    """An option's type with its validators, without None unless it may be `absent`; and its description."""
    field = base.model_fields[option]
    given: Any = field.annotation
    kept = [part for part in get_args(given) if part is not type(None)]
    annotation = kept[0] if not absent and type(None) in get_args(given) and len(kept) == 1 else given
    return Annotated[annotation, *field.metadata] if field.metadata else annotation, field.description


def _check_places(url: str, options: Mapping[str, OwnOption]) -> None:
    """Raise ValueError unless the address has exactly one placeholder for each option."""
    places = {name for _, name, _, _ in Formatter().parse(url) if name is not None} if options else set()
    if places != set(options):
        raise ValueError(f"url must hold each of its options as {{NAME}}, and nothing else: {listing(sorted(options))}")


def _filling(template: str, options: Mapping[str, OwnOption]) -> dict[str, Any]:
    """The validator that fills the placeholders of the address, unless the configuration gives an address."""

    def fill(_: type[Source], values: Any) -> Any:
        if not isinstance(values, dict) or "url" in values:
            return values
        given = {name: values.get(name, option.default) for name, option in options.items()}
        if not all(isinstance(value, str | int) for value in given.values()):
            return values  # the option's own type reports the fault
        address = template.format_map({name: quote(str(value), safe="/") for name, value in given.items()})
        return values | {"url": _EMPTY.sub("", address).rstrip("?&")}

    before: Any = model_validator(mode="before")
    return {"fill": before(classmethod(fill))}
