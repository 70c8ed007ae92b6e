"""The keys by which the index finds another naming of somebody."""

from itertools import combinations

import pytest

from alerts.screening.facts import read_facts
from alerts.screening.score import keys_of


def keys(*names: str) -> frozenset[str]:
    return keys_of(read_facts(names))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Usama bin Ladin", "Osama bin Laden"),
        ("Usama bin Ladin", "أسامة بن لادن"),
        ("Muammar Gaddafi", "Moammar Qadhafi"),
        ("Evgenij Prigožin", "Евгений Пригожин"),
        ("Vladimir Shcherbakov", "Wladimir Schtscherbakow"),
        ("Xi Jinping", "习近平"),
        ("Kim Jong-un", "김정은"),
        ("Abdul Rahman Ali", "Ali Abdulrahman"),
        ("Viktor Anatolievich Bout", "BUT Viktor"),
        ("Jon Smith", "John Smith"),
        ("Romashka Trading LLC", 'ООО "Ромашка Трейдинг"'),
        ("Société Générale S.A.", "Societe Generale"),
        ("トヨタ", "Toyota"),
    ],
)
def test_two_namings_of_one_share_a_key(one: str, other: str) -> None:
    assert keys(one) & keys(other)


def test_the_words_of_a_name_share_more_keys_in_another_order_than_one_word_does() -> None:
    name = keys("Ivan Petrov")
    assert len(name & keys("Petrov Ivan")) > len(name & keys("Petrov Sergey"))


def test_a_legal_form_is_no_key() -> None:
    names = ["Romashka LLC", "Gazprom LLC", "Electromash LLC"]
    assert not any(keys(one) & keys(other) for one, other in combinations(names, 2))


def test_a_number_is_a_key_whatever_it_is_called() -> None:
    shared = keys_of(read_facts([], identifiers="Passport A1234567")) & keys_of(read_facts([], identifiers="A1234567"))
    assert shared == {"#A1234567"}


def test_a_name_without_a_letter_has_no_keys() -> None:
    assert keys("", "???", "–") == frozenset()


def test_a_name_of_very_many_words_has_few_keys() -> None:
    assert len(keys(" ".join(f"word{chr(97 + at % 26)}m{at}" for at in range(10_000)))) < 100
