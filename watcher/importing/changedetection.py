"""The backup of changedetection.io: a .zip file, or its url-watches.json."""

from __future__ import annotations

import json
import re
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from sources.formats.selectors import XPATH, check_selector
from watcher.errors import UsageError
from watcher.importing.job import WORDS, ImportedJob, JobList, LeftOut, duration_words, hide_login, left_out
from watcher.importing.targets import Selection, from_jq, from_jsonpath, from_path, literal, settle

_WORDS = WORDS["changedetection"]
_UNITS = {"weeks": 604800, "days": 86400, "hours": 3600, "minutes": 60, "seconds": 1}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ALL_DAY = "00:00-24:00"


def convert(number: int, given: object, defaults: Defaults) -> ImportedJob:
    """The job of a watch."""
    if not isinstance(given, Mapping):
        return ImportedJob(f"watch {number}", left="it is not an object with an address")
    title = given.get("title") or given.get("page_title") or ""
    job = ImportedJob(f"watch {number}: {hide_login(title or given.get('url') or '')}", label=str(title))
    with left_out(job):
        url = given.get("url")
        if isinstance(url, str) and url.startswith("source:"):
            url = url.removeprefix("source:")
            job.without.append("source: the text of the page is compared, not its markup")
        job.set_address(url)
        if (processor := given.get("processor")) not in (None, "", "text_json_diff"):
            what = {"restock_diff": "prices and stock", "image_ssim_diff": "pictures"}
            raise LeftOut(f"it compares {what.get(str(processor), 'something else')} (processor {processor})")
        tags = [name for name in _list(given.get("tags")) if isinstance(name, str)]
        groups = [group for name, group in defaults.groups.items() if name in tags or _takes(group, job.url)]
        job.group = ", ".join(str(group.get("title") or "") for group in groups) or str(given.get("tag") or "")
        merged = [given, *(group for group in groups if group.get("overrides_watch")), defaults.shared]
        selection = _selection(job, merged)
        # how the page is requested, and how often
        backend = given.get("fetch_backend")
        if is_browser(backend) or (backend in (None, "", "system") and defaults.browser):
            job.options["fetch"] = "browser"
        add_steps(job, _list(given.get("browser_steps")), selection)
        job.add_headers({**table(given, "headers"), **defaults.headers})
        body = given.get("body")
        job.send(given.get("method"), job.fill_dates(body, "body") if isinstance(body, str) else None)
        proxy = given.get("proxy")
        if proxy and proxy not in (*defaults.proxies, "no-proxy"):
            job.without.append(f"proxy {proxy}: the backup has only its name; set proxy to its address")
        elif proxy != "no-proxy":
            job.set_proxy(defaults.proxies.get(str(proxy), defaults.proxy))
        own = given.get("time_between_check_use_default") is not True  # before version 0.45 there was no such key
        every = (own and interval(given)) or defaults.seconds
        if every:
            job.options["every"] = duration_words(every)
        job.options |= hours(table(given, "time_schedule_limit"), defaults.zone) if own else defaults.hours
        if given.get("paused"):
            job.options["enabled"] = False
        settle(job, selection)
        job.without += [f"{key}: {reason}" for key, reason in _WORDS["unmet"].items() if _is_set(given.get(key))]
        if given.get("filter_text_added") is False or given.get("filter_text_removed") is False:
            job.without.append("only added, or only removed text: both are alerted")
    return job


def _takes(group: Mapping[str, Any], url: str) -> bool:
    """Whether a group takes all watches whose address is like a pattern, and this is one."""
    pattern = str(group.get("url_match_pattern") or "").strip().lower()
    if not pattern:
        return False
    return fnmatchcase(url.lower(), pattern) if re.search(r"[*?\[]", pattern) else pattern in url.lower()


def _selection(job: ImportedJob, tables: list[Mapping[str, Any]]) -> Selection:
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
                parts = [_pattern(text) if key == "extract_text" else f"(?i:{literal(text)})" for text in texts]
                selection.line("|".join(parts), selection.keep_lines, "lines with", job.without)
    if css:
        selection.take([part for each in css for part in each.css], job.without)
    if len(css) == 1:
        selection.attribute = css[0].attribute
    elif any(each.attribute for each in css):
        job.without.append("of several filters, the texts are watched, not one by its attribute")
    return selection


