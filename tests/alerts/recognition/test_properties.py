"""What holds for every text: the recognizer by itself, without the rest of the program."""

from __future__ import annotations

import random
import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.recognition.recognizer import NameFinding, Recognizer
from tests.alerts.recognition.watched import Watched

ENTITIES = {
    "acme": Watched(("Acmeron", "Акмерон")),
    "person": Watched(("Тимур Зарипов", "Зарипов")),
    "bolt": Watched(("Bolt",), context=("taxi", "такси")),
    "arab": Watched(("طارق المنصوري",)),
    "chinese": Watched(("孟怀瑾",)),
    "law": Watched(("149-ФЗ",)),
    "ship": Watched(("IMO 9234563",), identifiers=("example.org",)),
}
RECOGNIZER = Recognizer(ENTITIES)
PIECES = (
    "Acmeron", "Акмерону", "Тимура Зарипова", "Zaripov", "Bolt", "taxi", "bolt", "طارق المنصوري", "孟怀瑾", "149-ФЗ", "IMO 9234563",
    "example.org", "the", "и", "Марат", "Oracle", "«", "»", ".", ",", "-", "\n", "#Acmeron", "@acmeron", "https://acmeron.org/x", "&shy;", "زاريبوف",
    "扎里波夫", "ザリポフ", "А к м е р о н",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=12).map(" ".join)
MANY = settings(max_examples=75, deadline=None)


def found(text: str, recognizer: Recognizer = RECOGNIZER) -> list[NameFinding]:
    return recognizer.findings([("text", text)])


def told(text: str, recognizer: Recognizer = RECOGNIZER) -> set[str]:
    return {finding.entity for finding in found(text, recognizer) if not finding.against}


@MANY
@given(TEXTS)
def test_whatever_the_text_every_finding_is_of_a_watched_entity_and_within_it(text):
    for finding in found(text):
        assert finding.entity in ENTITIES
        assert 0 <= finding.start < len(text)
        assert finding.words


@MANY
@given(TEXTS, st.randoms(use_true_random=False))
def test_the_order_of_the_entities_changes_nothing(text, rng: random.Random):
    items = list(ENTITIES.items())
    rng.shuffle(items)
    assert told(text, Recognizer(dict(items))) == told(text)


@MANY
@given(TEXTS)
def test_an_unrelated_entity_changes_nothing_for_the_others(text):
    more = Recognizer({**ENTITIES, "other": Watched(("Quuxolotl",))})
    assert told(text, more) - {"other"} == told(text)


@MANY
@given(TEXTS)
def test_searching_twice_finds_the_same(text):
    assert found(text) == found(text)


@MANY
@given(TEXTS)
def test_a_fresh_recognizer_finds_what_one_that_has_read_much_finds(text):
    assert found(text, Recognizer(ENTITIES)) == found(text)


@MANY
@given(st.sampled_from(["Acmeron", "Акмерону", "Zaripov", "Тимура Зарипова"]), st.sampled_from([str.upper, str.title]))
def test_capital_letters_of_a_name_change_nothing(name, case):
    assert told(f"Вчера {case(name)} сообщил") == told(f"Вчера {name} сообщил") != set()


@MANY
@given(
    st.sampled_from(["Acmeron", "Акмерон", "Зарипов"]),
    st.integers(1, 5),
    st.sampled_from(["&shy;", "&#8203;", "&zwnj;", "&#x2060;"]),
)
def test_an_entity_of_html_that_shows_nothing_changes_nothing(name, place, entity):
    assert told(f"пишет {name[:place]}{entity}{name[place:]} сегодня") == told(f"пишет {name} сегодня") != set()


@MANY
@given(TEXTS, st.sampled_from(["NFC", "NFD"]))
def test_the_form_of_the_accents_changes_nothing(name, form):
    text = f"Zürich meldet: Acmeron öffnet. {name}"
    assert "acme" in told(unicodedata.normalize(form, text))


@MANY
@given(TEXTS, TEXTS)
def test_a_field_of_another_entry_changes_nothing(text, other):
    found(other)
    assert told(text) == told(text, Recognizer(ENTITIES))


@MANY
@given(st.sampled_from(["acmeron", "зарипов"]), st.from_regex(r"\A[a-z]{1,8}\Z"))
def test_no_address_names_anybody(name, path):
    for address in (f"https://{name}.com/{path}", f"https://{path}.org/{name}", f"{path}@{name}.ru", f"@{name}_{path}"):
        assert told(f"see {address} for more") == set()


@MANY
@given(st.text(max_size=200))
def test_a_longer_not_list_never_finds_more(text):
    text = f"Acmeron {text}"
    strict = Recognizer({"acme": Watched(("Acmeron",), not_=("Acmeron Valley",))})
    assert told(text, strict) <= told(text, Recognizer({"acme": Watched(("Acmeron",))}))
