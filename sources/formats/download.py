"""What parsers see of a page: its bytes with what the server said of them, and what is made of these on demand."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import IO, TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from sources.formats.file_body import Body

_T = TypeVar("_T")


class Download(Protocol):
    """A document from the web. `sources.Page` is one."""

    @property
    def url(self) -> str:
        """The final address after redirects."""

    @property
    def headers(self) -> Mapping[str, str]:
        """The response's headers, by names in lower case."""

    @property
    def content(self) -> Body:
        """The bytes, unpacked: a file where they are many."""

    @property
    def body(self) -> bytes:
        """All bytes of the content."""

    def open(self) -> IO[bytes]:
        """A new stream of the content."""

    @property
    def encoding(self) -> str | None:
        """The encoding that the source's options give."""

    @property
    def content_type(self) -> str:
        """The media type in lower case without parameters, or ""."""

    @property
    def text(self) -> str:
        """The decoded body."""

    @property
    def html(self) -> HtmlElement:
        """The body as a tree. Raises WrongContent, BadDocument."""

    def json(self) -> Any:
        """The body as JSON. Raises WrongContent."""

    def once(self, what: Hashable, make: Callable[[], _T]) -> _T:
        """Memoise the result of `make` under `what`."""
