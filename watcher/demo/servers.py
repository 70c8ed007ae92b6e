"""The servers of the demo on loopback: a web site, a mail server and a chat's webhook. They are real, and stop with the
demo.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from hashlib import blake2b
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Any

LOOPBACK = "127.0.0.1"
_TYPES = {".xml": "application/rss+xml; charset=utf-8"}


class DemoSite:
    """A web site whose pages can change while it runs, and which answers conditional requests; what was posted to its
    chat, and what its mail server has accepted.
    """

    def __init__(self) -> None:
        self.pages: dict[str, str] = {}
        self.posted: list[dict[str, Any]] = []
        self.mail: list[EmailMessage] = []
        self.url, self.mail_port = "", 0


def _mail_handler(site: DemoSite) -> type[StreamRequestHandler]:
    class MailHandler(StreamRequestHandler):
        def handle(self) -> None:
            """Speak as much SMTP as one client needs; keep each message."""
            self.wfile.write(b"220 demo\r\n")
            for line in self.rfile:
                command = line[:4].upper()
                if command == b"DATA":
                    self.wfile.write(b"354 end with a dot\r\n")
                    lines = iter(self.rfile.readline, b".\r\n")
                    content = b"".join(each[1:] if each.startswith(b".") else each for each in lines)  # RFC 5321, 4.5.2
                    site.mail.append(message_from_bytes(content, policy=policy.default))
                self.wfile.write(b"221 bye\r\n" if command == b"QUIT" else b"250 OK\r\n")

    return MailHandler


@contextmanager
def serve_site() -> Iterator[DemoSite]:
    """The web site, its chat webhook at /chat and the mail server, until the block ends."""
    site = DemoSite()

    class WebHandler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """Send a page, or 304 if its ETag matches."""
            page = site.pages.get(self.path)
            if page is None:
                self.send_error(404)
                return
            body = page.encode()
            etag = f'"{blake2b(body, digest_size=8).hexdigest()}"'
            unchanged = self.headers.get("If-None-Match") == etag
            self.send_response(304 if unchanged else 200)
            self.send_header("ETag", etag)
            self.send_header("Content-Type", _TYPES.get(self.path[-4:], "text/html; charset=utf-8"))
            self.send_header("Content-Length", "0" if unchanged else str(len(body)))
            self.end_headers()
            self.wfile.write(b"" if unchanged else body)

        def do_POST(self) -> None:
            """The chat's webhook: keep what is posted."""
            site.posted.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Do not log: the demo's terminal is for alerts."""

    with (
        ThreadingHTTPServer((LOOPBACK, 0), WebHandler) as web,
        ThreadingTCPServer((LOOPBACK, 0), _mail_handler(site)) as mail,
    ):
        site.url, site.mail_port = f"http://{LOOPBACK}:{web.server_port}", mail.server_address[1]
        servers = (web, mail)
        threads = [threading.Thread(target=each.serve_forever, args=(0.05,), daemon=True) for each in servers]
        for thread in threads:
            thread.start()
        try:
            yield site
        finally:
            for server in servers:
                server.shutdown()
            for thread in threads:
                thread.join()
