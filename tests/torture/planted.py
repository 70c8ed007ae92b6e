"""A configuration with secrets in every place, a site that repeats all that it is asked with, and the commands."""

from __future__ import annotations

import base64
import gzip
import html
import json
import os
import re
import signal
import sqlite3
import threading
import zlib
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

import httpx

from tests.torture.databases import Place
from tests.torture.processes import Program, until

ROOT = Path(__file__).parents[2]
SECRETS = {
    "PATH_TOKEN": "path-token-7f3a9c",
    "QUERY_KEY": "query key/ключ&+91bd",
    "USER_PASSWORD": "user-p@ss:word-55e1",
    "HEADER_KEY": "header-key-0c44d2",
    "COOKIE": "cookie-value-e8812b",
    "AUTH_PASSWORD": "auth-password-4411aa",
    "HOOK_PASSWORD": "hook-p@ssword-c0ffee",
    "HOOK_TOKEN": "hook-token-decade12",
    "MAIL_PASSWORD": "mail-password-aa55aa",
    "PROXY_PASSWORD": "proxy-p@ssword-77fe01",
    "SHARED_HEADER": "shared-header-3b9e55",
    "BEAT_TOKEN": "beat-token-90ab77",
}
FILE_SECRET = "credential-file-33cc77"  # of a systemd credential
IN_FILE = "written-in-the-file-1d2e3f4a"  # in watch.toml itself
ALL = SECRETS | {"a credential": FILE_SECRET, "in watch.toml": IN_FILE}

CONFIGURATION = """
heartbeat = "http://HOST/beat/${BEAT_TOKEN}"
[evidence]
[http]
private_addresses = "allow"
spacing = "0s"
headers = { X-Shared-Token = "${SHARED_HEADER}" }
[sources.echo]
kind = "json"
url = "http://me:${USER_PASSWORD}@HOST/echo/${PATH_TOKEN}?key=${QUERY_KEY}&api_token=IN_FILE"
items = "@"
key = "name"
headers = { X-Api-Key = "${HEADER_KEY}", Cookie = "session=${COOKIE}", X-Credential = "${credential:file}" }
[sources.authorised]
kind = "json"
url = "http://HOST/authorised"
auth = "me:${AUTH_PASSWORD}"
items = "@"
key = "name"
[sources.proxied]
kind = "json"
url = "http://register.example/proxied"
proxy = "http://robot:${PROXY_PASSWORD}@HOST"
items = "@"
key = "name"
[sources.escaped]
kind = "json"
url = "http://HOST/escaped/${PATH_TOKEN}?key=${QUERY_KEY}"
items = "@"
key = "name"
[sources.wide]
kind = "text"
url = "http://HOST/wide/${PATH_TOKEN}?key=${QUERY_KEY}"
[sources.wide-too]
kind = "text"
url = "http://HOST/wide-too/${PATH_TOKEN}?key=${QUERY_KEY}"
[sources.failing]
kind = "json"
url = "http://HOST/failing/${PATH_TOKEN}?key=${QUERY_KEY}"
auth = "me:${AUTH_PASSWORD}"
items = "@"
key = "name"
[sources.away]
kind = "json"
url = "http://HOST/away/${PATH_TOKEN}?key=${QUERY_KEY}"
items = "@"
key = "name"
[sources.wrong]
kind = "table"
url = "http://HOST/echo/${PATH_TOKEN}?key=${QUERY_KEY}"
key = "no such column"
[sources.raising]
kind = "raising"
url = "http://HOST/echo/${PATH_TOKEN}?key=${QUERY_KEY}"
[channels.hook]
url = "json://robot:${HOOK_PASSWORD}@HOST/hook/${HOOK_TOKEN}?-X-Token=${HOOK_TOKEN}"
[channels.mail]
url = "mailto://robot:${MAIL_PASSWORD}@127.0.0.1:9?from=a@example.org&to=b@example.org"
[[alerts]]
to = ["hook", "mail"]
[[alerts]]
health = true
to = ["hook", "mail"]
"""
WIDE = {"wide": "utf-16-le", "wide-too": "utf-16-be"}  # the paths of pages in these encodings
KIND = """
from sources import Source
class Raising(Source):
    def parse(self, page):
        raise ValueError(page.text + page.url + str(page.get))
        yield
"""
COMMANDS = [
    ("-v", "--once"),
    ("-v", "--once", "--json"),
    ("-v", "status"),
    ("status", "--json"),
    ("log",),
    ("log", "--json"),
    ("-v", "deliveries"),
    ("deliveries", "--json"),
    ("-v", "try", "echo"),
    ("try", "echo", "--json"),
    ("-v", "try", "raising"),
    ("-v", "try", "raising", "--here"),
    ("-v", "try", "proxied"),
    ("-v", "try", "failing"),
    ("-v", "alert-test", "hook"),
    ("-v", "alert-test", "mail"),
    ("-v", "verify"),
    ("evidence", "1", "--out", "proof"),
    ("-v", "check-config"),
    ("-v", "--config", "bad.toml", "check-config"),
]
# Each value is wrong where it stands, and a secret.
MISTAKES = """
[sources.mistaken]
kind = "${PATH_TOKEN}"
timeout = "${QUERY_KEY}"
[sources.wrong-too]
kind = "json"
url = "${HEADER_KEY}"
items = "@@${COOKIE}"
key = "name"
proxy = "gopher://robot:${PROXY_PASSWORD}@HOST"
auth = ["${AUTH_PASSWORD}"]
[channels.mistaken]
url = "nosuch://${HOOK_TOKEN}/IN_FILE"
give_up = "${credential:file}"
"""


