"""Add: an address, what could be read there, and the source: made at the desk, written to watch.toml, or to copy.

The page that was looked at is shown with its parts, as a browser draws it where there is one, and kept for a while: who
points at a part sees what would be read then, and the register is not asked for it.
"""

from __future__ import annotations

import logging
import os
import re
import tomllib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Query, Request
from starlette.responses import RedirectResponse, Response

from alerts.language import mark, phrase
from sources import Entry, Get, Page, SourceError
from sources.loader import KindError, kind
from sources.text import clean
from state.storage.objects import NEW, Edit
from watcher.config.load import Config, load
from watcher.errors import ConfigError, UsageError
from watcher.web.actions import LARGEST, LONGEST, configure, looking
from watcher.web.desk import Desk, Offer, PageLookedAt
from watcher.web.pages.config import Given
from watcher.web.queries import source_path
from watcher.web.render import page
from watcher.web.viewers import SIGNED_IN, WHOLE, TheDesk, TheEditor, TheViewer, Viewer

if TYPE_CHECKING:
    from watcher.propose.point import Click
    from watcher.propose.proposal import Proposal
    from watcher.propose.site import Site

router = APIRouter(include_in_schema=False, dependencies=[SIGNED_IN, WHOLE])
_log = logging.getLogger(__name__)

SHOWN = 5  # entries, and fields of each
LONGEST_ADDRESS = 2000  # characters
LONGEST_SEARCH = 200  # characters
MOST_PARTS = 1000  # that are shown at once
MOST_CLICKS = 20
_NOTHING = mark("nothing on that page repeats like the entries of a register")
_NOT_LIKE_THAT = mark("nothing can be read like that: take something back, or say it of another part")
_ASKED = {"form", "before"}  # options of a source that asks as a form does
_CLICK = re.compile(r"([a-z]+)([0-9]{1,7})")


@router.get("/add")
def add(request: Request, desk: TheDesk, viewer: TheViewer, url: str = "") -> Response:
    """The form, filled with the address that a bookmarklet brings: only its button has the page looked at."""
    return _shown(request, desk, allowed=viewer.may_edit, url=url[:LONGEST_ADDRESS])


@router.post("/add")
def propose(
    request: Request,
    desk: TheDesk,
    editor: TheEditor,
    url: Annotated[str, Form()] = "",
    search: Annotated[str, Form(max_length=LONGEST_SEARCH)] = "",
) -> Response:
    """Look at an address, and show what could be read from it, or from its answer to what is searched for; the best is
    completed by further requests. Words that are no address show what the catalogue has.
    """
    from watcher.propose.catalogue import needed, offered, summary
    from watcher.propose.complete import complete
    from watcher.propose.find import look_or_search
    from watcher.propose.site import web_address

    url = url.strip()
    if not url or len(url) > LONGEST_ADDRESS or not url.isprintable():
        return _shown(request, desk, url=url[:LONGEST_ADDRESS], trouble=phrase("that is not an address"), status=400)
    if models := offered(url, desk.config.presets):
        return _shown(
            request, desk, url=url, kinds=[(model, summary(model), needed(model)) for model in models.values()]
        )
    desk.record(editor.name, "look at", url[:200])
    drawn = None
    try:
        with looking(desk), _site(desk.config) as site:
            first = site.fetch(Get(web_address(url)))
            looked, found = look_or_search(first, search.strip(), site, _log.info, lambda _: "")
            asked = {name: value for each in found[:1] for name, value in each.options.items() if name in _ASKED}
            options = {**site.options, **asked}
            found = [each if at else complete(each, looked, site, saved=False) for at, each in enumerate(found)]
            with suppress(SourceError):
                drawn = None if site.missing_browser else site.fetch(looked.get, picture=True)
    except (SourceError, UsageError) as error:
        trouble = error.message if isinstance(error, SourceError) else str(error)
        return _shown(request, desk, url=url, trouble=desk.config.secrets.hide(trouble), status=400)
    kept = replace(drawn if drawn and "fetch" in options else looked, rendering=None, transcript=None, gzip=b"")
    shot, places = (drawn.rendering.screenshot, drawn.rendering.places) if drawn and drawn.rendering else (b"", ())
    look = PageLookedAt(editor.name, kept, shot, places, options)
    number = desk.looks.keep(look, len(kept.body) + len(shot))
    return _answer(request, desk, number, look, looked, found)


