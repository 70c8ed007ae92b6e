"""Alerts about the service itself: its configuration, its channels, its evidence. They go to every channel that gets
health alerts, for any source.

An alert is stored in one transaction with the state that it reports, where there is one, so that a kill neither loses
nor repeats it.
"""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from alerts.options import AlertRule
from alerts.rules import operator_routes
from state.errors import StateError
from state.model import Alert, ChannelTrouble, Event, EventKind, Message
from state.storage.outbox import Tell
from state.store import Store
from watcher.config.load import Config
from watcher.terminal.console import printable

log = logging.getLogger(__name__)

LASTING = timedelta(minutes=5)
TELL_AFTER = timedelta(hours=1)  # how long a channel fails before operators are alerted
GONE = "the channel is gone from the configuration"
_LATEST = 200  # health events among which an earlier alert is looked for
_EVIDENCE = "evidence"


class FailingChannels:
    """Makes the alerts about channels, which go through the others: one that fails for an hour, one that works again,
    and lost deliveries.
    """

    def __init__(self, config: Config, store: Store, loaded: datetime) -> None:
        self._config, self._store, self._loaded = config, store, loaded

    def note_failure(self, channel: str, error: str, now: datetime) -> None:
        """A message was refused."""
        trouble = self._store.channels.note_failure(channel, now)
        if not trouble.told and now - trouble.since >= TELL_AFTER:
            alert = self._alert(channel, now, status="failing", since=trouble.since.isoformat(), message=error)
            self._store.channels.note_alert(channel, alert)

    def lasting(self, now: datetime) -> set[str]:
        """The channels that have failed for LASTING: not just for one message that is refused."""
        return {trouble.channel for trouble in self._store.channels.troubles() if now - trouble.since >= LASTING}

    def note_recovery(self, channel: str, now: datetime) -> bool:
        """A message was accepted. Returns whether that ends a lasting failure."""

        def tell(trouble: ChannelTrouble) -> Alert:
            return self._alert(channel, now, status="recovered", since=trouble.since.isoformat())

        trouble = self._store.channels.note_recovery(channel, tell)
        return trouble is not None and now - trouble.since >= LASTING

    def mark_dead(self, what: Message | Collection[int], reason: str, now: datetime) -> None:
        """Mark a message, or single deliveries, as dead."""
        self._store.outbox.mark_dead(what, reason, self._lost(reason.removeprefix("given up: "), now))

    def mark_unknown_dead(self, now: datetime) -> int:
        """Mark as dead what waits for channels that the configuration did not have when it was loaded.

        Deliveries stored later may belong to channels that only a newer configuration has. Returns the number of
        deliveries.
        """
        locked = [name for object_, name in self._config.locked if object_ == "channel"]  # their key may be found again
        known = [*self._config.channels, *locked]
        return self._store.outbox.mark_channels_dead(known, GONE, self._loaded, self._lost(GONE, now))

    def tell_lost(self, channel: str, lost: int, why: str, now: datetime) -> None:
        """Alert that letters to readers were given up. Raises StateError."""
        self._store.log.add_alert(self._lost(why, now)(channel, lost))

    def _lost(self, why: str, now: datetime) -> Tell:
        return lambda channel, lost: self._alert(channel, now, status="given up", lost=lost, message=why)

    def _alert(self, channel: str, now: datetime, **data: str | int | None) -> Alert:
        about = {"channel": channel, "reason": None, "message": None, "since": None, **data}
        event, routes = _alert(self._config, f"channel {channel}", now, about)
        return event, [route for route in routes if route.channel != channel]


class FailingRules:
    """Collects the faults of conditions and of the `fields` of rules while checks are decided, and alerts about each
    once.

    A check may be decided twice, and by any thread; `alert` is called when it is committed.
    """

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store, self._clock = store, clock
        self._found: dict[str, str] = {}  # by condition or fields: why they cannot be applied
        self._alerted: set[str] = set()

    def note_fault(self, rule: AlertRule, why: str) -> None:
        """A condition could not be applied to a change, or a field has another name now."""
        if _asked(rule) not in self._alerted:
            self._found[_asked(rule)] = why

    def alert(self, config: Config) -> None:
        """Alert about the rules that have failed since the last call."""
        while self._found:
            asked, why = self._found.popitem()
            if asked not in self._alerted:
                self._alerted.add(asked)
                number = next((number for number, rule in enumerate(config.alerts, 1) if _asked(rule) == asked), 0)
                name = f"alert rule {number}"
                log.warning("%s: it cannot be applied to a change, which it is not for: %s", name, why)
                _alert_once(self._store, config, self._clock(), name, "condition", asked, why)


