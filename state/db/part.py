"""What the parts of the store have in common."""

from __future__ import annotations

from state.db.backend import Database
from state.db.redaction import Redactor


class Part:
    """A part of the store. Texts from outside go through `redactor` on their way in and out."""

    def __init__(self, database: Database, redactor: Redactor) -> None:
        self._database = database
        self._redactor = redactor
