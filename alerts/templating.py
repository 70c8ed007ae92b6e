"""The Jinja2 environments: of all HTML texts, such as the templates in `alerts/templates`, with autoescape on; and the
sandbox for templates of the configuration, which foreign values are rendered with.

The environment applies three rules, so that templates need not: each value is escaped; each value is one clean line, as
`sources.text.clean` returns it; an undefined name is an error. The filters:

    lines         keeps the line breaks of a text of several lines; each line is clean
    spaced        keeps every space, for commands to be copied and their output
    block         keeps every space and every line break, for lines of a file to be copied
    web_address   an http or https URL that is safe in `href`, or none
    file_name     the name of a file beside the page, percent-encoded for `href`
    marked        parts of a text that changed (state/compare/text_parts.py), those that differ in <b>
    beside        several phrases as one, without those that are empty: `3 added, 2 removed`

The functions `phrase`, `phrase_many`, `phrase_number`, `spoken` and `direction` are those of `alerts.language`; what
belongs in the places of a sentence is escaped, and one clean line, as any value is.

Jinja2 is imported when the first text is rendered: a check without alerts does not need it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from typing import TYPE_CHECKING
from urllib.parse import quote

from alerts.language import clean_sentence, direction, phrase, phrase_beside, phrase_many, phrase_number, spoken
from alerts.links import web_address
from sources.text import clean

if TYPE_CHECKING:
    from jinja2 import Environment
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    from state.compare.text_parts import Part

MOST_RENDERED = 500_000  # characters of a text made by a template of the configuration
GLOBALS = frozenset({"range", "dict", "cycler", "joiner", "namespace"})  # functions that templates may use
_UNSAFE_FILTERS = ("safe", "forceescape", "urlize", "xmlattr", "tojson")  # their results would pass as markup


class TemplateFault(Exception):
    """A template of the configuration cannot be used; the message says why."""


class Neutral(str):
    """A text of the program's own, in which foreign parts are neutral already: it is shown as it is."""

    __slots__ = ()


_PROGRAM = re.compile(r"\b(javascript|vbscript|data)\s*:", re.IGNORECASE)  # schemes of addresses that are programs


def render(template: str, **values: object) -> str:
    """Render a template of `alerts/templates`, by its file name, with values for its variables.

    Raises jinja2.UndefinedError for a missing variable or attribute, which is a fault of the program.
    """
    return environment("alerts").get_template(template).render(values)


