"""Drains what is due: claim, compose, send, record. A message is stored before it is sent, and marked after it."""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import uuid4

from alerts.channel import LAST_RETRY, Queue
from alerts.grouping import of_one_case
from alerts.rules import attaches
from alerts.service_answer import redacted
from state.errors import StateError
from state.failpoint import reached
from state.model import Delivery, Message
from state.store import Store
from watcher.config.load import Config
from watcher.delivery.citations import Citations
from watcher.delivery.failing_channels import FailingChannels
from watcher.delivery.recipients import recipient_of

log = logging.getLogger(__name__)

LOOK_AGAIN = 0.5  # seconds between two looks for what has become due while some channel keeps us waiting


@dataclass(slots=True)
class Drained:
    """What one draining came to, in deliveries (one per event and channel).

    `locked` says that another process was at it, `broken` that the state could not be written, `unfinished` that it was
    told to end before all was tried.
    """

    sent: int = 0
    failed: int = 0
    dead: int = 0
    locked: bool = False
    broken: bool = False
    unfinished: bool = False

    def add(self, part: Drained) -> None:
        """Count what one channel came to."""
        self.sent += part.sent
        self.failed += part.failed
        self.dead += part.dead


class Deliverer:
    """Sends the deliveries of one state to the channels of one configuration.

    `impatient` tries failed messages again without waiting: a one-shot run may be the only one for hours.
    """

    def __init__(self, config: Config, store: Store, clock: Callable[[], datetime], *, impatient: bool = False) -> None:
        self._config, self._store, self._clock, self._impatient = config, store, clock, impatient
        self._failing_channels = FailingChannels(config, store, clock())
        self._citations = Citations(config, store)
        self._taken: set[str] = set()  # messages that a service took, and that could not be marked as sent
        self._ends = float("inf")  # when, by the monotonic clock, no further message is begun

    def using(self, config: Config) -> Deliverer:
        """One with another configuration, that remembers what this one has sent; this one begins no further message."""
        other = Deliverer(config, self._store, self._clock, impatient=self._impatient)
        other._taken = self._taken
        self.finish(0)
        return other

    def finish(self, seconds: float) -> None:
        """Begin no further message after so many seconds; may be called from another thread."""
        self._ends = time.monotonic() + seconds

    def drain(self, lock_timeout: float = 0) -> Drained:
        """Compose and send all that is due, and what becomes due meanwhile. Raises StateError.

        Waits `lock_timeout` seconds at most for a process that is sending already.
        """
        with self._store.outbox.sending_lock(lock_timeout) as ours:
            if not ours:
                return Drained(locked=True)
            drained = Drained(dead=self._failing_channels.mark_unknown_dead(self._clock()))
            # A thread for each channel: a server that hangs delays its own messages only, not even the next ones to
            # the others.
            with ThreadPoolExecutor(max(1, len(self._config.channels)), thread_name_prefix="send") as pool:
                busy: dict[Future[Drained], str] = {}
                tried: set[str] = set()
                while True:
                    for channel, messages in self._ready(tried, set(busy.values())).items():
                        busy[pool.submit(self._send_all, messages, tried)] = channel
                    if not busy:
                        drained.unfinished = self._is_ending() and self._store.outbox.overdue(self._clock()) > 0
                        return drained
                    for future in wait(busy, LOOK_AGAIN, FIRST_COMPLETED).done:
                        del busy[future]
                        drained.add(future.result())

    def _ready(self, tried: Collection[str], busy: Collection[str]) -> Mapping[str, list[Message]]:
        """The messages to try now, by channel: each once in a draining."""
        free = [channel for channel in self._config.channels if channel not in busy]
        if not free or self._is_ending():
            return {}
        self._compose(free)
        now = self._clock()
        due = {message.key for message in self._store.outbox.unsent(now)}
        if not due and not self._impatient:
            return {}
        waiting: dict[str, list[Message]] = defaultdict(list)
        for message in self._store.outbox.unsent(now + 2 * LAST_RETRY):
            if message.channel in free and message.key not in tried:
                waiting[message.channel].append(message)
        down, chosen = self._failing_channels.lasting(now), dict[str, list[Message]]()
        for name, messages in waiting.items():
            sent = partial(self._sent_within, name)
            queue = Queue(messages, due, impatient=self._impatient, down=name in down, sent=sent)
            chosen[name] = self._config.channels[name].next_messages(queue)
        return {name: messages for name, messages in chosen.items() if messages}

    def _sent_within(self, channel: str, span: timedelta) -> int:
        return self._store.outbox.sent_since(channel, self._clock() - span)

    def _is_ending(self) -> bool:
        return time.monotonic() >= self._ends

    def _compose(self, channels: Collection[str]) -> None:
        """One message for all that is due to one channel together; of a digest, one for each case."""
        due: dict[str, list[Delivery]] = defaultdict(list)
        for delivery in self._store.outbox.due(self._clock(), channels):
            due[delivery.channel].append(delivery)
        for channel, deliveries in due.items():
            for members in self._config.channels[channel].batches(deliveries):
                self._compose_batch(channel, members)

    def _compose_batch(self, channel: str, members: Sequence[Delivery]) -> None:
        try:
            self._compose_one(channel, members)
        except StateError:
            raise
        except Exception:
            log.exception("%s: these alerts cannot be told together; each by itself", channel)
            self._compose_apart(channel, members)

    def _compose_one(self, channel: str, members: Sequence[Delivery]) -> None:
        from alerts.message.compose import compose  # most checks have nothing to send

        most = self._config.channels[channel].limits()
        events = [member.event for member in members]
        proven = [event.id for event in events if attaches(event, channel, self._config.alerts)]
        text = compose(
            events,
            timezone=self._config.timezone,
            body_limit=most.body,
            title_limit=most.title,
            known=self._citations.of(events, self._clock()),
            recipient=recipient_of(self._config, channel, events, proven),
        )
        ids = [member.id for member in members]
        thread, key, now = self._store.outbox.thread(channel, *of_one_case(events)), uuid4().hex, self._clock()
        self._store.outbox.compose(channel, key, text.title, text.text, text.html, ids, now, thread, proven)

    def _compose_apart(self, channel: str, members: Sequence[Delivery]) -> None:
        """An event that no message can be made of is given up: it must not keep the others from being told."""
        for member in members:
            try:
                self._compose_one(channel, [member])
            except StateError:
                raise
            except Exception as error:  # noqa: BLE001 - whatever it is, it is this event's
                what = f"no message can be made of it: {type(error).__name__}: {error}"
                self._failing_channels.mark_dead([member.id], what, self._clock())

    def _send_all(self, messages: Sequence[Message], tried: set[str]) -> Drained:
        """Try one channel's messages, until one shows that the channel works again: then all that waits is next."""
        part = Drained()
        for message in messages:
            if self._is_ending():
                break
            tried.add(message.key)
            try:
                if self._send(message, part):
                    break
            except StateError:
                raise
            except Exception as error:
                log.exception("%s: a message cannot be sent: unexpected fault", message.channel)
                url, secrets = self._config.channels[message.channel].url, self._config.secrets
                said = redacted(f"unexpected fault: {type(error).__name__}: {error}", url, secrets)
                self._not_sent(message, said, part)
        return part

    def _send(self, message: Message, part: Drained) -> bool:
        """Try a message. Returns whether that ended a trouble of its channel that had lasted."""
        channel = self._config.channels[message.channel]
        if message.key not in self._taken:
            self._store.outbox.trying(
                message, self._clock()
            )  # where nothing can be written, the same would be sent for ever
            reached("before_send")
            from watcher.delivery.attachments import attachments

            files = attachments(self._store, self._config, message)
            self._store.outbox.must_send()
            error = channel.send(message, self._config.secrets, files)
            reached("after_send")
            if error is not None:
                self._not_sent(message, error, part)
                return False
            self._taken.add(message.key)
        now = self._clock()
        self._store.outbox.sent(message, now)
        self._taken.discard(message.key)
        reached("after_mark")
        log.info("sent to %s: %s", message.channel, message.title)
        part.sent += len(message.deliveries)
        works_again = self._failing_channels.recovered(message.channel, now)
        if works_again:
            self._store.outbox.retry_now(message.channel, now)
        return works_again

    def _not_sent(self, message: Message, error: str, part: Drained) -> None:
        now, count = self._clock(), len(message.deliveries)
        self._failing_channels.failed(message.channel, error, now)
        next_try = self._config.channels[message.channel].next_try(message, now)
        if next_try is None:
            self._failing_channels.mark_dead(message, f"given up: {error}", now)
            log.error("given up on %s: %s: %s", message.channel, message.title, error)
            part.dead += count
        else:
            self._store.outbox.failed(message, error, next_try, now)
            log.warning("not sent to %s: %s", message.channel, error)
            part.failed += count
