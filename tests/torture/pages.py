"""Pages that are bad for a browser, as faults of `wire.FaultServer`: each reason is that of a check that renders it."""

from __future__ import annotations

import json
from collections.abc import Callable

from tests.torture.wire import OK, PAGE, Fault, Wire, waits

TABLE = "<h1>Register</h1><table><thead><tr><th>No<th>Name</thead><tbody></tbody></table>"
FILL = "document.querySelector('tbody').innerHTML = '{}'"
ROWS = "".join(f"<tr><td>{number}<td>name {number}</tr>" for number in range(40))
ASK = f"fetch('{{}}').then(it => it.text()).then(rows => {FILL.format('@').replace(chr(39) + '@' + chr(39), 'rows')})"
CHALLENGE = "<h1>Checking your browser</h1><form><input type=hidden name=jschl_vc></form>"
LOGIN = "<h1>Log in</h1><form><input name=u><input type=password name=p></form>"
POPUPS = "for (let n = 0; n < 5; n++) window.open('/sound'); alert(1); confirm(2); onbeforeunload = () => 'stay';"


def html(body: str, title: str = "Register") -> bytes:
    return f"<!doctype html><html><head><title>{title}</title></head><body>{body}</body></html>".encode()


def script(text: str) -> bytes:
    """A table without rows, and a script."""
    return html(f"{TABLE}<script>{text}</script>")


def shows(body: bytes, status: bytes = b"200 OK") -> Callable[[Wire], None]:
    return lambda wire: wire.page(body, status=status)


def sends(body: bytes, kind: bytes, headers: bytes = b"") -> Callable[[Wire], None]:
    length = b"Content-Length: %d\r\n\r\n" % len(body)
    return lambda wire: wire.send(b"HTTP/1.1 200 OK\r\nContent-Type: ", kind, b"\r\n", headers, length, body)


def answers() -> list[Fault]:
    """What the scripts of pages ask for: they are served, and are no sources."""
    return [
        Fault("data", lambda wire: wire.page(ROWS.encode()), ""),
        Fault("data cut", lambda wire: wire.send(OK, b"Content-Length: 9999\r\n\r\n", ROWS[:900].encode()), ""),
        Fault("data reset", lambda wire: (wire.send(OK, b"Content-Length: 9999\r\n\r\n"), wire.reset())[0], ""),
        Fault("data silent", Wire.hold, ""),
        Fault("data refused", shows(b"no", b"500 Internal Server Error"), ""),
        Fault("data endless", lambda wire: (wire.send(OK, b"\r\n"), wire.endlessly(b"x" * 65536))[0], ""),
        Fault("script cut", lambda wire: wire.send(OK, b"Content-Length: 9999\r\n\r\n", FILL.encode()), ""),
    ]


def asks(what: str) -> Callable[[Wire], None]:
    """A page whose rows come from one of these."""
    return shows(script(ASK.format(Fault(what, Wire.hold, "").path)))


def pages() -> list[Fault]:
    """The pages. `read` is where the 40 rows are read after all."""
    pdf, picture = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF", b"\x89PNG\r\n\x1a\n"
    unfilled = html("<div id=root></div><script src=/sound></script>")
    return [
        Fault("page: nothing", shows(b""), "empty_body"),
        Fault("page: HTML with nothing in it", shows(html("", "")), "empty_body"),
        Fault("page that its script does not fill", shows(unfilled), "needs_javascript"),
        Fault("page: a challenge", shows(html(CHALLENGE, "Just a moment...")), "challenge_page"),
        Fault("page: a challenge, 403", shows(html(CHALLENGE, "Just a moment..."), b"403 Forbidden"), "challenge_page"),
        Fault("page: a login", shows(html(LOGIN, "Log in")), "login_page"),
        Fault("page: 403", shows(html("<p>no</p>"), b"403 Forbidden"), "http_403"),
        Fault("page: 404", shows(PAGE, b"404 Not Found"), "http_404"),
        Fault("page: 500", shows(html("<p>no</p>"), b"500 Internal Server Error"), "http_500"),
        Fault("page: 502 without a body", shows(b"", b"502 Bad Gateway"), "http_502"),
        Fault("page: 429, wait 120 s", waits(b"429 Too Many Requests", "120"), "http_429, wait 120 s"),
        Fault("type: JSON", sends(json.dumps([1, 2]).encode(), b"application/json"), "wrong_content_type"),
        Fault("type: a PDF", sends(pdf, b"application/pdf"), "not_found"),
        Fault("type: a picture", sends(picture, b"image/png"), "wrong_content_type"),
        Fault("type: a file to save", sends(PAGE, b"text/html", b"Content-Disposition: attachment\r\n"), "bad_response"),
        Fault("type: a table as text", sends(PAGE, b"text/plain", b"X-Content-Type-Options: nosniff\r\n"), "read"),
        Fault("data that never comes", asks("data silent"), "timeout"),
        Fault("data cut off", asks("data cut"), "bad_response"),
        Fault("data reset", asks("data reset"), "bad_response"),
        Fault("data endless", asks("data endless"), "too_large, timeout, browser_memory"),
        Fault("data refused with 500", asks("data refused"), "needs_javascript"),
        Fault("a script cut off", shows(html(f"{TABLE}<script src=/script-cut></script>")), "bad_response"),
        Fault("a script that never ends", shows(script("setTimeout(() => { for (;;); }, 50)")), "timeout"),
        Fault("a script that never rests", shows(script("setInterval(() => fetch('/data'), 50)")), "timeout"),
        Fault("a script that loads the page anew, for ever", shows(script("location.reload()")), "timeout"),
        Fault("a refresh to itself, for ever", shows(html(f"<meta http-equiv=refresh content=0>{TABLE}")), "timeout"),
        Fault("a script that leaves for a blank page", shows(script("location = 'about:blank'")), "bad_response"),
        Fault("a script that leaves for metadata", shows(script("location = 'http://169.254.169.254/'")), "address_refused"),
        Fault("a script that takes the page away", shows(script("document.documentElement.remove()")), "empty_body"),
        Fault("a script that makes 60 MB", shows(script("document.title = 'x'.repeat(6e7)")), "too_large, timeout"),
        Fault("5 popups, dialogs", shows(script(POPUPS + FILL.format(ROWS))), "read"),
        Fault("60 requests at once", shows(script(f"for (let n = 0; n < 60; n++) fetch('/data?' + n); {FILL.format(ROWS)}")), "read"),
        Fault("50,000 nested divs", shows(html("<div>" * 50_000 + TABLE + f"<script>{FILL.format(ROWS)}</script>")), "not_found"),
    ]  # fmt: skip
