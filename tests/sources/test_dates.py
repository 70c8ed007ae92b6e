from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.dates import read_date


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2025-07-16T10:30:00+03:00", "2025-07-16T07:30:00+00:00"),
        ("2025-07-16T10:30:00Z", "2025-07-16T10:30:00+00:00"),
        ("2025-07-16", "2025-07-16T00:00:00+00:00"),
        ("Fri, 03 Apr 2026 22:59:21 +0300", "2026-04-03T19:59:21+00:00"),
        (" Thu, 19 Apr 2018\n 14:21:31 EST ", "2018-04-19T19:21:31+00:00"),
        ("Fri, 03 Apr 2026 22:59:21 MSK", "2026-04-03T19:59:21+00:00"),
        ("3 Apr 2026 22:59:21 GMT", "2026-04-03T22:59:21+00:00"),
        ("16.07.2025", "2025-07-16T00:00:00+00:00"),
        ("16.07.2025 10:30", "2025-07-16T10:30:00+00:00"),
        ("March 12, 2021", "2021-03-12T00:00:00+00:00"),
        (1518478934, "2018-02-12T23:42:14+00:00"),
        (1518478934000, "2018-02-12T23:42:14+00:00"),
        ("1518478934", "2018-02-12T23:42:14+00:00"),
    ],
)
def test_dates_as_they_are_written(text: object, moment: str) -> None:
    found = read_date(text)
    assert found is not None
    assert found.isoformat() == moment


@pytest.mark.parametrize(
    "text", ["", "soon", "03/04/2025", "2025", "7", None, True, [], "Mon, 99 Oct 2017", "1" * 5000, float("nan")]
)
def test_what_says_no_moment_is_none(text: object) -> None:
    assert read_date(text) is None


@settings(deadline=None)
@given(st.text(max_size=60) | st.integers() | st.floats() | st.none())
def test_nothing_makes_it_raise(value: object) -> None:
    found = read_date(value)
    assert found is None or found.tzinfo is not None