def forms(secret: str) -> set[str]:
    """A secret as it is, and as it stands in addresses, in JSON, in an Authorization header, and otherwise encoded."""
    pairs = {base64.b64encode(f"me:{secret}".encode()).decode(), base64.b64encode(f"robot:{secret}".encode()).decode()}
    sent = str(httpx.URL(f"http://a.example/?k={secret}")).partition("=")[2]
    wide = {repr(secret.encode(form))[2:-1] for form in WIDE.values()}  # as `shown` shows the bytes of records
    return {secret, sent, quote(secret), quote(secret, safe=""), *encoded(secret)} | pairs | wide


def encoded(secret: str) -> list[str]:
    """As a site may write it that repeats what it was asked with."""
    data = secret.encode()
    escapes = re.sub("%..", lambda found: found[0].lower(), quote(secret, safe=""))
    packed = [base64.b64encode(data).decode().rstrip("="), base64.urlsafe_b64encode(data).decode().rstrip("=")]
    escaped = json.dumps(secret)[1:-1]
    return [
        html.escape(secret),
        escaped,
        escaped.replace("/", "\\/"),
        escapes,
        data.hex(),
        data.hex().upper(),
        *(each[:-1] for each in packed),
    ]


class _Handler(BaseHTTPRequestHandler):
    """Repeats path and headers in its page, its headers and its errors."""

    protocol_version = "HTTP/1.1"
    server: Any

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        heard = {"path": self.path, **{name.lower(): value for name, value in self.headers.items()}}
        self.server.heard.append(str(heard))
        here = [
            secret for secret in ALL.values() if any(form in str(heard) for form in (secret, quote(secret, safe="")))
        ]
        forms = {f"form {at}": form for at, form in enumerate(form for secret in here for form in encoded(secret))}
        said = {**heard, **forms, "time": next(self.server.times)}
        entries = [{"name": f"entry {self.path}", **said}, {"name": "other", "text": " ".join(map(str, said.values()))}]
        place, line = self.path.split("/")[1], "|".join(heard.values())
        body = json.dumps(entries, ensure_ascii=place == "escaped").encode(WIDE.get(place, "utf-8"))
        status = {"failing": 500, "hook": 400, "away": 302}.get(place, 200)
        self.send_response(status)
        self.send_header("Content-Type", f"text/plain; charset={WIDE[place]}" if place in WIDE else "application/json")
        self.send_header("Content-Length", str(len(body)))
        for name in ("ETag", "X-Heard"):
            self.send_header(name, json.dumps(line))
        self.send_header("Set-Cookie", f"heard={quote(line)}")
        if status == 302:
            self.send_header("Location", f"file:///{self.path}")
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815 - the names that the base class looks for

    def log_message(self, *_: Any) -> None:
        """Nothing."""


