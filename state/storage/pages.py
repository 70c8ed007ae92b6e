"""The pages of a source's accepted snapshot, and of a suspicious one."""

import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import fields
from itertools import groupby
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, exists, insert, null, select

from sources import Get, Page
from state.db.redaction import NotSealedError, Redactor
from state.db.repository import chunks, directly
from state.db.tables.core import BODIES, PAGES, SOURCES
from state.model import StoredPage

_LEVEL, _QUICK_LEVEL = 3, 1  # of zlib: other writers wait for this transaction, and higher levels gain little on markup
_LARGE = 4_000_000  # bytes of a body
_WELL = 3  # a body that was received so many times smaller, as gzip, is stored as received, and so is any large one
_ZLIB_OR_GZIP = 47  # zlib's `wbits` for either

_NO_PAGES = "DELETE FROM pages WHERE source_id = ? AND held = ?"
_STORED = "SELECT hash FROM bodies WHERE source_id = ?"
_NEW_BODY, _NEW_PAGE = "INSERT INTO bodies (source_id, hash, body) VALUES (?, ?, ?)", insert(PAGES)
_NO_UNUSED = (
    "DELETE FROM bodies WHERE source_id = ? AND hash NOT IN (SELECT body_hash FROM pages WHERE pages.source_id = ?)"
)
_PREFETCHED = (
    select(SOURCES, *(PAGES.c[name] for name in ("request", "response", "fetched", "body_hash")), null().label("body"))
    .select_from(SOURCES.outerjoin(PAGES, (PAGES.c.source_id == SOURCES.c.id) & ~PAGES.c.held))
    .where(SOURCES.c.name.in_(bindparam("its_names", expanding=True)))
    .order_by(SOURCES.c.id, PAGES.c.position)
)

Packed = Mapping[bytes, bytes]  # compressed bodies by their hashes
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
        bodies = [(source_id, page.body_hash, packed.get(page.body_hash) or _packed(page, redactor)) for page in new]
        rows = [_row(source_id, page, redactor) | {"held": held, "position": at} for at, page in enumerate(pages)]
    except NotSealedError:
        bodies, rows = [], []
    if bodies:
        directly(connection, _NEW_BODY, bodies)
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
    if new := [(source_id, body_hash, body) for body_hash, body in packed.items() if body_hash not in stored]:
        directly(connection, _NEW_BODY, new)


def replace_pages(connection: Connection, pages: Mapping[int, Sequence[StoredPage]], redactor: Redactor) -> None:
    """As `write_pages`, for the accepted pages of many sources."""
    for some in chunks(pages):
        connection.execute(delete(PAGES).where(PAGES.c.source_id.in_(some), ~PAGES.c.held))
        found = connection.execute(select(BODIES.c.source_id, BODIES.c.hash).where(BODIES.c.source_id.in_(some)))
        stored = {(source_id, body_hash) for source_id, body_hash in found}
        bodies, rows = list[tuple[Any, ...]](), list[dict[str, Any]]()
        for source_id in some:
            with suppress(NotSealedError):
                new = [page for page in _each_body(pages[source_id]) if (source_id, page.body_hash) not in stored]
                mine = [_row(source_id, page, redactor) | {"held": False} for page in pages[source_id]]
                bodies += [(source_id, page.body_hash, _packed(page, redactor)) for page in new]
                rows += [row | {"position": at} for at, row in enumerate(mine)]
        if bodies:
            directly(connection, _NEW_BODY, bodies)
        if rows:
            connection.execute(_NEW_PAGE, rows)
        used = exists().where(PAGES.c.source_id == BODIES.c.source_id, PAGES.c.body_hash == BODIES.c.hash)
        connection.execute(delete(BODIES).where(BODIES.c.source_id.in_(some), ~used))


def read_pages(
    connection: Connection, source_id: int, redactor: Redactor, *, held: bool, bodies: bool = True
) -> list[StoredPage]:
    """The accepted (or suspicious) pages of a source, in the order of fetching; without `bodies`, these are empty."""
    body = BODIES.c.body if bodies else null().label("body")
    joined = PAGES.join(BODIES, (BODIES.c.source_id == PAGES.c.source_id) & (BODIES.c.hash == PAGES.c.body_hash))
    wanted = select(PAGES, body).select_from(joined if bodies else PAGES)
    wanted = wanted.where(PAGES.c.source_id == source_id, PAGES.c.held == held).order_by(PAGES.c.position)
    return [_read_page(row, redactor) for row in connection.execute(wanted)]


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


def _packed(stored: StoredPage, redactor: Redactor) -> bytes:
    body, packed = (stored.page.body, stored.page.gzip[:]) if stored.kept is None else (stored.kept, b"")
    sealed = redactor.seal_bytes(body)
    is_large = len(body) > _LARGE
    if sealed is not body or not packed or (len(packed) * _WELL > len(body) and not is_large):
        packed = zlib.compress(sealed, _QUICK_LEVEL if is_large else _LEVEL)
    return packed


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


def _read_page(row: Row[Any], redactor: Redactor) -> StoredPage:
    response = {**redactor.unseal(row.response)}
    etag, last_modified, essence = response.pop("etag"), response.pop("last_modified"), response.pop("essence", "")
    rewritten = response.pop("rewritten", False)
    body = redactor.unseal_bytes(zlib.decompress(row.body, _ZLIB_OR_GZIP)) if row.body else b""
    page = Page(get=Get(**redactor.unseal(row.request)), body=body, fetched=row.fetched, **response)
    return StoredPage(page, row.body_hash, etag, last_modified, essence, body if rewritten else None)
