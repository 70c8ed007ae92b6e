"""Sends messages through Apprise. Import this module only to send: see apprise_service.py.

A service makes a session of `requests` for each request, and reads its answer whole, unpacked; smtplib reads a reply to
its end. Here both end after so many bytes. The status came before: a message that was accepted counts as sent. Proxies
and passwords (~/.netrc) of the environment do not count, as for sources.
"""

import ctypes
import logging
import os
import re
import smtplib
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from contextvars import copy_context
from datetime import UTC, datetime, timedelta
from functools import partial
from html import escape
from io import BytesIO
from typing import Any, BinaryIO

import requests
from apprise import Apprise, NotifyBase, NotifyFormat, OverflowMode
from apprise.attachment.memory import AttachMemory
from apprise.conversion import convert_between
from apprise.plugins.discord import NotifyDiscord
from apprise.plugins.email import base as email
from apprise.plugins.telegram import NotifyTelegram
from urllib3.exceptions import HTTPError

from alerts.apprise_service import MARKDOWN_CHATS, WEBHOOKS, Attempt, current, form_of, service_of, takes_documents
from alerts.message.recipient import File, Form
from alerts.service_answer import ServiceAnswer, answer_of, redact, refusal_in
from sources.http.exchange import retry_after
from sources.secrets import Secrets
from state.model import Message

SECONDS = 30.0  # for one target of a channel; each further one gets a third of it
MOST_ANSWERED = 4_000_000  # bytes of a body, unpacked: a service may list all members of a workspace
_MOST_REPLIED = 1_000_000  # bytes of all replies over one connection to a mail server
_BODY_SECONDS = 10.0
_PIECE = 65_536
_AUTHORITIES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
_LINK = re.compile(r"https?://\S+\Z")
_DOCUMENT = ("<!doctype", "<div")  # the beginning of a mail's HTML, also from earlier releases

log = logging.getLogger(__name__)


