"""Cases: whom the log mentions, and one entity's story over all sources, as a page and as JSON."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from alerts.case.view import view_of
from watcher.reports.case import story_json, story_of
from watcher.reports.feeds import find_feed
from watcher.web.api import RESPONSES, NoParameters
from watcher.web.pages.discussion import case_in, talk_of
from watcher.web.queries import IdInQuery
from watcher.web.render import page
from watcher.web.viewers import FOR_TOKENS, SIGNED_IN, TheDesk

router = APIRouter(include_in_schema=False, dependencies=[SIGNED_IN])
api = APIRouter(prefix="/api/v1", tags=["cases"], dependencies=FOR_TOKENS)

MOST, MOST_JSON = 100, 500  # events of one story; `watch case` has all of them


@router.get("/cases")
def cases(request: Request, desk: TheDesk) -> Response:
    """The entities, those that were mentioned last first, then those that nothing mentions."""
    mentioned = desk.store.browse.count_mentions()
    seen = {each.entity for each in mentioned}
    return page(
        request,
        "cases.html",
        mentioned=mentioned,
        silent=[entity for entity in desk.config.entities if entity not in seen],
    )


@router.get("/cases/{entity:path}")
def show(request: Request, desk: TheDesk, entity: str, said: IdInQuery = None) -> Response:
    """The story of one entity: its last events, oldest first."""
    talk = talk_of(desk, case_in(desk, entity), said)
    events = desk.store.log.events(entity=entity, limit=MOST + 1)
    story = view_of(story_of(desk.config, desk.store, entity, events[:MOST]), desk.config.timezone, desk.clock())
    feed = find_feed(desk.config, f"entities/{entity}")
    return page(
        request,
        "case.html",
        feed=feed,
        case=story,
        talk=talk,
        cleared=[each for each in desk.store.clearings.active(desk.clock()) if each.entity == entity],
        cut_off=len(events) > MOST,
        most=MOST,
    )


@api.get("/cases/{entity:path}", responses=RESPONSES)
def case(desk: TheDesk, entity: str, _: NoParameters) -> dict[str, Any]:
    """The story of an entity as `watch case --json` gives it, from the last 500 events that mention it."""
    case_in(desk, entity)
    events = desk.store.log.events(entity=entity, limit=MOST_JSON)
    return story_json(story_of(desk.config, desk.store, entity, events))
