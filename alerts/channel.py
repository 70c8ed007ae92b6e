"""What a channel does: its options, and all that is decided for it. How a message is sent is in send.py.

Apprise is loaded only where something is to be sent: it is slow to import.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from alerts.grouping import together
from sources.options import Duration
from sources.secrets import Secrets
from state.model import Delivery, Message

if TYPE_CHECKING:
    from alerts.message.recipient import Form
    from alerts.send import File, Limits

FIRST_RETRY = timedelta(seconds=30)
LAST_RETRY = timedelta(hours=1)  # the longest wait between two tries
MOST_FILES = 5  # that go along with one message
LARGEST_FILES = 5_000_000  # bytes of them all
TRIES_WITH_FILES = 4  # then the message goes out without: an alert matters more


class Queue(NamedTuple):
    """The messages that wait for a channel, the oldest first, and how it has fared.

    `due` has the keys of those whose time to be tried has come; with `impatient` all are to be tried now. `down` says
    that nothing has gone out for a while. `sent` says how many messages went out within the last so long.
    """

    waiting: Sequence[Message]
    due: Collection[str]
    impatient: bool
    down: bool
    sent: Callable[[timedelta], int]


class Channel(BaseModel):
    """Where alerts go: one Apprise URL."""

    # a channel's URL holds passwords and tokens: they must not stand in an error or in a repr
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    url: str = Field(
        min_length=1,
        repr=False,
        description="an Apprise URL (https://appriseit.com/services/), its secrets as ${NAME} or ${credential:NAME}",
    )
    give_up: Duration = Field(
        default=timedelta(days=3), description="how long an alert that cannot be delivered is tried again"
    )

    def problem(self) -> str | None:
        """What is wrong with the URL, in words that hold none of its secrets, or None."""
        from alerts.send import problem

        return problem(self.url)

    def batches(self, deliveries: Iterable[Delivery]) -> list[list[Delivery]]:
        """The deliveries to this channel that make one message each."""
        return together(deliveries)

    def limits(self) -> Limits:
        """How long a title and a body may be. Raises ValueError when the URL is no channel."""
        from alerts.send import limits

        return limits(self.url)

    def form(self) -> Form:
        """What its service shows of a message. Raises ValueError when the URL is no channel."""
        from alerts.send import form

        return form(self.url)

    def attached(self, proven: Sequence[int]) -> frozenset[int]:
        """Of the events whose proof is to go along, those whose proof does, if nothing goes wrong."""
        from alerts.send import takes_files

        return frozenset(proven[:MOST_FILES] if proven and takes_files(self.url) else ())

    def next_messages(self, queue: Queue) -> list[Message]:
        """The messages to try now: those that are due, and before them the oldest where nothing has gone out for a
        while, so that it still comes first.
        """
        if queue.impatient:
            return list(queue.waiting)
        chosen = [message for message in queue.waiting if message.key in queue.due]
        late = chosen and queue.down and chosen[0] is not queue.waiting[0]
        return [queue.waiting[0], *chosen] if late else chosen

    def takes_files(self, message: Message) -> bool:
        """Whether files go along: not when they may be why the message is not taken."""
        from alerts.send import takes_files

        return message.attempts < TRIES_WITH_FILES and takes_files(self.url)

    def fitting(self, files: Iterable[File]) -> Iterator[File]:
        """The files that go along with one message: the first ones, while there is room for them."""
        room = LARGEST_FILES
        for file in files:
            room -= len(file.content)
            if room >= 0:
                yield file

    def send(self, message: Message, secrets: Secrets, files: Sequence[File] = ()) -> str | None:
        """Send a message once. Returns None when the service took it, else what it said."""
        from alerts.send import send

        return send(self.url, message, secrets, files)

    def next_try(self, message: Message, now: datetime) -> datetime | None:
        """When a message that was not taken is tried again; None when it is given up."""
        return None if now - message.created >= self.give_up else now + retry_wait(message.attempts)


def retry_wait(attempts: int) -> timedelta:
    """How long to wait after so many failed attempts before: doubled each time, an hour at most, a little spread."""
    doubled: timedelta = FIRST_RETRY * 2 ** min(attempts, 10)
    return min(LAST_RETRY, doubled) * random.uniform(0.9, 1.0)  # noqa: S311 - no secret
