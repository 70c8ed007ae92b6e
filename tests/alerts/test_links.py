"""Signed links: what they allow, and what makes them worth nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from alerts.links import LASTING, Claim, claim_of, no_link, signer, unsubscribe_link, verify_link

NOON = datetime(2025, 7, 14, 12, tzinfo=UTC)
KEY = b"k" * 32


def token(who: str = "desk", until: datetime | None = None) -> str:
    url = signer("https://watch.test", KEY, who, NOON)("approve", 17, until)
    assert url
    assert url.startswith("https://watch.test/act/")
    return url.rpartition("/")[2]


def test_a_link_says_what_it_allows_and_whose_it_is() -> None:
    assert claim_of(token("деск «a.b»"), KEY, NOON) == Claim("approve", 17, "деск «a.b»")


def test_a_link_ends_a_week_after_its_time_or_after_a_week() -> None:
    until = NOON + timedelta(hours=4)
    assert claim_of(token(until=until), KEY, until + LASTING - timedelta(seconds=1))
    assert claim_of(token(until=until), KEY, until + LASTING) is None
    assert claim_of(token(), KEY, NOON + LASTING - timedelta(seconds=1))
    assert claim_of(token(), KEY, NOON + LASTING) is None


@pytest.mark.parametrize("change", ["first", "last", "no mac", "empty", "long", "not ascii"])
def test_a_link_that_was_edited_allows_nothing(change: str) -> None:
    sound = token()
    edited = {
        "first": ("A" if sound[0] != "A" else "B") + sound[1:],
        "last": sound[:-1] + ("A" if sound[-1] != "A" else "B"),
        "no mac": sound.partition(".")[0],
        "empty": "",
        "long": sound + "A" * 1000,
        "not ascii": sound + "я",
    }[change]
    assert claim_of(edited, KEY, NOON) is None


def test_another_key_or_no_desk_makes_no_link() -> None:
    assert claim_of(token(), b"other", NOON) is None
    assert signer(None, KEY, "desk", NOON)("approve", 17, None) is None
    assert no_link("approve", 17, None) is None


def test_a_link_to_verify_an_address_names_it_and_one_to_unsubscribe_lasts_as_long_as_a_mail() -> None:
    verify = verify_link("https://desk.test", KEY, "ada", "ada@reader.test", NOON).rpartition("/act/")[2]
    assert claim_of(verify, KEY, NOON) == Claim("verify", 0, "ada", "ada@reader.test")
    assert claim_of(verify, KEY, NOON + LASTING) is None
    unsubscribe = unsubscribe_link("https://desk.test", KEY, "ada", 7, NOON).rpartition("/unsubscribe/")[2]
    assert claim_of(unsubscribe, KEY, NOON + timedelta(days=3000)) == Claim("unsubscribe", 7, "ada")
