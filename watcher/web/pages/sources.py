"""Sources: how each one fares; one with its course, its schedule and its configuration; the snapshot that is held. One
is checked now, its snapshot accepted, and it is paused.
"""

from collections import Counter
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Body, Form, HTTPException, Query, Request
from pydantic import Field
from starlette.responses import RedirectResponse, Response
from typing_extensions import TypedDict

from alerts.language import phrase, phrase_number
from state.model import SourceStatus, Status
from state.storage.browsing import ChangeFilter
from watcher.config.load import Config
from watcher.config.sealing import mask
from watcher.propose.block import block
from watcher.reports import Time
from watcher.reports.feeds import find_feed
from watcher.reports.schedule import LEAST_CHANGES, Explainer
from watcher.reports.status import SourceReport, health_word, source_fields
from watcher.service.presence import SILENT
from watcher.terminal.words import changes_of, how_far
from watcher.web import actions, charts
from watcher.web.api import ACTIONS, CONFLICT, RESPONSES, Listing, NoParameters, Paging, Parameters
from watcher.web.charts import days_of, steps_of
from watcher.web.desk import Desk
from watcher.web.pages.discussion import of_snapshot, talk_of
from watcher.web.queries import IdInQuery, find_source, query, source_path
from watcher.web.render import page
from watcher.web.viewers import FOR_TOKENS, SIGNED_IN, TheDesk, TheEditor

router = APIRouter(include_in_schema=False, dependencies=[SIGNED_IN])
api = APIRouter(prefix="/api/v1/sources", tags=["sources"], dependencies=FOR_TOKENS)

PAGE = 100  # sources
CHANGES = 10  # of one source
HELD_CHANGES = 200  # of a held snapshot
_ORDER = {"suspicious": 0, "failing": 1}


@router.get("/sources")
def show_all(request: Request, desk: TheDesk, find: str = "", status: str = "", after: str = "") -> Response:
    """All sources by name; those that need a look first where no page is asked for."""
    found = []
    for each in desk.statuses().values():
        configured = desk.config.sources.get(each.name)
        enabled = configured is not None and configured.enabled
        paused = each.name in desk.config.paused
        word = health_word(each.status, configured=configured is not None, enabled=enabled, paused=paused)
        found.append((word, each))
    counts = Counter(name for name, _ in found)
    wanted = find.strip().casefold()
    found = [(name, each) for name, each in found if not status or name == status]
    found = [pair for pair in found if wanted in f"{pair[1].name}\n{desk.label(pair[1].name)}".casefold()]
    found.sort(key=lambda pair: (_ORDER.get(pair[0], 2), pair[1].name))
    begin = next((place + 1 for place, (_, each) in enumerate(found) if each.name == after), 0) if after else 0
    shown = found[begin : begin + PAGE]
    given = {"find": find, "status": status}
    today = desk.clock().date()
    first = today - timedelta(days=charts.LEAST - 1)
    tallies = desk.store.history.checks([each.name for _, each in shown], first, today)
    days = {each.name: days_of([], tallies.get(each.name, []), 0, today, first) for _, each in shown}
    return page(
        request,
        "sources.html",
        sources=shown,
        strips={name: charts.health(steps_of(its)) for name, its in days.items()},
        counts=counts,
        given=given,
        more=query({**given, "after": shown[-1][1].name}) if len(found) > begin + PAGE else None,
    )


@router.get("/sources/{name:path}/held")
def show_held(request: Request, desk: TheDesk, name: str, said: IdInQuery = None) -> Response:
    """What the held snapshot of a source would bring, with its id."""
    actions.check_configured(desk, name)
    found = actions.held(desk, name)
    if found is None:
        raise HTTPException(404, phrase("no snapshot of this source is held"))
    mentions = Counter(entity for event in found.changes for entity in event.entities)
    return page(
        request,
        "held.html",
        name=name,
        held=found,
        talk=talk_of(desk, of_snapshot(name, found.id), said),
        mentions=mentions.most_common(),
        changes=sorted(found.changes, key=lambda event: not event.mentions)[:HELD_CHANGES],
    )


