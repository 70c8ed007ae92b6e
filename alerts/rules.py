"""Which events go to which channels, and when. Pure."""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from fnmatch import fnmatchcase
from itertools import chain
from zoneinfo import ZoneInfo

from alerts.event.condition import ConditionError, holds
from alerts.event.told_fields import is_new
from alerts.message.recipient import Promise
from alerts.options import AlertRule
from alerts.timing import due_time
from state.model import ChangeKind, Event, EventKind, Route

OnFault = Callable[[AlertRule, str], None]  # told of a rule whose condition cannot be applied to a change, and why


def ignore_fault(rule: AlertRule, why: str) -> None:
    """An `OnFault` for callers that ask again about a change whose faults were told when it was seen."""


def routes_for(
    event: Event, rules: Sequence[AlertRule], at: datetime, zone: ZoneInfo, on_fault: OnFault = ignore_fault
) -> list[Route]:
    """The routes of an event at a time: in the order of the rules, each channel once.

    A baseline is about a source as a whole, so it goes to every channel that may get changes of the source. A test
    alert goes to the channel that it tests, whatever the rules say. A rule whose condition cannot be applied does not
    match.
    """
    if event.kind is EventKind.TEST:
        return []
    return _route(event, (rule for rule in rules if matches(rule, event, on_fault)), at, zone)


def operator_routes(event: Event, rules: Sequence[AlertRule], at: datetime, zone: ZoneInfo) -> list[Route]:
    """The routes of an event about the service itself: all channels with health alerts, for any source."""
    return _route(event, (rule for rule in rules if rule.health), at, zone)


def _route(event: Event, rules: Iterable[AlertRule], at: datetime, zone: ZoneInfo) -> list[Route]:
    """The routes by the matching rules; of two to one channel, the earlier one.

    If one of them has to be approved, the channel gets nothing without. What is no change is not for the public: it
    does not go to a channel for which somebody has to approve.
    """
    routes, matching = dict[str, Route](), list(rules)
    for rule in matching:
        digest = rule.digest is not None and event.authority not in rule.urgent
        for channel in rule.to:
            approval = rule.approval(channel)
            if approval is None or event.kind is EventKind.CHANGE:
                route = Route(channel, _due(event, rule, at, zone), digest=digest, approval=approval)
                routes[channel] = _earlier(routes.get(channel), route)
    # The channels that are told again of a change until somebody acknowledges it, beginning after the alert itself.
    reminders = dict[str, Route]()
    for rule in matching:
        if rule.escalate and event.kind is EventKind.CHANGE:
            first = _due(event, rule, at, zone) + rule.escalate.after
            for channel in rule.escalate.to:
                again = Route(channel, first, every=rule.escalate.after)
                reminders[channel] = _earlier(reminders.get(channel), again)
    return [*routes.values(), *reminders.values()]


def _due(event: Event, rule: AlertRule, at: datetime, zone: ZoneInfo) -> datetime:
    """When a rule has an event of this time delivered."""
    return at if event.authority in rule.urgent else due_time(at, rule.quiet, rule.digest, zone)


def _earlier(one: Route | None, other: Route) -> Route:
    """The earlier of two routes to a channel, the first one if they are due together."""
    if one is None:
        return other
    first, second = (other, one) if other.due < one.due else (one, other)
    return first._replace(approval=first.approval or second.approval)


def attaches(event: Event, channel: str, rules: Sequence[AlertRule]) -> bool:
    """Whether a rule that routes the event to the channel attaches its proof."""
    return event.proof is not None and any(
        rule.attach and channel in rule.to and matches(rule, event) for rule in rules
    )


def is_escalated(event: Event, channel: str, rules: Sequence[AlertRule]) -> bool:
    """Whether a rule that alerts the channel has others told again of an event until somebody acknowledges it."""
    mine = [rule for rule in rules if rule.escalate and channel in rule.to]
    return event.kind is EventKind.CHANGE and any(matches(rule, event) for rule in mine)


def hears_of_health(channel: str, rules: Sequence[AlertRule]) -> bool:
    """Whether a channel gets health alerts: its readers run the service."""
    return any(rule.health and channel in rule.to for rule in rules)


def promise(event: Event, channel: str, rules: Sequence[AlertRule]) -> Promise:
    """Of which changes of the source of a baseline a channel is alerted, by all rules together."""
    own = [
        Promise(rule.entities, rule.changes, rule.fields, tuple(filter(None, (rule.when, rule.mentions))) or None)
        for rule in rules
        if channel in rule.to and matches(rule, event)
    ]
    conditions = zip(*own, strict=True)
    joint = (None if None in each else tuple(dict.fromkeys(chain.from_iterable(each))) for each in conditions)
    return Promise(*joint)


def matches(rule: AlertRule, event: Event, on_fault: OnFault = ignore_fault) -> bool:
    """Whether a rule is for an event."""
    return unmet(rule, event, on_fault) is None


def unmet(rule: AlertRule, event: Event, on_fault: OnFault = ignore_fault) -> str | None:
    """The first option of a rule because of which it is not for an event; None if it is."""
    if rule.health is not (event.kind is EventKind.HEALTH):
        return "health"
    if not is_of(rule, event.source):
        return "sources"
    authorities = (rule.authority,) if isinstance(rule.authority, str) else rule.authority
    if authorities is not None and event.authority not in authorities:
        return "authority"
    if event.data.get("added") and not _overlap(rule.entities, event.entities):  # stored entries that mention others
        return "entities"
    return _unmet_by_change(rule, event, on_fault) if event.tells_change else None


def _unmet_by_change(rule: AlertRule, event: Event, on_fault: OnFault) -> str | None:
    if not _overlap(rule.entities, event.entities):
        return "entities"
    if event.data.get("form") and "more" not in event.data and not rule.form:
        return "form"
    kinds = {ChangeKind(event.data["change"])}
    if ChangeKind.REKEYED in kinds and event.data["fields"]:
        kinds.add(ChangeKind.CHANGED)  # besides its key
    if not _overlap(rule.changes, kinds):
        return "changes"
    if not _overlap(rule.fields, touched_fields(event)):
        return "fields"
    if rule.mentions and not any(
        is_new(each, event.data) for each in event.mentions if not rule.entities or each.entity in rule.entities
    ):
        return "mentions"
    return _unmet_condition(rule, event, on_fault)


def _unmet_condition(rule: AlertRule, event: Event, on_fault: OnFault) -> str | None:
    try:
        return None if rule.when is None or holds(rule.when, event) else "when"
    except ConditionError as error:
        on_fault(rule, str(error))
        return "when"


def names_field(rule: AlertRule, source: str, name: str) -> bool:
    """Whether a rule for changes of a source is about a field of this name."""
    named = name in (rule.fields or ()) or re.search(rf"(?<!\w){re.escape(name)}(?!\w)", rule.when or "")
    return bool(named) and is_of(rule, source)


def is_of(rule: AlertRule, source: str) -> bool:
    """Whether a rule is for a source by its name."""
    return rule.sources is None or any(fnmatchcase(source, pattern) for pattern in rule.sources)


def touched_fields(event: Event) -> set[str]:
    """The names of the fields that a change touches: those that differ, or all of an added or removed entry. Those of
    changes summed up with it count as well.
    """
    names = set(event.data["fields"]) | set(event.data.get("more", {}).get("fields", ()))
    differs = event.data["change"] in {ChangeKind.CHANGED, ChangeKind.REKEYED}
    return names if differs else names | set(event.data.get("entry", ()))


def _overlap(wanted: Collection[str] | None, there: Collection[str]) -> bool:
    return wanted is None or any(item in wanted for item in there)
