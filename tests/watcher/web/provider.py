"""A provider of OpenID Connect on loopback: Authlib's own server checks clients, codes and PKCE; joserfc signs.

Whoever comes is signed in as `person` at once. What it says can be bent, to see what is refused.
"""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
from authlib.common.security import generate_token
from authlib.oauth2.rfc6749 import AuthorizationServer, OAuth2Request
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant, RefreshTokenGrant
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from authlib.oauth2.rfc6750 import BearerTokenGenerator
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core.util import create_half_hash
from httpx import Response
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.testclient import TestClient

from watcher.config.load import Config
from watcher.config.settings import WebOptions
from watcher.web.desk import Desk
from watcher.web.server import create_app

ADDRESS = "http://127.0.0.1:8350"
CLIENT, SECRET = "desk", "a secret: of 100 %"
LOGOUT = "http://schemas.openid.net/event/backchannel-logout"


@cache
def key(kid: str = "first") -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": kid})


class Asked(OAuth2Request):
    """A request of http.server, as Authlib has them."""

    def __init__(self, handler: BaseHTTPRequestHandler, form: dict[str, str]) -> None:
        headers = {name.title(): value for name, value in handler.headers.items()}
        super().__init__(handler.command, "https://provider.test" + handler.path, headers=headers)
        self._form = form
        self.payload = BasicOAuth2Payload(dict(parse_qsl(urlsplit(handler.path).query)) | form)

    @property
    def args(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.uri).query))

    @property
    def form(self) -> dict[str, str]:
        return self._form


class Codes(AuthorizationCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic", "client_secret_post", "none")

    def save_authorization_code(self, code: str, request: Any) -> None:
        asked = request.payload.data
        self.server.codes[code] = SimpleNamespace(
            code=code,
            get_redirect_uri=lambda: asked["redirect_uri"],
            get_scope=lambda: asked["scope"],
            nonce=asked.get("nonce"),
            code_challenge=asked.get("code_challenge"),
            code_challenge_method=asked.get("code_challenge_method"),
        )

    def query_authorization_code(self, code: str, client: Any) -> Any:
        return self.server.codes.get(code)

    def delete_authorization_code(self, authorization_code: Any) -> None:
        del self.server.codes[authorization_code.code]

    def authenticate_user(self, authorization_code: Any) -> Any:
        return self.server.provider.person


class Refreshes(RefreshTokenGrant):
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token: str) -> Any:
        return self.server.refresh.get(refresh_token)

    def authenticate_user(self, refresh_token: Any) -> Any:
        return self.server.provider.person

    def revoke_old_credential(self, refresh_token: Any) -> None:
        del self.server.refresh[refresh_token.text]


class Server(AuthorizationServer):
    def __init__(self, provider: LoopbackProvider) -> None:
        super().__init__()
        self.provider, self.codes, self.refresh, self.access = provider, {}, {}, set()
        self.register_grant(Codes, [CodeChallenge(required=True)])
        self.register_grant(Refreshes)
        make = lambda *_, **__: generate_token(42)  # noqa: E731
        self.register_token_generator("default", BearerTokenGenerator(make, make))

    def query_client(self, client_id: str) -> Any:
        known = self.provider
        return client_id == CLIENT and SimpleNamespace(
            client_id=CLIENT,
            check_redirect_uri=lambda uri: uri.partition("/sign-in/oidc")[0] == known.desk,
            get_default_redirect_uri=lambda: None,
            check_response_type=lambda kind: kind == "code",
            check_grant_type=lambda kind: kind != "refresh_token" or known.refreshes,
            check_client_secret=lambda secret: secret == SECRET,
            check_endpoint_auth_method=lambda method, _: method in known.methods,
            get_allowed_scope=lambda scope: scope,
        )

    def save_token(self, token: dict[str, Any], request: Any) -> None:
        self.access.add(token["access_token"])
        if text := token.get("refresh_token"):
            scope = token["scope"]
            self.refresh[text] = SimpleNamespace(text=text, get_scope=lambda: scope, check_client=lambda _: True)

    def create_oauth2_request(self, request: Any) -> Any:
        return request

    def handle_response(self, status: int, body: Any, headers: Any) -> Any:
        return status, body, dict(headers)

    def send_signal(self, *_: Any, **__: Any) -> None: ...


