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

    def dump(self) -> dict[str, Any]:
        """It as `watch match --event --json` shows it."""
        return {
            "rule": self.number,
            "name": self.rule.name,
            "fires": self.unmet is None,
            "unmet": self.unmet,
            "when": self.rule.when,
            "value": self.value,
            "fault": self.fault,
            "to": list(self.rule.to),
        }


def try_rules(rules: Sequence[AlertRule], event: Event, only: str | None = None) -> list[Verdict]:
    """The verdict of each rule for changes, or of the `only` one, by its number or name. Raises UsageError."""
    numbered = [(number, rule) for number, rule in enumerate(rules, 1) if not rule.health]
    chosen = [(number, rule) for number, rule in numbered if only in {None, str(number), rule.name}]
    if not chosen:
        known = ", ".join(str(number) for number, _ in numbered) or "none"
        raise UsageError(
            f'there is no rule "{only}" for changes in [[alerts]]; those for changes have the numbers: {known}'
        )
    return [_try(number, rule, event) for number, rule in chosen]


def firing(rules: Sequence[AlertRule], event: Event) -> list[Verdict]:
    """The verdicts of the rules that are for a change."""
    found = [_try(number, rule, event) for number, rule in enumerate(rules, 1) if not rule.health]
    return [verdict for verdict in found if verdict.unmet is None]


def _try(number: int, rule: AlertRule, event: Event) -> Verdict:
    faults = list[str]()
    missing = unmet(rule, event, lambda _, why: faults.append(why))
    if rule.when is None or faults:
        return Verdict(number, rule, missing, fault=faults[0] if faults else None)
    try:
        return Verdict(number, rule, missing, value_of(rule.when, event))
    except ConditionError as error:
        return Verdict(number, rule, missing, fault=str(error))
