"""The boundary of the desk: what no route sees, and what each answer carries.

Pure ASGI, since Starlette's BaseHTTPMiddleware costs a task for each request.
"""

import re
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from alerts.language import phrase_many
from alerts.links import UNSUBSCRIBE
from sources import Source
from sources.options import largest_page
from watcher.config.settings import UNIX, WebOptions, host_and_port

MOST_BODY = 1_000_000  # bytes of a request, but for a push
API = "/api/"
FOR_PROGRAMS = (API, "/hooks/", "/metrics")  # answers are in English, and an error is JSON
PUSHED = re.compile("/api/v1/sources/(.+)/entries")
MAILED = f"/{UNSUBSCRIBE}/"  # what a mail's provider posts to (RFC 8058): the link alone says what it may
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
LOOPBACK = ("localhost", "127.0.0.1", "::1")
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}


def hosts_of(options: WebOptions) -> frozenset[str]:
    """The host names by which the desk may be addressed: any other one is a rebound name (DNS rebinding)."""
    named = {urlsplit(options.base_url).hostname or ""} if options.base_url else set[str]()
    listening = set[str]() if options.listen.startswith(UNIX) else {host_and_port(options.listen)[0].lower()}
    return frozenset({*named, *listening, *LOOPBACK})


class Boundary:
    """Refuses requests for another host, writes from another origin and bodies that are too large; adds headers."""

    def __init__(self, app: ASGIApp, options: WebOptions, sources: Callable[[], Mapping[str, Source]] = dict) -> None:
        self._app, self._hosts, self._sources = app, hosts_of(options), sources
        # signing out leads to a provider, and Chromium holds form-action against what a form is redirected to, too
        origins = {urlsplit(each.issuer)._replace(path="").geturl() for each in options.providers.values()}
        policy = CONTENT_SECURITY_POLICY.replace("form-action", " ".join(("form-action", *sorted(origins))))
        headers = HEADERS | {"Content-Security-Policy": policy}
        self._headers = [(name.lower().encode(), value.encode()) for name, value in headers.items()]  # as ASGI has them
        self._origin = urlsplit(options.base_url or "").netloc

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["method"] == "HEAD":  # of which the server leaves out the body
            scope = {**scope, "method": "GET"}

        most = self._most(scope)
        taken = 0  # bytes of the body, also of one that announces no length

        async def receive_bounded() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > most:
                raise HTTPException(413, _too_large(most))
            return message

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["status"] = 413 if taken > most else message["status"]
                given = {name for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(each for each in self._headers if each[0] not in given)]
            await send(message)

        if refused := self._find_refusal(scope, Headers(scope=scope), most):
            status, line = refused
            closing = {"Connection": "close"} if status == 400 else None
            said = (
                JSONResponse({"error": line}, status, closing)
                if scope["path"].startswith(FOR_PROGRAMS)
                else PlainTextResponse(f"{line}\n", status, closing)
            )
            await said(scope, receive, send_with_headers)
        else:
            await self._app(scope, receive_bounded, send_with_headers)

    def _most(self, scope: Scope) -> int:
        """The most bytes of a request: what programs push is as large as a page of its source may be."""
        pushed = PUSHED.fullmatch(scope["path"])
        source = self._sources().get(pushed[1]) if pushed else None
        return MOST_BODY if source is None or source.polled else largest_page(source)

    def _find_refusal(self, scope: Scope, headers: Headers, most: int) -> tuple[int, str] | None:
        """The status of a refusal, and why in a line; None for what is let in."""
        host = headers.get("host", "")
        if "transfer-encoding" in headers and "content-length" in headers:  # that deceives a proxy: RFC 9112, 6.1
            return 400, "a request has a length or is in chunks, not both"
        if "\0" in scope["path"] or b"%00" in scope["query_string"]:  # PostgreSQL takes it in no text
            return 400, "no address here has a NUL character"
        if _name(host) not in self._hosts:
            return 421, "this desk is not at that address: [web] base_url names it"
        if not (scope["method"] in SAFE or scope["path"].startswith(MAILED) or self._is_own(headers, host)):
            return 403, "a page of another site may not do that"
        length = headers.get("content-length", "0")
        if not length.isascii() or not length.isdecimal() or len(length) > 9 or int(length) > most:
            return 413, _too_large(most)
        return None

    def _is_own(self, headers: Headers, host: str) -> bool:
        """Whether a request that writes comes from a page of ours, or from no page at all."""
        if headers.get("sec-fetch-site") not in {None, "same-origin", "none"}:
            return False
        origin = headers.get("origin")
        return origin is None or urlsplit(origin).netloc in {host, self._origin} - {""}


def _too_large(most: int) -> str:
    return phrase_many("a request may have {number} byte at most", "a request may have {number} bytes at most", most)


_MORE = frozenset("@/\\?#")  # of user information, and of a path


def _name(host: str) -> str:
    """The name in a Host header, without the port and in small letters; "" where it is none, or more than that."""
    try:
        return "" if _MORE & set(host) else (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""
