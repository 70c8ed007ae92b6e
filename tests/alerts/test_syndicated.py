"""Reports published twice, by a labelled set: which must be grouped, and which must not."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from alerts.case.story import WITHIN, Report, copies, is_copy
from tests.growth import growth

NOON = datetime(2025, 3, 3, 12, tzinfo=UTC)
PAIRS = tomllib.loads((Path(__file__).parent / "wire_copies.toml").read_text(encoding="utf-8"))["pair"]
LEAD = "The port of Elverum has lost its licence to store fuel, the maritime register showed on Monday afternoon."


def judged(half: str) -> Iterator[tuple[str, bool, str]]:
    for pair in PAIRS:
        if pair["half"] == half:
            found = is_copy(Report(*pair["a"], NOON), Report(*pair["b"], NOON))
            yield pair["label"], found, f"{pair['a'][0]} | {pair['b'][0]}"


@pytest.mark.parametrize(("half", "least"), [("dev", 0.97), ("test", 0.9)])
def test_the_labelled_pairs_are_told_apart_with_few_errors(half, least, capsys):
    found = list(judged(half))
    right = sum(label == "copy" and hit for label, hit, _ in found)
    wrong = sum(label != "copy" and hit for label, hit, _ in found)
    copied = sum(label == "copy" for label, _, _ in found)
    f1 = 2 * right / (right + wrong + copied)
    with capsys.disabled():
        print(
            f"\n{half}: {right} of {copied} copies found, {wrong} of {len(found) - copied} others taken for one, F1 {f1:.3f}"
        )
        print(*(f"  {label}: {what}" for label, hit, what in found if hit is not (label == "copy")), sep="\n")
    assert f1 >= least
    assert wrong <= 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("opens an office in Elverum", "does not open an office in Elverum"),
        ("fined 3 million crowns by the court", "fined 4 million crowns by the court"),
        ("Port of Elverum loses its licence", "Port of Narvestad loses its licence"),
        ("суд признал запись в реестре законной", "суд признал запись в реестре незаконной"),
        ("порт Эльверум получил лицензию на хранение", "порт Эльверум лишился лицензии на хранение"),
    ],
)
def test_one_word_makes_another_event(one, other):
    assert not is_copy(Report(one, "", NOON), Report(other, "", NOON))
    assert is_copy(Report(one, "", NOON), Report(f"{one} - Wire", "", NOON))


def test_copies_are_found_under_the_first_of_them_and_not_under_each_other():
    texts = ["", "ELVERUM (Wire) - ", "Updated. "]
    reports = [Report(f"Headline {n}", f"{text}{LEAD}", NOON + timedelta(hours=n)) for n, text in enumerate(texts)]
    assert copies([*reports, Report("Something else", "", NOON + timedelta(hours=9))]) == [None, 0, 0, None]


def test_the_same_words_a_week_later_are_news():
    reports = [Report("Port closed", LEAD, NOON), Report("Port closed", LEAD, NOON + WITHIN + timedelta(seconds=1))]
    assert copies(reports) == [None, None]


def test_reports_without_a_word_are_no_copies_of_each_other():
    assert copies([Report("", "", NOON), Report("…", "", NOON), Report("", "—", NOON)]) == [None, None, None]


def test_reports_with_the_same_closing_words_cost_no_more_than_their_number():
    closing = " Read more on our channel, and follow us where you like to read us, every day."
    reports = [
        Report(f"Vessel {number} leaves port {number * 7}", f"Vessel {number} left.{closing}", NOON + timedelta(minutes=number))
        for number in range(1_600)
    ]  # fmt: skip
    assert set(copies(reports)) == {None}
    assert growth(lambda count: copies(reports[:count]), 200, 1_600, runs=2) < 4
