"""Which kind of source reads what the filters of a job select; JSONPath and jq that only select, as JMESPath."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import product
from typing import Any
from urllib.parse import urlsplit

from cssselect import HTMLTranslator

from sources.formats.selectors import XPATH, check_selector
from sources.options import compile_re2
from watcher.importing.job import ImportedJob, LeftOut

_COMMA = re.compile(r",(?![^\[(]*[\])])")  # outside brackets
_BARE = re.compile(r"[A-Za-z_]\w*")
_TOKEN = re.compile(
    r"\.?\[\s*(?P<places>-?\d+|-?\d*\s*:\s*-?\d*|\*?)\s*\]"
    r"|\.\*(?P<values>)"
    r"|\[\?\(?\s*@\.(?P<member>[A-Za-z_][\w.]*)\s*(?P<sign>==|!=|<=|>=|<|>)\s*"
    r"(?P<value>-?\d+(?:\.\d+)?|true|false|null|\"[^\"\\`]*\"|'[^'\\`]*')\s*\)?\]"
    r"|\.?\[\s*(?:\"(?P<double>[^\"\\]*)\"|'(?P<single>[^'\\]*)')\s*\]"
    r"|\.(?P<name>[A-Za-z_]\w*)"
    r"|\.\"(?P<quoted>[^\"\\]*)\""
)


class NoPath(ValueError):
    """The expression does more than select; the message names the part."""


@dataclass(frozen=True, slots=True)
class Selected:
    """A path, and whether it finds many values. `members` are the member paths of an object made of each."""

    path: str
    many: bool
    members: dict[str, str]


def from_jsonpath(text: str) -> Selected:
    """JSONPath that begins at "$". Raises NoPath."""
    bare = text.strip()
    if not bare.startswith("$"):
        raise NoPath("a JSONPath begins with $")
    return _translate(_check_length(bare)[1:], {})


def from_jq(text: str) -> Selected:
    """jq that selects one path, perhaps with an object of members made of each value. Raises NoPath."""
    # what is absent is null in JMESPath anyway
    whole = re.sub(r"\?(?=[.|\[\]},\s]|$)", "", _check_length(text.strip()))
    if whole.startswith("[") and whole.endswith("]"):  # collects into an array what it finds
        whole = whole[1:-1]
    path, *more = [part.strip() for part in whole.split("|")]
    if not path.startswith("."):
        raise NoPath(f"{path[:40]!r} is not a path")
    members: dict[str, str] = {}
    for index, part in enumerate(more):
        if part.startswith("{") and index == len(more) - 1:
            members = _object(part)
        elif part.startswith("."):
            path = f"{path}{part}" if part != "." else path
        else:
            raise NoPath(f"{part[:40]!r} is a function of jq")
    return _translate("" if path == "." else path, members)


def json_options(selected: Selected) -> dict[str, Any]:
    """The options of the kind `json` that reads what a path finds: a value as one entry, or each of many as its own."""
    fields = selected.members
    if not selected.many:
        items = "[@]" if selected.path == "@" else f"[{selected.path}] | [?@ != `null`]"
        return {"items": items, "key": "'value'", **({"fields": fields} if fields else {})}
    names = (name for name in ("id", "key", "url", "link", "name", "title", *fields) if name in fields)
    options = {"items": selected.path, "key": fields.get(next(names, ""), "to_string(@)"), "listing": "window"}
    return {**options, "fields": fields} if fields else options


def _check_length(text: str) -> str:
    if len(text) > 1_000:
        raise NoPath("it is longer than any path that a person wrote")
    return text


def _object(text: str) -> dict[str, str]:
    """`{name, place: .where}` as member paths."""
    members: dict[str, str] = {}
    for part in _COMMA.split(text.removeprefix("{").removesuffix("}")):
        name, colon, path = (piece.strip() for piece in part.partition(":"))
        name = name.strip("\"'")
        if not _BARE.fullmatch(name):
            raise NoPath(f"{part.strip()[:40]!r} is not a member")
        if path.startswith("[") and path.endswith("]") and path != "[]":  # a list of what it finds
            path = path[1:-1].strip()
        members[name] = _translate(path, {}).path if colon else name
    return members


def _translate(text: str, members: dict[str, str]) -> Selected:
    steps, many, rest = "", False, text
    while rest:
        token = _TOKEN.match(rest)
        if not token:
            raise NoPath(f"{rest[:40]!r} has no counterpart in JMESPath")
        found, projects = token.groupdict(), True
        match token.lastgroup:
            case "places":  # one, some, or all of a list
                places = re.sub(r"[\s*]", "", found["places"])
                projects = ":" in places or not places
                steps += f"[{places}]"
            case "values":
                steps += ".*"
            case "value":
                value = found["value"]
                plain = json.dumps(value[1:-1], ensure_ascii=False) if value[0] in "\"'" else value
                steps += f"[?{found['member']} {found['sign']} `{plain}`]"
            case group:
                name, projects = found[group or ""], False
                steps += f".{name}" if _BARE.fullmatch(name) else f'."{name}"'
        many = many or projects
        rest = rest[token.end() :]
    return Selected(steps.removeprefix(".") or "@", many, members)


_FEED = re.compile(
    r"(?:^|[/._=-])(?:rss|atom|feeds?)(?:[/._=-]?(?:xml|php|aspx?|json|v?\d+|feed))*/?$|\.(?:rss|atom|rdf)$",
    re.IGNORECASE,
)
_PICTURE = re.compile(r"\.(?:png|jpe?g|gif|webp|svg|ico)$", re.IGNORECASE)
_WORKBOOK = re.compile(r"\.(?:xlsx?|ods)$", re.IGNORECASE)
_OF_MARKUP = re.compile(r"<[/!?]?[a-z]|\b(?:href|src|class|id)\s*=\s*[\"']|&(?:[a-z]+|#\d+);", re.IGNORECASE)
_ITEM = re.compile(r"(?:^|[\s>])(?:item|entry)(?:$|[\s>:\[])")
_NO_HTML = re.compile(r"(?:^|[/:|(\s])[A-Z]+[a-z]")  # a name such as PropertyGroup
_IN_BRACKETS = re.compile(r"\[.*?\]", re.DOTALL)
_ATTRIBUTE = re.compile(r"\s*(.+?)(?<!/)/@([A-Za-z][\w-]*)\s*", re.DOTALL)  # that a path selects at its end
_TEXT_STEP = re.compile(r"/+(?:text|node|string)\(\)\s*\Z")
_XML = "it selects parts of an XML document; `watch add` proposes the kind xml, with a key"
_OF_TEXT = ("part", "remove", "keep_lines", "remove_lines")  # what is called so in the kind `text`, too


@dataclass(slots=True)
class Selection:
    """What the filters of a job leave of a page: parts by CSS or XPath, lines by RE2, or values of JSON."""

    css: list[str] = field(default_factory=list)
    part: int = 0  # of what is selected, the one at this place: 1 the first, -1 the last; 0 all
    remove: list[str] = field(default_factory=list)
    keep_lines: list[str] = field(default_factory=list)
    remove_lines: list[str] = field(default_factory=list)
    values: Selected | None = None
    attribute: str = ""  # of the selected parts, this attribute and not their text
    xml: bool = False  # the selectors are for XML, such as a feed
    pdf: bool = False  # the page is a PDF file

    def take_css(self, selector: str, without: list[str]) -> None:
        """Select within what is selected already. Raises LeftOut for what is no CSS selector."""
        self.take([_check(selector)], without)

    def take_xpath(self, path: str, without: list[str]) -> None:
        """Select by XPath. Raises LeftOut for what selects no elements of a page."""
        if _NO_HTML.search(_IN_BRACKETS.sub("", path)):
            raise LeftOut(_XML)
        elements, self.attribute = _TEXT_STEP.sub("", path.strip()), ""
        if (found := _ATTRIBUTE.fullmatch(elements)) and "|" not in elements:  # which is written as a condition
            elements, self.attribute = f"{found[1]}[@{found[2]}]", found[2].lower()
        if not elements.strip("/. "):
            raise LeftOut(f"xpath {path}: it selects the whole document")
        self.take([_check(f"{XPATH}{elements}")], without)

    def take(self, selectors: list[str], without: list[str]) -> None:
        """Select within what is selected already."""
        inner = [part for selector in selectors for part in _parts(selector)]
        if inner in (["body"], ["html"], [f"{XPATH}//body"]) and self.css:  # what is selected was a document of its own
            return
        if self.part:
            without.append(f"{', '.join(self.css)}: all parts that match are watched, as others are selected in them")
            self.part = 0
        outer = self.css or [""]
        if len(inner) * len(outer) > 50:  # selectors in one list
            raise LeftOut("its selectors within selectors make too many")
        self.css = [_below(above, below) if above else below for above, below in product(outer, inner)]

    def drop(self, selector: str) -> None:
        """Remove by CSS, or by XPath where it begins like that. Raises LeftOut."""
        self.remove.append(_check(f"{XPATH}{selector}" if selector.startswith(("/", "(", ".//")) else selector))

    def line(self, pattern: str, into: list[str], what: str, without: list[str]) -> None:
        """Keep or remove lines by a regular expression that RE2 knows, too."""
        if _OF_MARKUP.search(pattern):
            without.append(f"{what} {pattern}: that is of the page's markup, and the lines of its text are compared")
            return
        try:
            compile_re2(pattern)
        except ValueError:
            without.append(f"{what} {pattern}: RE2 has no such regular expression")
        else:
            into.append(pattern)


def settle(job: ImportedJob, selection: Selection) -> None:
    """Give the job the kind and the options that read what is selected. Raises LeftOut when no kind does."""
    path = urlsplit(job.url).path
    if _PICTURE.search(path):
        raise LeftOut("it is a picture")
    if _WORKBOOK.search(path):
        raise LeftOut("it is a workbook; `watch add` proposes the kind xlsx, with a key")
    if selection.pdf or path.lower().endswith(".pdf"):
        job.kind = "pdf_text"
    elif selection.values and selection.css:
        what = "look whether the page has the data in an address of its own (an API)"
        raise LeftOut(f"it reads JSON inside of a page; {what}")
    elif selection.values:
        job.kind, job.options = "json", {**json_options(selection.values), **job.options}
        if selection.values.many and job.options.get("key") == "to_string(@)":
            job.without.append("its values are distinguished by everything in them; `watch add` finds a better key")
    elif is_feed(job.url, selection):
        job.kind = "feed"
    elif selection.xml:
        raise LeftOut(_XML)
    elif selection.attribute:
        place = f"@{selection.attribute}"
        job.kind = "list"
        job.options = {"item": _together(selection.css), "key": place, "fields": {"value": place}, **job.options}
        if selection.part:
            job.without.append(f"only the part at place {selection.part}: all that match are watched")
    else:
        options: dict[str, Any] = {"select": _together(selection.css)} if selection.css else {}
        options |= {name: value for name in _OF_TEXT if (value := getattr(selection, name))}
        options |= {"min_entries": 0} if selection.keep_lines else {}
        job.options, job.look = {**options, **job.options}, not options
        return
    # the entries of these kinds have fields and no lines
    job.without += [
        f"lines by {pattern}: the kind {job.kind} compares fields; `ignore` names fields that do not count"
        for pattern in (*selection.keep_lines, *selection.remove_lines)
    ]


def is_feed(url: str, selection: Selection | None = None) -> bool:
    """Whether an address looks like that of a feed, or the selectors are those of its items."""
    if selection and selection.xml:
        return any(map(_ITEM.search, selection.css))
    parts = urlsplit(url)
    named = bool(_FEED.search(parts.path)) or bool(_FEED.search(parts.query))
    return named and not (selection and selection.css)


def literal(text: str) -> str:
    """A regular expression that finds this very text."""
    return re.sub(r"[.^$*+?{}\[\]\\|()]", r"\\\g<0>", text)


def from_path(read: Callable[[str], Selected], text: str) -> Selected:
    """A path into JSON. Raises LeftOut when it does more than select."""
    try:
        return read(text)
    except NoPath as error:
        raise LeftOut(f"{text[:60]}: {error}") from None


def _parts(selector: str) -> list[str]:
    """The selectors of a list; XPath, and one with a comma in quotes or parentheses, stays whole."""
    whole = selector.startswith(XPATH) or re.search(r"[\"'(]", selector)
    return [selector] if whole else [part.strip() for part in selector.split(",")]


def _check(selector: str) -> str:
    try:
        return check_selector(selector.strip())
    except ValueError as error:
        raise LeftOut(str(error)) from None


def _together(selectors: list[str]) -> str:
    """One selector of what several find: a list in CSS, or a union in XPath."""
    if not any(selector.startswith(XPATH) for selector in selectors):
        return ", ".join(selectors)
    return XPATH + " | ".join(map(_path_of, selectors))


def _below(above: str, below: str) -> str:
    """The selector of what one finds in what another finds. Raises LeftOut where XPath cannot say so."""
    if not above.startswith(XPATH) and not below.startswith(XPATH):
        return f"{above} {below}"
    path = below.removeprefix(XPATH).strip().removeprefix(".")
    if not below.startswith(XPATH):
        path = f"/{HTMLTranslator().css_to_xpath(below, prefix='descendant::')}"
    if not path.startswith("/") or "|" in _IN_BRACKETS.sub("", path):
        raise LeftOut(f"{below[:80]} within {above[:80]}: a path within a selection is one that begins with //")
    return f"{XPATH}({_path_of(above)}){path}"


def _path_of(selector: str) -> str:
    """XPath of a selector."""
    is_path = selector.startswith(XPATH)
    return selector.removeprefix(XPATH).strip() if is_path else HTMLTranslator().css_to_xpath(selector, prefix="//")
