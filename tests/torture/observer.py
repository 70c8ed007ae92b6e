"""A perfect observer of a register: it sees each page that was served, and knows what a reader must have been told.

Pure, and written from what the documents promise, not from the code: what is believed and what is held, what of it is
news for whom, and which messages say otherwise.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

LOST, CHANGED = 0.2, 0.5  # shares of the entries that may go, or change in one field, in one check
LEAST = 3  # so few entries under other keys are a coincidence: removed, and added
COUNT = 5  # so many may do so in any case
SMALL = 10  # a register of fewer entries may change as a whole
HABIT = 3  # a field that has changed in most entries so often, each time to other values, is exempt
FAILURES, PATIENCE = 3, timedelta(hours=6)  # until a source that fails is told
DIGEST = 18  # o'clock, UTC
REMEMBERED = timedelta(days=1)  # for how long a held change that was told is not told again in a later trouble


class Row(NamedTuple):
    """An entry as the register has it."""

    name: str
    status: str
    since: str


Page = Mapping[str, Row]  # entries by key


class Content(NamedTuple):
    """The keys of an entry, and what became of it."""

    keys: tuple[str, str | None]
    change: str
    values: tuple[object, ...]


class Fact(NamedTuple):
    """Something that became of one entry; `former` is the key that a rekeyed one had. Or of so many `together`, which
    are only written otherwise.
    """

    change: str
    key: str
    before: Row | None
    after: Row | None
    former: str | None = None
    together: int = 0

    @property
    def name(self) -> str:
        if self.together:
            return f"{self.together} entries written otherwise: dates rewritten"
        row = self.after or self.before
        return row.name if row else ""

    @property
    def differing(self) -> dict[str, tuple[str, str]]:
        """The fields that differ, before and after; none of an entry that came or went."""
        if not (self.before and self.after):
            return {}
        sides = zip(Row._fields, self.before, self.after, strict=True)
        return {name: (before, after) for name, before, after in sides if before != after}

    @property
    def is_of_form(self) -> bool:
        """Whether the same values are only written otherwise."""
        same = all(plain(before) == plain(after) for before, after in self.differing.values())
        return bool(self.differing) and self.change.endswith("changed") and same

    @property
    def content(self) -> Content:
        """What is alike when the same becomes of the entry once more."""
        rows = () if self.before and self.after else (self.before, self.after)
        return Content((self.key, self.former), self.change, (*self.differing.items(), *rows))


def plain(value: str) -> str:
    """A value however it is written: dates of one day, and letter case, are the same."""
    if german := re.fullmatch(r"(\d\d)\.(\d\d)\.(\d{4})", value):
        day, month, year = german.groups()
        return f"{year}-{month}-{day}"
    return value.casefold()


class Span(NamedTuple):
    """A time that is known to lie between two, both included: a check was asked for, and had ended."""

    first: datetime
    last: datetime

    def has(self, said: datetime) -> bool:
        """Whether it can be this one, which is said in whole seconds."""
        return self.first - timedelta(seconds=1) <= said <= self.last


@dataclass
class Trouble:
    """A time in which the register could not be read, or not be believed."""

    began: Span
    held: list[Page] = field(default_factory=list)  # each snapshot that was held, in order
    failures: int = 0  # in a row
    is_failing: bool = False  # which is told after three failures in a row, or of the first trouble 6 hours later
    spoken: list[Fact] = field(default_factory=list)  # what is told of the held ones, as not believed yet
    due: dict[Fact, datetime] = field(default_factory=dict)  # when each of these comes with the digest
    collected: set[Fact] = field(default_factory=set)  # which of them it had before the trouble ended
    ended: Span | None = None


@dataclass
class Observer:
    """What is known after each check that was committed, and what has become due to whom.

    `due` are the facts for those whom any change concerns, `logged` all that the log has, `believed` the register's
    last believed page, `moved` how often fields have changed in most entries, with the last values that they got,
    `spoken` when held changes were told, until their entry changes.
    """

    believed: Page
    watched: Sequence[str]
    due: list[Fact] = field(default_factory=list)
    logged: list[Fact] = field(default_factory=list)
    gone: dict[str, Row] = field(default_factory=dict)
    trouble: Trouble | None = None
    troubles: list[Trouble] = field(default_factory=list)
    moved: dict[str, tuple[int, Mapping[str, str]]] = field(default_factory=dict)
    spoken: dict[Content, datetime] = field(default_factory=dict)

    def read(self, page: Page | None, span: Span) -> None:
        """A check saw this page; None: it could not be read."""
        at = span.last
        facts = [] if page is None else self.compare(page)
        fields = self._find_moving(facts)
        numbers = changes_too_much(facts, len(self.believed))
        if page is not None and not (numbers or fields):
            self.due += [fact for fact in facts if not fact.is_of_form]
            self._believe(page, facts, span)
            return
        if self.trouble is None:
            self.trouble = Trouble(span)
            self.troubles.append(self.trouble)
        trouble = self.trouble
        trouble.failures = trouble.failures + 1 if page is None else 0
        late = not trouble.held and at - trouble.began.last >= PATIENCE
        trouble.is_failing |= trouble.failures >= FAILURES or (page is None and late)
        if page is not None and (not trouble.held or page != trouble.held[-1]):
            trouble.held.append(page)
            self._speak(trouble, facts, at)
            if not numbers:
                self._note_movement(facts, fields)
        trouble.collected |= {fact for fact, due in trouble.due.items() if due <= at}

    @property
    def held(self) -> Page | None:
        """The snapshot that can be accepted: the last one that was not believed."""
        return self.trouble.held[-1] if self.trouble and self.trouble.held else None

    def accept(self, span: Span, *, alert: str) -> None:
        """Somebody took the held snapshot as the truth, with `alert` of "all", "watched" or "none" of its changes."""
        assert self.held is not None
        facts = self.compare(self.held)
        fields = self._find_moving(facts)
        self._note_movement(facts, fields)
        told = {"all": lambda fact: not fact.is_of_form, "watched": self.is_news, "none": lambda _: False}[alert]
        if together := of_form_together(facts, fields):
            facts = [fact for fact in facts if fact not in together]
            facts.append(Fact("changed", "", None, None, together=len(together)))
        self.due += filter(told, facts)
        self._believe(self.held, facts, span)

    def is_watched(self, fact: Fact) -> bool:
        return any(name in fact.name for name in self.watched)

    def is_news(self, fact: Fact) -> bool:
        return self.is_watched(fact) and not fact.is_of_form

    def compare(self, page: Page) -> list[Fact]:
        """What became of each entry since the believed page. One under another key is the same if all else is, or by
        its name, where most entries have other keys.
        """
        went = {key: row for key, row in self.believed.items() if key not in page}
        came = {key: row for key, row in page.items() if key not in self.believed}
        by_name = len(went) * 2 > len(self.believed)
        former = {row if not by_name else row.name: key for key, row in went.items()}
        likeness = {key: row.name if by_name else row for key, row in came.items()}
        rekeyed = {key: former[like] for key, like in likeness.items() if like in former}
        if len(rekeyed) < LEAST:
            rekeyed = {}
        facts = [
            Fact("changed", key, self.believed[key], row)
            for key, row in page.items()
            if key in self.believed and row != self.believed[key]
        ]
        facts += [Fact("rekeyed", key, went[old], page[key], old) for key, old in rekeyed.items()]
        facts += [Fact("removed", key, row, None) for key, row in went.items() if key not in rekeyed.values()]
        for key, row in came.items():
            if key not in rekeyed:
                facts.append(Fact("reappeared" if key in self.gone else "added", key, self.gone.get(key), row))
        return facts

    def _find_moving(self, facts: Sequence[Fact]) -> list[str]:
        """The fields that changed in more of the entries that stayed than may, and do not do so by habit."""
        went = sum(fact.change in {"removed", "rekeyed"} for fact in facts)
        most = max(COUNT, int((len(self.believed) - went) * CHANGED))
        counts = Counter(name for fact in facts if fact.change == "changed" for name in fact.differing)
        moving = [name for name, count in counts.items() if count > most and self.moved.get(name, (0,))[0] < HABIT]
        return moving if len(self.believed) >= SMALL else []

    def _note_movement(self, facts: Sequence[Fact], fields: Iterable[str]) -> None:
        """Fields have changed in most entries: to other values than the last time, or seen once more."""
        for name in fields:
            changed = [fact for fact in facts if fact.change == "changed" and name in fact.differing]
            values = {fact.key: fact.differing[name][1] for fact in changed}
            times, last = self.moved.get(name, (0, {}))
            same = [values[key] == last[key] for key in values.keys() & last.keys()]
            self.moved[name] = times + (2 * sum(same) < len(same) or not same), values

    def _speak(self, trouble: Trouble, facts: Iterable[Fact], at: datetime) -> None:
        """What is held is told of watched entries, unless it was told as held in this trouble, or lately."""
        since = min(at - REMEMBERED, trouble.began.last)
        news = [fact for fact in facts if self.is_news(fact)]
        new = [fact for fact in news if fact.content not in self.spoken or self.spoken[fact.content] < since]
        trouble.spoken += new
        trouble.due |= dict.fromkeys(new, next_digest(at))
        self.spoken |= {fact.content: at for fact in new}

    def _believe(self, page: Page, facts: Sequence[Fact], span: Span) -> None:
        self.logged += facts
        changed = {fact.key for fact in facts}
        self.spoken = {each: when for each, when in self.spoken.items() if changed.isdisjoint(each.keys)}
        self.gone |= {key: row for key, row in self.believed.items() if key not in page}
        self.believed = dict(page)
        if self.trouble:
            self.trouble.ended = span
        self.trouble = None


def next_digest(after: datetime) -> datetime:
    """When what has become due is sent to those who get it once a day."""
    today = after.replace(hour=DIGEST, minute=0, second=0, microsecond=0)
    return today if after < today else today + timedelta(days=1)


def changes_too_much(facts: Sequence[Fact], known: int) -> bool:
    """Whether more entries have gone than may, or most of them were rekeyed."""
    changes = Counter(fact.change for fact in facts)
    return changes["removed"] > max(COUNT, int(known * LOST)) or changes["rekeyed"] * 2 > known


def of_form_together(facts: Iterable[Fact], fields: Sequence[str]) -> list[Fact]:
    """The entries of which these fields, which changed in most entries, are only written otherwise, as in all."""
    of_form = all(
        plain(before) == plain(after)
        for fact in facts
        if fact.change == "changed"
        for name, (before, after) in fact.differing.items()
        if name in fields
    )
    return [fact for fact in facts if of_form and fact.change == "changed" and fact.differing.keys() <= set(fields)]


# ---- what a reader was told


class Said(NamedTuple):
    """One statement of a text: what became of the entry of this name; of a change the field and both values. One of
    many entries together is its heading.
    """

    change: str
    name: str
    field: str = ""
    before: str = ""
    after: str = ""


_HEAD = re.compile(r"(?:THEN |AT LAST )?((?:NOT BELIEVED YET, )?(?:ADDED|REMOVED|REAPPEARED|CHANGED|REKEYED)): (.+)")
_ITEM = re.compile(
    r"((?:not believed yet, )?(?:added|removed|reappeared|changed|rekeyed)): ([^→·]+?)(?:, (\w+): (\S+) → (\S+))?(?:, and .*| · .*)?"
)
_TOGETHER = re.compile(r"\d+ entries written otherwise: .+")


def statements(text: str) -> Iterator[Said]:
    """What a message's text says of entries."""
    for said in _read(text):
        if not _TOGETHER.fullmatch(said.name):
            yield said
        elif said.field:  # of the first of them
            yield Said(said.change, said.name)


