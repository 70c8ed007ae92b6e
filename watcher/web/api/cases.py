"""An entity's case: its story over all sources."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, HTTPException

from watcher.reports.case import story_json, story_of
from watcher.web.api.paging import MOST, RESPONSES, NoParameters
from watcher.web.desk import TheDesk

router = APIRouter(tags=["cases"])


@router.get("/cases/{entity:path}", responses=RESPONSES)
def case(desk: TheDesk, entity: str, _: NoParameters) -> dict[str, Any]:
    """The story of an entity as `watch case --json` gives it, from the last 500 events that mention it."""
    events = desk.store.log.events(entity=entity, limit=MOST)
    if not events and entity not in desk.config.entities:
        raise HTTPException(404, "there is no such entity, and no change that mentions it")
    return story_json(story_of(desk.config, entity, events))
