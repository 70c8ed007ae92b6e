"""Sends what is due: claim, compose, send, record. A message is stored before it is sent, and marked as sent
afterwards.
"""

from __future__ import annotations

import io
import logging
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING
from uuid import uuid4

from alerts.channel import MOST_FILES, Channel, Material
from alerts.chat.bot import Sent, buttons_for, matter_of
from alerts.grouping import find_common_case
from alerts.language import speaking
from alerts.links import no_link
from alerts.message.recipient import File
from alerts.rules import attaches
from alerts.service_answer import ServiceAnswer, redact
from alerts.timing import LAST_RETRY
from state.errors import StateDamagedError, StateError
from state.failpoint import reach
from state.model import Delivery, Event, EventKind, Message, Past
from state.store import Store
from watcher.config.load import Config
from watcher.delivery.operator_alerts import FailingChannels, alert_template, tell_service
from watcher.delivery.questions import Questions, button_link
from watcher.errors import UsageError

if TYPE_CHECKING:
    from watcher.delivery.citations import Citations
    from watcher.delivery.letters import Post
    from watcher.delivery.translations import Interpreter


log = logging.getLogger(__name__)


def make_attachments(store: Store, config: Config, message: Message) -> Iterator[File]:
    """The files for a message, if its channel takes files."""
    if not message.attached or config.evidence is None or not config.channels[message.channel].takes_files(message):
        return
    from alerts.proof import PAGE
    from watcher.evidence.proofs import assemble

    for event in message.attached[:MOST_FILES]:
        try:
            with speaking(config.channels[message.channel].language or config.language):
                proof = assemble(store, config.evidence.path, event, config.timezone, longest=0)
        except (UsageError, StateError) as error:
            log.warning("%s: sent without the proof of #%d: %s", message.channel, event, error)
        else:
            yield File(f"proof-{event}.html", proof.files[PAGE])
            for number, page in enumerate((page for page in proof.exhibit.pages if page.picture), 1):
                # with the row of the changed entry marked, if it is known where that stands
                picture = proof.files[page.picture]
                box = page.facts["rendered"].get("marked", {}).get(str(event))
                yield File(f"page-{event}-{number}.png", outline(picture, box) if box else picture, "image/png")


_COLOUR, _LINE, _ROOM = (214, 0, 0), 3, 2  # pixels: of the line, and between it and what it is around


def outline(png: bytes, box: Sequence[int]) -> bytes:
    """The picture with a line around a box (left, top, width, height); as it is, where it cannot be drawn on."""
    try:
        from PIL import Image, ImageDraw

        with Image.open(io.BytesIO(png), formats=["PNG"]) as opened:
            image = opened.convert("RGB")
        left, top, width, height = box
        around = left - _ROOM, top - _ROOM, left + width + _ROOM, top + height + _ROOM
        ImageDraw.Draw(image).rectangle(around, outline=_COLOUR, width=_LINE)
        out = io.BytesIO()
        image.save(out, "PNG")
        return out.getvalue()
    except (ImportError, OSError, ValueError) as error:
        log.info("a screenshot goes along without a mark: %s", error)
        return png


NOT_PUBLIC = "only changes go to a channel for which somebody has to approve"
_READERS = "[readers]"  # as no channel can be called
LOOK_AGAIN = 0.5  # seconds between two looks for newly due deliveries while a channel is busy
SOON = 0.1  # seconds between two looks for translations while nothing else is done


@dataclass(slots=True)
class Drained:
    """The result of one drain, counted in deliveries (one for each event and channel).

    `locked`: another process was sending. `broken`: the state could not be written. `unfinished`: the drain was stopped
    before everything was tried.
    """

    sent: int = 0
    failed: int = 0
    dead: int = 0
    locked: bool = False
    broken: bool = False
    unfinished: bool = False

    def add(self, part: Counter[str]) -> None:
        """Add the counts of one channel: how many were `sent`, `failed`, and became `dead`."""
        self.sent += part["sent"]
        self.failed += part["failed"]
        self.dead += part["dead"]


