"""The Jinja2 environment of every HTML text: the templates in `alerts/templates`, with autoescape on.

The environment holds three rules, so that no template has to: each value is escaped; each value is one clean line, as
`sources.text.clean` gives it; a name that is not defined is an error. The filters:

    lines         a text of several lines keeps its line breaks; each line is clean
    exactly       every sign stays, for commands of our own that are copied; still escaped
    web_address   an http or https URL as it may stand in `href`, or none

Jinja2 is imported with the first text that is rendered: a check that alerts nobody does without it.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from alerts.links import web_address
from sources.text import clean

if TYPE_CHECKING:
    from jinja2 import Environment


def render(template: str, **values: object) -> str:
    """A template of `alerts/templates`, by its file name, with values for its variables.

    Raises jinja2.UndefinedError for a variable or an attribute that is missing, which is a fault of the program.
    """
    return _environment().get_template(template).render(values)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup, escape

    def finalize(value: object) -> object:
        return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value

    def lines(text: str) -> Markup:
        return Markup("\n").join(clean(line) for line in text.split("\n"))

    made = Environment(
        loader=PackageLoader("alerts"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters |= {"lines": lines, "exactly": escape, "web_address": web_address}
    return made