@router.post("/sources/{name:path}/accept")
def take_held(
    desk: TheDesk,
    editor: TheEditor,
    name: str,
    snapshot: Annotated[str, Form()],
    alert: Annotated[str, Form()] = "",
    others: Annotated[str, Form()] = "",
) -> Response:
    """Take the held snapshot that was shown as the new truth, and no other one."""
    actions.accept(desk, editor, name, snapshot, "all" if others else "watched" if alert else "none")
    return RedirectResponse(source_path(name), 303)


@router.post("/sources/{name:path}/check")
def ask(desk: TheDesk, editor: TheEditor, name: str) -> Response:
    """Ask for a check now: a daemon or a worker does it as soon as its host has room."""
    actions.check(desk, editor, name)
    return RedirectResponse(source_path(name), 303)


@router.get("/sources/{name:path}")
def show(request: Request, desk: TheDesk, name: str) -> Response:
    """One source."""
    state, configured = desk.store.source(name), desk.config.sources.get(name)
    if configured is None and not state.revision and state.tried is None:
        raise HTTPException(404, phrase("there is no such source"))
    now = desk.clock()
    explainer = Explainer(desk.config, desk.store, now)
    hours = explainer.week(state)
    changes = desk.store.browse.changes(ChangeFilter(source=name), limit=CHANGES)
    told = [each.state for each in desk.store.daemons.all(workers=True) if now - each.seen < SILENT]
    large = [state["large"][name] for state in told if name in state.get("large", ())]
    steps = _steps(desk, name, state.entries, now)
    life = {"health": charts.health(steps), "changes": charts.changes(steps)} if steps else {}
    if steps and (configured is None or configured.listing == "complete"):  # else they leave without a change
        life["entries"] = charts.entries(steps)
    return page(
        request,
        "source.html",
        feed=find_feed(desk.config, f"sources/{name}"),
        name=name,
        label=desk.label(name),
        state=state,
        source=configured,
        asked=desk.store.requests.pending().get(name),
        is_watched=bool(told),
        under_way=how_far(large[0]) if large else "",
        is_held=bool(state.held) and state.health.status is Status.SUSPICIOUS,
        why=explainer.why(state),
        week=charts.week(hours) if hours else None,
        least=LEAST_CHANGES,
        configuration=_configuration(desk.config, name),
        steps=steps,
        begin=charts.begin(steps) if steps else None,
        life=life,
        standings=charts.STANDINGS,
        changes=changes,
        marks=desk.store.discussion.of_changes([event.id for event in changes.events], last=0),
        numbers=[
            (phrase("Entries"), phrase_number(state.entries)),
            (phrase("Accepted snapshots"), phrase_number(state.revision)),
            (phrase("Cleared hits"), phrase_number(desk.store.clearings.count().get(name, 0))),
        ],
    )


def _steps(desk: Desk, name: str, entries: int, now: datetime) -> list[charts.Step]:
    """The life of a source, from the first day that its history answers for."""
    horizon = desk.store.history.own_horizon(name)
    if horizon is None or horizon.since is None:
        return []
    first, today = horizon.since.date(), now.date()
    daily = desk.store.browse.daily(name, horizon.since)
    checks = desk.store.history.checks([name], first, today).get(name, [])
    return steps_of(days_of(daily, checks, entries, today, first))


def _configuration(config: Config, name: str) -> str:
    """The source as it stands in the configuration, in TOML, without secrets; "" where it is not configured."""
    if (source := config.sources.get(name)) is None:
        return ""
    given = source.model_dump(mode="json", exclude_unset=True, exclude_none=True, exclude={"kind", "url"})
    return config.secrets.hide(block(name, source.kind, source.url, mask(given, [type(source)])))


class ConfiguredSource(SourceReport):
    """A source as it is configured, and how it fares. The first four are null for one that is not configured."""

    kind: str | None
    label: str | None
    authority: str | None
    every: float | None  # seconds
    wait_until: Time | None  # the server's Retry-After
    revision: int


class SourceWithHeld(ConfiguredSource):
    """A source, and its held snapshot as `watch status NAME --json` shows it, or null."""

    held: dict[str, Any] | None


