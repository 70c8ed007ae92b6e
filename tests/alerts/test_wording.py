"""Foreign text in every place where it is shown: it is visible there, and has no effect."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import cycle, islice
from typing import Any

import pytest

from alerts.links import web_address
from alerts.message.wording import cut, cut_at_word, neutralize, shorten, shorten_both
from alerts.send import send
from sources.secrets import Secrets
from tests.torture.texts import (
    CONTROLS,
    MAIL_ATTRIBUTES,
    MAIL_TAGS,
    SERVICES,
    URL,
    Tags,
    agreeing,
    hostile,
    names,
    orders,
    told,
)


@pytest.fixture
def asked() -> Iterator[list[tuple[str, Any]]]:
    """What is asked of web services, which all say yes."""
    with agreeing() as made:
        yield made


@pytest.mark.parametrize("service", [name for name in SERVICES if name != "webhook"])
def test_a_chat_is_given_no_order_by_a_page(asked: list[tuple[str, Any]], service: str) -> None:
    assert send(SERVICES[service], hostile(SERVICES[service]), Secrets()) is None
    assert told(asked)
    assert [orders(text) for text in told(asked) if orders(text)] == []


@pytest.mark.parametrize("service", SERVICES)
def test_no_text_of_a_page_becomes_an_address_an_attachment_or_a_header(
    asked: list[tuple[str, Any]], service: str
) -> None:
    send(SERVICES[service], hostile(SERVICES[service]), Secrets())
    for url, given in asked:
        assert "evil" not in url
        assert not given.get("files")
        assert "evil" not in str(given.get("headers")) + str(given.get("params"))
        body = json.loads(given["data"]) if isinstance(given.get("data"), str) else {}
        assert not {"attach", "click", "actions", "icon", "image_url", "title_link"} & set(names(body))


def test_a_webhook_is_given_the_data_as_it_is(asked: list[tuple[str, Any]]) -> None:
    send(SERVICES["webhook"], hostile(SERVICES["webhook"]), Secrets())
    (body,) = [json.loads(given["data"]) for _, given in asked]
    assert "\u200b" not in body["title"] + body["message"]
    assert "@everyone @here @channel @all x@everyone <@U123>" in body["message"]
    assert not CONTROLS.findall(body["title"] + body["message"].replace("\n", ""))


def test_what_looks_like_a_template_stays_as_it_is(asked: list[tuple[str, Any]]) -> None:
    send(SERVICES["webhook"], hostile(SERVICES["webhook"]), Secrets())
    assert any("{{title}} ${TOKEN} {app_id} %s" in text for text in told(asked))


def test_a_mail_has_no_tag_of_the_page_and_links_only_where_it_says(post_office: Any) -> None:
    url = post_office.url("desk@example.org")
    assert send(url, hostile(url), Secrets()) is None
    (mail,) = post_office.mails
    html = Tags(mail.get_body(("html",)).get_content())
    assert {tag for tag, _ in html.tags} <= MAIL_TAGS
    assert {name for _, attributes in html.tags for name in attributes} <= MAIL_ATTRIBUTES
    links = {attributes["href"] for tag, attributes in html.tags if tag == "a"}
    assert links == {web_address(URL)}
    assert not CONTROLS.findall("".join(html.texts))


def test_a_mail_s_headers_are_ours(post_office: Any) -> None:
    url = post_office.url("desk@example.org")
    message = hostile(url)._replace(title="X\r\nBcc: evil@example.org\n\nbody")
    assert send(url, message, Secrets()) is None
    (mail,) = post_office.mails
    assert (mail["To"], mail["Bcc"], mail["Cc"], mail["Reply-To"]) == ("desk@example.org", None, None, None)
    assert "evil" not in "".join(f"{name}{value}" for name, value in mail.items() if name != "Subject")
    assert not CONTROLS.findall(mail["Subject"])


@pytest.mark.parametrize(
    "text",
    [
        "Telegram Messenger Inc. (ИНН 7701234567), 100 % <= 50, x <5",
        "a: b | c ~ d [1] (2) https://example.org/?q=1#x desk@example.org",
    ],
)
def test_what_orders_nothing_stays_as_it_is(text: str) -> None:
    assert neutralize(text) == text


def test_what_is_broken_looks_as_it_did() -> None:
    assert neutralize("@durov <b> tg://x ||").replace("\u200b", "") == "@durov <b> tg://x ||"
    assert neutralize("@durov") != "@durov"


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//evil.example", "tg://user?id=1", "https://", " \x00https://a.example"]
)  # fmt: skip
def test_only_web_addresses_become_links(url: str) -> None:
    assert web_address(url) is None


NUMBERS = {
    "spaces between groups": ("1 000 000", r"\d[\d ]*\d|\d"),
    "a currency, commas and a point": ("$1,000,000.50", r"[\d,.]*\d"),
    "a date": ("2026-12-03", r"[\d-]*\d"),
    "Chinese": ("1,000万", r"[\d,]*\d万?"),
}


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("words", ["the bank must hold ", "银行必须持有准备金", "ธนาคารต้องถือ", "bank/holds/"])
def test_no_number_is_shown_partly(number: str, words: str) -> None:
    one, pattern = NUMBERS[number]
    text = "".join(islice(cycle((words, one, words[::-1])), 40)) + words
    whole = set(re.findall(pattern, text))
    both = shorten_both(text, text.replace(one, "7", 1), 60)
    short = [each(text, most) for each in (shorten, cut, cut_at_word) for most in range(20, 200)]
    assert [each for each in (*both, *short) if not set(re.findall(pattern, each)) <= {*whole, "7"}] == []


def test_a_long_text_is_shortened_between_words_and_what_is_no_words_at_both_its_ends() -> None:
    text = "Every firm that holds a licence files its yearly report by 31 March with the authority."
    assert shorten(text, 50) == "Every firm that holds a licence…the authority."
    assert shorten("银行必须持有准备金并每年向监管机构报告其资本状况", 16) == "银行必须持有准备金并…其资本状况"
    address = "https://example.org/a/long/path/to/the/page-of-a-register.html"
    assert shorten(address, 30) == "https://example.org/…ster.html"
