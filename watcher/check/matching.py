"""Which entities changes mention: found in the thread, or in a subprocess if the text is long."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from alerts.matching.lazy_watchlist import Text
from state.compare.mass_change import MassChange
from state.model import Change, Mention
from watcher.check.context import CheckTarget
from watcher.check.news import News
from watcher.check.outcome import Mentioning

LONG = 64_000  # characters of an entry; the slowest text of that length takes a fifth of a second
MANY = 150_000  # changes
_TOGETHER = 1_000  # changes in one batch, unless they are long


def find_mentions(target: CheckTarget, changes: Sequence[Change]) -> Iterator[tuple[Change, list[Mention]]]:
    """Each change with its mentions, in the order of the changes.

    The whole entry is searched as it is now, then as it was: a removed name is news, too. With `mentions_in =
    "added_lines"` only the added lines are searched: an edit elsewhere on a page that names somebody is not about that
    name. Raises ReadError if the search takes too long.
    """
    many = len(changes) > MANY
    left = iter(changes)
    while batch := list(islice(left, _TOGETHER)):
        yield from zip(batch, _of_batch(target, batch, many=many), strict=True)


def _of_batch(target: CheckTarget, changes: Sequence[Change], *, many: bool) -> Iterator[list[Mention]]:
    listed = [texts_of(change, added_alone=target.source.mentions_in == "added_lines") for change in changes]
    if many and not any(is_long(texts) for texts in listed):
        found = iter(_apart(target, [text for texts in listed for text in texts]))
        yield from (together(islice(found, len(texts))) for texts in listed)
        return
    for texts in listed:
        yield together(_apart(target, texts) if is_long(texts) else _here(target, texts))


def news_of(
    target: CheckTarget, changes: Sequence[Change], mass: MassChange | None, *, baseline: bool
) -> tuple[News, list[Mentioning]]:
    """The changes that become events, and the entries that mention somebody. Raises ReadError."""
    news, mentioning = News(), list[Mentioning]()
    # Of a baseline, which may have a million entries, only those are kept that mention somebody.
    for change, mentions in find_mentions(target, changes if target.watchlist or not baseline else ()):
        if mentions:
            mentioning.append(Mentioning(change.entry, mentions))
        if mass and mass.is_only_form(change):
            news.sum_up(change)
        elif not baseline:
            news.add(change, mentions)
    return news, mentioning


def texts_of(change: Change, *, added_alone: bool) -> list[Text]:
    """The texts of a change to search."""
    if added_alone:
        return [Text(change.after, added_lines(change))] if change.after else []
    return [Text(entry) for entry in (change.after, change.before) if entry]


def is_long(texts: Iterable[Text]) -> bool:
    """Whether searching the texts may take long."""
    return sum([text.size for text in texts]) > LONG


def together(found: Iterable[Sequence[Mention]]) -> list[Mention]:
    """The mentions in all texts of a change, without repeats of the same entity, field and name."""
    sides = list(found)
    if len(sides) == 1:
        return list(sides[0])
    every = [mention for mentions in sides for mention in mentions]
    return list({(mention.entity, mention.field, mention.name): mention for mention in reversed(every)}.values())[::-1]


def added_lines(change: Change) -> str:
    """The lines of the text that are new."""
    before = set(change.before.text.splitlines()) if change.before else set()
    return "\n".join(line for line in (change.after.text.splitlines() if change.after else ()) if line not in before)


def _here(target: CheckTarget, texts: Sequence[Text]) -> list[list[Mention]]:
    return [target.watchlist.mentions(entry, text=text) for entry, text in texts]


def _apart(target: CheckTarget, texts: Sequence[Text]) -> list[list[Mention]]:
    if not target.watchlist:
        return [[] for _ in texts]
    from alerts.matching.in_process import mentions_apart  # few texts are so long

    return mentions_apart(target.watchlist.entities, texts, target.name)
