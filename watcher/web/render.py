"""Pages from templates. Whatever stands in a page is escaped: texts of sources are text everywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any

from fastapi import Request
from starlette.responses import HTMLResponse

from alerts.event.change_json import register_of
from alerts.event.told_fields import ToldField, told_fields, told_mentions
from alerts.language import mark, spoken
from alerts.links import web_address
from alerts.message.change_lines import machine_lines, side_lines, told_entry
from alerts.message.lines import FULL, DetailLevel, Line
from alerts.message.wording import field_name, iso_moment, keeper, word
from alerts.templating import environment
from state.errors import StateError
from state.model import Event, Marks
from watcher.reports.feeds import AtomFeed, address_of
from watcher.terminal.words import ago, megabytes, moment
from watcher.web.desk import Desk
from watcher.web.viewers import viewer_of

if TYPE_CHECKING:
    from jinja2 import Environment

FAULT = 500  # the first status of one
_LINK = re.compile(r"(https?://[^\s<>\"]*[^\s<>\".,;:!?)'])", re.IGNORECASE)
LONGEST = 20_000  # characters of one text in a page
_CAME_OR_WENT = ("added", "removed")
NAVIGATION = (
    ("/", mark("Today")),
    ("/changes", mark("Changes")),
    ("/entries", mark("Entries")),
    ("/cases", mark("Cases")),
    ("/sources", mark("Sources")),
    ("/deliveries", mark("Deliveries")),
    ("/evidence", mark("Evidence")),
)
WHOLE_WATCH = ("/evidence",)  # what a limited reader is not shown
SETTING_UP = (("/config", mark("Set up")),)


def page(
    request: Request,
    template: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    feed: AtomFeed | None = None,
    **values: Any,
) -> HTMLResponse:
    """A page made from a template. It knows the request, the person, the time, and the feed of what it shows."""
    desk: Desk = request.app.state.desk
    viewer, address = viewer_of(request, desk), ""
    if viewer and status < FAULT:  # the page of a fault shows nothing of the state, which may be what failed
        desk = desk.limited(viewer.sight)
    if feed and viewer:
        feed = feed if viewer.sees_all else feed._replace(who=viewer.name)
        with suppress(StateError):  # the first key of a feed is written, which a page to be read can do without
            address = address_of(feed, desk.store, "")
    shared = {
        "request": request,
        "viewer": viewer,
        "navigation": [
            *(each for each in NAVIGATION if each[0] not in WHOLE_WATCH or (viewer and viewer.sees_all)),
            *(SETTING_UP if viewer and viewer.may_configure else ()),
        ],
        "desk": desk,
        "now": desk.clock(),
        "feed": feed,
        "feed_address": address,
    }
    text = templates().get_template(template).render(shared | values)
    language = {"Content-Language": spoken(), "Vary": "Accept-Language"}
    return HTMLResponse(text, status, language | dict(headers or {}))


@cache
def templates() -> Environment:
    """The desk's templates, with their filters."""
    made = environment("watcher.web")
    made.filters |= {
        "shown": shown,
        "word": word,
        "keeper": keeper,
        "ago": ago,
        "moment": moment,
        "iso_moment": iso_moment,
        "megabytes": megabytes,
    }
    made.filters |= {
        "entry": entry_lines,
        "register": register_of,
        "told": told_fields,
        "mentions": told_mentions,
        "sides": sides,
        "field_name": field_name,
        "machine": machine,
        "pieces": pieces,
    }
    return made


def shown(value: object) -> str:
    """A text as a page may show it: bounded. The environment takes out what steers or hides text."""
    return str(value)[:LONGEST]


def pieces(text: str) -> list[tuple[str, str | None]]:
    """The pieces of what somebody wrote, each with its address where it is one."""
    return [(piece, web_address(piece)) for piece in _LINK.split(text) if piece]


def sides(told: ToldField, value: int, lines: int) -> Iterator[Line]:
    """The lines of a field before and after, each of at most `value` characters; of a text at most `lines` lines."""
    return side_lines(told, DetailLevel(value, fields=0, text=0, lines=lines))


def machine(event: Event, marks: Marks) -> list[Line]:
    """What machines made of a change in the reader's language."""
    own: dict[str, Any] = {language: told for language, told in marks.translations.items() if language == spoken()}
    return list(machine_lines(event, marks._replace(translations=own), FULL))


def entry_lines(data: Mapping[str, Any], value: int, fields: int, text: int) -> Iterator[Line]:
    """The first fields and the beginning of the text of an entry that came or went: what was added, or removed."""
    return told_entry(data, DetailLevel(value, fields, text, lines=0)) if data["change"] in _CAME_OR_WENT else iter(())
