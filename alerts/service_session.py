"""The answers that Apprise's services read, cut. Import this module, like send.py, only to send.

A service makes a session of `requests` for each request, and reads its answer whole, unpacked; smtplib reads a reply to
its end. Here both end after so many bytes. The status came before: a message that was accepted counts as sent. Proxies
and passwords (~/.netrc) of the environment do not count, as for sources.
"""

from __future__ import annotations

import os
import smtplib
import time
from contextlib import suppress
from io import BytesIO
from typing import Any, BinaryIO

import requests
from urllib3.exceptions import HTTPError

from alerts.apprise_service import current

MOST = 4_000_000  # bytes of a body, unpacked: a service may list all members of a workspace
_MOST_REPLIED = 1_000_000  # bytes of all replies over one connection to a mail server
_SECONDS = 10.0  # for a body
_PIECE = 65_536
_AUTHORITIES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


class ServiceSession(requests.Session):
    """A session whose answers are cut."""

    def __init__(self) -> None:
        super().__init__()
        attempt = current.get()
        self.trust_env, self.stream = False, True
        self.proxies = dict.fromkeys(("http", "https"), attempt.proxy) if attempt and attempt.proxy else {}
        self.hooks["response"] = [_cut]  # before `requests` reads the body of a redirect

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        """As `requests` does, but with the environment's authorities."""
        if options.get("verify") is True:
            options["verify"] = next(filter(None, map(os.environ.get, _AUTHORITIES)), True)
        return super().send(request, **options)


def _cut(response: requests.Response, **_: Any) -> None:
    """Take the beginning of a body, also of one that breaks off, in place of what comes."""
    body, ends = bytearray(), time.monotonic() + _SECONDS
    with suppress(HTTPError, OSError):
        while len(body) < MOST and time.monotonic() < ends:
            if not (piece := response.raw.read1(_PIECE, decode_content=True)):
                break
            body += piece
    response.raw.close()
    response.raw = BytesIO(bytes(body[:MOST]))


class _Replies:
    """The replies of a mail server, as a file that ends where they are too long: then the server counts as gone."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._left, self.close = file, _MOST_REPLIED, file.close

    def readline(self, most: int) -> bytes:
        line = self._file.readline(most)
        self._left -= len(line)
        return line if self._left > 0 else b""


_whole_reply = smtplib.SMTP.getreply


def _get_reply(self: smtplib.SMTP) -> tuple[int, bytes]:
    if self.file is None and self.sock:
        self.file = _Replies(self.sock.makefile("rb"))
    return _whole_reply(self)


def limit_answers() -> None:
    """Let all requests of this process, which are Apprise's, and all its SMTP use these."""
    smtplib.SMTP.getreply = _get_reply  # type: ignore[method-assign]
    requests.sessions.Session = ServiceSession  # type: ignore[misc]
