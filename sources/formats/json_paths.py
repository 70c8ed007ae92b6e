"""JMESPath, in which options name places of a JSON document, and messages about paths that find nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import count
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, WithJsonSchema

from sources.errors import BadDocument, NotFound, WrongContent
from sources.text import fold_name, listing

LONGEST_LINE = 10_000_000  # characters of one document in JSON Lines
_ITEMS = 10_000  # in one block
_END = b"\0"  # of an item in such a block: in no JSON

if TYPE_CHECKING:
    from jmespath.parser import ParsedResult
    from msgspec import Raw

    from sources.formats.archives import Content
    from sources.formats.download import Download
    from sources.formats.records import RecordCut


def check_path(path: str) -> str:
    """Return the JMESPath if it compiles. Raises ValueError with the reason."""
    try:
        compile_path(path)
    except ValueError as error:
        raise ValueError(f"{path!r} is no JMESPath: {' '.join(str(error).split())}") from None
    return path


def find(path: str, data: Any) -> Any:
    """The value at the path, None when there is none. Raises BadDocument when a function in the path gets a
    wrong type.
    """
    return finder(path)(data)


@lru_cache(maxsize=1024)
def finder(path: str) -> Callable[[Any], Any]:
    """What `find` does with this path. Names alone, as in "a.b", are looked up without JMESPath's interpreter."""
    compiled, names = compile_path(path), names_of(path)

    def look_up(data: Any) -> Any:
        for name in names or ():
            try:
                data = data.get(name)
            except AttributeError:
                return None
        return data

    def search(data: Any) -> Any:
        try:
            return compiled.search(data)
        except ValueError as error:
            raise BadDocument(f"the path {path!r} cannot be applied: {' '.join(str(error).split())}") from None

    return search if names is None else look_up


def names_of(path: str) -> Sequence[str] | None:
    """The members through which a path leads, one in the other; None for a path that is not names alone."""
    return _names(compile_path(path).parsed)


def _names(node: Mapping[str, Any]) -> Sequence[str] | None:
    if node["type"] in ("field", "current"):
        return [node["value"]] if node["type"] == "field" else []
    inner = list(map(_names, node["children"])) if node["type"] == "subexpression" else [None]
    return None if None in inner else [name for names in inner for name in names or ()]


# What begins with its first child. "a || b", which makes "a" optional, is none of them.
_FIRST_CHILD = frozenset(
    ("subexpression", "index_expression", "projection", "value_projection", "filter_projection", "flatten", "pipe")
)


@lru_cache(maxsize=1024)
def compile_path(path: str) -> ParsedResult:
    """The expression, parsed once. Raises jmespath's JMESPathError, a ValueError."""
    import jmespath

    return jmespath.compile(path)


JsonPath = Annotated[str, AfterValidator(check_path), WithJsonSchema({"type": "string", "format": "jmespath"})]


def list_members(document: Any) -> str:
    """The members of a document, and their members, as paths for a message."""
    if not isinstance(document, dict):
        return f"a list of {len(document)}" if isinstance(document, list) else type(document).__name__
    names = list(document)
    names += [f"{name}.{inner}" for name, value in document.items() if isinstance(value, dict) for inner in value]
    return listing(names, most=20)


def members_of(items: Iterable[Any]) -> Mapping[str, None]:
    """The members that any of the items has, in their order."""
    return {name: None for item in items if isinstance(item, dict) for name in item}


def check_members(where: str, seen: Mapping[str, None], paths: Mapping[str, str | None]) -> None:
    """Raise NotFound when a path begins with a member that is not among those seen in items: it is misspelt, or the
    site renamed it.
    """
    for option, path in paths.items():
        node: Any = compile_path(path).parsed if path else {"type": ""}
        while node["type"] in _FIRST_CHILD:
            node = node["children"][0]
        member = node["value"] if node["type"] == "field" else None  # "a" in `a.b[0]`
        if seen and member is not None and member not in seen:
            raise NotFound(
                f"{where}: no item has {member!r} ({option} = {path!r}); its members are {listing(seen, most=30)}."
                f" Where it may be absent, write {path} || `null`"
            )


