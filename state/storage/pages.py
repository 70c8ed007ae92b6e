"""The pages of a source's accepted snapshot, and of a suspicious one.

A body that is large even when it is compressed is stored in pieces: some in each of several short transactions, before
the one that stores the page. Until that one, and when the page is gone, they are no body's, and are deleted later.
"""

import sys
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from itertools import groupby
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import uuid4

from sqlalchemy import Connection, Row, bindparam, delete, exists, insert, null, select, tuple_

from sources import FetchError, Get, Page
from sources.formats.download import LARGE, Body, FileBody, pieces_of
from sources.formats.unpack import GZIP_HEAD, Spool, unpack_into
from state.db.redaction import NotSealedError, Redactor
from state.db.repository import chunks, directly
from state.db.tables.core import BODIES, BODY_PIECES, PAGES, SOURCES
from state.errors import StateError
from state.model import StoredPage

_LEVEL, _QUICK_LEVEL = 3, 1  # of zlib: other writers wait for this transaction, and higher levels gain little on markup
_WELL = 3  # a body that was received so many times smaller, as gzip, is stored as received, and so is any large one
_PIECE, _AT_ONCE = 262_144, 32  # bytes of a piece; pieces that are written or deleted in one transaction
_ABANDONED = timedelta(hours=1)  # since a piece was written that no body has

_NO_PAGES = "DELETE FROM pages WHERE source_id = ? AND held = ?"
_STORED = "SELECT hash FROM bodies WHERE source_id = ?"
_NEW_BODY, _NEW_PAGE = "INSERT INTO bodies (source_id, hash, body, pieces) VALUES (?, ?, ?, ?)", insert(PAGES)
_THERE = "SELECT position FROM body_pieces WHERE source_id = ? AND pieces = ?"
_KEY = [BODY_PIECES.c[name] for name in ("source_id", "pieces", "position")]
_UNUSED = ~exists().where(BODIES.c.source_id == BODY_PIECES.c.source_id, BODIES.c.pieces == BODY_PIECES.c.pieces)
_NO_UNUSED = (
    "DELETE FROM bodies WHERE source_id = ? AND hash NOT IN (SELECT body_hash FROM pages WHERE pages.source_id = ?)"
)
_PREFETCHED = (
    select(SOURCES, *(PAGES.c[name] for name in ("request", "response", "fetched", "body_hash")), null().label("body"))
    .add_columns(null().label("pieces"))
    .select_from(SOURCES.outerjoin(PAGES, (PAGES.c.source_id == SOURCES.c.id) & ~PAGES.c.held))
    .where(SOURCES.c.name.in_(bindparam("its_names", expanding=True)))
    .order_by(SOURCES.c.id, PAGES.c.position)
)


class InPieces(NamedTuple):
    """A large compressed body, and what its pieces are found by."""

    packed: FileBody
    pieces: bytes


Packed = Mapping[bytes, bytes | InPieces]  # compressed bodies by their hashes
NONE_PACKED: Packed = MappingProxyType({})

# Cookies are the site's session; nothing needs them later.
_UNKEPT_HEADERS = {"set-cookie", "set-cookie2"}


def write_pages(
    connection: Connection,
    source_id: int,
    pages: Sequence[StoredPage],
    redactor: Redactor,
    *,
    held: bool,
    packed: Packed = NONE_PACKED,
) -> None:
    """Replace the accepted (or suspicious) pages of a source. A body that is already stored is not written again;
    `packed` are those that were compressed before.

    Pages with a secret that could not be restored exactly are not stored: the next check fetches without validators.
    """
    had = directly(connection, _NO_PAGES, (source_id, held)).rowcount
    if not had and not pages:
        return
    stored = stored_bodies(connection, source_id)
    try:
        new = [page for page in _each_body(pages) if page.body_hash not in stored]
        bodies = {page.body_hash: packed.get(page.body_hash) or _packed(page, redactor) for page in new}
        rows = [_row(source_id, page, redactor) | {"held": held, "position": at} for at, page in enumerate(pages)]
    except NotSealedError:
        bodies, rows = {}, []
    _insert(connection, source_id, bodies)
    if rows:
        connection.execute(_NEW_PAGE, rows)
    if not stored <= {page.body_hash for page in pages}:
        directly(connection, _NO_UNUSED, (source_id, source_id))


def stored_bodies(connection: Connection, source_id: int) -> set[bytes]:
    """The hashes of a source's bodies."""
    return set(directly(connection, _STORED, (source_id,)).scalars())


