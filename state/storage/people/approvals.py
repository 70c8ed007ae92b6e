"""Messages that somebody has to approve. Each is decided once, by whoever is first."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select, update

from state.db.backend import OUTBOX, Database
from state.db.redaction import Redactor
from state.db.repository import Repository
from state.db.tables.core import DELIVERIES, MESSAGES
from state.db.tables.people import ACTIONS, APPROVALS
from state.failpoint import reached
from state.model import Alert, Approval, ApprovalState, HeldMessage
from state.storage.delivery_rows import mark_dead, members_of
from state.storage.events import write_events

log = logging.getLogger(__name__)

Note = Callable[[Connection, Mapping[str, Any], datetime], None]
Ask = Callable[[int], Alert]  # makes the alert to those who approve, about the approval with this number
BY_TIME = "approve_within"  # who decided where nobody did


class Approvals(Repository):
    """The part of the Store for messages that have to be approved. `note` writes a decision into the evidence."""

    def __init__(self, database: Database, redactor: Redactor, note: Note) -> None:
        super().__init__(database, redactor)
        self._note = note

    def find(self, number: int) -> HeldMessage | None:
        """An approval by its number."""
        with self._database.reading() as connection:
            return _one(connection, _held().where(APPROVALS.c.id == number))

    def of_delivery(self, delivery: int) -> HeldMessage | None:
        """The last approval of a delivery's message."""
        mine = select(DELIVERIES.c.message_id).where(DELIVERIES.c.id == delivery)
        with self._database.reading() as connection:
            return _one(connection, _held().where(APPROVALS.c.message_id.in_(mine)).order_by(APPROVALS.c.id.desc()))

    def waiting(self) -> list[HeldMessage]:
        """The messages that wait to be approved, the oldest first."""
        with self._database.reading() as connection:
            rows = connection.execute(_held().where(_WAITING).order_by(APPROVALS.c.id)).all()
            found = [_message(row, members_of(connection, row.message_id)) for row in rows]
            return [each for each in found if each.deliveries]

    def decide(self, number: int, *, approve: bool, who: str, now: datetime) -> bool:
        """Approve or reject a message; False if it was decided already, or nothing of it waits any more.

        Who did it, and when, is in the record of actions.
        """
        with self._database.writing(OUTBOX) as connection:
            done = self._decide(connection, number, approve=approve, who=who, now=now)
            reached("deciding")
        reached("decided")
        return done

    def expire(self, now: datetime) -> list[HeldMessage]:
        """Send or drop, as each says, the messages that nobody decided in time; returns them.

        One that was asked for in the future is not judged: the clock was moved back.
        """
        over = _held().where(_WAITING, APPROVALS.c.until <= now, APPROVALS.c.asked <= now)
        with self._database.reading() as connection:  # nearly always none: avoids the write lock
            if not connection.execute(over.limit(1)).first():
                return []
        with self._database.writing(OUTBOX) as connection:
            found = [_message(row, members_of(connection, row.message_id)) for row in connection.execute(over).all()]
            for each in found:
                if not self._decide(connection, each.id, approve=each.then == "send", who=BY_TIME, now=now):
                    gone = {"state": ApprovalState.EXPIRED.value, "decided": now}  # its deliveries were dropped
                    connection.execute(update(APPROVALS).where(APPROVALS.c.id == each.id).values(gone))
            return [each for each in found if each.deliveries]

    def _decide(self, connection: Connection, number: int, *, approve: bool, who: str, now: datetime) -> bool:
        held = _one(connection, _held().where(APPROVALS.c.id == number, _WAITING))
        if held is None or not held.deliveries:
            return False
        late = who == BY_TIME
        state = ApprovalState.APPROVED if approve else ApprovalState.EXPIRED if late else ApprovalState.REJECTED
        decided = {"state": state.value, "who": who, "decided": now}
        connection.execute(update(APPROVALS).where(APPROVALS.c.id == number).values(decided))
        message = connection.scalar(select(APPROVALS.c.message_id).where(APPROVALS.c.id == number))
        if approve:
            free = {"held": False, "created": now, "next_try": now}
            connection.execute(update(MESSAGES).where(MESSAGES.c.id == message).values(free))
        else:
            mark_dead(connection, held.deliveries, f"not approved {_within(held)}" if late else f"rejected by {who}")
        verb = "approve" if approve else "drop" if late else "reject"
        subject = f"message {number} to channel {held.channel}: {held.title}"
        connection.execute(insert(ACTIONS), [{"at": now, "who": who, "what": verb, "subject": subject}])
        log.info("message %d to %s: %s by %s: %s", number, held.channel, state.value, who, held.title)
        self._note(connection, _about(connection, held, state, who, now), now)
        return True


def _about(connection: Connection, held: HeldMessage, state: ApprovalState, who: str, now: datetime) -> dict[str, Any]:
    """A decision, as the evidence has it: of which exact text, by its hash, about which changes."""
    events = select(DELIVERIES.c.event_id).where(DELIVERIES.c.id.in_(held.deliveries))
    return {
        "decision": state.value,
        "who": who,
        "at": now.isoformat(),
        "asked": held.asked.isoformat(),
        "message": held.id,
        "channel": held.channel,
        "title": held.title,
        "text_sha256": sha256(held.text.encode("utf-8", "replace")).hexdigest(),
        "changes": sorted(connection.scalars(events)),
    }


_WAITING = APPROVALS.c.state == ApprovalState.WAITING.value


def ask(connection: Connection, message: int, approval: Approval, now: datetime, tell: Ask, redactor: Redactor) -> None:
    """Hold a message until it is approved, and store the alert to those who approve: in the caller's transaction."""
    row = {
        "message_id": message,
        "asked": now,
        "until": now + approval.within if approval.within else None,
        "then": approval.then,
        "asked_by": list(approval.by),
        "state": ApprovalState.WAITING.value,
    }
    new = connection.scalars(insert(APPROVALS).returning(APPROVALS.c.id), [row]).one()
    write_events(connection, [tell(new)], redactor)


def _within(held: HeldMessage) -> str:
    span = (held.until or held.asked) - held.asked
    return f"within {str(span) if span < timedelta(days=1) else f'{span.days} d'}"


def _held() -> Select[Any]:
    columns = (MESSAGES.c.channel, MESSAGES.c.title, MESSAGES.c.text, MESSAGES.c.html)
    return select(APPROVALS, *columns).join(MESSAGES, MESSAGES.c.id == APPROVALS.c.message_id)


def _one(connection: Connection, wanted: Select[Any]) -> HeldMessage | None:
    row = connection.execute(wanted.limit(1)).first()
    return _message(row, members_of(connection, row.message_id)) if row else None


def _message(row: Row[Any], deliveries: Sequence[int]) -> HeldMessage:
    names = ("id", "channel", "title", "text", "html", "asked", "until", "then", "who", "decided")
    values = {name: getattr(row, name) for name in names}
    return HeldMessage(by=row.asked_by, state=ApprovalState(row.state), deliveries=deliveries, **values)
