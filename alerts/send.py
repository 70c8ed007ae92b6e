"""Sends messages through Apprise. The only importer of it: import this module only to send.

The import of Apprise takes 0.1 s, and the first channel 0.3 s more, as it loads its services.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable, Sequence
from contextvars import ContextVar, copy_context
from difflib import get_close_matches
from functools import partial
from html import escape
from typing import Any, NamedTuple

from apprise import Apprise, AppriseAsset, NotifyBase, NotifyFormat, OverflowMode, PersistentStoreMode
from apprise.attachment.memory import AttachMemory
from apprise.conversion import convert_between
from apprise.manager_plugins import NotificationManager
from apprise.plugins.custom_form import NotifyForm
from apprise.plugins.custom_json import NotifyJSON
from apprise.plugins.custom_xml import NotifyXML
from apprise.plugins.discord import NotifyDiscord
from apprise.plugins.email import base as email
from apprise.plugins.matrix.base import NotifyMatrix
from apprise.plugins.mattermost import NotifyMattermost
from apprise.plugins.slack import NotifySlack
from apprise.plugins.telegram import NotifyTelegram

from alerts.message.recipient import Form, Limits
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
_plain_text: ContextVar[str | None] = ContextVar("plain_text", default=None)
_WEBHOOKS = (NotifyJSON, NotifyXML, NotifyForm)
_CHATS = (NotifyTelegram, NotifySlack, NotifyMatrix)  # these show bold, links and quotes in HTML
_MARKDOWN_CHATS = (NotifyDiscord, NotifyMattermost)  # these do if their URL says format=markdown
_DOCUMENT = ("<!doctype", "<div")  # the beginning of a mail's HTML, also from earlier releases


def _catch(record: logging.LogRecord) -> bool:
    """Keep Apprise's log records of the current send, and do not pass them on.

    Only DEBUG records have the server's answer, but they contain tokens. The answer is returned by `send`.
    """
    records = _records.get()
    if records is not None:
        records.append(Record(record.levelname, record.getMessage()))
    return False


def problem(url: str) -> str | None:
    """What is wrong with an Apprise URL, without its secrets; None if it is a valid channel."""
    try:
        _service(url)
    except ValueError as error:
        return str(error)
    return None


def form(url: str) -> Form:
    """What a service shows of a message. Raises ValueError if the URL is not a channel."""
    return _form(_service(url))


def _form(service: NotifyBase) -> Form:
    if _takes_documents(service):
        return Form.DOCUMENT
    if isinstance(service, _WEBHOOKS):
        return Form.DATA
    plain = _chosen_format(service) is NotifyFormat.TEXT
    return Form.CHAT if isinstance(service, _CHATS + _MARKDOWN_CHATS) and not plain else Form.PLAIN


def _chosen_format(service: NotifyBase) -> NotifyFormat | None:
    """The format in a channel's URL, which Apprise stores in one of two places."""
    chosen: NotifyFormat | None = vars(service).get("notify_format") or vars(service).get("_format_override")
    return chosen


