"""Fields of most entries that change at once: what is held, what it says, and what is exempt by habit."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sources import Entry
from state.compare.changes import changes_of_known
from state.compare.forms import Forms
from state.compare.plausibility import HABIT_CHECKS, MassChange, find_mass_change, measure_loss, note_movement
from state.model import Difference, Habits


def rows(count: int, **fields: Any) -> list[Entry]:
    """So many rows; a field's value is a function of the row's number, or one for all."""
    return [
        Entry(
            f"Company {number:02}",
            fields={name: str(value(number) if callable(value) else value) for name, value in fields.items()},
        )
        for number in range(count)
    ]


def after(ledger: Any, before: list[Entry], now: list[Entry]) -> Difference:
    ledger.check(*before)
    difference: Difference = ledger.check(*now)
    return difference


def found(
    ledger: Any, before: list[Entry], now: list[Entry], max_changed: float | None = None, habits: Habits | None = None
) -> MassChange | None:
    return find_mass_change(after(ledger, before, now), habits or Habits(), known=len(before), max_changed=max_changed)


@pytest.mark.parametrize(
    ("count", "changed", "held"), [(9, 9, False), (10, 5, False), (10, 6, True), (40, 20, False), (40, 21, True)]
)
def test_more_than_half_of_ten_or_more_entries(ledger: Any, count: int, changed: int, held: bool) -> None:
    now = [*rows(changed, since="1"), *rows(count, since="0")[changed:]]
    assert (found(ledger, rows(count, since="0"), now) is not None) is held


@pytest.mark.parametrize(("max_changed", "held"), [(0, True), (29, True), (30, False), (0.29, True), (1.0, False)])
def test_max_changed_is_a_count_or_a_share(ledger: Any, max_changed: float, held: bool) -> None:
    now = [*rows(30, since="1"), *rows(100, since="0")[30:]]
    assert (found(ledger, rows(100, since="0"), now, max_changed) is not None) is held


def test_a_field_counts_in_whatever_set_of_fields_it_changed(ledger: Any) -> None:
    now = rows(20, since="1", place=lambda number: number % 2, note=lambda number: number // 15)
    mass = found(ledger, rows(20, since="0", place="0", note="0"), now)
    assert mass
    assert mass.fields == ["since"]


def test_fields_that_change_in_other_entries_each_are_no_mass(ledger: Any) -> None:
    now = rows(20, a=lambda number: int(number < 9), b=lambda number: int(number > 10))
    assert found(ledger, rows(20, a="0", b="0"), now) is None


def test_new_and_removed_entries_are_not_counted(ledger: Any) -> None:
    assert found(ledger, rows(12, since="0"), [*rows(12, since="0")[4:], *rows(60, since="1")[12:]]) is None


def test_it_says_how_many_and_three_of_them(ledger: Any) -> None:
    mass = found(ledger, rows(21, since="2021"), rows(21, since=lambda number: 2000 + number))
    assert mass
    said, *examples = mass.suspicion.message.split("; ")
    assert said == "'since' changed in 21 of 21 entries at once, more than 10 (max_changed)"
    assert examples == [f"Company {number:02}: 2021 → {2000 + number}" for number in range(3)]


def test_a_column_that_comes_is_believed_and_one_that_is_filled_elsewhere_too_is_not(ledger: Any) -> None:
    mass = found(ledger, rows(12, since="0"), rows(12, since="0", place="Moscow"))
    assert mass
    assert (mass.suspicion, mass.form) == (None, "a new field, 'place'")
    told = found(ledger, rows(12, since="0"), rows(12, since="1", place="Moscow"))
    assert told
    assert told.suspicion
    assert told.suspicion.message.startswith(
        "'since' changed in 12 of 12 entries at once, more than 6 (max_changed); C"
    )
    assert told.form == ""
    known = found(ledger, rows(12, since="0"), rows(12, since="0", place="Moscow"), habits=Habits({"place": 1}))
    assert known
    assert known.suspicion


@pytest.mark.parametrize(
    ("before", "now", "names"),
    [
        (rows(3, status=str), rows(3, state=str), {"status": "state"}),
        (rows(2, status=str), rows(2, state=str), {}),
        (rows(9, a=str, b=lambda n: n + 50), rows(9, c=lambda n: n + 50, d=str), {"a": "d", "b": "c"}),
        (rows(9, a="yes"), rows(9, b="yes"), {}),  # a flag of a few
        (rows(12, a="yes", b="yes"), rows(12, c="yes", d="yes"), {"a": "c", "b": "d"}),
        (rows(12, a=str), [*rows(11, b=str), Entry("Company 11", fields={"a": "11"})], {}),  # there is one that has it
        (rows(12, a=str), rows(12, b=lambda n: n if n < 6 else 99), {}),  # half of it says something else
        (rows(12, a=str, b="0"), rows(12, b=str), {}),  # no new field
        (rows(12, a=str, label="0"), rows(12, b=str, label="0"), {}),  # one that is called as renaming is told
    ],
)
def test_a_field_that_is_called_otherwise(
    ledger: Any, before: list[Entry], now: list[Entry], names: dict[str, str]
) -> None:
    difference = after(ledger, before, now)
    assert difference.renamed == names
    told = {name for change in difference.changes for name in change.fields}
    assert told == {"label"} if names else "label" not in told


def test_of_a_field_that_is_called_otherwise_only_what_changed_is_told(ledger: Any) -> None:
    now = rows(12, state=lambda n: 99 if n == 3 else n, since=lambda n: int(n == 4))
    difference = after(ledger, rows(12, status=str, since="0"), now)
    mass = find_mass_change(difference, Habits(), known=12, max_changed=None)
    assert mass
    assert (mass.suspicion, mass.form) == (None, "the field 'status' is called 'state' now")
    told = [change for change in difference.changes if not mass.is_only_form(change, mentions=True)]
    assert [change.fields for change in told] == [{"state": ("3", "99")}, {"since": ("0", "1")}]


def test_of_a_column_that_comes_only_what_it_says_of_somebody_watched_is_news(ledger: Any) -> None:
    before, now = rows(12, since="0"), rows(12, since=lambda number: int(number == 3), place="Moscow")
    difference = after(ledger, before, now)
    mass = find_mass_change(difference, Habits(), known=12, max_changed=None)
    assert mass
    changes = list(changes_of_known(difference.changes))
    assert [each.entry.key for each in changes if not mass.is_only_form(each, mentions=False)] == ["Company 03"]
    assert not any(mass.is_only_form(each, mentions=True) for each in changes)


@pytest.mark.parametrize(
    ("before", "now", "form"),
    [
        (lambda n: f"2021-03-{n + 1:02}", lambda n: f"{n + 1:02}.03.2021", "dates rewritten"),
        (lambda n: f"2021-03-{n + 1:02}", lambda n: f"03/{n + 1:02}/2021", "dates rewritten"),
        (lambda n: f"2021-03-{n + 1:02}T09:30:00Z", lambda n: f"March {n + 1}, 2021", "dates rewritten"),
        (lambda n: f"Active since {n}", lambda n: f"ACTIVE SINCE {n}", "case"),
        (lambda n: f"1{n:02}000", lambda n: f"1{n:02} 000", "spaces"),
        (lambda n: f"{1000 + n}", lambda n: f"FRN {1000 + n}", 'prefix "FRN " added'),
        (lambda n: f"ID-{1000 + n}", lambda n: f"{1000 + n}", 'prefix "ID-" gone'),
        (lambda n: f"http://a.example/{n}", lambda n: f"https://a.example/{n}", 'prefix "http" now "https"'),
    ],
)
def test_it_says_that_only_the_form_changed(ledger: Any, before: Any, now: Any, form: str) -> None:
    mass = found(ledger, rows(20, what=before), rows(20, what=now))
    assert mass
    assert mass.form == form
    assert f"; only the form changed: {form}; Company 00: " in mass.suspicion.message


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("Active", "Inactive"),
        ("verified", "not verified"),
        (lambda n: f"Active since {n}", lambda n: f"Inactive since {n}"),
        (lambda n: f"2024-07-{n + 1:02}", lambda n: f"2025-07-{n + 1:02}"),
        (lambda n: f"2021-03-{n + 1:02}", lambda n: f"{n + 2:02}.03.2021"),
        (lambda n: f"2021-03-01 09:{n:02}", lambda n: f"2021-03-01T10:{n:02}:00Z"),
        (lambda n: f"17357760{n:02}", lambda n: f"17357761{n:02}"),
        (lambda n: f"{100 + n}", lambda n: f"-{100 + n}"),
        (lambda n: f"{10 + n}", lambda n: f"1{10 + n}"),
        (lambda n: f"2021-03-{n + 1:02}", lambda n: f"{n + 1:02}.03.2021" if n else "31.12.2024"),
    ],
)
def test_another_value_is_never_called_another_form(ledger: Any, before: Any, now: Any) -> None:
    mass = found(ledger, rows(20, what=before), rows(20, what=now))
    assert mass
    assert (mass.form, "form" in mass.suspicion.message) == ("", False)


def test_a_date_that_is_none_is_no_date() -> None:
    forms = Forms()
    assert not forms.take("date", "31.02.2021", "2021-02-31")
    assert not forms.take("date", "x" * 100_000, "y" * 100_000)


def prices(ledger: Any, visits: int, every: Any) -> list[bool]:
    """Whether each visit of a register is held, whose prices are those of `every(visit)`; what is held is not stored."""
    habits, held = Habits(), list[bool]()
    ledger.check(*rows(20, price=every(0)))
    stored, digest = dict(ledger.rows), ledger.digest
    for visit in range(1, visits + 1):
        difference = ledger.check(*rows(20, price=every(visit)))
        mass = find_mass_change(difference, habits, known=20, max_changed=None)
        habits = note_movement(habits, mass)
        held.append(mass is not None)
        if mass:
            ledger.rows, ledger.digest = dict(stored), digest
        else:
            stored, digest = dict(ledger.rows), ledger.digest
    return held


def test_prices_that_move_at_each_check_are_held_three_times_and_no_more(ledger: Any) -> None:
    assert prices(ledger, 8, lambda visit: lambda number: 100 * visit + number) == [True] * HABIT_CHECKS + [False] * 5


def test_one_new_form_that_stays_is_held_for_ever(ledger: Any) -> None:
    assert prices(ledger, 8, lambda visit: lambda number: f"EUR {number}" if visit else str(number)) == [True] * 8


def test_a_site_that_goes_back_and_forth_gets_no_habit(ledger: Any) -> None:
    held = prices(ledger, 8, lambda visit: lambda number: f"EUR {number}" if visit % 2 else str(number))
    assert held == [True, False] * 4


def test_a_field_with_the_habit_lets_no_other_one_pass(ledger: Any) -> None:
    habits = Habits(moving={"price": HABIT_CHECKS})
    mass = found(ledger, rows(20, price="1", name="a"), rows(20, price="2", name="b"), habits=habits)
    assert mass
    assert mass.fields == ["name"]


def test_a_habit_is_remembered_of_fifty_fields_at_most(ledger: Any) -> None:
    names = [f"field {number}" for number in range(200)]
    mass = found(ledger, rows(20, **dict.fromkeys(names, "1")), rows(20, **dict.fromkeys(names, "2")))
    habits = note_movement(Habits(), mass)
    assert (len(habits.moving), len(habits.moved)) == (50, 50)
    assert all(len(sample) <= 16 for sample in habits.moved.values())


REGISTER = "Register of companies\n" + "\n".join(f"Company {number} holds the licence {number}" for number in range(20))


WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven")
ITEMS = "\n".join(f"Court order {{{number}}}{{{number}}} of today\nread it" for number in range(8))


def text_check(ledger: Any, before: str, now: str, max_changed: float | None = None) -> MassChange | None:
    ledger.check(Entry("page", "Page", text=before))
    difference = ledger.check(Entry("page", "Page", text=now))
    return find_mass_change(difference, Habits(), known=1, max_changed=max_changed, is_text=True)


@pytest.mark.parametrize(
    "now",
    [
        "Oops! Something went wrong.",
        "We value your privacy. We and our partners use cookies to measure, to personalise and to advertise. Accept all?",
        "We have moved: please visit our new site.",
        REGISTER[: len(REGISTER) // 3],
    ],
)
def test_a_page_that_shows_something_else_is_held(new_ledger: Any, now: str) -> None:
    mass = text_check(new_ledger(), REGISTER, now)
    assert mass
    assert mass.suspicion.code == "text_gone"
    assert text_check(new_ledger(), REGISTER, now, 1.0) is None


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (REGISTER, REGISTER.replace("licence", "permit")),
        (REGISTER, REGISTER + "\nCompany 21 holds the licence 21"),
        (REGISTER, "\n".join(reversed(REGISTER.splitlines()))),
        (ITEMS.format(*"ABCDEFGH"), ITEMS.format(*"STUVWXYZ")),
        (REGISTER.replace("\n", " "), REGISTER.replace("\n", " ").replace("Company 7 ", "Sable ")),
        ("Registration is open", "Registration has been closed"),
        ("登記簿に記載された会社の一覧です。" * 3, "登記簿に記載された会社の一覧表です。" * 3),
    ],
)
def test_an_edit_of_a_page_is_believed(ledger: Any, before: str, now: str) -> None:
    assert text_check(ledger, before, now) is None


def test_a_page_that_is_another_one_every_day_is_exempt_by_habit(ledger: Any) -> None:
    habits, held = Habits(), list[bool]()
    for day in range(6):
        difference = ledger.check(Entry("page", "Page", text=" ".join(f"{word}of{day}" for word in WORDS)))
        mass = find_mass_change(difference, habits, known=1, max_changed=None, is_text=True)
        habits = note_movement(habits, mass)
        held.append(mass is not None)
    assert held == [False, True, True, True, False, False]


FIRM = {"Firm": "Northgate", "Seat": "Hamburg", "Status": "Active", "Licence": "P-1"}
ANOTHER = {"Firm": "Southgate", "Seat": "Bremen", "Status": "Active", "Licence": "P-2"}


def test_a_page_about_one_that_shows_another_one_is_held(ledger: Any) -> None:
    mass = found(ledger, [Entry("page", "Northgate", fields=FIRM)], [Entry("page", "Southgate", fields=ANOTHER)])
    assert mass
    assert mass.suspicion == (
        "another_entry",
        "another title, and other values in 3 of its 4 fields (max_changed): Northgate → Southgate",
    )


@pytest.mark.parametrize(
    ("before", "now", "max_changed"),
    [
        pytest.param(Entry("page", "A", fields=FIRM), Entry("page", "A", fields=ANOTHER), None, id="the same title"),
        pytest.param(
            Entry("page", "A", fields=FIRM),
            Entry("page", "B", fields=FIRM | {"Firm": "B", "Status": "In liquidation"}),
            None,
            id="renamed, and half of its fields",
        ),
        pytest.param(Entry("page", "A", fields={"a": "1"}), Entry("page", "B", fields={"a": "2"}), None, id="few"),
        pytest.param(Entry("page", "A", fields=FIRM), Entry("page", "B", fields=ANOTHER), 1.0, id="all may change"),
    ],
)
def test_what_else_changes_in_a_page_about_one_is_believed(
    ledger: Any, before: Entry, now: Entry, max_changed: float | None
) -> None:
    assert found(ledger, [before], [now], max_changed) is None


def test_a_page_about_the_newest_one_is_exempt_by_habit(ledger: Any) -> None:
    habits, held = Habits(), list[bool]()
    for day in range(6):
        fields = {name: f"{value} {day}" for name, value in FIRM.items()}
        difference = ledger.check(Entry("page", f"Issue {day}", fields=fields))
        mass = find_mass_change(difference, habits, known=1, max_changed=None)
        habits = note_movement(habits, mass)
        held.append(mass is not None)
    assert held == [False, True, True, True, False, False]


def test_the_words_of_a_long_text_are_counted_in_little_room() -> None:
    long = " ".join(map(str, range(1_000_000)))
    assert measure_loss(long, long).share == 0
    assert measure_loss(long, long[: len(long) // 10]).share > 0.8


def test_a_change_of_form_is_told_from_one_of_another_field(ledger: Any) -> None:
    before = rows(20, since=lambda number: f"2021-03-{number + 1:02}", state="open")
    now = rows(20, since=lambda number: f"{number + 1:02}.03.2021", state=lambda n: "open" if n else "shut")
    difference = after(ledger, before, now)
    mass = find_mass_change(difference, Habits(), known=20, max_changed=None)
    assert mass
    assert [mass.is_only_form(change, mentions=False) for change in difference.changes] == [False, *[True] * 19]
    assert not replace(mass, form="").is_only_form(difference.changes[1], mentions=False)
