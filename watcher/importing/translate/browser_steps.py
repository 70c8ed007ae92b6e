"""What a job does in a browser before the page is read, as the steps of a source. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sources.formats.selectors import XPATH, check_selector
from watcher.importing.job import Job, Left
from watcher.importing.translate.targets import Selection

_IDLE = {"", "choose one"}
_UNMET = {
    "click x,y": "it clicks at a place of the window, not on an element",
    "execute js": "it runs a script in the page",
    "goto url": "it goes on to another address",
    "make all child elements visible": "it changes how the page is shown",
}


def add(job: Job, given: Sequence[object], selection: Selection) -> None:
    """Set the steps of a watch of changedetection.io; elements that it removes are removed when the text is read.

    Raises Left for a step that has no counterpart.
    """
    steps = [step for each in given if isinstance(each, Mapping) for step in _translated(job, each, selection)]
    if steps:
        job.options |= {"fetch": "browser", "steps": steps}


def _translated(job: Job, given: Mapping[str, Any], selection: Selection) -> Iterator[dict[str, Any]]:
    name, place = str(given.get("operation") or "").strip().lower(), str(given.get("selector") or "").strip()
    value = str(given.get("optional_value") or "").strip()
    if name in _IDLE or name == "goto site":
        return
    if name in _UNMET:
        raise Left(f"browser step {given['operation']}: {_UNMET[name]}")
    if "{{" in place + value or "{%" in place + value:
        raise Left(f"browser step {given['operation']}: it has a template that is filled in at each check")
    if name == "remove elements":
        selection.drop(_element(place))
    elif name == "wait for seconds":
        job.without.append("browser step Wait for seconds: the page is read when it rests; wait_for names an element")
    else:
        yield _step(job, name, place, value)


def _step(job: Job, name: str, place: str, value: str) -> dict[str, Any]:
    if name.endswith(" if exists"):
        name = name.removesuffix(" if exists")
        job.without.append(f"browser step Click if exists, {place or value}: where it does not exist the check fails")
    if name.endswith("check checkbox"):
        job.without.append(f"browser step {name}, {place}: it is clicked, however it stands")
    if name == "enter text in field" and "pass" in place.lower():
        job.without.append(f"browser step Enter text, {place}: a secret belongs into the environment: ${{NAME}}")
    if name not in _STEPS:
        raise Left(f"browser step {name}: it is unknown")
    return _STEPS[name](place, value)


def _given(value: str) -> str:
    if not value:
        raise Left("a browser step has no value")
    return value


def _element(place: str) -> str:
    """The selector of a step's element. Raises Left."""
    if not place:
        raise Left("a browser step names no element")
    path = place.removeprefix("xpath=")
    if not path.startswith(("/", "(")):
        return place
    try:
        return check_selector(f"{XPATH}{path}")
    except ValueError as error:
        raise Left(f"browser step at {path[:80]}: {error}") from None


def _with_words(place: str, value: str) -> str:
    element, words = _element(place), _given(value)
    if not element.startswith(XPATH):
        quoted = words.replace("\\", "\\\\").replace('"', '\\"')
        return f'{element}:has-text("{quoted}")'
    quote = "'" if '"' in words else '"'
    if quote in words:
        raise Left("a browser step waits for words with both kinds of quotes")
    return f"{XPATH}({element.removeprefix(XPATH)})[contains(., {quote}{words}{quote})]"


_STEPS: dict[str, Callable[[str, str], dict[str, Any]]] = {
    "click element": lambda place, _: {"click": _element(place)},
    "click element containing text": lambda _, value: {"click": f"text={_given(value)}"},
    "check checkbox": lambda place, _: {"click": _element(place)},
    "uncheck checkbox": lambda place, _: {"click": _element(place)},
    "enter text in field": lambda place, value: {"fill": _element(place), "text": value},
    "select by label": lambda place, value: {"select": _element(place), "value": _given(value)},
    "<select> by option text": lambda place, value: {"select": _element(place), "value": _given(value)},
    "press enter": lambda _, __: {"press": "Enter"},
    "scroll down": lambda _, __: {"scroll": 1},
    "wait for text": lambda _, value: {"wait_for": f"text={_given(value)}"},
    "wait for text in element": lambda place, value: {"wait_for": _with_words(place, value)},
}