def _include(job: ImportedJob, selection: Selection, parts: list[Selection], text: str) -> None:
    for prefix, read in (("json:", from_jsonpath), ("jqraw:", from_jq), ("jq:", from_jq)):
        if text.startswith(prefix):
            if selection.values:
                raise LeftOut("it has several paths into JSON; a source of the kind json has one")
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
    if not (found := re.fullmatch(r"/(.+)/([a-z]*)", text)):
        return f"(?i:{literal(text)})"
    flags = "".join(flag for flag in found[2] if flag in "ims")
    return f"(?{flags}:{found[1]})" if flags else found[1]


def _is_set(value: object) -> bool:
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else None
    return bool(value) if inner is None else any(map(_is_set, inner))


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _texts(value: object) -> list[str]:
    """The texts of a list, or the lines of one text; empty ones and comments are left out."""
    lines = value.splitlines() if isinstance(value, str) else [each for each in _list(value) if isinstance(each, str)]
    return [line.strip() for line in lines if line.strip() and not line.strip().startswith("# ")]


def add_steps(job: ImportedJob, given: Sequence[object], selection: Selection) -> None:
    """Set the steps of a watch of changedetection.io; elements that it removes are removed when the text is read.
    Raises LeftOut for a step that has no counterpart.
    """
    steps, without = list[dict[str, Any]](), job.without
    for each in given:
        keys = ("operation", "selector", "optional_value")
        what, place, value = (str(each.get(key) or "").strip() if isinstance(each, Mapping) else "" for key in keys)
        name = what.lower()
        if name in {"", "choose one", "goto site"}:
            continue
        if name in _WORDS["unmet_steps"]:
            raise LeftOut(f"browser step {what}: {_WORDS['unmet_steps'][name]}")
        if "{{" in place + value or "{%" in place + value:
            raise LeftOut(f"browser step {what}: it has a template that is filled in at each check")
        if name == "remove elements":
            selection.drop(_step_element(place))
            continue
        if name == "wait for seconds":
            without.append("browser step Wait for seconds: the page is read when it rests; wait_for names an element")
            continue
        if name.endswith(" if exists"):
            name = name.removesuffix(" if exists")
            without.append(f"browser step Click if exists, {place or value}: where it does not exist the check fails")
        if name not in _STEPS:
            raise LeftOut(f"browser step {name}: it is unknown")
        if name.endswith("check checkbox"):
            without.append(f"browser step {name}, {place}: it is clicked, however it stands")
        if name == "enter text in field" and "pass" in place.lower():
            without.append(f"browser step Enter text, {place}: a secret belongs into the environment: ${{NAME}}")
        steps.append(_STEPS[name](place, value))
    if steps:
        job.options |= {"fetch": "browser", "steps": steps}


def _require(value: str) -> str:
    if not value:
        raise LeftOut("a browser step has no value")
    return value


def _step_element(place: str) -> str:
    """The selector of a step's element. Raises LeftOut."""
    if not place:
        raise LeftOut("a browser step names no element")
    path = place.removeprefix("xpath=")
    if not path.startswith(("/", "(")):
        return place
    try:
        return check_selector(f"{XPATH}{path}")
    except ValueError as error:
        raise LeftOut(f"browser step at {path[:80]}: {error}") from None


def _with_words(place: str, words: str) -> str:
    element = _step_element(place)
    if not element.startswith(XPATH):
        quoted = words.replace("\\", "\\\\").replace('"', '\\"')
        return f'{element}:has-text("{quoted}")'
    quote = "'" if '"' in words else '"'
    if quote in words:
        raise LeftOut("a browser step waits for words with both kinds of quotes")
    return f"{XPATH}({element.removeprefix(XPATH)})[contains(., {quote}{words}{quote})]"


