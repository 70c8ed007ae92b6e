"""What another program's file holds, on its way to a table of ours: a job becomes a source, a row an entity.

What a job asks for becomes options of a source: address, method, form or document, headers, dates in them.
"""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from pydantic import ValidationError

from sources.errors import fault_words
from sources.loader import KindError, kind
from sources.options import format_duration, parse_duration

# What other programs call things, and what of them has no counterpart.
WORDS: dict[str, Any] = tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))

_SECRET = {"cookie", "authorization", "x-api-key", "api-key"}
_METHODS = ("GET", "POST", "PUT")
_NOW = re.compile(r"\{%-?\s*now\s+(['\"])(?P<zone>[^'\"]*)\1\s*(?:,\s*(['\"])(?P<form>[^'\"{}]*)\3\s*)?-?%\}")
_OF_DAYS = set("aAbBdjmUwWxyYGuV%")  # directives of strftime that a date alone has
_DEEPEST = 50  # levels of a document


class LeftOut(Exception):
    """A job that cannot become a source; the message says why."""


@dataclass(slots=True)
class Imported:
    """A job or a row: `title` names it in the report; `name` and `text` are those of its table. `without` says what of
    it has no counterpart, a line each; `left` why it gets no table ("" if it does).
    """

    title: str
    group: str = ""
    without: list[str] = field(default_factory=list)
    left: str = ""
    name: str = ""
    text: str = ""
    kind: str = ""


@dataclass(slots=True)
class ImportedJob(Imported):
    """A job. `label` names the source that it becomes in messages. `look` says whether `watch add`'s way of looking at
    the page may find a better kind: nothing was selected on it.
    """

    kind: str = "text"
    url: str = ""
    label: str = ""
    options: dict[str, Any] = field(default_factory=dict)
    look: bool = False

    @property
    def table(self) -> dict[str, Any]:
        """The options of the source, without `kind` and `url`."""
        return {**({"label": self.label} if self.label else {}), **self.options}

    def set_address(self, url: object) -> None:
        """Set the job's address; a user and password in it become `auth`. Raises LeftOut for what cannot be fetched."""
        if not isinstance(url, str) or not url.strip():
            raise LeftOut("it has no address")
        text = self.fill_dates(url.strip(), "address")
        try:
            parts = urlsplit(text)
            host = parts.hostname
            _ = parts.port
        except ValueError as error:
            raise LeftOut(f"its address cannot be read: {error}") from None
        if parts.scheme not in {"http", "https"}:
            raise LeftOut(f"its address begins with {parts.scheme or 'no scheme'}: only http and https are fetched")
        if not host:
            raise LeftOut("its address has no host")
        if parts.username is not None:
            self.options["auth"] = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            text = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
        self.url = text

    def add_headers(self, given: Mapping[str, Any]) -> None:
        """Add request headers."""
        if given:
            self.options.setdefault("headers", {}).update((str(name), str(value)) for name, value in given.items())
        self.without += [
            f"header {name}: it stands in the configuration as it is; write ${{NAME}} to take it from the environment"
            for name in given
            if str(name).lower() in _SECRET
        ]

    def set_proxy(self, *urls: object) -> None:
        """Set the proxy: that of the address's scheme comes first."""
        if given := [url.strip() for url in urls if isinstance(url, str) and url.strip()]:
            self.options["proxy"] = given[0]

    def fill_dates(self, text: str, what: str) -> str:
        """A text with its dates as the placeholder {today}. Raises LeftOut for a template that does more."""

        def today(found: re.Match[str]) -> str:
            form, zone = found["form"], found["zone"]
            if not form or not set(re.findall(r"%[-_0^#]?(.)", form)) <= _OF_DAYS:
                raise LeftOut(f"its {what} has the time of the check in it; a source has its date alone")
            if zone.lower() not in {"", "utc", "etc/utc", "gmt"}:
                self.without.append(f"the zone {zone} of the date in its {what}: {{today}} is the day in UTC")
            return f"{{today:{form}}}"

        filled = _NOW.sub(today, text)
        if "{{" in filled or "{%" in filled:
            raise LeftOut(f"its {what} is a template that is filled in at each check")
        return filled

    def send(self, method: object, data: object, *, as_json: bool = False) -> None:
        """Set the method, and the form or the JSON document. Raises LeftOut for what is neither, and other methods."""
        name = str(method or ("POST" if data else "GET")).upper()
        if name not in _METHODS:
            raise LeftOut(f"it sends a {name} request; a source sends {', '.join(_METHODS[:-1])} or {_METHODS[-1]}")
        if name == "GET":
            # the data stands in the address where it has names, as both programs document it
            if isinstance(data, Mapping):
                self.url = add_to_query(self.url, data)
            elif data:
                self.without.append("the data of its GET request: none is sent")
            return
        self.options["method"] = name
        if not data:
            return
        told = as_json or "json" in _content_type(self)
        if told or (isinstance(data, str) and data.lstrip()[:1] in ("{", "[")):
            self.options["body"] = _document(data)
            self.without += [] if told else ["its document is sent as JSON, which its headers did not say"]
        else:
            self.options["form"] = _form(data)

    def check(self) -> None:
        """Leave it out where the configuration would refuse it, with the reason."""
        with left_out(self):
            try:
                find_kind(self.kind).model_validate({"url": self.url, **self.table})
            except (KindError, ValidationError) as error:
                raise LeftOut(fault_words(error)) from None


