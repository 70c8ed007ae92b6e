"""What screening reads of a customer and of an entry."""

import msgspec
import pytest

from alerts.screening.facts import Facts, facts_of, read_facts
from sources.model.entry import Entry


def test_an_entry_of_a_list_has_the_facts_of_its_standard_fields() -> None:
    entry = Entry(
        "7",
        "Ivan Petrov",
        {
            "names": "Ivan Petrov; Иван Петров",
            "birth_date": "1960-03-12; 1961",
            "country": "Russia; cy",
            "identifiers": "Passport 71 2345678; INN 7707083893",
            "programme": "X",
        },
    )
    assert facts_of(entry) == Facts(
        ("Ivan Petrov", "Иван Петров"),
        ("1960-03-12", "1961"),
        ("ru", "cy"),
        ("passport 712345678", "inn 7707083893"),
    )


def test_an_entry_of_any_table_has_them_by_the_names_of_its_columns() -> None:
    entry = Entry("7", "Ivan Petrov", {"Birth date": "12 Mar 1960", "Country": "Deutschland", "Colour": "red"})
    assert facts_of(entry) == Facts(("Ivan Petrov",), ("1960-03-12",), ("de",))


def test_facts_are_the_same_after_they_were_packed() -> None:
    facts = read_facts(["Ivan Petrov"], "1960", "ru", "A12345")
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(facts), type=Facts) == facts


@pytest.mark.parametrize(
    ("written", "birth"),
    [
        ("1960", "1960"),
        ("1960-03", "1960-03"),
        ("12 Mar 1960", "1960-03-12"),
        ("12.03.1960", "1960-03-12"),
        ("25/03/1960", "1960-03-25"),
        ("03/25/1960", "1960-03-25"),
        ("19600312", "1960-03-12"),
        ("Mar 1960", "1960-03"),
        ("1 января 1960", "1960-01-01"),
        ("00/00/1960", "1960"),
        ("1960-00-00", "1960"),
        ("circa 1960", "1959/1961"),
        ("1958 to 1962", "1958/1962"),
        ("between 1 Jan 1958 and 31 Dec 1962", "1958/1962"),
    ],
)
def test_a_birth_date_is_read_as_people_write_it(written: str, birth: str) -> None:
    assert read_facts([], written).births == (birth,)


@pytest.mark.parametrize("written", ["American", "Virgin Islands", "Unknown"])
def test_what_may_be_another_country_is_none(written: str) -> None:
    assert read_facts([], country=written).countries == ()


def test_a_day_that_may_be_two_days_counts_by_its_year() -> None:
    assert read_facts([], "03/04/1960").births == ("1960",)


def test_what_is_no_birth_date_is_none() -> None:
    assert read_facts([], "unknown; 99; 123456789; ").births == ()


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("sa", "sa"),
        ("UK", "gb"),
        ("RUS", "ru"),
        ("Russian Federation", "ru"),
        ("Россия", "ru"),
        ("Iran (Islamic Republic of)", "ir"),
        ("Korea, North", "kp"),
        ("Syrian Arab Republic", "sy"),
        ("Hong Kong", "hk"),
        ("Macau", "mo"),
        ("Nigerian", "ng"),
        ("China", "cn"),
        ("Burma", "mm"),
        ("Bosnia and Herzegovina", "ba"),
        ("Niger", "ne"),
        ("中国", "cn"),
        ("Democratic People's Republic of Korea", "kp"),
        ("Korea (Democratic People's Republic of)", "kp"),
        ("DPRK", "kp"),
        ("Korea, Republic of", "kr"),
        ("Congo (Democratic Republic of the)", "cd"),
        ("Congo (Kinshasa)", "cd"),
        ("State of Palestine", "ps"),
    ],
)
def test_a_country_is_known_by_its_code_and_its_names(written: str, code: str) -> None:
    assert read_facts([], country=written).countries == (code,)


def test_a_country_that_may_be_two_is_none() -> None:
    assert read_facts([], country="Congo; Atlantis; Unknown; ( )").countries == ()


@pytest.mark.parametrize(
    ("written", "identifier"),
    [
        ("Passport A 123 456 (Iran)", "passport A123456"),
        ("passport no. 12-345/67 issued 2004", "passport no 1234567"),
        ("7707083893", "inn 7707083893"),
        ("IMO 9187629", "imo 9187629"),
        ("SWIFT/BIC SABRRUMM", "swift bic SABRRUMM"),
    ],
)
def test_an_identifier_is_its_number_and_what_it_is(written: str, identifier: str) -> None:
    assert read_facts([], identifiers=written).identifiers == (identifier,)


def test_a_number_of_few_digits_identifies_nobody() -> None:
    assert read_facts([], identifiers="12; No. 7").identifiers == ()
