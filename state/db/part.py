"""The base class of the store's parts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from importlib import import_module
from typing import Any

from sqlalchemy import Row, Select

from state.db.backend import Database
from state.db.redaction import Redactor


class Part:
    """A part of the store. `redactor` removes secrets from foreign texts on their way in, and restores them on their
    way out.
    """

    def __init__(self, database: Database, redactor: Redactor) -> None:
        self._database = database
        self._redactor = redactor

    def _rows(self, wanted: Select[Any]) -> Sequence[Row[*tuple[Any, ...]]]:
        """The rows of a query, in a transaction of its own. Raises StateError."""
        with self._database.reading() as connection:
            return connection.execute(wanted).all()


def later(module: str, name: str) -> Any:
    """A part of the store that is loaded and made when it is first used: the class `name` of a module."""

    def made(self: Part) -> Any:
        return getattr(import_module(module), name)(self._database, self._redactor)

    return cached_property(made)
