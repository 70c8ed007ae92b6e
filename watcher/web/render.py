"""Pages from templates. Whatever stands in a page is escaped: texts of sources are text everywhere."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from fastapi import Request
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse

from watcher.terminal.console import about, count, moment
from watcher.web.desk import Desk
from watcher.web.viewers import CSRF_FIELD, Viewer, viewer_of

LONGEST = 20_000  # characters of one text in a page
NAVIGATION = (
    ("/", "Today"),
    ("/changes", "Changes"),
)


def page(
    request: Request,
    template: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **values: Any,
) -> HTMLResponse:
    """A page made from a template. It knows the request, the person, and the zone of times."""
    desk: Desk = request.app.state.desk
    viewer = viewer_of(request, desk)
    shared = {
        "request": request,
        "viewer": viewer,
        "navigation": NAVIGATION,
        "desk": desk,
        "now": desk.clock(),
        "csrf": lambda: _csrf_field(viewer),
    }
    text = _templates().get_template(template).render(shared | values)
    return HTMLResponse(text, status, dict(headers or {}))


def _csrf_field(viewer: Viewer | None) -> Markup:
    """The hidden field that each form of ours carries."""
    token = viewer.csrf if viewer else None
    return Markup('<input type="hidden" name="{}" value="{}">').format(CSRF_FIELD, token or "")


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("watcher.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"shown": shown, "web": web_address, "ago": ago, "count": count, "moment": moment}
    return environment


def shown(value: object) -> str:
    """A text as a page may show it: bounded, and without characters that turn or hide what follows."""
    text = str(value)[:LONGEST]
    if text.isprintable():
        return text
    return "".join(char for char in text if char in "\n\t" or unicodedata.category(char) not in {"Cc", "Cf", "Cs"})


def web_address(url: str | None) -> str | None:
    """A URL that a page may link to: http or https alone; None for all others."""
    try:
        return url if url and urlsplit(url).scheme.lower() in {"http", "https"} else None
    except ValueError:
        return None


def ago(at: datetime | None, now: datetime) -> str:
    """How long ago something was, or in how long it will be: `3 min ago`, `in 2 h`, `never`."""
    if at is None:
        return "never"
    return f"in {about(at - now)}" if at > now else f"{about(now - at)} ago"
