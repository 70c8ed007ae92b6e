"""Which alert rules are for a change, and why others are not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from alerts.event.condition import ConditionError, value_of
from alerts.options import AlertRule
from alerts.rules import unmet
from state.model import Event
from watcher.errors import UsageError


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


def verdicts(rules: Sequence[AlertRule], event: Event, only: str | None = None) -> list[Verdict]:
    """The verdict of each rule for changes, or of the `only` one, by its number or name. Raises UsageError."""
    numbered = [(number, rule) for number, rule in enumerate(rules, 1) if not rule.health]
    chosen = [(number, rule) for number, rule in numbered if only in {None, str(number), rule.name}]
    if not chosen:
        known = ", ".join(str(number) for number, _ in numbered) or "none"
        raise UsageError(
            f'there is no rule "{only}" for changes in [[alerts]]; those for changes have the numbers: {known}'
        )
    return [_verdict(number, rule, event) for number, rule in chosen]


def fired(rules: Sequence[AlertRule], event: Event) -> list[Verdict]:
    """The verdicts of the rules that are for a change."""
    return [verdict for verdict in verdicts(rules, event) if verdict.unmet is None] if _any(rules) else []


def _any(rules: Sequence[AlertRule]) -> bool:
    return any(not rule.health for rule in rules)


def _verdict(number: int, rule: AlertRule, event: Event) -> Verdict:
    faults = list[str]()
    missing = unmet(rule, event, lambda _, why: faults.append(why))
    if rule.when is None or faults:
        return Verdict(number, rule, missing, fault=faults[0] if faults else None)
    try:
        return Verdict(number, rule, missing, value_of(rule.when, event))
    except ConditionError as error:
        return Verdict(number, rule, missing, fault=str(error))


def verdict_json(verdict: Verdict) -> dict[str, Any]:
    """A verdict as `watch match --event` shows it."""
    return {
        "rule": verdict.number,
        "name": verdict.rule.name,
        "fires": verdict.unmet is None,
        "unmet": verdict.unmet,
        "when": verdict.rule.when,
        "value": verdict.value,
        "fault": verdict.fault,
        "to": list(verdict.rule.to),
    }