def _read(text: str) -> Iterator[Said]:
    change = name = label = before = ""
    for line in text.splitlines():
        if head := _HEAD.fullmatch(line):
            change, label = head[1].lower(), ""
            name = name if line.startswith(("THEN", "AT LAST")) else head[2]
            if not change.endswith("changed"):
                yield Said(change, name)
        elif item := _ITEM.fullmatch(line):
            yield Said(item[1], item[2], item[3] or "", item[4] or "", item[5] or "")
        elif line in Row._fields or line == "key":
            label = line
        elif line.startswith("was: "):
            before = line[5:]
        elif line.startswith("now: ") and label in Row._fields:
            yield Said(change, name, label, before, line[5:])


def said_of(fact: Fact) -> set[Said]:
    """The statements that tell a fact; each of them does."""
    if fact.together:
        return {Said(fact.change, fact.name)}
    fields = {Said(fact.change, fact.name, name, *sides) for name, sides in fact.differing.items()}
    return fields if fact.change.endswith("changed") else {Said(fact.change, fact.name)} | fields


def unbelieved(fact: Fact) -> Fact:
    """A fact as it is told while its snapshot is held."""
    return fact._replace(change=f"not believed yet, {fact.change}")


def compare_texts(due: Sequence[Fact], texts: Iterable[str]) -> Iterator[str]:
    """What readers of texts miss, and what they were told falsely or more often than it happened."""
    told = Counter(said for text in texts for said in statements(text))
    happened = Counter(said for fact in due for said in said_of(fact))
    for fact in due:
        if told.keys().isdisjoint(said_of(fact)):
            yield f"missing: {fact}"
    for said, times in told.items():
        if times > happened[said]:
            yield f"{'false' if said not in happened else f'told {times} times'}: {said}"


