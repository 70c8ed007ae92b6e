"""An entry of a source, and its history."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, HTTPException

from alerts.event.change_json import ChangeJson, change_json
from state.model import Standing
from state.storage.browsing import SeenEntry
from watcher.reports.model import Time
from watcher.reports.past import EntryReport, GapReport, ValueReport, entry_fields, find_past
from watcher.web.api.paging import MOST, RESPONSES, NoParameters, Number
from watcher.web.desk import TheDesk

router = APIRouter(tags=["entries"])

_EVER = datetime.min.replace(tzinfo=UTC)


class SeenEntryReport(EntryReport):
    """An entry as it was last seen; `left` is when it was seen to be absent, null while it is present."""

    id: int
    source: str
    present: bool
    left: Time | None


class EntryHistory(SeenEntryReport):
    """An entry with its last changes, the newest first, and with its values, the earliest first, as `watch entry` gives
    them; `gaps` say what is not known of them.
    """

    changes: list[ChangeJson]
    values: list[ValueReport]
    gaps: list[GapReport]


@router.get("/entries/{number}", responses=RESPONSES, response_model_exclude_unset=True)
def entry(desk: TheDesk, number: Number, _: NoParameters) -> EntryHistory:
    """An entry by its number, as `/sources/NAME/entries` gives it, with its last changes."""
    found = desk.store.entries.entry(number)
    if found is None:
        raise HTTPException(404, f"there is no entry {number}")
    key = found.entry.key
    events = desk.store.log.history(found.source, [key], _EVER).get(key, [])
    changes = [change_json(event, desk.config.web.base_url) for event in reversed(events[-MOST:])]
    life = find_past(desk.store, desk.config, found.source, desk.clock()).life(key)
    return EntryHistory(**seen_fields(found), changes=changes, values=life.values, gaps=life.gaps)


def seen_fields(found: SeenEntry) -> dict[str, Any]:
    """The fields of a SeenEntryReport."""
    return {
        **entry_fields(found.entry),
        "id": found.id,
        "source": found.source,
        "present": found.standing is Standing.PRESENT,
        "left": found.left,
    }
