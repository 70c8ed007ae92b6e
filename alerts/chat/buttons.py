"""The buttons of a message, and what a chat service does with a message that has some. Pure.

A button stands for one thing to do with what exactly this message says: it names the message by its key, which nobody
guesses and no other message has.
"""

from collections.abc import Sequence
from typing import Literal, NamedTuple, Protocol

from alerts.message.recipient import File
from alerts.service_answer import ServiceAnswer
from state.model import Message

Verb = Literal["ack", "approve", "reject", "snooze", "open"]


class Button(NamedTuple):
    """What it does (`verb`), what stands on it, and the address that it opens (`open`; with ntfy all have one)."""

    verb: Verb
    label: str
    url: str = ""


class Sent(NamedTuple):
    """A message as the service has it: in which chat, and as which of its messages there."""

    chat: str
    remote: str


class ButtonChat(Protocol):
    """A service whose messages have buttons. Safe to call from several threads, outside an event loop."""

    def send(self, message: Message, files: Sequence[File], buttons: Sequence[Button]) -> Sent | ServiceAnswer:
        """Send a message once: where it is now, or why it was not taken."""
        ...

    def show(
        self, sent: Sent, message: Message, said: Sequence[str], buttons: Sequence[Button]
    ) -> ServiceAnswer | None:
        """Let a sent message say at its end what was decided (`said`, a line each), with these buttons left. None if
        the service did it, also where the message is gone.
        """
        ...
