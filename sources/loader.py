"""Kinds by name: the files of the catalog, the user's own presets, then plugins of other distributions.

`catalog/name.py` holds one Source subclass; `name.toml`, there or in the user's folder, is a preset (`presets.py`). An
entry point of the group "registry_watch.sources" has the kind's name and points to its class.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import partial
from importlib import import_module
from importlib.metadata import entry_points
from importlib.resources import files
from inspect import isclass
from pathlib import Path
from typing import Any, NamedTuple

from sources.errors import raised_at
from sources.model import Source
from sources.presets import preset
from sources.text import listing

GROUP = "registry_watch.sources"
CATALOG = "sources.kinds"


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
    return _named(name, _origins(presets))


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


def _named(name: str, known: _Origins) -> type[Source]:
    if name not in known:
        near = get_close_matches(name, known, n=1)
        hint = f'did you mean "{near[0]}"?' if near else f"there are {listing(sorted(known), most=100)}"
        raise KindError(f'there is no kind "{name}": {hint}')
    return _load(name, known[name])


def _origins(presets: Path | None) -> _Origins:
    """Where each name is defined, without importing anything."""
    found: defaultdict[str, list[_Origin]] = defaultdict(list)
    for name, origin in (*_catalog(found), *_own(presets, found), *_entry_points()):
        found[name].append(origin)
    return dict(found)


def _catalog(known: _Origins) -> Iterator[tuple[str, _Origin]]:
    for file in files(CATALOG).iterdir():
        stem, _, suffix = file.name.rpartition(".")
        where = f"{CATALOG.replace('.', '/')}/{file.name}"
        if stem.startswith("_"):
            continue
        if suffix == "py":
            yield stem, _Origin(where, partial(_module_class, CATALOG, stem))
        elif suffix == "toml":
            yield stem, _Origin(where, partial(_preset, stem, partial(file.read_text, "utf-8"), known), preset=True)


def _own(presets: Path | None, known: _Origins) -> Iterator[tuple[str, _Origin]]:
    for file in sorted(presets.glob("*.toml")) if presets else ():
        load = partial(_preset, file.stem, partial(file.read_text, "utf-8"), known)
        yield file.stem, _Origin(str(file), load, preset=True)


def _entry_points() -> Iterator[tuple[str, _Origin]]:
    for point in entry_points(group=GROUP):
        where = f"the entry point {point.value} of {point.dist.name if point.dist else 'an unknown distribution'}"
        yield point.name, _Origin(where, point.load)


def _load(name: str, origins: Sequence[_Origin]) -> type[Source]:
    if len(origins) > 1:
        raise KindError(f'the kind "{name}" is defined twice, in {" and in ".join(origin.where for origin in origins)}')
    try:
        found = origins[0].load()
    except KindError:
        raise
    except (Exception, SystemExit) as error:  # a plugin may do anything when it is imported
        what = f"{type(error).__name__}: {error}{raised_at(error)}"
        raise KindError(f'the kind "{name}", {origins[0].where}, cannot be loaded: {what}') from error
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


def _preset(stem: str, read: Callable[[], str], known: _Origins) -> type[Source]:
    def base(name: str) -> type[Source]:
        if any(origin.preset for origin in known.get(name, ())):
            raise KindError(f'the preset "{stem}" is of the kind "{name}", which is a preset itself')
        return _named(name, known)

    try:
        return preset(stem, read(), base)
    except KindError:
        raise
    except (ValueError, OSError) as error:
        raise KindError(f'the preset "{stem}": {" ".join(str(error).split())}') from None
