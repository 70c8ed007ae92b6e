"""Sources: how each one fares; one with its course, its schedule and its configuration; the snapshot that is held."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from state.model import SourceStatus, Status
from state.storage.browsing import ChangeFilter
from watcher.config.load import Config
from watcher.propose.block import block
from watcher.reports.why_due import Explainer
from watcher.service.check_requests import is_alive
from watcher.web import actions
from watcher.web.addresses import query, source_path
from watcher.web.desk import Desk, TheDesk
from watcher.web.rendering.render import page
from watcher.web.rendering.sparkline import DAYS, HEIGHT, WIDTH, days_of, sparkline, week_bars
from watcher.web.viewers import TheEditor

router = APIRouter(include_in_schema=False)

PAGE = 100  # sources
CHANGES = 10  # of one source
HELD_CHANGES = 200  # of a held snapshot
_UNSHOWN = "(not shown)"
_CLOSED = ("auth", "headers")  # options that are made to hold secrets
_ORDER = {"suspicious": 0, "failing": 1}


@router.get("/sources")
def sources(request: Request, desk: TheDesk, find: str = "", status: str = "", after: str = "") -> Response:
    """All sources by name; those that need a look first where no page is asked for."""
    found = [(_status(desk, each), each) for each in desk.statuses().values()]
    counts = Counter(name for name, _ in found)
    wanted = find.strip().casefold()
    found = [(name, each) for name, each in found if not status or name == status]
    found = [pair for pair in found if wanted in f"{pair[1].name}\n{desk.label(pair[1].name)}".casefold()]
    found.sort(key=lambda pair: (_ORDER.get(pair[0], 2), pair[1].name))
    begin = next((place + 1 for place, (_, each) in enumerate(found) if each.name == after), 0) if after else 0
    shown = found[begin : begin + PAGE]
    given = {"find": find, "status": status}
    return page(
        request,
        "sources.html",
        sources=shown,
        counts=counts,
        given=given,
        more=query({**given, "after": shown[-1][1].name}) if len(found) > begin + PAGE else None,
    )


@router.get("/sources/{name:path}/held")
def held(request: Request, desk: TheDesk, name: str) -> Response:
    """What the held snapshot of a source would bring, with its id."""
    actions.configured(desk, name)
    found = actions.held(desk, name, alert=False)
    if found is None:
        raise HTTPException(404, "no snapshot of this source is held")
    mentions = Counter(entity for event in found.changes for entity in event.entities)
    return page(
        request,
        "held.html",
        name=name,
        held=found,
        mentions=mentions.most_common(),
        changes=sorted(found.changes, key=lambda event: not event.mentions)[:HELD_CHANGES],
    )


@router.post("/sources/{name:path}/accept")
def accept(
    desk: TheDesk, editor: TheEditor, name: str, snapshot: Annotated[str, Form()], alert: Annotated[str, Form()] = ""
) -> Response:
    """Take the held snapshot that was shown as the new truth, and no other one."""
    actions.accept(desk, editor, name, snapshot, alert=bool(alert))
    return RedirectResponse(source_path(name), 303)


@router.post("/sources/{name:path}/check")
def check(desk: TheDesk, editor: TheEditor, name: str) -> Response:
    """Ask for a check now: a daemon or a worker does it as soon as its host has room."""
    actions.check(desk, editor, name)
    return RedirectResponse(source_path(name), 303)


@router.get("/sources/{name:path}")
def source(request: Request, desk: TheDesk, name: str) -> Response:
    """One source."""
    state, configured = desk.store.source(name), desk.config.sources.get(name)
    if configured is None and not state.revision and state.tried is None:
        raise HTTPException(404, "there is no such source")
    now = desk.clock()
    explainer = Explainer(desk.config, desk.store, now)
    daily = desk.store.browse.daily(name, now - timedelta(days=DAYS))
    complete = configured is None or configured.listing == "complete"
    changes = desk.store.browse.changes(ChangeFilter(source=name), limit=CHANGES)
    return page(
        request,
        "source.html",
        name=name,
        label=desk.label(name),
        state=state,
        source=configured,
        asked=desk.store.requests.pending().get(name),
        is_watched=is_alive(desk.store, now),
        is_held=bool(state.held) and state.health.status is Status.SUSPICIOUS,
        why=explainer.why(state),
        week=week_bars(explainer.week(state)),
        configuration=_configuration(desk.config, name),
        spark=sparkline(days_of(daily, state.entries, now.date()), complete=complete),
        size=(WIDTH, HEIGHT),
        days=DAYS,
        changes=changes,
        handled=desk.store.desk.handled([event.id for event in changes.events]),
        numbers=[("Entries", f"{state.entries:,}"), ("Accepted snapshots", f"{state.revision:,}")],
    )


def _configuration(config: Config, name: str) -> str:
    """The source as it stands in the configuration, in TOML, without secrets; "" where it is not configured."""
    source = config.sources.get(name)
    if source is None:
        return ""
    given: dict[str, Any] = source.model_dump(mode="json", exclude_unset=True, exclude={"kind"})
    url = given.pop("url", None)
    for option in _CLOSED:
        value = given.get(option)
        if value:
            given[option] = dict.fromkeys(value, _UNSHOWN) if isinstance(value, dict) else _UNSHOWN
    shown = {option: value for option, value in given.items() if value is not None}
    return config.secrets.hide(block(name, source.kind, url, shown))


def _status(desk: Desk, each: SourceStatus) -> str:
    configured = desk.config.sources.get(each.name)
    if configured is None:
        return "not configured"
    return each.status if configured.enabled else "disabled"
