"""A channel: all decisions about its messages. Its options are in channel_options.py; send.py and webhook.py send.

Apprise is imported only to send, as its import is slow.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from alerts.channel_options import ChannelOptions
from alerts.grouping import group_by_message
from alerts.message.recipient import Composed, Form, MessageLimits, Recipient, Service
from sources.options import HttpOptions
from sources.secrets import Secrets
from state.model import Approval, Delivery, Event, EventKind, Message, Past

if TYPE_CHECKING:
    from alerts.message.citations import Background
    from alerts.send import File
    from alerts.service_answer import ServiceAnswer

FIRST_RETRY = timedelta(seconds=30)
LAST_RETRY = timedelta(hours=1)  # the longest wait between two tries
MOST_FILES = 5  # files attached to one message
LARGEST_FILES = 5_000_000  # bytes of all files
TRIES_WITH_FILES = 4  # tries after which a message is sent without files: the alert matters more


class Queue(NamedTuple):
    """The messages that wait for a channel, the oldest first, and the channel's recent results.

    `due` has the keys of those that are due; with `impatient` all are to be tried now. `down` says that nothing was
    sent for a while.
    """

    waiting: Sequence[Message]
    due: Collection[str]
    impatient: bool
    down: bool


class MessagePlan(NamedTuple):
    """Deliveries grouped by message, those that have to wait `until` a time, and those that are `never` sent here."""

    messages: Sequence[Sequence[Delivery]]
    later: Sequence[Delivery] = ()
    until: datetime | None = None
    never: Sequence[Delivery] = ()


class Material(NamedTuple):
    """What a message is composed with, besides its events.

    `known` is what they cite, `hide` takes out secrets, `on_fault` is told why a template could not be used.
    """

    timezone: tzinfo
    known: Background
    recipient: Recipient
    hide: Callable[[str], str]
    on_fault: Callable[[str], None]


class Wire(NamedTuple):
    """What a message is sent with."""

    secrets: Secrets
    http: HttpOptions
    clock: Callable[[], datetime]


class Channel(ChannelOptions):
    """Where alerts go."""

    def problem(self) -> str | None:
        """What is wrong with the URL, without its secrets; None if it is valid."""
        if self.is_event:
            return None if _is_web(self.url) else "has to begin with https:// or http://, and name a host"
        if _is_web(self.url):
            return 'is a web address: with format = "event", events are posted there as JSON'
        try:
            self.service()
        except ValueError as error:
            return str(error)
        return None

    def template_problem(self) -> str | None:
        """Why the templates cannot be used for a sample of a change; None if they can. The URL must be valid."""
        faults = list[str]()
        if self.is_templated:
            self.sample(faults.append)
        return faults[0] if faults else None

    def sample(self, on_fault: Callable[[str], None] = lambda _: None) -> Composed:
        """The message about a sample of a change."""
        from alerts.message.citations import Background
        from alerts.message.own_template import sample

        return self.compose([sample()], Material(UTC, Background(), Recipient(form=self.service().form), str, on_fault))

    def plan(self, deliveries: Sequence[Delivery], past: Past, now: datetime) -> MessagePlan:
        """The messages to compose now. Beyond `at_most`, people get all in one message, and programs get it later.

        What has to be approved is grouped by who has to do that, and does not count before. What is no change is never
        for the public.
        """
        never = [each for each in deliveries if self.approve and each.event.kind is not EventKind.CHANGE]
        free = [each for each in deliveries if self.approval_of(each) is None and each not in never]
        asked: dict[Approval, list[Delivery]] = {}
        for each in deliveries:
            if who := self.approval_of(each):
                asked.setdefault(who, []).append(each)
        plan = self._within_limit(self.batches(free), past, now)
        held = [group for some in asked.values() for group in self.batches(some)]
        return plan._replace(messages=[*held, *plan.messages], never=never)

    def approval_of(self, delivery: Delivery) -> Approval | None:
        """Who has to approve a delivery: as its rule said when it was stored, or as this channel says now."""
        if delivery.event.kind is not EventKind.CHANGE:
            return None
        return delivery.approval or self.approval

    def _within_limit(self, groups: Sequence[Sequence[Delivery]], past: Past, now: datetime) -> MessagePlan:
        if self.at_most is None:
            return MessagePlan(groups)
        times = [*(at for at in past.sent if now - self.at_most.span < at <= now), *[now] * past.waiting]
        room = max(0, self.at_most.most - len(times))
        if len(groups) <= room:
            return MessagePlan(groups)
        if room and not self.is_event:
            return MessagePlan([*groups[: room - 1], [each for group in groups[room - 1 :] for each in group]])
        times += [now] * room
        until = times[len(times) - self.at_most.most] + self.at_most.span
        return MessagePlan(groups[:room], [each for group in groups[room:] for each in group], until)

    def batches(self, deliveries: Iterable[Delivery]) -> list[list[Delivery]]:
        """The deliveries to this channel, grouped by message."""
        if self.is_templated:
            return self._by_template(list(deliveries))
        if not self.is_event:
            return group_by_message(deliveries)
        groups = list[list[Delivery]]()
        for is_change, alike in groupby(deliveries, key=lambda each: each.event.kind is EventKind.CHANGE):
            some, size = list(alike), self.batch if is_change else 1
            groups += [some[at : at + size] for at in range(0, len(some), size)]
        return groups

    def _by_template(self, deliveries: Sequence[Delivery]) -> list[list[Delivery]]:
        """A message for each change, unless a template tells of several; what is no change has no template."""
        changes = [each for each in deliveries if each.event.kind is EventKind.CHANGE]
        others = [each for each in deliveries if each.event.kind is not EventKind.CHANGE]
        told = group_by_message(changes) if self._tells_of_several else [[each] for each in changes]
        return [*told, *group_by_message(others)]

    @property
    def _tells_of_several(self) -> bool:
        from alerts.message.own_template import uses_events

        return uses_events(self.templates)

    def compose(self, events: Sequence[Event], material: Material) -> Composed:
        """The message about some events."""
        from alerts.message.compose import compose

        most = self.service().limits
        made = compose(
            events,
            timezone=material.timezone,
            body_limit=most.body,
            title_limit=most.title,
            known=material.known,
            recipient=material.recipient,
        )
        if self.is_event:
            return self._for_program(events, made, material)
        return self._by_own_words(events, made, material) if self.is_templated else made

    def _by_own_words(self, events: Sequence[Event], made: Composed, material: Material) -> Composed:
        """The message as the templates have it; the usual one for what they are not for, or cannot be used for."""
        from alerts.message.own_template import compose_own
        from alerts.templating import TemplateFault

        several = len(events) > 1 and not self._tells_of_several
        if several or any(event.kind is not EventKind.CHANGE for event in events):
            return made
        desk, related = material.recipient.desk, material.known.related
        try:
            return compose_own(self.templates, events, made, self.service(), desk, related)
        except TemplateFault as fault:
            material.on_fault(str(fault))
            return made

    def _for_program(self, events: Sequence[Event], made: Composed, material: Material) -> Composed:
        """The body of a webhook in the place of the text; the title stays, for people who look at deliveries."""
        from alerts.event.payload import changes_body, notice_body

        if any(event.kind is not EventKind.CHANGE for event in events):
            return made._replace(text=notice_body(events[0], made.title, made.text, material.hide), html="")
        desk, related = material.recipient.desk, material.known.related
        return made._replace(text=changes_body(events, desk, related, material.hide), html="")

    def service(self) -> Service:
        """What is known of the service. Raises ValueError with what is wrong with the URL, without its secrets."""
        if self.is_event:
            return _PROGRAM
        from alerts.apprise_service import describe_service

        return describe_service(self.url)

    def attached(self, proven: Sequence[int]) -> frozenset[int]:
        """Those events whose proof can be attached, of those with a proof to attach."""
        return frozenset(proven[:MOST_FILES] if proven and self._has_room_for_files() else ())

    def next_messages(self, queue: Queue) -> list[Message]:
        """The messages to try now: those that are due. If nothing was sent for a while, the oldest comes before them,
        so that the order is kept.
        """
        if queue.impatient:
            return list(queue.waiting)
        chosen = [message for message in queue.waiting if message.key in queue.due]
        late = chosen and queue.down and chosen[0] is not queue.waiting[0]
        return [queue.waiting[0], *chosen] if late else chosen

    def takes_files(self, message: Message) -> bool:
        """Whether to attach files: not after several failures, which the files may have caused."""
        return message.attempts < TRIES_WITH_FILES and self._has_room_for_files()

    def _has_room_for_files(self) -> bool:
        try:
            return self.service().files
        except ValueError:
            return False

    def fitting(self, files: Iterable[File]) -> Iterator[File]:
        """The files for one message: the first ones, up to LARGEST_FILES."""
        room = LARGEST_FILES
        for file in files:
            room -= len(file.content)
            if room >= 0:
                yield file

    def send(self, message: Message, wire: Wire, files: Sequence[File] = ()) -> ServiceAnswer | None:
        """Send a message once. Returns None if the service accepted it, else its answer."""
        from alerts.service_answer import ServiceAnswer, redact

        if not self.is_event:
            from alerts.send import send

            said = send(self.url, message, wire.secrets, files)
            return ServiceAnswer(said) if said is not None else None
        from alerts.webhook import post

        answer = post(self.url, message, self.signing, wire.http, wire.clock)
        return answer and answer._replace(said=redact(answer.said, self.url, wire.secrets))

    def next_try(self, message: Message, now: datetime, answer: ServiceAnswer | None = None) -> datetime | None:
        """When to retry a refused message; None to give up: after `give_up`, or where nothing is accepted any more."""
        if now - message.created >= self.give_up or (answer and answer.gone):
            return None
        wait = answer.wait if answer and answer.wait else timedelta()
        return now + max(retry_wait(message.attempts), wait)


# The limits are those of the title and the text for people, of what is posted to a program.
_PROGRAM = Service(Form.DATA, MessageLimits(250, 4_000), files=False)


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def retry_wait(attempts: int) -> timedelta:
    """The wait after `attempts` earlier failures: doubled each time up to an hour, with some jitter."""
    doubled: timedelta = FIRST_RETRY * 2 ** min(attempts, 10)
    return min(LAST_RETRY, doubled) * random.uniform(0.9, 1.0)  # noqa: S311 - no secret