def drop_names(document: Any, names: Collection[str]) -> None:
    """Remove the members of these names from a document, at any depth, whatever their case."""
    waiting, folded, fold = [document] if names else [], set(map(fold_name, names)), cache(fold_name)
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            for name in [name for name in each if fold(name) in folded]:
                del each[name]
        waiting += each.values() if isinstance(each, dict) else each if isinstance(each, list) else ()


def from_columns(where: str, columns: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Items from a document in columns: an object of lists. Raises BadDocument when the lists differ in length.

    Members that are no lists describe the whole document, and are left out.
    """
    lists = {name: values for name, values in columns.items() if isinstance(values, list)}
    lengths = {name: len(values) for name, values in lists.items()}
    if len(set(lengths.values())) > 1:
        shown = listing(f"{name} ({length})" for name, length in lengths.items())
        raise BadDocument(f"{where}: the columns are not of one length: {shown}")
    return [dict(zip(lists, row, strict=True)) for row in zip(*lists.values(), strict=True)]


def json_lines(page: Download, *, may_be_cut: bool = False) -> Iterator[Any]:
    """The documents of JSON Lines text; empty lines are skipped. With `may_be_cut` a last line without an end is left
    for the next time: the file is still being written. Raises WrongContent, and BadDocument for a line too long.
    """
    text, begins = page.text, 0
    for number in count(1):
        ends = text.find("\n", begins)
        line = text[begins:] if ends < 0 else text[begins:ends]
        if len(line) > LONGEST_LINE:
            too_long = f"has {len(line):,} characters: at most {LONGEST_LINE:,}"
            raise BadDocument(f"{page.url}, line {number}, {too_long}")
        if line and not line.isspace():
            try:
                document = json.loads(line)
            except (ValueError, RecursionError) as error:
                if may_be_cut and ends < 0:
                    return
                raise WrongContent(f"{page.url}, line {number}, is not JSON: {error}") from None
            yield document
        if ends < 0:
            return
        begins = ends + 1


def cut_items(file: Content, names: Sequence[str]) -> RecordCut | None:
    """The items of the list to which these members lead, one in the other. What else there is in the document is frame.

    Raises ValueError where there is no such list, or no such document.
    """
    from sources.formats.records import RecordCut  # for large pages alone

    encoding, skipped = file.encoding
    if encoding != "utf-8":
        return None
    with file.stream() as stream:
        stream.read(skipped)
        document = stream.read()
    if _END in document:
        raise ValueError("an item with what is to end it")
    before, items, after = _take_apart(document, names)

    def blocks() -> Iterator[bytes]:
        yield before
        for start in range(0, len(items), _ITEMS):
            yield b"".join(bytes(item) + _END for item in items[start : start + _ITEMS])
        yield after

    def frame(some: bytes) -> Iterator[tuple[int, int]]:
        if not some.endswith(_END):
            yield some.rfind(_END) + 1, len(some)

    def join(parts: Sequence[bytes]) -> bytes:
        return b"".join([before, b",".join(part.removesuffix(_END) for part in parts[1:-1]), after])

    return RecordCut(blocks, len(before), _END, encoding, frame, join=join, outline=lambda _: None)


def _take_apart(document: bytes | Raw, names: Sequence[str]) -> tuple[bytes, Sequence[Raw], bytes]:
    """What is before the items, with all other members; the items; and what is after them."""
    import msgspec  # for large pages alone

    if not names:
        return b"[", msgspec.json.decode(document, type=list[msgspec.Raw]), b"]"
    members = msgspec.json.decode(document, type=dict[str, msgspec.Raw])
    inner = members.pop(names[0], msgspec.Raw(b"null"))
    before, items, after = _take_apart(inner, names[1:])
    others = b"".join(msgspec.json.encode(name) + b":" + bytes(raw) + b"," for name, raw in members.items())
    return b"{" + others + msgspec.json.encode(names[0]) + b":" + before, items, after + b"}"
