"""Kinds by name: the files of the catalog, then what other distributions offer.

`catalog/name.py` holds one Source subclass. `catalog/name.toml` is a preset: it says which `kind` it is a case of, in
`help` what it reads, and has defaults for that kind's options, among them `label`. An entry point of the group
"registry_watch.sources" has the kind's name and points to its class.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from functools import cache, partial
from importlib import import_module
from importlib.metadata import entry_points
from importlib.resources import files
from inspect import isclass
from typing import Annotated, Any, NamedTuple

from pydantic import Field, TypeAdapter, create_model

from sources.model import Source
from sources.text import listing

GROUP = "registry_watch.sources"
CATALOG = "sources.catalog"
_create: Any = create_model  # its types know no base with class variables


class KindError(ValueError):
    """A kind that does not exist, exists twice, or cannot be loaded; the message says which, where and why."""


class Kinds(dict[str, type[Source]]):
    """Kinds by name, and in `problems` why others could not be loaded, by name too."""

    def __init__(self) -> None:
        super().__init__()
        self.problems: dict[str, KindError] = {}


class _Origin(NamedTuple):
    where: str
    load: Callable[[], Any]


def kind(name: str) -> type[Source]:
    """The kind of that name; only its own module is imported. Raises KindError."""
    origins = _origins()
    if name not in origins:
        near = get_close_matches(name, origins, n=1)
        hint = f'did you mean "{near[0]}"?' if near else f"there are {listing(sorted(origins), most=40)}"
        raise KindError(f'there is no kind "{name}": {hint}')
    return _load(name, origins[name])


def kinds() -> Kinds:
    """All kinds. One that cannot be loaded, such as a plugin that fails to import, takes no other with it."""
    found = Kinds()
    for name, origins in sorted(_origins().items()):
        try:
            found[name] = _load(name, origins)
        except KindError as error:
            found.problems[name] = error
    return found


def _origins() -> Mapping[str, Sequence[_Origin]]:
    """Where each name is defined, without importing anything."""
    found: defaultdict[str, list[_Origin]] = defaultdict(list)
    loaders: dict[str, Callable[[str, str], Any]] = {"py": _module_class, "toml": _preset}
    for file in files(CATALOG).iterdir():
        stem, _, suffix = file.name.rpartition(".")
        if suffix in loaders and not stem.startswith("_"):
            found[stem].append(
                _Origin(f"{CATALOG.replace('.', '/')}/{file.name}", partial(loaders[suffix], CATALOG, stem))
            )
    for point in entry_points(group=GROUP):
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
        raise KindError(
            f'the kind "{name}", {origins[0].where}, cannot be loaded: {type(error).__name__}: {error}'
        ) from error
    if not (isclass(found) and issubclass(found, Source)):
        raise KindError(f'the kind "{name}", {origins[0].where}, is no subclass of sources.Source')
    found.kind = name
    return found


def _module_class(catalog: str, stem: str) -> type[Source]:
    module = import_module(f"{catalog}.{stem}")
    own = (thing for thing in vars(module).values() if isclass(thing) and thing.__module__ == module.__name__)
    found = [thing for thing in own if issubclass(thing, Source) and not thing.__name__.startswith("_")]
    if len(found) != 1:
        names = listing(thing.__name__ for thing in found)
        raise KindError(f"{module.__name__} must define one public subclass of sources.Source; it has {names}")
    return found[0]


@cache
def _preset(catalog: str, stem: str) -> type[Source]:
    options = tomllib.loads(files(catalog).joinpath(f"{stem}.toml").read_text("utf-8"))
    if files(catalog).joinpath(f"{options.get('kind')}.toml").is_file():
        raise KindError(f'the preset "{stem}" is of the kind "{options["kind"]}", which is a preset itself')
    base = kind(str(options.pop("kind", "")))
    text, label = options.pop("help", base.__doc__), options.pop("label", "")
    unknown = [option for option in options if option not in base.model_fields]
    if unknown:
        raise KindError(f'the preset "{stem}": the kind {base.kind} has no option {listing(unknown)}')
    changed: dict[str, Any] = {option: _with_default(base, option, value) for option, value in options.items()}
    name = "".join(part.title() for part in stem.split("_"))
    model: type[Source] = _create(name, __base__=base, __module__=base.__module__, __doc__=text, **changed)
    model.default_label = label
    return model


def _with_default(base: type[Source], option: str, value: Any) -> tuple[Any, Any]:
    """A kind's option with another default, which must be one that the option takes."""
    field = base.model_fields[option]
    annotation: Any = Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
    value = TypeAdapter(annotation).validate_python(value)
    return annotation, Field(default=value, description=field.description)
