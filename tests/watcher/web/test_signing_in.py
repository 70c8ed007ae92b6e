"""Who may see the desk."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from tests.watcher.web.conftest import ADDRESS, TOKEN, csrf
from watcher.config.load import Config
from watcher.config.settings import WebOptions, WebUser
from watcher.web.desk import Desk
from watcher.web.server import create_app
from watcher.web.signing_in import hash_password


def test_a_stranger_is_sent_to_the_sign_in_page(nobody: TestClient) -> None:
    answer = nobody.get("/changes?entity=sable")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2Fchanges%3Fentity%3Dsable")


def test_a_program_without_a_token_gets_401(nobody: TestClient) -> None:
    assert nobody.get("/metrics", headers={"authorization": "Bearer wrong"}).status_code == 401
    assert nobody.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"}).status_code == 200


def test_the_token_in_the_address_signs_in_and_leaves_the_address(nobody: TestClient) -> None:
    answer = nobody.get(f"/sign-in?token={TOKEN}&next=/changes")
    assert (answer.status_code, answer.headers["location"]) == (303, "/changes")
    assert {"HttpOnly", "SameSite=lax"} <= set(answer.headers["set-cookie"].split("; "))
    assert nobody.get("/").status_code == 200


@pytest.mark.parametrize("there", ["//evil.test/", "https://evil.test/", "/\\evil.test", "javascript:alert(1)"])
def test_signing_in_leads_to_no_other_site(nobody: TestClient, there: str) -> None:
    assert nobody.get("/sign-in", params={"token": TOKEN, "next": there}).headers["location"] == "/"


def test_a_wrong_token_is_refused(nobody: TestClient) -> None:
    assert nobody.post("/sign-in", data={"token": "wrong"}).status_code == 403
    assert nobody.get("/").status_code == 303


def test_attempts_are_slowed_down_and_the_right_token_is_not(nobody: TestClient) -> None:
    seen = [nobody.post("/sign-in", data={"token": "x"}).status_code for _ in range(9)]
    assert set(seen[:5]) == {403}
    assert 429 in seen[5:]
    bearer = {"authorization": f"Bearer {TOKEN}"}
    assert nobody.get("/api/v1/sources", headers=bearer).status_code == 200
    assert nobody.post("/sign-in", data={"token": TOKEN}).status_code == 303


def test_failures_at_one_way_in_lock_no_other(desk: Desk, nobody: TestClient) -> None:
    wrong = {"authorization": "Bearer x"}
    assert [nobody.post("/hooks/fca?key=x").status_code for _ in range(9)][-1] == 429
    assert nobody.get("/api/v1/sources", headers=wrong).status_code == 401
    assert [nobody.get("/api/v1/sources", headers=wrong).status_code for _ in range(9)][-1] == 429
    assert nobody.post("/sign-in", data={"name": "ada", "password": "x"}).status_code == 403


@pytest.mark.parametrize(("site", "last"), [("cross-site", 403), ("same-site", 403), ("same-origin", 429)])
def test_a_page_of_another_site_locks_nobody_out(nobody: TestClient, site: str, last: int) -> None:
    headers = {"sec-fetch-site": site}
    seen = [nobody.get("/sign-in?token=x", headers=headers).status_code for _ in range(9)]
    assert seen[-1] == last


def test_each_sign_in_has_a_new_session_and_ends_the_old_one(browser: TestClient) -> None:
    first = browser.cookies["registry-watch"]
    browser.get(f"/sign-in?token={TOKEN}")
    second = browser.cookies["registry-watch"]
    browser.cookies.set("registry-watch", first)
    assert first != second
    assert browser.get("/").status_code == 303


def test_signing_out_ends_the_session(browser: TestClient) -> None:
    cookie = browser.cookies["registry-watch"]
    assert browser.post("/sign-out", data={"csrf": csrf(browser.get("/").text)}).status_code == 303
    browser.cookies.set("registry-watch", cookie)
    assert browser.get("/").status_code == 303


def _with(desk: Desk, **options: object) -> TestClient:
    desk.use(Config(**{**vars(desk.config), "web": WebOptions.model_validate(options)}))
    return TestClient(create_app(desk), ADDRESS, follow_redirects=False, client=("127.0.0.1", 5000))


def test_a_user_signs_in_with_a_password(desk: Desk) -> None:
    browser = _with(desk, users={"ada": WebUser(password=hash_password("tulip"), role="editor")})
    assert browser.post("/sign-in", data={"name": "ada", "password": "rose"}).status_code == 403
    assert browser.post("/sign-in", data={"name": "nobody", "password": ""}).status_code == 403
    assert browser.post("/sign-in", data={"name": "ada", "password": "tulip"}).status_code == 303
    assert "ada" in browser.get("/").text


def test_a_user_who_left_the_configuration_is_signed_out(desk: Desk) -> None:
    browser = _with(desk, users={"ada": WebUser(password=hash_password("tulip"))})
    browser.post("/sign-in", data={"name": "ada", "password": "tulip"})
    _with(desk)
    assert browser.get("/").status_code == 303


def test_a_trusted_proxy_names_the_user(desk: Desk) -> None:
    browser = _with(desk, proxy_header="X-User", trusted_proxies=["127.0.0.1/32"], users={"ada": {"role": "editor"}})
    assert browser.get("/", headers={"x-user": "ada"}).status_code == 200
    assert "(viewer)" in browser.get("/", headers={"x-user": "eve"}).text
    assert browser.get("/").status_code == 303


def test_a_forged_proxy_header_is_nothing(desk: Desk) -> None:
    browser = _with(desk, proxy_header="X-User", trusted_proxies=["10.0.0.1/32"])
    assert browser.get("/", headers={"x-user": "ada"}).status_code == 303
