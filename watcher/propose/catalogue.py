"""The catalogue: kinds of one site or one list, found by words, and a source of such a kind without a look at its
site.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from inspect import cleandoc
from pathlib import Path

from pydantic import ValidationError

from sources import Source
from sources.errors import fault_words
from sources.loader import kinds
from sources.text import fold_name
from watcher.errors import UsageError
from watcher.propose.block import block, free_name

_BETWEEN_WORDS = re.compile(r"[\s_-]+")
_OF_ADDRESSES = re.compile(r"[./:]")


def find_kinds(words: str, models: Mapping[str, type[Source]]) -> dict[str, type[Source]]:
    """The kinds that have each of the words, or what begins like it, in their name, label, help, publisher,
    jurisdiction or topics, whatever the case; those first that have all in their names, else by name.
    """
    wanted = [re.compile(rf"\b{re.escape(word)}") for word in _words(words).split()]
    found = dict[str, type[Source]]()
    for by_name in (True, False):
        for name, model in sorted(models.items()):
            imprint = model.imprint
            facts = (model.default_label, imprint.publisher, imprint.jurisdiction, *imprint.topics, model.__doc__ or "")
            text = _words(name if by_name else " ".join((name, *facts)))
            if wanted and all(word.search(text) for word in wanted):
                found.setdefault(name, model)
    return found


def offered(words: str, presets: Path | None) -> dict[str, type[Source]]:
    """The kinds that know where their site is, also of the folder `presets`, and are found by what somebody gave in
    place of an address; the one that is called so alone.
    """
    if _OF_ADDRESSES.search(words):
        return {}
    known = {name: model for name, model in kinds(presets).items() if not model.model_fields["url"].is_required()}
    found = find_kinds(words, known)
    return {name: model for name, model in found.items() if _words(name) == _words(words).strip()} or found


def needed(model: type[Source]) -> dict[str, str]:
    """The options that a source of the kind must give, with what they mean."""
    return {name: option.description or "" for name, option in model.model_fields.items() if option.is_required()}


def summary(model: type[Source]) -> str:
    """What a kind reads, in one line."""
    return cleandoc(model.__doc__ or "").partition("\n")[0]


def rows(models: Mapping[str, type[Source]]) -> Iterator[tuple[str, str, str]]:
    """Each kind for a table: its name, what proves it, and what it reads."""
    return ((name, model.proven or "", summary(model)) for name, model in models.items())


def source_of(model: type[Source], given: Mapping[str, str], taken: Collection[str], name: str = "") -> tuple[str, str]:
    """A source of a kind with these options, under `name` or one that is not `taken`: its name, and its tables.

    Raises UsageError for an option that is missing, or has no such value.
    """
    if missing := [f"{option} ({meaning})" for option, meaning in needed(model).items() if not given.get(option)]:
        raise UsageError(f"a source of the kind {model.kind} needs {', '.join(missing)}")
    try:
        model.model_validate(given)
    except ValidationError as error:
        raise UsageError(f"a source of the kind {model.kind}: {fault_words(error)}") from None
    name = name or free_name(model.kind.replace("_", "-"), taken)
    return name, block(name, model.kind, None, given, summary(model))


def _words(text: str) -> str:
    return _BETWEEN_WORDS.sub(" ", fold_name(text))
