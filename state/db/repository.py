"""What the repositories of the state have in common, and how a statement is written and executed.

The tables are in db/tables. A statement is SQLAlchemy's Core, which runs on both databases; where it is
executed often, it is prepared once, as a constant of its module, with bound parameters. SQL as text with `?` is for
what each check executes, and for many rows at once (`directly`). `text()` is for what only one database has (sqlite.py,
postgres.py, claims of workers).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from importlib import import_module
from itertools import islice
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import ColumnElement, Connection, Dialect, Row, Select, UpdateBase

from state.db.backend import Database
from state.db.redaction import Redactor
from state.db.tables.core import Utc

T = TypeVar("T")
P = ParamSpec("P")
Value = str | bytes | int  # bool is an int; times and JSON have a form of their own in each database


class Repository:
    """What the state keeps of one subject, with the methods to read and write it.

    `redactor` removes secrets from foreign texts on their way in, and restores them on their way out.
    """

    def __init__(self, database: Database, redactor: Redactor) -> None:
        self._database = database
        self._redactor = redactor

    def _rows(self, wanted: Select[Any]) -> Sequence[Row[*tuple[Any, ...]]]:
        """The rows of a query, in a transaction of its own. Raises StateError."""
        with self._database.reading() as connection:
            return connection.execute(wanted).all()

    def _rows_in(
        self, wanted: Select[Any], column: ColumnElement[Any], values: Iterable[Any]
    ) -> Sequence[Row[*tuple[Any, ...]]]:
        """As `rows_in`, in a transaction of its own. Raises StateError."""
        with self._database.reading() as connection:
            return list(rows_in(connection, wanted, column, values))

    def _ask(self, read: Callable[Concatenate[Connection, P], T], *args: P.args, **named: P.kwargs) -> T:
        """What a function reads, in a transaction of its own. Raises StateError."""
        with self._database.reading() as connection:
            return read(connection, *args, **named)

    def _change(self, part: str, statement: UpdateBase) -> int:
        """Change rows of a part of the state, in a transaction of its own; how many those were. Raises StateError."""
        with self._database.writing(part) as connection:
            return connection.execute(statement).rowcount


class Lazy:
    """A repository of the store that is imported and made when it is first used.

    The annotation of the attribute names its class in full: `history: state.history.history.History = lazy()`.
    """

    def __set_name__(self, owner: type[Repository], name: str) -> None:
        self._name = name
        self._module, _, self._class = owner.__annotations__[name].rpartition(".")

    def __get__(self, store: Repository, owner: type[Repository]) -> Any:
        kind = getattr(import_module(self._module), self._class)
        made = kind(store._database, store._redactor)  # noqa: SLF001 - all repositories of a store share these
        store.__dict__[self._name] = made  # found before this attribute of the class from now on
        return made


lazy: Any = Lazy  # for an attribute of any type


def directly(connection: Connection, statement: str, values: tuple[Value, ...] | Sequence[tuple[Any, ...]]) -> Any:
    """Execute SQL with `?` placeholders directly in the driver; with several tuples, once for each.

    For statements of every check, and for many rows: SQLAlchemy compiles a statement on first use, which takes longer
    than most statements, and its overhead per row is more than the database's.
    """
    if connection.dialect.paramstyle != "qmark":
        statement = statement.replace("?", "%s")
    return connection.exec_driver_sql(statement, values)


@cache
def time_binder(dialect: Dialect) -> Callable[[Any], Any]:
    """What makes a value of the driver's from a time, for `directly`."""
    processor = Utc().dialect_impl(dialect).bind_processor(dialect)
    assert processor  # noqa: S101 - Utc has one
    return processor


def rows_in(
    connection: Connection, wanted: Select[Any], column: ColumnElement[Any], values: Iterable[Any]
) -> Iterator[Row[*tuple[Any, ...]]]:
    """The rows of a query in which a column has one of these values, however many they are."""
    for some in chunks(values):
        yield from connection.execute(wanted.where(column.in_(some)))


def chunks(items: Iterable[T], size: int = 500) -> Iterator[list[T]]:
    """Lists of at most `size` items, for `IN (...)`."""
    rest = iter(items)
    while chunk := list(islice(rest, size)):
        yield chunk
