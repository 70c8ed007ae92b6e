"""The tables of the schedule: what was learned of when sources change. Only a budget loads them."""

from __future__ import annotations

from sqlalchemy import Column, Float, ForeignKey, Integer, LargeBinary, String, Table

from state.db.tables.columns import METADATA

# What was learned of when a source changes: packed, and in short for those who plan for all sources.
RHYTHMS = Table(
    "rhythms",
    METADATA,
    Column("source_id", Integer, ForeignKey("sources.id", ondelete="CASCADE"), primary_key=True),
    Column("packed", LargeBinary, nullable=False),
    Column("mean", Float, nullable=False),
    Column("levels", LargeBinary, nullable=False),
)

# The budget of requests that all sources share: a single row. `at` and `planned` are seconds since 1970.
BUDGET = Table(
    "budget",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("credit", Float, nullable=False),
    Column("at", Float, nullable=False),
    Column("scale", Float, nullable=False),
    Column("planned", Float, nullable=False),
    Column("mark", String, nullable=False),
    Column("used", Float, nullable=False),
    Column("passed", Float, nullable=False),
)
