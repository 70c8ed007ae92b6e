"""Which entities changes mention: found in the thread, or in a subprocess if the text is long."""

from collections.abc import Iterator, Sequence
from itertools import islice

from alerts.matching.watchlist import SearchedText
from sources.text import PROSE
from state.compare.plausibility import MassChange
from state.model import Change, ChangeKind, Mention
from watcher.check.context import CheckTarget
from watcher.check.log_limit import News, SingleChange
from watcher.check.outcome import Mentioning

LONG = 64_000  # characters of an entry; the slowest text of that length takes a fifth of a second
MANY = 150_000  # changes
_TOGETHER = 1_000  # changes in one batch, unless they are long


def find_mentions(target: CheckTarget, changes: Sequence[Change]) -> Iterator[tuple[Change, list[Mention]]]:
    """Each change with its mentions, in the order of the changes.

    The whole entry is searched as it is now, then as it was: a removed name is news, too. In a long value that changed
    only sentences that one of the two lacks count. With `mentions_in = "added_lines"` only the added lines are
    searched: an edit elsewhere on a page that names somebody is not about that name. Raises ReadError if the search
    takes too long.
    """
    added_alone, many, left = target.source.mentions_in == "added_lines", len(changes) > MANY, iter(changes)
    while batch := list(islice(left, _TOGETHER)):
        listed = [texts_of(change, added_alone=added_alone) for change in batch]
        long = [sum([text.size for text in texts]) > LONG for texts in listed]
        if many and not any(long):
            found = iter(_search_apart(target, [text for texts in listed for text in texts]))
            mentions = [list(islice(found, len(texts))) for texts in listed]
        else:
            mentions = [
                _search_apart(target, texts) if apart else list(map(target.watchlist.mentions, texts))
                for texts, apart in zip(listed, long, strict=True)
            ]
        yield from zip(batch, map(_join, mentions), strict=True)


def texts_of(change: Change, *, added_alone: bool) -> list[SearchedText]:
    """The texts of a change to search: of an entry as a whole, or only the lines of its text that are new."""
    if added_alone:
        before = set(change.before.text.splitlines()) if change.before else set()
        added = (line for line in (change.after.text if change.after else "").splitlines() if line not in before)
        return [SearchedText(change.after, "\n".join(added))] if change.after else []
    texts = [SearchedText(entry) for entry in (change.after, change.before) if entry]
    if len(texts) < 2 or change.kind is ChangeKind.REAPPEARED:  # all of it is news
        return texts
    long = {name: both for name, both in change.fields.items() if max(len(side or "") for side in both) > PROSE}
    others = ({name: both[at] or "" for name, both in long.items()} for at in (0, 1))
    return [text._replace(other=other) for text, other in zip(texts, others, strict=True)]


def _search_apart(target: CheckTarget, texts: Sequence[SearchedText]) -> list[list[Mention]]:
    if not target.watchlist:
        return [[] for _ in texts]
    from alerts.matching.in_process import mentions_apart  # few texts are so long

    return mentions_apart(target.watchlist.entities, texts, target.name)


def _join(sides: Sequence[Sequence[Mention]]) -> list[Mention]:
    """The mentions in all texts of a change, without repeats of the same entity, field and name."""
    if len(sides) == 1:
        return list(sides[0])
    every = [mention for mentions in sides for mention in mentions]
    return list({(mention.entity, mention.field, mention.name): mention for mention in reversed(every)}.values())[::-1]


def news_of(
    target: CheckTarget, changes: Sequence[Change], mass: MassChange | None, *, baseline: bool
) -> tuple[News, list[Mentioning]]:
    """The changes that become events, and the entries that mention somebody. Raises ReadError."""
    news, mentioning = News(), list[Mentioning]()
    # Of a baseline, which may have a million entries, only those are kept that mention somebody.
    for change, mentions in find_mentions(target, changes if target.watchlist or not baseline else ()):
        if mentions:
            mentioning.append(Mentioning(change.entry, mentions))
        if mass and mass.is_only_form(change, mentions=bool(mentions)):
            news.sum_up(change, mass.form)
        elif not baseline:
            news.add(SingleChange(change, mentions))
    return news, mentioning
