"""Evidence: the head of the chain, its files and time stamps, and whether all is as it was written."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from alerts.language import phrase
from state.evidence.witnesses import STAMPING
from watcher.errors import UsageError
from watcher.terminal.words import megabytes
from watcher.web.evidence import MOST_BYTES
from watcher.web.render import page
from watcher.web.viewers import WHOLE, TheDesk, TheEditor

router = APIRouter(include_in_schema=False, dependencies=[WHOLE])

SHOWN = 20  # stamps, problems
_WAIT = 2.0  # seconds that a visitor waits for the outcome


@router.get("/evidence")
def evidence(request: Request, desk: TheDesk) -> Response:
    """The page."""
    stamps = desk.store.evidence.witness_answers(*STAMPING)
    files, size = desk.store.evidence.size()
    return page(
        request,
        "evidence.html",
        options=desk.config.evidence,
        head=desk.store.evidence.head(),
        files=files,
        size=size,
        stamps=stamps[: -SHOWN - 1 : -1],
        stamp_count=len(stamps),
        too_large=size > MOST_BYTES,
        most=MOST_BYTES,
        shown_problems=SHOWN,
        runs=desk.verification.runs,
        outcome=desk.verification.outcome,
        actions=desk.store.desk.actions(SHOWN),
    )


@router.post("/evidence/verify")
def verify(desk: TheDesk, editor: TheEditor) -> Response:
    """Compare every length, hash and link with the files."""
    if desk.config.evidence is None:
        raise UsageError(phrase("nothing is kept: the configuration has no table [evidence]"))
    _, size = desk.store.evidence.size()
    if size > MOST_BYTES:
        raise UsageError(phrase("{size} are more than a page may wait for: run `watch verify`", size=megabytes(size)))
    if desk.verification.start(desk.store, desk.config.evidence.path, editor.name, desk.clock):
        desk.record(editor.name, "verify", "evidence")
    desk.verification.wait(_WAIT)
    return RedirectResponse("/evidence", 303)
