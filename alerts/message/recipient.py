"""The recipient of a message: what its service can show, which alerts its channel gets, and the texts for it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from alerts.signed_links import Sign, no_link


class Form(StrEnum):
    """What a service shows of a message."""

    DOCUMENT = "document"  # a whole HTML document, such as mail
    CHAT = "chat"  # bold, links and quotes
    PLAIN = "plain"  # text, in which the service may act on "@everyone" and the like
    DATA = "data"  # text for a program, unchanged


class Limits(NamedTuple):
    """The most characters of a title and of a body."""

    title: int
    body: int


class Service(NamedTuple):
    """What is known of a service: what it shows, its limits, and whether it takes files."""

    form: Form
    limits: Limits
    files: bool


class Composed(NamedTuple):
    """A message: its title, and its body as text and HTML with the same content. Of a body, only a document may be
    longer than the limit.
    """

    title: str
    text: str
    html: str


class Promise(NamedTuple):
    """Which changes of a source are alerted to a channel; None: all."""

    entities: Collection[str] | None = None
    changes: Collection[str] | None = None
    fields: Collection[str] | None = None
    when: Collection[str] | None = None


@dataclass(frozen=True, slots=True)
class Recipient:
    """A channel as the recipient of messages.

    `operator` says that it hears of health: its messages name commands and links of proofs. `promises` are what it
    hears of each source, by name; `attached` the events whose proof goes along as a file; `desk` where the desk is, for
    links to its pages. `sign` makes links for what somebody has to answer, `escalated` are the events that somebody has
    to acknowledge.
    """

    form: Form = Form.CHAT
    operator: bool = False
    promises: Mapping[str, Promise] = field(default_factory=dict)
    attached: Collection[int] = frozenset()
    desk: str | None = None
    sign: Sign = no_link
    escalated: Collection[int] = frozenset()

    def promise(self, source: str) -> Promise:
        """Which changes of a source are alerted to it."""
        return self.promises.get(source, Promise())
