"""Kinds by name: the files of `sources/kinds`, the user's own presets, then plugins of other distributions.

`kinds/name.py` holds one Source subclass; `name.toml`, there or in the user's folder, is a preset. An entry point of
the group "registry_watch.sources" has the kind's name and points to its class.

A preset gives another kind (its base) other defaults. Its keys: `kind`, the base; `help`, `label`, `proven`, `wanted`,
`documented`, `asks`, `needs_contact`, `republished` (see Source); `publisher`, `jurisdiction`, `topics`, `verified`
(see Imprint); defaults for the base's options; `required`, the base's options that the configuration must give; and
`[options.NAME]`, the preset's own options, which fill the placeholders {NAME} in its `url`. A query parameter whose
value is empty is left out.
"""

import re
import tomllib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from functools import lru_cache, partial
from importlib import import_module
from importlib.metadata import EntryPoint, distributions, entry_points
from importlib.resources import files
from inspect import isclass
from pathlib import Path
from string import Formatter
from typing import Annotated, Any, Literal, NamedTuple, get_args
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, create_model, model_validator

from sources.errors import fault_words, locate_error
from sources.model import Imprint, Proven, Source, Topic
from sources.options import NumberOrText
from sources.text import listing

GROUP = "registry_watch.sources"
CATALOG = "sources.kinds"
_create: Any = create_model  # its types know no base with class variables
_EMPTY = re.compile(r"(?<=[?&])[^=&?#]+=(?:&|(?=#)|$)")


class OwnOption(BaseModel):
    """An option that only the preset has: a text or a number, which fills a placeholder in the address."""

    model_config = ConfigDict(defer_build=True, extra="forbid")

    description: str = Field(min_length=1)
    default: str | None = None
    pattern: str | None = None
    choices: tuple[str, ...] = ()

    def field(self) -> tuple[Any, Any]:
        """The field for pydantic's `create_model`: its type and its FieldInfo."""
        kind: Any = Literal[self.choices] if self.choices else Annotated[NumberOrText, Field(pattern=self.pattern)]
        return kind, Field(default=... if self.default is None else self.default, description=self.description)


class _Head(BaseModel, defer_build=True):
    """The keys of a preset that describe it."""

    kind: str = ""
    help: str = ""
    label: str = ""
    publisher: str = ""
    jurisdiction: str = Field(default="", pattern="^([A-Z]{2}|int)?$")
    topics: tuple[Topic, ...] = ()
    proven: Proven | None = None
    verified: str = Field(default="", pattern="^([0-9]{4}(-[0-9]{2}){0,2})?$")
    wanted: str = ""
    documented: str = Field(default="", pattern=r"^(https?://.*)?$")
    asks: str = ""
    needs_contact: bool | None = None
    republished: bool = False
    required: tuple[str, ...] = ()
    options: dict[str, OwnOption] = {}


@lru_cache(maxsize=1024)
def _make_kind(stem: str, text: str, base: type[Source]) -> type[Source]:
    """The kind that a preset's text defines. Raises ValueError for an invalid preset."""
    table = tomllib.loads(text)
    head = _Head.model_validate({key: value for key, value in table.items() if key in _Head.model_fields})
    defaults = {key: value for key, value in table.items() if key not in _Head.model_fields}
    unknown = [option for option in (*defaults, *head.required) if option not in base.model_fields]
    if unknown:
        raise ValueError(f"the kind {base.kind} has no option {listing(unknown)}")
    taken = [option for option in head.options if option in base.model_fields]
    if taken:
        raise ValueError(f"the kind {base.kind} has an option {listing(taken)} already")
    url = str(defaults.get("url", ""))
    if head.options and {name for _, name, _, _ in Formatter().parse(url) if name is not None} != set(head.options):
        own = listing(sorted(head.options))
        raise ValueError(f"url must hold each of its options as {{NAME}}, and nothing else: {own}")
    changed: dict[str, tuple[Any, Any]] = {}
    for option, value in defaults.items():
        annotation, description = _type(base, option)
        try:
            default = TypeAdapter(annotation).validate_python(value)
        except ValidationError as error:
            raise ValueError(fault_words(error, option)) from None
        changed[option] = annotation, Field(default=default, description=description)
    for option in head.required:
        annotation, description = _type(base, option, absent=False)
        changed[option] = annotation, Field(description=description)
    model: type[Source] = _create(
        "".join(part.title() for part in stem.split("_")),
        __base__=base,
        __module__=base.__module__,
        __doc__=head.help or base.__doc__,
        __validators__=_filling(url, head.options) if head.options else {},
        **changed,
        **{name: option.field() for name, option in head.options.items()},
    )
    model.rests_on = base
    model.default_label = head.label
    model.proven = head.proven
    model.wanted = head.wanted
    above = base.imprint
    publisher, jurisdiction = head.publisher or above.publisher, head.jurisdiction or above.jurisdiction
    model.imprint = Imprint(publisher, jurisdiction, head.topics or above.topics, head.verified)
    model.documented = head.documented or base.documented
    model.asks = head.asks or base.asks
    model.republished = head.republished or base.republished
    model.needs_contact = base.needs_contact if head.needs_contact is None else head.needs_contact
    return model


