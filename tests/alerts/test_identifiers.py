"""Numbers and domains of entities: validated when the configuration is read, found exactly."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from alerts.matching.watchlist import Watchlist
from alerts.options import Entity
from alerts.recognition.identifiers import Kind, read
from sources import Entry

BANK = Entity(names=("Пример",), identifiers=("7707083893", "ОГРН 1027700132195", "CIK 1318605", "example-bank.org"))
WATCHLIST = Watchlist({"bank": BANK, "fund": Entity(names=("Fund",), identifiers=("5493001KJTIIGC8Y1R12",))})


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("7707083893", Kind.INN, "7707083893"),
        ("ИНН: 7707083893", Kind.INN, "7707083893"),
        ("500100732259", Kind.INN, "500100732259"),
        ("1027700132195", Kind.OGRN, "1027700132195"),
        ("5493001kjtiigc8y1r12", Kind.LEI, "5493001KJTIIGC8Y1R12"),
        ("CIK 0001318605", Kind.CIK, "1318605"),
        ("0001318605", Kind.CIK, "1318605"),
        ("Example.ORG", Kind.DOMAIN, "example.org"),
        ("пример.рф", Kind.DOMAIN, "пример.рф"),
    ],
)
def test_an_identifier_says_what_it_is(text, kind, value):
    assert read(text) == (kind, value)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("7707083894", "check digit is wrong"),
        ("ОГРН 1027700132196", "check digit is wrong"),
        ("5493001KJTIIGC8Y1R13", "check digit is wrong"),
        ("INN 77070838", "wrong length"),
        ("12345", "say what it is"),
        ("CIK abc", "1 to 10 digits"),
        ("https://example.org/", "without https://"),
    ],
)
def test_a_wrong_identifier_is_a_mistake_in_the_configuration(text, problem):
    with pytest.raises(ValidationError, match=problem):
        Entity(names=("Пример",), identifiers=(text,))


def test_a_table_by_kind_says_the_same():
    entity = Entity.model_validate({"names": ["A"], "identifiers": {"inn": "7707083893", "domain": ["a.org", "b.org"]}})
    assert [read(text).value for text in entity.identifiers] == ["7707083893", "a.org", "b.org"]
    with pytest.raises(ValidationError, match='"vat" is no kind'):
        Entity.model_validate({"names": ["A"], "identifiers": {"vat": "1"}})


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("должник, ИНН 7707083893, Москва", "INN 7707083893"),
        ("7707083893", "INN 7707083893"),
        ("ОГРН:1027700132195", "OGRN 1027700132195"),
        ("CIK=1318605", "CIK 1318605"),
        ("filer 0001318605", "CIK 1318605"),
        ("https://www.example-bank.org/about", "example-bank.org"),
        ("EXAMPLE-BANK.ORG", "example-bank.org"),
        ("help@example-bank.org", "example-bank.org"),
        ("LEI 5493001kjtiigc8y1r12", "LEI 5493001KJTIIGC8Y1R12"),
    ],
)
def test_an_identifier_is_found_wherever_it_stands(text, label):
    assert [mention.name for mention in WATCHLIST.mentions(Entry("1", "-", text=text))] == [label]


@pytest.mark.parametrize(
    "text",
    [
        "77070838930",
        "17707083893",
        "1318605 shares",  # so short a number has to be called a CIK
        "my-example-bank.org",
        "example-bank.org.evil.com",
        "example-bank.orgs",
        "example bank org",
    ],
)
def test_an_identifier_is_found_exactly(text):
    assert WATCHLIST.mentions(Entry("1", "-", text=text)) == []


def test_a_column_that_is_called_so_makes_a_number_a_cik():
    assert [mention.field for mention in WATCHLIST.mentions(Entry("1", "-", {"CIK number": "1318605"}))] == [
        "CIK number"
    ]
