"""A channel: its options, and all decisions about its messages. send.py sends them.

Apprise is imported only to send, as its import is slow.
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
MOST_FILES = 5  # files attached to one message
LARGEST_FILES = 5_000_000  # bytes of all files
TRIES_WITH_FILES = 4  # tries after which a message is sent without files: the alert matters more


class Queue(NamedTuple):
    """The messages that wait for a channel, the oldest first, and the channel's recent results.

    `due` has the keys of those that are due; with `impatient` all are to be tried now. `down` says that nothing was
    sent for a while. `sent` returns the number of messages sent within the given time span.
    """

    waiting: Sequence[Message]
    due: Collection[str]
    impatient: bool
    down: bool
    sent: Callable[[timedelta], int]


class Channel(BaseModel):
    """Where alerts go: one Apprise URL."""

    # a channel's URL contains passwords and tokens, which must not appear in an error or a repr
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
        """What is wrong with the URL, without its secrets; None if it is valid."""
        from alerts.send import problem

        return problem(self.url)

    def batches(self, deliveries: Iterable[Delivery]) -> list[list[Delivery]]:
        """The deliveries to this channel, grouped by message."""
        return together(deliveries)

    def limits(self) -> Limits:
        """The most characters of a title and a body. Raises ValueError if the URL is not a channel."""
        from alerts.send import limits

        return limits(self.url)

    def form(self) -> Form:
        """What the service shows of a message. Raises ValueError if the URL is not a channel."""
        from alerts.send import form

        return form(self.url)

    def attached(self, proven: Sequence[int]) -> frozenset[int]:
        """Those events whose proof can be attached, of those with a proof to attach."""
        from alerts.send import takes_files

        return frozenset(proven[:MOST_FILES] if proven and takes_files(self.url) else ())

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
        from alerts.send import takes_files

        return message.attempts < TRIES_WITH_FILES and takes_files(self.url)

    def fitting(self, files: Iterable[File]) -> Iterator[File]:
        """The files for one message: the first ones, up to LARGEST_FILES."""
        room = LARGEST_FILES
        for file in files:
            room -= len(file.content)
            if room >= 0:
                yield file

    def send(self, message: Message, secrets: Secrets, files: Sequence[File] = ()) -> str | None:
        """Send a message once. Returns None if the service accepted it, else its answer."""
        from alerts.send import send

        return send(self.url, message, secrets, files)

    def next_try(self, message: Message, now: datetime) -> datetime | None:
        """When to retry a refused message; None to give up."""
        return None if now - message.created >= self.give_up else now + retry_wait(message.attempts)


def retry_wait(attempts: int) -> timedelta:
    """The wait after `attempts` earlier failures: doubled each time up to an hour, with some jitter."""
    doubled: timedelta = FIRST_RETRY * 2 ** min(attempts, 10)
    return min(LAST_RETRY, doubled) * random.uniform(0.9, 1.0)  # noqa: S311 - no secret
