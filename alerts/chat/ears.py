"""How a bot hears what people press and write, in a thread of its own, until another thread ends it."""

import asyncio
from abc import ABC, abstractmethod
from contextlib import suppress
from typing import Any, NamedTuple, Protocol

from alerts.chat.buttons import Press


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
    """What tells an ear what a service tells."""

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
