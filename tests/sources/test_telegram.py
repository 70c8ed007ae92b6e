from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from sources import Blocked, Entry, Get, NotFound, Page
from sources.loader import kind

MakePage = Callable[..., Page]

PREVIEW = """<!DOCTYPE html><html><body><main class="tgme_main" data-url="/example">
<div class="tgme_channel_info_counter"><span class="counter_value">{views}</span> subscribers</div>
<section class="tgme_channel_history">{posts}</section></main></body></html>"""

POST = """<div class="tgme_widget_message_wrap">
 <div class="tgme_widget_message js-widget_message" data-post="example/{number}" data-view="{views}">
 <div class="tgme_widget_message_bubble">
 <a class="tgme_widget_message_owner_name" href="https://t.me/example"><span>Example</span></a>{inside}
 <span class="tgme_reaction">{views}</span>
 <span class="tgme_widget_message_views">{views}</span><span class="tgme_widget_message_meta">
 <span class="tgme_widget_message_from_author">The Founder</span>
 <a class="tgme_widget_message_date" href="https://t.me/example/{number}">
 <time datetime="2025-07-16T10:00:00+00:00">10:00</time></a></span></div></div></div>"""

TEXT = '<div class="tgme_widget_message_text js-message_text">{}</div>'
REPLY = f'<a class="tgme_widget_message_reply" href="https://t.me/example/1">{TEXT.format("The question")}</a>'
PHOTO = (
    '<a class="tgme_widget_message_photo_wrap 123" style="background-image:url(\'https://cdn.example/{}.jpg\')"></a>'
)
FORWARD = '<div>Forwarded from <a class="tgme_widget_message_forwarded_from_name" href="https://t.me/o"><span>Other</span></a></div>'


def preview(*insides: str, views: str = "1.2K") -> str:
    posts = "".join(POST.format(number=at, inside=inside, views=views) for at, inside in enumerate(insides, 7))
    return PREVIEW.format(posts=posts, views=views)


def entries(page: Page) -> list[Entry]:
    found = kind("telegram").model_validate({"channel": "example"}).parse(page)
    return [entry for entry in found if isinstance(entry, Entry)]


def test_a_post_with_its_text_number_date_and_author(make_page: MakePage) -> None:
    page = make_page(preview(TEXT.format("<b>First</b> line<br/><br/>second &amp; last")))
    assert entries(page) == [
        Entry(
            "7",
            "First line",
            {"author": "The Founder"},
            "https://t.me/example/7",
            datetime(2025, 7, 16, 10, tzinfo=UTC),
            "First line\nsecond & last",
        )
    ]


def test_counts_and_addresses_of_pictures_change_nothing(make_page: MakePage) -> None:
    before = preview(PHOTO.format("abc") + TEXT.format("A post"), TEXT.format("Another"), views="1.2K")
    after = preview(PHOTO.format("xyz") + TEXT.format("A post"), TEXT.format("Another"), views="18.9M")
    assert entries(make_page(before)) == entries(make_page(after))
    assert before != after


def test_the_text_of_a_reply_is_not_that_of_what_it_answers(make_page: MakePage) -> None:
    quoted, answer = entries(make_page(preview(REPLY + TEXT.format("The answer"), REPLY + PHOTO.format("a"))))
    assert (quoted.title, quoted.text) == ("The answer", "The answer")
    assert (answer.title, answer.text) == ("photo", "")


def test_the_text_of_an_album_is_there_once(make_page: MakePage) -> None:
    album = '<div class="tgme_widget_message_grouped_wrap">' + PHOTO.format("a") + PHOTO.format("b") + "</div>"
    (entry,) = entries(make_page(preview(album + TEXT.format(TEXT.format("Two pictures")))))
    assert (entry.text, entry.fields["media"]) == ("Two pictures", "photo")


def test_what_is_forwarded_attached_or_asked(make_page: MakePage) -> None:
    document = (
        '<a class="tgme_widget_message_document_wrap"><div class="tgme_widget_message_document_title">law.pdf</div></a>'
    )
    question = '<div class="tgme_widget_message_poll_question">Which?</div>'
    option = '<div>16%</div><div class="tgme_widget_message_poll_option_text">This</div>'
    poll = f'<div class="tgme_widget_message_poll js-poll">{question}{option}</div>'
    forwarded, attached, asked = entries(make_page(preview(FORWARD + TEXT.format("x"), document, poll)))
    assert forwarded.fields["forwarded_from"] == "Other"
    assert (attached.title, attached.fields["document"]) == ("document", "law.pdf")
    assert asked.text == "Which?\nThis"


def test_a_long_first_line_is_cut_for_the_title(make_page: MakePage) -> None:
    (entry,) = entries(make_page(preview(TEXT.format("word " * 100))))
    assert len(entry.title) <= 80
    assert entry.title.endswith("word…")
    assert len(entry.text) > 400


def test_a_page_without_the_channels_history_is_blocked_and_has_no_entries(make_page: MakePage) -> None:
    contact = (
        '<html><body><div class="tgme_page"><a class="tgme_action_button_new">View in Telegram</a></div></body></html>'
    )
    with pytest.raises(Blocked) as caught:
        entries(make_page(contact))
    assert caught.value.code == "preview_disabled"


def test_a_channel_without_posts_has_no_entries(make_page: MakePage) -> None:
    empty = PREVIEW.format(views="1", posts='<div class="tme_no_messages_found">No posts found</div>')
    assert entries(make_page(empty)) == []


def test_a_preview_whose_posts_are_not_found_is_an_error(make_page: MakePage) -> None:
    with pytest.raises(NotFound, match="data-post"):
        entries(make_page(re.sub("data-post", "data-message", preview(TEXT.format("x")))))


@pytest.mark.parametrize("channel", ["durov", "@durov", "t.me/durov", "https://t.me/s/durov/"])
def test_the_preview_is_found_by_the_channels_name(channel: str) -> None:
    source = kind("telegram").model_validate({"channel": channel})
    assert source.start() == Get("https://t.me/s/durov")
    assert (source.authority, source.listing) == ("statement", "window")
    elsewhere = kind("telegram").model_validate({"channel": channel, "url": "http://127.0.0.1/saved"})
    assert elsewhere.start() == Get("http://127.0.0.1/saved")


@pytest.mark.parametrize("channel", ["", "https://example.org/durov", "a/b", "durov?q=x", "1durov", "x" * 40, "дуров"])
def test_what_is_no_name_of_a_channel_is_refused(channel: str) -> None:
    with pytest.raises(ValidationError):
        kind("telegram").model_validate({"channel": channel})


def test_the_posts_before_a_page_are_asked_for_by_its_link(make_page: MakePage) -> None:
    more = '<a class="tme_messages_more" href="/s/durov?before=528" data-before="528"></a>'
    page = make_page(f'<main><section class="tgme_channel_history">{more}</section></main>', url="https://t.me/s/durov")
    get = kind("telegram")(channel="durov").earlier(page)
    assert get
    assert get.url == "https://t.me/s/durov?before=528"
    assert kind("telegram")(channel="durov").earlier(make_page("<main></main>")) is None