def compare_facts(due: Sequence[Fact], told: Sequence[Fact]) -> Iterator[str]:
    """The same of who was told facts."""
    happened, heard = Counter(due), Counter(told)
    yield from (f"missing: {fact}" for fact in (happened - heard).elements())
    for fact in (heard - happened).elements():
        yield f"{'twice' if fact in happened else 'false'}: {fact}"


_STATUS = re.compile(r"(FAILING|SUSPICIOUS|RECOVERED): list$", re.MULTILINE)
_LASTED = re.compile(r"It lasted: .+, from (\S+ \S+) UTC to (\S+ \S+) UTC")


def compare_health(troubles: Sequence[Trouble], texts: Iterable[str]) -> Iterator[str]:
    """What those who run the service miss of its troubles, or were told falsely."""
    blocks = [block for text in texts for block in text.split("\n\n")]
    about = [(found[1], block) for block in blocks if (found := _STATUS.match(block))]
    told, spans = (
        [status for status, _ in about],
        [_LASTED.search(block) for status, block in about if status == "RECOVERED"],
    )
    for trouble in troubles:
        if not (trouble.held or trouble.is_failing):
            continue
        end = told.index("RECOVERED") if "RECOVERED" in told else len(told)
        said, told = Counter(told[:end]), told[end + 1 :]
        if said["FAILING"] != trouble.is_failing:
            yield f"{'missing' if trouble.is_failing else 'false'}: FAILING {said['FAILING']} times in {trouble.began}"
        if bool(said["SUSPICIOUS"]) != bool(trouble.held) or said["SUSPICIOUS"] > len(trouble.held) + 1:
            what = "missing" if trouble.held else "false"
            yield f"{what}: SUSPICIOUS {said['SUSPICIOUS']} times in {trouble.began}, {len(trouble.held)} held"
        if trouble.ended:
            lasted = spans.pop(0) if spans else None
            span = [datetime.fromisoformat(at).replace(tzinfo=UTC) for at in (lasted.groups() if lasted else ())]
            right = [trouble.began, trouble.ended]
            if trouble.ended.last < trouble.began.first:  # by a clock that was set back
                if span:
                    yield f"false: it lasted from {span}, and nobody knows how long"
            elif len(span) != 2 or not all(map(Span.has, right, span)):
                yield f"false: it lasted from {right} and {span} was said"
    if told or spans:
        yield f"false: {told} {spans} after all troubles"