def _asked(rule: AlertRule) -> str:
    return rule.when or f"fields = {list(rule.fields or ())}"


def alert_template(config: Config, store: Store, at: datetime, channel: str, why: str) -> None:
    """Alert once that a channel's templates cannot be used; other templates are alerted again. Raises StateError."""
    log.warning("%s: its template cannot be used, and the usual message is sent: %s", channel, why)
    what = "\n".join(source or "" for source in (channel, *config.channels[channel].templates))
    _alert_once(store, config, at, f"the template of channel {channel}", "template", what, why)


class RefusedConfig:
    """The problems of the last configuration, if it was refused. `why` is empty if it was not."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store, self._clock = store, clock
        self._problems: list[str] = []
        self._since = clock()

    @property
    def why(self) -> str:
        """The first problem, and the number of the others."""
        more = f" (and {len(self._problems) - 1} more)" if len(self._problems) > 1 else ""
        return printable(self._problems[0]) + more if self._problems else ""

    def refuse(self, problems: Sequence[str], config: Config) -> None:
        """Log every problem. Alert once, however often the same file is tried."""
        for problem in problems:
            log.error("the configuration is not taken over: %s", problem)
        self._since = self._since if self._problems else self._clock()
        known, self._problems = self._problems, list(problems)
        if known != self._problems:
            self._tell("failing", config)

    def accept(self, config: Config) -> None:
        """A configuration was accepted."""
        if self._problems:
            self._tell("recovered", config)
        self._problems = []

    def _tell(self, status: str, config: Config) -> None:
        data = {"status": status, "reason": "configuration", "message": self.why, "since": self._since.isoformat()}
        _store_alert(self._store, config, "configuration", self._clock(), data)


class UnprovenPages:
    """Checks after each capture whether it could be written. The last alert is looked up in the log of events."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store, self._clock = store, clock
        self._looked: str | None = None

    def look(self, config: Config) -> None:
        """Alert if that has changed since the last alert."""
        keeper = self._store.evidence.keeper if config.evidence else None
        if keeper is None or not keeper.tried or keeper.trouble == self._looked:
            return
        self._looked = keeper.trouble
        tell_service(self._store, config, self._clock(), _EVIDENCE, _EVIDENCE, keeper.trouble)


def tell_service(store: Store, config: Config, at: datetime, label: str, reason: str, why: str) -> None:
    """Alert that a part of the service fails, or, without a `why`, that it works again: unless the last alert with its
    label said so. The log of events tells that, so that a restart does not repeat it.
    """
    told = store.log.events(source="", kind=EventKind.HEALTH, limit=_LATEST)
    last = next((event for event in told if (event.label, event.data["reason"]) == (label, reason)), None)
    failing = last is not None and last.data["status"] == "failing"
    if bool(why) is failing:
        return
    since = at if last is None or not failing else last.at
    status, message = ("failing", why) if why else ("recovered", last.data["message"] if last else None)
    data = {"status": status, "reason": reason, "message": message, "since": since.isoformat()}
    _store_alert(store, config, label, at, data)


def _alert_once(store: Store, config: Config, at: datetime, label: str, reason: str, what: str, why: str) -> None:
    """Alert that a part of the configuration fails, which `what` tells from others, unless that was alerted: the log of
    events says so, so that a restart does not repeat it.
    """
    earlier = store.log.events(source="", kind=EventKind.HEALTH, limit=_LATEST)
    if any((event.data.get("reason"), event.data.get("what")) == (reason, what) for event in earlier):
        return
    data = {"status": "failing", "reason": reason, "message": why, "since": at.isoformat(), "what": what}
    _store_alert(store, config, label, at, data)


def _alert(config: Config, about: str, at: datetime, data: Mapping[str, Any]) -> Alert:
    """A health event without a source, and its routes. `about` takes the place of a source's label."""
    event = Event(EventKind.HEALTH, "", about, "", at, None, data)
    return event, operator_routes(event, config.alerts, at, config.timezone)


def _store_alert(store: Store, config: Config, about: str, at: datetime, data: Mapping[str, Any]) -> None:
    """Store such an alert for delivery. If the state cannot be written, that is logged."""
    try:
        store.log.add_alert(_alert(config, about, at, {**data, "mentioned": []}))
    except StateError as error:
        log.error("nobody is alerted of the %s: %s", about, error)
