"""Add: an address, what could be read there, and the source for watch.toml: to copy, or written where it may be."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from sources import Entry, Get, SourceError
from watcher.config.load import Config, load
from watcher.errors import ConfigError, UsageError
from watcher.web.desk import Desk, Offer, TheDesk
from watcher.web.queries import source_path
from watcher.web.render import page
from watcher.web.viewers import TheEditor, TheViewer

router = APIRouter(include_in_schema=False)
_log = logging.getLogger(__name__)

SHOWN = 5  # entries, and fields of each
LONGEST_ADDRESS = 2000  # characters
LONGEST_SEARCH = 200  # characters
LARGEST = 10_000_000  # bytes of a page that is looked at here; `watch add` takes what [http] max_bytes allows
LONGEST = 60.0  # seconds for all pages that are looked at: as long another person may have to wait
_WAIT = 5.0  # seconds for a turn


@router.get("/add")
def add(request: Request, desk: TheDesk, viewer: TheViewer) -> Response:
    """The form."""
    return _shown(request, desk, allowed=viewer.may_edit)


@router.post("/add")
def propose(
    request: Request,
    desk: TheDesk,
    editor: TheEditor,
    url: Annotated[str, Form()] = "",
    search: Annotated[str, Form(max_length=LONGEST_SEARCH)] = "",
) -> Response:
    """Look at an address, and show what could be read from it, or from its answer to what is searched for."""
    url = url.strip()
    if not url or len(url) > LONGEST_ADDRESS or not url.isprintable():
        return _shown(request, desk, url=url[:LONGEST_ADDRESS], trouble="that is not an address", status=400)
    desk.record(editor.name, "look at", url[:200])
    if not desk.look_turns.acquire(timeout=_WAIT):
        raise HTTPException(503, "other pages are being looked at: try again in a moment", {"Retry-After": "5"})
    try:
        offers = [
            (desk.offers.keep(offer), offer, shown) for offer, shown in _propose(url, search.strip(), desk.config)
        ]
    except (SourceError, UsageError) as error:
        trouble = error.message if isinstance(error, SourceError) else str(error)
        return _shown(request, desk, url=url, trouble=desk.config.secrets.hide(trouble), status=400)
    finally:
        desk.look_turns.release()
    trouble = "" if offers else "nothing on that page repeats like the entries of a register"
    return _shown(request, desk, url=url, offers=offers, trouble=trouble)


@router.post("/add/{number}")
def write(desk: TheDesk, editor: TheEditor, number: str) -> Response:
    """Write the source that was shown at the end of watch.toml."""
    from watcher.propose.block import append

    offer, file = desk.offers.take(number), desk.config.path
    if offer is None:
        raise HTTPException(409, "this proposal is no longer known, or it was written already: look at the page again")
    if file is None or not _may_write(file):
        raise UsageError("watch.toml cannot be written by this server: copy the lines into it")
    try:
        append(file, offer.block)
        desk.use(load(file))
    except ConfigError as error:
        raise UsageError(f"watch.toml would have errors: {'; '.join(error.problems)}") from None
    desk.record(editor.name, "add", f"source {offer.name}")
    return RedirectResponse(source_path(offer.name), 303)


def _shown(request: Request, desk: Desk, *, status: int = 200, **values: Any) -> Response:
    file = desk.config.path
    shared: dict[str, Any] = {
        "url": "",
        "trouble": "",
        "offers": [],
        "allowed": True,
        "writable": file is not None and _may_write(file),
    }
    return page(request, "add.html", status=status, **{**shared, **values})


def _may_write(file: Path) -> bool:
    """Whether the file can be replaced: that takes its folder, too."""
    target = file.resolve()
    return os.access(target, os.W_OK) and os.access(target.parent, os.W_OK)


def _propose(url: str, words: str, config: Config) -> Iterator[tuple[Offer, dict[str, Any]]]:
    """What could be read at an address, with what the page says of it; the best is completed by further requests.
    Raises SourceError and UsageError.
    """
    from watcher.propose.authority import guess
    from watcher.propose.block import name_for
    from watcher.propose.complete import complete
    from watcher.propose.find import source_block, title_of
    from watcher.propose.search_form import look_or_search
    from watcher.propose.site import Site, web_address

    most = min(config.http.max_bytes or LARGEST, LARGEST)
    with Site(config.http.model_copy(update={"max_bytes": most}), config.browser, LONGEST) as site:
        page, proposals = look_or_search(site.fetch(Get(web_address(url))), words, site, _log.info, lambda _: "")
        name = name_for(page.get.url, title_of(page), list(config.sources))
        for place, proposal in enumerate(proposals):
            whole = proposal if place else complete(proposal, page, site, saved=False)
            guessed = guess(page, whole, config.sources)
            remarks = [f"authority: {guessed.words}", *whole.remarks]
            rows = [(entry, _fields(entry, whole.kind)) for entry in whole.entries[:SHOWN]]
            shown = {"proposal": whole, "remarks": remarks, "rows": rows}
            yield Offer(name, source_block(whole, page, name, guessed)), shown


def _fields(entry: Entry, kind: str) -> list[tuple[str, str]]:
    """Some fields of an entry beside its key and its title, and its text where that is all."""
    fields = [(name, value) for name, value in entry.fields.items() if value not in {entry.key, entry.title}]
    return [*fields[:SHOWN], *([("text", entry.text)] if entry.text and kind == "text" else [])]
