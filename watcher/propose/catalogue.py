"""The catalogue: kinds of one site or one list, found by words, and a source of such a kind without a look at its
site.
"""

import re
from collections.abc import Mapping

from sources import Source
from sources.text import fold_name

_BETWEEN_WORDS = re.compile(r"[\s_-]+")


def find_kinds(words: str, models: Mapping[str, type[Source]]) -> dict[str, type[Source]]:
    """The kinds that have each of the words, or what begins like it, in their name, label, help, publisher,
    jurisdiction or topics, whatever the case; by name, those first that have all in their names.
    """
    wanted = [re.compile(rf"\b{re.escape(word)}") for word in _words(words).split()]
    found = dict[str, type[Source]]()
    for by_name in (True, False):
        for name, model in sorted(models.items()):
            facts = (model.default_label, model.publisher, model.jurisdiction, *model.topics, model.__doc__ or "")
            text = _words(name if by_name else " ".join((name, *facts)))
            if wanted and all(word.search(text) for word in wanted):
                found.setdefault(name, model)
    return found


def _words(text: str) -> str:
    return _BETWEEN_WORDS.sub(" ", fold_name(text))
