"""The language that people are addressed in: sentences, numbers, times and lists, and what is missing."""

import gettext
import re
from contextvars import copy_context
from datetime import UTC, date, datetime, timedelta

import pytest
from bidi import get_display

from alerts import language
from alerts.language import (
    best_language,
    clean_sentence,
    directed,
    direction,
    phrase,
    phrase_beside,
    phrase_day,
    phrase_list,
    phrase_many,
    phrase_moment,
    phrase_number,
    phrase_span,
    speaking,
    spoken,
)
from alerts.templating import environment

AT = datetime(2025, 7, 15, 10, 7, 12, tzinfo=UTC)


def test_a_sentence_is_said_in_the_language_spoken_and_in_english_outside(catalogue):
    catalogue({"It cannot be read: {why}": "Nicht lesbar: {why}"})
    with speaking("de"):
        assert phrase("It cannot be read: {why}", why="404") == "Nicht lesbar: 404"
    assert phrase("It cannot be read: {why}", why="404") == "It cannot be read: 404"


def test_a_number_chooses_the_form_and_is_written_as_in_the_language(catalogue):
    catalogue({("{number} entry", "{number} entries"): ("{number} Eintrag", "{number} Einträge")})
    with speaking("de"):
        assert phrase_many("{number} entry", "{number} entries", 1) == "1 Eintrag"
        assert phrase_many("{number} entry", "{number} entries", 12_345) == "12.345 Einträge"
    assert phrase_many("{number} entry", "{number} entries", 12_345) == "12,345 entries"


def test_a_sentence_that_is_missing_is_said_in_english(catalogue):
    catalogue({})
    with speaking("de"):
        assert phrase("Never translated: {why}", why="404") == "Never translated: 404"
        assert phrase_many("one thing", "{number} things", 2) == "2 things"


@pytest.mark.parametrize("spoilt", ["Grund: {warum}", "Grund: {why", "Grund: {why.real}", "{0}"])
def test_a_translation_with_other_places_is_no_fault(catalogue, spoilt):
    catalogue({"Reason: {why}": spoilt})
    with speaking("de"):
        assert phrase("Reason: {why}", why="{404}") == "Reason: {404}"


def test_a_language_without_a_catalogue_is_english(tmp_path, monkeypatch):
    monkeypatch.setattr(language, "LOCALE", tmp_path)
    language._catalogue.cache_clear()
    with speaking("pl"):
        assert phrase("Reason: {why}", why="404") == "Reason: 404"
    language._catalogue.cache_clear()


@pytest.mark.parametrize("left", [0, 10, 200])
def test_a_catalogue_that_was_cut_off_is_english(tmp_path, monkeypatch, left, caplog):
    path = tmp_path / "ru" / "LC_MESSAGES" / "watch.mo"
    path.parent.mkdir(parents=True)
    path.write_bytes((language.LOCALE / "ru" / "LC_MESSAGES" / "watch.mo").read_bytes()[:left])
    monkeypatch.setattr(language, "LOCALE", tmp_path)
    language._catalogue.cache_clear()
    with speaking("ru"):
        assert phrase("Sources") == "Sources"
    assert "the catalogue of ru cannot be read" in caplog.text
    language._catalogue.cache_clear()


def test_english_opens_no_catalogue(monkeypatch):
    monkeypatch.setattr(gettext, "translation", lambda *_, **__: pytest.fail("opened"))
    assert (phrase("Reason"), phrase_many("one", "{number}", 1)) == ("Reason", "one")


def test_what_is_started_with_the_context_speaks_the_language():
    with speaking("uk"):
        context = copy_context()
    assert (spoken(), context.run(spoken)) == ("en", "uk")