class CheckJson(TypedDict):
    """A check that was asked for; `daemon` is whether one reported lately, which will make it."""

    source: str
    requested: str
    daemon: bool


class AcceptRequest(Parameters):
    """Which snapshot to take as the new truth, and whether its changes are alerted."""

    snapshot: str = Field(max_length=100, description="the id of the held snapshot that was looked at")
    alert: bool | None = Field(
        None, description="whether its changes are alerted: all, none; left out, those that mention what is watched"
    )


class AcceptedJson(TypedDict):
    """What was taken."""

    source: str
    snapshot: str
    entries: int
    changes: int


class PauseRequest(Parameters):
    """Until when a source rests; null or left out: until somebody resumes it."""

    until: datetime | None = None


class PauseJson(TypedDict):
    """Whether a source rests, and until when."""

    source: str
    paused: bool
    until: str | None


@api.get("", responses=RESPONSES)
def sources(desk: TheDesk, wanted: Annotated[Paging, Query()]) -> Listing[ConfiguredSource]:
    """All sources that are configured, or in the state, by name."""
    known = desk.statuses()
    names = sorted(name for name in known if name > wanted.cursor)
    items = [ConfiguredSource(**_fields(desk, known[name])) for name in names[: wanted.limit]]
    return {"items": items, "next": names[wanted.limit - 1] if len(names) > wanted.limit else None}


@api.post("/{name:path}/check", status_code=202, responses=ACTIONS)
def check(desk: TheDesk, editor: TheEditor, name: str, _: NoParameters) -> CheckJson:
    """Have a source checked now: a daemon or a worker does it within seconds, as soon as its host has room."""
    now = desk.clock()
    alive = actions.check(desk, editor, name)
    return {"source": name, "requested": now.isoformat(), "daemon": alive}


@api.post("/{name:path}/pause", responses=ACTIONS)
def pause(
    desk: TheDesk,
    editor: TheEditor,
    name: str,
    _: NoParameters,
    wanted: Annotated[PauseRequest, Body()] = PauseRequest(),  # noqa: B008 - an empty one, which nobody changes
) -> PauseJson:
    """Have a source rest until a time, or until somebody resumes it. A check that is asked for by name is made."""
    until = actions.pause(desk, editor, [name], wanted.until)
    return {"source": name, "paused": True, "until": until.isoformat() if until else None}


@api.post("/{name:path}/resume", responses=ACTIONS)
def resume(desk: TheDesk, editor: TheEditor, name: str, _: NoParameters) -> PauseJson:
    """End a source's rest."""
    actions.pause(desk, editor, [name], paused=False)
    return {"source": name, "paused": False, "until": None}


@api.post("/{name:path}/accept", responses=CONFLICT)
def accept(desk: TheDesk, editor: TheEditor, name: str, wanted: AcceptRequest, _: NoParameters) -> AcceptedJson:
    """Take the held snapshot with this id as the new truth, and no other one. `GET /sources/NAME` shows it."""
    held, events = actions.accept(
        desk, editor, name, wanted.snapshot, "watched" if wanted.alert is None else "all" if wanted.alert else "none"
    )
    number = held.found.difference.count
    return {"source": name, "snapshot": held.id, "entries": number, "changes": changes_of(events)}


@api.get("/{name:path}", responses=RESPONSES)
def source(desk: TheDesk, name: str, _: NoParameters) -> SourceWithHeld:
    """One source, and what the snapshot that is held of it would bring."""
    status = find_source(desk, name)
    held = None
    if name in desk.config.sources and status.status == Status.SUSPICIOUS:
        from watcher.trials.held import held_json  # what compares it takes memory that most servers never need

        found = actions.held(desk, name)
        held = held_json(found, desk.config.web.base_url) if found else None
    return SourceWithHeld(**_fields(desk, status), held=held)


def _fields(desk: Desk, status: SourceStatus) -> dict[str, Any]:
    """The fields of a ConfiguredSource."""
    source = desk.config.sources.get(status.name)
    return {
        **source_fields(status, source, desk.config, desk.clock()),
        "kind": type(source).kind if source else None,
        "label": desk.label(status.name) if source else None,
        "authority": source.authority if source else None,
        "every": source.every.total_seconds() if source else None,
    }
