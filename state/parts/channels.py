"""Channels in trouble: since when every attempt has failed, and whether the operator knows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from state.db.backend import OUTBOX
from state.db.part import Part
from state.db.tables import CHANNELS
from state.model import Alert, ChannelTrouble
from state.parts.events import write_events


class Channels(Part):
    """The part of the Store that knows channels."""

    def failing(self, channel: str, now: datetime) -> ChannelTrouble:
        """An attempt failed; returns the trouble that it begins or continues."""
        with self._database.writing(OUTBOX) as connection:
            trouble = _trouble(connection, channel)
            if trouble and trouble.since <= now:
                return trouble
            # a trouble that begins in the future was noted before the clock was moved back
            connection.execute(delete(CHANNELS).where(CHANNELS.c.name == channel))
            told = bool(trouble and trouble.told)
            connection.execute(insert(CHANNELS), {"name": channel, "since": now, "told": told})
            return ChannelTrouble(channel, now, told)

    def alerted(self, channel: str, alert: Alert | None = None) -> None:
        """Put into the outbox what tells the operator of a channel's trouble, and note that he has been told."""
        with self._database.writing(OUTBOX) as connection:
            connection.execute(update(CHANNELS).where(CHANNELS.c.name == channel).values(told=True))
            if alert:
                write_events(connection, [alert], self._redactor)

    def recovered(self, channel: str, tell: Callable[[ChannelTrouble], Alert] | None = None) -> ChannelTrouble | None:
        """An attempt succeeded; returns the trouble that it ends, if there was any.

        `tell` makes the alert that says so to whom knew of the trouble.
        """
        with self._database.reading() as connection:  # nearly always none: no need to lock anybody out
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
        """All channels in trouble, the longest first."""
        with self._database.reading() as connection:
            rows = connection.execute(select(CHANNELS).order_by(CHANNELS.c.since, CHANNELS.c.name))
            return [ChannelTrouble(row.name, row.since, row.told) for row in rows]


def _trouble(connection: Connection, channel: str) -> ChannelTrouble | None:
    row = connection.execute(select(CHANNELS).where(CHANNELS.c.name == channel)).one_or_none()
    return None if row is None else ChannelTrouble(row.name, row.since, row.told)
