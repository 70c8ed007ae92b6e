"""What programs have pushed under idempotency keys, and what they were answered. A row is written in the transaction of
the push, so that there is an answer to all that was stored, and to nothing else.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from state.db.repository import Repository
from state.db.tables.core import PUSHED
from state.model import Event, Receipt


class Pushes(Repository):
    """The part of the Store for pushes."""

    def find(self, source: str, key: str) -> Row[Any] | None:
        """What was pushed into a source under this key: the fingerprint of its `body`, and the `answer`."""
        return next(iter(self._rows(select(PUSHED).where(PUSHED.c.source == source, PUSHED.c.key == key))), None)

    def expire(self, before: datetime) -> None:
        """Forget what was pushed before a moment."""
        old = PUSHED.c.at < before
        if self._rows(select(PUSHED.c.key).where(old).limit(1)):  # nearly always none: avoids the write lock
            self._change("pushed", delete(PUSHED).where(old))


def write_receipt(
    connection: Connection, source: str, receipt: Receipt, events: Sequence[Event], at: datetime | None
) -> None:
    """Remember a push and its answer, in the transaction that stores it."""
    row = {"source": source, "key": receipt.key, "body": receipt.body, "answer": receipt.answer(events), "at": at}
    connection.execute(insert(PUSHED), row)
