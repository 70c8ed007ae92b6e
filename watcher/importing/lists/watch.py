"""One watch of changedetection.io as a job."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from watcher.importing.job import Job, Left
from watcher.importing.lists.backup_settings import Defaults, hours, interval, is_browser, table
from watcher.importing.translate import browser_steps, requests, targets, wire
from watcher.importing.translate.json_paths import from_jq, from_jsonpath
from watcher.importing.translate.targets import Selection, from_path

_UNMET = {
    "trigger_text": "each change is told; to be told of these words alone, make them an entity",
    "text_should_not_be_present": "a rule waits for no text to vanish; what is removed is told",
    "extract_text": "the lines with it count as a whole",
    "sort_text_alphabetically": "the order of lines counts",
    "remove_duplicate_lines": "repeated lines count",
    "check_unique_lines": "a line that was there before counts when it comes again",
    "webdriver_js_execute_code": "no script is run in the page",
    "ignore_status_codes": "only an answer that is a success is read",
    "notification_urls": "they hold secrets: make each the url of a table [channels.NAME], and name it in [[alerts]]",
    "notification_body": "a channel has its own texts",
    "notification_title": "a channel has its own texts",
    "notification_muted": "a rule tells of all sources, or of those that it names",
    "conditions": "a rule has no such conditions",
    "llm_intent": "no language model decides what is told",
    "llm_change_summary": "no language model writes messages",
}


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
    tags = [name for name in _list(given.get("tags")) if isinstance(name, str)]
    groups = [group for name, group in defaults.groups.items() if name in tags or _takes(group, job.url)]
    job.group = ", ".join(str(group.get("title") or "") for group in groups) or str(given.get("tag") or "")
    merged = [given, *(group for group in groups if group.get("overrides_watch")), defaults.shared]
    selection = _selection(job, merged)
    _request(job, given, defaults, selection)
    if given.get("paused"):
        job.options["enabled"] = False
    targets.settle(job, selection)
    _note(job, given)


def _takes(group: Mapping[str, Any], url: str) -> bool:
    """Whether a group takes all watches whose address is like a pattern, and this is one."""
    pattern = str(group.get("url_match_pattern") or "").strip().lower()
    if not pattern:
        return False
    return fnmatchcase(url.lower(), pattern) if re.search(r"[*?\[]", pattern) else pattern in url.lower()


def _refuse(given: Mapping[str, Any]) -> None:
    if given.get("processor") not in (None, "", "text_json_diff"):
        what = {"restock_diff": "prices and stock", "image_ssim_diff": "pictures"}.get(
            str(given["processor"]), "something else"
        )
        raise Left(f"it compares {what} (processor {given['processor']})")


def _request(job: Job, given: Mapping[str, Any], defaults: Defaults, selection: Selection) -> None:
    """How the page is requested, and how often."""
    if is_browser(given.get("fetch_backend")) or (
        given.get("fetch_backend") in (None, "", "system") and defaults.browser
    ):
        wire.browser(job)
    browser_steps.add(job, _list(given.get("browser_steps")), selection)
    wire.headers(job, {**table(given, "headers"), **defaults.headers})
    body = given.get("body")
    requests.send(job, given.get("method"), requests.dated(job, body, "body") if isinstance(body, str) else None)
    _proxy(job, given.get("proxy"), defaults)
    own = given.get("time_between_check_use_default") is not True  # before version 0.45 there was no such key
    every = (own and interval(given)) or defaults.seconds
    if every:
        job.options["every"] = wire.duration(every)
    job.options |= hours(table(given, "time_schedule_limit"), defaults.zone) if own else defaults.hours


def _proxy(job: Job, name: object, defaults: Defaults) -> None:
    if name == "no-proxy":
        return
    if name and name not in defaults.proxies:
        job.without.append(f"proxy {name}: the backup has only its name; set proxy to its address")
    else:
        wire.proxy(job, defaults.proxies.get(str(name), defaults.proxy))


def _selection(job: Job, tables: list[Mapping[str, Any]]) -> Selection:
    """What the watch, the groups that override it and the settings select. All selectors count side by side."""
    selection, css = Selection(), list[Selection]()
    for each in tables:
        old = str(each.get("css_filter") or "")  # before version 0.39.22
        for text in dict.fromkeys((*_texts(each.get("include_filters")), *_texts(old))):
            _include(job, selection, css, text)
        for text in _texts(each.get("subtractive_selectors")):
            selection.drop(text.removeprefix("xpath:").removeprefix("xpath1:"))
        for text in _texts(each.get("ignore_text")):
            selection.line(_pattern(text), selection.remove_lines, "lines without", job.without)
        for key in ("extract_lines_containing", "extract_text"):
            if texts := _texts(each.get(key)):
                parts = [_pattern(text) if key == "extract_text" else f"(?i:{targets.literal(text)})" for text in texts]
                selection.line("|".join(parts), selection.keep_lines, "lines with", job.without)
    if css:
        selection.take([part for each in css for part in each.css], job.without)
    if len(css) == 1:
        selection.attribute = css[0].attribute
    elif any(each.attribute for each in css):
        job.without.append("of several filters, the texts are watched, not one by its attribute")
    return selection


def _include(job: Job, selection: Selection, parts: list[Selection], text: str) -> None:
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
            parts.append(Selection(css=["item"]))
            return
        inner.take_xpath(path, job.without)
    else:
        inner.take_css(text, job.without)
    parts.append(inner)


def _pattern(text: str) -> str:
    """The regular expression of a text in any case, or of "/regular expression/flags"."""
    found = re.fullmatch(r"/(.+)/([a-z]*)", text)
    if not found:
        return f"(?i:{targets.literal(text)})"
    flags = "".join(flag for flag in found[2] if flag in "ims")
    return f"(?{flags}:{found[1]})" if flags else found[1]


def _note(job: Job, given: Mapping[str, Any]) -> None:
    job.without += [f"{key}: {reason}" for key, reason in _UNMET.items() if _is_set(given.get(key))]
    if given.get("filter_text_added") is False or given.get("filter_text_removed") is False:
        job.without.append("only added, or only removed text: both are told")


def _is_set(value: object) -> bool:
    if isinstance(value, list):
        return any(map(_is_set, value))
    if isinstance(value, Mapping):
        return any(map(_is_set, value.values()))
    return bool(value)


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _texts(value: object) -> list[str]:
    """The texts of a list, or the lines of one text; empty ones and comments are left out."""
    lines = value.splitlines() if isinstance(value, str) else [each for each in _list(value) if isinstance(each, str)]
    return [line.strip() for line in lines if line.strip() and not line.strip().startswith("# ")]
