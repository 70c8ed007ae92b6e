"""Conditions of rules: what is refused when they are loaded, and which changes they select."""

from __future__ import annotations

import re
import tracemalloc
from typing import Any

import pytest

from alerts.event.condition import LONGEST, MOST_CHARACTERS, ConditionError, check_condition, holds, value_of
from state.model import Mention


@pytest.fixture
def revoked(change: Any) -> Any:
    entry = {"Status": "Revoked", "Amount": "2000000"}
    telegram = Mention("telegram", "Telegram", "Телеграм", "title")
    return change(fields={"Status": ("Active", "Revoked")}, entry=entry, mentions=[telegram])


@pytest.mark.parametrize(
    "expression",
    [
        "changed.Status && after.Status == 'Revoked'",
        "change == 'changed' && to_number(after.Amount) > `1000000`",
        "before.Status == 'Active'",
        "contains(entities, 'telegram')",
        "mentions[?field == 'title'].words | [0]",
        "length(changed) == `1`",
        "changed.*.after | contains(@, 'Revoked')",
        "starts_with(source, 'rkn') && authority == 'record'",
        'after."No such field" == `null`',
        "importance == 'normal' && !assigned && !handled && !comments",
        "sort_by(mentions, &entity)[0].name == 'Telegram'",
        "matches('^Rev(oked|iewed)$', after.Status) && !matches('^rev', after.Status)",
        "amount(after.Amount) > `1000000` && amount(changed.Status.after) == `null`",
        "date('12 августа 2026 года') == '2026-08-12' && date('3 May 2026') < '2026-06-01' && !date(title)",
        "days_since('2020-02-28') > days_since('2020-03-01') && days_since(at) == `0` && !days_since(entities)",
    ],
)
def test_a_condition_selects_a_change(revoked: Any, expression: str) -> None:
    assert check_condition(expression) == expression
    assert holds(expression, revoked)


@pytest.mark.parametrize("expression", ["after.Status == 'Active'", "changed.Amount", "published", "more.count > `1`"])
def test_a_condition_leaves_a_change_out(revoked: Any, expression: str) -> None:
    assert not holds(check_condition(expression), revoked)


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("chnage == 'added'", '"chnage" is a name that no event has; did you mean "change"?'),
        ("mentions[].wrods", '"wrods" is a name that no event has; did you mean "words"?'),
        ("mentions[?entiti == 'x']", 'did you mean "entity"?'),
        ("changed.Status.afterwards", 'did you mean "after"?'),
        ("sort_by(mentions, &wrods)", 'did you mean "words"?'),
        ("change == 'adedd'", '"adedd" is not a value that occurs there; did you mean "added"?'),
        ("'recrd' == authority", 'did you mean "record"?'),
        ("entities[0].name", '"name" is asked of a text'),
        ("contians(title, 'x')", 'the function "contians" does not exist; did you mean "contains"?'),
        ("published == null", "the value itself is written in backticks: `null`"),
        ("contains(title)", "contains() takes 2 arguments, not 1"),
        ("matches('(', title)", "'(' is no regular expression (RE2): missing ): ("),
        ("matches(title, 'x')", "matches() takes its pattern first, in quotes"),
        ("amount(after.a, after.b)", "amount() takes 1 arguments, not 2"),
        ("proof.link", '"proof" is not known when rules are applied: the proof is made when a change is written'),
        ("related[0]", '"related" is not known when rules are applied'),
        ("change ==", "is not a JMESPath"),
        ("(" * 500 + "change", "nested too deeply"),
        ("a" * (LONGEST + 1), f"has to have {LONGEST:,} characters at most"),
    ],
)
def test_what_no_change_can_answer_is_refused(expression: str, said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        check_condition(expression)


@pytest.mark.parametrize(
    "expression", ["contains(before.Note, 'x')", "ceil(to_number('1e999'))", "sum(changed.*.after)"]
)
def test_a_condition_that_raises_says_why(revoked: Any, expression: str) -> None:
    with pytest.raises(ConditionError):
        value_of(check_condition(expression), revoked)


@pytest.mark.parametrize("name", ["amount", "date", "days_since", "matches"])
@pytest.mark.parametrize("value", ["@", "`null`", "`true`", "`1e308`", "entities", "changed", "'x'", "&title", "title"])
def test_a_function_of_ours_takes_any_value(revoked: Any, name: str, value: str) -> None:
    value_of(check_condition(f"{name}({value})" if name != "matches" else f"matches('a', {value})"), revoked)


@pytest.mark.parametrize(
    "expression",
    [
        "[@,@]" + "|[@,@][]" * 90,
        ".".join(["{a:@,b:@}"] * 90) + "|to_string(@)",
        "key" + "|join('',[@,@])" * 50,
        "[@,@]" + "|[*].[@,@][]" * 60,
        "{a:@,b:@}" + "|merge({c:@},{d:@})" * 40 + "|@ == {x:@}",
    ],
)
def test_a_condition_that_makes_ever_more_ends(revoked: Any, expression: str) -> None:
    assert check_condition(expression) == expression
    with pytest.raises(ConditionError, match="it makes more than 20,000,000 characters"):
        holds(expression, revoked)


def test_a_large_text_between_many_takes_no_memory(change: Any) -> None:
    large = change(entry={"between": "x" * 100_000, **{str(number): "" for number in range(2_000)}})
    tracemalloc.start()
    try:
        with pytest.raises(ConditionError, match="it makes more than 20,000,000 characters"):
            holds("join(after.between, keys(after))", large)
        assert tracemalloc.get_traced_memory()[1] < 50_000_000
    finally:
        tracemalloc.stop()


def test_a_condition_is_not_applied_to_a_change_that_is_too_large(change: Any) -> None:
    large = change(entry={str(number): "x" * 100_000 for number in range(MOST_CHARACTERS // 100_000 + 1)})
    with pytest.raises(ConditionError, match="more than"):
        holds("change", large)
