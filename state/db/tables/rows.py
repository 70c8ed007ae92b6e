"""What the tables are made of that are SQLModel's classes: those whose rows are read as objects."""

from typing import Any, Self

from sqlalchemy import Column, Row, Table
from sqlalchemy.schema import SchemaItem
from sqlmodel import SQLModel

from state.db.tables.core import METADATA


class TableRow(SQLModel):
    """The base of all of them.

    No model is built and no class is mapped, which would take half of the time: objects are made by `model_construct`.
    """

    model_config = {"defer_build": True, "frozen": True}
    metadata = METADATA

    def __init_subclass__(cls, **rest: Any) -> None:
        """Make each class an abstract one to SQLAlchemy."""
        super().__init_subclass__(**rest)
        cls.__abstract__ = True

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """The object of a row, as it is in the database."""
        made: Any = cls.model_construct(**row._mapping)  # noqa: SLF001 - SQLAlchemy's documented name
        return made  # type: ignore[no-any-return] # pydantic's plugin for mypy says that it is of this base


def table(name: str, row: type[TableRow], *more: SchemaItem) -> Table:
    """The table of a class, with the columns that SQLModel has made of its fields, and with indexes and constraints."""
    columns: dict[str, Column[Any]] = {field: getattr(row, field) for field in row.model_fields}
    for field, column in columns.items():
        column.name = column.key = field
    return Table(name, METADATA, *columns.values(), *more)
