"""The service behind a channel's URL, as Apprise knows it: what is wrong with the URL, what is shown, how much, and
what it logs. Import this module, like send.py, only to send: the import of Apprise takes 0.1 s, and the first channel
0.3 s more, as it loads its services.
"""

import logging
import re
import threading
from contextvars import ContextVar
from datetime import timedelta
from difflib import get_close_matches
from functools import lru_cache
from typing import NamedTuple

from apprise import Apprise, AppriseAsset, NotifyBase, NotifyFormat, PersistentStoreMode
from apprise.conversion import convert_between
from apprise.manager_plugins import NotificationManager
from apprise.plugins.custom_form import NotifyForm
from apprise.plugins.custom_json import NotifyJSON
from apprise.plugins.custom_xml import NotifyXML
from apprise.plugins.discord import NotifyDiscord
from apprise.plugins.matrix.base import NotifyMatrix
from apprise.plugins.mattermost import NotifyMattermost
from apprise.plugins.ntfy import NotifyNtfy
from apprise.plugins.slack import NotifySlack
from apprise.plugins.telegram import NotifyTelegram

from alerts.message.recipient import Form, MessageLimits, Service
from alerts.service_answer import LogLine

OWN_AUTHORITY = "name your own authority in SSL_CERT_FILE (mail) or REQUESTS_CA_BUNDLE (web) instead"
SERVICES = "https://appriseit.com/services/"
WEBHOOKS = (NotifyJSON, NotifyXML, NotifyForm)
_CHATS = (NotifyTelegram, NotifySlack, NotifyMatrix)  # these show bold, links and quotes in HTML
MARKDOWN_CHATS = (NotifyDiscord, NotifyMattermost)  # these do if their URL says format=markdown
_LONGEST_TITLE = 250
_LONGEST_IN_NTFY = 1_300  # characters: it takes 4,096 bytes, of more it makes a file, or refuses it

# Code stays as it is, and so does what a link says; a mark inside of a word is none.
_ESCAPED = re.compile(r"(`+[^`]*`+)|(<[^<>]*>)|(?<=[^\W_])\\([*_~])(?=[^\W_])|((?:\\[*_~`])+)|\\(.)", re.DOTALL)

_loading = threading.Lock()
_to_slack = NotifySlack._commonmark_to_slack  # noqa: SLF001 - a test tells if Apprise changes it


class Attempt(NamedTuple):
    """What Apprise logs while it tries, how long its services ask to wait, what its mails are given (the part of the
    Message-ID before "@", a text), and the proxy of its requests.
    """

    records: list[LogLine]
    waits: list[timedelta]
    id: str = ""
    text: str = ""
    proxy: str | None = None


current: ContextVar[Attempt | None] = ContextVar("attempt", default=None)


def _catch(record: logging.LogRecord) -> bool:
    """Keep Apprise's log records of the current attempt, and do not pass them on.

    Only DEBUG records have the server's answer, but they contain tokens. The answer is returned by `send`.
    """
    if attempt := current.get():
        attempt.records.append((record.levelname, record.getMessage()))
    return False


