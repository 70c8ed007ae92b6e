"""Failing channels: since when every attempt has failed, and whether the operator was alerted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from state.db.backend import OUTBOX
from state.db.repository import Repository
from state.db.tables.core import CHANNELS
from state.model import Alert, ChannelTrouble
from state.storage.events import write_events


class Channels(Repository):
    """The part of the Store for channels."""

    def failing(self, channel: str, now: datetime) -> ChannelTrouble:
        """Record a failed attempt; returns the trouble that it starts or continues."""
        with self._database.writing(OUTBOX) as connection:
            trouble = _trouble(connection, channel)
            if trouble and trouble.since <= now:
                return trouble
            # A time in the future: the clock was moved back since.
            connection.execute(delete(CHANNELS).where(CHANNELS.c.name == channel))
            alerted = bool(trouble and trouble.told)
            connection.execute(insert(CHANNELS), {"name": channel, "since": now, "told": alerted})
            return ChannelTrouble(channel, now, alerted)

    def alerted(self, channel: str, alert: Alert | None = None) -> None:
        """Record that the operator was alerted about a failing channel, and store that alert, if given."""
        with self._database.writing(OUTBOX) as connection:
            connection.execute(update(CHANNELS).where(CHANNELS.c.name == channel).values(told=True))
            if alert:
                write_events(connection, [alert], self._redactor)

    def recovered(self, channel: str, tell: Callable[[ChannelTrouble], Alert] | None = None) -> ChannelTrouble | None:
        """Record a successful attempt; returns the trouble that it ends, if any.

        If the trouble was alerted, `tell` makes the alert about the recovery.
        """
        with self._database.reading() as connection:  # nearly always none: avoids the write lock
            if _trouble(connection, channel) is None:
                return None
        with self._database.writing(OUTBOX) as connection:
            trouble = _trouble(connection, channel)
            connection.execute(delete(CHANNELS).where(CHANNELS.c.name == channel))
            if trouble and trouble.told and tell:
                alert = tell(trouble)
                write_events(connection, [alert], self._redactor)
            return trouble

    def troubles(self) -> list[ChannelTrouble]:
        """All failing channels, the longest failing first."""
        rows = self._rows(select(CHANNELS).order_by(CHANNELS.c.since, CHANNELS.c.name))
        return [ChannelTrouble(row.name, row.since, row.told) for row in rows]


def _trouble(connection: Connection, channel: str) -> ChannelTrouble | None:
    row = connection.execute(select(CHANNELS).where(CHANNELS.c.name == channel)).one_or_none()
    return None if row is None else ChannelTrouble(row.name, row.since, row.told)
