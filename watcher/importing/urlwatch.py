"""The job lists of urlwatch (urls.yaml) and webchanges (jobs.yaml), and their filters.

The YAML is of limited depth and size: a few lines of aliases may stand for gigabytes.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from watcher.errors import UsageError
from watcher.importing.job import (
    WORDS,
    ImportedJob,
    JobList,
    LeftOut,
    add_to_query,
    duration_words,
    hide_login,
    left_out,
)
from watcher.importing.targets import Selected, Selection, from_jq, from_path, literal, settle

_WORDS = WORDS["urlwatch"]

MOST_DEPTH = 40
MOST_NODES = 200_000  # with each alias replaced by what it stands for
_Loader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # only plain values: no tag makes an object


def read_jobs(text: str) -> JobList:
    """The jobs of a list. Raises UsageError when it is no such list, with the line where it is known."""
    try:
        if wrong := _find_excess(text):
            raise UsageError(f"this YAML cannot be read: {wrong}")
        values = list(yaml.load_all(text, Loader=_Loader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = " ".join(str(getattr(error, "problem", None) or error).split())
        raise UsageError(f"this YAML cannot be read: {f'line {mark.line + 1}: ' if mark else ''}{reason}") from None
    except (ValueError, TypeError, OverflowError) as error:  # such as the 40th of a month, or a list as a key
        raise UsageError(f"this YAML cannot be read: a value cannot be read: {error}") from None
    listed = [value for document in values for value in (document if isinstance(document, list) else [document])]
    jobs = [value for value in listed if value is not None]
    if not jobs or not any(isinstance(job, Mapping) and {"url", "navigate", "command"} & job.keys() for job in jobs):
        raise UsageError("this has no job of urlwatch or webchanges: none has url, navigate or command")
    return "urlwatch or webchanges", [_job(number, value) for number, value in enumerate(jobs, 1)]


def _find_excess(text: str) -> str:
    """Which limit a text exceeds, by the stream of its events, before anything is built of them; "" if it does not."""
    sizes, above, nodes = dict[str, int](), list[tuple[str | None, int]](), 0  # `above`: what is not yet complete
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.DocumentStartEvent):
            sizes = {}
        elif isinstance(event, yaml.AliasEvent):
            if any(event.anchor == anchor for anchor, _ in above):
                return "a value contains itself, by an alias"
            nodes += sizes.get(event.anchor, 1)
        elif isinstance(event, yaml.NodeEvent):
            above.append((event.anchor, nodes))
            nodes += 1
        if isinstance(event, yaml.ScalarEvent | yaml.CollectionEndEvent):
            anchor, before = above.pop()
            if anchor:
                sizes[anchor] = nodes - before
        if len(above) > MOST_DEPTH:
            return f"line {event.start_mark.line + 1}: values are nested more than {MOST_DEPTH} deep"
        if nodes > MOST_NODES:
            return f"it has more than {MOST_NODES:,} values, with those that its aliases stand for".replace(",", " ", 1)
    return ""


def _job(number: int, given: object) -> ImportedJob:
    if not isinstance(given, Mapping):
        return ImportedJob(f"job {number}", left="it is not a mapping with an address")
    named = given.get("name")
    where = given.get("url") or given.get("navigate") or given.get("command") or ""
    job = ImportedJob(f"job {number}: {hide_login(named or where)}", label=str(named) if named else "")
    with left_out(job):
        if given.get("command"):
            raise LeftOut("it runs a program; Registry Watch runs none")
        if given.get("kind") not in {None, "", "url", "browser", "shell"}:
            raise LeftOut(f"its kind {given['kind']} is of hooks.py")
        job.set_address(given.get("url") or given.get("navigate"))
        job.url = add_to_query(job.url, given.get("params"))
        _set_request(job, given)
        if given.get("enabled") is False:
            job.options["enabled"] = False
        selection = select(job, given.get("filters") or given.get("filter"))
        settle(job, selection)
        job.without += [
            f"{key}: {_WORDS['unmet'].get(key, 'it has no counterpart')}"
            for key, value in given.items()
            if key not in _WORDS["plain"] and value not in (None, False, "", [], {})
        ]
    return job


def _set_request(job: ImportedJob, given: Mapping[str, Any]) -> None:
    """How the page is requested. Raises LeftOut."""
    if given.get("navigate") or given.get("use_browser"):
        job.options["fetch"] = "browser"
        place = given.get("wait_for_selector")
        if place := _mapping(place).get("selector") if isinstance(place, Mapping) else place:
            job.options["wait_for"] = str(place)
        credentials = _mapping(given.get("http_credentials"))
        if credentials.get("username"):
            job.options["auth"] = f"{credentials['username']}:{credentials.get('password') or ''}"
    more = {"Referer": given.get("referer"), "User-Agent": given.get("useragent")}
    job.add_headers({**_mapping(given.get("headers")), **{name: value for name, value in more.items() if value}})
    if cookies := _mapping(given.get("cookies")):
        job.add_headers({"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())})
    data = given.get("data") or given.get("post")
    job.send(given.get("method"), data, as_json=given.get("data_as_json") is True)
    secure = job.url.startswith("https:")
    job.set_proxy(given.get("https_proxy" if secure else "http_proxy"), given.get("proxy"))
    limit = given.get("timeout")  # 0 stands for no limit, which the default is
    if isinstance(limit, int | float) and not isinstance(limit, bool) and 0 < limit < 10**9:
        job.options["timeout"] = duration_words(limit)
    if isinstance(given.get("encoding"), str):
        job.options["encoding"] = given["encoding"]
    first = given.get("initialization_url")  # is opened before, for its cookies
    if isinstance(first, str) and first:
        if job.options.get("fetch") == "browser":
            job.without.append("initialization_url: a browser begins at the address of the source")
        else:
            job.options["before"] = {"url": first}


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def select(job: ImportedJob, filters: object) -> Selection:
    """What the filters leave of the page. Notes in the job what has no counterpart. Raises LeftOut."""
    selection = Selection()
    for name, argument in _pairs(filters):
        if name in _WORDS["own_filters"]:
            continue
        if name in _WORDS["refused_filters"]:
            raise LeftOut(f"filter {name}: {_WORDS['refused_filters'][name]}")
        if name in _WORDS["unmet_filters"]:
            job.without.append(f"filter {_shown(name, argument)}: {_WORDS['unmet_filters'][name]}")
        else:
            _apply(job, selection, name, argument)
    return selection


def _pairs(filters: object) -> Iterator[tuple[str, Any]]:
    """The filters as pairs: of a list of names and mappings, or of the older "name:argument,name"."""
    if isinstance(filters, str):
        filters = [part for part in filters.split(",") if part.strip()]
    for each in [filters] if isinstance(filters, Mapping) else filters if isinstance(filters, list) else []:
        if isinstance(each, Mapping):
            yield from ((str(name), argument) for name, argument in each.items())
        else:
            name, _, argument = str(each).partition(":")
            yield name.strip(), argument.strip() or None


def _shown(name: str, argument: object) -> str:
    value = argument.get("pattern") if isinstance(argument, Mapping) else argument
    return f"{name} {value}"[:80] if value else name


def _text(argument: object, *names: str) -> str:
    """The argument itself, or the first of its members that is there. Raises LeftOut."""
    members = _mapping(argument)
    value = next((members[name] for name in names if members.get(name)), None if members else argument)
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        raise LeftOut(f"a filter has no {names[0]}")
    return str(value)


def _apply(job: ImportedJob, selection: Selection, name: str, argument: object) -> None:
    """Add what one filter selects. Raises LeftOut for an unknown one."""
    match name:
        case "css" | "xpath":
            _select_parts(job, selection, name, argument)
        case "element-by-id" | "element-by-class" | "element-by-style" | "element-by-tag":
            value = _text(argument, "id", "class", "style", "tag").replace("\\", "\\\\").replace('"', '\\"')
            kind = name.removeprefix("element-by-")
            css = value if kind == "tag" else f'[class~="{value}"]' if kind == "class" else f'[{kind}="{value}"]'
            selection.take_css(css, job.without)
        case "grep" | "grepi" | "keep_lines_containing" | "delete_lines_containing":
            if name.endswith("_containing") and isinstance(argument, str):
                argument = {"text": argument}
            given = _mapping(argument)
            plain = "text" in given and not given.get("re")  # it stands for itself
            pattern = literal(str(given["text"])) if plain else _text(argument, "re", "text", "pattern")
            keep = name in {"grep", "keep_lines_containing"}
            into, what = (selection.keep_lines, "lines with") if keep else (selection.remove_lines, "lines without")
            selection.line(pattern, into, what, job.without)
        case "re.findall":
            pattern, shown = _text(argument, "pattern"), f"filter {_shown(name, argument)}"
            if "\n" in pattern or "\\n" in pattern or re.search(r"\(\?[a-z]*s", pattern):
                job.without.append(f"{shown}: it is about several lines")
            else:
                selection.line(pattern, selection.keep_lines, "lines with", job.without)
                job.without.append(f"{shown}: the lines with it count as a whole")
        case "jq":
            selection.values = from_path(from_jq, _text(argument, "query"))
        case "format-json" | "jsontoyaml":
            selection.values = selection.values or Selected("@", many=False, members={})
        case "pdf2text" | "pypdf":
            selection.pdf = True
        case _:
            raise LeftOut(f"filter {name}: it is of hooks.py, or unknown")


def _select_parts(job: ImportedJob, selection: Selection, name: str, argument: object) -> None:
    """Select by CSS or XPath, of HTML or XML."""
    given = _mapping(argument)
    selection.xml = selection.xml or given.get("method") == "xml"
    place = _text(argument, "selector" if name == "css" else "path")
    if name == "css":
        selection.take_css(place.replace("|", " ") if selection.xml else place, job.without)
    elif selection.xml:
        selection.css = re.split(r"\s*\|\s*", place.replace("//", " ").replace("/", " > "))
    else:
        selection.take_xpath(place, job.without)
    if given.get("exclude"):
        selection.drop(str(given["exclude"]))
    if given.get("maxitems") == 1 and isinstance(given.get("skip") or 0, int) and not selection.part:
        selection.part = 1 + (given.get("skip") or 0)
        return
    lost = [option for option in ("skip", "maxitems", "sort") if given.get(option)]
    job.without += [f"filter {name}, {each} {given[each]}: all parts that match are watched" for each in lost]
