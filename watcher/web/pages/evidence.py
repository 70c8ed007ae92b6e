"""Evidence: the head of the chain, its files and time stamps, and whether all is as it was written: verified on demand,
one at a time, and only as much as a page may wait for. The proof of a change as a .zip.
"""

from collections.abc import Iterator
from datetime import tzinfo
from pathlib import Path
from tempfile import SpooledTemporaryFile
from threading import BoundedSemaphore
from typing import BinaryIO, cast

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from alerts.language import phrase
from sources.errors import TooLarge
from state.evidence.witnesses import STAMPING
from state.store import Store
from watcher.errors import UsageError
from watcher.terminal.words import megabytes
from watcher.web.desk import turn
from watcher.web.render import page
from watcher.web.viewers import SIGNED_IN, WHOLE, TheDesk, TheEditor

router = APIRouter(include_in_schema=False, dependencies=[SIGNED_IN, WHOLE])

SHOWN = 20  # stamps, problems
MOST_BYTES = 2_000_000_000  # of evidence; more is for `watch verify`
MOST_PACKED = 100_000_000  # bytes of the records of a .zip, and of their pages: `watch evidence` writes larger ones
_IN_MEMORY, _PIECE = 2_000_000, 64 * 1024  # bytes of a .zip, and of a part that is sent
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


def pack_proof(store: Store, folder: Path, number: int, zone: tzinfo, turns: BoundedSemaphore) -> Response:
    """The proof of a change, of the evidence in a folder, as a .zip. Raises HTTPException (404, 413, 503) and
    StateError.
    """
    from watcher.evidence.proofs import assemble, pack  # in memory only where somebody asks

    try:
        with turn(turns):
            info = store.evidence.capture_of(number)
            if info and sum(found.link.length for found in store.evidence.records(info.first, info.last)) > MOST_PACKED:
                raise TooLarge("its records are too large")
            files = assemble(store, folder, number, zone, most=MOST_PACKED).files
            file = cast("BinaryIO", SpooledTemporaryFile(_IN_MEMORY))  # noqa: SIM115 - the answer closes it
            pack(files, f"proof-{number}", file)
            del files
    except UsageError as error:
        raise HTTPException(404, str(error)) from None
    except TooLarge:
        why = phrase("this proof is too large for a page: run `watch evidence {number}`", number=number)
        raise HTTPException(413, why) from None
    headers = {"Content-Disposition": f'attachment; filename="proof-{number}.zip"', "Content-Length": str(file.tell())}
    file.seek(0)

    def pieces() -> Iterator[bytes]:
        with file:
            while piece := file.read(_PIECE):
                yield piece

    return StreamingResponse(pieces(), media_type="application/zip", headers=headers)
