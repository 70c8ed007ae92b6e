"""Cases: whom the log mentions, and one entity's story over all sources."""

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import Response

from alerts.case.view import view_of
from watcher.reports.case import story_of
from watcher.reports.feeds import find_feed
from watcher.web.render import page
from watcher.web.viewers import TheDesk

router = APIRouter(include_in_schema=False)

MOST = 100  # events of one story; `watch case` has all of them


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
def case(request: Request, desk: TheDesk, entity: str) -> Response:
    """The story of one entity: its last events, oldest first."""
    events = desk.store.log.events(entity=entity, limit=MOST + 1)
    if not events and entity not in desk.config.entities:
        raise HTTPException(404, "there is no such entity, and no change that mentions it")
    story = story_of(desk.config, desk.store, entity, events[:MOST])
    view = view_of(story, desk.config.timezone, desk.clock())
    feed = find_feed(desk.config, f"entities/{entity}")
    return page(request, "case.html", feed=feed, case=view, marks=story.marks, cut_off=len(events) > MOST, most=MOST)
