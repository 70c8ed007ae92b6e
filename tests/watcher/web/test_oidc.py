"""Signing in by OpenID Connect, at a real provider on loopback."""

from __future__ import annotations

import logging
from datetime import timedelta
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.testclient import TestClient

from tests.watcher.web.conftest import ADDRESS, NOW, TOKEN, csrf, read
from tests.watcher.web.provider import (
    SECRET,
    LoopbackProvider,
    another,
    configure,
    go,
    key,
    known,
    serving,
    sign_in,
)
from watcher.web.desk import Desk
from watcher.web.viewers import COOKIE, present_role


@pytest.fixture
def browser(desk: Desk, clock: SimpleNamespace, provider: LoopbackProvider) -> TestClient:
    return configure(desk, clock, known(provider))


def role(browser: TestClient) -> str:
    """The role of whoever is signed in, by what the page offers; empty for who is signed out."""
    page = browser.get("/")
    if page.status_code == 303:
        return ""
    return "viewer" if "(viewer)" in page.text else "admin" if 'href="/config"' in page.text else "editor"


def who(browser: TestClient) -> str:
    """The name of whoever is signed in."""
    link = read(browser, "/").select_one(".who a")
    return link.text.removesuffix(" (viewer)") if link else ""


def test_somebody_signs_in_and_is_led_on(desk: Desk, browser: TestClient) -> None:
    answer = sign_in(browser, "/sign-in/oidc?next=/changes")
    assert (answer.status_code, answer.headers["location"]) == (303, "/changes"), answer.text
    assert role(browser) == "viewer"
    reader = desk.store.readers.reader("ada")
    assert reader
    assert (reader.role, reader.mail, reader.verified) == ("viewer", "ada@corp.test", NOW)


def test_the_way_to_the_provider_is_guarded(browser: TestClient, provider: LoopbackProvider) -> None:
    begun = browser.get("/sign-in/oidc?next=//evil.test")
    asked = parse_qs(urlsplit(begun.headers["location"]).query)
    assert (asked["code_challenge_method"], asked["redirect_uri"]) == (["S256"], [f"{ADDRESS}/sign-in/oidc/callback"])
    assert asked["scope"] == ["openid profile email"]
    assert asked.keys() >= {"state", "nonce", "code_challenge"}
    assert {"HttpOnly", "SameSite=lax"} <= set(begun.headers["set-cookie"].split("; "))
    page = browser.get("/sign-in?next=/changes")
    assert 'href="/sign-in/oidc?next=/changes">Sign in with 127.0.0.1' in page.text
    assert f"form-action {provider.issuer} 'self';" in page.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ([], "viewer"),
        (["strangers"], "viewer"),
        (["staff", "desk"], "editor"),
        (["chiefs", "desk"], "admin"),
        ("desk", "editor"),
        ([7, None, ["chiefs"]], "viewer"),
        (None, "viewer"),
    ],
)
def test_the_highest_role_of_his_groups_counts(
    browser: TestClient, provider: LoopbackProvider, groups: object, expected: str
) -> None:
    provider.person |= {"groups": groups}
    sign_in(browser)
    assert role(browser) == expected


@pytest.mark.parametrize("said", [("sub",), ("sub", "preferred_username", "email"), ("sub", "groups")])
def test_what_the_id_token_lacks_is_in_the_userinfo(
    browser: TestClient, provider: LoopbackProvider, said: tuple[str, ...]
) -> None:
    provider.said, provider.person["groups"] = said, ["desk"]
    sign_in(browser)
    assert role(browser) == "editor"


@pytest.mark.parametrize(
    ("methods", "secret"), [(("client_secret_post",), SECRET), (("client_secret_basic", "none"), SECRET)]
)
def test_the_client_says_who_it_is_as_the_provider_takes_it(
    desk: Desk, clock: SimpleNamespace, provider: LoopbackProvider, methods: tuple[str, ...], secret: str
) -> None:
    provider.methods = methods
    browser = configure(desk, clock, known(provider, client_secret=secret))
    assert sign_in(browser).status_code == 303


def test_a_wrong_secret_is_named_as_the_options_of_the_desk_are(
    desk: Desk, clock: SimpleNamespace, provider: LoopbackProvider
) -> None:
    answer = sign_in(configure(desk, clock, known(provider, client_secret="another one")))
    assert (answer.status_code, "answered 401 Unauthorized; see client_id and client_secret" in answer.text) == (
        403,
        True,
    )
    assert "option auth" not in answer.text


def test_a_public_client_has_no_secret(desk: Desk, clock: SimpleNamespace, provider: LoopbackProvider) -> None:
    provider.methods = ("none",)
    browser = configure(desk, clock, known(provider, client_secret=None))
    assert sign_in(browser).status_code == 303


@pytest.mark.parametrize(
    ("verified", "kept"), [(True, "ada@corp.test"), (None, "ada@corp.test"), (False, None), ("false", None)]
)
def test_an_address_counts_unless_the_provider_doubts_it(
    desk: Desk, browser: TestClient, provider: LoopbackProvider, verified: object, kept: str | None
) -> None:
    provider.person["email_verified"] = verified
    if verified is None:
        del provider.person["email_verified"]
    sign_in(browser)
    reader = desk.store.readers.reader("ada")
    assert reader
    assert reader.mail == kept


