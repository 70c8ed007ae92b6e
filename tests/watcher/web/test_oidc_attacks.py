"""Attacks at the sign-in by OpenID Connect, and what comes of them. As a table: `pytest -s` on this file."""

from __future__ import annotations

import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest
from httpx import Response
from joserfc import jwt
from starlette.testclient import TestClient

from tests.watcher.web.conftest import ADDRESS
from tests.watcher.web.provider import CLIENT, SECRET, LoopbackProvider, another, configure, go, key, known, sign_in
from watcher.web.desk import Desk
from watcher.web.pages.sign_in import ATTEMPT_COOKIE as COOKIE

MINUTE = 60


class Scene(NamedTuple):
    desk: Desk
    browser: TestClient
    provider: LoopbackProvider
    clock: SimpleNamespace


Attack = Callable[[Scene], Response]


def bent(**claims: Any) -> Attack:
    """A sign-in whose ID token has other claims; None leaves one out, a number of seconds is from now."""

    def bend(given: dict[str, Any], header: dict[str, Any]) -> None:
        for name, value in claims.items():
            if value is None:
                del given[name]
            else:
                given[name] = given["iat"] + value if name in {"exp", "nbf"} else value

    return lambda scene: with_token(scene, bend)


def issued(seconds: int, lasts: int = 300) -> Attack:
    """A sign-in whose ID token was issued so many seconds from now."""

    def bend(given: dict[str, Any], header: dict[str, Any]) -> None:
        given["iat"] += seconds
        given["exp"] = given["iat"] + lasts

    return lambda scene: with_token(scene, bend)


def with_token(scene: Scene, bend: Callable[[dict[str, Any], dict[str, Any]], str | None]) -> Response:
    scene.provider.bend = bend
    return sign_in(scene.browser)


def signed(secret: bytes, alg: str = "HS256") -> Attack:
    """A sign-in whose ID token is signed by a shared secret. By hand, as libraries refuse a public key for one."""

    def bend(claims: dict[str, Any], header: dict[str, Any]) -> str:
        text = f"{coded({**header, 'alg': alg})}.{coded(claims)}"
        return f"{text}.{coded(hmac.digest(secret, text.encode(), alg.replace('HS', 'sha')))}"

    return lambda scene: with_token(scene, bend)


def coded(part: object) -> str:
    """A part of a token."""
    return urlsafe_b64encode(part if isinstance(part, bytes) else json.dumps(part).encode()).decode().rstrip("=")


def unsigned(scene: Scene) -> Response:
    return with_token(scene, lambda claims, header: f"{coded({**header, 'alg': 'none'})}.{coded(claims)}.")


def unknown_key(scene: Scene) -> Response:
    return with_token(scene, lambda claims, _: jwt.encode({"alg": "RS256", "kid": "x"}, claims, key("x")))


def own_key(scene: Scene) -> Response:
    return with_token(scene, lambda claims, header: jwt.encode(header, claims, key("attacker")))


def altered(scene: Scene) -> Response:
    def bend(claims: dict[str, Any], header: dict[str, Any]) -> str:
        head, _, signature = scene.provider.sign(claims, header).split(".")
        return f"{head}.{coded(claims | {'groups': ['chiefs']})}.{signature}"

    return with_token(scene, bend)


def token(text: str) -> Attack:
    return lambda scene: with_token(scene, lambda *_: text)


def no_token(scene: Scene) -> Response:
    scene.provider.said = ()
    return sign_in(scene.browser)


def forged_state(scene: Scene) -> Response:
    back = go(scene.browser)
    return scene.browser.get(back.partition("state=")[0] + "state=guessed")


def replayed(scene: Scene) -> Response:
    back = go(scene.browser)
    assert scene.browser.get(back).status_code == 303
    scene.browser.cookies.clear()
    scene.browser.cookies.set(COOKIE, back.partition("state=")[2])
    return scene.browser.get(back)


def stolen_code(scene: Scene) -> Response:
    """The attacker's browser brings the code of another's into a sign-in of its own."""
    code = go(another(scene.desk)).partition("code=")[2].partition("&")[0]
    state = go(scene.browser).partition("state=")[2]
    scene.provider.person |= {"preferred_username": "attacker"}
    return scene.browser.get(f"/sign-in/oidc/callback?code={code}&state={state}")


def other_browser(scene: Scene) -> Response:
    """Somebody is made to open the address that ends the attacker's sign-in."""
    return another(scene.desk).get(go(scene.browser))


def forged_code(scene: Scene) -> Response:
    state = go(scene.browser).partition("state=")[2]
    return scene.browser.get(f"/sign-in/oidc/callback?code=guessed&state={state}")


