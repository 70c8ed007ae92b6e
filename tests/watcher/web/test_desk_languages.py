"""The desk in the language of who asks."""

from __future__ import annotations

from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from alerts.language import Language
from tests.watcher.web.conftest import ADDRESS
from watcher.config.settings import WebOptions, WebUser
from watcher.web.app import create_app
from watcher.web.desk import Desk
from watcher.web.viewers import COOKIE


@pytest.mark.parametrize(
    ("own", "accepted", "of_all", "spoken"),
    [
        ("ar", "de", "en", "ar"),
        (None, "fi, pl;q=0.5, de;q=0.9", "en", "de"),
        (None, "fi", "uk", "uk"),
        (None, "", "en", "en"),
    ],
)
def test_a_page_is_in_the_language_of_the_user_else_of_the_browser_else_of_the_configuration(
    desk: Desk, own: Language | None, accepted: str, of_all: Language, spoken: str
) -> None:
    users = {"ana": WebUser(language=own)}
    desk.use(replace(desk.config, web=WebOptions(users=users), language=of_all))
    client = TestClient(create_app(desk), ADDRESS, cookies={COOKIE: desk.sessions.begin("ana")})
    answer = client.get("/changes", headers={"accept-language": accepted})
    assert answer.headers["content-language"] == spoken
    assert answer.headers["vary"] == "Accept-Language"
    assert f'<html lang="{spoken}" dir="{"rtl" if spoken == "ar" else "ltr"}">' in answer.text


@pytest.mark.parametrize("address", ["/sign-in", "/nowhere", "/shared/none", "/unsubscribe/none"])
def test_who_is_not_signed_in_has_the_language_of_the_browser(nobody: TestClient, address: str) -> None:
    assert '<html lang="de" dir="ltr">' in nobody.get(address, headers={"accept-language": "de-AT"}).text


def test_a_feed_is_in_the_language_of_its_reader_and_not_of_what_fetches_it(browser: TestClient, desk: Desk) -> None:
    head = {"accept-language": "de"}
    tag = browser.get("/feeds/changes.atom", headers=head).headers["etag"]
    assert browser.get("/feeds/changes.atom", headers=head | {"if-none-match": tag}).status_code == 304
    desk.use(replace(desk.config, language="fr"))
    assert browser.get("/feeds/changes.atom", headers=head | {"if-none-match": tag}).status_code == 200