@pytest.mark.parametrize(
    ("spoken_here", "number", "several", "either", "span", "moment"),
    [
        ("en", "12,345", "A, B and C", "A or B", "3 h 20 min", "2025-07-15 10:07:12 UTC"),
        ("de", "12.345", "A, B und C", "A oder B", "3 Std. 20 Min.", "15.07.2025, 10:07:12 UTC"),
        ("ru", "12\xa0345", "A, B и C", "A или B", "3 ч 20 мин", "15 июл. 2025\u202fг., 10:07:12 UTC"),
        ("zh", "12,345", "A、B和C", "A或B", "3小时 20分钟", "2025年7月15日 10:07:12 UTC"),
    ],
)
def test_numbers_lists_and_times_are_written_as_in_the_language(spoken_here, number, several, either, span, moment):
    with speaking(spoken_here):
        assert phrase_number(12_345) == number
        assert phrase_list(["A", "B", "C"]) == several
        assert phrase_list(["A", "B"], either=True) == either
        assert phrase_span(timedelta(hours=3, minutes=20, seconds=5)) == span
        assert phrase_moment(AT) == moment


def test_what_is_told_beside_each_other_is_without_what_is_empty():
    assert phrase_beside("1 file", "", "2 records") == "1 file, 2 records"
    assert phrase_beside("", "") == ""


@pytest.mark.parametrize(("spoken_here", "said"), [("en", "A, B and 2 more"), ("zh", "A、B"), ("ar", "A وB")])
def test_a_list_that_is_cut_has_the_commas_of_its_language(spoken_here, said):
    with speaking(spoken_here):
        assert said in phrase_list(["A", "B", "C", "D"], 2)


def test_a_day_alone_and_a_time_alone():
    assert (phrase_day(date(2025, 7, 15)), phrase_moment(AT, seconds=False, day=False)) == ("2025-07-15", "10:07 UTC")
    with speaking("fr"):
        assert phrase_day(date(2025, 7, 15)) == "15 juil. 2025"
        assert phrase_moment(AT, seconds=False, day=False) == "10:07 UTC"


def test_arabic_is_written_from_right_to_left():
    with speaking("ar"):
        assert direction() == "rtl"
    assert direction() == "ltr"


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("de-AT,de;q=0.9,en;q=0.5", "de"),
        ("ja,ru;q=0.3,fr;q=0.8", "fr"),
        ("ja", None),
        ("", None),
        ("de;q=0, pl;q=abc, zh-Hans-CN;q=0.1", "zh"),
        ("*", None),
        ("x" * 100_000, None),
    ],
)
def test_the_language_of_a_browser_is_the_one_it_likes_best_of_ours(accepted, language):
    assert best_language(accepted) == language


def test_what_is_put_into_a_sentence_of_a_template_is_escaped_and_one_line():
    made = environment("alerts").from_string('{{ phrase("Reason: {why}", why=why) }}')
    assert made.render(why="<b>\nx\u202e") == "Reason: &lt;b&gt; x"


def test_from_right_to_left_a_value_keeps_its_own_direction_and_moves_nothing(catalogue):
    catalogue({"{before} → {after}": "{before} ← {after}", "{who}: {news}": "{who}: {news}"}, "ar")
    with speaking("ar"):
        pair = phrase("{before} → {after}", before="Active (17)", after="2025-07-15")
        line = directed(clean_sentence(phrase("{who}: {news}", who="Sable Ltd", news=pair)))
    seen = re.sub("[\u200f\u2066-\u2069]", "", get_display(line))
    assert seen == "2025-07-15 ← Active (17) :Sable Ltd"  # to be read from its right end
    assert phrase("{before} → {after}", before="a", after="b") == directed("a → b")


def test_a_value_that_was_cut_is_closed_and_an_address_stays_whole(catalogue):
    with speaking("ar"):
        inner = phrase("Reason: {why}", why="a, b")
        outer = phrase("Again: {why}", why=inner[:-3])
        assert outer == "Again: Reason: \u2068a,\u2069"
        assert phrase("See {link}", link="https://a.example/1") == "See https://a.example/1"


def test_a_foreign_text_brings_no_sign_of_direction_along():
    assert clean_sentence("a\u2068b\u2069\u200f") == "ab"
    with speaking("ar"):
        assert clean_sentence("a\u202eb\u200f ") == "ab"
