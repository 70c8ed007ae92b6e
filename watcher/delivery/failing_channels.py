"""Alerts operators, through the other channels, about channels that do not deliver."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from state.model import Alert, ChannelTrouble, Message
from state.parts.outbox import Tell
from state.store import Store
from watcher.config.load import Config
from watcher.delivery.operator_alerts import operator_alert

LASTING = timedelta(minutes=5)
TELL_AFTER = timedelta(hours=1)  # how long a channel fails before operators are alerted
GONE = "the channel is gone from the configuration"


class FailingChannels:
    """Makes the alerts about channels: one that fails for an hour, one that works again, and lost deliveries.

    An alert is stored in one transaction with the state that it reports, so that a kill neither loses nor repeats it.
    """

    def __init__(self, config: Config, store: Store, loaded: datetime) -> None:
        self._config, self._store, self._loaded = config, store, loaded

    def failed(self, channel: str, error: str, now: datetime) -> None:
        """A message was refused."""
        trouble = self._store.channels.failing(channel, now)
        if not trouble.told and now - trouble.since >= TELL_AFTER:
            alert = self._alert(channel, now, status="failing", since=trouble.since.isoformat(), message=error)
            self._store.channels.alerted(channel, alert)

    def lasting(self, now: datetime) -> set[str]:
        """The channels that have failed for LASTING: not just for one message that is refused."""
        return {trouble.channel for trouble in self._store.channels.troubles() if now - trouble.since >= LASTING}

    def recovered(self, channel: str, now: datetime) -> bool:
        """A message was accepted. Returns whether that ends a lasting failure."""

        def tell(trouble: ChannelTrouble) -> Alert:
            return self._alert(channel, now, status="recovered", since=trouble.since.isoformat())

        trouble = self._store.channels.recovered(channel, tell)
        return trouble is not None and now - trouble.since >= LASTING

    def mark_dead(self, what: Message | Collection[int], reason: str, now: datetime) -> None:
        """Mark a message, or single deliveries, as dead."""

        self._store.outbox.mark_dead(what, reason, self._lost(reason.removeprefix("given up: "), now))

    def mark_unknown_dead(self, now: datetime) -> int:
        """Mark as dead what waits for channels that the configuration did not have when it was loaded.

        Deliveries stored later may belong to channels that only a newer configuration has. Returns the number of
        deliveries.
        """
        return self._store.outbox.mark_channels_dead(self._config.channels, GONE, self._loaded, self._lost(GONE, now))

    def _lost(self, why: str, now: datetime) -> Tell:
        return lambda channel, lost: self._alert(channel, now, status="given up", lost=lost, message=why)

    def _alert(self, channel: str, now: datetime, **data: str | int | None) -> Alert:
        about = {"channel": channel, "reason": None, "message": None, "since": None, **data}
        event, routes = operator_alert(self._config, f"channel {channel}", now, about)
        return event, [route for route in routes if route.channel != channel]
