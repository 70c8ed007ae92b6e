"""The buttons of a message, and what a chat service does with a message that has some. Pure.

A button stands for one thing to do with what exactly this message says: it names the message by its key, which nobody
guesses and no other message has.
"""

import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple, Protocol

from alerts.language import phrase
from alerts.links import case_link, change_link
from alerts.message.recipient import File
from alerts.service_answer import ServiceAnswer
from state.model import Event, EventKind, Message

Clock = Callable[[], datetime]
Link = Callable[[str], str]  # the signed link that does what a button is for, by the button's name
Verb = Literal["ack", "approve", "reject", "snooze", "open"]
_NAMED = re.compile(r"(ack|approve|reject|snooze):([0-9a-f]{32})")


class Button(NamedTuple):
    """What it does (`verb`), what stands on it, and the address that it opens (`open`; with ntfy all have one)."""

    verb: Verb
    label: str
    url: str = ""


Buttons = Sequence[Button]


class Sent(NamedTuple):
    """A message as the service has it: in which chat, and as which of its messages there."""

    chat: str
    remote: str


class ButtonChat(Protocol):
    """A service whose messages have buttons. Safe to call from several threads, outside an event loop."""

    def send(self, message: Message, files: Sequence[File], buttons: Buttons) -> Sent | ServiceAnswer:
        """Send a message once: where it is now, or why it was not taken."""
        ...

    def show(self, sent: Sent, message: Message, said: Sequence[str], buttons: Buttons) -> ServiceAnswer | None:
        """Let a sent message say at its end what was decided (`said`, a line each), with these buttons left. None if
        the service did it, also where the message is gone.
        """
        ...


class Matter(NamedTuple):
    """What the buttons of a message are for: the changes to acknowledge; the number of an approval (0: none), for a
    text whose readers have `seen` the changes up to that number; what may be snoozed, as ("entity" or "source", name);
    and the entity and the change that the desk has pages of.
    """

    changes: tuple[int, ...] = ()
    approval: int = 0
    seen: int = 0
    snoozed: tuple[str, str] | None = None
    entity: str = ""
    change: int = 0


def matter_of(events: Sequence[Event]) -> Matter:
    """What the buttons of a message about these events are for. Who approves is asked one thing in a message."""
    if asked := next((event for event in events if event.kind is EventKind.APPROVAL), None):
        *_, last = str(asked.data.get("key", "0")).split()  # "approval NUMBER CHANGE", where one has come since
        return Matter(approval=asked.data["approval"], seen=int(last))
    common = [name for name in (events[0].entities if events else ()) if all(name in each.entities for each in events)]
    sources = {event.source for event in events}
    snoozed = ("entity", common[0]) if common else ("source", sources.pop()) if len(sources) == 1 else None
    changes = tuple(event.id for event in events if event.kind is EventKind.CHANGE)
    return Matter(
        changes=changes,
        snoozed=snoozed if snoozed and snoozed[1] else None,
        entity=common[0] if common else "",
        change=changes[0] if changes else 0,
    )


def buttons_for(matter: Matter, desk: str | None, done: Sequence[Verb] = ()) -> list[Button]:
    """The buttons of a message, in the language spoken, but for what is `done`."""
    page = case_link(desk, matter.entity) if matter.entity else change_link(desk, matter.change)
    buttons = [
        Button("approve", phrase("Approve")) if matter.approval else None,
        Button("reject", phrase("Reject")) if matter.approval else None,
        Button("ack", phrase("Acknowledge")) if matter.changes else None,
        Button("snooze", phrase("Snooze for an hour")) if matter.snoozed else None,
        Button("open", phrase("Open the case") if matter.entity else phrase("At the desk"), page) if page else None,
    ]
    return [each for each in buttons if each and each.verb not in done]


class Press(NamedTuple):
    """A button that somebody has pressed: at which bot, as which `number` the service reports it, in which of its
    chats, whose press it is (the id in the service, and the name that it shows), and what was pressed, of the message
    with which key. `remote` is that message there.
    """

    bot: str
    number: str
    chat: str
    person: str
    name: str
    verb: str
    key: str
    remote: str = ""


def name_button(verb: Verb, key: str) -> str:
    """What a service reports of a button that is pressed: `ack:` and the key of the message."""
    return f"{verb}:{key}"


def read_button(name: str) -> tuple[str, str] | None:
    """The verb and the key in the name of a button; None for another name."""
    found = _NAMED.fullmatch(name)
    return (found[1], found[2]) if found else None


class BotError(Exception):
    """Why a service does nothing for a bot, without its secrets: its token is `revoked`, or it is to `wait`."""

    def __init__(self, said: str, *, revoked: bool = False, wait: timedelta | None = None) -> None:
        super().__init__(said)
        self.revoked, self.wait = revoked, wait