def pack_bodies(pages: Sequence[StoredPage], redactor: Redactor, stored: Collection[bytes]) -> Packed:
    """The bodies that are not stored, compressed: slow. None if one has a secret that could not be restored exactly."""
    try:
        return {page.body_hash: _packed(page, redactor) for page in pages if page.body_hash not in stored}
    except NotSealedError:
        return NONE_PACKED


def write_bodies(connection: Connection, source_id: int, packed: Packed) -> None:
    """Store bodies before their pages. If the pages never follow, the next ones delete the bodies."""
    stored = stored_bodies(connection, source_id)
    _insert(connection, source_id, {body_hash: body for body_hash, body in packed.items() if body_hash not in stored})


def write_pieces(connection: Connection, source_id: int, body: InPieces, most: int | None = _AT_ONCE) -> bool:
    """Write those pieces of a body that are missing, `most` of them at most; returns whether these were all."""
    there = set(directly(connection, _THERE, (source_id, body.pieces)).scalars())
    missing = [at for at in range(-(-len(body.packed) // _PIECE)) if at not in there]
    row = {"source_id": source_id, "pieces": body.pieces, "written": datetime.now(UTC)}
    for some in chunks(missing[:most], _AT_ONCE):
        pieces = ({"position": at, "piece": body.packed[at * _PIECE : (at + 1) * _PIECE]} for at in some)
        connection.execute(insert(BODY_PIECES), [row | piece for piece in pieces])
    return most is None or len(missing) <= most


def find_pieces(connection: Connection, source_id: int | None = None, most: int = _AT_ONCE) -> Sequence[Row[Any]]:
    """Some pieces that no body has, of a source or of all, by their keys."""
    mine = [] if source_id is None else [BODY_PIECES.c.source_id == source_id]
    old = BODY_PIECES.c.written < datetime.now(UTC) - _ABANDONED
    return connection.execute(select(*_KEY).where(old, _UNUSED, *mine).limit(most)).all()


def delete_pieces(connection: Connection, source_id: int | None = None) -> int:
    """Delete some pieces that no body has, of a source or of all; returns how many. Call it until there are none."""
    some = find_pieces(connection, source_id)
    return connection.execute(delete(BODY_PIECES).where(tuple_(*_KEY).in_(some))).rowcount if some else 0


def _insert(connection: Connection, source_id: int, bodies: Packed) -> None:
    rows = list[tuple[Any, ...]]()
    for body_hash, body in bodies.items():
        if isinstance(body, InPieces):
            write_pieces(connection, source_id, body, None)
            rows.append((source_id, body_hash, b"", body.pieces))
        else:
            rows.append((source_id, body_hash, body, None))
    if rows:
        directly(connection, _NEW_BODY, rows)


def replace_pages(connection: Connection, pages: Mapping[int, Sequence[StoredPage]], redactor: Redactor) -> None:
    """As `write_pages`, for the accepted pages of many sources."""
    for some in chunks(pages):
        connection.execute(delete(PAGES).where(PAGES.c.source_id.in_(some), ~PAGES.c.held))
        found = connection.execute(select(BODIES.c.source_id, BODIES.c.hash).where(BODIES.c.source_id.in_(some)))
        stored = {(source_id, body_hash) for source_id, body_hash in found}
        rows = list[dict[str, Any]]()
        for source_id in some:
            with suppress(NotSealedError):
                new = [page for page in _each_body(pages[source_id]) if (source_id, page.body_hash) not in stored]
                mine = [_row(source_id, page, redactor) | {"held": False} for page in pages[source_id]]
                _insert(connection, source_id, {page.body_hash: _packed(page, redactor) for page in new})
                rows += [row | {"position": at} for at, row in enumerate(mine)]
        if rows:
            connection.execute(_NEW_PAGE, rows)
        used = exists().where(PAGES.c.source_id == BODIES.c.source_id, PAGES.c.body_hash == BODIES.c.hash)
        connection.execute(delete(BODIES).where(BODIES.c.source_id.in_(some), ~used))


def read_pages(
    connection: Connection, source_id: int, redactor: Redactor, *, held: bool, bodies: bool = True
) -> list[StoredPage]:
    """The accepted (or suspicious) pages of a source, in the order of fetching; without `bodies`, these are empty."""
    body = [BODIES.c.body, BODIES.c.pieces] if bodies else [null().label("body"), null().label("pieces")]
    joined = PAGES.join(BODIES, (BODIES.c.source_id == PAGES.c.source_id) & (BODIES.c.hash == PAGES.c.body_hash))
    wanted = select(PAGES, *body).select_from(joined if bodies else PAGES)
    wanted = wanted.where(PAGES.c.source_id == source_id, PAGES.c.held == held).order_by(PAGES.c.position)
    return [_read_page(row, redactor, connection) for row in connection.execute(wanted).all()]


def read_prefetched(
    connection: Connection, names: Sequence[str], redactor: Redactor
) -> Iterator[tuple[Row[Any], list[StoredPage]]]:
    """The rows of known sources, each with its accepted pages, without their bodies."""
    for some in chunks(names):
        for _, rows in groupby(connection.execute(_PREFETCHED, {"its_names": some}), key=lambda row: row.id):
            first, *others = rows
            pages = [_read_page(row, redactor) for row in (first, *others) if row.request is not None]
            yield first, pages


def _each_body(pages: Sequence[StoredPage]) -> Iterable[StoredPage]:
    """One page for each distinct body."""
    return {page.body_hash: page for page in pages}.values()


def _packed(stored: StoredPage, redactor: Redactor) -> bytes | InPieces:
    body, packed = (stored.page.content, stored.page.gzip) if stored.kept is None else (stored.kept, b"")
    is_large, sealed = len(body) > LARGE, redactor.seal_body(body)
    head = packed[:GZIP_HEAD]  # may have a name
    is_fit = packed and sealed is body and redactor.hide_bytes(head) is head
    if not is_fit or (len(packed) * _WELL > len(body) and not is_large):
        packed = _deflate(sealed) if is_large else zlib.compress(sealed[:], _LEVEL)
    return packed if isinstance(packed, bytes) else InPieces(packed, uuid4().bytes)


def _deflate(body: Body) -> Body:
    deflater = zlib.compressobj(_QUICK_LEVEL)
    with _spool() as spool:
        for piece in pieces_of(body):
            spool.write(deflater.compress(piece))
        spool.write(deflater.flush())
        return spool.content()


@contextmanager
def _spool() -> Iterator[Spool]:
    """Raises StateError where the disk is full, or what is stored is damaged."""
    try:
        with Spool(sys.maxsize, "a stored page") as spool:
            yield spool
    except FetchError as error:
        raise StateError(error.message) from None


def _unpacked(row: Row[Any], connection: Connection | None) -> Body:
    """The body of a row, as it was sealed."""
    packed: Body = _gather(row, connection) if row.pieces and connection else row.body
    if not packed:
        return b""
    with _spool() as spool:
        unpack_into(spool, packed, "gzip" if packed[:2] == b"\x1f\x8b" else "deflate")
        return spool.content()


def _gather(row: Row[Any], connection: Connection) -> Body:
    mine = [BODY_PIECES.c.source_id == row.source_id, BODY_PIECES.c.pieces == row.pieces]
    wanted = select(BODY_PIECES.c.piece).where(*mine).order_by(BODY_PIECES.c.position)
    streamed = wanted.execution_options(stream_results=True, yield_per=_AT_ONCE)
    with _spool() as spool:
        for piece in connection.execute(streamed).scalars():
            spool.write(piece)
        return spool.content()


def _row(source_id: int, stored: StoredPage, redactor: Redactor) -> dict[str, Any]:
    page = stored.page
    response = {
        "url": page.url,
        "status": page.status,
        "headers": {name: value for name, value in page.headers.items() if name.lower() not in _UNKEPT_HEADERS},
        "encoding": page.encoding,
        "etag": stored.etag,
        "last_modified": stored.last_modified,
        "essence": stored.essence,
    } | ({} if stored.kept is None else {"rewritten": True})
    return {
        "source_id": source_id,
        "request": redactor.seal({field.name: getattr(page.get, field.name) for field in fields(Get)}),
        "response": redactor.seal(response),
        "fetched": page.fetched,
        "body_hash": stored.body_hash,
    }


def _read_page(row: Row[Any], redactor: Redactor, connection: Connection | None = None) -> StoredPage:
    response = {**redactor.unseal(row.response)}
    etag, last_modified, essence = response.pop("etag"), response.pop("last_modified"), response.pop("essence", "")
    rewritten = response.pop("rewritten", False)
    body = redactor.unseal_body(_unpacked(row, connection))
    page = Page(get=Get(**redactor.unseal(row.request)), content=body, fetched=row.fetched, **response)
    return StoredPage(page, row.body_hash, etag, last_modified, essence, body if rewritten else None)
