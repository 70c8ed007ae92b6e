"""What an object of the configuration would do, before it is saved: whom the entries of a source would be alerted to,
which changes of the log an entity would be found in and a rule would send, whether a channel takes a test alert. Which
alert rules are for a change, and why others are not; and what the state tells of rules that never will be.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import uuid4

from alerts.channel import Material
from alerts.event.change_json import sides_of
from alerts.event.condition import ConditionError, check_condition, value_of
from alerts.matching.watchlist import Watchlist
from alerts.message.citations import Background
from alerts.options import AlertRule, Entity
from alerts.recognition.language.scripts import fold
from alerts.recognition.language.which import language_of, languages_with
from alerts.rules import routes_for, touched_fields, unmet
from alerts.service_answer import ServiceAnswer
from alerts.templating import find_fields
from sources import Entry, Source
from sources.text import listing
from state.model import Change, ChangeKind, Event, EventKind, FieldChange, Message, Route, SourceState
from state.storage.browsing import MOST, ChangeFilter
from state.store import Store
from watcher.check.event_factory import EventFactory
from watcher.check.log_limit import SingleChange
from watcher.check.matching import texts_of
from watcher.config.crosschecks import covers
from watcher.config.load import Config
from watcher.config.problems import did_you_mean, dot_path
from watcher.delivery.citations import recipient_of
from watcher.errors import UsageError
from watcher.schedule.due_times import Timing

if TYPE_CHECKING:
    from alerts.recognition.recognizer import NameFinding
    from watcher.trials.try_source import Trial  # it reads sites: the others need none of that

_MONTH = timedelta(days=31)
LOOKED_THROUGH = 1_000  # changes in which an entity is looked for
ROUTED = 100  # changes that a rule is tried on


class NotSentError(UsageError):
    """A channel has not taken a test alert; the message has its answer."""


class Preview(NamedTuple):
    """A change, what in it names an entity, and where it would be sent to."""

    event: Event
    findings: Sequence[NameFinding] = ()
    routes: Sequence[Route] = ()


def preview_source(config: Config, name: str, trial: Trial, now: datetime, limit: int) -> list[Preview]:
    """The first entries of a source as if each were added now: whom it mentions, and whom the rules alert."""
    factory, watchlist = EventFactory(name, trial.source, now, now), Watchlist(config.entities)
    made = list[Preview]()
    for entry in trial.shown[:limit]:
        added = Change(ChangeKind.ADDED, None, entry, {})
        event = factory.change(SingleChange(added, watchlist.mentions(entry)))
        made.append(Preview(event, routes=routes_for(event, config.alerts, now, config.timezone)))
    return made


def preview_entity(name: str, entity: Entity, config: Config, store: Store) -> Iterator[Preview]:
    """The last changes in which an entity is found, the newest first, and by which reading. Raises StateError."""
    watchlist = Watchlist({name: entity})
    for event in islice(_last_changes(store), LOOKED_THROUGH):
        source = config.sources.get(event.source)
        added_alone = source is not None and source.mentions_in == "added_lines"
        texts = texts_of(_change_of(event), added_alone=added_alone)
        if findings := dict.fromkeys(found for text in texts for found in watchlist.findings(text)):
            yield Preview(event, list(findings))


def _change_of(event: Event) -> Change:
    """A change as the check had it, as far as the log has kept it."""
    data = event.data
    before, after = (
        None if side is None else Entry(data["key"], data["title"], side, text=side.pop("text", data.get("text", "")))
        for side in (side and dict(side) for side in sides_of(data))
    )
    changed = {name: FieldChange(each["before"], each["after"]) for name, each in data["fields"].items()}
    return Change(ChangeKind(data["change"]), before, after, changed)


def preview_rule(rule: AlertRule, config: Config, store: Store) -> Iterator[Preview]:
    """The last changes that a rule would have sent, the newest first, and where to. Raises StateError."""
    for event in islice(_last_changes(store), ROUTED):
        if routes := routes_for(event, [rule], event.at, config.timezone):
            yield Preview(event, routes=routes)


def _last_changes(store: Store) -> Iterator[Event]:
    found = store.browse.changes(limit=MOST)
    yield from found.events
    while found.next is not None:
        found = store.browse.changes(below=found.next, limit=MOST)
        yield from found.events


def send_test(config: Config, name: str, clock: Callable[[], datetime]) -> str:
    """Send a test alert to a channel, at once; returns its title. Raises NotSentError."""
    now = clock()
    if config.channels[name].readers:
        raise NotSentError(f"{name}: readers have their mails through it: follow something at the desk to test it")
    # as long as the channel allows, and it cannot be mistaken for a real one
    event = Event(EventKind.TEST, source="", label="", authority="", at=now, previous=None, data={})
    material = Material(config.timezone, Background(), recipient_of(config, name), config.secrets.hide, lambda _: None)
    said = config.channels[name].compose([event], material)
    message = Message(0, uuid4().hex, name, said.title, said.text, said.html, deliveries=(), created=now)
    channel, secrets, http = config.channels[name], config.secrets, config.http
    chat = channel.open_chat(config.bots, secrets=secrets, http=http, clock=clock)
    sent = (
        channel.send(message, secrets=secrets, http=http, clock=clock) if chat is None else chat.send(message, (), ())
    )
    if isinstance(sent, ServiceAnswer):
        raise NotSentError(f"{name}: not sent: {sent.said}")
    return message.title


_OWN = {"title", "url", "published", "text"}  # what changes of every entry may touch
_SAMPLE = 200  # entries, and changes, of a source that tell of its fields and its language


class Verdict(NamedTuple):
    """Whether a rule is for a change: `unmet` is the first option because of which it is not.

    `value` is that of its condition, None without one; `fault` says why the condition cannot be applied.
    """

    number: int
    rule: AlertRule
    unmet: str | None
    value: Any = None
    fault: str | None = None

    @property
    def name(self) -> str:
        """How the rule is called for people: `rule 2 (revoked)`."""
        return f"rule {self.number} ({self.rule.name})" if self.rule.name else f"rule {self.number}"

    def dump(self) -> dict[str, Any]:
        """It as `watch match --event --json` shows it."""
        rule = {"rule": self.number, "name": self.rule.name, "fires": self.unmet is None, "unmet": self.unmet}
        return rule | {"when": self.rule.when, "value": self.value, "fault": self.fault, "to": list(self.rule.to)}


def try_rules(rules: Sequence[AlertRule], event: Event, only: str | None = None) -> list[Verdict]:
    """The verdict of each rule for changes, or of the `only` one, by its number or name. Raises UsageError."""
    numbered = [(number, rule) for number, rule in enumerate(rules, 1) if not rule.health]
    chosen = [(number, rule) for number, rule in numbered if only in {None, str(number), rule.name}]
    if not chosen:
        known = f"those for changes have the numbers: {', '.join(str(number) for number, _ in numbered) or 'none'}"
        raise UsageError(f'there is no rule "{only}" for changes in [[alerts]]; {known}')
    return [_try(number, rule, event) for number, rule in chosen]


def firing(rules: Sequence[AlertRule], event: Event) -> list[Verdict]:
    """The verdicts of the rules that are for a change."""
    found = [_try(number, rule, event) for number, rule in enumerate(rules, 1) if not rule.health]
    return [verdict for verdict in found if verdict.unmet is None]


def _try(number: int, rule: AlertRule, event: Event) -> Verdict:
    faults = list[str]()
    missing, value = unmet(rule, event, lambda _, why: faults.append(why)), None
    if rule.when is not None and not faults:
        try:
            value = value_of(rule.when, event)
        except ConditionError as error:
            faults.append(str(error))
    return Verdict(number, rule, missing, value, next(iter(faults), None))


def find_late(config: Config) -> Iterator[str]:
    """Warnings of sources whose calendar lets them wait longer than a month, or than `slowest` if that is longer."""
    now, longest = datetime.now(UTC), max(_MONTH, config.schedule.slowest or _MONTH)
    for name, source in config.sources.items():
        calendar = Timing.of(source, None, config.timezone).calendar if source.enabled else None
        if calendar is None:
            continue
        due, at = calendar.next_at(now) if calendar.at else calendar.opens(now), f"sources.{name}"
        if due is None:
            yield f"{at}.at: none of its times in ten years is within its hours: it is not checked"
        elif due - now > longest:
            yield f"{at}: it rests until {due.astimezone(calendar.zone):%Y-%m-%d %H:%M}, for {(due - now).days} days"


def find_silent(config: Config, store: Store) -> Iterator[str]:
    """Warnings of fields that a source, or no source of a rule, has had, and of names that are everyday words in its
    sources. What the state does not know of every source is not judged. Raises StateError.
    """
    known, languages = dict[str, frozenset[str]](), dict[str, str]()
    for state in store.sources():
        source = config.sources.get(state.name)
        if source and source.enabled and state.revision and not source.has_details:
            known[state.name], language = _sample(store, state)
            languages |= {state.name: language} if language else {}
            yield from _silent_ignore(state.name, source, known[state.name])
    told, watched = dict[str, frozenset[str] | None](), dict[str, set[str]]()
    for index, rule in enumerate(config.alerts):
        if rule.health:
            continue
        names = [name for name, source in config.sources.items() if source.enabled and covers(rule, name, source)]
        for entity in rule.entities or config.entities:
            watched.setdefault(entity, set()).update(names)
        fields = frozenset().union(*(known[name] for name in names)) if names and known.keys() >= set(names) else None
        for channel in filter(config.channels.__contains__, rule.to):  # those whose secrets are lost are left out
            before = told.get(channel, frozenset())
            told[channel] = None if fields is None or before is None else before | fields
        if fields is None:
            continue
        for name in rule.fields or ():
            if name not in fields:
                what = f'"{name}" is a name that no source of this rule has had'
                yield f"{dot_path(('alerts', index, 'fields'))}: {what}; {did_you_mean(name, sorted(fields), 'fields')}"
        try:
            check_condition(rule.when or "change", fields)
        except ValueError as error:
            yield f"{dot_path(('alerts', index, 'when'))}: {error}"
    yield from _silent_templates(config, told)
    yield from _everyday_names(config, watched, languages)


def _silent_ignore(name: str, source: Source, fields: frozenset[str]) -> Iterator[str]:
    is_own = "ignore" in source.model_fields_set and not source.group  # a kind, or a group, may name more
    for each in source.ignore if is_own else ():
        if each not in fields:
            what = f'"{each}" is a name that it has not had'
            yield f"{dot_path(('sources', name, 'ignore'))}: {what}; {did_you_mean(each, sorted(fields), 'fields')}"


def _sample(store: Store, state: SourceState) -> tuple[frozenset[str], str | None]:
    """The fields that the entries of a source have, or had, and the language of what they say."""
    entries = [each.entry for each in store.entries.page(state.name, limit=_SAMPLE).entries]
    changes = store.browse.changes(ChangeFilter(source=state.name), limit=_SAMPLE).events
    fields = {*_OWN, *state.habits.filled, *(name for entry in entries for name in entry.fields)}
    for event in changes:
        fields |= touched_fields(event) | event.data.get("entry", {}).keys()
    said = " ".join(f"{entry.title} {entry.text[:500]} {' '.join(entry.fields.values())}" for entry in entries)
    return frozenset(fields), language_of(re.findall(r"\w+", said), said)


def _silent_templates(config: Config, told: Mapping[str, frozenset[str] | None]) -> Iterator[str]:
    for channel, fields in told.items():
        parts = zip(("title", "text", "html"), config.channels[channel].templates, strict=True)
        for part, template in parts if fields is not None else ():
            for name in sorted(find_fields(template or "") - (fields or set())):
                what = f'"{name}" is a name that no source of its rules has had'
                yield f"channels.{channel}.{part}: {what}; {did_you_mean(name, sorted(fields or ()), 'fields')}"


def _everyday_names(
    config: Config, watched: Mapping[str, Collection[str]], languages: Mapping[str, str]
) -> Iterator[str]:
    for entity, sources in watched.items():
        for name in () if config.entities[entity].context else config.entities[entity].names:
            everyday = languages_with(fold(name))
            if written := [source for source in sorted(sources) if languages.get(source) in everyday]:
                what = f'"{name}" is an everyday word in the language of {listing(written, 3)}'
                yield f"entities.{entity}.names: {what}: add context, words of which one has to stand near it"
