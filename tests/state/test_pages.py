"""Pages that are stored without what is personal: the body that is stored, and what evidence says of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from sources import Get, Page
from state.compare.reader_fingerprints import body_fingerprint
from state.db.redaction import Redactor
from state.evidence.records import Holdings, make_resource
from state.model import Acceptance, Commit, Difference, SourceState, StoredPage
from state.store import Store

CAME, KEPT = b'{"name": "A", "born": 1970}', b'{"name": "A"}'
NOTHING = Difference((), (), {}, {}, b"digest", 0, ())


@pytest.fixture
def stored() -> StoredPage:
    headers = {"content-type": "application/vnd.ms-excel"}
    page = Page(Get("https://a.example/"), "https://a.example/", 200, headers, CAME, datetime(2025, 7, 16, tzinfo=UTC))
    return StoredPage(replace(page, gzip=b"packed"), body_fingerprint(CAME), None, None, kept=KEPT)


def test_the_kept_body_is_stored_in_place_of_the_page_and_stays(store: Store, stored: StoredPage) -> None:
    store.commit("it", lambda _: Commit(SourceState("it"), Acceptance(NOTHING, [stored], "reading", "place")))
    (back,) = store.pages("it")
    assert (back.page.body, back.kept, back.body_hash) == (KEPT, KEPT, stored.body_hash)
    (again,) = store.pages("it", bodies=False)
    assert again.kept is not None
    store.commit("it", lambda state: Commit(state, validators=[again]))
    assert store.pages("it") == [back]


@pytest.mark.parametrize(("body", "altered"), [(CAME, []), (KEPT, ["body: written anew, without what is personal"])])
def test_evidence_says_whether_a_page_is_as_it_came(body: bytes, altered: list[str], stored: StoredPage) -> None:
    page = stored._replace(page=replace(stored.page, content=body, gzip=b""))
    with create_engine("sqlite://", poolclass=NullPool).connect() as connection:
        _, info = make_resource(page, Holdings(connection, 0), Redactor(str, str))
    assert info["altered"] == altered
