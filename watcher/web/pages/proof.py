"""The proof of a change: its pages before and after as text in which nothing runs, and all of it as a .zip."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, Literal, cast

from fastapi import APIRouter, HTTPException
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from sources.formats.decode import decode
from state.errors import StateError
from state.evidence.reading import Shown, recall, recall_about
from state.evidence.store import CaptureInfo
from watcher.errors import UsageError
from watcher.web.addresses import IdInPath
from watcher.web.desk import Desk, TheDesk
from watcher.web.pages.changes import change_of

router = APIRouter(include_in_schema=False)

MOST_SHOWN = 10_000_000  # bytes of all pages of a change that are unpacked for a frame
MOST_PACKED = 100_000_000  # bytes of the records of a .zip; `watch evidence` writes larger ones
LONGEST = 500_000  # characters of a page in a frame
_IN_MEMORY = 2_000_000  # bytes of a .zip
_PIECE = 64 * 1024
# In a frame of our own page alone, and nothing runs or loads there, whatever the text is taken for.
_FRAMED = {
    "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'self'",
    "X-Frame-Options": "SAMEORIGIN",
}


@router.get("/changes/{number}/page/{side}")
def framed(desk: TheDesk, number: IdInPath, side: Literal["before", "after"]) -> Response:
    """The pages of one side as plain text, for the sandboxed frames of the change's page."""
    info = _capture(desk, number)
    try:
        text = _text(desk, info, side)
    except StateError:
        text = "(the file of this page is missing, or is not what the chain of hashes says: see Evidence)"
    return PlainTextResponse(text, headers=_FRAMED)


@router.get("/changes/{number}/proof.zip")
def proof(desk: TheDesk, number: IdInPath) -> Response:
    """The proof that others can check, as `watch evidence` writes it."""
    info, evidence = _capture(desk, number), desk.config.evidence
    if evidence is None:
        raise HTTPException(404, "the configuration has no table [evidence]")
    if sum(found.link.length for found in desk.store.evidence.records(info.first, info.last)) > MOST_PACKED:
        raise HTTPException(413, f"this proof is too large for a page: run `watch evidence {number}`")
    try:
        return packed(desk, evidence.path, number)
    except StateError:
        raise HTTPException(
            409, "the evidence is not as the chain says, or its file is missing: see Evidence"
        ) from None


def packed(desk: Desk, folder: Path, number: int) -> Response:
    """The proof of a change, of the evidence in a folder, as a .zip. Raises HTTPException (404) and StateError."""
    from watcher.evidence.proofs import assemble, pack  # in memory only where somebody asks

    try:
        files = assemble(desk.store, folder, number, desk.config.timezone).files
    except UsageError as error:
        raise HTTPException(404, str(error)) from None
    file = cast("BinaryIO", SpooledTemporaryFile(_IN_MEMORY))  # noqa: SIM115 - the answer closes it
    pack(files, f"proof-{number}", file)
    headers = {"Content-Disposition": f'attachment; filename="proof-{number}.zip"', "Content-Length": str(file.tell())}
    file.seek(0)
    return StreamingResponse(_pieces(file), media_type="application/zip", headers=headers)


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while piece := file.read(_PIECE):
            yield piece


def _capture(desk: Desk, number: int) -> CaptureInfo:
    """The capture of a change. Raises HTTPException (404)."""
    change_of(desk, number)
    info = desk.store.evidence.capture_of(number)
    if info is None or not info.file:
        raise HTTPException(404, f"no page of change {number} was kept, or it was removed for its age")
    return info


def _text(desk: Desk, info: CaptureInfo, side: str) -> str:
    evidence = desk.config.evidence
    if evidence is None:
        return "(the configuration has no table [evidence])"
    about = recall_about(desk.store.evidence, evidence.path, info)
    told = [*about["pages"], *about["before"]["pages"]]
    if sum(page["bytes"] for page in told) > MOST_SHOWN:
        return "(the pages are too large to be shown here: proof.zip has them)"
    recalled = recall(desk.store.evidence, evidence.path, info)
    pages = recalled.pages if side == "after" else recalled.before
    source = desk.config.sources.get(info.source)
    texts = _each(pages, side, source.encoding if source else None)
    return "\n\n".join(texts)[:LONGEST] or "(no page: the source was not read before)"


def _each(pages: Sequence[Shown], side: str, encoding: str | None) -> Iterator[str]:
    """Each page with lines that say where it is from; what is no text is only named."""
    from watcher.evidence.inert_copies import copies  # it loads the readers of certificates and of all formats

    made = copies(pages, side, texts=True)
    for file, page in zip(made.pages, pages, strict=True):
        text = _decoded(page, encoding) if not file.text else made.files[file.text].decode("utf-8-sig")
        yield f"{page.told['url']}\n{page.told['fetched']}, {page.told['bytes']:,} bytes\n\n{text[:LONGEST]}"


def _decoded(page: Shown, encoding: str | None) -> str:
    if b"\0" in page.body[:_PIECE] and not page.body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return f"({len(page.body):,} bytes that are no text: proof.zip has them)"
    return decode(page.body, page.headers.get("content-type", ""), encoding)
