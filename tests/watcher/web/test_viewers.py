"""The person behind a request: tokens of persons, what who is limited may do, and the desk as he finds it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from httpx import Response
from sqlalchemy import event, select
from starlette.testclient import TestClient

from state.db.tables.readers import TOKENS
from state.model import Event
from tests.watcher.web.conftest import ADDRESS, NOW, TOKEN
from watcher.config.settings import OidcProviders, Role, WebOptions, WebUser
from watcher.web.desk import Desk
from watcher.web.monitoring import metrics
from watcher.web.pages import API, CLOSED
from watcher.web.server import create_app
from watcher.web.viewers import FOR_TOKENS, LAST_WORD, SIGNED_IN

TOKENS_OF = "/api/v1/me/tokens"


def use(desk: Desk, oidc: OidcProviders | None = None, **users: WebUser) -> None:
    desk.use(replace(desk.config, web=WebOptions(users=users, oidc=oidc)))


def as_(desk: Desk, who: str, scope: str = "act") -> TestClient:
    """A program that asks by a token of somebody."""
    token = desk.store.tokens.make(who, "test", scope, NOW, None)[1]
    return program(desk, token)


def program(desk: Desk, token: str) -> TestClient:
    head = {"authorization": f"Bearer {token}"}
    return TestClient(create_app(desk), ADDRESS, follow_redirects=False, raise_server_exceptions=False, headers=head)


def make(client: TestClient, scope: str, **values: Any) -> Response:
    return client.post(TOKENS_OF, json={"name": "n", "scope": scope, **values})


def test_every_page_for_who_is_signed_in_asks_who_it_is() -> None:
    """Each router says so itself, as the application takes its routes as they are."""
    apis = [page.api for page in API]
    routes: list[Any] = [
        each for router in (metrics, *(page.router for page in CLOSED), *apis) for each in router.routes
    ]
    asking = [
        each for each in routes if SIGNED_IN.dependency in {needed.call for needed in each.dependant.dependencies}
    ]
    assert asking == routes
    assert [each for each in apis if not set(FOR_TOKENS) <= set(each.dependencies)] == []


def test_a_token_is_told_once_listed_without_itself_kept_as_a_fingerprint_and_deleted(desk: Desk) -> None:
    ours = program(desk, TOKEN)
    made = make(ours, "read", until="2025-08-01T00:00:00Z").json()
    (listed,) = ours.get(TOKENS_OF).json()["items"]
    assert made == {**listed, "token": made["token"]}
    assert listed == {
        "id": 1,
        "name": "n",
        "scope": "read",
        "made": "2025-07-14T12:00:00Z",
        "until": "2025-08-01T00:00:00Z",
    }
    assert made["token"] not in f"{desk.store._rows(select(TOKENS))}"
    theirs = program(desk, made["token"])
    assert theirs.get("/api/v1/changes").status_code == 200
    assert ours.delete(f"{TOKENS_OF}/1").status_code == 204
    assert ours.delete(f"{TOKENS_OF}/1").status_code == 404
    assert theirs.get("/api/v1/changes").status_code == 401
    told = [(each.what, each.subject) for each in desk.store.desk.actions()]
    assert told == [("end token", "token 1"), ("make token", "token 1: n (read)")]


def test_a_token_that_has_ended_opens_nothing(desk: Desk, nobody: TestClient) -> None:
    token = make(program(desk, TOKEN), "read", until=(NOW + timedelta(hours=1)).isoformat()).json()["token"]
    client = program(desk, token)
    assert client.get(TOKENS_OF).status_code == 200
    desk.clock = lambda: NOW + timedelta(hours=1)
    assert client.get(TOKENS_OF).status_code == 401
    assert make(program(desk, TOKEN), "read", until=NOW.isoformat()).status_code == 400


@pytest.mark.parametrize("role", ["viewer", "editor", "admin"])
def test_nobody_gives_more_than_he_has_himself(desk: Desk, role: Role) -> None:
    use(desk, ann=WebUser(role=role))
    answers = {scope: make(as_(desk, "ann", "admin"), scope).status_code for scope in ("read", "act", "admin")}
    may = {"viewer": ["read"], "editor": ["read", "act"], "admin": ["read", "act", "admin"]}[role]
    assert answers == {scope: 201 if scope in may else 403 for scope in answers}


def test_a_token_makes_no_better_one_and_one_to_read_changes_nothing(desk: Desk, changed: Callable[..., Event]) -> None:
    use(desk, ann=WebUser(role="admin"))
    number = changed().id
    acting, reading = as_(desk, "ann"), as_(desk, "ann", "read")
    assert [make(acting, scope).status_code for scope in ("read", "act", "admin")] == [201, 201, 403]
    assert make(reading, "read").status_code == 403
    assert reading.delete(f"{TOKENS_OF}/1").status_code == 403
    assert reading.post(f"/api/v1/changes/{number}/handled").status_code == 403
    assert acting.post(f"/api/v1/changes/{number}/handled").status_code == 200
    assert acting.get("/api/v1/config/sources").status_code == 403
    end = NOW + timedelta(hours=1)
    short = program(desk, desk.store.tokens.make("ann", "short", "act", NOW, end)[1])
    assert make(short, "act").json()["until"] == "2025-07-14T13:00:00Z"


def test_a_token_is_worth_what_its_owner_is_now(desk: Desk, changed: Callable[..., Event]) -> None:
    number = changed().id
    use(desk, ann=WebUser(role="admin"))
    client = as_(desk, "ann", "admin")
    assert client.get("/api/v1/config/sources").status_code == 200
    use(desk, ann=WebUser(role="viewer"))
    assert client.get("/api/v1/config/sources").status_code == 403
    use(desk, ann=WebUser(role="editor", sources=("other",)))
    assert client.get(f"/api/v1/changes/{number}").status_code == 404
    use(desk)
    assert client.get("/api/v1/changes").status_code == 401


def test_a_token_of_who_comes_by_a_provider_has_the_role_that_he_had_there_last(desk: Desk) -> None:
    oidc = OidcProviders(issuer="http://127.0.0.1:9", client_id="desk")
    use(desk, oidc)
    client = as_(desk, "eve", "admin")
    assert client.get("/api/v1/changes").status_code == 401
    desk.store.readers.set_role("eve", "admin", desk.clock())
    assert client.get("/api/v1/config/sources").status_code == 200
    desk.store.readers.set_role("eve", "viewer", desk.clock())
    assert client.get("/api/v1/config/sources").status_code == 403
    assert client.get("/api/v1/changes").status_code == 200
    desk.store.readers.set_role("eve", "viewer", desk.clock() - LAST_WORD)
    assert client.get("/api/v1/changes").status_code == 401
    desk.store.readers.set_role("eve", "viewer", desk.clock())
    use(desk)
    assert client.get("/api/v1/changes").status_code == 401


def test_whose_role_comes_from_elsewhere_is_no_admin_while_he_is_limited(desk: Desk) -> None:
    use(desk, OidcProviders(issuer="http://127.0.0.1:9", client_id="desk"), eve=WebUser(sources=("fca",)))
    desk.store.readers.set_role("eve", "admin", desk.clock())
    client = as_(desk, "eve", "admin")
    assert client.get("/api/v1/config/sources").status_code == 403
    assert make(client, "admin").status_code == 403
    assert make(client, "act").status_code == 201


def test_nobody_has_the_tokens_of_another(desk: Desk) -> None:
    use(desk, ann=WebUser(role="editor"), ben=WebUser(role="editor"))
    ann, ben = as_(desk, "ann"), as_(desk, "ben")
    assert [each["id"] for each in ben.get(TOKENS_OF).json()["items"]] == [2]
    assert ben.delete(f"{TOKENS_OF}/1").status_code == 404
    assert ann.get(TOKENS_OF).status_code == 200


@pytest.mark.parametrize("given", ["x", "token", "a" * 4000, "\x7f", "0123456789abcdeg"])
def test_a_guessed_token_is_looked_for_once_in_an_index(desk: Desk, given: str) -> None:
    use(desk, ann=WebUser(role="editor"))
    right, asked = as_(desk, "ann"), list[str]()
    guess = program(desk, given)

    @event.listens_for(desk.store._database._reader, "before_cursor_execute")
    def note(_connection: Any, _cursor: Any, statement: str, *_: object) -> None:
        if "api_tokens" in statement and "EXPLAIN" not in statement:
            asked.append(statement)

    assert guess.get("/api/v1/sources").status_code == 401
    assert right.get("/api/v1/sources").status_code == 200
    assert asked == [asked[0]] * 2
    with desk.store._database.reading() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked[0]}", (b"x",)).all()
    assert [row.detail.split(" (")[0] for row in plan] == [
        "SEARCH api_tokens USING INDEX sqlite_autoindex_api_tokens_1"
    ]


@pytest.mark.parametrize("path", ["/evidence", "/metrics", "/add", "/config", "/welcome", "/api/v1/config/sources"])
def test_what_is_about_the_whole_watch_is_refused_to_who_is_limited(desk: Desk, path: str) -> None:
    use(desk, ann=WebUser(role="editor", entities=("sable",)), ben=WebUser(role="editor"))
    assert as_(desk, "ann").get(path).status_code == 403
    assert as_(desk, "ben").get(path).status_code == (403 if "config" in path or "welcome" in path else 200)
    assert "/evidence" not in as_(desk, "ann").get("/changes").text


def test_the_address_of_a_feed_opens_what_its_reader_may_see_when_it_is_asked_for(
    desk: Desk, changed: Callable[..., Event], nobody: TestClient
) -> None:
    use(desk, ann=WebUser(role="editor", entities=("sable",)))
    changed("Sable Capital")
    changed("Another Ltd")
    ann = as_(desk, "ann")
    page = ann.get("/changes").text
    address = page.partition('href="/feeds/changes.atom?')[2].partition('"')[0].replace("&amp;", "&")
    assert address.startswith("for=ann&key=")
    mine = f"/feeds/changes.atom?{address}"
    for client in (ann, nobody):
        assert ("Sable" in client.get(mine).text, "Another" in client.get(mine).text) == (True, False)
    assert nobody.get(mine.replace("for=ann&", "")).status_code == 404
    assert nobody.get(mine.replace("for=ann", "for=ben")).status_code == 404
    tag = nobody.get(mine).headers["etag"]
    changed("Another Ltd", hours=0)
    assert nobody.get(mine, headers={"if-none-match": tag}).status_code == 304
    all_, renewed = ann.get("/feeds/changes.atom").text, ann.post("/feeds/changes.atom/renew").headers["location"]
    assert "Another" not in all_
    assert nobody.get(mine).status_code == 404
    assert nobody.get(renewed).status_code == 200
    use(desk, ann=WebUser(role="editor", sources=("other",)))
    assert "Sable" not in nobody.get(renewed).text
    use(desk)
    assert nobody.get(renewed).status_code == 404


def test_who_is_not_limited_has_the_desk_itself(desk: Desk) -> None:
    assert desk.limited(WebUser(role="editor").sight) is desk
    limited = desk.limited(WebUser(role="editor", sources=("f*",)).sight)
    assert limited.whole is desk
    assert (list(limited.config.sources), limited.sessions is desk.sessions) == (["fca"], True)
    assert desk.limited(WebUser(sources=("x",)).sight).config.sources == {}
