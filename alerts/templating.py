"""The Jinja2 environment of every HTML text, such as the templates in `alerts/templates`, with autoescape on.

The environment holds three rules, so that no template has to: each value is escaped; each value is one clean line, as
`sources.text.clean` gives it; a name that is not defined is an error. The filters:

    lines         a text of several lines keeps its line breaks; each line is clean
    spaced        every space stays, for commands that are copied and for what they print
    block         every space and every line break stays, for lines of a file that are copied
    web_address   an http or https URL as it may stand in `href`, or none
    file_name     the name of a file beside the page as it may stand in `href`, percent-encoded

Jinja2 is imported with the first text that is rendered: a check that alerts nobody does without it.
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
    """A template of `alerts/templates`, by its file name, with values for its variables.

    Raises jinja2.UndefinedError for a variable or an attribute that is missing, which is a fault of the program.
    """
    return environment("alerts").get_template(template).render(values)


@cache
def environment(package: str) -> Environment:
    """The environment of the templates that lie in the folder `templates` of a package."""
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
