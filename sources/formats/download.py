"""A document as it came: its body, and what parsers see of it, with what the server said and what is made of both on
demand.

A body is bytes, or a file where it is large, so that it takes no memory. Both have `len`, and slices, which are bytes.
All else that is done with a body of any size is done piece by piece.
"""

from __future__ import annotations

import io
import json
import os
import weakref
from collections.abc import Callable, Hashable, Iterator, Mapping
from functools import cached_property
from typing import IO, TYPE_CHECKING, Any, Self, TypeVar

from sources.errors import WrongContent

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_T = TypeVar("_T")

LARGE = 4_000_000  # bytes: a larger body is a file
_PIECE = 1 << 18


class FileBody:
    """A body in an unnamed file, which cannot be written any more. Any number of readers have it at once, from any
    thread, and a subprocess by its `descriptor`. The file is gone when nothing refers to it. `is_ascii` says that all
    its bytes are known to be ASCII.
    """

    def __init__(self, descriptor: int, part: slice = slice(None), *, is_ascii: bool = False) -> None:
        self.descriptor, self.is_ascii = descriptor, is_ascii
        self.first, end, _ = part.indices(os.fstat(descriptor).st_size)  # where in the file it begins
        self._size = max(0, end - self.first)
        weakref.finalize(self, os.close, descriptor)

    @classmethod
    def of(cls, file: IO[bytes], *, is_ascii: bool = False) -> Self:
        """What was written to a temporary file, which may be closed then."""
        file.flush()
        try:
            return cls(os.open(f"/dev/fd/{file.fileno()}", os.O_RDONLY | os.O_CLOEXEC), is_ascii=is_ascii)
        except OSError:  # without /proc
            return cls(os.dup(file.fileno()), is_ascii=is_ascii)

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, part: slice) -> bytes:
        start, stop, _ = part.indices(self._size)
        found = os.pread(self.descriptor, max(0, stop - start), self.first + start)
        while found and (left := stop - start - len(found)):  # Linux reads 2 GB at once
            found += os.pread(self.descriptor, left, self.first + stop - left)
        return found

    def part(self, part: slice) -> Self:
        """Some of its bytes as a body for readers in this process, without reading them."""
        start, stop, _ = part.indices(self._size)
        return type(self)(os.dup(self.descriptor), slice(self.first + start, self.first + stop))

    def open(self) -> IO[bytes]:
        """A new stream from the first byte."""
        return io.BufferedReader(_Reader(self), _PIECE)


Body = bytes | FileBody


def part_of(body: Body, part: slice) -> Body:
    """Some bytes of a body, as a body."""
    return body[part] if isinstance(body, bytes) else body.part(part)


def open_body(body: Body) -> IO[bytes]:
    """A new stream of a body, from its first byte."""
    return io.BytesIO(body) if isinstance(body, bytes) else body.open()


def pieces_of(body: Body) -> Iterator[bytes]:
    """The bytes of a body: one that is no file in one piece."""
    if isinstance(body, bytes):
        yield body
        return
    with body.open() as stream:
        while piece := stream.read(_PIECE):
            yield piece


class _Reader(io.RawIOBase):
    """Reads a body from a position of its own."""

    def __init__(self, body: FileBody) -> None:
        self._body, self._at = body, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        left = memoryview(buffer)[: max(0, len(self._body) - self._at)]
        read = os.preadv(self._body.descriptor, [left], self._body.first + self._at)
        self._at += read
        return read

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = max(0, offset + (0, self._at, len(self._body))[whence])
        return self._at


class Download:
    """A document from the web, decoded and parsed on demand: a `sources.Page`.

    The body is decoded by byte order mark, then the HTTP charset, then the document's declaration, then detection;
    `encoding` (the source's option) overrides all of them.
    """

    url: str  # the final one after redirects
    headers: Mapping[str, str]  # by names in lower case
    content: Body  # unpacked
    encoding: str | None

    @property
    def html(self) -> HtmlElement:
        """The body as a tree, which `sources.Page` makes. Raises WrongContent, BadDocument."""
        raise NotImplementedError

    @property
    def content_type(self) -> str:
        """The media type in lower case without parameters, or "" when none was sent."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @cached_property
    def body(self) -> bytes:
        """All bytes of the content."""
        return self.content[:]

    def open(self) -> IO[bytes]:
        """A new stream of the content, from its first byte."""
        return open_body(self.content)

    @cached_property
    def text(self) -> str:
        """The body as text."""
        from sources.formats.decode import decode

        return decode(self.content[:], self.headers.get("content-type", ""), self.encoding)

    def json(self) -> Any:
        """The body as JSON. Raises WrongContent when it is not JSON."""
        try:
            return json.loads(self.text)
        except (ValueError, RecursionError) as error:
            what = self.content_type or "no content type"
            raise WrongContent(f"{self.url} did not answer with JSON ({what}): {error}") from None

    def once(self, what: Hashable, make: Callable[[], _T]) -> _T:
        """Memoise the result of `make` under `what`, for this page."""
        if what not in self._made:
            self._made[what] = make()
        made: _T = self._made[what]
        return made

    @cached_property
    def _made(self) -> dict[Hashable, Any]:
        return {}

    def forget(self) -> None:
        """Free what was made of the body: a tree takes ten times its memory. It is made again if it is needed."""
        for name in ("body", "text", "html", "soup", "_made"):
            self.__dict__.pop(name, None)
