"""Conditions of alert rules (`when`): JMESPath expressions over the JSON of a change. Pure.

An expression is evaluated in this process, over foreign data. So its length is limited when it is loaded, and the size
of the data before it is evaluated.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from sources.formats.markup.selectors import compiled
from sources.text import clean
from state.model import Event

LONGEST = 1000  # characters of an expression
MOST_CHARACTERS = 2_000_000  # of the names and values of a change
_LONGEST_REASON = 200  # characters of an error, which may quote a foreign value

# Rules are applied before a change is written, so this is not known then.
_LATER = {
    "id": "a change is numbered when it is written",
    "proof": "the proof is made when a change is written",
    "link": "a change has a page when it is written",
    "related": "what is related is looked up when a message is composed",
}


class ConditionError(Exception):
    """A condition cannot be applied to a change; the message says why."""


def checked(expression: str) -> str:
    """The expression, if it can be applied to a change. Raises ValueError with what is wrong."""
    from jmespath.exceptions import JMESPathError

    from alerts.event.condition_names import check_names

    if len(expression) > LONGEST:
        raise ValueError(f"has to have {LONGEST:,} characters at most")
    try:
        check_names(compiled(expression).parsed, _schema())
    except JMESPathError as error:
        raise ValueError(f"is no JMESPath: {' '.join(str(error).split())}") from None
    except RecursionError:
        raise ValueError("is no JMESPath that can be read: it is nested too deeply") from None
    return expression


def holds(expression: str, event: Event) -> bool:
    """Whether a change meets a condition. Raises ConditionError."""
    value = value_of(expression, event)
    return not (value is None or value is False or value in ("", [], {}))


def value_of(expression: str, event: Event) -> Any:
    """The value of an expression for a change. Raises ConditionError."""
    from alerts.event.change_json import change_json

    if _size(event.data) > MOST_CHARACTERS:
        raise ConditionError(f"the change has more than {MOST_CHARACTERS:,} characters")
    try:
        return compiled(expression).search(change_json(event))
    except Exception as error:  # noqa: BLE001 - its functions raise whatever a foreign value leads to
        reason = clean(str(error)) or type(error).__name__
        raise ConditionError(reason[:_LONGEST_REASON]) from None


def _size(data: Mapping[str, Any]) -> int:
    entry, fields = data.get("entry", {}), data["fields"]
    values = sum(len(name) + len(value) for name, value in entry.items())
    sides = sum(len(name) + len(side["before"] or "") + len(side["after"] or "") for name, side in fields.items())
    return values + sides + len(data["title"]) + len(data["key"])


@cache
def _schema() -> Mapping[str, Any]:
    """The schema of a change, in which what is not known yet says so."""
    from alerts.event.change_json import event_schema
    from alerts.event.condition_names import LATER

    schema = event_schema()
    later = {name: {LATER: reason} for name, reason in _LATER.items()}
    return {**schema, "properties": schema["properties"] | later}
