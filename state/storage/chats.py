"""Messages with buttons, as chats have them, and what people press there.

A press counts once. Its row is written before anything is done, with the time that it is done at, so that a press which
a kill interrupts is done again to the same end; a service that reports it once more gets the same answer.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import delete, insert, select, update

from state.db.repository import Repository
from state.db.tables.core import CHAT_MESSAGES, CHAT_PRESSES, DELIVERIES, MESSAGES
from state.failpoint import reach
from state.model import Event, EventKind, Message
from state.storage.delivery_rows import members_of, message_of
from state.storage.events import events_by_id

_PART = "chats"  # a lock's name


class ChatMessage(NamedTuple):
    """A message, by its key, as a chat has it: as which of its messages (`remote`), and what it says there of decisions
    (`shown`, "" where it says nothing of them).
    """

    id: int
    key: str
    channel: str
    chat: str
    remote: str
    shown: str


class TakenPress(NamedTuple):
    """A press as it was first reported: when, whose it is, and what was said to it, "" until it is done."""

    at: datetime
    who: str
    answer: str


class Chats(Repository):
    """The part of the Store for messages with buttons, and for presses."""

    def note(self, key: str, chat: str, remote: str, now: datetime) -> None:
        """Note where the message with this key is; each place once."""
        with self._database.writing(_PART) as connection:
            number = connection.scalar(select(MESSAGES.c.id).where(MESSAGES.c.key == key))
            place = {"message_id": number, "chat": chat, "remote": remote}
            same = (CHAT_MESSAGES.c[name] == value for name, value in place.items())
            if number is not None and connection.scalar(select(CHAT_MESSAGES.c.id).where(*same)) is None:
                connection.execute(insert(CHAT_MESSAGES), [{**place, "shown": "", "at": now}])

    def find(self, key: str) -> Message | None:
        """The message with this key, with all of its deliveries, sent or not."""
        with self._database.reading() as connection:
            row = connection.execute(select(MESSAGES).where(MESSAGES.c.key == key)).one_or_none()
            return message_of(row, members_of(connection, row.id, waiting=False)) if row else None

    def about(self, message: Message) -> list[Event]:
        """What a message tells, the earliest first; in the place of a reminder the change that it is about."""
        with self._database.reading() as connection:
            wanted = select(DELIVERIES.c.event_id).where(DELIVERIES.c.message_id == message.id)
            told = events_by_id(connection, connection.scalars(wanted))
            about = (each.data["change"] if each.kind is EventKind.REMINDER else each.id for each in told.values())
            return list(events_by_id(connection, about).values())

    def open(self, since: datetime, most: int) -> list[ChatMessage]:
        """The messages that chats have had since a time, at most so many, the newest first."""
        columns = (CHAT_MESSAGES.c[name] for name in ("id", "chat", "remote", "shown"))
        joined = select(*columns, MESSAGES.c.key, MESSAGES.c.channel).join(
            MESSAGES, MESSAGES.c.id == CHAT_MESSAGES.c.message_id
        )
        rows = self._rows(joined.where(CHAT_MESSAGES.c.at >= since).order_by(CHAT_MESSAGES.c.id.desc()).limit(most))
        return [ChatMessage(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's documented name

    def shows(self, number: int, shown: str) -> None:
        """Note what a message says in its chat now."""
        self._change(_PART, update(CHAT_MESSAGES).where(CHAT_MESSAGES.c.id == number).values(shown=shown))

    def take(self, bot: str, press: str, row: TakenPress, what: str, key: str) -> TakenPress:
        """Take a press, for `what` of the message with this key, before it is done: as it is given, or as it was taken
        when the service first reported it.
        """
        mine = _mine(bot, press)
        with self._database.writing(_PART) as connection:
            known = connection.execute(select(CHAT_PRESSES).where(*mine)).one_or_none()
            if known is None:
                made = {"bot": bot, "press": press, "what": what, "message_key": key, **row._asdict()}
                connection.execute(insert(CHAT_PRESSES), [made])
        reach("press_taken")
        return row if known is None else TakenPress(known.at, known.who, known.answer)

    def answer(self, bot: str, press: str, said: str) -> None:
        """Note what was said to a press, which is done."""
        self._change(_PART, update(CHAT_PRESSES).where(*_mine(bot, press)).values(answer=said))
        reach("press_answered")

    def expire(self, before: datetime, most: int) -> int:
        """Delete at most `most` presses of before a time; how many those were."""
        wanted = select(CHAT_PRESSES.c.bot, CHAT_PRESSES.c.press).where(CHAT_PRESSES.c.at < before).limit(most)
        old = self._rows(wanted)
        if old:  # nearly always none: avoids the write lock
            with self._database.writing(_PART) as connection:
                for bot, press in old:
                    connection.execute(delete(CHAT_PRESSES).where(*_mine(bot, press)))
        return len(old)


def _mine(bot: str, press: str) -> Sequence[Any]:
    return CHAT_PRESSES.c.bot == bot, CHAT_PRESSES.c.press == press
