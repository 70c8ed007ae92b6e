"""Sends messages through Apprise, and is the only importer of it: import this where something is about to be sent.

Importing Apprise takes 0.1 s, and the first channel 0.3 s more, in which it loads its services.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable, Sequence
from contextvars import ContextVar, copy_context
from difflib import get_close_matches
from functools import partial
from typing import Any, NamedTuple

from apprise import Apprise, AppriseAsset, NotifyBase, NotifyFormat, OverflowMode, PersistentStoreMode
from apprise.attachment.memory import AttachMemory
from apprise.conversion import convert_between
from apprise.manager_plugins import NotificationManager
from apprise.plugins.custom_form import NotifyForm
from apprise.plugins.custom_json import NotifyJSON
from apprise.plugins.custom_xml import NotifyXML
from apprise.plugins.email import base as email

from alerts.service_answer import Record, answer_of, redacted
from sources.secrets import Secrets
from state.model import Message

OWN_AUTHORITY = "name your own authority in SSL_CERT_FILE (mail) or REQUESTS_CA_BUNDLE (web) instead"
SERVICES = "https://appriseit.com/services/"
SECONDS = 30.0  # for one target of a channel; each further one gets a third of it
_LONGEST_TITLE = 250
_LINK = re.compile(r"https?://\S+\Z")

log = logging.getLogger(__name__)
_loading = threading.Lock()
_records: ContextVar[list[Record] | None] = ContextVar("records", default=None)
_message_id: ContextVar[str | None] = ContextVar("message_id", default=None)


def _catch(record: logging.LogRecord) -> bool:
    """Keep what Apprise logs for the one send that it is about, and pass nothing on.

    What a server answered stands in DEBUG records alone, and those hold tokens: it comes back as the line of `send`.
    """
    records = _records.get()
    if records is not None:
        records.append(Record(record.levelname, record.getMessage()))
    return False


class Limits(NamedTuple):
    """The most characters that a service takes in a title and in a body."""

    title: int
    body: int


def problem(url: str) -> str | None:
    """What is wrong with an Apprise URL, in words that hold none of its secrets, or None when it is a channel."""
    try:
        _service(url)
    except ValueError as error:
        return str(error)
    return None


def limits(url: str) -> Limits:
    """How long a title and a body may be. Raises ValueError when the URL is no channel.

    Where a service has no title, or counts it as a part of the body, the two share the body's limit. Where text gains
    escape characters on its way (Markdown, HTML), a quarter is left for them.
    """
    service = _service(url)
    most = int(service.body_maxlen)
    if not _takes_documents(service) and service.resolve_format(NotifyFormat.TEXT) is not NotifyFormat.TEXT:
        most = most * 3 // 4
    title = int(service.title_maxlen)
    if title > 0 and not service.overflow_amalgamate_title:
        return Limits(min(title, _LONGEST_TITLE), most)
    title = min(title if title > 0 else _LONGEST_TITLE, _LONGEST_TITLE, most // 2)
    return Limits(title, most - title - len("\r\n"))


class File(NamedTuple):
    """A file that goes along with a message: HTML."""

    name: str
    content: bytes


def takes_files(url: str) -> bool:
    """Whether a service takes files along with a message."""
    try:
        return bool(_service(url).attachment_support)
    except ValueError:
        return False


def send(url: str, message: Message, secrets: Secrets, files: Sequence[File] = ()) -> str | None:
    """Send a message to the service at `url`, once. Returns None when the service took it, else what it said.

    `files` go along; the service must take them.

    A mail keeps its Message-ID, and a webhook gets an Idempotency-Key, from try to try: both are the message's key. A
    URL may hold several targets; if one of them fails, all have failed, and the next try repeats the message to all.
    After `SECONDS` (more for several targets) the service is no longer waited for; the attempt then goes on by itself,
    and may yet deliver. May be called from several threads at once.
    """
    try:
        service = _service(url)
    except ValueError as error:
        return f"the channel's url {redacted(str(error), url, secrets)}"
    _prepare(service, message)
    records: list[Record] = []
    outcome: list[bool] = []

    def attempt() -> None:
        _records.set(records)
        _message_id.set(_local_part(message.key))
        outcome.append(_notify(service, message, files))

    seconds = SECONDS + (len(service) - 1) * SECONDS / 3
    _run(attempt, seconds)
    if not outcome:
        return f"no answer within {seconds:.0f} s"
    return None if outcome[0] else answer_of(records, partial(redacted, url=url, secrets=secrets))


def _run(attempt: Callable[[], None], seconds: float) -> None:
    """Run an attempt, and wait for it so long at most.

    Not in Apprise's own pool: services that hang would use up its few threads, and Python waits for them when it ends.
    """
    thread = threading.Thread(target=copy_context().run, args=(attempt,), name="apprise", daemon=True)
    thread.start()
    thread.join(seconds)


def _notify(service: NotifyBase, message: Message, files: Sequence[File] = ()) -> bool:
    """Send with Apprise, and say whether it was sent."""
    sender = Apprise(asset=service.asset)
    sender.add(service)
    title, body, form = _forms(service, message)
    try:
        # from memory: a file, or an address, would be read again by Apprise, and perhaps by somebody else
        more: dict[str, Any] = {"attach": [_attached(file) for file in files]} if files else {}
        return bool(sender.notify(title=title, body=body, body_format=form, **more))
    except Exception as error:  # noqa: BLE001 - whatever a service's code raises, the message was not delivered
        _apprise_log.error("Exception: %s: %s", type(error).__name__, error)
        return False


def _attached(file: File) -> AttachMemory:
    return AttachMemory(file.content, name=file.name, mimetype="text/html")  # type: ignore[no-untyped-call]


def _forms(service: NotifyBase, message: Message) -> tuple[str, str, NotifyFormat]:
    """The title and the body as this service is given them, and the form of the body."""
    if _takes_documents(service):
        return message.title, message.html, NotifyFormat.HTML
    match service.resolve_format(NotifyFormat.TEXT):
        case NotifyFormat.MARKDOWN:
            # Apprise would escape the dots of links too, and no service makes a link of that
            lines = [line if _LINK.match(line) else _escaped(line) for line in message.text.splitlines()]
            title = message.title if service.title_maxlen > 0 else _escaped(message.title)
            return title, "\n".join(lines), NotifyFormat.MARKDOWN
        case NotifyFormat.HTML:
            # services of chats drop lines that are quite empty
            return message.title, message.text.replace("\n\n", "\n\u200b\n"), NotifyFormat.TEXT
    return message.title, message.text, NotifyFormat.TEXT


def _escaped(text: str) -> str:
    return str(convert_between(NotifyFormat.TEXT, NotifyFormat.MARKDOWN, text))  # type: ignore[no-untyped-call]


def _prepare(service: NotifyBase, message: Message) -> None:
    """Take away what would get in the way of delivering exactly as told, and name the message and its thread."""
    service.retry = 0  # trying again is up to the delivery, which survives a restart
    service.optional = False  # "optional" would call every failure a success
    limited = not _takes_documents(service) and service.resolve_format(NotifyFormat.TEXT) is not NotifyFormat.HTML
    if limited and service.overflow_mode is OverflowMode.UPSTREAM:
        service.overflow_mode = OverflowMode.SPLIT  # better in two parts than refused for ever
    if isinstance(service, NotifyJSON | NotifyXML | NotifyForm):
        service.headers.setdefault("Idempotency-Key", message.key)
    if isinstance(service, email.NotifyEmail) and message.thread:
        ids = [f"<{_local_part(key)}@{service.smtp_host}>" for key in message.thread]
        service.headers |= {"References": " ".join(ids), "In-Reply-To": ids[-1]}


def _local_part(key: str) -> str:
    """What stands before the "@" of a Message-ID."""
    return re.sub(r"[^\w.-]", "-", key, flags=re.ASCII)


def _takes_documents(service: NotifyBase) -> bool:
    """Whether a service takes a whole HTML document, as mail does. Chat services take a few tags only.

    It does if HTML is its own choice, or the URL's, and it has a title and no limit of its own.
    """
    chosen = service.resolve_format(None) is NotifyFormat.HTML
    return chosen and service.title_maxlen > 0 and service.body_maxlen >= NotifyBase.body_maxlen


def _service(url: str) -> NotifyBase:
    """The service behind a URL. Raises ValueError, which says what is wrong with it and holds none of its secrets."""
    url = url.strip()
    scheme = re.match(r"([A-Za-z0-9]+)://", url)
    if scheme is None:
        raise ValueError(f'has to begin with a service, such as "mailtos://" or "tgram://"; see {SERVICES}')
    if re.search(r"[\s,;][A-Za-z0-9]+://", url):
        raise ValueError("holds more than one URL; make a channel of each, for all of it is sent again when one fails")
    logged: list[Record] = []
    token = _records.set(logged)
    with _loading:  # Apprise loads its services when it reads the first URL
        service = Apprise.instantiate(url, asset=_asset())
    _records.reset(token)
    if service is None:
        raise ValueError(_refusal(scheme[1].lower()))
    if any(re.match("Dropp(ed|ing) invalid", record.message) for record in logged):
        raise ValueError(f"names a recipient that is none for {service.service_name}; see {service.setup_url}")
    if not service.verify_certificate:
        raise ValueError(f"says verify=no, but certificates are always verified; {OWN_AUTHORITY}")
    return service


def _asset() -> AppriseAsset:
    return AppriseAsset(
        app_id="Registry Watch",
        app_desc="Registry Watch",
        image_url_mask="",  # no pictures from Apprise's own site in alerts
        image_url_logo="",
        storage_mode=PersistentStoreMode.MEMORY,
        http_redirects=False,
        interpret_emojis=False,
        allow_templates=False,
        service_timeout=0,  # see _run
    )


def _refusal(scheme: str) -> str:
    """Why Apprise does not take a URL: the service is unknown, lacks a package, or its URLs have another form."""
    services = NotificationManager()  # type: ignore[no-untyped-call]
    if scheme not in services:
        near = get_close_matches(scheme, services.schemas(), n=1)  # type: ignore[no-untyped-call]
        hint = f'did you mean "{near[0]}://"?' if near else f"see {SERVICES}"
        return f'begins with "{scheme}://", which is no service that Apprise knows; {hint}'
    service = services[scheme]
    if not service.enabled:
        packages = service.requirements.get("packages_required") or []
        needed = ", ".join([packages] if isinstance(packages, str) else packages)
        return f'uses "{scheme}://", which does not work here{f": install {needed}" if needed else ""}'
    forms = " or ".join(form.replace("{schema}", scheme) for form in service.templates[:2])
    return f"is not complete, or not valid: {service.service_name} needs {forms}; see {service.setup_url}"


def _keep_message_ids() -> None:
    """Have mails get the Message-ID that `send` set.

    Apprise makes a new one for every try, and cannot be told one: a header in the URL would stand beside its own.
    """
    make = getattr(email, "make_msgid", None)
    if make is None:
        log.warning("this Apprise makes Message-IDs in another way: a mail that is sent again gets a new one")
        return

    def make_msgid(idstring: str | None = None, domain: str | None = None) -> str:
        key = _message_id.get()
        return f"<{key}@{domain or 'localhost'}>" if key else make(idstring, domain)

    email.make_msgid = make_msgid  # type: ignore[attr-defined]


_apprise_log = logging.getLogger("apprise")
_apprise_log.setLevel(logging.DEBUG)
_apprise_log.addFilter(_catch)
logging.getLogger("urllib3").setLevel(logging.INFO)  # its DEBUG records hold whole URLs
_keep_message_ids()
