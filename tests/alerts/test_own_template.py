"""Templates of a channel: what they may use, what becomes of hostile values in each place, and what does not fit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from alerts.channel import Channel, Material
from alerts.message.citations import Background
from alerts.message.own_template import LONGEST, check_template, sample
from alerts.message.recipient import Composed, Recipient
from alerts.send import send
from alerts.templating import MOST_RENDERED
from sources.secrets import Secrets
from state.model import Delivery, DeliveryState, Event, EventKind, Marks, Message
from tests.torture.texts import CONTROLS, SERVICES, Tags, agreeing, hostile_event, orders, told

NOON = datetime(2025, 7, 14, 12, tzinfo=UTC)
CHATS = ("telegram", "slack", "discord", "matrix")
HOOK = SERVICES["webhook"]
# A foreign value in each place where a template can put one; "changed" marks what a service was given.
TEXT = """changed {{ title }} <{{ title }}> @{{ key }} [x]({{ title }}) {{ after|join(" ") }}
{% for name, sides in changed.items() %}{{ name }}: {{ sides.before }} -> {{ sides.after|lines }}
{% endfor %}{{ mentions[0].words|upper }} {{ label ~ source }} {{ "%s" % title }} {{ url }}
{% set kept %}{{ title }}{% endset %}{{ kept }} {{ title|e }} {{ message.text }}"""
HTML = """<b>changed {{ title }}</b><i>{{ title|e }} {{ title|lines }} {{ title|upper }}</i>
{% autoescape false %}{{ title }} {{ "<i>" ~ title }}{% endautoescape %}{{ "<i>%s</i>" % title }}
{% set kept %}{{ title }}{% endset %}{{ kept }}{% macro shown(x) %}{{ x }}{% endmacro %}{{ shown(title) }}
<a href="{{ url }}">Open the record</a>{% for name, sides in changed.items() %}{{ name }} {{ sides.after }}{% endfor %}"""


def composed(
    url: str, *events: Event, faults: list[str] | None = None, known: Background | None = None, **templates: str
) -> Composed:
    channel = Channel.model_validate({"url": url, **templates})
    told = (faults if faults is not None else []).append
    material = Material(UTC, known or Background(), Recipient(form=channel.service().form), str, told)
    return channel.compose(events or [sample()], material)


def sent(url: str, **templates: str) -> None:
    made = composed(url, hostile_event(), **templates)
    message = Message(1, "key", "desk", *made, deliveries=[1], created=NOON)
    assert send(url, message, Secrets()) is None


@pytest.fixture
def asked() -> Iterator[list[tuple[str, Any]]]:
    with agreeing() as made:
        yield made


@pytest.mark.parametrize("service", CHATS)
@pytest.mark.parametrize("part", ["text", "html"])
def test_a_hostile_value_is_text_in_each_place_of_a_chat(asked: list[tuple[str, Any]], service: str, part: str) -> None:
    sent(SERVICES[service], title="changed {{ title }} <{{ title }}>", **{part: TEXT if part == "text" else HTML})
    assert told(asked)
    assert [orders(text) for text in told(asked) if orders(text)] == []


def test_a_hostile_value_is_text_in_each_place_of_a_mail(post_office: Any) -> None:
    attributes = '<a href="{{ title }}" title="{{ title }}">x</a><a href="{{ key }}">y</a>'
    sent(post_office.url("desk@example.org"), title="{{ title }}", text=TEXT, html=f"<div>{HTML}{attributes}</div>")
    (mail,) = post_office.mails
    html = Tags(mail.get_body(("html",)).get_content())
    assert {tag for tag, _ in html.tags} <= {"div", "b", "i", "a", "br"}
    assert {name for _, attributes in html.tags for name in attributes} <= {"href", "title"}
    assert not CONTROLS.findall("".join(html.texts) + mail.get_body(("plain",)).get_content() + mail["Subject"])


@pytest.mark.parametrize("scheme", ["javascript:alert(1)", "JaVaScRiPt :alert(1)", "data:text/html,x", "vbscript:x"])
def test_no_value_is_an_address_that_runs(change: Any, scheme: str) -> None:
    template = '<a href="{{ key }}">{{ key|e }}</a><a href="{{ key|lines }}">x</a><a href="{{ url }}">y</a>'
    made = composed("mailto://a:b@example.org", change(title=scheme, url=scheme), html=template)
    assert not re.search(r"(?:javascript|data|vbscript)\s*:", made.html, re.IGNORECASE)


def test_a_program_that_gets_text_gets_it_as_it_is(change: Any) -> None:
    assert composed(HOOK, change(title="@everyone <b>"), text="{{ title }}").text == "@everyone <b>"


def test_the_usual_message_is_the_default_and_a_variable() -> None:
    usual = composed(HOOK)
    made = composed(HOOK, title="{{ authority|upper }}: {{ message.title }}", text="{{ message.text }}\n#news")
    assert (made.title, made.text) == (f"RECORD: {usual.title}", f"{usual.text}\n#news")
    assert composed(HOOK, title="x")[1:] == usual[1:]


def test_translations_are_a_variable_and_as_neutral_as_the_rest() -> None:
    foreign = {"title": "Revoked *now* <b>", "fields": {}, "text": None, "engine": "E"}
    known = Background(marks={sample().id: Marks(translations={"en": foreign})})
    template = "{{ translations.en.title }} ({{ translations.en.engine }}){{ translations.de.title }}"
    assert composed(HOOK, known=known, text=template).text == "Revoked *now* <b> (E)"
    assert "<b>" not in composed(SERVICES["telegram"], known=known, html=template).html
    assert composed(HOOK, text=f"x{template}").text == "x ()"


def test_what_is_missing_is_empty() -> None:
    assert composed(HOOK, text="{{ after.None.such }}|{{ published }}|{{ changed.Status.after }}").text == "||Revoked"


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("{{ titel }}", 'uses "titel", which no event has; did you mean "title"?'),
        ("{{ title", "is not a template: unexpected end of template"),
        ("{{ title|safe }}", "No filter named 'safe'"),
        ("{{ lipsum() }}", 'uses "lipsum"'),
        ("x" * (LONGEST + 1), "has to have 20,000 characters at most"),
        ("<a href={{ url }}>", "has a value in a tag, but not in quotes"),
        ("<a href=https://a/{{ key }}>", "has a value in a tag, but not in quotes"),
        ("<a href= {# #}{{ key }}>", "has a value in a tag, but not in quotes"),
        ('<a href="x"{{ key }}>', "has a value in a tag, but not in quotes"),
        ("<a {{ key }}>", "has a value in a tag, but not in quotes"),
        ("<{{ key }}>", "has a value in a tag, but not in quotes"),
        ("<a href={{ key }}", "has a value in a tag, but not in quotes"),
        ("<a href='{% if key %}' {% endif %}{{ key }}'>", "has a value in a tag, but not in quotes"),
        ("<sc{# #}ript>x</script>", "has a script"),
        ("<script>{{ title }}</script>", "has a script"),
        ('<b onclick="x">', "an event handler"),
    ],
)
def test_a_template_that_cannot_be_right_is_refused(source: str, said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        check_template(source, is_html=True)


@pytest.mark.parametrize(
    "source",
    [
        "{{ changed.Status.after + 1 }}",
        "{% for a in range(99999) %}{{ title }}{{ title }}{% endfor %}",
        "{% include 'x' %}",
        "{{ title.__class__.__mro__[1].__subclasses__() }}",
        "{{ changed.update({}) }}",
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "{% set a = namespace(x='aaaaaaaa') %}{% for i in range(40) %}{% set a.x = a.x ~ a.x %}{% endfor %}",
        "{{ (10**5000)**5000 }}",
        "{{ '%9999999999d'|format(1) }}",
        "{% if (7**77777)**777 %}{% endif %}",
    ],
)
def test_a_template_that_fails_gives_the_usual_message_and_says_why(
    source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("alerts.message.own_template._SECONDS", 1.0)
    faults: list[str] = []
    assert composed(HOOK, text=source, faults=faults) == composed(HOOK)
    assert len(faults) == 1
    assert "\n" not in faults[0]


def test_the_limits_of_a_service_hold() -> None:
    assert MOST_RENDERED > 100_000
    for url in (SERVICES["telegram"], SERVICES["discord"]):
        channel = Channel(url=url)
        for part in ("title", "text", "html"):
            source = "{% for x in range(900) %}<b>{{ title }}</b>{% endfor %}"
            made = composed(url, **{part: source})
            assert len(made.title) <= channel.service().limits.title
            assert max(len(made.text), len(made.html)) <= channel.service().limits.body


def due(*kinds: EventKind) -> list[Delivery]:
    events = [Event(kind, "list", "list", "record", NOON, None, {"key": "k"}, id=at) for at, kind in enumerate(kinds)]
    return [Delivery(event.id, event, "desk", DeliveryState.PENDING, NOON, NOON) for event in events]


def test_each_change_has_a_message_unless_the_template_tells_of_several() -> None:
    waiting = due(EventKind.CHANGE, EventKind.CHANGE, EventKind.HEALTH)
    single, several = (Channel(url=HOOK, text=text) for text in ("{{ title }}", "{{ events|length }} changes"))
    assert [[each.id for each in batch] for batch in single.batches(waiting)] == [[0], [1], [2]]
    assert [[each.id for each in batch] for batch in several.batches(waiting)] == [[0, 1], [2]]
    assert composed(HOOK, sample(), sample(), text="{{ events|length }} changes").text == "2 changes"


def test_what_is_no_change_has_the_usual_message(change: Any) -> None:
    data = {"status": "failing", "reason": "x", "message": "m", "since": None, "mentioned": []}
    health = Event(EventKind.HEALTH, "s", "s", "record", NOON, None, data)
    assert composed(HOOK, health, text="x") == composed(HOOK, health)


def test_a_channel_for_programs_has_no_templates() -> None:
    with pytest.raises(ValueError, match="a program gets the whole event"):
        Channel(url="https://a.example/", format="event", title="x")