def too_late(scene: Scene) -> Response:
    back = go(scene.browser)
    scene.clock.now += timedelta(minutes=11)
    return scene.browser.get(back)


def answered(query: str, **about: object) -> Attack:
    def attack(scene: Scene) -> Response:
        scene.provider.about = about
        return scene.browser.get(go(scene.browser) + query)

    return attack


def mixed_up(scene: Scene) -> Response:
    """The answer of one provider is brought to the address of another."""
    options = known(scene.provider)
    browser = configure(scene.desk, scene.clock, options | {"partner": options})
    return browser.get(go(browser).replace("/callback", "/partner/callback"))


def denied(scene: Scene) -> Response:
    state = go(scene.browser).partition("state=")[2]
    return scene.browser.get(f"/sign-in/oidc/callback?error=access_denied&error_description=%0Aforged&state={state}")


def told_of_another(scene: Scene) -> Response:
    scene.provider.said = ("sub",)
    return with_token(scene, lambda claims, _: claims.update(sub="u-2"))


def redirected(scene: Scene) -> Response:
    scene.provider.about = {"token_endpoint": f"{scene.provider.issuer}/nowhere"}
    return sign_in(scene.browser)


def notice(**claims: Any) -> Attack:
    return lambda scene: tell(scene, scene.provider.notice(**{"sub": "u-1"} | claims))


def tell(scene: Scene, text: str) -> Response:
    sign_in(scene.browser)
    answer = another(scene.desk).post("/sign-in/oidc/logout", data={"logout_token": text})
    still = scene.browser.get("/").status_code == 200
    assert still, "the session has ended"
    scene.browser.cookies.clear()
    return answer


def notice_again(scene: Scene) -> Response:
    text = scene.provider.notice(sub="u-1")
    assert another(scene.desk).post("/sign-in/oidc/logout", data={"logout_token": text}).status_code == 200
    return tell(scene, text)


def id_token_as_notice(scene: Scene) -> Response:
    now = int(scene.clock.now.timestamp())
    claims = {"iss": scene.provider.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "sub": "u-1", "jti": "n-2"}
    return tell(scene, scene.provider.sign(claims))


def public_key() -> bytes:
    return key().as_pem(private=False)