def limits(url: str) -> Limits:
    """The most characters of a title and a body. Raises ValueError if the URL is not a channel.

    If a service has no title, or counts it as a part of the body, both share the body's limit. If text may gain escape
    characters (Markdown, HTML), a quarter is reserved for them.
    """
    service = _service(url)
    most = int(service.body_maxlen)
    gains = _form(service) is Form.CHAT or service.resolve_format(NotifyFormat.TEXT) is not NotifyFormat.TEXT
    if gains and not _takes_documents(service):
        most = most * 3 // 4
    title = int(service.title_maxlen)
    if title > 0 and not service.overflow_amalgamate_title:
        return Limits(min(title, _LONGEST_TITLE), most)
    title = min(title if title > 0 else _LONGEST_TITLE, _LONGEST_TITLE, most // 2)
    return Limits(title, most - title - len("\r\n"))


class File(NamedTuple):
    """A file to attach to a message."""

    name: str
    content: bytes
    type: str = "text/html"


def takes_files(url: str) -> bool:
    """Whether a service accepts attachments."""
    try:
        return bool(_service(url).attachment_support)
    except ValueError:
        return False


def send(url: str, message: Message, secrets: Secrets, files: Sequence[File] = ()) -> str | None:
    """Send a message to the service at `url`, once. Returns None if the service accepted it, else its answer.

    `files` are attached; the service must accept attachments.

    The message's key is the Message-ID of a mail and the Idempotency-Key of a webhook, the same in every try. A URL may
    have several targets: if one fails, all count as failed, and the next try sends to all. After `SECONDS` (more for
    several targets) the call returns; the attempt continues and may still deliver. Safe to call from several threads.
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
        _plain_text.set(message.text)
        outcome.append(_notify(service, message, files))

    seconds = SECONDS + (len(service) - 1) * SECONDS / 3
    _run(attempt, seconds)
    if not outcome:
        return f"no answer within {seconds:.0f} s"
    return None if outcome[0] else answer_of(records, partial(redacted, url=url, secrets=secrets))


def _run(attempt: Callable[[], None], seconds: float) -> None:
    """Run an attempt in a thread, and wait for at most `seconds`.

    Not in Apprise's pool: services that hang would use up its few threads, and Python waits for them at exit.
    """
    thread = threading.Thread(target=copy_context().run, args=(attempt,), name="apprise", daemon=True)
    thread.start()
    thread.join(seconds)


def _notify(service: NotifyBase, message: Message, files: Sequence[File] = ()) -> bool:
    """Send with Apprise. Returns whether it was sent."""
    sender = Apprise(asset=service.asset)
    sender.add(service)
    title, body, form = _forms(service, message)
    try:
        # from memory: Apprise would read a file or URL again
        more: dict[str, Any] = {"attach": [_attached(file) for file in files]} if files else {}
        return bool(sender.notify(title=title, body=body, body_format=form, **more))
    except Exception as error:  # noqa: BLE001 - any fault in a service's code means that the message was not delivered
        _apprise_log.error("Exception: %s: %s", type(error).__name__, error)
        return False


def _attached(file: File) -> AttachMemory:
    return AttachMemory(file.content, name=file.name, mimetype=file.type)  # type: ignore[no-untyped-call]


def _forms(service: NotifyBase, message: Message) -> tuple[str, str, NotifyFormat]:
    """The title and body for this service, and the format of the body."""
    shown = _form(service)
    if shown is Form.DOCUMENT:
        return message.title, message.html, NotifyFormat.HTML
    if shown is Form.CHAT and not message.html.startswith(_DOCUMENT):
        return _chat_title(service, message.title), _chat_body(service, message.html), NotifyFormat.HTML
    match service.resolve_format(NotifyFormat.TEXT):
        case NotifyFormat.MARKDOWN:
            # Apprise would escape the dots in links, too, and services would not recognise them
            lines = [line if _LINK.match(line) else _escaped(line) for line in message.text.splitlines()]
            title = message.title if service.title_maxlen > 0 else _escaped(message.title)
            return title, "\n".join(lines), NotifyFormat.MARKDOWN
        case NotifyFormat.HTML:
            # chat services drop empty lines
            return message.title, message.text.replace("\n\n", "\n\u200b\n"), NotifyFormat.TEXT
    return message.title, message.text, NotifyFormat.TEXT


def _chat_title(service: NotifyBase, title: str) -> str:
    """A title as text; escaped if Apprise inserts it into the body."""
    if isinstance(service, NotifyDiscord):
        return _escaped(title)
    return title if service.title_maxlen > 0 else escape(title)


def _chat_body(service: NotifyBase, html: str) -> str:
    """The body for a chat. Telegram drops empty lines."""
    return html.replace("<br><br>", "<br>\u200b<br>") if isinstance(service, NotifyTelegram) else html


def _escaped(text: str) -> str:
    return str(convert_between(NotifyFormat.TEXT, NotifyFormat.MARKDOWN, text))  # type: ignore[no-untyped-call]


def _prepare(service: NotifyBase, message: Message) -> None:
    """Turn off options that keep a message from being delivered unchanged; set its Message-ID and thread."""
    service.retry = 0  # the delivery retries, and survives a restart
    service.optional = False  # "optional" would report every failure as a success
    if isinstance(service, _MARKDOWN_CHATS) and _form(service) is Form.CHAT:
        service.notify_format = NotifyFormat.MARKDOWN
    limited = not _takes_documents(service) and service.resolve_format(NotifyFormat.TEXT) is not NotifyFormat.HTML
    if limited and service.overflow_mode is OverflowMode.UPSTREAM:
        service.overflow_mode = OverflowMode.SPLIT  # two parts are better than a permanent refusal
    if isinstance(service, NotifyJSON | NotifyXML | NotifyForm):
        service.headers.setdefault("Idempotency-Key", message.key)
    if isinstance(service, email.NotifyEmail) and message.thread:
        ids = [f"<{_local_part(key)}@{service.smtp_host}>" for key in message.thread]
        service.headers |= {"References": " ".join(ids), "In-Reply-To": ids[-1]}


def _local_part(key: str) -> str:
    """The part before the "@" of a Message-ID."""
    return re.sub(r"[^\w.-]", "-", key, flags=re.ASCII)


def _takes_documents(service: NotifyBase) -> bool:
    """Whether a service accepts a whole HTML document, like mail. Chat services accept only a few tags.

    It does if HTML is its default, or the URL's choice, and it has a title and no limit of its own.
    """
    chosen = service.resolve_format(None) is NotifyFormat.HTML
    return chosen and service.title_maxlen > 0 and service.body_maxlen >= NotifyBase.body_maxlen


def _service(url: str) -> NotifyBase:
    """The service behind a URL. Raises ValueError with what is wrong, without its secrets."""
    url = url.strip()
    scheme = re.match(r"([A-Za-z0-9]+)://", url)
    if scheme is None:
        raise ValueError(f'has to begin with a service, such as "mailtos://" or "tgram://"; see {SERVICES}')
    if re.search(r"[\s,;][A-Za-z0-9]+://", url):
        raise ValueError("holds more than one URL; make a channel of each, for all of it is sent again when one fails")
    logged: list[Record] = []
    token = _records.set(logged)
    with _loading:  # Apprise loads its services with the first URL
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
    """Why Apprise refuses a URL: the service is unknown, lacks a package, or its URLs have another form."""
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
    """Give mails the Message-ID set by `send`.

    Apprise makes a new one for every try, and has no option for it: a header in the URL would be added to its own.
    """
    make = getattr(email, "make_msgid", None)
    if make is None:
        log.warning("this Apprise makes Message-IDs in another way: a mail that is sent again gets a new one")
        return

    def make_msgid(idstring: str | None = None, domain: str | None = None) -> str:
        key = _message_id.get()
        return f"<{key}@{domain or 'localhost'}>" if key else make(idstring, domain)

    email.make_msgid = make_msgid  # type: ignore[attr-defined]


def _keep_plain_text() -> None:
    """Give mails the message's own plain text: Apprise would make it from the HTML."""
    convert = getattr(email, "convert_between", None)
    if convert is None:
        log.warning("this Apprise makes a mail's plain text in another way: it is made of the HTML")
        return

    def convert_between(source: NotifyFormat, target: NotifyFormat, content: str) -> str:
        text = _plain_text.get()
        to_text = source is NotifyFormat.HTML and target is NotifyFormat.TEXT
        return text if text and to_text else str(convert(source, target, content))

    email.convert_between = convert_between  # type: ignore[attr-defined]


_apprise_log = logging.getLogger("apprise")
_apprise_log.setLevel(logging.DEBUG)
_apprise_log.addFilter(_catch)
logging.getLogger("urllib3").setLevel(logging.INFO)  # its DEBUG records contain whole URLs
_keep_message_ids()
_keep_plain_text()
