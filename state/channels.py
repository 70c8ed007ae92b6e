"""Channels in trouble: since when every attempt has failed, and whether the operator knows."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from state.database import Database
from state.model import ChannelTrouble
from state.tables import CHANNELS


class Channels:
    """The part of the Store that knows channels."""

    _database: Database

    def channel_failing(self, channel: str, now: datetime) -> ChannelTrouble:
        """An attempt failed; returns the trouble that it begins or continues."""
        with self._database.writing() as connection:
            trouble = _trouble(connection, channel)
            if trouble is None:
                connection.execute(insert(CHANNELS), {"name": channel, "since": now, "told": False})
            return trouble or ChannelTrouble(channel, now)

    def channel_told(self, channel: str) -> None:
        """The operator has been told of a channel's trouble."""
        with self._database.writing() as connection:
            connection.execute(update(CHANNELS).where(CHANNELS.c.name == channel).values(told=True))

    def channel_ok(self, channel: str) -> ChannelTrouble | None:
        """An attempt succeeded; returns the trouble that it ends, if there was any."""
        with self._database.reading() as connection:  # nearly always none: no need to lock anybody out
            if _trouble(connection, channel) is None:
                return None
        with self._database.writing() as connection:
            trouble = _trouble(connection, channel)
            connection.execute(delete(CHANNELS).where(CHANNELS.c.name == channel))
            return trouble

    def channel_troubles(self) -> list[ChannelTrouble]:
        """All channels in trouble, the longest first."""
        with self._database.reading() as connection:
            rows = connection.execute(select(CHANNELS).order_by(CHANNELS.c.since, CHANNELS.c.name))
            return [ChannelTrouble(row.name, row.since, row.told) for row in rows]


def _trouble(connection: Connection, channel: str) -> ChannelTrouble | None:
    row = connection.execute(select(CHANNELS).where(CHANNELS.c.name == channel)).one_or_none()
    return None if row is None else ChannelTrouble(row.name, row.since, row.told)
