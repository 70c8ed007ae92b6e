"""An entity's case: its story over all sources."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, HTTPException

from alerts.case.story import Story, items_of
from watcher.delivery.citations import places
from watcher.tools.case import story_json
from watcher.web.api.paging import MOST, RESPONSES, NoParameters
from watcher.web.desk import TheDesk
from watcher.web.viewers import TheViewer

router = APIRouter(tags=["cases"])


@router.get("/cases/{entity:path}", responses=RESPONSES)
def case(desk: TheDesk, viewer: TheViewer, entity: str, _: NoParameters) -> dict[str, Any]:  # noqa: ARG001
    """The story of an entity as `watch case --json` gives it, from the last 500 events that mention it."""
    events = desk.store.log.events(entity=entity, limit=MOST)
    known = desk.config.entities.get(entity)
    if not events and known is None:
        raise HTTPException(404, "there is no such entity, and no change that mentions it")
    names, where = known.names if known else (), places(desk.config, {event.source for event in events})
    return story_json(Story(entity, names, None, items_of(entity, events), where))
