"""Checks that people ask for: a row for each source, which stands until the check is done."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, insert, select

from state.db.repository import Repository
from state.db.tables.core import CHECK_REQUESTS

_PART = "check requests"  # a part of the state, for its lock


class CheckRequests(Repository):
    """The part of the Store for checks that people ask for."""

    def add(self, source: str, at: datetime) -> None:
        """Ask for a check of a source. Asking again while the first request stands renews it."""
        with self._database.writing(_PART) as connection:
            connection.execute(delete(CHECK_REQUESTS).where(CHECK_REQUESTS.c.source == source))
            connection.execute(insert(CHECK_REQUESTS), [{"source": source, "at": at}])

    def pending(self) -> dict[str, datetime]:
        """When a check was asked for, by source."""
        return {row.source: row.at for row in self._rows(select(CHECK_REQUESTS))}

    def done(self, source: str, at: datetime) -> None:
        """Delete a request, unless it was renewed after `at`."""
        with self._database.writing(_PART) as connection:
            mine = (CHECK_REQUESTS.c.source == source, CHECK_REQUESTS.c.at <= at)
            connection.execute(delete(CHECK_REQUESTS).where(*mine))