@router.get("/add/page/{number}")
def point_at(
    request: Request,
    desk: TheDesk,
    editor: TheEditor,
    number: str,
    clicks: str = "",
    part: int | None = None,
    drop: int | None = None,
    role: Annotated[str, Query(alias="as")] = "entry",
    find: Annotated[str, Query(max_length=LONGEST_SEARCH)] = "",
) -> Response:
    """What could be read from a page after one more part was pointed at, or what was said of one is taken back."""
    from watcher.propose.point import point

    before, look = _read(clicks), _kept(desk, editor, number)
    told = [each for each in before if each.part not in {part, drop}]
    told += [each for each in _read(f"{role}{part}") if each not in before]
    with looking(desk):
        looked = replace(look.page)
        found = point(looked, told, desk.config.http, look.options)
        return _answer(request, desk, number, look, looked, found, told, role=role, find=find, whole=False)


@router.post("/add/page/{number}")
def take(
    request: Request,
    desk: TheDesk,
    editor: TheEditor,
    number: str,
    clicks: Annotated[str, Form()] = "",
    take: Annotated[int, Form(ge=0)] = 0,
) -> Response:
    """Look at the page once more, and where it leads, to complete what was pointed at: then it can be written."""
    from watcher.propose.complete import complete
    from watcher.propose.point import point

    told, look = _read(clicks), _kept(desk, editor, number)
    with looking(desk), _site(desk.config) as site:
        looked = replace(look.page)
        site.options = {name: look.options[name] for name in look.options.keys() - _ASKED}
        chosen = point(looked, told, desk.config.http, look.options)[take : take + 1]
        found = [complete(each, looked, site, saved=False) for each in chosen]
        return _answer(request, desk, number, look, looked, found, told)


@router.get("/add/page/{number}/picture.png")
def show_picture(desk: TheDesk, editor: TheEditor, number: str) -> Response:
    """The page as a browser drew it."""
    return Response(_kept(desk, editor, number).shot, media_type="image/png")


@router.post("/add/{number}")
def write(desk: TheDesk, editor: TheEditor, number: str, to: Annotated[str, Form()] = "file") -> Response:
    """Make the source that was shown at the desk, or write it at the end of watch.toml."""
    offer = desk.offers.take(number)
    if offer is None:
        raise HTTPException(409, phrase("this proposal is known no more, or written already: look at the page again"))
    return _write(desk, editor, offer, to)


@router.post("/add/kind/{name}")
def add_kind(request: Request, desk: TheDesk, editor: TheEditor, name: str, given: Given) -> Response:
    """Make a source of a kind of the catalogue, with the options that it must have."""
    from watcher.propose.catalogue import needed, source_of, summary

    try:
        model = kind(name, desk.config.presets)
    except KindError as error:
        raise HTTPException(404, str(error)) from None
    options = {each: str(given.get(f"option.{each}", "")).strip() for each in needed(model)}
    try:
        offer = Offer(*source_of(model, options, desk.config.sources, refers=editor.may_configure))
    except UsageError as error:
        return _shown(request, desk, kinds=[(model, summary(model), needed(model))], trouble=str(error), status=400)
    return _write(desk, editor, offer, str(given.get("to", "file")))


def _write(desk: Desk, editor: Viewer, offer: Offer, to: str) -> Response:
    from watcher.propose.block import append

    file = desk.config.path
    if to == "desk" and editor.may_configure:
        table = tomllib.loads(offer.block)["sources"][offer.name]
        configure(desk, editor, [Edit("source", offer.name, table, NEW)])
        return RedirectResponse(source_path(offer.name), 303)
    if file is None or not _may_write(file):
        raise UsageError(phrase("watch.toml cannot be written by this server: copy the lines into it"))
    try:
        append(file, offer.block)
        desk.use(load(file))
    except ConfigError as error:
        found = "; ".join(error.problems)
        raise UsageError(phrase("watch.toml would have errors: {problems}", problems=found)) from None
    desk.record(editor.name, "add", f"source {offer.name}")
    return RedirectResponse(source_path(offer.name), 303)


