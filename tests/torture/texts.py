"""Hostile text, the services that it may reach, and what they would act on."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from html import escape
from html.parser import HTMLParser
from typing import Any
from unittest.mock import patch

import requests

from alerts.apprise_service import describe_service
from alerts.links import web_address
from alerts.message.compose import compose
from alerts.message.recipient import Recipient
from state.model import Event, EventKind, Mention, Message

HOSTILE = (
    "@everyone @here @channel @all x@everyone <@U123> <@&9> <#C1> <!channel> <!subteam^S1> <t:0:R> @admin_bot @a:h.example "
    "[free](https://evil.example) ![see](https://evil.example/pixel.png) [free][1] [1]: https://evil.example "
    "<https://evil.example|bank> tg://user?id=1 file:///etc/passwd ||hidden|| ~~struck~~ ```code "
    "<script>alert(1)</script> <img src=x onerror=alert(1)> <a href='https://evil.example'>bank</a> "
    "\x1b[31mred\x9b2J \u202egnp.exe\u202c \u2066x\u2069 a\u200bb {{title}} ${TOKEN} {app_id} %s \"'><b>"
)
URL = 'https://a.example/<script>"@everyone](x)\x1b[2J\u202e'
SERVICES = {
    "telegram": "tgram://123456789:abcdefg_hijklmnop-qrstuvwxyzABCDEF/12345",
    "slack": "slack://xoxb-1234-1234-4ddbc191d40ee098cbaae6f3523ada2d/#general",
    "discord": "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js",
    "matrix": "matrixs://user:pass@h.example/%23room",
    "ntfy": "ntfys://topic-abcdef",
    "mattermost": "mmosts://h.example/3ccdd113474722377935511fc85d3dd4",
    "teams": "workflows://h.example:443/643a8c1b/sigsigsigsig",
    "webhook": "json://h.example/x",
}
# What these services act on, in the text that they are given.
ORDERS = re.compile(
    r"@(?:everyone|here|channel|all)\b|(?<![\w.])@\w|<[@!#&:/?\w]|\]\(|\]\[|\]:|\|\||~~|``|\b(?:tg|file|javascript)://",
    re.IGNORECASE,
)
MAIL_TAGS = {"html", "head", "meta", "title", "style", "body", "div", "p", "span", "b", "a", "code"}
MAIL_ATTRIBUTES = {"lang", "charset", "name", "content", "class", "style", "href", "dir"}
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

_SEEN = datetime(2025, 7, 15, 7, 7, 12, tzinfo=UTC)


def hostile_event() -> Event:
    """A change in which every text is hostile."""
    lines = {"before": "a", "after": f"a\n# {HOSTILE}\n> quote"}
    data = {
        "change": "changed", "key": HOSTILE, "title": HOSTILE, "url": URL, "published": None, "entry": {HOSTILE: HOSTILE},
        "fields": {HOSTILE: {"before": HOSTILE, "after": f"{HOSTILE} after"}, "lines": lines},
    }  # fmt: skip
    mentions = [Mention("telegram", "Telegram", HOSTILE, HOSTILE)]
    return Event(EventKind.CHANGE, "s", HOSTILE, "record", _SEEN, _SEEN, data, mentions, 1)


def hostile(url: str) -> Message:
    """The message to a service about a change in which every text is hostile."""
    event, service = hostile_event(), describe_service(url)
    most, whom = service.limits, Recipient(form=service.form)
    composed = compose([event], timezone=UTC, body_limit=most.body, title_limit=most.title, recipient=whom)
    return Message(1, "key", "desk", *composed, deliveries=[1], created=_SEEN)


@contextmanager
def agreeing() -> Iterator[list[tuple[str, Any]]]:
    """What is asked of web services, which all say yes; nothing leaves this machine."""
    asked: list[tuple[str, Any]] = []
    yes = {"ok": True, "result": {"message_id": 1}, "access_token": "t", "home_server": "h", "user_id": "@u:h"}
    yes |= {"room_id": "!a:h", "event_id": "e", "channel": "C"}

    def answer(self: requests.Session, method: str, url: str, **given: Any) -> requests.Response:
        asked.append((url, given))
        response = requests.Response()
        response.status_code, response._content = 200, json.dumps(yes).encode()
        return response

    with patch.object(requests.Session, "request", answer):
        yield asked


def texts(value: Any) -> Iterator[str]:
    """All texts in what JSON can say."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from texts(each)


def names(value: Any) -> Iterator[str]:
    """All names in what JSON can say."""
    if isinstance(value, dict):
        yield from value
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from names(each)


def told(asked: list[tuple[str, Any]]) -> list[str]:
    """The texts that a service was given which hold the page's words."""
    bodies = [json.loads(given["data"]) for _, given in asked if isinstance(given.get("data"), str)]
    return [text for body in bodies for text in texts(body) if "changed" in text.lower()]


_OWN = [re.escape(form) for address in (web_address(URL) or "", escape(web_address(URL) or "", quote=True))
        for form in (f'<a href="{address}">', f"<{address}|Open the record>", f"[Open the record](<{address}>)")]  # fmt: skip
_OWN_LINK = re.compile("|".join(_OWN))


def orders(text: str) -> list[str]:
    """What a service would act on in a text that it was given; what escapes Markdown and Slack's marks, its own form,
    and the link that the alert itself has, is not seen.
    """
    seen = _OWN_LINK.sub("", re.sub(r"<!date\^0{8}\^\{_\}\|([*_~`]+)>", r"\1", text.replace("\\", "")))
    if "<br" in seen or "&lt;" in seen or "<b>" in seen:
        seen = re.sub(r"</?(a|b|br|p|i|code|pre|h1|blockquote)\s*/?>", "", seen)
    return [*ORDERS.findall(seen), *CONTROLS.findall(text)]


class Tags(HTMLParser):
    """The tags of a document with their attributes, and its texts."""

    def __init__(self, document: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(document)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
