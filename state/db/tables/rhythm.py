"""The tables of the schedule: what was learned of when sources change. Only a budget loads them."""

from sqlalchemy import Float, Integer, LargeBinary, String

from state.db.tables.core import columns, make_table, parent

# What was learned of when a source changes: packed, and in short for those who plan for all sources.
RHYTHMS = make_table(
    "rhythms",
    parent("source_id", "sources", primary_key=True),
    *columns(LargeBinary, "packed"),
    *columns(Float, "mean"),
    *columns(LargeBinary, "levels"),
)
# The budget of requests that all sources share: a single row. `at` and `planned` are seconds since 1970.
BUDGET = make_table(
    "budget",
    *columns(Integer, "id", primary_key=True, autoincrement=False),
    *columns(Float, "credit", "at", "scale", "planned"),
    *columns(String, "mark"),
    *columns(Float, "used", "passed"),
)