def send(
    url: str,
    message: Message,
    secrets: Secrets,
    files: Sequence[File] = (),
    proxy: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> ServiceAnswer | None:
    """Send a message to the service at `url`, once. Returns None if the service accepted it, else its answer. A mail
    gets these `headers`.

    `files` are attached; the service must accept attachments. Requests go through the `proxy`, if there is one.

    The message's key is the Message-ID of a mail and the Idempotency-Key of a webhook, the same in every try. A URL may
    have several targets: if one fails, all count as failed, and the next try sends to all. After `SECONDS` (more for
    several targets) the attempt is broken off, where it does not wait for the system; it may have delivered. Safe to
    call from several threads.
    """
    try:
        service = service_of(url)
    except ValueError as error:
        return ServiceAnswer(f"the channel's url {redact(str(error), url, secrets)}")
    _prepare(service, message, headers or {})
    tried = Attempt([], [], _local_part(message.key), message.text, proxy)
    outcome: list[bool] = []

    def attempt() -> None:
        current.set(tried)
        with suppress(SystemExit):  # its time is up
            outcome.append(_notify(service, message, files))

    # Not in Apprise's pool: services that hang would use up its few threads, and Python waits for them at exit.
    seconds = SECONDS + (len(service) - 1) * SECONDS / 3
    thread = threading.Thread(target=copy_context().run, args=(attempt,), name="apprise", daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive() and thread.ident:
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(SystemExit))
    if not outcome:
        return ServiceAnswer(f"no answer within {seconds:.0f} s")
    if outcome[0]:
        return None
    said, wait = answer_of(tried.records, partial(redact, url=url, secrets=secrets)), max(tried.waits, default=None)
    return ServiceAnswer(said, wait=wait, in_turn=True, refused=refusal_in(tried.records))


def _notify(service: NotifyBase, message: Message, files: Sequence[File]) -> bool:
    """Send with Apprise. Returns whether it was sent."""
    sender = Apprise(asset=service.asset)
    sender.add(service)
    title, body, form = _forms(service, message)
    try:
        # from memory: Apprise would read a file or URL again
        attached = [AttachMemory(file.content, name=file.name, mimetype=file.type) for file in files]  # type: ignore[no-untyped-call]
        more: dict[str, Any] = {"attach": attached} if files else {}
        return bool(sender.notify(title=title, body=body, body_format=form, **more))
    except Exception as error:  # noqa: BLE001 - any fault in a service's code means that the message was not delivered
        logging.getLogger("apprise").error("Exception: %s: %s", type(error).__name__, error)
        return False


def _forms(service: NotifyBase, message: Message) -> tuple[str, str, NotifyFormat]:
    """The title and body for this service, and the format of the body."""
    shown = form_of(service)
    if shown is Form.DOCUMENT:
        return message.title, message.html, NotifyFormat.HTML
    if shown is Form.CHAT and not message.html.startswith(_DOCUMENT):
        # Telegram drops empty lines
        gap = "<br>\u200b<br>" if isinstance(service, NotifyTelegram) else "<br><br>"
        title = message.title if service.title_maxlen > 0 else escape(message.title)  # Apprise inserts it into the body
        title = _escape_markdown(message.title) if isinstance(service, NotifyDiscord) else title
        return title, message.html.replace("<br><br>", gap), NotifyFormat.HTML
    match service.resolve_format(NotifyFormat.TEXT):
        case NotifyFormat.MARKDOWN:
            # Apprise would escape the dots in links, too, and services would not recognise them
            lines = [line if _LINK.match(line) else _escape_markdown(line) for line in message.text.splitlines()]
            title = message.title if service.title_maxlen > 0 else _escape_markdown(message.title)
            return title, "\n".join(lines), NotifyFormat.MARKDOWN
        case NotifyFormat.HTML:
            # chat services drop empty lines
            return message.title, message.text.replace("\n\n", "\n\u200b\n"), NotifyFormat.TEXT
    return message.title, message.text, NotifyFormat.TEXT


def _escape_markdown(text: str) -> str:
    return str(convert_between(NotifyFormat.TEXT, NotifyFormat.MARKDOWN, text))  # type: ignore[no-untyped-call]


def _prepare(service: NotifyBase, message: Message, headers: Mapping[str, str]) -> None:
    """Turn off options that keep a message from being delivered unchanged; set its Message-ID and thread."""
    service.retry = 0  # the delivery retries, and survives a restart
    service.optional = False  # "optional" would report every failure as a success
    if isinstance(service, MARKDOWN_CHATS) and form_of(service) is Form.CHAT:
        service.notify_format = NotifyFormat.MARKDOWN
    limited = not takes_documents(service) and service.resolve_format(NotifyFormat.TEXT) is not NotifyFormat.HTML
    if limited and service.overflow_mode is OverflowMode.UPSTREAM:
        service.overflow_mode = OverflowMode.SPLIT  # two parts are better than a permanent refusal
    if isinstance(service, WEBHOOKS):
        service.headers.setdefault("Idempotency-Key", message.key)
    if isinstance(service, email.NotifyEmail):
        service.headers |= headers
    if isinstance(service, email.NotifyEmail) and message.thread:
        ids = [f"<{_local_part(key)}@{service.smtp_host}>" for key in message.thread]
        service.headers |= {"References": " ".join(ids), "In-Reply-To": ids[-1]}


def _local_part(key: str) -> str:
    """The part before the "@" of a Message-ID."""
    return re.sub(r"[^\w.-]", "-", key, flags=re.ASCII)


def _keep_message_ids() -> None:
    """Give mails the Message-ID set by `send`.

    Apprise makes a new one for every try, and has no option for it: a header in the URL would be added to its own.
    """
    make = getattr(email, "make_msgid", None)
    if make is None:
        log.warning("this Apprise makes Message-IDs in another way: a mail that is sent again gets a new one")
        return

    def make_msgid(idstring: str | None = None, domain: str | None = None) -> str:
        attempt = current.get()
        return f"<{attempt.id}@{domain or 'localhost'}>" if attempt and attempt.id else make(idstring, domain)

    email.make_msgid = make_msgid  # type: ignore[attr-defined]  # not exported


def _keep_plain_text() -> None:
    """Give mails the message's own plain text: Apprise would make it from the HTML."""
    convert = getattr(email, "convert_between", None)
    if convert is None:
        log.warning("this Apprise makes a mail's plain text in another way: it is made of the HTML")
        return

    def convert_between(source: NotifyFormat, target: NotifyFormat, content: str) -> str:
        attempt, to_text = current.get(), source is NotifyFormat.HTML and target is NotifyFormat.TEXT
        return attempt.text if attempt and attempt.text and to_text else str(convert(source, target, content))

    email.convert_between = convert_between  # type: ignore[attr-defined]  # not exported


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
    """Take the beginning of a body, also of one that breaks off, in place of what comes. Note how long to wait."""
    if response.status_code == 429 and (attempt := current.get()):
        attempt.waits.append(retry_after(response.headers, datetime.now(UTC)) or timedelta())
    body, ends = bytearray(), time.monotonic() + _BODY_SECONDS
    with suppress(HTTPError, OSError):
        while len(body) < MOST_ANSWERED and time.monotonic() < ends:
            if not (piece := response.raw.read1(_PIECE, decode_content=True)):
                break
            body += piece
    response.raw.close()
    response.raw = BytesIO(bytes(body[:MOST_ANSWERED]))


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


_keep_message_ids()
_keep_plain_text()
# All requests of this process, which are Apprise's, and all its SMTP use these.
smtplib.SMTP.getreply = _get_reply  # type: ignore[method-assign]
requests.sessions.Session = ServiceSession  # type: ignore[misc]
