"""Drains what is due: claim, compose, send, record. A message is stored before it is sent, and marked after it."""

from __future__ import annotations

import logging
import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from alerts.message import compose
from alerts.send import limits, send
from state.failpoint import reached
from state.model import Delivery, Event, EventKind, Message
from state.store import Store
from watcher.config import Config

log = logging.getLogger(__name__)

FIRST_RETRY = timedelta(seconds=30)
LAST_RETRY = timedelta(hours=1)
TELL_AFTER = timedelta(hours=1)  # how long a channel fails before the operator is told
CHANNELS_AT_ONCE = 16


@dataclass(slots=True)
class Drained:
    """What one draining came to, in deliveries (one per event and channel).

    `locked` says that another process was at it.
    """

    sent: int = 0
    failed: int = 0
    dead: int = 0
    locked: bool = False


class Deliverer:
    """Sends the deliveries of one state to the channels of one configuration.

    `impatient` tries failed messages again without waiting: a one-shot run may be the only one for hours.
    """

    def __init__(self, config: Config, store: Store, clock: Callable[[], datetime], *, impatient: bool = False) -> None:
        self._config, self._store, self._clock, self._impatient = config, store, clock, impatient

    def drain(self, lock_timeout: float = 0) -> Drained:
        """Compose and send all that is due.

        Waits `lock_timeout` seconds at most for a process that is sending already.
        """
        with self._store.sending_lock(lock_timeout) as ours:
            if not ours:
                return Drained(locked=True)
            drained = Drained(
                dead=self._store.bury_channels(self._config.channels, "the channel is gone from the configuration")
            )
            self._compose()
            by_channel: dict[str, list[Message]] = defaultdict(list)
            for message in self._store.unsent(self._clock() + (2 * LAST_RETRY if self._impatient else timedelta())):
                by_channel[message.channel].append(message)
            # a thread for each channel, so that a server that hangs delays its own messages only
            with ThreadPoolExecutor(CHANNELS_AT_ONCE, thread_name_prefix="send") as pool:
                for part in pool.map(self._send_all, by_channel.values()):
                    drained.sent += part.sent
                    drained.failed += part.failed
                    drained.dead += part.dead
            return drained

    def _compose(self) -> None:
        """One message for all that is due to one channel together."""
        by_channel: dict[str, list[Delivery]] = defaultdict(list)
        for delivery in self._store.due(self._clock()):
            by_channel[delivery.channel].append(delivery)
        for channel, members in by_channel.items():
            most = limits(self._config.channels[channel].url)
            events = [member.event for member in members]
            text = compose(events, timezone=self._config.timezone, body_limit=most.body, title_limit=most.title)
            ids = [member.id for member in members]
            self._store.compose(channel, uuid4().hex, text.title, text.text, text.html, ids, self._clock())

    def _send_all(self, messages: Sequence[Message]) -> Drained:
        part = Drained()
        for message in messages:
            self._send(message, part)
        return part

    def _send(self, message: Message, part: Drained) -> None:
        channel, count = self._config.channels[message.channel], len(message.deliveries)
        reached("before_send")
        error = send(channel.url, message, self._config.secrets)
        reached("after_send")
        now = self._clock()
        if error is None:
            self._store.sent(message, now)
            log.info("sent to %s: %s", message.channel, message.title)
            part.sent += count
            self._recovered(message.channel, now)
            return
        self._troubled(message.channel, error, now)
        if now - message.created >= channel.give_up:
            self._store.bury(message, f"given up: {error}")
            log.error("given up on %s: %s: %s", message.channel, message.title, error)
            part.dead += count
        else:
            self._store.failed(message, error, now + retry_wait(message.attempts), now)
            log.warning("not sent to %s: %s", message.channel, error)
            part.failed += count

    def _troubled(self, channel: str, error: str, now: datetime) -> None:
        """Tell the operator, once, of a channel that has failed for an hour: through the other channels."""
        trouble = self._store.channel_failing(channel, now)
        if not trouble.told and now - trouble.since >= TELL_AFTER:
            self._tell(channel, now, status="failing", since=trouble.since, message=error)
            self._store.channel_told(channel)

    def _recovered(self, channel: str, now: datetime) -> None:
        trouble = self._store.channel_ok(channel)
        if trouble and trouble.told:
            self._tell(channel, now, status="recovered", since=trouble.since, message=None)

    def _tell(self, channel: str, now: datetime, *, status: str, since: datetime, message: str | None) -> None:
        data = {"channel": channel, "status": status, "reason": None, "message": message, "since": since.isoformat()}
        event = Event(EventKind.HEALTH, "", f"channel {channel}", "", now, None, data)
        rules = [rule for rule in self._config.alerts if rule.health]
        told = dict.fromkeys(name for rule in rules for name in rule.to if name != channel)
        self._store.add_event(event, list(told), now)


def retry_wait(attempts: int) -> timedelta:
    """How long to wait after so many failed attempts before: doubled each time, an hour at most, a little spread."""
    doubled: timedelta = FIRST_RETRY * 2 ** min(attempts, 10)
    return min(LAST_RETRY, doubled) * random.uniform(0.9, 1.0)  # noqa: S311 - no secret