_STEPS: dict[str, Callable[[str, str], dict[str, Any]]] = {
    "click element": lambda place, _: {"click": _step_element(place)},
    "click element containing text": lambda _, value: {"click": f"text={_require(value)}"},
    "check checkbox": lambda place, _: {"click": _step_element(place)},
    "uncheck checkbox": lambda place, _: {"click": _step_element(place)},
    "enter text in field": lambda place, value: {"fill": _step_element(place), "text": value},
    "select by label": lambda place, value: {"select": _step_element(place), "value": _require(value)},
    "<select> by option text": lambda place, value: {"select": _step_element(place), "value": _require(value)},
    "press enter": lambda _, __: {"press": "Enter"},
    "scroll down": lambda _, __: {"scroll": 1},
    "wait for text": lambda _, value: {"wait_for": f"text={_require(value)}"},
    "wait for text in element": lambda place, value: {"wait_for": _with_words(place, _require(value))},
}


class Defaults:
    """What a watch has where it says nothing itself, from the table `settings` of the backup."""

    def __init__(self, settings: object) -> None:
        requests, application = table(settings, "requests"), table(settings, "application")
        self.seconds = interval(requests)
        self.zone = str(application.get("scheduler_timezone_default") or "")
        self.hours = hours(table(requests, "time_schedule_limit"), self.zone)  # the options `hours` and `zone`
        self.browser = is_browser(application.get("fetch_backend"))
        self.headers = table(settings, "headers")
        self.proxies = {  # by the key that a watch names
            f"ui-0{each['proxy_name']}": str(each["proxy_url"])
            for each in _list(requests.get("extra_proxies"))
            if isinstance(each, Mapping) and each.get("proxy_name") and each.get("proxy_url")
        }
        first = next(iter(self.proxies.values()), "")
        self.proxy = self.proxies.get(str(requests.get("proxy")), first)  # the first one, where none is chosen
        self.shared = {  # a table like a watch, which counts beside each
            "subtractive_selectors": application.get("global_subtractive_selectors"),
            "ignore_text": application.get("global_ignore_text"),
        }
        tags = table(application, "tags")
        self.groups = {name: group for name, group in tags.items() if isinstance(group, Mapping)}


def interval(given: Mapping[str, Any]) -> float:
    """The seconds between two checks, as a watch or the settings say them; 0 when they do not."""
    minutes = given.get("minutes_between_check")  # before version 0.39
    return _seconds(given.get("time_between_check")) or _seconds({"minutes": minutes})


def hours(given: Mapping[str, Any], zone: str) -> dict[str, str]:
    """The options `hours` and `zone` of a weekly schedule; empty when it leaves all hours, or is off."""
    if not given.get("enabled"):
        return {}
    days: dict[str, list[str]] = {}
    for day in _DAYS:
        if table(given, day).get("enabled") and (span := _span(table(given, day))):
            days.setdefault(span, []).append(day[:3])
    spans = ", ".join(f"{','.join(names)} {span}" for span, names in days.items())
    if not spans or days == {_ALL_DAY: [day[:3] for day in _DAYS]}:
        return {}
    zone = str(given.get("timezone") or zone)
    return {"hours": spans, **({"zone": zone} if zone else {})}


def is_browser(backend: object) -> bool:
    """Whether a page is read with a browser."""
    return isinstance(backend, str) and backend.startswith(("html_webdriver", "extra_browser_"))


def table(value: object, name: str) -> Mapping[str, Any]:
    """The object of that name; an empty one when there is none."""
    inner = value.get(name) if isinstance(value, Mapping) else None
    return inner if isinstance(inner, Mapping) else {}


def _span(day: Mapping[str, Any]) -> str:
    """The hours of a day, of its beginning and its length; "" when they cannot be read."""
    begin = re.fullmatch(r"(\d\d?):(\d\d)", str(day.get("start_time")))
    length = [str(table(day, "duration").get(unit) or 0) for unit in ("hours", "minutes")]
    if not begin or not all(re.fullmatch(r"\d{1,2}", each) for each in length):
        return ""
    first, minutes = int(begin[1]) * 60 + int(begin[2]), int(length[0]) * 60 + int(length[1])
    if minutes >= 24 * 60:
        return _ALL_DAY
    end = first + minutes - (24 * 60 if first + minutes > 24 * 60 else 0)
    return f"{first // 60:02}:{first % 60:02}-{end // 60:02}:{end % 60:02}" if minutes else ""