def test_an_address_of_his_own_stays(desk: Desk, browser: TestClient) -> None:
    desk.store.readers.set_mail("ada", "home@ada.test")
    sign_in(browser)
    reader = desk.store.readers.reader("ada")
    assert reader
    assert (reader.mail, reader.verified) == ("home@ada.test", None)


def test_a_table_of_the_same_name_limits_him_and_leaves_the_role(
    desk: Desk, clock: SimpleNamespace, provider: LoopbackProvider
) -> None:
    provider.person["groups"] = ["desk"]
    browser = configure(desk, clock, known(provider), users={"ada": {"role": "viewer", "sources": ["other"]}})
    sign_in(browser)
    assert role(browser) == "editor"
    assert browser.get("/sources/fca").status_code == 404


def test_who_loses_a_group_loses_the_role_within_an_hour(
    desk: Desk, clock: SimpleNamespace, browser: TestClient, provider: LoopbackProvider
) -> None:
    provider.person["groups"] = ["desk"]
    sign_in(browser)
    provider.person["groups"] = []
    clock.now += timedelta(minutes=30)
    assert role(browser) == "editor"
    clock.now += timedelta(minutes=30)
    assert role(browser) == "viewer"
    reader = desk.store.readers.reader("ada")
    assert reader
    assert reader.role == "viewer"
    asked = provider.asked["/token"]
    clock.now += timedelta(minutes=30)
    assert (role(browser), provider.asked["/token"]) == ("viewer", asked)


def test_without_a_refresh_token_the_userinfo_is_asked(
    clock: SimpleNamespace, browser: TestClient, provider: LoopbackProvider
) -> None:
    provider.refreshes, provider.person["groups"] = False, ["desk"]
    sign_in(browser)
    provider.person["groups"] = ["chiefs"]
    clock.now += timedelta(hours=1)
    assert role(browser) == "admin"
    provider.server.access.clear()  # the access token has ended
    clock.now += timedelta(hours=1)
    assert role(browser) == ""


def test_a_refresh_that_is_refused_ends_the_session(
    clock: SimpleNamespace, browser: TestClient, provider: LoopbackProvider
) -> None:
    sign_in(browser)
    provider.server.refresh.clear()
    clock.now += timedelta(hours=1)
    assert role(browser) == ""


def test_a_feed_that_is_read_by_a_session_is_a_use_of_it(
    clock: SimpleNamespace, browser: TestClient, provider: LoopbackProvider
) -> None:
    sign_in(browser)
    assert browser.get("/feeds/changes.atom").status_code == 200
    provider.server.refresh.clear()
    clock.now += timedelta(hours=1)
    assert browser.get("/feeds/changes.atom").status_code == 404


def test_somebody_else_in_a_session_ends_it(
    clock: SimpleNamespace, browser: TestClient, provider: LoopbackProvider
) -> None:
    sign_in(browser)
    provider.person |= {"sub": "u-2", "groups": ["chiefs"]}
    clock.now += timedelta(hours=1)
    assert role(browser) == ""


def test_a_provider_that_is_down_keeps_a_session_for_a_while(
    clock: SimpleNamespace, browser: TestClient, provider: LoopbackProvider, caplog: pytest.LogCaptureFixture
) -> None:
    sign_in(browser)
    provider.down = True
    for minutes in (60, 62, 64, 200):
        clock.now = NOW + timedelta(minutes=minutes)
        assert role(browser) == "viewer"
    assert len([each for each in caplog.records if each.name == "watcher.web.oidc"]) == 1
    provider.down = False
    clock.now += timedelta(minutes=2)
    assert role(browser) == "viewer"
    provider.down = True
    clock.now += timedelta(hours=5)
    assert role(browser) == ""


def test_a_provider_that_is_down_leaves_the_other_ways(
    desk: Desk, browser: TestClient, provider: LoopbackProvider, caplog: pytest.LogCaptureFixture
) -> None:
    provider.down = True
    answer = browser.get("/sign-in/oidc")
    assert answer.status_code == 503
    assert "is not possible now" in answer.text
    assert 'name="token"' in answer.text
    assert len(caplog.records) == 1
    assert browser.get("/sign-in").status_code == 200
    assert browser.post("/sign-in", data={"token": TOKEN}).status_code == 303


def test_one_that_goes_down_on_the_way_says_so(browser: TestClient, provider: LoopbackProvider) -> None:
    back = go(browser)
    provider.down = True
    assert browser.get(back).status_code == 503


@pytest.mark.parametrize(
    "about",
    [
        {"issuer": "https://other.test"},
        {"token_endpoint": "http://elsewhere.test/token"},
        {"jwks_uri": 7},
        {"end_session_endpoint": "javascript:alert(1)"},
    ],
)
def test_a_provider_that_describes_itself_badly_is_not_used(
    browser: TestClient, provider: LoopbackProvider, about: dict[str, object]
) -> None:
    provider.about = about
    assert browser.get("/sign-in/oidc").status_code == 503


