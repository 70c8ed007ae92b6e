"""Large bodies are stored in pieces, and come back as files: also with secrets, after kills, and without the memory."""

from __future__ import annotations

import os
import tracemalloc
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryFile

import pytest
from sqlalchemy import create_engine, func, select, update
from sqlalchemy.pool import NullPool

from sources import Get, Page
from sources.formats.download import Body, FileBody
from sources.secrets import Secrets
from state.compare.reader_fingerprints import body_fingerprint
from state.db.copy import copy_state
from state.db.redaction import Redactor
from state.db.tables.core import BODIES, BODY_PIECES
from state.evidence.records import Holdings, make_resource
from state.model import Acceptance, Commit, Difference, SourceState, StoredPage
from state.store import Store
from tests.torture.processes import ended

NOTHING = Difference((), (), {}, {}, b"digest", 0, ())
TOKEN = "s3cret-token"
MB = 1_000_000


def noise(size: int, seed: int = 1) -> bytes:
    """What no compression makes smaller, so that it is stored in as many pieces as it has."""
    return Random(seed).randbytes(size)


def stored_page(content: bytes, gzip: Body = b"") -> StoredPage:
    with TemporaryFile() as file:
        file.write(content)
        body = FileBody.of(file)
    page = Page(Get("https://a.test/"), "https://a.test/", 200, {}, body, datetime(2026, 3, 2, tzinfo=UTC), gzip=gzip)
    return StoredPage(page, body_fingerprint(body), None, None)


def taking(stored: StoredPage) -> Callable[[SourceState], Commit]:
    return lambda state: Commit(state, Acceptance(NOTHING, [stored], "reading", "place"))


def keep(store: Store, stored: StoredPage) -> None:
    decide = taking(stored)
    for _ in store.committing("register", decide, store.prepare("register", decide)):
        pass


def pieces(store: Store) -> int:
    with store._database.reading() as connection:
        return connection.scalar(select(func.count()).select_from(BODY_PIECES)) or 0


def as_of_long_ago(store: Store) -> None:
    with store._database.writing() as connection:
        connection.execute(update(BODY_PIECES).values(written=datetime.now(UTC) - timedelta(days=1)))


def test_a_large_body_comes_back_as_a_file(store: Store) -> None:
    content = noise(5 * MB)
    keep(store, stored_page(content))
    (back,) = store.pages("register")
    assert isinstance(back.page.content, FileBody)
    assert (back.page.body, pieces(store)) == (content, 20)


def test_the_pieces_of_a_body_that_is_replaced_are_deleted(store: Store) -> None:
    keep(store, stored_page(noise(5 * MB)))
    as_of_long_ago(store)
    keep(store, stored_page(noise(6 * MB, 2)))
    assert (pieces(store), len(store.pages("register")[0].page.content)) == (23, 6 * MB)


def test_a_body_whose_pieces_were_taken_for_abandoned_is_written_again_whole(store: Store) -> None:
    stored = stored_page(noise(5 * MB))
    steps = store.committing("register", decide := taking(stored), store.prepare("register", decide))
    next(steps)
    as_of_long_ago(store)
    assert store.retention.delete_pieces() == 20
    for _ in steps:
        pass
    assert store.pages("register")[0].page.body == stored.page.body


def test_a_large_body_of_a_commit_that_was_not_prepared_is_stored_alike(store: Store) -> None:
    stored = stored_page(noise(5 * MB))
    store.commit("register", taking(stored))
    assert store.pages("register")[0].page.body == stored.page.body


@pytest.mark.parametrize("at", [300_000, 262_144 - 5, 5 * MB - len(TOKEN)])
def test_a_secret_in_a_large_body_is_not_stored_also_across_two_pieces(url: str, at: int) -> None:
    known, content = Secrets(), bytearray(noise(5 * MB))
    known.add("${TOKEN}", TOKEN)
    content[at : at + len(TOKEN)] = TOKEN.encode()
    with Store.open(url, hide=known.hide, reveal=known.reveal) as store:
        keep(store, stored_page(bytes(content)))
        assert store.pages("register")[0].page.body == content
        with store._database.reading() as connection:
            packed = connection.scalars(select(BODY_PIECES.c.piece).order_by(BODY_PIECES.c.position)).all()
    assert TOKEN.encode() not in zlib.decompress(b"".join(packed))


def test_a_body_in_one_blob_is_read_as_before(store: Store) -> None:
    content = noise(5 * MB)
    keep(store, stored_page(b"a" * 5 * MB))
    with store._database.writing() as connection:
        connection.execute(update(BODIES).values(body=zlib.compress(content), pieces=None))
    assert store.pages("register")[0].page.body == content


KILLED = """
import sys
from state.store import Store
from tests.state.test_pages_in_pieces import MB, keep, noise, stored_page
with Store.open(sys.argv[1]) as store:
    keep(store, stored_page(noise(9 * MB, 2)))
"""


def test_a_process_that_is_killed_between_two_pieces_leaves_nothing(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", os.fspath(Path(__file__).parents[2]))
    content = noise(5 * MB)
    with Store.open(url) as store:
        keep(store, stored_page(content))
    assert ended(KILLED, url, failpoint="piece_written")[0] == -9
    with Store.open(url) as store:
        assert (store.pages("register")[0].page.body, pieces(store)) == (content, 20 + 32)
        as_of_long_ago(store)
        while store.retention.delete_pieces():
            pass
        assert (store.pages("register")[0].page.body, pieces(store)) == (content, 20)


def test_a_copied_state_has_the_pieces(store: Store, url: str, tmp_path: Path) -> None:
    content = noise(9 * MB)
    keep(store, stored_page(content))
    copy_state(url, other := f"sqlite:///{tmp_path}/copied.db")
    with Store.open(other) as copied:
        assert copied.pages("register")[0].page.body == content


def test_the_memory_does_not_grow_with_the_body(store: Store) -> None:
    def peak(size: int) -> int:
        content = stored_page(noise(size))
        tracemalloc.start()
        keep(store, content)
        assert len(store.pages("register")[0].page.content) == size
        taken = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return taken

    assert peak(40 * MB) < 1.3 * peak(16 * MB)


@pytest.mark.parametrize(
    ("at", "altered"), [(None, []), (262_144 - 5, ["body: a secret was replaced by its reference"])]
)
def test_evidence_of_a_large_page_is_as_that_of_a_small_one(at: int | None, altered: list[str]) -> None:
    known, content = Secrets(), bytearray(noise(5 * MB))
    known.add("${TOKEN}", "пароль-пароль")
    if at is not None:
        content[at : at + 25] = "пароль-пароль".encode()
    large = stored_page(bytes(content))
    small = large._replace(page=replace(large.page, content=bytes(content)))
    with create_engine("sqlite://", poolclass=NullPool).connect() as connection:
        redactor = Redactor(known.hide, known.reveal)
        made = [make_resource(each, Holdings(connection, 0), redactor) for each in (large, small)]
    ends = [zlib.decompress(records[0].data, 47)[-5 * MB + 50 :] for records, _ in made]
    assert ends[0] == ends[1]
    assert [info["altered"] for _, info in made] == [altered, altered]
    assert made[0][1]["sha256"] == made[1][1]["sha256"]
