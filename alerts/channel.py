"""A channel: its options (`[channels.*]`), and all decisions about its messages; send.py and webhook.py send.

Apprise is imported only to send, as its import is slow.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import groupby
from typing import TYPE_CHECKING, Literal, NamedTuple, Self
from urllib.parse import quote

from pydantic import Field, ValidationInfo, field_validator, model_validator

from alerts.grouping import group_by_message
from alerts.language import Language
from alerts.message.recipient import Composed, File, Form, MessageLimits, Recipient, Service
from alerts.options import ChannelName, approval
from alerts.timing import ApprovalDeadline, MessageRate, retry_wait
from sources.formats.links import is_web_address
from sources.options import Duration, HttpOptions, OptionTable, ProxyUrl
from sources.secrets import Secrets
from state.model import Approval, Delivery, Event, EventKind, Message, Past

if TYPE_CHECKING:
    from alerts.chat.bot import BotOptions, ButtonChat, Clock, Link
    from alerts.message.citations import Background
    from alerts.service_answer import ServiceAnswer

MOST_FILES = 5  # files attached to one message
LARGEST_FILES = 5_000_000  # bytes of all files
TRIES_WITH_FILES = 4  # tries after which a message is sent without files: the alert matters more
MOST_BATCH = 100  # changes in one body
_KEY = range(24, 65)  # bytes of a key, as Standard Webhooks says
_SECRET = "whsec_"  # noqa: S105 - the beginning of any secret
READER = "{reader}"  # stands for the address of a reader in a URL
_ANYBODY = "reader@example.org"  # in its place where nothing is sent
_MAILS = ("mailto://", "mailtos://")
_UNSET = "${"  # a reference that a command may leave without a value
# What is known of a program: the limits are those of the title and the text for people.
_PROGRAM = Service(Form.DATA, MessageLimits(250, 4_000), files=False)


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


class Channel(OptionTable):
    """Where alerts go."""

    url: str = Field(
        min_length=1,
        repr=False,
        description="an Apprise URL (https://appriseit.com/services/), its secrets as ${NAME} or ${credential:NAME};"
        ' with format = "event" an http or https URL',
    )
    give_up: Duration = Field(
        default=timedelta(days=3), description="how long an alert that cannot be delivered is tried again"
    )
    format: Literal["message", "event"] = Field(
        default="message", description='"message": for people; "event": JSON for a program, as a signed webhook'
    )
    secret: str | tuple[str, ...] | None = Field(
        default=None,
        repr=False,
        description='with format = "event": what it is signed with, "whsec_..."; a list of two while one is replaced',
    )
    batch: int = Field(
        default=1, ge=1, le=MOST_BATCH, description='with format = "event": the most changes in one body'
    )

    title: str | None = Field(
        default=None, min_length=1, description="a Jinja2 template over a change's JSON, for the title of a message"
    )
    text: str | None = Field(
        default=None, min_length=1, description="one for its text", json_schema_extra={"format": "template"}
    )
    html: str | None = Field(
        default=None,
        min_length=1,
        description="a template for its HTML; default: made of the text",
        json_schema_extra={"format": "template"},
    )
    at_most: MessageRate | None = Field(
        default=None, description='the most messages: "10/hour"; what is over waits, and comes in one message'
    )

    proxy: ProxyUrl | None = Field(
        default=None, repr=False, description="proxy URL of a web service; an event goes through that of [http]"
    )
    approve: tuple[ChannelName, ...] | None = Field(
        default=None, min_length=1, description="the channels that are asked to approve each message about changes"
    )
    approve_within: ApprovalDeadline | None = Field(
        default=None, description='with approve: how long it waits, and what happens then: "4h drop" or "4h send"'
    )

    language: Language | None = Field(default=None, description="the language of its messages; default: the service's")
    buttons: bool = Field(
        default=False,
        description="true: its messages have buttons to acknowledge, approve, reject and snooze (tgram:// and slack://"
        " with a bot of [bots], ntfy:// with [web] base_url)",
    )
    readers: bool = Field(
        default=False,
        description='true: what readers follow is mailed through it; its url has "{reader}" for the address',
    )

    @field_validator("title", "text", "html")
    @classmethod
    def _is_template(cls, source: str | None, about: ValidationInfo) -> str | None:
        from alerts.message.own_template import check_template

        return source and check_template(source, is_html=about.field_name == "html")

    @field_validator("secret")
    @classmethod
    def _are_keys(cls, given: str | tuple[str, ...] | None) -> str | tuple[str, ...] | None:
        secrets = (given,) if isinstance(given, str) else given or ()
        if given is not None and not 1 <= len(secrets) <= 2:
            raise ValueError("has to be one secret, or a list of two while one is replaced")
        for secret in secrets:
            if _UNSET not in secret and not _is_key(secret):
                raise ValueError(f'has to be "{_SECRET}" and a key of {_KEY[0]} to {_KEY[-1]} bytes in base64')
        return given

    @model_validator(mode="after")
    def _deadline_has_somebody(self) -> Self:
        if self.approve_within and not self.approve:
            raise ValueError("approve_within says how long to wait for those in approve: this channel names nobody")
        return self

    @model_validator(mode="after")
    def _is_for_a_program(self) -> Self:
        if self.format == "message" and (self.secret or self.batch > 1):
            raise ValueError('"secret" and "batch" are for a channel with format = "event"')
        if self.format == "event" and self.is_templated:
            raise ValueError('"title", "text" and "html" are for messages: a program gets the whole event')
        if self.format == "event" and self.proxy:
            raise ValueError('"proxy" is for messages: an event goes through that of [http]')
        return self

    @model_validator(mode="after")
    def _is_for_readers(self) -> Self:
        if self.readers and (self.is_event or self.approve or self.at_most):
            raise ValueError('"format", "approve" and "at_most" are not for a channel with readers = true')
        return self

    @property
    def is_event(self) -> bool:
        """Whether events are posted to a program."""
        return self.format == "event"

    @property
    def approval(self) -> Approval | None:
        """Who has to approve what is sent here."""
        return approval(self.approve, self.approve_within)

    @property
    def is_templated(self) -> bool:
        """Whether a part of the messages about changes is made by a template."""
        return any(source is not None for source in self.templates)

    @property
    def templates(self) -> tuple[str | None, str | None, str | None]:
        """The templates of the title, the text and the HTML."""
        return self.title, self.text, self.html

    @property
    def signing(self) -> tuple[str, ...]:
        """The secrets that a webhook is signed with."""
        return (self.secret,) if isinstance(self.secret, str) else self.secret or ()

    def problem(self) -> str | None:
        """What is wrong with the URL, without its secrets; None if it is valid."""
        if self.is_event:
            return None if is_web_address(self.url) else "has to begin with https:// or http://, and name a host"
        if is_web_address(self.url):
            return 'is a web address: with format = "event", events are posted there as JSON'
        if self.readers and (READER not in self.url or not self.url.lower().startswith(_MAILS)):
            return 'of a channel with readers = true is that of a mail server with "to={reader}"'
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
        if self.is_event:
            groups = list[list[Delivery]]()
            for is_change, alike in groupby(deliveries, key=lambda each: each.event.kind is EventKind.CHANGE):
                some, size = list(alike), self.batch if is_change else 1
                groups += [some[at : at + size] for at in range(0, len(some), size)]
            return groups
        deliveries = list(deliveries)
        if not self.is_templated:
            return group_by_message(deliveries)
        # a message for each change, unless a template tells of several; what is no change has no template
        changes = [each for each in deliveries if each.event.kind is EventKind.CHANGE]
        others = [each for each in deliveries if each.event.kind is not EventKind.CHANGE]
        of_changes = group_by_message(changes) if self._tells_of_several else [[each] for each in changes]
        return [*of_changes, *group_by_message(others)]

    @property
    def _tells_of_several(self) -> bool:
        from alerts.message.own_template import uses_events

        return uses_events(self.templates)

    def compose(self, events: Sequence[Event], material: Material) -> Composed:
        """The message about some events."""
        from alerts.message.compose import compose

        service, known, recipient = self.service(), material.known, material.recipient
        usual = compose(
            events,
            timezone=material.timezone,
            body_limit=service.limits.body,
            title_limit=service.limits.title,
            known=known,
            recipient=recipient,
        )
        are_changes = all(event.kind is EventKind.CHANGE for event in events)
        if self.is_event:  # the body of a webhook is the text; the title stays, for people who look at deliveries
            from alerts.event.webhook_body import changes_body, notice_body

            if are_changes:
                body = changes_body(events, recipient.desk, known.related, material.hide, known.marks)
                return usual._replace(text=body, html="")
            return usual._replace(text=notice_body(events[0], usual.title, usual.text, material.hide), html="")
        if not self.is_templated or not are_changes or (len(events) > 1 and not self._tells_of_several):
            return usual
        from alerts.message.own_template import compose_own
        from alerts.templating import TemplateFault

        try:
            return compose_own(self.templates, events, usual, service, recipient.desk, known)
        except TemplateFault as fault:
            material.on_fault(str(fault))
            return usual

    def service(self) -> Service:
        """What is known of the service. Raises ValueError with what is wrong with the URL, without its secrets."""
        if self.is_event:
            return _PROGRAM
        from alerts.apprise_service import describe_service

        known = describe_service(self.for_reader(_ANYBODY).url if self.readers else self.url)
        return known._replace(files=known.files and (not self.buttons or self.url.startswith("tgram:")))

    def for_reader(self, address: str) -> Channel:
        """The channel to one reader, of those to all."""
        return self.model_copy(update={"url": self.url.replace(READER, quote(address, safe=""))})

    def attachable(self, proven: Sequence[int]) -> frozenset[int]:
        """Those events whose proof can be attached, of those with a proof to attach."""
        return frozenset(proven[:MOST_FILES] if proven and self._has_room_for_files() else ())

    def next_messages(
        self, waiting: Sequence[Message], due: Collection[str] | None, *, failing: bool = False
    ) -> list[Message]:
        """The messages to try now, of those that wait, the oldest first: those whose keys are `due`; None: all. If the
        channel has been failing for a while, the oldest comes before them, so that the order is kept.
        """
        if due is None:
            return list(waiting)
        chosen = [message for message in waiting if message.key in due]
        late = chosen and failing and chosen[0] is not waiting[0]
        return [waiting[0], *chosen] if late else chosen

    def takes_files(self, message: Message) -> bool:
        """Whether to attach files: not after several failures, which the files may have caused."""
        return message.attempts < TRIES_WITH_FILES and self._has_room_for_files()

    def _has_room_for_files(self) -> bool:
        try:
            return self.service().files
        except ValueError:
            return False

    def limit_files(self, files: Iterable[File]) -> Iterator[File]:
        """The files for one message: the first ones, up to LARGEST_FILES."""
        room = LARGEST_FILES
        for file in files:
            room -= len(file.content)
            if room >= 0:
                yield file

    def send(
        self,
        message: Message,
        files: Sequence[File] = (),
        *,
        secrets: Secrets,
        http: HttpOptions,
        clock: Callable[[], datetime],
        headers: Mapping[str, str] | None = None,
    ) -> ServiceAnswer | None:
        """Send a message once, a mail with these headers. Returns None if the service accepted it, else its answer."""
        from alerts.service_answer import redact

        if not self.is_event:
            from alerts.send import send

            return send(self.url, message, secrets, files, self.proxy, headers)
        from alerts.webhook import post

        answer = post(self.url, message, self.signing, http, clock)
        return answer and answer._replace(said=redact(answer.said, self.url, secrets))

    def open_chat(
        self, bots: Mapping[str, BotOptions], *, secrets: Secrets, http: HttpOptions, clock: Clock, link: Link = str
    ) -> ButtonChat | None:
        """What its messages are sent through in the place of `send`, if they have buttons. Raises ValueError."""
        if not self.buttons:
            return None
        from alerts.chat.choice import open_chat

        return open_chat(self.url, bots, link, secrets, http, clock)

    def next_try(self, message: Message, now: datetime, answer: ServiceAnswer | None = None) -> datetime | None:
        """When to retry a refused message; None to give up: after `give_up`, or where nothing is accepted any more."""
        if now - message.created >= self.give_up or (answer and answer.gone):
            return None
        often = 30 if answer and answer.in_turn and answer.wait is not None else 1  # as all others wait for it
        return now + max((answer and answer.wait) or timedelta(), retry_wait(message.attempts) / often)


def _is_key(secret: str) -> bool:
    text = secret.removeprefix(_SECRET).rstrip("=")
    try:
        key = b64decode(text + "=" * (-len(text) % 4), validate=True)
    except ValueError:
        return False
    return secret.startswith(_SECRET) and len(key) in _KEY
