"""A source beside its configuration: how it fares in one word."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple

from sources import Source
from state.model import SourceStatus
from watcher.config.load import Config
from watcher.config.problems import did_you_mean
from watcher.errors import UsageError
from watcher.tools.status_json import SourceJson, source_json

BAD = ("failing", "suspicious")


class Standing(NamedTuple):
    """One source: its state, whether it is configured and enabled, and whether it rests by its hours."""

    state: SourceStatus
    configured: bool
    enabled: bool
    resting: bool = False

    @property
    def status(self) -> str:
        """Its health in one word; `new` if it was never checked."""
        if not self.configured:
            return "not configured"
        if self.enabled and self.resting and self.state.status not in BAD:
            return "resting"
        return self.state.status if self.enabled else "disabled"

    @property
    def is_bad(self) -> bool:
        """Whether a configured source is failing or suspicious."""
        return self.state.status in BAD and self.configured and self.enabled

    def json(self) -> SourceJson:
        """It as JSON."""
        return source_json(self.state, configured=self.configured, enabled=self.enabled, resting=self.resting)


def standings(config: Config, states: list[SourceStatus]) -> list[Standing]:
    """The configured sources in order, then those that are no longer configured."""
    known = {state.name: state for state in states}
    here = [
        Standing(
            known.get(name) or SourceStatus(name),
            configured=True,
            enabled=source.enabled,
            resting=source.enabled and _rests(config, source),
        )
        for name, source in config.sources.items()
    ]
    gone = [state for state in states if state.name not in config.sources]
    return here + [Standing(state, configured=False, enabled=False) for state in gone]


def named(standings: list[Standing], name: str) -> Standing:
    """The one of a name. Raises UsageError."""
    found = next((each for each in standings if each.state.name == name), None)
    if found is None:
        names = [each.state.name for each in standings]
        hint = did_you_mean(name, names, "names") if names else "none is configured"
        raise UsageError(f'there is no source "{name}"; {hint}')
    return found


def _rests(config: Config, source: Source) -> bool:
    """Whether a source rests now, by its hours."""
    if not (source.hours or source.holidays):
        return False
    from watcher.schedule.due_times import Timing

    return Timing.of(source, None, config.timezone).rests_until(datetime.now(UTC)) is not None
