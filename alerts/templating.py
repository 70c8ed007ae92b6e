"""The Jinja2 environment of all HTML texts, such as the templates in `alerts/templates`, with autoescape on.

The environment applies three rules, so that templates need not: each value is escaped; each value is one clean line, as
`sources.text.clean` returns it; an undefined name is an error. The filters:

    lines         keeps the line breaks of a text of several lines; each line is clean
    spaced        keeps every space, for commands to be copied and their output
    block         keeps every space and every line break, for lines of a file to be copied
    web_address   an http or https URL that is safe in `href`, or none
    file_name     the name of a file beside the page, percent-encoded for `href`

Jinja2 is imported when the first text is rendered: a check without alerts does not need it.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import quote

from alerts.links import web_address
from sources.text import clean

if TYPE_CHECKING:
    from jinja2 import Environment


def render(template: str, **values: object) -> str:
    """Render a template of `alerts/templates`, by its file name, with values for its variables.

    Raises jinja2.UndefinedError for a missing variable or attribute, which is a fault of the program.
    """
    return environment("alerts").get_template(template).render(values)


@cache
def environment(package: str) -> Environment:
    """The environment for the templates in the folder `templates` of a package."""
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    def finalize(value: object) -> object:
        return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value

    def lines(text: str) -> Markup:
        return Markup("\n").join(map(clean, text.split("\n")))

    def spaced(text: str) -> Markup:
        return Markup(" ").join(map(clean, text.split(" ")))

    def block(text: str) -> Markup:
        return Markup("\n").join(map(spaced, text.split("\n")))

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
        "spaced": spaced,
        "block": block,
        "web_address": web_address,
        "file_name": _file_name,
    }
    return made


def _file_name(name: str) -> str:
    return quote(name, safe="", errors="replace")
