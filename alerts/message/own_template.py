"""Templates of a channel: `title`, `text` and `html` in the configuration, over the JSON of changes. Pure.

The variables are the members of the change's object; `event`, the object itself; `events`, the objects of all changes
in the message; and `message`, the usual message, with `title`, `text` and `html`.

A template is a program, which may run without end and take all memory. So it is filled in a process that has limits.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from difflib import get_close_matches
from functools import cache
from html import escape
from html.parser import HTMLParser
from typing import Any

import msgspec

from alerts.event.change_json import change_json, event_schema
from alerts.links import web_address
from alerts.message.citations import Background
from alerts.message.recipient import Composed, Form, Service
from alerts.message.wording import cut, neutralize, neutralize_lines, units
from alerts.templating import Neutral, TemplateFault, around_values, find_names, inert, own_html, render_own
from sources import SourceError
from sources.reading.placement import job
from sources.reading.pool import Doing, ask
from sources.text import clean
from state.model import UNMARKED, Event, EventKind, Mention

LONGEST = 20_000  # characters of a template
EVENTS = "events"
_FURTHER = ("event", EVENTS, "message")
_SECONDS = 10.0  # for the templates of one message
_ACTIVE = {"script", "style", "iframe", "object", "embed"}
_VALUE = "wvaluew"  # stands for a foreign value, twice: the second one leaves where quotes do not hold it

Templates = tuple[str | None, str | None, str | None]  # of the title, the text and the HTML; None: the usual part


def check_template(source: str, *, is_html: bool) -> str:
    """A template, if it can be used. Raises ValueError with what is wrong."""
    if len(source) > LONGEST:
        raise ValueError(f"has to have {LONGEST:,} characters at most")
    try:
        names = find_names(source)
    except TemplateFault as fault:
        raise ValueError(str(fault)) from None
    known = _variables()
    for name in sorted(names - known):
        near = get_close_matches(name, known, n=1)
        hint = f'did you mean "{near[0]}"?' if near else f"there are {', '.join(sorted(known))}"
        raise ValueError(f'uses "{name}", which no event has; {hint}')
    if is_html:
        markup = _Markup()
        markup.feed(f"{around_values(source, f'{_VALUE} {_VALUE}')}>")
        if markup.wrong:
            raise ValueError(markup.wrong)
    return source


class _Markup(HTMLParser):
    """What a template writes around its values, as a browser takes it; `wrong` is what no message may have."""

    wrong = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at a tag and the names of its attributes."""
        names = [tag, *(name for name, _ in attrs)]
        if any(_VALUE in name for name in names):
            self.wrong = 'has a value in a tag, but not in quotes (in an attribute, too): write href="{{ url }}"'
        elif tag in _ACTIVE or any(name.startswith("on") for name in names[1:]):
            self.wrong = "has a script, a style sheet, a frame or an event handler, which no message may have"

    def handle_endtag(self, tag: str) -> None:
        """As `handle_starttag`."""
        self.handle_starttag(tag, [])


@cache
def _variables() -> frozenset[str]:
    return frozenset((*event_schema()["properties"], *_FURTHER))


def uses_events(templates: Templates) -> bool:
    """Whether one message tells of several changes: a template uses the list of them."""
    return any(EVENTS in find_names(source) for source in templates if source)


def compose_own(
    templates: Templates,
    events: Sequence[Event],
    usual: Composed,
    service: Service,
    desk: str | None,
    known: Background,
) -> Composed:
    """The message for some changes: the usual one, with the parts that have templates made by them, within the limits.

    Raises TemplateFault.
    """
    changes = [change_json(each, desk, known.related(each), known.marks.get(each.id, UNMARKED)) for each in events]
    asked = json.dumps((templates, changes, usual, service.form is Form.DATA), ensure_ascii=False)
    question = asked.encode("utf-8", "replace")  # half of a character, which UTF-8 has not, is a question mark
    try:
        answer = ask(fill, question, Doing("filling templates", "template_too_slow", _SECONDS, "templates"))
        title, text, html = msgspec.json.decode(answer, type=Templates)
    except SourceError as error:
        raise TemplateFault(error.message) from None
    except msgspec.DecodeError:
        raise TemplateFault(msgspec.json.decode(answer, type=str)) from None
    finish = str if service.form is Form.DATA else neutralize_lines
    title = cut(finish(clean(title)), service.limits.title) if title else usual.title
    text = cut(finish(text.strip("\n")), service.limits.body) if text else usual.text
    if (html is None and templates[1]) or (html and service.form is Form.CHAT and units(html) > service.limits.body):
        shown = text
        html = escape(shown, quote=False).replace("\n", "<br>")
        while service.form is Form.CHAT and units(html) > service.limits.body and shown:  # with its tags and entities
            shown = cut(shown, len(shown) * 9 // 10)
            html = escape(shown, quote=False).replace("\n", "<br>")
    return Composed(title or usual.title, text or usual.text, html or usual.html)


@job
def fill(question: bytes) -> bytes:
    """The filled templates of a message, or in their place the fault of one. Runs in the subprocess."""
    templates, given, usual, is_data = msgspec.json.decode(question)
    neutral = clean if is_data else neutralize
    # a missing side is a table without fields, so that templates need not ask for it
    changes = [{**change, "before": change["before"] or {}, "after": change["after"] or {}} for change in given]

    def part(source: str | None, *, markup: bool = False) -> str | None:
        if source is None:
            return None
        objects = _neutral(changes, (lambda text: inert(neutral(text))) if markup else neutral)
        # the usual message as a variable: what is text stays text where markup is made
        of_usual = Composed(*usual)
        message = {name: value if markup else Neutral(value) for name, value in of_usual._asdict().items()}
        message |= {"html": own_html(of_usual.html)} if markup else {}
        values = {**objects[0], "event": objects[0], EVENTS: objects, "message": message}
        return render_own(source, values, markup=markup, neutral=neutral)

    try:
        return msgspec.json.encode((part(templates[0]), part(templates[1]), part(templates[2], markup=True)))
    except TemplateFault as fault:
        return msgspec.json.encode(str(fault))


def _neutral(value: Any, neutral: Callable[[str], str], name: str = "") -> Any:
    """JSON data in which each text is neutral, line by line; an address is one of the web, or null."""
    if isinstance(value, str):
        if name in {"url", "link", "register"}:
            return web_address(value)
        return "\n".join(map(neutral, value.split("\n")))
    if isinstance(value, Mapping):
        return {key: _neutral(each, neutral, key) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_neutral(each, neutral, name) for each in value]
    return value


def sample() -> Event:
    """A change to try templates with."""
    at = datetime(2025, 7, 14, 9, 31, tzinfo=UTC)
    data = {
        "change": "changed",
        "key": "7",
        "title": "Sable Capital Ltd",
        "url": "https://register.example/7",
        "register": "https://register.example/",
        "published": None,
        "fields": {"Status": {"before": "Active", "after": "Revoked"}},
        "entry": {"Name": "Sable Capital Ltd", "Status": "Revoked"},
    }
    mentions = [Mention("sable", "Sable Capital", "Sable Capital", "title")]
    return Event(EventKind.CHANGE, "register", "The register", "record", at, None, data, mentions, 17)