def test_signing_out_goes_on_at_the_provider(browser: TestClient, provider: LoopbackProvider) -> None:
    sign_in(browser)
    answer = browser.post("/sign-out", data={"csrf": csrf(browser.get("/").text)})
    where = urlsplit(answer.headers["location"])
    asked = parse_qs(where.query)
    assert (answer.status_code, f"{where.scheme}://{where.netloc}{where.path}") == (303, f"{provider.issuer}/end")
    assert asked["post_logout_redirect_uri"] == [f"{ADDRESS}/sign-in"]
    assert asked.keys() == {"id_token_hint", "client_id", "post_logout_redirect_uri"}
    assert role(browser) == ""


def test_without_such_an_address_signing_out_ends_here(browser: TestClient, provider: LoopbackProvider) -> None:
    provider.lacks = {"end_session_endpoint"}
    sign_in(browser)
    answer = browser.post("/sign-out", data={"csrf": csrf(browser.get("/").text)})
    assert answer.headers["location"] == "/sign-in"


@pytest.mark.parametrize(
    ("claims", "ended"),
    [
        ({"sub": "u-1"}, 2),
        ({"sid": "s-1"}, 1),
        ({"sub": "u-1", "sid": "s-2"}, 1),
        ({"sub": "u-2"}, 0),
        ({"sub": "u-2", "sid": "s-1"}, 0),
    ],
)
def test_a_notice_of_the_provider_ends_sessions(
    desk: Desk, browser: TestClient, provider: LoopbackProvider, claims: dict[str, str], ended: int
) -> None:
    other = another(desk)
    for number, each in enumerate((browser, other), 1):
        provider.person["sid"] = f"s-{number}"
        sign_in(each)
    answer = another(desk).post("/sign-in/oidc/logout", data={"logout_token": provider.notice(**claims)})
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert [role(browser), role(other)].count("") == ended


def test_two_providers_have_no_person_in_common(desk: Desk, clock: SimpleNamespace, provider: LoopbackProvider) -> None:
    with serving(LoopbackProvider(lambda: clock.now, ADDRESS), "/realm") as partner:
        partner.person["groups"] = ["chiefs"]
        browser = configure(desk, clock, known(provider) | {"partner": known(partner, label="Partner & Co")})
        assert "Sign in with Partner &amp; Co" in browser.get("/sign-in").text
        sign_in(browser, "/sign-in/oidc/partner")
        assert who(browser) == "ada@partner"
        assert role(browser) == "admin"
        sign_in(browser)
        assert who(browser) == "ada"
        provider.person["preferred_username"] = "ada@partner"
        assert sign_in(browser).status_code == 403


def test_the_first_of_several_is_meant_without_a_name(
    desk: Desk, clock: SimpleNamespace, provider: LoopbackProvider
) -> None:
    browser = configure(desk, clock, {"work": known(provider)})
    answer = sign_in(browser)
    assert answer.status_code == 303, answer.text
    assert who(browser) == "ada@work"
    assert browser.get("/sign-in/oidc/none").status_code == 404
    assert browser.get("/sign-in/oidc/callback").status_code == 404


def test_keys_that_were_changed_are_read_again_once_a_minute(
    clock: SimpleNamespace, browser: TestClient, provider: LoopbackProvider
) -> None:
    sign_in(browser)
    provider.keys = [key("second")]
    assert sign_in(browser).status_code == 403
    clock.now += timedelta(minutes=2)
    assert sign_in(browser).status_code == 303
    assert provider.asked["/keys"] == 2


def test_a_provider_with_other_options_has_its_people_sign_in_again(
    desk: Desk, clock: SimpleNamespace, browser: TestClient, provider: LoopbackProvider
) -> None:
    sign_in(browser)
    configure(desk, clock, known(provider), websub=True)
    assert role(browser) == "viewer"
    configure(desk, clock, known(provider, roles={}))
    assert role(browser) == ""


def test_the_role_of_a_provider_that_is_gone_counts_no_more(
    desk: Desk, clock: SimpleNamespace, browser: TestClient
) -> None:
    sign_in(browser)
    assert present_role(desk, "ada") == "viewer"
    configure(desk, clock, None)
    assert present_role(desk, "ada") is None


def test_nobody_can_sign_in_where_no_provider_is(nobody: TestClient) -> None:
    assert nobody.get("/sign-in/oidc").status_code == 404
    assert nobody.post("/sign-in/oidc/logout", data={"logout_token": "x"}).status_code == 404


def test_no_secret_is_logged(
    desk: Desk, browser: TestClient, provider: LoopbackProvider, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    sign_in(browser)
    provider.bend = lambda claims, header: claims.update(nonce="other")
    sign_in(browser)
    session = desk.sessions.find(browser.cookies[COOKIE])
    assert session
    assert session.voucher
    ours = [each.getMessage() for each in caplog.records if not each.name.startswith("authlib.oauth2")]  # the server's
    told = "\n".join([*ours, repr(session)])
    assert not [each for each in (SECRET, *session.voucher.tokens.values()) if each in told]
