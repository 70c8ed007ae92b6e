"""The suspicious snapshot of a source: the changes that it would bring, and taking it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import Any, Literal

from alerts.event.change_json import change_json
from alerts.matching.watchlist import Watchlist
from sources import SourceError
from state.compare.changes import changes_of_known
from state.compare.reader_fingerprints import snapshot_id
from state.model import ChangeKind, Commit, Event, EventKind, SourceState
from state.storage.desk import Action
from state.store import Store
from watcher.check.cleared import Judge
from watcher.check.context import CheckTarget
from watcher.check.decide import Context, Stale, decide
from watcher.check.outcome import Accepted, Checked, Mentioning, mentioned_keys
from watcher.check.pipeline import match, read_stored, sum_up_further
from watcher.config.load import Config
from watcher.delivery.operator_alerts import FailingRules
from watcher.errors import UsageError
from watcher.runtime.committer import context_of
from watcher.terminal.console import say
from watcher.terminal.words import change_line, choose_logged, count, moment

# Which of its changes are alerted when a snapshot is accepted: all, those that mention a watched entity and are not of
# form alone, or none.
Alerted = Literal["all", "watched", "none"]


@dataclass(frozen=True, slots=True)
class Held:
    """A suspicious snapshot, compared with what is known as if it were plausible.

    `id` identifies it, `state` is what it was compared with, `changes` are the events that it would bring, `mentioning`
    its entries that mention an entity. `bodies` are the fingerprints of its pages, `alerted` says which of the changes
    are alerted when it is taken.
    """

    id: str
    state: SourceState
    checked: Checked
    found: Accepted
    context: Context
    changes: Sequence[Event]
    mentioning: Sequence[Mentioning]
    bodies: Sequence[bytes]
    alerted: Alerted

    @property
    def counts(self) -> Mapping[ChangeKind, int]:
        """The number of entries that it would add, change, remove and bring back."""
        changes = self.found.difference.changes
        before = changes_of_known(changes)
        counts = Counter(change.kind for change in before)
        counts[ChangeKind.ADDED] += len(changes) - len(before) - self.found.further
        return {kind: 0 if self.found.baseline else counts[kind] for kind in ChangeKind}

    @property
    def entities(self) -> Mapping[str, int]:
        """How many of its entries mention each entity."""
        return Counter(each for item in self.mentioning for each in dict.fromkeys(m.entity for m in item.mentions))


def compare_held(store: Store, config: Config, name: str, now: datetime, alerted: Alerted = "none") -> Held | None:
    """The suspicious snapshot of a configured source; None if there is none. Raises UsageError and StateError."""
    source, hide = config.sources[name], config.secrets.hide
    target = CheckTarget(name, source, store, Watchlist(config.entities), hide)
    state = store.source(name)
    if not (stored := store.pages(name, held=True)):
        return None
    pages, bodies = [each.page for each in stored], [each.body_hash for each in stored]
    try:
        snapshot = read_stored(target, state, pages)
    except SourceError as error:
        raise UsageError(f"{name}: the held snapshot cannot be read with today's options: {error}") from None
    matched = replace(match(target, state, snapshot), by_hand=True)
    known = store.pages(name, bodies=False)
    found = sum_up_further(matched, source, state, known, pages)
    assert isinstance(found, Accepted)  # noqa: S101 - as what was matched
    checked = Checked(state.revision, pages[0].fetched, found, target.reading, target.place)
    clearings = store.clearings.standing(name, mentioned_keys(matched))
    context = replace(context_of(store, config, target, checked, now), history={}, clearings=clearings)
    mentioning = Judge(clearings, now).settle_entries(matched.mentioning)
    commit = decide(state, checked, context)
    id_ = snapshot_id(state, found.difference)
    changes = [event for event, _ in commit.alerts if event.kind is EventKind.CHANGE] if commit else []
    return Held(id_, state, checked, found, context, changes, mentioning, bodies, alerted)


def take(store: Store, held: Held, config: Config | None = None, *, who: str = "") -> list[Event]:
    """Commit a suspicious snapshot as accepted, and record `who` did it; its changes. With a configuration, its
    operators are told of rules whose condition cannot be applied. Raises StateError, and UsageError if it was replaced.
    """
    name, faults = held.context.name, FailingRules(store, lambda: held.context.now)

    def is_alerted(event: Event) -> bool:  # who hears of the source's health hears of its recovery, too
        is_told = held.alerted == "all" or (held.alerted == "watched" and bool(event.mentions))
        return is_told or event.kind is EventKind.HEALTH

    def decide_held(state: SourceState) -> Commit | None:
        if [each.body_hash for each in store.pages(name, held=True, bodies=False)] != held.bodies:
            return None
        clearings = store.clearings.standing(name, mentioned_keys(held.found))
        context = replace(held.context, clearings=clearings, on_fault=faults.note_fault)
        commit = decide(state, held.checked, context)
        routed = [(event, routes if is_alerted(event) else ()) for event, routes in commit.alerts] if commit else []
        return commit and replace(commit, alerts=routed)

    try:
        events = store.commit(name, decide_held)
    except Stale:
        events = None
    if events is None:
        raise UsageError(f"{name}: {say_gone(store, name, held.id)}; watch log --source {name}")
    if config:
        faults.alert(config)
    changes = [event for event in events if event.kind is EventKind.CHANGE]
    if who:
        alerts = held.alerted == "all" or (held.alerted == "watched" and any(event.mentions for event in changes))
        what = "accept and alert" if alerts else "accept"
        store.desk.record(Action(held.context.now, who, what, _subject(name, held.id)))
    return changes


def who_took(store: Store, name: str, id_: str) -> str:
    """Who accepted a snapshot that is not held now; "" if nobody did."""
    action = store.desk.last_action(_subject(name, id_))
    return action.who if action else ""


def say_gone(store: Store, name: str, id_: str) -> str:
    """Why a snapshot that was shown is not held any more."""
    if who := who_took(store, name, id_):
        return f"{who} has accepted snapshot {id_} already"
    return f"snapshot {id_} is no longer held: somebody took it, or a later check ended it"


def _subject(name: str, id_: str) -> str:
    return f"snapshot {id_} of source {name}"


def print_held(held: Held, zone: tzinfo) -> None:
    """Print the changes that a held snapshot would bring, their numbers, the entities that they mention, and its id."""
    found = held.found
    shown, rest = choose_logged(held.changes)
    for line in filter(None, (*map(change_line, shown), rest)):
        say(line, indent=2, hang=4)
    number = count(found.difference.count, "entry", "entries")
    whom = ", ".join(f"{entity} ({times})" for entity, times in held.entities.items())
    mentions = f"mentions {whom or 'nothing that you watch'}"
    if found.baseline:
        say(f"it would be the first snapshot: {number}, {mentions}", hang=4)
    else:
        numbers = ", ".join(f"{number:,} {kind}" for kind, number in held.counts.items() if number) or "no change"
        numbers += f", and {found.further:,} that stand on further pages" if found.further else ""
        say(f"it would bring: {numbers}; {mentions}", hang=4)
    say(f"snapshot {held.id}, read {moment(held.checked.began, zone)}, {number}; nothing of it is taken so far", hang=4)


def held_json(held: Held, base_url: str | None = None) -> dict[str, Any]:
    """A held snapshot as `watch status NAME --json` shows it."""
    return {
        "snapshot": held.id,
        "read": held.checked.began.isoformat(),
        "entries": held.found.difference.count,
        **{kind.value: number for kind, number in held.counts.items()},
        "mentions": dict(held.entities),
        "changes": [change_json(event, base_url) for event in choose_logged(held.changes)[0]],
    }
