"""Properties of any text: normalisation is idempotent and clean; dates are valid in every time zone, or None."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from alerts.message.wording import iso_moment, moment
from sources import Entry
from sources.errors import BadEntry
from sources.formats.dates import EARLIEST, LATEST, find_date, read_date
from sources.text import clean, clean_all, clean_lines, headline, value_text
from tests.fuzzing import fuzz, fuzzed, texts
from tests.hostile import SEEN, given, secrets

_HIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff\u3164\U000e0000-\U000e0fff]")  # fmt: skip
ZONES: list[tzinfo] = [
    *map(ZoneInfo, ("UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kathmandu", "Europe/Moscow")),
    *(timezone(sign * timedelta(hours=23, minutes=59)) for sign in (1, -1)),
]
NUMBERS = st.one_of(st.integers(), st.floats(), st.integers(-(10**13), 10**13), st.none(), st.booleans())
WRITTEN = st.builds(
    lambda year, month, day, rest, form: form.format(y=year, m=month, d=day, rest=rest),
    st.one_of(st.integers(-1, 10_001), st.sampled_from([1, 999, 1000, 2999, 3000, 9999])),
    st.integers(0, 13),
    st.integers(0, 32),
    st.sampled_from(["", "T23:30:00Z", "T00:30:00+14:00", " 23:59:59.999999-23:59", "T24:00:00", " MSK", "T00:00:00+24:00"]),
    st.sampled_from(["{y:04}-{m:02}-{d:02}{rest}", "{d:02}.{m:02}.{y:04}{rest}", "Fri, {d} Dec {y} 23:30:00{rest}",
                     "December {d}, {y}", "{d} августа {y} года", "{y}{m:02}{d:02}{rest}", "{y}-W{m:02}-{d}{rest}"]),
)  # fmt: skip


def assert_clean(text: str) -> None:
    assert not _HIDDEN.search(text)
    assert text == text.strip()
    assert "  " not in text
    assert unicodedata.is_normalized("NFC", text)
    text.encode()


@fuzzed
def test_a_date_is_sane_at_every_time_zone_or_none() -> None:
    def check(value: object, zone: tzinfo) -> None:
        for found in (read_date(value), find_date(value) if isinstance(value, str) else None):
            if found is None:
                continue
            assert found.tzinfo is UTC
            assert EARLIEST <= found < LATEST
            assert moment(found, zone)
            assert moment(found, zone, near=SEEN, seconds=False)
            assert iso_moment(found.isoformat(), zone)

    fuzz("dates", check, st.one_of(WRITTEN, NUMBERS, texts(120)), st.sampled_from(ZONES))


@fuzzed
def test_a_clean_text_is_one_line_that_shows_what_it_says() -> None:
    def check(text: str, other: str) -> None:
        cleaned = clean(text)
        assert_clean(cleaned)
        assert clean(cleaned) == cleaned
        assert len(cleaned) <= 3 * len(text)  # what NFC makes of one character at most
        assert list(clean_all([text, other])) == [cleaned, clean(other)]
        for line in clean_lines(text).split("\n"):
            assert_clean(line)
        assert_clean(value_text([text, {other: None}]))
        assert len(headline(text)) <= 80

    fuzz("clean", check, texts(2_000), texts(200))


@fuzzed
def test_an_entry_of_any_text_is_clean_or_is_refused() -> None:
    def check(key: str, name: str, value: str) -> None:
        try:
            entry = Entry(
                key, value, {name: value, "b": [value]}, url=f"https://example.org/{key}", text=f"{value}\n{name}"
            )
        except BadEntry:
            return
        for text in given(entry).split("\n"):
            assert_clean(text)

    fuzz("entries", check, texts(300), texts(50), texts(1_000))


@fuzzed
def test_a_secret_is_hidden_wherever_it_stands_and_comes_back() -> None:
    known = secrets()

    def check(before: str, secret: str, after: str) -> None:
        hidden = known.hide(f"{before}{secret}{after}")
        assert secret not in hidden
        if "${" not in before + after:
            assert known.reveal(hidden) == f"{before}{secret}{after}"

    fuzz("secrets", check, texts(), st.sampled_from([form for form in known._references if form]), texts())
