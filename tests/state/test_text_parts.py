"""How a text changed, by words."""

from __future__ import annotations

import itertools
import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from state.compare.text_parts import Part, compare_texts, find_passages
from tests.captures import CAPTURES, needed
from tests.growth import growth

STATEMENT = """\
Statement on supervision
The authority supervises payment firms in the country, and keeps the register of all that hold a licence.
Northgate Payments Ltd, licence 2019/114, may take new clients until 30 November 2026.
Whoever doubts an entry may ask the registry (registry@authority.example), which answers within 10 days.
Заявление: «Северные платежи» работает без ограничений.
監督機関は、本日、登録業者の一覧を更新した。
הרשות מפקחת על חברות התשלומים במדינה.
यह प्राधिकरण भुगतान कंपनियों की निगरानी करता है।
"""
MORE = ("On 30 November the authority withdrew the licence.", "\n", "not", "10,000.50", "Zoë & Söhne", "שינוי", "登録")


def sides(parts: list[Part]) -> tuple[str, str]:
    return tuple("".join(part.text for part in parts if part.sign != sign) for sign in "+-")  # type: ignore[return-value]


def assert_true(before: str, after: str) -> list[Part]:
    """The parts give both texts, none is empty, and backwards they are the same ones."""
    parts = compare_texts(before, after)
    assert sides(parts) == (before, after)
    assert all(part.text for part in parts)
    back = {"=": "=", "-": "+", "+": "-"}
    mirrored = [Part(back[sign], text) for sign, text in compare_texts(after, before)]
    assert sorted(mirrored) == sorted(parts)
    assert [part for part in parts if part.sign != "="] or before == after
    assert all(one.sign != other.sign for one, other in itertools.pairwise(parts))
    return parts


def edited(text: str, random_: random.Random) -> str:
    """A text after a few edits, such as an editor makes: words and lines put in, taken out, moved and written anew."""
    words = re.findall(r"\s+|\S+", text)
    for _ in range(random_.randint(1, 6)):
        at, length = random_.randrange(len(words) + 1), random_.choice((0, 1, 1, 3, 20))
        put = random_.choice(((), (random_.choice(MORE), " "), tuple(words[:5]), tuple(words[at : at + length])[::-1]))
        words[at : at + length] = put
    return "".join(words)


@settings(max_examples=200, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_parts_of_200_random_edits_joined_are_the_text_before_and_the_text_after(random_: random.Random) -> None:
    text = STATEMENT * random_.choice((1, 1, 5))
    assert_true(text, edited(text, random_))


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="ab \n.é審"), st.text(alphabet="ab \n.é審"))
def test_the_parts_of_any_two_texts_joined_are_the_texts(before: str, after: str) -> None:
    assert_true(before, after)
    list(find_passages(compare_texts(before, after), 5))


@needed
def test_the_parts_of_captured_versions_and_of_200_edits_of_them_joined_are_the_texts() -> None:
    random_ = random.Random(37)
    first = sorted(CAPTURES.glob("ota-terms-versions/*--a-*.md"))
    versions = [(path, next(path.parent.glob(re.sub("--a-.*", "--b-*", path.name)))) for path in first]
    for before, after in versions:
        assert_true(before.read_text("utf-8"), after.read_text("utf-8"))
    for number in range(200):
        text = versions[number % len(versions)][0].read_text("utf-8")
        assert_true(text, edited(text, random_))