class Echo:
    """The site, on loopback."""

    def __init__(self) -> None:
        self._server: Any = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.heard, self._server.times = [], count()
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def heard(self) -> str:
        """All that it was asked with."""
        return "\n".join(self._server.heard)


def write(folder: Path, port: int, state_url: str) -> None:
    """The configuration, a credential, and a kind from elsewhere that raises what it read."""
    (folder / "raising_kind.py").write_text(KIND)
    info = folder / "raising_kind-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: raising-kind\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[registry_watch.sources]\nraising = raising_kind:Raising\n")
    (folder / "credentials").mkdir()
    (folder / "credentials" / "file").write_text(FILE_SECRET)
    text = CONFIGURATION.replace("HOST", f"127.0.0.1:{port}").replace("IN_FILE", IN_FILE)
    text = f'state = "{state_url}"\n{text}'
    (folder / "watch.toml").write_text(text)
    (folder / "bad.toml").write_text(text + MISTAKES.replace("HOST", f"127.0.0.1:{port}").replace("IN_FILE", IN_FILE))


def program(folder: Path, url: str) -> Program:
    """The program with these secrets in its environment, and with the kind from elsewhere."""
    path = f"{ROOT}{os.pathsep}{folder}"
    variables = SECRETS | {"CREDENTIALS_DIRECTORY": str(folder / "credentials"), "PYTHONPATH": path}
    return Program(folder, Place(url), variables)


def run(with_secrets: Program, *command: str) -> str:
    """What a command prints and logs."""
    ran = with_secrets.run(*command, seconds=90)
    return ran.out + ran.err


def lives(with_secrets: Program) -> str:
    """What the daemon logs: of its checks, of a file that it takes over and of one that it refuses, and at its end."""
    folder = with_secrets.folder
    good, bad = (folder / "watch.toml").read_text(), (folder / "bad.toml").read_text()
    daemon = with_secrets.start("-v")
    try:
        until(lambda: "watching " in daemon.err(), 30)
        for text, says in ((good + "\n", "was read again"), (bad, "is not taken over")):
            with_secrets.configure(text)
            daemon.signal(signal.SIGHUP)
            until(lambda says=says: says in daemon.err(), 30)
        daemon.signal(signal.SIGTERM)
        ran = daemon.wait(90)
    finally:
        daemon.kill()
        with_secrets.configure(good)
    return ran.out + ran.err


def values(place: Place) -> Iterator[Any]:
    """Every value of every table."""
    if place.server:
        ask = partial(place.server.sql, name=place.database)
        names = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        yield from (value for (table,) in ask(names) for row in ask(f"SELECT * FROM {table}") for value in row)
        return
    with closing(sqlite3.connect(place.url.removeprefix("sqlite:///"))) as file:
        for (table,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            for row in file.execute(f"SELECT * FROM {table}"):
                yield from row


def state(folder: Path, place: Place) -> str:
    """The files of the state as they are, and every value in it, unpacked where it is packed."""
    kept = [*folder.glob("state.db*"), *folder.glob("evidence/*"), *folder.glob("proof/*")]
    parts = [shown(file.read_bytes()) for file in kept]
    parts += [shown(value) for value in values(place) if value is not None]
    return "\n".join(parts)


def shown(value: Any) -> str:
    if not isinstance(value, bytes):
        return str(value)
    if value.startswith(b"\x1f\x8b"):  # one member for each record
        return f"{gzip.decompress(value)!r} {gzip.decompress(value).decode('utf-8', 'replace')}"
    try:
        return zlib.decompress(value).decode("utf-8", "replace")
    except zlib.error:
        return value.decode("utf-8", "replace")
