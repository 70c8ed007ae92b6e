from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources import Entry
from sources.formats.dates import find_date, read_date


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


@pytest.mark.parametrize(
    "text",
    [
        "9999-12-31T23:30:00Z",
        "9999-12-31T23:30:00-12:00",
        "0001-01-01T00:30:00+14:00",
        "0999-12-31",
        "3000-01-01",
        "01.01.0001",
    ],
)
def test_a_moment_out_of_a_sane_range_is_none(text: str) -> None:
    """A zone's offset would lead out of what datetime can say."""
    assert read_date(text) is None
    assert find_date(f"Filed {text}") is None


def test_a_kind_s_own_insane_date_is_none() -> None:
    for year in (1, 9999):
        assert Entry("1", published=datetime(year, 1, 1, tzinfo=UTC)).published is None
        assert Entry("1", published=datetime(year, 1, 1)).published is None  # noqa: DTZ001
    assert Entry("1", published=datetime(1000, 1, 1, tzinfo=UTC)).published == datetime(1000, 1, 1, tzinfo=UTC)


@settings(deadline=None)
@given(st.datetimes(timezones=st.none() | st.timezones()))
def test_whatever_is_published_can_be_shown_in_every_zone(moment: datetime) -> None:
    shown = Entry("1", published=moment).published
    for zone in ("Pacific/Kiritimati", "Etc/GMT+12"):
        assert shown is None or shown.astimezone(ZoneInfo(zone)).year > 0
