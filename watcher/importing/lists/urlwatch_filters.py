"""The filters of urlwatch and webchanges: what they select, and what has no counterpart."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from watcher.importing.job import Job, Left
from watcher.importing.translate.json_paths import Selected, from_jq
from watcher.importing.translate.targets import Selection, from_path, literal

# What the kinds do by themselves: they compare text without markup, or fields.
_OWN = {
    "html2text", "strip", "striplines", "strip_each_line", "beautify", "pretty-xml", "absolute_links", "format-xml",
    "ascii85", "base64", "remove_repeated", "html2markdown",
}  # fmt: skip
_UNMET = {
    "sort": "the order of lines counts",
    "reverse": "the order of lines is the page's",
    "remove-duplicate-lines": "repeated lines count",
    "remove_duplicate_lines": "repeated lines count",
    "re.sub": "text is not replaced; remove_lines or remove may leave out what changes",
    "sha1sum": "the text itself is compared, and shown",
    "sha256sum": "the text itself is compared, and shown",
    "hexdump": "the text itself is compared",
    "csv2text": "the file's lines are compared; the kind csv compares fields (`watch add`)",
    "ical2text": "the calendar's lines are compared as they are",
}
_REFUSED = {
    "ocr": "it reads text in a picture",
    "shellpipe": "it runs a program; Registry Watch runs none",
    "execute": "it runs a program; Registry Watch runs none",
}


def select(job: Job, filters: object) -> Selection:
    """What the filters leave of the page. Notes in the job what has no counterpart. Raises Left."""
    selection = Selection()
    for name, argument in _listed(filters):
        if name in _OWN:
            continue
        if name in _REFUSED:
            raise Left(f"filter {name}: {_REFUSED[name]}")
        if name in _UNMET:
            job.without.append(f"filter {_shown(name, argument)}: {_UNMET[name]}")
        elif name in _READERS:
            _READERS[name](job, selection, argument)
        else:
            raise Left(f"filter {name}: it is of hooks.py, or unknown")
    return selection


def _listed(filters: object) -> Iterator[tuple[str, Any]]:
    """The filters as pairs: of a list of names and mappings, or of the older "name:argument,name"."""
    if isinstance(filters, str):
        filters = [part for part in filters.split(",") if part.strip()]
    if isinstance(filters, Mapping):
        filters = [filters]
    for each in filters if isinstance(filters, list) else []:
        if isinstance(each, Mapping):
            yield from ((str(name), argument) for name, argument in each.items())
        else:
            name, _, argument = str(each).partition(":")
            yield name.strip(), argument.strip() or None


def _shown(name: str, argument: object) -> str:
    value = argument.get("pattern") if isinstance(argument, Mapping) else argument
    return f"{name} {value}"[:80] if value else name


def _text(argument: object, *names: str) -> str:
    """The argument itself, or the first of its members that is there. Raises Left."""
    value = (
        next((argument[name] for name in names if argument.get(name)), None)
        if isinstance(argument, Mapping)
        else argument
    )
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        raise Left(f"a filter has no {names[0]}")
    return str(value)


def _css(job: Job, selection: Selection, argument: object) -> None:
    _by_method(selection, argument)
    selector = _text(argument, "selector")
    selection.take_css(selector.replace("|", " ") if selection.xml else selector, job.without)
    _subset(job, selection, "css", argument)


def _xpath(job: Job, selection: Selection, argument: object) -> None:
    _by_method(selection, argument)
    path = _text(argument, "path")
    if selection.xml:
        selection.css = re.split(r"\s*\|\s*", path.replace("//", " ").replace("/", " > "))
    else:
        selection.take_xpath(path, job.without)
    _subset(job, selection, "xpath", argument)


def _by_method(selection: Selection, argument: object) -> None:
    if isinstance(argument, Mapping) and argument.get("method") == "xml":
        selection.xml = True


def _subset(job: Job, selection: Selection, name: str, argument: object) -> None:
    if not isinstance(argument, Mapping):
        return
    if argument.get("exclude"):
        selection.drop(str(argument["exclude"]))
    if argument.get("maxitems") == 1 and isinstance(argument.get("skip") or 0, int) and not selection.part:
        selection.part = 1 + (argument.get("skip") or 0)
        return
    job.without += [
        f"filter {name}, {option} {argument[option]}: all parts that match are watched"
        for option in ("skip", "maxitems", "sort")
        if argument.get(option)
    ]


def _element(template: str) -> Callable[[Job, Selection, object], None]:
    def take(job: Job, selection: Selection, argument: object) -> None:
        value = _text(argument, "id", "class", "style", "tag").replace("\\", "\\\\").replace('"', '\\"')
        selection.take_css(template.format(value), job.without)

    return take


def _pattern(argument: object) -> str:
    """A regular expression, of a text that stands for itself where the argument says so."""
    if isinstance(argument, Mapping) and "text" in argument and not argument.get("re"):
        return literal(str(argument["text"]))
    return _text(argument, "re", "text", "pattern")


def _lines(*, keep: bool, as_text: bool = False) -> Callable[[Job, Selection, object], None]:
    """Keep or remove lines; with `as_text` a bare argument is a text, not a regular expression."""

    def take(job: Job, selection: Selection, argument: object) -> None:
        pattern = _pattern({"text": argument} if as_text and isinstance(argument, str) else argument)
        into, what = (selection.keep_lines, "lines with") if keep else (selection.remove_lines, "lines without")
        selection.line(pattern, into, what, job.without)

    return take


def _found_in(job: Job, selection: Selection, argument: object) -> None:
    """re.findall: the lines in which something is found."""
    pattern = _text(argument, "pattern")
    if "\n" in pattern or "\\n" in pattern or re.search(r"\(\?[a-z]*s", pattern):
        job.without.append(f"filter {_shown('re.findall', argument)}: it is about several lines")
        return
    selection.line(pattern, selection.keep_lines, "lines with", job.without)
    job.without.append(f"filter {_shown('re.findall', argument)}: the lines with it count as a whole")


def _pdf(_job: Job, selection: Selection, _argument: object) -> None:
    selection.pdf = True


def _jq(_job: Job, selection: Selection, argument: object) -> None:
    selection.values = from_path(from_jq, _text(argument, "query"))


def _json(_job: Job, selection: Selection, _argument: object) -> None:
    selection.values = selection.values or Selected("@", many=False, members={})


_READERS: dict[str, Callable[[Job, Selection, object], None]] = {
    "css": _css,
    "xpath": _xpath,
    "element-by-id": _element('[id="{}"]'),
    "element-by-class": _element('[class~="{}"]'),
    "element-by-style": _element('[style="{}"]'),
    "element-by-tag": _element("{}"),
    "grep": _lines(keep=True),
    "grepi": _lines(keep=False),
    "keep_lines_containing": _lines(keep=True, as_text=True),
    "delete_lines_containing": _lines(keep=False, as_text=True),
    "jq": _jq,
    "format-json": _json,
    "jsontoyaml": _json,
    "re.findall": _found_in,
    "pdf2text": _pdf,
    "pypdf": _pdf,
}
