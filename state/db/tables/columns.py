"""What all tables are made of: their base class, their types of columns, and a table by its name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Integer, MetaData, Table
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine
from sqlmodel import Field, SQLModel


class Utc(TypeDecorator[datetime]):
    """A time in UTC to the microsecond; SQLite has no time zones, so it is stored without one there."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Convert a time for the database."""
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Convert a time from the database."""
        return value and (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC))

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None] | None:
        """As `process_result_value`; for SQLite the text is parsed directly, since each source has several."""
        return _of_text if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


def _of_text(text: str | None) -> datetime | None:
    return datetime.fromisoformat(f"{text}+00:00") if text else None


class Number(TypeDecorator[int]):
    """The id of short-lived rows: 64 bits on PostgreSQL."""

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[int]:
        """SQLite's own row id is an INTEGER of any size."""
        return dialect.type_descriptor(Integer() if dialect.name == "sqlite" else BigInteger())


class Row(SQLModel):
    """The base of all tables: names for constraints, without which a migration cannot change them."""

    model_config = {"defer_build": True}  # no instance is ever created
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def parent(table: str, *, index: bool = False, primary_key: bool = False) -> Any:
    """A foreign key with ON DELETE CASCADE."""
    number = Number if table in {"events", "messages"} else Integer
    return Field(foreign_key=f"{table}.id", ondelete="CASCADE", index=index, primary_key=primary_key, sa_type=number)


def table(name: str) -> Table:
    """The table of this name."""
    return Row.metadata.tables[name]