def shown(before: str, after: str, context: int = 40) -> list[str]:
    """Each passage on a line, with what is gone and what is new in brackets."""
    marks = {"=": "{}", "-": "[-{}]", "+": "[+{}]"}
    passages = find_passages(compare_texts(before, after), context)
    return ["".join(marks[sign].format(text) for sign, text in passage if text) for passage in passages]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("payment firms", "payment institutions", ["The authority supervises payment [-firms][+institutions] in the country, and keeps the register…"]),
        ("may take", "may not take", ["…Payments Ltd, licence 2019/114, may [+not ]take new clients until 30 November 2026."]),
        (" may ask", " or misses one may ask", ["Whoever doubts an entry [+or misses one ]may ask the registry…"]),
        ("within 10 days", "within 14 days", ["…which answers within [-10][+14] days."]),
        ("2019/114", "2020/7", ["Northgate Payments Ltd, licence [-2019/114][+2020/7], may take new clients until 30 November…"]),
        ("Northgate", "The licence is withdrawn.\nNorthgate", ["[+The licence is withdrawn.\n]"]),
        ("本日", "昨日", ["監督機関は、[-本][+昨]日、登録業者の一覧を更新した。"]),
        ("ללא שינוי", "ללא שינוי", []),
        ("חברות התשלומים", "חברות האשראי", ["הרשות מפקחת על חברות [-התשלומים][+האשראי] במדינה."]),
        ("कंपनियों", "संस्थाओं", ["यह प्राधिकरण भुगतान [-कंपनियों][+संस्थाओं] की निगरानी करता है।"]),
    ],
)  # fmt: skip
def test_an_edit_is_shown_by_its_words_with_a_little_of_the_line(old: str, new: str, told: list[str]) -> None:
    assert shown(STATEMENT, STATEMENT.replace(old, new)) == told


def test_edits_far_from_each_other_are_two_passages_and_near_ones_are_one() -> None:
    text = " ".join(f"word{number}" for number in range(100))
    far = shown(text, text.replace("word10", "ten").replace("word90 ", "ninety "))
    assert [passage.count("[-") for passage in far] == [1, 1]
    near = shown(text, text.replace("word10 ", "ten ").replace("word14 ", "fourteen "))
    assert [passage.count("[-") for passage in near] == [2]


def test_a_line_at_the_end_and_one_taken_out_are_shown_alone() -> None:
    assert shown("one\ntwo", "one\ntwo\nthree") == ["[+\nthree]"]
    assert shown("one\ntwo\nthree", "one\nthree") == ["[-two\n]"]


def test_a_sentence_that_is_written_anew_is_read_at_once() -> None:
    told = shown("The firm is open to all clients.", "The firm was closed for no client but us.")
    assert told == ["The firm [-is open to all clients][+was closed for no client but us]."]


def huge(size: int) -> list[str]:
    """Lines of about 60 characters, no two alike, of so many characters."""
    return [f"entry {number} of the register, which stands on line {number * 7}" for number in range(size // 60)]


def one_word_changed(size: int) -> list[Part]:
    lines = huge(size)
    changed = [*lines]
    changed[len(lines) // 2] = changed[len(lines) // 2].replace("register", "list")
    return compare_texts("\n".join(lines), "\n".join(changed))


def test_one_word_in_a_text_of_10_MB_is_found_at_a_cost_that_grows_with_the_length() -> None:
    assert [part for part in one_word_changed(10_000_000) if part.sign != "="] == [("-", "register"), ("+", "list")]
    assert growth(one_word_changed, 1_000_000, 8_000_000, runs=3) < 3


def most_lines_changed(size: int) -> list[Part]:
    lines = huge(size)
    return compare_texts(
        "\n".join(lines), "\n".join(line if at % 10 == 0 else f"{line[:-6]} now {at}" for at, line in enumerate(lines))
    )


def hostile(size: int) -> list[Part]:
    """Few words that stand everywhere, between words that stand once: the worst for difflib."""
    sides = ("".join(f"x y\n{side}{number}\n" for number in range(size // 10)) for side in ("one", "two"))
    return compare_texts(*sides)


def near_each_other(size: int) -> list[Part]:
    """A line in which each second word is another one: a single edit."""
    sides = ("".join(f"{side}{number} {number:x} " for number in range(size // 16)) for side in ("before", "after"))
    return compare_texts(*sides)


@pytest.mark.parametrize("work", [most_lines_changed, hostile, near_each_other])
def test_a_page_that_changes_in_90_percent_of_its_lines_costs_no_more_than_its_length(work) -> None:
    assert growth(work, 100_000, 800_000, runs=3) < 3


def test_what_goes_beyond_the_budget_is_replaced_as_a_whole_and_still_true() -> None:
    before, after = ("\n".join(f"{side} {number % 50} {number % 3}" for number in range(30_000)) for side in ("a", "b"))
    assert_true(before, after)
