"""Amounts as registers write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.event.evaluation import read_amount


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1 000,50 €", 1000.5),
        ("1\u202f000,50\u00a0€", 1000.5),
        ("€1,000.50", 1000.5),
        ("1.000.000,00 EUR", 1_000_000),
        ("CHF 1\u2019000\u2019000.05", 1_000_000.05),
        ("Rs. 12,34,567", 1_234_567),
        ("1,000", 1000),
        ("1.000", 1000),
        ("1000,500", 1000.5),
        ("0,500", 0.5),
        (".5 %", 0.5),
        ("штраф 300 000 руб.", 300_000),
        ("-$5", -5),
        ("\u22125,2", -5.2),
        ("Fine - 5", 5),
        (7, 7),
        (2.5, 2.5),
    ],
)
def test_an_amount_is_read_in_any_way_of_writing_it(text: object, amount: float) -> None:
    assert read_amount(text) == amount


@pytest.mark.parametrize(
    "text",
    [
        *("", "none", "5 of 10", "2025-03-01", "12.03.2025", "1.2.3", "10:30", "5 10", "1,000 000", "9" * 201),
        *(None, True, [5], {"a": 5}, 10**400, float("nan"), float("inf")),
    ],
)
def test_what_is_no_amount_or_not_one_gives_none(text: object) -> None:
    assert read_amount(text) is None


@given(st.text(alphabet="0123456789.,' -−$€\u00a0٣½²a", max_size=30))
def test_no_text_raises(text: str) -> None:
    assert isinstance(read_amount(text), float | None)