@cache
def environment(package: str) -> Environment:
    """The environment for the templates in the folder `templates` of a package."""
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup, escape

    def in_markup(told: Callable[..., str]) -> Callable[..., Markup]:
        def fill(*sentence: str | int, **places: object) -> Markup:
            return Markup(told(*sentence, **{name: escape(finalize(value)) for name, value in places.items()}))  # noqa: S704 - the sentence is our own

        return fill

    def finalize(value: object) -> object:
        return clean_sentence(value) if isinstance(value, str) and not isinstance(value, Markup) else value

    def beside(told: Sequence[str]) -> Markup:
        return Markup(phrase_beside(*(escape(finalize(each)) for each in told)))  # noqa: S704 - each is escaped

    def lines(text: str) -> Markup:
        return Markup("\n").join(map(clean, text.split("\n")))

    def space(text: str) -> Markup:
        return Markup(" ").join(map(clean, text.split(" ")))

    def block(text: str) -> Markup:
        return Markup("\n").join(map(space, text.split("\n")))

    def marked(parts: Sequence[Part]) -> Markup:
        shown = ((sign, space(text)) for sign, text in parts)
        return Markup("").join(text if sign == "=" else Markup("<b>{}</b>").format(text) for sign, text in shown)

    made = Environment(
        loader=PackageLoader(package),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters |= {
        "lines": lines,
        "spaced": space,
        "block": block,
        "web_address": web_address,
        "file_name": partial(quote, safe="", errors="replace"),
        "marked": marked,
        "beside": beside,
    }
    made.globals |= {"phrase": in_markup(phrase), "phrase_many": in_markup(phrase_many)}
    made.globals |= {"phrase_number": phrase_number, "spoken": spoken, "direction": direction}
    return made


def own_html(html: str) -> str:
    """HTML of the program's own, as a value for templates with markup: it is not escaped."""
    from markupsafe import Markup

    return Markup(html)  # noqa: S704 - the caller's, in which foreign parts are escaped


def find_names(source: str) -> set[str]:
    """The variables that a template of the configuration uses. Raises TemplateFault if it is none: of another syntax,
    or with a filter that does not exist.
    """
    from jinja2 import TemplateError
    from jinja2.meta import TrackingCodeGenerator

    try:
        _sandbox(markup=False).compile(source)
        tracking = TrackingCodeGenerator(_sandbox(markup=False))
        tracking.optimizer = None  # as in `_sandbox`
        tracking.visit(_sandbox(markup=False).parse(source))
        return tracking.undeclared_identifiers - GLOBALS
    except TemplateError as error:
        line = getattr(error, "lineno", None)
        where = f" (line {line})" if line else ""
        raise TemplateFault(f"is not a template: {error.message}{where}") from None
    except RecursionError:
        raise TemplateFault("is not a template that can be read: it is nested too deeply") from None


def around_values(source: str, value: str) -> str:
    """What a template writes by itself, with a text in the place of each of its values and statements."""
    tokens = _sandbox(markup=True).lex(source)
    return "".join(text if kind == "data" else value if kind.endswith("_begin") else "" for _, kind, text in tokens)


def find_fields(source: str) -> set[str]:
    """The fields that a template asks the tables of a change for: `after.Status`, `event.changed["Status"]`."""
    from jinja2 import nodes

    found = set[str]()
    tree = _sandbox(markup=False).parse(source)
    asked: list[nodes.Getattr | nodes.Getitem] = [*tree.find_all(nodes.Getattr), *tree.find_all(nodes.Getitem)]
    for node in asked:
        base, name = node.node, node.attr if isinstance(node, nodes.Getattr) else getattr(node.arg, "value", None)
        table = base.attr if isinstance(base, nodes.Getattr) else getattr(base, "name", "")
        is_method = isinstance(node, nodes.Getattr) and hasattr(dict, node.attr)
        if table in {"fields", "changed", "before", "after"} and isinstance(name, str) and not is_method:
            found.add(name)
    return found


def render_own(source: str, values: Mapping[str, object], *, markup: bool, neutral: Callable[[str], str]) -> str:
    """A template of the configuration with values for its variables; `neutral` makes a text neutral for its readers.

    With `markup` each value is escaped. What is missing is empty. Raises TemplateFault: for whatever a template does
    with a value, and for a text that is too long.
    """
    try:
        made = _sandbox(markup=markup, neutral=neutral).from_string(source).render(values)
    except Exception as error:  # noqa: BLE001 - its filters and operators raise whatever a foreign value leads to
        raise TemplateFault(clean(f"{type(error).__name__}: {error}")[:200]) from None
    if len(made) > MOST_RENDERED:
        raise TemplateFault(f"it makes more than {MOST_RENDERED:,} characters")
    return made


@cache
def _sandbox(*, markup: bool, neutral: Callable[[str], str] = clean) -> ImmutableSandboxedEnvironment:
    """The environment for templates of the configuration.

    `finalize` sees each value that is shown, also where a template turns escaping off, so it escapes by itself.
    """
    from jinja2 import ChainableUndefined, pass_context
    from jinja2.sandbox import ImmutableSandboxedEnvironment
    from markupsafe import Markup, escape

    # With a context, and not `optimized`: else Jinja evaluates what is constant when it compiles, which has no limit.
    @pass_context
    def shown(_context: object, value: object) -> object:
        if value is None or isinstance(value, ChainableUndefined):
            return ""
        if isinstance(value, Neutral) or (markup and isinstance(value, Markup)):
            return value
        text = value if isinstance(value, str) else str(value)
        return escape(inert(neutral(text))) if markup else neutral(text)

    def lines(text: object) -> Markup | Neutral:
        each = [neutral(line) for line in str(text).split("\n")]
        return Markup("<br>").join(map(inert, each)) if markup else Neutral("\n".join(each))

    made = ImmutableSandboxedEnvironment(
        autoescape=markup, undefined=ChainableUndefined, finalize=shown, optimized=False
    )
    for name in _UNSAFE_FILTERS:
        del made.filters[name]
    for name in set(made.globals) - GLOBALS:
        del made.globals[name]
    made.filters |= {"lines": lines, "web_address": web_address}
    return made


def inert(text: str) -> str:
    """A text that starts nothing where a template puts it into a link."""
    return _PROGRAM.sub(lambda found: f"{found[1]}\u200b:", text)
