"""One watch of changedetection.io as a job."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from watcher.importing.job import Job, Left
from watcher.importing.translate import targets, wire
from watcher.importing.translate.json_paths import from_jq, from_jsonpath
from watcher.importing.translate.targets import Selection, from_path

_UNITS = {"weeks": 604800, "days": 86400, "hours": 3600, "minutes": 60, "seconds": 1}
_BROWSERS = ("html_webdriver", "extra_browser_")
_IDLE_STEPS = {None, "", "Choose one", "Goto site"}
_UNMET = {
    "trigger_text": "each change is told; to be told of these words alone, make them an entity",
    "text_should_not_be_present": "a rule waits for no text to vanish; what is removed is told",
    "extract_text": "text is not extracted; keep_lines may leave what counts",
    "sort_text_alphabetically": "the order of lines counts",
    "remove_duplicate_lines": "repeated lines count",
    "check_unique_lines": "a line that was there before counts when it comes again",
    "webdriver_js_execute_code": "no script is run in the page",
    "ignore_status_codes": "only an answer that is a success is read",
    "notification_urls": "they hold secrets: make each the url of a table [channels.NAME], and name it in [[alerts]]",
    "notification_body": "a channel has its own texts",
    "notification_title": "a channel has its own texts",
    "conditions": "a rule has no such conditions",
}


@dataclass(frozen=True, slots=True)
class Defaults:
    """What holds for all watches, and the groups by their id."""

    seconds: float = 0
    browser: bool = False
    groups: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @classmethod
    def of(cls, settings: object) -> Defaults:
        """From the table `settings` of the backup."""
        requests, application = _table(settings, "requests"), _table(settings, "application")
        groups = {name: group for name, group in _table(application, "tags").items() if isinstance(group, Mapping)}
        return cls(_seconds(requests.get("time_between_check")), _is_browser(application.get("fetch_backend")), groups)


def convert(number: int, given: object, defaults: Defaults) -> Job:
    """The job of a watch."""
    if not isinstance(given, Mapping):
        return Job(f"watch {number}", left="it is no object with an address")
    title = given.get("title") or given.get("page_title") or ""
    job = Job(f"watch {number}: {wire.public(title or given.get('url') or '')}", label=str(title))
    try:
        _convert(job, given, defaults)
    except Left as reason:
        job.left = str(reason)
    return job


def _convert(job: Job, given: Mapping[str, Any], defaults: Defaults) -> None:
    url = given.get("url")
    if isinstance(url, str) and url.startswith("source:"):
        url = url.removeprefix("source:")
        job.without.append("source: the text of the page is compared, not its markup")
    wire.address(job, url)
    _refuse(given)
    if _is_browser(given.get("fetch_backend")) or (
        given.get("fetch_backend") in (None, "", "system") and defaults.browser
    ):
        job.options["fetch"] = "browser"
    wire.check_request(given.get("method"), given.get("body"))
    wire.headers(job, given.get("headers"))
    every = _seconds(given.get("time_between_check")) if given.get("time_between_check_use_default") is False else 0
    if every or defaults.seconds:
        job.options["every"] = wire.duration(every or defaults.seconds)
    if given.get("paused"):
        job.options["enabled"] = False
    groups = [defaults.groups[name] for name in _list(given.get("tags")) if name in defaults.groups]
    job.group = ", ".join(str(group.get("title") or "") for group in groups) or str(given.get("tag") or "")
    merged = [given, *(group for group in groups if group.get("overrides_watch"))]
    targets.settle(job, _selection(job, merged))
    _note(job, given)


def _refuse(given: Mapping[str, Any]) -> None:
    if given.get("processor") not in (None, "", "text_json_diff"):
        what = {"restock_diff": "prices and stock", "image_ssim_diff": "pictures"}.get(
            str(given["processor"]), "something else"
        )
        raise Left(f"it compares {what} (processor {given['processor']})")
    steps = [step.get("operation") for step in _list(given.get("browser_steps")) if isinstance(step, Mapping)]
    if any(step not in _IDLE_STEPS for step in steps):
        raise Left("it clicks or types in the page before it reads it (browser steps)")


def _selection(job: Job, tables: list[Mapping[str, Any]]) -> Selection:
    """What the watch, and the groups that override it, select. All its selectors count side by side."""
    selection, css = Selection(), list[str]()
    for table in tables:
        for text in _texts(table.get("include_filters")):
            _include(job, selection, css, text)
        for text in _texts(table.get("subtractive_selectors")):
            selection.drop(text.removeprefix("xpath:").removeprefix("xpath1:"))
        for text in _texts(table.get("ignore_text")):
            selection.line(_pattern(text), selection.remove_lines, "lines without", job.without)
    if css:
        selection.take(css)
    return selection


def _include(job: Job, selection: Selection, css: list[str], text: str) -> None:
    for prefix, read in (("json:", from_jsonpath), ("jqraw:", from_jq), ("jq:", from_jq)):
        if text.startswith(prefix):
            if selection.values:
                raise Left("it has several paths into JSON; a source of the kind json has one")
            selection.values = from_path(read, text.removeprefix(prefix))
            return
    inner = Selection()
    if text.startswith(("/", "(", "xpath:", "xpath1:")):
        path = text.removeprefix("xpath:").removeprefix("xpath1:")
        if re.match(r"//(?:item|entry)\b", path):  # a feed is the only page with such elements
            selection.xml = True
            css.append("item")
            return
        inner.take_xpath(path, job.without)
    else:
        inner.take_css(text)
    css += inner.css


def _pattern(text: str) -> str:
    """A line to ignore: a text in any case, or "/regular expression/flags"."""
    found = re.fullmatch(r"/(.+)/([a-z]*)", text)
    if not found:
        return f"(?i){targets.literal(text)}"
    flags = "".join(flag for flag in found[2] if flag in "ims")
    return f"(?{flags}){found[1]}" if flags else found[1]


def _note(job: Job, given: Mapping[str, Any]) -> None:
    job.without += [f"{key}: {reason}" for key, reason in _UNMET.items() if _is_set(given.get(key))]
    if _table(given, "time_schedule_limit").get("enabled"):
        job.without.append("time_schedule_limit: the watch is read at all hours")
    if given.get("proxy"):
        job.without.append(f"proxy {given['proxy']}: the backup has only its name; set proxy to its address")
    if given.get("filter_text_added") is False or given.get("filter_text_removed") is False:
        job.without.append("only added, or only removed text: both are told")


def _is_set(value: object) -> bool:
    if isinstance(value, list):
        return any(map(_is_set, value))
    if isinstance(value, Mapping):
        return any(map(_is_set, value.values()))
    return bool(value)


def _is_browser(backend: object) -> bool:
    return isinstance(backend, str) and backend.startswith(_BROWSERS)


def _seconds(table: object) -> float:
    """A time that is told in weeks, days, hours, minutes and seconds; 0 when none is."""
    total = 0.0
    for unit, size in _UNITS.items():
        value = table.get(unit) if isinstance(table, Mapping) else None
        if isinstance(value, str) and value.isdecimal() and len(value) < 10:
            value = int(value)
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 10**9:
            total += value * size
    return total if total < 10**9 else 0


def _table(value: object, name: str) -> Mapping[str, Any]:
    inner = value.get(name) if isinstance(value, Mapping) else None
    return inner if isinstance(inner, Mapping) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _texts(value: object) -> list[str]:
    """The texts of a list, or the lines of one text; empty ones and comments are left out."""
    lines = value.splitlines() if isinstance(value, str) else [each for each in _list(value) if isinstance(each, str)]
    return [line.strip() for line in lines if line.strip() and not line.strip().startswith("# ")]