@lru_cache(1000)
def describe_service(url: str) -> Service:
    """What is known of the service at a URL. Raises ValueError with what is wrong with the URL, without its secrets."""
    service = service_of(url)
    form, most, title = form_of(service), int(service.body_maxlen), int(service.title_maxlen)
    most = min(most, _LONGEST_IN_NTFY) if isinstance(service, NotifyNtfy) else most
    # If text may gain escape characters (Markdown, HTML), a quarter is reserved for them.
    gains = form is Form.CHAT or service.resolve_format(NotifyFormat.TEXT) is not NotifyFormat.TEXT
    if gains and not takes_documents(service):
        most = most * 3 // 4
    if title > 0 and not service.overflow_amalgamate_title:
        limits = MessageLimits(min(title, _LONGEST_TITLE), most)
    else:  # it has no title, or counts it as a part of the body: both share the body's limit
        title = min(title if title > 0 else _LONGEST_TITLE, _LONGEST_TITLE, most // 2)
        limits = MessageLimits(title, most - title - len("\r\n"))
    return Service(form, limits, bool(service.attachment_support))


def form_of(service: NotifyBase) -> Form:
    """What a service shows of a message."""
    if takes_documents(service):
        return Form.DOCUMENT
    if isinstance(service, WEBHOOKS):
        return Form.DATA
    # Apprise stores the format in a channel's URL in one of two places
    chosen = vars(service).get("notify_format") or vars(service).get("_format_override")
    is_chat = isinstance(service, _CHATS + MARKDOWN_CHATS) and chosen is not NotifyFormat.TEXT
    return Form.CHAT if is_chat else Form.PLAIN


def takes_documents(service: NotifyBase) -> bool:
    """Whether a service accepts a whole HTML document, like mail. Chat services accept only a few tags.

    It does if HTML is its default, or the URL's choice, and it has a title and no limit of its own.
    """
    chosen = service.resolve_format(None) is NotifyFormat.HTML
    return chosen and service.title_maxlen > 0 and service.body_maxlen >= NotifyBase.body_maxlen


class TelegramTarget(NamedTuple):
    """What a `tgram://` URL says: the bot's token, the chat and the topic in it (0: none), and how messages come."""

    token: str
    chat: str
    topic: int
    silent: bool
    preview: bool


def telegram_target(url: str) -> TelegramTarget:
    """What the `tgram://` URL of a channel with buttons says. Raises ValueError, without its secrets."""
    service = service_of(url)
    if not isinstance(service, NotifyTelegram) or len(service.targets) != 1:
        raise ValueError("has buttons = true, and has to name one chat of Telegram: make a channel of each")
    chat, topic = service.targets[0]
    return TelegramTarget(
        service.bot_token, str(chat), int(topic or service.topic or 0), bool(service.silent), bool(service.preview)
    )


def slack_target(url: str) -> tuple[str, str]:
    """The token and the chat that the `slack://` URL of a channel with buttons has. Raises ValueError as above."""
    service = service_of(url)
    if not isinstance(service, NotifySlack) or service.mode != "bot" or len(service.channels) != 1:
        raise ValueError("has buttons = true, and has to have a bot's token and the id of one channel: xoxb-.../C0123")
    return str(service.access_token), str(service.channels[0]).lstrip("+#")


def to_mrkdwn(html: str) -> str:
    """A chat's HTML in Slack's notation."""
    markdown = convert_between(NotifyFormat.HTML, NotifyFormat.MARKDOWN, html)  # type: ignore[no-untyped-call]
    return str(service_of("slack://xoxb-1-1-a/C1").dialect_convert(markdown, NotifyFormat.MARKDOWN))


def service_of(url: str) -> NotifyBase:
    """The service behind a URL. Raises ValueError with what is wrong, without its secrets."""
    url = url.strip()
    scheme = re.match(r"([A-Za-z0-9]+)://", url)
    if scheme is None:
        raise ValueError(f'has to begin with a service, such as "mailtos://" or "tgram://"; see {SERVICES}')
    if re.search(r"[\s,;][A-Za-z0-9]+://", url):
        raise ValueError("holds more than one URL; make a channel of each, for all of it is sent again when one fails")
    logged: list[LogLine] = []
    token = current.set(Attempt(logged, []))
    asset = AppriseAsset(
        app_id="Registry Watch",
        app_desc="Registry Watch",
        image_url_mask="",  # no pictures from Apprise's own site in alerts
        image_url_logo="",
        storage_mode=PersistentStoreMode.MEMORY,
        http_redirects=False,
        interpret_emojis=False,
        allow_templates=False,
        service_timeout=0,  # `send` has one
    )
    with _loading:  # Apprise loads its services with the first URL
        service = Apprise.instantiate(url, asset=asset)
    current.reset(token)
    if service is None:
        raise ValueError(_refusal(scheme[1].lower()))
    if any(re.match("Dropp(ed|ing) invalid", message) for _, message in logged):
        raise ValueError(f"names a recipient that is not valid for {service.service_name}; see {service.setup_url}")
    if not service.verify_certificate:
        raise ValueError(f"says verify=no, but certificates are always verified; {OWN_AUTHORITY}")
    return service


def _refusal(scheme: str) -> str:
    """Why Apprise refuses a URL: the service is unknown, lacks a package, or its URLs have another form."""
    services = NotificationManager()  # type: ignore[no-untyped-call]  # Apprise has no types
    if scheme not in services:
        near = get_close_matches(scheme, services.schemas(), n=1)  # type: ignore[no-untyped-call]  # as above
        hint = f'did you mean "{near[0]}://"?' if near else f"see {SERVICES}"
        return f'begins with "{scheme}://", which Apprise does not know; {hint}'
    service = services[scheme]
    if not service.enabled:
        packages = service.requirements.get("packages_required") or []
        needed = ", ".join([packages] if isinstance(packages, str) else packages)
        return f'uses "{scheme}://", which does not work here{f": install {needed}" if needed else ""}'
    forms = " or ".join(form.replace("{schema}", scheme) for form in service.templates[:2])
    return f"is not complete, or not valid: {service.service_name} needs {forms}; see {service.setup_url}"


def _unescape(found: re.Match[str]) -> str:
    code, link, inside, marks, other = found.groups()
    if marks:  # Slack shows as it is what stands for a date that is none
        return f"<!date^00000000^{{_}}|{marks.replace(chr(92), '')}>"
    return code or inside or other or re.sub(r"\\(.)", r"\1", link)


# Slack has no escapes but those of & < >: it shows the backslashes that Apprise leaves before "_" and "*".
NotifySlack._commonmark_to_slack = staticmethod(  # type: ignore[method-assign]  # noqa: SLF001
    lambda body: _ESCAPED.sub(_unescape, _to_slack(body))  # type: ignore[no-untyped-call]
)
_log = logging.getLogger("apprise")
_log.setLevel(logging.DEBUG)
_log.addFilter(_catch)
logging.getLogger("urllib3").setLevel(logging.INFO)  # its DEBUG records contain whole URLs
