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
from sources.text import fold_words
from watcher.delivery.following import phrases
from watcher.errors import UsageError
from watcher.propose.block import block, unused_name

_OF_ADDRESSES = re.compile(r"[./:]")


def find_kinds(words: str, models: Mapping[str, type[Source]]) -> dict[str, type[Source]]:
    """The kinds that have each of the words in their name, label, help, publisher, jurisdiction or topics, as the
    desk's search finds them; those first that have all in their names, else by name.
    """
    wanted = phrases(words)

    def stand_in(*texts: str) -> bool:
        told = fold_words(" ".join(texts))
        return bool(wanted) and all(phrase in told for phrase in wanted)

    found = dict[str, type[Source]]()
    for name, model in sorted(models.items()):
        publisher, jurisdiction, topics, _ = model.imprint
        if stand_in(name, model.default_label, publisher, jurisdiction, *topics, model.__doc__ or ""):
            found[name] = model
    return dict(sorted(found.items(), key=lambda each: not stand_in(each[0])))


def offered(words: str, presets: Path | None) -> dict[str, type[Source]]:
    """The kinds that know where their site is, also of the folder `presets`, and are found by what somebody gave in
    place of an address; the one that is called so alone.
    """
    if _OF_ADDRESSES.search(words):
        return {}
    known = {name: model for name, model in kinds(presets).items() if not model.model_fields["url"].is_required()}
    found = find_kinds(words, known)
    return {name: model for name, model in found.items() if fold_words(name) == fold_words(words)} or found


def needed(model: type[Source]) -> dict[str, str]:
    """The options that a source of the kind must give, with what they mean."""
    return {name: option.description or "" for name, option in model.model_fields.items() if option.is_required()}


def summary(model: type[Source]) -> str:
    """What a kind reads, in one line."""
    return cleandoc(model.__doc__ or "").partition("\n")[0]


def rows(models: Mapping[str, type[Source]]) -> Iterator[tuple[str, str, str]]:
    """Each kind for a table: its name, what proves it, and what it reads."""
    return ((name, model.proven or "", summary(model)) for name, model in models.items())


def source_of(
    model: type[Source], given: Mapping[str, str], taken: Collection[str], name: str = "", *, refers: bool
) -> tuple[str, str]:
    """A source of a kind with these options, under `name` or one that is not `taken`: its name, and its tables. With
    `refers`, "${NAME}" in an option is a reference to the environment, else it stands for itself.

    Raises UsageError for an option that is missing, or has no such value.
    """
    if missing := [f"{option} ({meaning})" for option, meaning in needed(model).items() if not given.get(option)]:
        raise UsageError(f"a source of the kind {model.kind} needs {', '.join(missing)}")
    try:
        model.model_validate(given)
    except ValidationError as error:
        raise UsageError(f"a source of the kind {model.kind}: {fault_words(error)}") from None
    name = name or unused_name(model.kind.replace("_", "-"), dict.fromkeys(taken, 1))
    text = block(name, model.kind, None, given, summary(model))
    return name, text.replace("$${", "${") if refers else text
