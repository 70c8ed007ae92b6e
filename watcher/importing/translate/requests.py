"""What a job sends: a method, a form or a JSON document, and dates in them. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

from watcher.importing.job import Job, Left

_METHODS = ("GET", "POST", "PUT")
_NOW = re.compile(r"\{%-?\s*now\s+(['\"])(?P<zone>[^'\"]*)\1\s*(?:,\s*(['\"])(?P<form>[^'\"{}]*)\3\s*)?-?%\}")
_OF_DAYS = set("aAbBdjmUwWxyYGuV%")  # directives of strftime that a date alone has
_DEEPEST = 50  # levels of a document
_UTC = {"", "utc", "etc/utc", "gmt"}


def dated(job: Job, text: str, what: str) -> str:
    """A text with its dates as the placeholder {today}. Raises Left for a template that does more."""

    def today(found: re.Match[str]) -> str:
        form, zone = found["form"], found["zone"]
        if not form or not set(re.findall(r"%[-_0^#]?(.)", form)) <= _OF_DAYS:
            raise Left(f"its {what} has the time of the check in it; a source has its date alone")
        if zone.lower() not in _UTC:
            job.without.append(f"the zone {zone} of the date in its {what}: {{today}} is the day in UTC")
        return f"{{today:{form}}}"

    filled = _NOW.sub(today, text)
    if "{{" in filled or "{%" in filled:
        raise Left(f"its {what} is a template that is filled in at each check")
    return filled


def asked_in_address(url: str, values: object) -> str:
    """An address with further values in its query."""
    if not isinstance(values, Mapping) or not values:
        return url
    bare, hash_, fragment = url.partition("#")
    query = urlencode({str(name): value for name, value in values.items()}, doseq=True)
    return f"{bare}{'&' if '?' in bare else '?'}{query}{hash_}{fragment}"


def send(job: Job, method: object, data: object, *, as_json: bool = False) -> None:
    """Set the method, and the form or the JSON document. Raises Left for what is neither, and for other methods."""
    name = str(method or ("POST" if data else "GET")).upper()
    if name not in _METHODS:
        raise Left(f"it sends a {name} request; a source sends {', '.join(_METHODS[:-1])} or {_METHODS[-1]}")
    if name == "GET":
        _ask(job, data)
        return
    job.options["method"] = name
    if not data:
        return
    kind = _content_type(job)
    if as_json or "json" in kind:
        job.options["body"] = _document(data)
    elif isinstance(data, str) and data.lstrip()[:1] in ("{", "["):
        job.options["body"] = _document(data)
        job.without.append("its document is sent as JSON, which its headers did not say")
    else:
        job.options["form"] = _form(data)


def _ask(job: Job, data: object) -> None:
    """A GET request with data: in the address where it has names, as both programs document it."""
    if isinstance(data, Mapping):
        job.url = asked_in_address(job.url, data)
    elif data:
        job.without.append("the data of its GET request: none is sent")


def _content_type(job: Job) -> str:
    """Take the type from the headers, as what is sent brings its own."""
    headers = job.options.get("headers", {})
    name = next((name for name in headers if name.lower() == "content-type"), None)
    if name is None:
        return ""
    kind = str(headers.pop(name)).partition(";")[0].strip().lower()
    if not headers:
        del job.options["headers"]
    if "json" not in kind and kind != "application/x-www-form-urlencoded":
        raise Left(f"it sends {kind}; a source sends a form or JSON")
    return kind


def _document(data: object) -> Any:
    if isinstance(data, str):
        try:
            data = json.loads(data)
        except (ValueError, RecursionError):
            raise Left("it sends something that is no JSON") from None
    if not isinstance(data, Mapping | list):
        raise Left("it sends a single value; a source sends an object or a list")
    _check_values(data)
    return data


def _check_values(value: object, depth: int = 0) -> None:
    """Raise Left for what TOML has no word for, and for what nobody nests so deeply."""
    if value is None:
        raise Left("it sends a null, for which the configuration has no word")
    if depth > _DEEPEST:
        raise Left(f"it sends a document of more than {_DEEPEST} levels")
    for inner in value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ():
        _check_values(inner, depth + 1)


def _form(data: object) -> dict[str, str]:
    """The fields of a form, of a mapping or of an encoded text."""
    if isinstance(data, Mapping):
        pairs = [(str(name), value) for name, value in data.items()]
    else:
        try:
            pairs = list(parse_qsl(str(data).strip(), keep_blank_values=True, strict_parsing=True))
        except ValueError:
            raise Left("it sends a text that is neither a form nor JSON") from None
    if any(isinstance(value, Mapping | list) for _, value in pairs) or len(dict(pairs)) < len(pairs):
        raise Left("a field of its form has several values; a source sends one of each name")
    return {name: "" if value is None else str(value) for name, value in pairs}
