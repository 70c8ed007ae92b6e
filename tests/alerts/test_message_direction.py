"""Messages in other languages than English: whole sentences, within the limits, and in the direction of the script."""

from __future__ import annotations

import gettext
import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from babel.messages.pofile import read_po
from bidi import get_display

from alerts import language
from alerts.language import LANGUAGES, LOCALE, Language, width
from alerts.message.compose import compose
from alerts.message.recipient import Composed, Form, Recipient
from state.model import Event, Mention
from tests.messages.cases import LONDON, Case, cases, health

Catalogue = Callable[..., None]
SABLE = [Mention("sable", "Sable Capital", "Sable Capital", "Firm")]


def told(
    *events: Event, tongue: Language, title_limit: int = 250, body_limit: int = 30_000, form: Form = Form.PLAIN
) -> Composed:
    whom = Recipient(form=form, language=tongue, operator=True)
    return compose(events, timezone=LONDON, title_limit=title_limit, body_limit=body_limit, recipient=whom)


def seen(line: str) -> str:
    """A line as a program shows it that knows nothing of its language, from left to right."""
    return re.sub("[\u200f\u2066-\u2069]", "", get_display(line))


def test_a_language_puts_the_parts_of_a_sentence_where_it_wants_them(catalogue: Catalogue, change: Any) -> None:
    catalogue(
        {
            "failing": "gestört",
            "{label} cannot be read: {why}": "Wegen „{why}“ ist {label} nicht lesbar",
            "{before} → {after}": "{after} (statt {before})",
            "{news}, and {number} more field": "{news}",
            ("{number} change", "{number} changes"): ("{number} Änderung", "{number} Änderungen"),
            "{changes} back and forth, {first} to {last}": "Zwischen {first} und {last} hin und her: {changes}",
            "THEN {change}": "{change}, DANACH",
            "changed": "geändert",
        }
    )
    assert told(health("failing", "http_status", "404"), tongue="de").title == (
        "GESTÖRT: Wegen „404“ ist FCA register nicht lesbar"
    )
    there, back = {"Licence": ("17", "18")}, {"Licence": ("18", "17")}
    made = told(*(change(fields=sides, id=at) for at, sides in enumerate((there, back, there))), tongue="de")
    assert made.title.startswith("Telegram Messenger Inc: 18 (statt 17)")
    assert re.search("Zwischen .* und .* hin und her: 3 Änderungen", made.text)
    assert "GEÄNDERT, DANACH: " in made.text


class Wordy(gettext.NullTranslations):
    """A language that needs three times the words."""

    def gettext(self, message: str) -> str:
        return f"{message} много слов, и ещё столько же слов"

    def ngettext(self, one: str, many: str, number: int) -> str:
        return f"много слов, {many}, и ещё столько же слов"


@pytest.mark.parametrize("tongue", LANGUAGES)
def test_a_message_keeps_to_the_limits_however_long_its_sentences_are(
    tongue: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(language, "_catalogue", lambda _: Wordy())
    for case in cases():
        for title_limit, body_limit in ((20, 70), (45, 160), (78, 500), (250, 4_000)):
            made = told(*case.events, tongue=tongue, title_limit=title_limit, body_limit=body_limit)
            assert 0 < len(made.title) <= title_limit
            assert width(made.title) <= 78
            assert 0 < len(made.text) <= body_limit
            chat = told(*case.events, tongue=tongue, body_limit=4_000, form=Form.CHAT)
            assert len(chat.html) <= 4_000


@pytest.mark.parametrize(
    ("before", "after"),
    [("Active", "Revoked"), ("نشط", "ملغى"), ("Active (17)", "2025-07-15"), ("2025-07-15", "ملغى"), ("17", "18")],
)
def test_from_right_to_left_a_value_stands_right_of_what_it_became(
    before: str, after: str, catalogue: Catalogue, change: Any
) -> None:
    catalogue({"{before} → {after}": "{before} ← {after}", "{label}: {text}": "{label}: {text}"}, "ar")
    event = change(title="Sable Ltd", fields={"Licence": (before, after)})
    made = told(event, tongue="ar")
    shown = [get_display(value) for value in (before, after)]
    assert seen(made.title).endswith(f" {shown[1]} ← {shown[0]} :Licence :Sable Ltd")  # read from its right end
    assert all(line.startswith("\u200f") for line in made.text.splitlines() if line)


def test_no_arrow_of_the_arabic_catalogue_points_backwards() -> None:
    with (LOCALE / "ar" / "LC_MESSAGES" / "watch.po").open("rb") as text:
        assert [message.id for message in read_po(text, locale="ar") if "→" in str(message.string)] == []


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_an_address_stays_whole_from_right_to_left(case: Case) -> None:
    english, arabic = (told(*case.events, tongue=tongue).text for tongue in ("en", "ar"))
    assert set(re.findall(r"https?://\S+", arabic)) == set(re.findall(r"https?://\S+", english))


def test_a_message_in_english_loads_nothing_for_other_languages() -> None:
    code = """
import sys
from tests.messages.cases import Form, cases, composed
composed(cases()[0], Form.CHAT)
print({"babel", "gettext"} & {*sys.modules} - {"gettext"})
"""
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"
