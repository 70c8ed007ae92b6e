"""The recipient of a message: what its service can show, which alerts its channel gets, and the texts for it. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from alerts.language import Language, phrase, phrase_list
from alerts.links import Sign, no_link
from alerts.message.wording import word
from state.model import Event


class Form(StrEnum):
    """What a service shows of a message."""

    DOCUMENT = "document"  # a whole HTML document, such as mail
    CHAT = "chat"  # bold, links and quotes
    PLAIN = "plain"  # text, in which the service may act on "@everyone" and the like
    DATA = "data"  # text for a program, unchanged


class MessageLimits(NamedTuple):
    """The most characters of a title and of a body."""

    title: int
    body: int


class Service(NamedTuple):
    """What is known of a service: what it shows, its limits, and whether it takes files."""

    form: Form
    limits: MessageLimits
    files: bool


class Composed(NamedTuple):
    """A message: its title, and its body as text and HTML with the same content. Of a body, only a document may be
    longer than the limit.
    """

    title: str
    text: str
    html: str


class File(NamedTuple):
    """A file to attach to a message."""

    name: str
    content: bytes
    type: str = "text/html"


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
    links to its pages, `language` that of its messages. `sign` makes links for what somebody has to answer, `escalated`
    are the events that somebody has to acknowledge.
    """

    form: Form = Form.CHAT
    operator: bool = False
    promises: Mapping[str, Promise] = field(default_factory=dict)
    attached: Collection[int] = frozenset()
    desk: str | None = None
    language: Language = "en"
    sign: Sign = no_link
    escalated: Collection[int] = frozenset()

    def promise(self, source: str) -> Promise:
        """Which changes of a source are alerted to it."""
        return self.promises.get(source, Promise())


def promise_words(promise: Promise) -> str:
    """The changes that are alerted from now on: every change, or which names, kinds of change and fields."""

    def either(names: Collection[str] | None) -> str:
        return phrase_list([str(name) for name in names or ()], 6, either=True)

    if not any(promise):
        return phrase("every change from now on is alerted")
    names, fields = either(promise.entities), either(promise.fields)
    if promise == Promise(promise.entities):
        return phrase("from now on changes that mention {names} are alerted", names=names)
    wanted = [
        either([word(kind) for kind in promise.changes or ()]),
        phrase("mention of {names}", names=names) if names else "",
        phrase("field {names}", names=fields) if fields else "",
        phrase("a further condition") if promise.when else "",
    ]
    conditions = "; ".join(filter(None, wanted))
    return phrase("from now on changes are alerted that meet all of this: {conditions}", conditions=conditions)


def items_of(event: Event, promise: Promise) -> list[dict[str, Any]]:
    """The entries of a summary that mention entities alerted to the channel, each with only those entities."""
    items = event.data["mentioned"]
    if promise.entities is None:
        return list(items)
    wanted = [(item, [name for name in item["entities"] if name in promise.entities]) for item in items]
    return [{**item, "entities": names} for item, names in wanted if names]


def named_in(events: Sequence[Event], recipient: Recipient) -> list[str]:
    """The entities that the entries of summaries mention, of those that are alerted to the recipient."""
    found = (item for event in events for item in items_of(event, recipient.promise(event.source)))
    return list(dict.fromkeys(name for item in found for name in item["entities"]))


def mentioning_of(event: Event, promise: Promise) -> int:
    """The number of entries that mention entities alerted to the channel; a lower bound if a former release counted."""
    if promise.entities is None:
        return int(event.data["mentioning"])
    listed = len(items_of(event, promise))
    counts = event.data.get("whom", ())  # none in summaries of former releases
    return max(listed, sum(int(number) for names, number in counts if not set(names).isdisjoint(promise.entities)))
