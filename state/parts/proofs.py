"""Which capture proves which event."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, select

from state.db.tables.evidence import CAPTURES, PROOFS
from state.model import Proof

_PROVEN = (
    select(PROOFS.c.event_id, CAPTURES.c.id, CAPTURES.c.link)
    .select_from(PROOFS.join(CAPTURES, CAPTURES.c.id == PROOFS.c.capture_id))
    .where(PROOFS.c.event_id.in_(bindparam("its_ids", expanding=True)))
)


def proofs_of(connection: Connection, event_ids: Sequence[int]) -> dict[int, Proof]:
    """The proofs of events, by their ids."""
    rows = connection.execute(_PROVEN, {"its_ids": event_ids})
    return {row.event_id: Proof(row.id, row.link.hex()) for row in rows}
