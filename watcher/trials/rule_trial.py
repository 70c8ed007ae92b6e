"""Which alert rules are for a change, and why others are not; and what the state tells of rules that never will be."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from alerts.event.condition import ConditionError, check_condition, value_of
from alerts.options import AlertRule
from alerts.recognition.language.scripts import fold
from alerts.recognition.language.which import language_of, languages_with
from alerts.rules import touched_fields, unmet
from alerts.templating import find_fields
from sources.text import listing
from state.model import Event, SourceState
from state.storage.browsing import ChangeFilter
from state.store import Store
from watcher.config.crosschecks import covers
from watcher.config.load import Config
from watcher.config.problems import did_you_mean, dot_path
from watcher.errors import UsageError

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


def find_silent(config: Config, store: Store) -> Iterator[str]:
    """Warnings of fields that no source of a rule has had, and of names that are everyday words in its sources. What
    the state does not know of every source is not judged. Raises StateError.
    """
    known, languages = dict[str, frozenset[str]](), dict[str, str]()
    for state in store.sources():
        source = config.sources.get(state.name)
        if source and source.enabled and state.revision and not source.has_details:
            known[state.name], language = _sample(store, state)
            languages |= {state.name: language} if language else {}
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
