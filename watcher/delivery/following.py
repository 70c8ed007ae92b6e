"""Which changes a reader gets in which round: what he follows, beside what he may see. Pure."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from alerts.timing import DigestPlan
from sources.text import clean, fold_case, fold_words
from state.db.tables.readers import Reader
from state.model import Event
from state.storage.readers import AT_ONCE, DAILY, HOURLY, TIMES, Follow, Interest
from watcher.config.settings import Sight, WebUser

_PLANS = {HOURLY: DigestPlan(timedelta(hours=1)), DAILY: DigestPlan(at=time(8))}
LONGEST, LONGEST_QUERY = 20_000, 500  # characters of what is searched, and of what is looked for in it
MOST_WORDS = 12  # that are looked for
_SHORTEST_PREFIX = 3  # letters; the beginning of a word with fewer would match too many


class Portion(NamedTuple):
    """What one reader gets in one way: changes, and the follows because of which."""

    events: list[int]
    follows: set[int]


def next_round(when: str, now: datetime, zone: ZoneInfo) -> datetime:
    """When readers get the next letters of this kind: now, at the full hour, or at 08:00."""
    return now if when == AT_ONCE else _PLANS[when].next(now, zone)


def mail_address(who: str, reader: Reader | None, users: Mapping[str, WebUser]) -> str | None:
    """Where a reader's mail goes: to the address in the configuration, or the one that he verified, unless stopped."""
    if reader and reader.stopped:
        return None
    configured = users[who].mail if who in users else None
    return configured or (reader.mail if reader and reader.verified else None)


def still_followed(follows: Iterable[Follow], entities: Collection[str]) -> list[Follow]:
    """Follows without the entities that are watched no more; one that had nothing else is left out."""
    kept = list[Follow]()
    for follow in follows:
        interest = follow.interest
        known = [name for name in interest.entities if name in entities]
        if known or interest.sources or not interest.entities:
            kept.append(follow._replace(interest=interest._replace(entities=known)))
    return kept


def assign(
    events: Iterable[Event], follows: Sequence[Follow], sights: Mapping[str, Sight | None], when: str
) -> dict[tuple[str, str], Portion]:
    """What each reader gets in a round, by reader and way. Of several follows of his that a change matches, the soonest
    counts, so that he gets it once. `sights` is what readers may see; None: he is gone.
    """
    alike = defaultdict[tuple[object, ...], list[Follow]](list)  # asked once, however many follow it
    for follow in follows:
        alike[tuple(follow.interest.entities), tuple(follow.interest.sources), follow.interest.find].append(follow)
    shares = defaultdict[tuple[str, str], Portion](lambda: Portion([], set()))
    for event in events:
        told, hits = told_words(event), defaultdict[tuple[str, str], list[Follow]](list)
        for same in alike.values():
            if matches(same[0].interest, event, told):
                for follow in same:
                    if event.id > follow.after:
                        hits[follow.who, follow.interest.by].append(follow)
        for (who, by), mine in hits.items():
            sight, soonest = sights[who], min((follow.interest.when for follow in mine), key=TIMES.index)
            if soonest == when and sight is not None and sight.sees(event.source, event.entities):
                shares[who, by].events.append(event.id)
                shares[who, by].follows.update(follow.id for follow in mine if follow.interest.when == when)
    return shares


def matches(interest: Interest, event: Event, told: str) -> bool:
    """Whether somebody is interested in a change; `told` is `told_words` of it."""
    if interest.sources or interest.entities:
        of_source = any(fnmatchcase(event.source, pattern) for pattern in interest.sources)
        if not of_source and set(interest.entities).isdisjoint(event.entities):
            return False
    wanted = phrases(interest.find)
    return all(phrase in told for phrase in wanted) and bool(wanted or interest.sources or interest.entities)


@lru_cache(1000)
def phrases(find: str) -> list[str]:
    """What is looked for in `fold_words` of a text: a word that has to be there whole is between spaces."""
    return [fold_words(word)[: -1 if begins else None] for word, begins in wanted_words(find)]


def wanted_words(text: str) -> list[tuple[str, bool]]:
    """The words that somebody looks for, in follows and in the desk's search; each with whether it may be the beginning
    of another one.
    """
    words = [word for word in fold_case(clean(text[:LONGEST_QUERY])).split() if any(map(str.isalnum, word))]
    return [(word, len(word) >= _SHORTEST_PREFIX and word[-1].isalnum()) for word in words[:MOST_WORDS]]


def told_words(event: Event) -> str:
    """The words of a change in which others are looked for: of its title, key, values before and after, and text."""
    data = event.data
    sides = (side or "" for field in data["fields"].values() for side in (field["before"], field["after"]))
    values = (data["title"], data["key"], *sides, *data.get("entry", {}).values(), data.get("text") or "")
    return fold_words(" ".join(values)[:LONGEST])
