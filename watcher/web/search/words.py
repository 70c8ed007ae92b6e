"""What a person types as an FTS5 query, and the words of an entry as they are indexed. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sources import Entry
from sources.text import clean

LONGEST = 20_000  # characters of an entry that are indexed
LONGEST_QUERY = 500  # characters
MOST_WORDS = 12  # of a query
_SHORTEST_PREFIX = 3  # letters; the beginning of a word with fewer would match too many
_ALIKE = str.maketrans({"ё": "е"})  # written for each other in Russian; FTS5 folds accents of Latin letters only


def words_of(entry: Entry) -> str:
    """The text of an entry that is searched: its title, key, address, field values, and text."""
    parts = [entry.title, entry.key if entry.key != entry.title else "", entry.url or ""]
    size = sum(map(len, parts))
    for value in (*entry.fields.values(), entry.text):
        if size > LONGEST:
            break
        parts.append(value[:LONGEST])
        size += len(value)
    return _folded(" ".join(filter(None, parts))[:LONGEST])


def query_of(
    text: str,
    *,
    source: int | None = None,
    present: bool = False,
    beginning: Callable[[str], Sequence[str]] = lambda _: (),
) -> str | None:
    """The FTS5 query for entries that have every word of a text, each as a word or as the beginning of one.

    `source` limits it to one source, `present` to entries that are still there. `beginning` gives all words of the
    index that begin with one, or none if they are many: words are looked up one by one, while for a beginning FTS5 puts
    together in memory where any such word is. None where there is nothing to look for.
    """
    words = _folded(clean(text[:LONGEST_QUERY])).split()
    terms = [_term(word, beginning) for word in words if any(map(str.isalnum, word))][:MOST_WORDS]
    if words and not terms:
        return None
    scopes = [scope_of(source)] if source is not None else []
    scopes += [PRESENT] if present else []
    parts = [f'scope : "{scope}"' for scope in scopes] + [f"words : {term}" for term in terms]
    return " AND ".join(parts) or None


PRESENT = "here"


def scope_of(source: int) -> str:
    """The word that stands for a source in the index."""
    return f"s{source}"


def _term(word: str, beginning: Callable[[str], Sequence[str]]) -> str:
    if len(word) < _SHORTEST_PREFIX or not word[-1].isalnum():
        return _quoted(word)
    known = beginning(word) if word.isalnum() else ()
    return f"({' OR '.join(map(_quoted, known))})" if known else f"{_quoted(word)}*"


def _quoted(word: str) -> str:
    doubled = word.replace('"', '""')
    return f'"{doubled}"'


def _folded(text: str) -> str:
    return text.casefold().translate(_ALIKE)