@contextmanager
def left_out(job: Imported) -> Iterator[None]:
    """Leave a job out, with the reason, for what is wrong with it alone: whatever its parts lead to."""
    try:
        yield
    except LeftOut as reason:
        job.left = str(reason)
    except Exception as error:  # noqa: BLE001 - another program's file may hold anything, and the other jobs are sound
        job.left = f"it cannot be taken over: {type(error).__name__}: {error}"[:300]  # characters


# What a file holds: the format in words, and the jobs in the file's order
JobList: TypeAlias = tuple[str, Sequence[ImportedJob]]

find_kind = cache(kind)  # a list may have thousands of jobs


def hide_login(text: object) -> str:
    """A name or an address for the report: without the user and password that it may have, and not too long."""
    return re.sub(r"(?<=://)[^/?#\s@]*@", "", str(text))[:80]


def duration_words(given: float) -> str:
    """Seconds as a duration: "15m"."""
    return format_duration(parse_duration(f"{round(given * 1000)}ms"))


def add_to_query(url: str, values: object) -> str:
    """An address with further values in its query."""
    if not isinstance(values, Mapping) or not values:
        return url
    bare, hash_, fragment = url.partition("#")
    query = urlencode({str(name): value for name, value in values.items()}, doseq=True)
    return f"{bare}{'&' if '?' in bare else '?'}{query}{hash_}{fragment}"


def _content_type(job: ImportedJob) -> str:
    """Take the type from the headers, as what is sent brings its own."""
    headers = job.options.get("headers", {})
    name = next((name for name in headers if name.lower() == "content-type"), None)
    if name is None:
        return ""
    kind = str(headers.pop(name)).partition(";")[0].strip().lower()
    if not headers:
        del job.options["headers"]
    if "json" not in kind and kind != "application/x-www-form-urlencoded":
        raise LeftOut(f"it sends {kind}; a source sends a form or JSON")
    return kind


def _document(data: object) -> Any:
    if isinstance(data, str):
        try:
            data = json.loads(data)
        except (ValueError, RecursionError):
            raise LeftOut("it sends something that is not JSON") from None
    if not isinstance(data, Mapping | list):
        raise LeftOut("it sends a single value; a source sends an object or a list")
    _check_values(data)
    return data


def _check_values(value: object, depth: int = 0) -> None:
    """Raise LeftOut for what TOML has no word for, and for what nobody nests so deeply."""
    if value is None:
        raise LeftOut("it sends a null, for which the configuration has no word")
    if depth > _DEEPEST:
        raise LeftOut(f"it sends a document of more than {_DEEPEST} levels")
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
            raise LeftOut("it sends a text that is neither a form nor JSON") from None
    if any(isinstance(value, Mapping | list) for _, value in pairs) or len(dict(pairs)) < len(pairs):
        raise LeftOut("a field of its form has several values; a source sends one of each name")
    return {name: "" if value is None else str(value) for name, value in pairs}
