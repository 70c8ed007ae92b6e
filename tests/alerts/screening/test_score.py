"""Whom a screening takes for whom, and what it says of it."""

import pytest

from alerts.screening.facts import Facts, read_facts
from alerts.screening.score import LEAST, Score, prepare, score


def scored(wanted: Facts | str, listed: Facts | str) -> Score:
    one, other = (read_facts([side]) if isinstance(side, str) else side for side in (wanted, listed))
    return score(prepare(one), prepare(other))


def born(date: str, name: str = "Ivan Petrov") -> Facts:
    return read_facts([name], date)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Usama bin Ladin", "Osama bin Laden"),
        ("Usama bin Ladin", "أسامة بن لادن"),
        ("Muammar Gaddafi", "Moammar Qadhafi"),
        ("Evgenij Prigožin", "Евгений Пригожин"),
        ("Xi Jinping", "习近平"),
        ("PETROV, Ivan", "Ivan Petrov"),
        ("J. Smith", "John Smith"),
        ("Abdul Rahman Ali", "Abdulrahman Ali"),
        ("Viktor Bout", "Viktor Anatolijevitch Bout"),
        ("PAK HAN SE", "Han Se PAK"),
        ("Gazprom", "PJSC Gazprom"),
        ("Romashka LLC", "ООО Ромашка"),
        ("Société Générale S.A.", "Societe Generale"),
        ("Li Na", "Li Na"),
    ],
)
def test_another_naming_is_worth_a_look(one: str, other: str) -> None:
    assert scored(one, other).points >= LEAST
    assert scored(other, one).points >= LEAST


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("John Smith", "John Jones"),
        ("Saddam Hussein", "Saddam Hassan"),
        ("Gazprom Neft PJSC", "Gazprom PJSC"),
        ("Plant Electromash 5", "Plant Electromash 6"),
        ("Alfa Trading Company", "Omega Trading Company"),
        ("Delta Holdings III", "Delta Holdings II"),
        ("A", "A"),
        ("Ali", "Ali"),
        ("Ali", "Ali Hassan Ibrahim"),
        ("!!!", "???"),
    ],
)
def test_another_one_is_not(one: str, other: str) -> None:
    assert scored(one, other).points < LEAST


def test_the_same_birth_date_adds_and_another_one_makes_a_namesake_of_him() -> None:
    nothing_known = scored("Ivan Petrov", "Ivan Petrov").points
    assert scored(born("1960-03-12"), born("1960-03-12")).points > nothing_known >= LEAST
    assert scored(born("1960-03-12"), born("1971-08-30")).points < LEAST


def test_a_year_agrees_or_disagrees_as_a_year() -> None:
    assert scored(born("1960"), born("1960-03-12")).reasons[1] == "birth date: 1960 here, 1960-03-12 there"
    assert scored(born("1960"), born("1960-03-12")).points > scored("Ivan Petrov", "Ivan Petrov").points
    assert scored(born("1960"), born("1971-03-12")).points < LEAST


def test_a_slip_in_a_date_is_still_worth_a_look() -> None:
    for slip in ("1960-12-03", "1960-03-13", "1961"):
        assert LEAST <= scored(born("1960-03-12"), born(slip)).points < scored("Ivan Petrov", "Ivan Petrov").points


def test_the_likest_of_several_dates_counts() -> None:
    assert "birth date: 1960-03-12 in both" in scored(born("1960-03-12"), born("1971; 1960-03-12")).reasons


def test_a_range_of_years_agrees_with_each_of_them() -> None:
    assert (
        scored(born("1960-03-12"), born("1958 to 1962")).points
        > scored(born("1970-03-12"), born("1958 to 1962")).points
    )


def test_a_country_counts_for_little() -> None:
    one, same, other = (read_facts(["Ivan Petrov"], country=country) for country in ("Russia", "ru", "fr"))
    assert scored(one, same).reasons[-1] == "country: ru in both"
    assert scored(one, other).reasons[-1] == "country: ru here, fr there"
    assert LEAST < scored(one, other).points < scored(one, same).points


def test_an_identifier_in_both_is_worth_a_look_under_another_name() -> None:
    one = read_facts(["Ivan Petrov"], "1960", identifiers="Passport 712345678")
    other = read_facts(["John Smith"], "1971", identifiers="712345678")
    assert scored(one, other).points >= LEAST
    assert scored(one, other).reasons == (
        "name: another one",
        "birth date: 1960 here, 1971 there",
        "identifier: 712345678 in both",
    )


def test_ships_of_one_name_with_other_numbers_are_two() -> None:
    one, other = (read_facts(["Northern Star"], identifiers=f"IMO {number}") for number in (9187629, 9074729))
    assert scored(one, other).points < LEAST
    assert scored(one, other).reasons[-1] == "identifier: imo 9187629 here, imo 9074729 there"


def test_two_passports_are_no_contradiction() -> None:
    one, other = (read_facts(["Ivan Petrov"], identifiers=f"Passport {number}") for number in (712345678, 998877665))
    assert scored(one, other).points == scored("Ivan Petrov", "Ivan Petrov").points


def test_another_legal_form_weighs_little() -> None:
    assert (
        LEAST
        < scored("Romashka Invest LLC", "Romashka Invest JSC").points
        < scored("Romashka Invest", "Romashka Invest").points
    )


def test_the_reason_names_both_legal_forms_as_they_may_be_one() -> None:
    assert scored("Romashka Limited", "Romashka Ltd").reasons[-1] == "legal form: limited here, ltd there"
    assert scored("Romashka S.A.", "Romashka SA").points == scored("Romashka SA", "Romashka SA").points


def test_the_reason_names_both_names_and_how_they_agree() -> None:
    assert scored("ivan petrov", "Ivan PETROV").reasons == ("name: “Ivan PETROV” in both",)
    assert scored("Petrov Ivan", "Ivan Petrov").reasons == ("name: “Petrov Ivan” in another order: “Ivan Petrov”",)
    assert scored("Usama Ladin", "Osama Laden").reasons[0].startswith("name: “Usama Ladin” written “Osama Laden”, ")


def test_the_best_of_all_names_counts() -> None:
    listed = read_facts(["Abu Abdallah", "Muhammad al-Jabiri", "Iwan Petrow"])
    assert "“Iwan Petrow”" in scored("Ivan Petrov", listed).reasons[0]


def test_nothing_in_common_is_no_points_and_no_reasons() -> None:
    assert scored(born("1960"), born("1960", "Chen Guang")) == Score(0)
