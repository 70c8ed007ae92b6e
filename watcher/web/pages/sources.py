"""Sources: how each one fares; one with its course, its schedule and its configuration; the snapshot that is held; one
at an earlier time, and between two: what stood there, and what nobody can know of it.
"""

from collections import Counter
from datetime import datetime, timedelta
from itertools import islice
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from state.model import Status
from state.storage.browsing import ChangeFilter
from watcher.config.arguments import parse_past_time
from watcher.config.load import Config
from watcher.config.sealing import mask
from watcher.propose.block import block
from watcher.reports.feeds import find_feed
from watcher.reports.past import SourcePast, find_past
from watcher.reports.schedule import LEAST_CHANGES, Explainer
from watcher.reports.status import health_word
from watcher.service.check_requests import is_alive
from watcher.web import actions, charts
from watcher.web.charts import days_of, steps_of
from watcher.web.desk import Desk
from watcher.web.discussing import of_snapshot, talk_of
from watcher.web.queries import IdInQuery, query, source_path, times_of
from watcher.web.render import page
from watcher.web.viewers import TheDesk, TheEditor

router = APIRouter(include_in_schema=False)

PAGE = 100  # sources
CHANGES = 10  # of one source
HELD_CHANGES = 200  # of a held snapshot
ENTRIES = 50  # of an earlier time
_DIFFERENCES = 200  # of each kind
_ORDER = {"suspicious": 0, "failing": 1}


@router.get("/sources")
def sources(request: Request, desk: TheDesk, find: str = "", status: str = "", after: str = "") -> Response:
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
    return page(
        request,
        "sources.html",
        sources=shown,
        strips=_strips(desk, [each.name for _, each in shown]),
        counts=counts,
        given=given,
        more=query({**given, "after": shown[-1][1].name}) if len(found) > begin + PAGE else None,
    )


def _strips(desk: Desk, names: list[str]) -> dict[str, charts.Chart]:
    """The health of sources on the last days."""
    today = desk.clock().date()
    first = today - timedelta(days=charts.LEAST - 1)
    tallies = desk.store.history.checks_of(names, first, today)
    return {name: charts.health(steps_of(days_of([], tallies.get(name, []), 0, today, first))) for name in names}


@router.get("/sources/{name:path}/held")
def held(request: Request, desk: TheDesk, name: str, said: IdInQuery = None) -> Response:
    """What the held snapshot of a source would bring, with its id."""
    actions.check_configured(desk, name)
    found = actions.held(desk, name)
    if found is None:
        raise HTTPException(404, "no snapshot of this source is held")
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
def accept(
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
def check(desk: TheDesk, editor: TheEditor, name: str) -> Response:
    """Ask for a check now: a daemon or a worker does it as soon as its host has room."""
    actions.check(desk, editor, name)
    return RedirectResponse(source_path(name), 303)


@router.get("/sources/{name:path}/past")
def past(request: Request, desk: TheDesk, name: str, at: str = "", find: str = "", above: IdInQuery = None) -> Response:
    """The register as it was at a time."""
    asked = _find_past(desk, name)
    when = parse_past_time(at, "at", desk.config.timezone, asked.now) if at else asked.now
    found = list(islice(asked.entries(when, find, above=above or 0), ENTRIES + 1))
    return page(
        request,
        "past.html",
        name=name,
        label=desk.label(name),
        at=when,
        given={"at": _local(desk, when), "find": find},
        entries=found[:ENTRIES],
        gaps=[gap.words(desk.config.timezone) for gap in asked.gaps_at(when)],
        more=query({"at": at, "find": find, "above": str(found[ENTRIES - 1].row)}) if len(found) > ENTRIES else None,
    )


@router.get("/sources/{name:path}/between")
def between(request: Request, desk: TheDesk, name: str, since: str = "", until: str = "") -> Response:
    """Two times side by side: what differs."""
    asked = _find_past(desk, name)
    first, last = times_of(desk, asked, since, until)
    found = asked.difference(first, last)
    return page(
        request,
        "between.html",
        name=name,
        label=desk.label(name),
        times=(first, last),
        given={"since": _local(desk, first), "until": _local(desk, last)},
        found=found,
        shown=_DIFFERENCES,
        gaps=[gap.words(desk.config.timezone) for gap in found.gaps],
    )


def _find_past(desk: Desk, name: str) -> SourcePast:
    if name not in desk.config.sources and desk.store.history.horizon(name) is None:
        raise HTTPException(404, "there is no such source")
    return find_past(desk.store, desk.config, name, desk.clock())


def _local(desk: Desk, at: datetime) -> str:
    """A time as a field of a form has it."""
    return at.astimezone(desk.config.timezone).strftime("%Y-%m-%dT%H:%M")


@router.get("/sources/{name:path}")
def source(request: Request, desk: TheDesk, name: str) -> Response:
    """One source."""
    state, configured = desk.store.source(name), desk.config.sources.get(name)
    if configured is None and not state.revision and state.tried is None:
        raise HTTPException(404, "there is no such source")
    now = desk.clock()
    explainer = Explainer(desk.config, desk.store, now)
    hours = explainer.week(state)
    changes = desk.store.browse.changes(ChangeFilter(source=name), limit=CHANGES)
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
        is_watched=is_alive(desk.store, now),
        is_held=bool(state.held) and state.health.status is Status.SUSPICIOUS,
        why=explainer.why(state),
        week=charts.week(hours) if hours else None,
        least=LEAST_CHANGES,
        configuration=_configuration(desk.config, name),
        steps=steps,
        begin=charts.begin(steps) if steps else None,
        life=life,
        changes=changes,
        marks=desk.store.discussion.of_changes([event.id for event in changes.events], last=0),
        numbers=[("Entries", f"{state.entries:,}"), ("Accepted snapshots", f"{state.revision:,}")],
    )


def _steps(desk: Desk, name: str, entries: int, now: datetime) -> list[charts.Step]:
    """The life of a source, from the first day that its history answers for."""
    horizon = desk.store.history.horizon(name)
    if horizon is None or horizon.since is None:
        return []
    first, today = horizon.since.date(), now.date()
    daily = desk.store.browse.daily(name, horizon.since)
    return steps_of(days_of(daily, desk.store.history.checks(name, first, today), entries, today, first))


def _configuration(config: Config, name: str) -> str:
    """The source as it stands in the configuration, in TOML, without secrets; "" where it is not configured."""
    if (source := config.sources.get(name)) is None:
        return ""
    given = source.model_dump(mode="json", exclude_unset=True, exclude_none=True, exclude={"kind", "url"})
    return config.secrets.hide(block(name, source.kind, source.url, mask(given, [type(source)])))
