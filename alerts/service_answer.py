"""A service's answer, as one line for people, from Apprise's log records of the send. Pure."""

import re
from ast import literal_eval
from collections.abc import Callable, Sequence
from datetime import timedelta
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import quote, unquote

from alerts.message.wording import cut
from sources.secrets import Secrets
from sources.text import clean

_LONGEST = 300

_BYTES = r"""b'(?:[^'\\]|\\.)*'|b"(?:[^"\\]|\\.)*\""""
_STATUS = re.compile(r"\berror=(\d{3})\b")
_DETAILS = re.compile(rf"Response Details:\s*({_BYTES})", re.DOTALL)
_SMTP = re.compile(rf"(?:\(([245]\d\d), |was refused: ([245]\d\d) )({_BYTES})", re.DOTALL)
_REFUSED = re.compile(r"Socket Exception: \{'[^']*': \(([45]\d\d), ")
_EXCEPTION = re.compile(r"\bException: (.+)", re.DOTALL)
_CAUSE = re.compile(r"\[(?:Errno|SSL)[^\n]*?(?=['\"]\)|\)[\"']?\)|\Z)")
_INNERMOST = re.compile(r"\(.*, *(?:\w+\()?(['\"])(?P<said>[^'\"]+)\1\)*\Z", re.DOTALL)  # of nested exceptions
_NO_NAME = re.compile(r"Exception: .{0,2000}(?:\[Errno -[235]\]|Failed to resolve|getaddrinfo failed)", re.DOTALL)
_ASKED_HOST = re.compile(r"(?:Failed to resolve '|submitting email to \")([\w.-]{1,253})['\"]")
_POOL = re.compile(r"HTTPS?ConnectionPool\([^)]*\): |Max retries exceeded with url: \S+ ")
_PAGE_TITLE = re.compile(r"<title\b[^<>]*>([^<]*)</title", re.IGNORECASE)

# Options of Apprise's URLs whose values are not secret and are useful in an error: recipient, server, mode.
_PLAIN_OPTIONS = {"to", "from", "cc", "bcc", "reply", "name", "smtp", "mode", "method", "format", "overflow"}
_HOST = re.compile(r"(?:localhost|\d+(?:\.\d+){3}|\[[\da-f:.]+\]|(?:[\w-]+\.)+[a-z]{2,})(?::\d+)?", re.IGNORECASE)
_EMAIL = re.compile(r"[\w.+-]+@[\w.-]+\.\w+")
_CREDENTIALS = re.compile(r"\b(basic|bearer)([\s:=]+)[\w+/=.~-]{8,}", re.IGNORECASE)


class ServiceAnswer(NamedTuple):
    """What a service answered to a message that it did not accept.

    `gone` says that nothing will ever be accepted there, `wait` how long the service asks to be left alone, `refused`
    with which status a mail server refused all addresses of a mail (0: it did not); it may accept others.
    """

    said: str
    gone: bool = False
    wait: timedelta | None = None
    in_turn: bool = False  # it asks because of a limit (429), and not of this message, which nothing overtakes then
    refused: int = 0


LogLine = tuple[str, str]
"""One log record of Apprise: its level, and its message."""


def answer_of(records: Sequence[LogLine], redact: Callable[[str], str] = str) -> str:
    """The server's answer, in its own words where there are any. Only its words are redacted: this program's words
    contain no secret, and would reveal one that is equal to one of them.
    """
    messages = [message for _, message in records]
    mail = [found for message in messages for found in _SMTP.finditer(message)]
    if said := dict.fromkeys(f"{found[1] or found[2]} {_decode(found[3])}" for found in mail):
        return f"the mail server said: {redact('; '.join(said))}"
    bodies = [_body(found[1]) for message in messages if (found := _DETAILS.search(message))]
    if statuses := [found[1] for message in messages if (found := _STATUS.search(message))]:
        body = redact(bodies[-1]) if bodies else ""
        return ": ".join(filter(None, [f"the server answered {status_words(int(statuses[-1]))}", body]))
    hosts = [found[1] for message in messages if (found := _ASKED_HOST.search(message))]
    if hosts and any(_NO_NAME.search(message) for message in messages):  # a name that was looked up is no secret
        return f"it could not be sent: could not resolve {hosts[-1]}"
    if exceptions := [found[1] for message in messages if (found := _EXCEPTION.search(message))]:
        cause, inner = _CAUSE.search(exceptions[-1]), _INNERMOST.match(exceptions[-1])
        why = cause[0] if cause else inner["said"] if inner else _POOL.sub("", exceptions[-1])
        return f"it could not be sent: {redact(why)}"
    warnings = [message for level, message in records if level in {"WARNING", "ERROR"}]
    return redact(warnings[-1]) if warnings else "it was not accepted, and the service gave no reason"


def refusal_in(records: Sequence[LogLine]) -> int:
    """The status with which a mail server refused all addresses of a mail, as smtplib tells it; 0 where it did not."""
    return next((int(found[1]) for _, message in records if (found := _REFUSED.match(message))), 0)


def status_words(code: int) -> str:
    """`404 Not Found`; the number alone of a status that is not known."""
    known = {status.value: f" {status.phrase}" for status in HTTPStatus}
    return f"{code}{known.get(code, '')}"


def _body(details: str) -> str:
    """The gist of a response's body; of an HTML page the title."""
    text = _decode(details)
    if "<html" in text[:500].lower():
        title = _PAGE_TITLE.search(text)
        return clean(title[1]) if title else ""
    return cut(clean(text), 160)


def _decode(literal: str) -> str:
    """The text behind the notation of bytes in a log line."""
    try:
        value = literal_eval(literal)
    except (ValueError, SyntaxError):
        return literal
    return clean(value.decode("utf-8", "replace"))


def redact(text: str, url: str, secrets: Secrets) -> str:
    """One line without secrets: those of the configuration, and the parts of the channel's URL that may be secret."""
    text = secrets.hide(text)
    for part in _secret_parts(url):
        text = re.sub(re.escape(part), "…", text, flags=re.IGNORECASE)
    return cut(clean(_CREDENTIALS.sub(r"\1\2…", text)), _LONGEST)


def _secret_parts(url: str) -> list[str]:
    """The parts of an Apprise URL that may be secret, as written and decoded, the longest first.

    Tokens may be anywhere in such URLs, even in place of the host, and a path is often secret. So everything may be
    secret except a network host, the user name before a password, e-mail addresses in the path, and some options.
    """
    before, _, query = url.partition("://")[2].partition("?")
    place, _, path = before.partition("/")
    login, _, host = place.rpartition("@")
    user, colon, password = login.partition(":")
    options = [option.partition("=") for option in query.split("&")]
    pieces = [path, *(part for part in path.split("/") if not _EMAIL.fullmatch(unquote(part)))]
    pieces += [value for name, _, value in options if name.lower() not in _PLAIN_OPTIONS]
    pieces += [] if _HOST.fullmatch(host) else [host, *host.split(":")]
    pieces += [] if colon else [user]
    # passwords may be short; other short parts are words that texts need
    suspect = [(form, 4) for form in _forms(password)] + [(form, 6) for piece in pieces for form in _forms(piece)]
    return sorted({form for form, shortest in suspect if len(form) >= shortest}, key=len, reverse=True)


def _forms(piece: str) -> list[str]:
    return [piece, unquote(piece), quote(unquote(piece), safe="")]
