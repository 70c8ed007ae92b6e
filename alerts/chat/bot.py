"""A bot in a chat service: its table `[bots.*]`, the buttons of its messages, and how it hears what people press and
write.

A button stands for one thing to do with what exactly this message says: it names the message by its key, which nobody
guesses and no other message has.
"""

import asyncio
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple, Protocol, Self

from pydantic import Field, field_validator, model_validator

from alerts.language import phrase
from alerts.links import case_link, change_link
from alerts.message.recipient import File
from alerts.service_answer import ServiceAnswer
from sources.options import OptionTable
from state.model import Event, EventKind, Message

TELEGRAM = "https://api.telegram.org"
SLACK = "https://slack.com/api"

Clock = Callable[[], datetime]
Link = Callable[[str], str]  # the signed link that does what a button is for, by the button's name
Verb = Literal["ack", "approve", "reject", "snooze", "open"]
_NAMED = re.compile(r"(ack|approve|reject|snooze):([0-9a-f]{32})")


class BotOptions(OptionTable):
    """A bot in a chat service: it sends messages with buttons, takes presses, and answers questions."""

    kind: Literal["telegram", "slack"] = Field(description="the service")
    token: str = Field(min_length=1, repr=False, description="the bot's token, as ${NAME} or ${credential:NAME}")
    app_token: str | None = Field(
        default=None, repr=False, description='slack: the token of the app for Socket Mode, "xapp-..."'
    )
    chats: tuple[str, ...] = Field(
        min_length=1, description="the only chats whose presses and questions count, by their ids"
    )
    users: dict[str, str] = Field(
        default_factory=dict,
        description='who may press, by the id in the service: { "123456" = "anna" }, a user of [web.users];'
        " default: whoever is in the chats",
    )
    api: str | None = Field(default=None, description="the address of the service's API, if it is another one")

    @field_validator("chats", mode="before")
    @classmethod
    def _are_texts(cls, given: object) -> object:
        return tuple(map(str, given)) if isinstance(given, list | tuple) else given  # ids are numbers in Telegram

    @model_validator(mode="after")
    def _has_its_tokens(self) -> Self:
        if (self.kind == "slack") != (self.app_token is not None):
            raise ValueError('"app_token" is for kind = "slack", which needs it: by it Slack tells of presses')
        return self

    @property
    def address(self) -> str:
        """Where the API is, without a slash at the end."""
        return (self.api or (TELEGRAM if self.kind == "telegram" else SLACK)).rstrip("/")


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


class ChatQuestion(NamedTuple):
    """What somebody has written in a chat of a bot, cut."""

    bot: str
    chat: str
    person: str
    name: str
    text: str


class Ear(Protocol):
    """Who hears what happens in the chats of a bot. What it raises ends the listening."""

    def press(self, press: Press) -> str:
        """Do it; what to say to who has pressed."""
        ...

    def ask(self, question: ChatQuestion) -> str:
        """The answer, as HTML with the tags of messages; "" for none."""
        ...

    def works(self) -> None:
        """The service answers."""
        ...


class BotEars(ABC):
    """What tells an ear what a service tells, in a thread of its own, until another thread ends it."""

    def __init__(self) -> None:
        self._stopped = False
        self._listening: tuple[asyncio.AbstractEventLoop, asyncio.Task[Any]] | None = None

    @abstractmethod
    async def hear(self, ear: Ear) -> None:
        """Hear for some time, or until it is cancelled. Raises BotError, and what the ear raises."""

    def listen(self, ear: Ear) -> None:
        """Hear, unless stopped, in this thread. Raises as `hear`."""
        with suppress(asyncio.CancelledError):
            asyncio.run(self._listen(ear))

    def stop(self) -> None:
        """End that soon, from another thread, for good. A press that is not answered yet is told once more to the next
        who listens.
        """
        self._stopped = True
        if self._listening:
            loop, task = self._listening
            with suppress(RuntimeError):  # it has ended by itself
                loop.call_soon_threadsafe(task.cancel)

    async def _listen(self, ear: Ear) -> None:
        self._listening = asyncio.get_running_loop(), asyncio.ensure_future(self.hear(ear))
        if not self._stopped:
            await self._listening[1]


class BotError(Exception):
    """Why a service does nothing for a bot, without its secrets: its token is `revoked`, or it is to `wait`."""

    def __init__(self, said: str, *, revoked: bool = False, wait: timedelta | None = None) -> None:
        super().__init__(said)
        self.revoked, self.wait = revoked, wait
