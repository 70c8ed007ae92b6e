"""The base class of the store's parts."""

from __future__ import annotations

from state.db.backend import Database
from state.db.redaction import Redactor


class Part:
    """A part of the store. `redactor` removes secrets from foreign texts on their way in, and restores them on their
    way out.
    """

    def __init__(self, database: Database, redactor: Redactor) -> None:
        self._database = database
        self._redactor = redactor
