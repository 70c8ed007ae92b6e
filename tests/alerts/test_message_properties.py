"""Properties for any entry: names are found at their place, and every message and page is short, clean and inert."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from datetime import UTC, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from alerts.case.story import Report, is_copy
from alerts.case.view import page_of
from alerts.channel import Channel, Material
from alerts.event.condition import ConditionError, check_condition, holds
from alerts.event.webhook_body import MOST_BODY, changes_body
from alerts.message.change_lines import text_difference
from alerts.message.citations import Background
from alerts.message.lines import FULL
from alerts.message.recipient import Recipient
from alerts.message.titles import compose_title
from alerts.message.wording import shorten_both
from alerts.proof import proof_page
from sources import Entry
from tests.fuzzing import fuzz, fuzzed, texts
from tests.hostile import LIMITS, SEEN, event_of, events_of, exhibit_of, message_of, story_of, watchlist
from tests.torture.texts import CONTROLS, MAIL_TAGS, Tags

ZONES: list[tzinfo] = [ZoneInfo("Pacific/Kiritimati"), ZoneInfo("Europe/Moscow"), timezone(-timedelta(hours=12))]
CHAT = {"b", "a", "blockquote", "br", "code"}
PAGE = MAIL_TAGS | CHAT | {
    *("html", "head", "meta", "title", "style", "body", "main", "header", "section", "article", "footer", "time", "span"),
    *("h1", "h2", "h3", "h4", "p", "ul", "ol", "li", "dl", "dt", "dd", "table", "tr", "th", "td", "code", "pre", "i", "del", "ins"),
    *("details", "summary", "small", "blockquote"),
}  # fmt: skip


def assert_inert(html: str, tags: set[str]) -> None:
    """Our own tags alone, which load nothing, run nothing, and lead to the web or to a file beside the page."""
    for tag, given in Tags(html).tags:
        assert tag in tags
        assert not [name for name in given if name.startswith("on") or name in {"src", "srcset", "formaction"}]
        assert re.match(r"https?://|[\w.#-]+\Z", given.get("href") or "#")
    assert not CONTROLS.search(html)
    html.encode()


@fuzzed
def test_a_name_is_found_where_it_stands() -> None:
    def check(title: str, value: str, text: str) -> None:
        entry = Entry("key", title, {"field": value}, text=text)
        told = {"title": entry.title, "field": entry.fields.get("field", ""), "text": entry.text}
        for finding in watchlist().findings(entry):
            words = finding.words
            assert words
            between = r"(?:<[^<>]{0,210}>)?"  # a tag within a word is not read: Tele<b>gram</b>
            assert re.match(between.join(map(re.escape, words)), told[finding.field][finding.start :])
        assert len(watchlist().mentions(entry)) <= len(watchlist().findings(entry))

    fuzz("matcher", check, texts(200), texts(500), texts(3_000))


@fuzzed
def test_a_difference_leaves_what_is_equal() -> None:
    def check(before: str, after: str) -> None:
        lines = list(text_difference(before, after, FULL))
        assert len(lines) <= FULL.lines + 1
        assert all(len(line.text) <= FULL.value for line in lines)

    lines = st.lists(texts(40), max_size=60).map("\n".join)
    fuzz("differences", check, lines, lines)


@fuzzed
def test_two_long_values_are_shown_by_what_differs() -> None:
    def check(one: str, other: str, most: int) -> None:
        before, after = shorten_both(one, other, most)
        assert max(len(before), len(after)) <= max(most, 1)

    fuzz("two values", check, texts(1_000), texts(1_000), st.integers(10, 400))


@fuzzed
def test_a_report_is_a_copy_of_itself() -> None:
    def check(one: str, other: str) -> None:
        is_copy(Report(one, other, SEEN), Report(other, one, SEEN))
        report = Report(one, other, SEEN)
        assert is_copy(report, report) or not report.shingles

    fuzz("two reports", check, texts(200), texts(2_000))


@fuzzed
def test_a_title_is_one_short_line() -> None:
    def check(before: str, after: str, limit: int) -> None:
        for events in (events_of(after), [event_of(before, after)]):
            title = compose_title(events, limit)
            assert len(title) <= limit
            assert not CONTROLS.search(title)
            assert len(title.splitlines()) <= 1
            title.encode()

    fuzz("titles", check, texts(500), texts(500), st.integers(30, 250))


@fuzzed
def test_a_message_fits_and_does_nothing() -> None:
    def check(text: str, way: str, zone: tzinfo) -> None:
        made = message_of(events_of(text), way, zone)
        assert (len(made.text) <= LIMITS[way][0], len(made.title) <= LIMITS[way][1]) == (True, True)
        assert not CONTROLS.search(made.text + made.title)
        made.text.encode()
        assert_inert(made.html, MAIL_TAGS if way == "mail" else CHAT)

    fuzz("messages", check, texts(1_000), st.sampled_from(list(LIMITS)), st.sampled_from(ZONES))


@fuzzed
def test_a_case_s_page_does_nothing() -> None:
    fuzz(
        "case pages",
        lambda text, zone: assert_inert(page_of(story_of(text), zone, SEEN), PAGE),
        texts(500),
        st.sampled_from(ZONES),
    )


@fuzzed
def test_a_proof_s_page_does_nothing() -> None:
    def check(text: str, zone: tzinfo) -> None:
        assert_inert(proof_page(exhibit_of(text, zone)).decode("ascii"), PAGE)

    fuzz("proof pages", check, texts(500), st.sampled_from(ZONES))


TEXT_TEMPLATE = (
    "{{ title }} <{{ key }}> @{{ title }} {{ url }} {{ label|upper }} {{ after|join('|') }} {{ title|lines }}"
)
HTML_TEMPLATE = (
    '<b>{{ title }}</b><a href="{{ url }}">{{ title|e }}</a>{% autoescape false %}{{ key }}{% endautoescape %}'
    '<i title="{{ title }}">{{ "%s" % title }}</i>{% for n, v in changed.items() %}{{ n ~ v.after }}{% endfor %}'
)


@fuzzed
def test_a_template_makes_text_of_any_value() -> None:
    def check(text: str, url: str) -> None:
        for template in ({"text": TEXT_TEMPLATE, "title": "{{ title }}"}, {"html": HTML_TEMPLATE}):
            channel, faults = Channel.model_validate({"url": url, **template}), list[str]()
            material = Material(UTC, Background(), Recipient(form=channel.service().form), str, faults.append)
            for event in events_of(text):
                made = channel.compose([event], material)
                assert faults == []
                assert len(made.text) <= channel.service().limits.body
                assert not CONTROLS.search(made.text + made.title + made.html)
                if "html" in template:
                    assert {tag for tag, _ in Tags(made.html).tags} <= {"b", "a", "i", "br"}
                    assert {name for _, given in Tags(made.html).tags for name in given} <= {"href", "title"}

    urls = st.sampled_from(["tgram://123456789:abcdefg_hijklmnop-qrstuvwxyzABCDEF/12345", "mailto://a:b@example.org"])
    fuzz("templates", check, texts(500), urls)


@fuzzed
def test_a_body_for_a_program_is_json_within_its_bound() -> None:
    def check(text: str) -> None:
        body = changes_body(events_of(text), "https://watch.test", lambda _: (), str, {})
        assert len(body) <= MOST_BODY * 1.01
        assert json.loads(body)["type"] in {"change", "changes"}

    fuzz("bodies", check, texts(3_000))


@fuzzed
def test_a_condition_selects_or_says_why_it_cannot() -> None:
    conditions = [
        check_condition(each)
        for each in (
            "contains(after.field, title)",
            "to_number(key) > `1`",
            "values(changed)[].after | sort(@) | [0]",
            "max_by(mentions, &length(words)).field",
            "sum(map(&to_number(@), values(after)))",
        )
    ]

    def check(text: str) -> None:
        for event in events_of(text):
            for condition in conditions:
                with suppress(ConditionError):
                    holds(condition, event)

    fuzz("conditions", check, texts(500))