REFUSED, NO_NOTICE, DOWN = 403, 400, 503
ATTACKS: dict[str, tuple[Attack, int, str]] = {
    # what is wrong: what is done, the status, and what the line of the log says
    "state was never given out": (forged_state, REFUSED, "not begun"),
    "code and state a second time": (replayed, REFUSED, "has ended"),
    "code of somebody else's sign-in": (stolen_code, REFUSED, "answered 400"),
    "code was never given out": (forged_code, REFUSED, "answered 400"),
    "sign-in of another browser (login CSRF)": (other_browser, REFUSED, "by this browser"),
    "eleven minutes on the way": (too_late, REFUSED, "ten minutes ago"),
    "answer brought to another provider's address": (mixed_up, REFUSED, "not begun"),
    "iss of another provider (RFC 9207)": (answered("&iss=https://evil.test"), REFUSED, "another provider"),
    "iss is missing where it is promised": (
        answered("", authorization_response_iss_parameter_supported=True),
        REFUSED,
        "does not say from which",
    ),
    "error answer with a forged text": (denied, REFUSED, "answered access_denied"),
    "no ID token": (no_token, REFUSED, "no token"),
    "ID token is no token": (token("a.b.c"), REFUSED, "not accepted"),
    "ID token is encrypted, not signed": (token("a.b.c.d.e"), REFUSED, "not accepted"),
    "ID token of a megabyte": (token("a" * 900_000), REFUSED, "too long"),
    "header nested ten thousand times": (
        token(f"{coded(b'[' * 10_000)}.e30.x"),
        REFUSED,
        "not accepted",
    ),
    "header is a list": (token("W10.e30.x"), REFUSED, "not accepted"),
    "alg none": (unsigned, REFUSED, "unsupported_algorithm"),
    "HS256 by the public key": (signed(public_key()), REFUSED, "unsupported_algorithm"),
    "HS256 by the client's secret": (signed(SECRET.encode()), REFUSED, "unsupported_algorithm"),
    "HS512 by the client's secret": (signed(SECRET.encode(), "HS512"), REFUSED, "unsupported_algorithm"),
    "signed by another key of the same name": (own_key, REFUSED, "bad_signature"),
    "signed by a key that is not listed": (unknown_key, REFUSED, "invalid_key_id"),
    "claims altered after the signature": (altered, REFUSED, "bad_signature"),
    "another audience": (bent(aud="other"), REFUSED, "invalid_claim, aud"),
    "several audiences, none is the party": (bent(aud=[CLIENT, "other"]), REFUSED, "missing_claim, azp"),
    "another authorized party": (bent(azp="other"), REFUSED, "invalid_claim, azp"),
    "another issuer": (bent(iss="https://evil.test"), REFUSED, "invalid_claim, iss"),
    "no issuer": (bent(iss=None), REFUSED, "missing_claim, iss"),
    "no audience": (bent(aud=None), REFUSED, "missing_claim, aud"),
    "no person": (bent(sub=None), REFUSED, "missing_claim, sub"),
    "no end": (bent(exp=None), REFUSED, "missing_claim, exp"),
    "no time": (bent(iat=None), REFUSED, "missing_claim, iat"),
    "expired": (bent(exp=-10 * MINUTE), REFUSED, "expired_token"),
    "issued an hour ago": (issued(-60 * MINUTE, lasts=86_400), REFUSED, "60 minutes old"),
    "issued in the future": (issued(60 * MINUTE), REFUSED, "60 minutes ahead"),
    "not valid yet": (bent(nbf=10 * MINUTE), REFUSED, "invalid_claim, nbf"),
    "clock ten minutes behind": (issued(10 * MINUTE), REFUSED, "the clock of the provider or of this machine"),
    "clock ten minutes ahead": (issued(-10 * MINUTE), REFUSED, "the clock of the provider or of this machine"),
    "time is no number": (bent(iat="now"), REFUSED, "invalid_claim, iat"),
    "time is infinite": (bent(iat=float("inf")), REFUSED, "the clock"),
    "nonce of another sign-in": (bent(nonce="other"), REFUSED, "invalid_claim, nonce"),
    "no nonce": (bent(nonce=None), REFUSED, "missing_claim, nonce"),
    "at_hash of another access token": (bent(at_hash="x" * 22), REFUSED, "invalid_claim, at_hash"),
    "at_hash is a list": (bent(at_hash=["x"]), REFUSED, "malformed"),
    "userinfo of another person": (told_of_another, REFUSED, "somebody else"),
    "name of the token's holder": (bent(preferred_username="token"), REFUSED, "others have here"),
    "name with a line break": (bent(preferred_username="ada\nroot"), REFUSED, "preferred_username"),
    "no name": (bent(preferred_username=""), REFUSED, "preferred_username"),
    "token endpoint is not there": (redirected, DOWN, "answered 404"),
    "notice: the same again": (notice_again, NO_NOTICE, "come before"),
    "notice: an ID token": (id_token_as_notice, NO_NOTICE, "no notice"),
    "notice: with a nonce": (notice(nonce="x"), NO_NOTICE, "no notice"),
    "notice: of nobody": (notice(sub=None), NO_NOTICE, "no notice"),
    "notice: without a number": (notice(jti=None), NO_NOTICE, "no notice"),
    "notice: for another audience": (notice(aud="other"), NO_NOTICE, "invalid_claim, aud"),
    "notice: of another issuer": (notice(iss="https://evil.test"), NO_NOTICE, "invalid_claim, iss"),
    "notice: of an hour ago": (notice(iat=0, exp=None), NO_NOTICE, "minutes old"),
    "notice: not signed": (lambda scene: tell(scene, "e30.e30."), NO_NOTICE, "not accepted"),
    "notice: empty": (lambda scene: tell(scene, ""), NO_NOTICE, "no token"),
}


@pytest.mark.parametrize("what", ATTACKS)
def test_an_attack_is_refused_and_logged_once(
    desk: Desk,
    clock: SimpleNamespace,
    provider: LoopbackProvider,
    caplog: pytest.LogCaptureFixture,
    what: str,
) -> None:
    attack, status, says = ATTACKS[what]
    scene = Scene(desk, configure(desk, clock, known(provider)), provider, clock)
    answer = attack(scene)
    lines = [each.getMessage() for each in caplog.records]
    print(f"\n{what:<46} expected {status}  seen {answer.status_code}  {lines[-1] if lines else ''}")
    assert answer.status_code == status, answer.text
    assert len(lines) == 1
    assert says in lines[0]
    assert "\n" not in lines[0]
    assert scene.browser.get("/").status_code == 303  # nobody is signed in
    secret = [SECRET, "eyJ", "forged", *provider.server.access, *provider.server.refresh, *provider.server.codes]
    assert not [each for each in secret if each in lines[0] + answer.text]
    assert answer.url.copy_with(path="/", query=None) == f"{ADDRESS}/"
