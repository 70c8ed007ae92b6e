"""Messages for chats: bold, links and quotes in the form of each service. Nothing leaves this machine."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from alerts.apprise_service import describe_service, to_mrkdwn
from alerts.message.forms import render_chat
from alerts.message.lines import Line, Style
from alerts.message.recipient import Form
from alerts.send import send
from sources.secrets import Secrets
from state.model import Message
from tests.torture.texts import SERVICES, agreeing

BLOCK = [
    Line(Style.WHAT, "Sable *Capital* & Co <x_1>", "CHANGED"),
    Line(Style.FIELD, "Status"),
    Line(Style.BEFORE, "Active", "was"),
    Line(Style.AFTER, "Suspended", "now"),
    Line(Style.LINK, "https://fca.example/r/7?a=1&b=x_y_z", "Open the record"),
]
URL = "https://fca.example/r/7?a=1&amp;b=x_y_z"
QUOTE = "<blockquote>was: Active\r\nnow: <b>Suspended</b></blockquote>"
TELEGRAM = (
    "<b>A *title* &lt;x&gt; &amp; y</b>\r\nCHANGED: <b>Sable *Capital* &amp; Co &lt;\u200bx_1&gt;</b>\r\n<b>Status</b>\r\n"
    f'{QUOTE}\r\n<a href="{URL}">Open the record</a>\r\n\u200b\r\nKey: 7'
)
SLACK = (
    "CHANGED: *Sable <!date^00000000^{_}|*>Capital<!date^00000000^{_}|*> &amp; Co &lt;\u200bx_1&gt;*  \n*Status*\n\n> was: Active  \n> now: *Suspended*\n\n"
    f"<{URL}|Open the record>  \n  \nKey: 7"
)
DISCORD = (
    "A \\*title\\* <x\\> & y\r\nCHANGED: **Sable \\*Capital\\* & Co \\<\u200bx\\_1\\>**  \n**Status**\n\n"
    "> was: Active  \n> now: **Suspended**\n\n[Open the record](<https://fca.example/r/7?a=1&b=x_y_z>)  \n  \nKey: 7"
)


@pytest.fixture
def asked() -> Iterator[list[tuple[str, Any]]]:
    """What is asked of web services, which all say yes."""
    with agreeing() as made:
        yield made


def message(html: str | None = None) -> Message:
    text = render_chat([BLOCK, [Line(Style.QUIET, "7", "Key")]]) if html is None else html
    return Message(1, "key", "desk", "A *title* <x> & y", "as text", text, [1], created=None)  # type: ignore[arg-type]


def given(asked: list[tuple[str, Any]]) -> dict[str, Any]:
    """What the last request said."""
    said: dict[str, Any] = json.loads(asked[-1][1]["data"])
    return said


def test_telegram(asked: list[tuple[str, Any]]) -> None:
    assert send(SERVICES["telegram"], message(), Secrets()) is None
    assert (given(asked)["parse_mode"], given(asked)["text"]) == ("HTML", TELEGRAM)


def test_slack(asked: list[tuple[str, Any]]) -> None:
    assert send(SERVICES["slack"], message(), Secrets()) is None
    (attachment,) = next(json.loads(what["data"]) for url, what in asked if "postMessage" in url)["attachments"]
    assert (attachment["title"], attachment["text"]) == ("A *title* &lt;x&gt; &amp; y", SLACK)


def test_slack_shows_the_marks_of_a_value_as_they_are() -> None:
    html = '*x* _y_ ~z~ `c` 2*3*4 a_b_c **d** <b>e*</b> <a href="https://a.example/x_y_*z*">*it*</a>'
    shown = re.sub(r"<!date\^00000000\^\{_\}\|([^>]+)>", r"[\1]", to_mrkdwn(html))
    marks = "[*]x[*] [_]y[_] [~]z[~] [`]c[`] 2*3*4 a_b_c [**]d[**] *e[*]*"
    assert shown == f"{marks} <https://a.example/x_y_*z*|*it*>"


def test_discord(asked: list[tuple[str, Any]]) -> None:
    assert send(SERVICES["discord"], message(), Secrets()) is None
    assert given(asked)["content"] == DISCORD
    assert "embeds" not in given(asked)


def test_matrix(asked: list[tuple[str, Any]]) -> None:
    assert send(SERVICES["matrix"], message(), Secrets()) is None
    said = next(json.loads(what["data"]) for url, what in asked if "/send/" in url)
    assert said["format"] == "org.matrix.custom.html"
    assert said["formatted_body"].startswith("<h1>A *title* &lt;x&gt; &amp; y</h1>")
    assert f'<blockquote>was: Active<br>now: <b>Suspended</b></blockquote><a href="{URL}">' in said["formatted_body"]


@pytest.mark.parametrize("service", ["telegram", "slack", "discord", "matrix", "mattermost"])
def test_a_chat_that_asks_for_text_gets_the_text(asked: list[tuple[str, Any]], service: str) -> None:
    url = f"{SERVICES[service]}?format=text"
    assert describe_service(url).form is Form.PLAIN
    assert send(url, message(), Secrets()) is None
    assert any("as text" in str(what.get("data")) for _, what in asked)
    assert not any("Suspended" in str(what.get("data")) for _, what in asked)


@pytest.mark.parametrize("html", ["<!doctype html>\n<p>a mail", '<div style="x">a mail of an earlier version</div>'])
def test_a_chat_is_not_given_what_was_composed_as_mail(asked: list[tuple[str, Any]], html: str) -> None:
    assert send(SERVICES["telegram"], message(html), Secrets()) is None
    assert "as text" in given(asked)["text"]
    assert "a mail" not in given(asked)["text"]


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("mailto://127.0.0.1:9?from=a@example.org&to=b@example.org", Form.DOCUMENT),
        ("mailto://127.0.0.1:9?from=a@example.org&to=b@example.org&format=text", Form.PLAIN),
        (SERVICES["telegram"], Form.CHAT),
        (SERVICES["mattermost"], Form.CHAT),
        (SERVICES["ntfy"], Form.PLAIN),
        ("json://127.0.0.1/hook", Form.DATA),
        ("xml://127.0.0.1/hook", Form.DATA),
        ("form://127.0.0.1/hook", Form.DATA),
    ],
)
def test_what_a_service_shows(url: str, shown: Form) -> None:
    assert describe_service(url).form is shown