def _type(base: type[Source], option: str, *, absent: bool = True) -> tuple[Any, str | None]:
    """An option's type with its validators, without None unless it may be `absent`; and its description."""
    field = base.model_fields[option]
    given: Any = field.annotation
    kept = [part for part in get_args(given) if part is not type(None)]
    annotation = kept[0] if not absent and type(None) in get_args(given) and len(kept) == 1 else given
    return Annotated[annotation, *field.metadata] if field.metadata else annotation, field.description


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


@lru_cache(maxsize=1024)
def glossary(name: str) -> dict[str, Any]:
    """Values that the registers of a kind repeat, in other languages, which people made: by the value as it stands
    there, and by language. Most kinds have none.
    """
    file = files(CATALOG) / "glossaries" / f"{name}.toml"
    return tomllib.loads(file.read_text("utf-8")) if file.is_file() else {}


class KindError(ValueError):
    """A kind that does not exist, exists twice, or cannot be loaded; the message says which, where and why."""


class Kinds(dict[str, type[Source]]):
    """Kinds by name; `problems` maps the names of those that could not be loaded to the reason."""

    def __init__(self) -> None:
        super().__init__()
        self.problems: dict[str, KindError] = {}


class _Origin(NamedTuple):
    where: str
    load: Callable[[], Any]
    preset: bool = False


_Origins = Mapping[str, Sequence[_Origin]]


def kind(name: str, presets: Path | None = None) -> type[Source]:
    """The kind of that name; only its own module is imported. `presets` is the folder of the user's presets.

    Raises KindError.
    """
    return _find_kind(name, _origins(presets))


def kinds(presets: Path | None = None) -> Kinds:
    """All kinds. One that cannot be loaded, such as a plugin that fails to import, does not affect the others."""
    found = Kinds()
    for name, origins in sorted(_origins(presets).items()):
        try:
            found[name] = _load(name, origins)
        except KindError as error:
            found.problems[name] = error
    return found


def names(presets: Path | None = None) -> list[str]:
    """The names of all kinds, none of which is loaded."""
    return list(_origins(presets))


def plugins() -> Sequence[EntryPoint]:
    """The kinds of other distributions. Most systems have none, so the name of their group is looked for first."""
    named = any(GROUP in (each.read_text("entry_points.txt") or "") for each in distributions())
    return tuple(entry_points(group=GROUP)) if named else ()


def _find_kind(name: str, known: _Origins) -> type[Source]:
    if name not in known:
        near = get_close_matches(name, known, n=1)
        hint = f'did you mean "{near[0]}"?' if near else f"there are {listing(sorted(known), most=100)}"
        raise KindError(f'there is no kind "{name}": {hint}')
    return _load(name, known[name])


def _origins(presets: Path | None) -> _Origins:
    """Where each name is defined, without importing anything."""
    found: defaultdict[str, list[_Origin]] = defaultdict(list)
    for file in files(CATALOG).iterdir():
        stem, _, suffix = file.name.rpartition(".")
        where = f"{CATALOG.replace('.', '/')}/{file.name}"
        if stem.startswith("_"):
            continue
        if suffix == "py":
            found[stem].append(_Origin(where, partial(_module_class, stem)))
        elif suffix == "toml":
            load = partial(_preset, stem, where, partial(file.read_text, "utf-8"), found)
            found[stem].append(_Origin(where, load, preset=True))
    for path in sorted(presets.glob("*.toml")) if presets else ():
        load = partial(_preset, path.stem, str(path), partial(path.read_text, "utf-8"), found)
        found[path.stem].append(_Origin(str(path), load, preset=True))
    for point in plugins():
        where = f"the entry point {point.value} of {point.dist.name if point.dist else 'an unknown distribution'}"
        found[point.name].append(_Origin(where, point.load))
    return dict(found)


def _load(name: str, origins: Sequence[_Origin]) -> type[Source]:
    if len(origins) > 1:
        raise KindError(f'the kind "{name}" is defined twice, in {" and in ".join(origin.where for origin in origins)}')
    try:
        found = origins[0].load()
    except KindError:
        raise
    except (Exception, SystemExit) as error:  # a plugin may do anything when it is imported
        what = f"{type(error).__name__}: {error}{locate_error(error)}"
        raise KindError(f'the kind "{name}", {origins[0].where}, cannot be loaded: {what}') from error
    if not (isclass(found) and issubclass(found, Source)):
        raise KindError(f'the kind "{name}", {origins[0].where}, is no subclass of sources.Source')
    found.kind = name
    return found


def _module_class(stem: str) -> type[Source]:
    module = import_module(f"{CATALOG}.{stem}")
    own = (thing for thing in vars(module).values() if isclass(thing) and thing.__module__ == module.__name__)
    found = [thing for thing in own if issubclass(thing, Source) and not thing.__name__.startswith("_")]
    if len(found) != 1:
        names = listing(thing.__name__ for thing in found)
        raise KindError(f"{module.__name__} must define one public subclass of sources.Source; it has {names}")
    return found[0]


def _preset(stem: str, where: str, read: Callable[[], str], known: _Origins) -> type[Source]:
    try:
        text = read()
        name = str(tomllib.loads(text).get("kind", ""))
        if any(origin.preset for origin in known.get(name, ())):
            raise KindError(f'the preset "{stem}", {where}, is of the kind "{name}", which is a preset itself')
        return _make_kind(stem, text, _find_kind(name, known))
    except KindError:
        raise
    except (ValueError, OSError) as error:
        raise KindError(f'the preset "{stem}", {where}: {fault_words(error)}') from None