class Deliverer:
    """Sends the deliveries of one state to the channels of one configuration.

    `impatient` retries failed messages at once, as a one-shot run may be the only one for hours.
    """

    def __init__(self, config: Config, store: Store, clock: Callable[[], datetime], *, impatient: bool = False) -> None:
        self._config, self._store, self._clock, self._impatient = config, store, clock, impatient
        self._failing_channels = FailingChannels(config, store, clock())
        self._questions = Questions(config, store, clock)
        self._citations: Citations | None = None  # it loads what messages are made of
        self._interpreters: Sequence[Interpreter] = ()
        self._begun = dict[str, dict[int, float]]()  # by channel, and change: since when it waits for them
        self._asking: dict[str, Sequence[Interpreter]] = {}  # by channel, those that have not answered yet
        self._awaiting = set[str]()  # channels whose messages wait for them
        self._taken: set[str] = set()  # messages that a service accepted but that could not be marked as sent
        self._placed = dict[str, Sent]()  # where those of them are that have buttons
        self._ends = float("inf")  # monotonic time after which no further message is begun

    def using(self, config: Config) -> Deliverer:
        """A deliverer for another configuration, which keeps what this one has sent. This one begins no further
        message.
        """
        other = Deliverer(config, self._store, self._clock, impatient=self._impatient)
        other._taken, other._placed = self._taken, self._placed
        self.finish(0)
        self.close()
        return other

    def close(self) -> None:
        """Ask no engine any more."""
        for each in self._interpreters:
            each.close()

    def finish(self, seconds: float) -> None:
        """Begin no further message after `seconds`. May be called from another thread."""
        self._ends = time.monotonic() + seconds

    def drain(self, lock_timeout: float = 0) -> Drained:
        """Compose and send all that is due, and what becomes due meanwhile. Raises StateError.

        Waits at most `lock_timeout` seconds for another process that is sending.
        """
        try:
            return self._drain(lock_timeout)
        except StateDamagedError as error:
            log.error("what cannot be sent is put aside: %s", error)
            self._store.damage.mend_outbox()
            return self._drain(lock_timeout)

    def _drain(self, lock_timeout: float) -> Drained:
        with self._store.database.sending_lock(lock_timeout) as ours:
            if not ours:
                return Drained(locked=True)
            drained = Drained(dead=self._failing_channels.mark_unknown_dead(self._clock()))
            self._questions.ask_again()
            post = self._open_post() if self._store.outbox.serves_readers() else None
            # One thread for each channel: a server that hangs delays only its own messages.
            with ThreadPoolExecutor(max(1, len(self._config.channels)), thread_name_prefix="send") as pool:
                busy: dict[Future[Counter[str]], str] = {}
                tried: set[str] = set()
                while True:
                    for channel, messages in self._ready(tried, set(busy.values())).items():
                        busy[pool.submit(self._send_all, messages, tried)] = channel
                    free = _READERS not in busy.values() and not self._is_ending()
                    if post and free and (letters := post.ready()):
                        busy[pool.submit(post.send, letters, self._is_ending)] = _READERS
                    if self._awaiting and not busy:
                        time.sleep(SOON)
                        continue
                    if not busy:  # not all was tried if the drain was stopped, or a service asks a one-shot run to wait
                        now, outbox = self._clock(), self._store.outbox
                        stopped = self._is_ending() and outbox.overdue(now) > 0
                        drained.unfinished = stopped or (self._impatient and bool(outbox.waiting_channels(now)))
                        return drained
                    for future in wait(busy, LOOK_AGAIN, FIRST_COMPLETED).done:
                        del busy[future]
                        drained.add(future.result())

    def _open_post(self) -> Post:
        from watcher.delivery.letters import Post

        parts = self._failing_channels, self._cite(), self._taken
        return Post(self._config, self._store, self._clock, *parts, impatient=self._impatient)

    def _cite(self) -> Citations:
        from watcher.delivery.citations import Citations

        self._citations = self._citations or Citations(self._config, self._store)
        return self._citations

    def _ready(self, tried: Collection[str], busy: Collection[str]) -> Mapping[str, list[Message]]:
        """The messages to try now, by channel: each once in a drain, and none while its service asks to wait."""
        self._awaiting.clear()
        resting = self._store.outbox.waiting_channels(self._clock())
        free = [channel for channel in self._config.channels if channel not in busy and channel not in resting]
        if not free or self._is_ending():
            return {}
        self._compose(free)
        if self._questions.have_asked():  # those who have to approve a message are told of it at once
            self._compose(free)
        now = self._clock()
        due = {message.key for message in self._store.outbox.unsent(now)}
        if not due and not self._impatient:
            return {}
        waiting: dict[str, list[Message]] = defaultdict(list)
        for message in self._store.outbox.unsent(now + 2 * LAST_RETRY):
            if message.channel in free and message.key not in tried:
                waiting[message.channel].append(message)
        failing, chosen = self._failing_channels.lasting(now), dict[str, list[Message]]()
        for name, messages in waiting.items():
            if some := self._config.channels[name].next_messages(
                messages, None if self._impatient else due, failing=name in failing
            ):
                chosen[name] = some
        return chosen

    def _is_ending(self) -> bool:
        return time.monotonic() >= self._ends

    def _compose(self, channels: Collection[str]) -> None:
        """Compose the messages for the deliveries due to each channel, as the channel plans them."""
        due: dict[str, list[Delivery]] = defaultdict(list)
        for delivery in self._store.outbox.due(self._clock(), channels):
            due[delivery.channel].append(delivery)
        for channel, deliveries in due.items():
            if self._awaits(channel, deliveries):
                self._awaiting.add(channel)
                continue
            how, now = self._config.channels[channel], self._clock()
            limit = how.at_most  # of a channel without one, nothing is looked up
            past = self._store.outbox.past(channel, now - limit.span, now) if limit else Past()
            plan = how.plan(deliveries, past, now)
            if plan.until:
                self._store.outbox.defer([delivery.id for delivery in plan.later], plan.until)
            if plan.never:
                self._store.outbox.mark_dead([delivery.id for delivery in plan.never], NOT_PUBLIC)
            for members in plan.messages:
                self._compose_batch(channel, members)

    def _awaits(self, channel: str, deliveries: Sequence[Delivery]) -> bool:
        """Whether engines are awaited for what a channel is to be told. A fault of them is never in its way."""
        from watcher.delivery.citations import languages_of

        events = [each.event for each in deliveries]
        own = next(iter(languages_of(self._config, channel, events)), None)
        if own is None:
            return False
        try:
            self._interpreters = self._interpreters or list(self._open_interpreters())
            former, now = self._begun.pop(channel, {}), time.monotonic()
            begun = {event.id: former.get(event.id, now) for event in events}
            since, asking = min(begun.values()), self._asking.pop(channel, self._interpreters)
            if begun.keys() - former.keys():  # all of them are asked about what has come since
                asking = self._interpreters
            if asking := [each for each in asking if each.awaits(events, own, since)]:
                self._begun[channel], self._asking[channel] = begun, asking
            return bool(asking)
        except StateError:
            raise
        except Exception:
            log.exception("%s: nothing is translated: unexpected fault", channel)
            return False

    def _open_interpreters(self) -> Iterator[Interpreter]:
        from watcher.delivery.engines import open_engine
        from watcher.delivery.translations import Broker, Summaries, Summarizer, TranslatedChanges

        config, clock, kept = self._config, self._clock, self._store.translations
        for what, options, begin, made in (
            ("translation", config.translate, open_engine, partial(TranslatedChanges, config.glossaries)),
            ("summary", config.summarize, Summarizer, Summaries),
        ):
            broker = None
            if options:
                engine, tell = begin(options, config.http, clock), partial(self._tell_fault, what)
                broker = Broker(engine, options.most, kept, clock, tell)
            yield made(options, broker, kept)

    def _tell_fault(self, what: str, why: str) -> None:
        tell_service(self._store, self._config, self._clock(), what, what, why)

    def _compose_batch(self, channel: str, members: Sequence[Delivery]) -> None:
        """Compose a message; if that fails, each event by itself. One that fails then is marked as dead, so that it
        does not block the others.
        """
        try:
            self._compose_one(channel, members)
        except StateError:
            raise
        except Exception as error:
            if len(members) > 1:
                log.exception("%s: these alerts cannot be told together; each by itself", channel)
                for member in members:
                    self._compose_batch(channel, [member])
                return
            what = f"no message can be made of it: {type(error).__name__}: {error}"
            log.exception("%s: delivery %d: %s", channel, members[0].id, what)
            self._failing_channels.mark_dead([members[0].id], what, self._clock())

    def _compose_one(self, channel: str, members: Sequence[Delivery]) -> None:
        from watcher.delivery.citations import languages_of, recipient_of

        config, now, events = self._config, self._clock(), [member.event for member in members]
        how, ids = config.channels[channel], [member.id for member in members]
        proven = [event.id for event in events if self._attaches(event, channel)]
        approval = how.approval_of(members[0])  # what is approved may be for the public, which answers nothing
        sign = no_link if approval else self._questions.sign(channel, events)
        recipient = recipient_of(config, channel, events, proven, sign)
        on_fault = partial(alert_template, config, self._store, now, channel)
        known = self._cite().find(events, now, languages_of(config, channel, events))
        text = how.compose(events, Material(config.timezone, known, recipient, config.secrets.hide, on_fault))
        thread, key, now = self._store.outbox.thread(channel, *find_common_case(events)), uuid4().hex, self._clock()
        ask = self._questions.asking(channel, text, approval, ids) if approval else None
        self._store.outbox.compose(
            channel, key, *text, ids, now, thread, proven, is_json=how.is_event, approval=approval, ask=ask
        )

    def _attaches(self, event: Event, channel: str) -> bool:
        """Whether the proof of an event goes along: as a rule says, or because its source makes screenshots."""
        source = self._config.sources.get(event.source)
        pictured = source is not None and source.screenshot and event.kind is EventKind.CHANGE and bool(event.proof)
        return pictured or attaches(event, channel, self._config.alerts)

    def _send_all(self, messages: Sequence[Message], tried: set[str]) -> Counter[str]:
        """Try the messages of one channel. Stops after the first that shows that a failing channel works again: the
        caller then gets all that waits.
        """
        part = Counter[str]()
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
                said = redact(f"unexpected fault: {type(error).__name__}: {error}", url, secrets)
                self._not_sent(message, ServiceAnswer(said), part)
        return part

    def _send(self, message: Message, part: Counter[str]) -> bool:
        """Try a message. Returns whether to look again before the next: it ended a lasting failure of its channel, or
        the service asks to wait.
        """
        channel = self._config.channels[message.channel]
        if message.key not in self._taken:
            # if this cannot be written, the message must not be sent: it would be sent again at each try
            self._store.outbox.trying(message, self._clock())
            reach("before_send")
            files = list(channel.limit_files(make_attachments(self._store, self._config, message)))
            self._store.outbox.must_send()
            answer = self._try_once(channel, message, files)
            reach("after_send")
            if isinstance(answer, ServiceAnswer):
                self._not_sent(message, answer, part)
                return answer.wait is not None
            self._taken.add(message.key)
            if answer:
                self._placed[message.key] = answer
        now = self._clock()
        if sent := self._placed.get(message.key):
            self._store.chats.note(message.key, sent.chat, sent.remote, now)
            reach("after_note")
        self._store.outbox.sent(message, now)
        self._taken.discard(message.key)
        self._placed.pop(message.key, None)
        reach("after_mark")
        log.info("sent to %s: %s", message.channel, message.title)
        part["sent"] += len(message.deliveries)
        works_again = self._failing_channels.note_recovery(message.channel, now)
        if works_again:
            self._store.outbox.retry_now(message.channel, now)
        return works_again

    def _try_once(self, channel: Channel, message: Message, files: Sequence[File]) -> Sent | ServiceAnswer | None:
        """None if the service accepted it, or where it is if it has buttons; else the answer of the service."""
        config, clock = self._config, self._clock
        link = partial(button_link, config, self._store, message)
        chat = channel.open_chat(config.bots, secrets=config.secrets, http=config.http, clock=clock, link=link)
        if chat is None:
            return channel.send(message, files, secrets=config.secrets, http=config.http, clock=clock)
        with speaking(channel.language or config.language):
            buttons = buttons_for(matter_of(self._store.chats.about(message)), config.web.base_url)
        return chat.send(message, files, buttons)

    def _not_sent(self, message: Message, answer: ServiceAnswer, part: Counter[str]) -> None:
        now, count, error = self._clock(), len(message.deliveries), answer.said
        self._failing_channels.note_failure(message.channel, error, now)
        next_try = self._config.channels[message.channel].next_try(message, now, answer)
        if next_try is None:
            self._failing_channels.mark_dead(message, f"given up: {error}", now)
            log.error("given up on %s: %s: %s", message.channel, message.title, error)
            part["dead"] += count
        else:
            rests = None if answer.wait is None else next_try if answer.in_turn else now + answer.wait
            self._store.outbox.note_failure(message, error, next_try, now, rests)
            log.warning("not sent to %s: %s", message.channel, error)
            part["failed"] += count
