"""The two selector languages of options: CSS for HTML, JMESPath for JSON. Both are validated at load."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, WithJsonSchema

from sources.errors import BadDocument

if TYPE_CHECKING:
    from jmespath.parser import ParsedResult

# Both libraries are slow to import, and a source seldom needs both.


def check_css(selector: str) -> str:
    """Return the selector if it compiles. Raises ValueError with the reason."""
    from cssselect import HTMLTranslator, SelectorError

    try:
        HTMLTranslator().css_to_xpath(selector)
    except SelectorError as error:
        raise ValueError(f"{selector!r} is no CSS selector: {error}") from None
    return selector


def check_path(path: str) -> str:
    """Return the JMESPath if it compiles. Raises ValueError with the reason."""
    from jmespath.exceptions import JMESPathError

    try:
        compiled(path)
    except JMESPathError as error:
        raise ValueError(f"{path!r} is no JMESPath: {' '.join(str(error).split())}") from None
    return path


def find(path: str, data: Any) -> Any:
    """The value at the path, None when there is none. Raises BadDocument when a function in the path gets a
    wrong type.
    """
    from jmespath.exceptions import JMESPathError

    try:
        return compiled(path).search(data)
    except JMESPathError as error:
        raise BadDocument(f"the path {path!r} cannot be applied: {' '.join(str(error).split())}") from None


def first_member(path: str) -> str | None:
    """The first member in a path, "a" in `a.b[0]`; None when there is none, or when it is optional.

    `a || b` makes `a` optional.
    """
    node: Any = compiled(path).parsed
    while node["type"] in _FIRST_CHILD:
        node = node["children"][0]
    return node["value"] if node["type"] == "field" else None


_FIRST_CHILD = frozenset(
    ("subexpression", "index_expression", "projection", "value_projection", "filter_projection", "flatten", "pipe")
)


@lru_cache(maxsize=1024)
def compiled(path: str) -> ParsedResult:
    """The expression, parsed once. Raises jmespath's JMESPathError."""
    import jmespath

    return jmespath.compile(path)


Css = Annotated[str, AfterValidator(check_css), WithJsonSchema({"type": "string", "format": "css-selector"})]
JsonPath = Annotated[str, AfterValidator(check_path), WithJsonSchema({"type": "string", "format": "jmespath"})]