@dataclass
class LoopbackProvider:
    """`person` has all claims of who comes; `said` are those in the ID token, the userinfo has all."""

    clock: Callable[[], datetime]
    desk: str
    issuer: str = ""
    person: dict[str, Any] = field(
        default_factory=lambda: {
            "sub": "u-1",
            "preferred_username": "ada",
            "email": "ada@corp.test",
            "email_verified": True,
            "groups": ["staff"],
        }
    )
    said: tuple[str, ...] = ("sub", "preferred_username", "email", "email_verified", "groups", "sid")
    methods: tuple[str, ...] = ("client_secret_basic",)
    refreshes: bool = True
    down: bool = False
    about: dict[str, Any] = field(default_factory=dict)
    lacks: set[str] = field(default_factory=set)
    keys: list[RSAKey] = field(default_factory=lambda: [key()])
    bend: Callable[[dict[str, Any], dict[str, Any]], str | None] = lambda claims, header: None
    asked: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.server = Server(self)

    def discovery(self) -> dict[str, Any]:
        paths = {
            "authorization_endpoint": "authorize",
            "token_endpoint": "token",
            "jwks_uri": "keys",
            "userinfo_endpoint": "info",
            "end_session_endpoint": "end",
        }
        found = {name: f"{self.issuer}/{path}" for name, path in paths.items()}
        more = {"issuer": self.issuer, "token_endpoint_auth_methods_supported": list(self.methods)}
        return {name: value for name, value in (found | more | self.about).items() if name not in self.lacks}

    def id_token(self, token: dict[str, Any], nonce: str | None) -> str:
        now = int(self.clock().timestamp())
        header = {"alg": "RS256", "kid": self.keys[-1].kid}
        claims = {name: value for name, value in self.person.items() if name in self.said}
        claims |= {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300}
        claims |= {"at_hash": create_half_hash(token["access_token"], "RS256").decode()}
        claims |= {"nonce": nonce} if nonce else {}
        return self.bend(claims, header) or self.sign(claims, header)

    def sign(self, claims: dict[str, Any], header: dict[str, Any] | None = None) -> str:
        return jwt.encode(header or {"alg": "RS256", "kid": self.keys[-1].kid}, claims, self.keys[-1])

    def notice(self, **claims: Any) -> str:
        """A logout token; a claim that is None is left out."""
        now = int(self.clock().timestamp())
        usual = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 120, "jti": "n-1", "events": {LOGOUT: {}}}
        return self.sign({name: value for name, value in (usual | claims).items() if value is not None})

    def answer(self, handler: BaseHTTPRequestHandler, form: dict[str, str]) -> tuple[int, Any, dict[str, str]]:
        path = urlsplit(handler.path).path.removeprefix(urlsplit(self.issuer).path)
        self.asked[path] += 1
        if self.down:
            return 503, "", {}
        request = Asked(handler, form)
        if path == "/authorize":
            grant = self.server.get_authorization_grant(request)
            return self.server.create_authorization_response(request, grant_user=self.person, grant=grant)
        if path == "/token":
            code = self.server.codes.get(form.get("code", ""))
            status, body, headers = self.server.create_token_response(request)
            if status == 200 and self.said:
                body["id_token"] = self.id_token(body, code.nonce if code else None)
            return status, body, headers
        if path == "/info":
            known = handler.headers.get("Authorization", "").removeprefix("Bearer ") in self.server.access
            return (200, self.person, {}) if known else (401, "", {})
        found = {
            "/.well-known/openid-configuration": self.discovery(),
            "/keys": {"keys": [each.as_dict(private=False) for each in self.keys]},
        }
        return (200, found[path], {}) if path in found else (404, "", {})


@contextmanager
def serving(provider: LoopbackProvider, path: str = "") -> Iterator[LoopbackProvider]:
    """Answers on a free port, below a path, until the end."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.do_POST()

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            form = dict(parse_qsl(self.rfile.read(length).decode()))
            status, body, headers = provider.answer(self, form)
            content = (json.dumps(body) if isinstance(body, dict) else body).encode()
            self.send_response(status)
            for name, value in (headers | {"Content-Length": str(len(content))}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        provider.issuer = f"http://127.0.0.1:{server.server_port}{path}"
        try:
            yield provider
        finally:
            server.shutdown()
            thread.join()


ROLES = {"desk": "editor", "chiefs": "admin"}


def known(provider: LoopbackProvider, **more: object) -> dict[str, object]:
    """The options that make a provider known to a desk."""
    return {"issuer": provider.issuer, "client_id": CLIENT, "client_secret": SECRET, "roles": ROLES} | more


def configure(desk: Desk, clock: SimpleNamespace, oidc: dict[str, object] | None, **web: object) -> TestClient:
    """A browser at a desk with these providers, which goes by a clock that can be set."""
    options = WebOptions.model_validate({"base_url": ADDRESS, "oidc": oidc, **web})
    desk.clock = lambda: clock.now
    desk.use(Config(**{**vars(desk.config), "web": options}))
    return another(desk)


def another(desk: Desk) -> TestClient:
    """Another browser."""
    return TestClient(create_app(desk), ADDRESS, follow_redirects=False, raise_server_exceptions=False)


def go(browser: TestClient, way: str = "/sign-in/oidc") -> str:
    """Go to the provider; the address at the desk to which it sends the browser back."""
    begun = browser.get(way)
    assert begun.status_code == 303, begun.text
    return httpx.get(begun.headers["location"]).headers["location"]


def sign_in(browser: TestClient, way: str = "/sign-in/oidc") -> Response:
    """Go to the provider, and come back."""
    return browser.get(go(browser, way))
