"""No English word is left in a message to readers of another language: neither in the code nor in a catalogue.

The code is asked with a catalogue that writes each sentence in Tifinagh, about events whose foreign values are written
in Georgian: what is Latin then was said by the code without `phrase`. Tifinagh and Georgian have the letters of the
texts in their order, so that a failure can be read.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from babel.messages.pofile import read_po

from alerts import language
from alerts.language import LANGUAGES, LOCALE, Language
from alerts.message.citations import Background
from alerts.message.compose import compose
from alerts.message.lines import find_proof_links
from alerts.message.recipient import Composed, Form, Promise, Recipient
from alerts.message.wording import read_iso
from state.model import Event
from tests.alerts.test_message import Words
from tests.alerts.test_sentences import EVENTS
from tests.messages.cases import LONDON, PLACES, cases, record, sign
from tests.messages.subjects import subjects

ROOT = Path(__file__).parents[2]
LETTERS = "abcdefghijklmnopqrstuvwxyz"
SENTENCE, FOREIGN = (
    str.maketrans(
        {letter: chr(first + at) for letters in (LETTERS, LETTERS.upper()) for at, letter in enumerate(letters)}
    )
    for first in (0x2D30, 0x10D0)
)
PARTS = {"title", "text", "url", "published"}  # of an entry, whose names are the program's
CODES = {"change", "status", "reason", "was", "then", "authority", "kind"}  # that the program reads
# What stays Latin by right: addresses, hosts, commands, reasons in brackets as the log has them, the zone of a time, and
# the key `when` of a rule.
BY_RIGHT = re.compile(
    r"https?://\S+|<code.*?</code>|\bwatch [a-z-]+(?: [^\n·<]*)?|\([a-z_]+[0-9]*\)|register\.example\.org\.uk|\bGMT\b|\bwhen\b",
    re.DOTALL,
)
# Sentences that a language may write as in English: names, and words that it shares.
SHARED = re.compile(
    r"\W*(?:\{\w+\}|Registry Watch|Internet Archive|HTML|Atom|PDF|CSV|JSON|Status|Name|Text|Details|normal|Version"
    r"|[Cc]onfiguration|Discussion|[Ii]mportance|Mentions|Pages|[Ss]ources?|Type|capture|date"  # French
    r"|Bytes?|bytes?|bot|Error|Feed|Links|Proxy|Server|Token|\W)*\W*"
)


class Asked(NamedTuple):
    """A message to make."""

    name: str
    events: Sequence[Event]
    known: Background
    recipient: Recipient


@cache
def _sentences() -> frozenset[str]:
    """What `make catalogues` finds in the code."""
    place = spec_from_file_location("catalogues", ROOT / ".ci" / "catalogues.py")
    assert place
    assert place.loader
    place.loader.exec_module(catalogues := module_from_spec(place))
    ids = (message.id for message in catalogues.extract() if message.id)
    return frozenset(chain.from_iterable([each] if isinstance(each, str) else each for each in ids))


class Tifinagh(gettext.NullTranslations):
    """A catalogue that has every sentence that is found in the code."""

    def gettext(self, message: str) -> str:
        if message not in _sentences():
            return message
        return "".join(
            part if at % 2 else part.translate(SENTENCE) for at, part in enumerate(re.split(r"(\{\w+\})", message))
        )

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


@pytest.fixture
def in_tifinagh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "_catalogue", lambda _: Tifinagh())


def _foreign(text: str) -> str:
    return text if re.fullmatch(r"https?://\S+", text) or read_iso(text) or text in PARTS else text.translate(FOREIGN)


def _written(value: Any, key: str = "") -> Any:
    """The data of an event with its foreign values in Georgian."""
    if isinstance(value, Mapping):
        named = key in {"fields", "entry"}  # by the register
        return {
            _foreign(name) if named else name: _written(each, "" if named else name) for name, each in value.items()
        }
    if isinstance(value, list | tuple):
        return [_written(each, key) for each in value]
    return _foreign(value) if isinstance(value, str) and key not in CODES else value


def _event(event: Event) -> Event:
    mentions = [
        replace(
            each,
            entity=_foreign(each.entity),
            name=_foreign(each.name),
            words=_foreign(each.words),
            field=_foreign(each.field),
        )
        for each in event.mentions
    ]
    return replace(event, label=_foreign(event.label), data=_written(event.data), mentions=mentions)


def _recipient(recipient: Recipient) -> Recipient:
    promises = {
        source: Promise(entities=promise.entities and [_foreign(name) for name in promise.entities])
        for source, promise in recipient.promises.items()
    }
    return replace(recipient, promises=promises, language="zh", desk="https://watch.example", escalated={17}, sign=sign)


def _asked() -> Iterator[Asked]:
    for case in cases():
        known = replace(case.known, events=list(map(_event, case.known.events)))
        for operator in (False, True):
            recipient = Recipient(operator=operator, promises=case.promises)
            name = f"{case.name}, {'operator' if operator else 'reader'}"
            yield Asked(name, list(map(_event, case.events)), known, _recipient(recipient))
    for row in subjects():
        events = list(map(_event, row.events))
        yield Asked(row.what, events, Background(places=PLACES), _recipient(replace(row.recipient, operator=True)))
    for number, service in enumerate(EVENTS):
        events = [_event(event) for event in service]
        yield Asked(f"of the service, {number}", events, Background(), _recipient(Recipient(operator=True)))


def _made(asked: Asked, form: Form, body_limit: int = 32_768) -> Composed:
    recipient = replace(asked.recipient, form=form)
    return compose(
        asked.events, timezone=LONDON, body_limit=body_limit, title_limit=250, known=asked.known, recipient=recipient
    )


@pytest.mark.usefixtures("in_tifinagh")
@pytest.mark.parametrize("asked", list(_asked()), ids=lambda asked: asked.name)
def test_the_code_says_nothing_that_no_catalogue_has(asked: Asked) -> None:
    mail, chat, short = _made(asked, Form.DOCUMENT), _made(asked, Form.CHAT), _made(asked, Form.PLAIN, 600)
    texts = [mail.title, mail.text, short.text]
    texts += [Words(re.sub(r"<code.*?</code>", "", html, flags=re.DOTALL)).words for html in (mail.html, chat.html)]
    left = [re.findall(r"[A-Za-z][A-Za-z' -]*", BY_RIGHT.sub(" ", text)) for text in texts]
    assert list(dict.fromkeys(chain.from_iterable(left))) == []


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_what_an_entry_says_of_a_proof_is_no_link_in_a_message_of_any_language(spoken: Language) -> None:
    forged = f"watch evidence 17 (link {'0' * 16})"
    proven = replace(record(), data={**record().data, "title": forged})
    for attached in ([], [17]):
        recipient = Recipient(language=spoken, attached=attached)
        told = compose([proven], timezone=LONDON, body_limit=9_000, title_limit=250, recipient=recipient).text
        assert forged in told
        assert find_proof_links(told, 17) == []
    own = compose(
        [proven], timezone=LONDON, body_limit=9_000, title_limit=250, recipient=replace(recipient, operator=True)
    )
    assert find_proof_links(own.text, 17) == ["0" * 16, "3f9ac2d1e0b74a55"]


@pytest.mark.parametrize("spoken", LANGUAGES[1:])
def test_no_catalogue_gives_an_english_sentence_back(spoken: str) -> None:
    with (LOCALE / spoken / "LC_MESSAGES" / "watch.po").open("rb") as text:
        catalogue = read_po(text, locale=spoken)
    for message in catalogue:
        english = [message.id] if isinstance(message.id, str) else [*message.id]
        told = [message.string] if isinstance(message.string, str) else [*message.string]
        for sentence in set(english) & set(told) - {""}:
            words = re.findall(r"[A-Za-z]{3,}", re.sub(r"\{\w+\}", "", sentence))
            assert not words or SHARED.fullmatch(sentence), f"{spoken}: {sentence}"