def _site(config: Config) -> Site:
    from watcher.propose.site import Site

    most = min(config.http.max_bytes or LARGEST, LARGEST)
    return Site(config.http.model_copy(update={"max_bytes": most}), config.browser, LONGEST)


def _kept(desk: Desk, viewer: Viewer, number: str) -> PageLookedAt:
    """The page that a person looked at. Raises HTTPException (404)."""
    look = desk.looks.find(number)
    if look is None or look.who != viewer.name:
        raise HTTPException(404, phrase("this page is no longer kept here: look at its address again"))
    return look


def _read(clicks: str) -> list[Click]:
    """What was said of parts, as it stands in an address: `entry12.not40`."""
    from watcher.propose.point import ROLES, Click

    roles = {str(role): role for role in ROLES}
    return [Click(roles[role], int(part)) for role, part in _CLICK.findall(clicks) if role in roles][:MOST_CLICKS]


def _shown(request: Request, desk: Desk, *, status: int = 200, **values: Any) -> Response:
    file = desk.config.path
    shared: dict[str, Any] = {
        "url": "",
        "trouble": "",
        "offers": [],
        "kinds": [],
        "allowed": True,
        "look": None,
        "base": desk.config.web.base_url or str(request.base_url).rstrip("/"),
        "writable": file is not None and _may_write(file),
    }
    return page(request, "add.html", status=status, **{**shared, **values})


def _may_write(file: Path) -> bool:
    """Whether the file can be replaced: that takes its folder, too."""
    target = file.resolve()
    return os.access(target, os.W_OK) and os.access(target.parent, os.W_OK)


def _answer(
    request: Request,
    desk: Desk,
    number: str,
    look: PageLookedAt,
    looked: Page,
    proposals: Sequence[Proposal],
    clicks: Sequence[Click] = (),
    *,
    role: str = "entry",
    find: str = "",
    whole: bool = True,
) -> Response:
    """The proposals for a page, which can be written if they are `whole`, and its parts that have some words."""
    from watcher.propose.block import name_for
    from watcher.propose.find import guess, source_block, title_of
    from watcher.propose.point import find_parts

    name, offers, read = name_for(looked.get.url, title_of(looked), list(desk.config.sources)), [], set[str]()
    for proposal in proposals:
        guessed = guess(looked, proposal, desk.config.sources)
        offer = Offer(name, source_block(proposal, looked, name, guessed))
        remarks = [f"authority: {guessed.words}", *proposal.remarks]
        rows = [(entry, _fields(entry, proposal.kind)) for entry in proposal.entries[:SHOWN]]
        shown = {"proposal": proposal, "remarks": remarks, "rows": rows}
        offers.append((desk.offers.keep(offer) if whole else "", offer, shown))
    for entry in proposals[0].entries if proposals else ():
        read.update(
            clean(line) for value in (entry.title, entry.text, *entry.fields.values()) for line in value.split("\n")
        )
    trouble = _NOTHING if whole else _NOT_LIKE_THAT
    values: dict[str, Any] = {"url": looked.get.url, "offers": offers, "trouble": "" if proposals else phrase(trouble)}
    with suppress(SourceError):  # what is no HTML has no parts
        parts = find_parts(replace(look.page), look.places)
        wanted = [each for each in parts if find.casefold() in each.text.casefold()]
        values["look"] = {
            "number": number,
            "size": [int.from_bytes(look.shot[at : at + 4]) for at in (16, 20)],  # as a PNG's header has them
            "clicks": ".".join(f"{each.role}{each.part}" for each in clicks),
            "told": {each.part: each.role for each in clicks},
            "texts": {each.number: each.text for each in parts},
            "parts": wanted[:MOST_PARTS],
            "all": len(wanted),
            "read": read,
            "role": role,
            "find": find,
        }
    return _shown(request, desk, **values)


def _fields(entry: Entry, kind: str) -> list[tuple[str, str]]:
    """Some fields of an entry beside its key and its title, and its text where that is all."""
    fields = [(name, value) for name, value in entry.fields.items() if value not in {entry.key, entry.title}]
    return [*fields[:SHOWN], *([("text", entry.text)] if entry.text and kind == "text" else [])]