def _seconds(given: object) -> float:
    """A time that is told in weeks, days, hours, minutes and seconds; 0 when none is."""
    total = 0.0
    for unit, size in _UNITS.items():
        value = given.get(unit) if isinstance(given, Mapping) else None
        if isinstance(value, str) and value.isdecimal() and len(value) < 10:
            value = int(value)
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 10**9:
            total += value * size
    return total if total < 10**9 else 0


MOST_BYTES = 50_000_000  # of all files read from an archive, unpacked
_MOST_MEMBERS = 200_000
_MOST_WATCHES = 50_000
_INDEX, _SETTINGS = "url-watches.json", "changedetection.json"  # the index is older: it stays where both are
_PARTS = ("/watch.json", "/tag.json")  # beside the settings: a folder for each


def read_archive(path: Path) -> JobList:
    """The watches in a backup. Raises UsageError when it is none, is damaged, or unpacks to too much."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _read_tree(_unpack(archive))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise UsageError(f"this archive is damaged, encrypted or cut off: {error}") from None


def _unpack(archive: zipfile.ZipFile) -> Mapping[str, Any]:
    """The backup as one document: of one index, or of a file for each watch. Raises UsageError."""
    infos = archive.infolist()
    if len(infos) > _MOST_MEMBERS:
        raise UsageError(f"this archive has more than {_MOST_MEMBERS:,} files".replace(",", " "))
    names = sorted((info.filename for info in infos), key=len)
    found = ((name, index) for index in (_SETTINGS, _INDEX) for name in names if f"/{name}".endswith(f"/{index}"))
    name, index = next(found, ("", ""))
    if not index:
        raise UsageError(f"this archive is not a backup of changedetection.io: it has neither {_INDEX} nor {_SETTINGS}")
    folder = name.removesuffix(index)  # of an archive that somebody made of the whole folder
    files = {info.filename.removeprefix(folder): info for info in infos}
    parts = {each for each in files if each.endswith(_PARTS) and each.count("/") == 1 and index == _SETTINGS}
    left, trees = MOST_BYTES, dict[str, Any]()
    for each in (each for each in files if each == index or each in parts):
        left -= files[each].file_size  # of a member, no more is read than it declares
        if left < 0:
            raise UsageError(f"{files[each].filename} in this archive is larger than {MOST_BYTES // 1_000_000} MB")
        trees[each] = _parse(archive.read(files[each]), files[each].filename)
    if index == _INDEX:
        return trees[index] if isinstance(trees[index], Mapping) else {}
    settings = table(trees[index], "settings")
    watches, groups = (
        {each.removesuffix(part): trees[each] for each in trees if each.endswith(part)} for part in _PARTS
    )
    application = table(settings, "application")
    application = {**application, "tags": {**table(application, "tags"), **groups}}
    return {"watching": watches, "settings": {**settings, "application": application}}


def read_json(text: str) -> JobList | None:
    """The watches in url-watches.json; None when it is another document. Raises UsageError for settings alone."""
    tree = _parse(text, "this file")
    if not isinstance(tree, Mapping) or not isinstance(tree.get("watching", {}), Mapping | list):
        return None
    if "watching" not in tree and "settings" in tree:
        what = f"{_SETTINGS} has only settings; import the backup (Settings, Backups)"
        raise UsageError(f"this file has no watch: {what}")
    return _read_tree(tree) if "watching" in tree else None


def _read_tree(tree: Mapping[str, Any]) -> JobList:
    watching = tree.get("watching")
    watches = watching if isinstance(watching, Mapping) else dict(enumerate(watching or ()))  # the first versions' list
    if len(watches) > _MOST_WATCHES:
        raise UsageError(f"this backup has more than {_MOST_WATCHES:,} watches".replace(",", " "))
    defaults = Defaults(tree.get("settings"))
    jobs = [convert(number, watch, defaults) for number, watch in enumerate(watches.values(), 1)]
    return "changedetection.io", jobs or [ImportedJob("the backup", left="it has no watch")]


def _parse(text: str | bytes, where: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{where} is not JSON: {error}") from None
