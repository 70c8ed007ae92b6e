"""What a check makes of clearings: mentions that somebody has ruled out raise no alert, until what identifies the entry
is another. Pure, but for the decision itself.

Of an entry that was known, what changes is compared, so that an edited source ends nothing; of one that is new, what
identifies it is compared with what did so when it was cleared.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from alerts.matching.watchlist import Watchlist
from alerts.options import Entity
from sources import Entry
from sources.reading.entry_fingerprints import SPECIALS, special_text
from state.compare.forms import value_form
from state.model import Change, ChangeKind, Clearing
from state.storage.clearings import Identify
from state.store import Store
from watcher.check.log_limit import SingleChange
from watcher.check.outcome import Accepted, DetailsChanged, Found, Mentioning, Suspicious
from watcher.errors import UsageError

IDENTIFYING = ("title", "birth_date", "country", "identifiers")  # besides the fields in which the entity was found
_LONGEST = 1_000  # characters of a value that is kept as it is
_TIME = "its time has passed"


def clear(store: Store, entities: Mapping[str, Entity], wanted: Clearing) -> Clearing | None:
    """Store that an entry is not about an entity, with what identifies it; as it is stored, or None if the source never
    had such an entry. Raises UsageError for a time that is over.
    """
    if wanted.until and wanted.until <= wanted.at:
        raise UsageError("until: that is over already")
    return store.clearings.clear(wanted, identifier(entities[wanted.entity]))


def identifier(entity: Entity) -> Identify:
    """What finds, in a transaction, what identifies entries of one key for an entity: by field, the value of each."""
    watchlist = Watchlist({"": entity})
    watchlist.mentions(Entry("-", "-"))  # which prepares it, while nobody waits

    def identify(entries: Sequence[Entry]) -> dict[str, list[str | None]]:
        found_in = (mention.field for entry in entries for mention in watchlist.mentions(entry))
        names = dict.fromkeys([*IDENTIFYING, *found_in])
        return {name: list(dict.fromkeys(_value(entry, name) for entry in entries)) for name in names}

    return identify


def respect(found: Found, clearings: Sequence[Clearing], now: datetime) -> tuple[Found, list[Clearing]]:
    """An outcome without the mentions that were cleared, and the clearings that it has ended, or that go on under
    another key. What is not believed ends none.
    """
    judge = Judge(clearings, now)
    match found:
        case Accepted() | DetailsChanged():
            found = replace(found, news=replace(found.news, alone=list(map(judge.settle, found.news.alone))))
            if isinstance(found, Accepted) and (found.baseline or found.further):  # else each is among the news
                found = replace(found, mentioning=judge.settle_entries(found.mentioning))
            return found, list(judge.outcome.values())
        case Suspicious():
            held = [told for told in map(judge.settle, found.news) if told.mentions]
            return found._replace(news=held, mentioning=judge.settle_entries(found.mentioning)), []
    return found, []


class Judge:
    """Decides which mentions count, by clearings of one source; `outcome` has those that ended, or that go on
    under another key, by their ids.
    """

    def __init__(self, clearings: Sequence[Clearing], now: datetime) -> None:
        self._by_pair = {(each.key, each.entity): each for each in clearings}
        self._now = now
        self.outcome: dict[int, Clearing] = {}

    def settle(self, told: SingleChange) -> SingleChange:
        """A change with the mentions that count, and what became of the others."""
        cleared, ended, names = list[str](), list[Clearing](), {mention.entity for mention in told.mentions}
        for entity in sorted(names) if self._by_pair else ():
            # The clearing of an entry, also of one that had another key
            keys = (side.key for side in (told.change.after, told.change.before) if side)
            clearing = next((self._by_pair[key, entity] for key in keys if (key, entity) in self._by_pair), None)
            if clearing is None:
                continue
            found_in = [mention.field for mention in told.mentions if mention.entity == entity]
            if why := _TIME if not clearing.holds(self._now) else _find_end(clearing, told.change, found_in):
                ended.append(clearing._replace(ended=self._now, why_ended=why))
                self.outcome[clearing.id] = ended[-1]
            else:
                cleared.append(entity)
                if clearing.key != told.change.entry.key:
                    self.outcome.setdefault(clearing.id, clearing._replace(key=told.change.entry.key))
        if not (cleared or ended):
            return told
        mentions = [mention for mention in told.mentions if mention.entity not in cleared]
        return SingleChange(told.change, mentions, cleared, ended)

    def settle_entries(self, mentioning: Iterable[Mentioning]) -> list[Mentioning]:
        """Those of the entries that still mention somebody, each with the mentions that count."""
        as_new = (SingleChange(Change(ChangeKind.ADDED, None, each.entry, {}), each.mentions) for each in mentioning)
        settled = map(self.settle, as_new)
        return [Mentioning(each.change.entry, each.mentions, each.was_cleared) for each in settled if each.mentions]


def _find_end(clearing: Clearing, change: Change, found_in: Sequence[str]) -> str:
    """What of the identity of an entry a change touches, in words; "" if nothing: that ends no clearing."""
    names = dict.fromkeys([*IDENTIFYING, *found_in])
    if change.kind is ChangeKind.REMOVED:
        return ""
    if change.before and change.after:
        sides = [(name, change.fields[name]) for name in names if name in change.fields]
        other = [name for name, each in sides if not value_form(*each)]
    else:
        known, entry = clearing.facts, change.entry
        other = [name for name in {**names, **known} if _value(entry, name) not in known.get(name, (None,))]
    return f"{', '.join(other)} changed" if other else ""


def _value(entry: Entry, name: str) -> str | None:
    """The value of a field, as `field_changes` names it; of a long one its fingerprint."""
    value = None if name == "title" else entry.fields.get(name)  # a man's title may be a field of his
    if value is None and name in SPECIALS:
        value = special_text(entry, name)
    if value is None or len(value) <= _LONGEST:
        return value
    return f"sha256:{sha256(value.encode('utf-8', 'replace')).hexdigest()}"
