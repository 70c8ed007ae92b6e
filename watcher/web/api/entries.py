"""An entry of a source, and its history."""

from __future__ import annotations

from datetime import UTC, datetime

from fastapi import APIRouter, HTTPException

from alerts.event.change_json import ChangeJson, change_json
from state.model import Standing
from state.storage.desk.entry_browsing import SeenEntry
from watcher.reports.past.question import past_of
from watcher.reports.past.shapes import GapJson, PlainEntryJson, ValueJson, life_json, plain_entry
from watcher.reports.status_json import iso
from watcher.web.api.paging import MOST, RESPONSES, NoParameters, Number
from watcher.web.desk import TheDesk

router = APIRouter(tags=["entries"])

_EVER = datetime.min.replace(tzinfo=UTC)


class EntryJson(PlainEntryJson):
    """An entry as it was last seen; `left` is when it was seen to be absent, null while it is present."""

    id: int
    source: str
    present: bool
    left: str | None


class EntryHistoryJson(EntryJson):
    """An entry with its last changes, the newest first, and with its values, the earliest first, as `watch entry` gives
    them; `gaps` say what is not known of them.
    """

    changes: list[ChangeJson]
    values: list[ValueJson]
    gaps: list[GapJson]


@router.get("/entries/{number}", responses=RESPONSES, response_model_exclude_unset=True)
def entry(desk: TheDesk, number: Number, _: NoParameters) -> EntryHistoryJson:
    """An entry by its number, as `/sources/NAME/entries` gives it, with its last changes."""
    found = desk.store.entries.entry(number)
    if found is None:
        raise HTTPException(404, f"there is no entry {number}")
    key = found.entry.key
    events = desk.store.log.history(found.source, [key], _EVER).get(key, [])
    changes = [change_json(event, desk.config.web.base_url) for event in reversed(events[-MOST:])]
    past = past_of(desk.store, desk.config, found.source, desk.clock())
    values = desk.store.history.life(found.source, key)
    told = life_json(desk.store, found.source, key, values, past.life_gaps(values))
    return {**entry_json(found), "changes": changes, "values": told["values"], "gaps": told["gaps"]}


def entry_json(found: SeenEntry) -> EntryJson:
    """An entry as JSON."""
    return {
        **plain_entry(found.entry),
        "id": found.id,
        "source": found.source,
        "present": found.standing is Standing.PRESENT,
        "left": iso(found.left),
    }
