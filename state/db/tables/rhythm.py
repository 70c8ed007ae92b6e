"""The tables of the schedule: what was learned of when sources change. Only a budget loads them."""

from sqlmodel import Field

from state.db.tables.rows import TableRow, parent, table


class RhythmRow(TableRow, table=True):
    """What was learned of when a source changes: packed, and in short for those who plan for all sources."""

    source_id: int = parent("sources", primary_key=True)
    packed: bytes
    mean: float
    levels: bytes


class BudgetRow(TableRow, table=True):
    """The budget of requests that all sources share: a single row. `at` and `planned` are seconds since 1970."""

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    credit: float
    at: float
    scale: float
    planned: float
    mark: str
    used: float
    passed: float


RHYTHMS = table("rhythms", RhythmRow)
BUDGET = table("budget", BudgetRow)
