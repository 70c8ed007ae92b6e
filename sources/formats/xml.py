"""XML as a stream of elements, and the paths of options in it.

A path is names separated by "/", with an optional attribute at the end: "person/name", "decision/@date", "@id", "." for
the element itself. A name without a prefix matches in any namespace, "*" matches every name. A "?" at the end marks a
place that may be absent.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, partial
from itertools import chain, islice
from operator import methodcaller
from typing import Any, TypeAlias

from lxml import etree

from sources.errors import BadDocument, NotFound, WrongContent
from sources.formats.archives import Content
from sources.formats.decode import name_binary
from sources.formats.records import HEAD, RecordCut, is_bytewise, read_blocks_of
from sources.text import clean, clean_all, join_clean, listing

Element: TypeAlias = etree._Element  # noqa: SLF001 - lxml has no public name for it
_PIECE, _START = 1 << 18, 1 << 12  # characters: parsed at once; in which the document's element mostly begins
_NAME = re.compile(r"(?:([\w.-]+):)?([\w.-]+|\*)")
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_PAGE = re.compile(rb"(\xef\xbb\xbf)?\s*(<!doctype html|<html)\b", re.IGNORECASE)
_ASIDE = re.compile(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|<!DOCTYPE[^\[<>]*>", re.DOTALL)  # in it "<" is a sign
_CLOSED = re.compile(rb"(?:[^<]++|<(?![!?])|" + _ASIDE.pattern + rb")*+", re.DOTALL)
_TAG = re.compile(rb"""</?[^\s<>/]+|/?>|\sxmlns[^\s=]*\s*=\s*(?:"[^"]*"|'[^']*')""")
# No entity is expanded and no DTD loaded: it could name any file or address, and expand to gigabytes.
SAFE: Mapping[str, Any] = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}


@dataclass(frozen=True, slots=True)
class ElementPath:
    """A compiled path: the names as lxml's patterns, and the attribute's name."""

    text: str
    steps: tuple[str, ...]
    attribute: str | None
    optional: bool

    @classmethod
    def compile(cls, path: str, namespaces: Mapping[str, str]) -> ElementPath:
        """Compile a path. Raises ValueError with the reason."""
        bare = path.strip().removesuffix("?")
        names, at, attribute = bare.partition("@")
        names = names.strip("/")
        steps = tuple(_pattern(name, path, namespaces) for name in names.split("/") if names not in ("", "."))
        if not names and not at:
            raise ValueError(f"{path!r} names no element")
        last = _pattern(attribute, path, namespaces) if at else None
        return cls(path, steps, last, path.strip() != bare)

    def values(self, element: Element) -> list[str]:
        """The texts at the path below the element, in document order; empty when there are none."""
        found = [element]
        for step in self.steps:
            found = [child for parent in found for child in parent.iterchildren(step)]
        if self.attribute:
            return [str(value) for place in found for name, value in place.items() if _is(str(name), self.attribute)]
        return [text_in(place) for place in found]

    def matches(self, element: Element) -> bool:
        """Whether the path, matched from its end, leads to the element."""
        place: Any = element
        for step in reversed(self.steps):
            if place is None or not _is(place.tag, step):
                return False
            place = place.getparent()
        return True


def elements(file: Content, items: Sequence[ElementPath]) -> Iterator[Element]:
    """As `batches`, but one by one."""
    return chain.from_iterable(batches(file, items))


def batches(file: Content, items: Sequence[ElementPath]) -> Iterator[list[Element]]:
    """The outermost elements that match a path in `items`, complete, in groups; each is freed when the next one comes,
    and fastest if its list was cleared and nothing of it is kept.

    Raises BadDocument when the document is not well formed or truncated, and WrongContent when it is no XML.
    """
    start = file.begins()
    if _PAGE.match(start):
        raise WrongContent(f"{file.where} is no XML document but an HTML page")
    with file.text() as text:
        begins = text.read(200).lstrip()
    if not begins.startswith("<"):
        raise WrongContent(
            f"{file.where} is no XML document but {name_binary(start) or f'text: {clean(begins)[:60]!r}'}"
        )
    root: Element | None = None
    item: Element | None = None
    is_named = all(len(path.steps) == 1 for path in items)  # so that the parser's look at names suffices
    try:
        _, first = next(chain.from_iterable(_events(file, None, size=_START)))
        for events in _events(file, [str(first.tag), *(path.steps[-1] for path in items)]):
            ended = []
            for event, element in events:
                root = element if root is None else root
                if event == "start":
                    if item is None and ((is_named and element.tag != first.tag) or _is_item(element, items)):
                        item = element
                elif element is item:
                    ended.append(element)
                    item = None
            if ended:
                yield ended
            _free(root, items)
    except etree.XMLSyntaxError as error:
        raise BadDocument(f"{file.where} is not well-formed XML, or cut off: {clean(error.msg or '')}") from None


def _free(outer: Element | None, items: Sequence[ElementPath]) -> None:
    """Free what was parsed but the open elements: the last child at each level, down to an item."""
    while outer is not None and len(outer) and not _is_item(outer, items):
        del outer[:-1]
        outer = outer[-1]


def paths_seen(file: Content) -> Counter[str]:
    """The paths of the elements in the first 1 MB, with their number: for an error message."""
    counts: Counter[str] = Counter()
    names: list[str] = []
    for event, element in chain.from_iterable(_events(file, None, most=4)):
        if event == "end":
            names.pop()
        else:
            names.append(local_name(element.tag))
            counts["/".join(names)] += len(names) < 5
    return +counts


class Batch:
    """Some elements, one at least, and what they have: attributes as "@id", and children, by their names."""

    def __init__(self, elements: Sequence[Element]) -> None:
        self.elements = elements
        self._children = [element[:] for element in elements]
        self._tags: list[tuple[Any, ...]] = [tuple([child.tag for child in children]) for children in self._children]
        if not all(isinstance(tag, str) for tags in set(self._tags) for tag in tags):  # a comment's name is no text
            self._children = [list(element.iterchildren("*")) for element in elements]  # takes twice the time
            self._tags = [tuple([child.tag for child in children]) for children in self._children]
        self._shapes = set(self._tags)

    def values(self, path: ElementPath) -> list[list[str]]:
        """What the path gives for each element."""
        if not path.steps:
            return list(map(path.values, self.elements))
        wanted = {tag for tag in set[str]().union(*self._shapes) if _is(tag, path.steps[0])}
        places = {tags: [at for at, tag in enumerate(tags) if tag in wanted] for tags in self._shapes}
        below = replace(path, steps=path.steps[1:])
        if wanted and len(places) == 1 and self._plain and not (below.steps or path.attribute):
            ((tags, own),) = places.items()
            return list(map(list, zip(*(self._plain[at :: len(tags)] for at in own), strict=True)))
        found = [[each[at] for at in places[tags]] for tags, each in zip(self._tags, self._children, strict=True)]
        return [list(chain.from_iterable(map(below.values, some))) for some in found]

    def members(self) -> list[dict[str, str]]:
        """The content of each by name: repeated children joined with "; ", the texts of a child's own with ", "."""
        names, texts = self._content
        rest, found = iter(texts), list[dict[str, str]]()
        for own in names:
            row = list(islice(rest, len(own)))
            content = dict(zip(own, row, strict=True))
            if len(content) < len(own):
                several = defaultdict[str, list[str]](list)
                for name, text in zip(own, row, strict=True):
                    several[name].append(text)
                content = {name: join_clean(values, "; ") for name, values in several.items()}
            found.append(content)
        return found

    @property
    def shapes(self) -> Iterable[Sequence[str]]:
        """The distinct lists of names that elements have."""
        return dict.fromkeys(tuple(dict.fromkeys(own)) for own in dict.fromkeys(self._content[0]))

    def columns(self, names: Sequence[str]) -> Mapping[str, Sequence[str]]:
        """The content of all by these names, "" where an element lacks one."""
        of_each, texts = self._content
        if of_each.count(tuple(names)) == len(of_each):
            return {name: texts[at :: len(names)] for at, name in enumerate(names)}
        records = self.members()
        return {name: [record.get(name, "") for record in records] for name in names}

    @cached_property
    def _content(self) -> tuple[list[tuple[str, ...]], Sequence[str]]:
        """The names of what each element has; the clean texts of all."""
        local = {tags: tuple(map(local_name, tags)) for tags in self._shapes}
        if self._plain:
            return [local[tags] for tags in self._tags], clean_all(self._plain)
        names, texts = list[tuple[str, ...]](), list[str]()
        for element, children, tags in zip(self.elements, self._children, self._tags, strict=True):
            given = [(f"@{local_name(name)}", value) for name, value in _attributes(element)]
            if not len(element) and (element.text or "").strip():
                given.append((".", element.text or ""))
            names.append((*(name for name, _ in given), *local[tags]))
            texts += [text for _, text in given]
            for child in children:
                texts.append(", ".join(_describe(child)) if len(child) or child.keys() else child.text or "")
        return names, clean_all(texts)

    @cached_property
    def _plain(self) -> list[str]:
        """The texts of all children if there is nothing else: no attributes, or further children. Each has some."""
        children = list(chain.from_iterable(self._children))
        odd = any(map(len, children)) or any(map(Element.keys, chain(self.elements, children)))
        return [] if odd or () in self._shapes else [child.text or "" for child in children]


def text_in(element: Element) -> str:
    """The element's text; its children's texts are joined with ", ", unless it has mixed content."""
    if not len(element):
        return element.text or ""
    pieces = [str(piece) for piece in element.itertext("*", etree.Entity)]
    return "".join(pieces) if _is_mixed(element) else ", ".join(filter(None, map(clean, pieces)))


def local_name(tag: Any) -> str:
    """The name without its namespace."""
    return str(tag).rpartition("}")[2]


def _attributes(element: Element) -> list[tuple[str, str]]:
    return [(str(name), str(value)) for name, value in element.items() if not str(name).startswith(_XSI)]


def _describe(element: Element) -> list[str]:
    attributes = [f"{local_name(name)}: {clean(value)}" for name, value in _attributes(element)]
    children = list(element.iterchildren("*")) if len(element) else []
    if not children or _is_mixed(element):
        return list(filter(None, [clean(text_in(element)), *attributes]))
    return attributes + [part for child in children for part in _describe(child)]


def _is_mixed(element: Element) -> bool:
    """Whether the element has mixed content: text beside its children."""
    texts = (element.text, *(child.tail for child in element))
    return any((text or "").strip() for text in texts) or any(True for _ in element.iterchildren(etree.Entity))


def _pattern(name: str, path: str, namespaces: Mapping[str, str]) -> str:
    match = _NAME.fullmatch(name)
    if not match:
        raise ValueError(f'{path!r} is no path of element names: "a/b", "a/@attribute", "@attribute" or "."')
    prefix, own = match.groups()
    if prefix and prefix not in namespaces:
        raise ValueError(f'{path!r}: say in namespaces what "{prefix}" is, or leave it out: then any namespace will do')
    return f"{{{namespaces[prefix] if prefix else '*'}}}{own}"


@lru_cache(maxsize=256)
def _is(tag: Any, pattern: str) -> bool:
    """Whether a name matches a pattern: "{*}name", "{uri}name", "{uri}*"."""
    if not isinstance(tag, str):
        return False
    uri, _, name = pattern[1:].rpartition("}")
    own_uri, _, own = tag[1:].rpartition("}") if tag.startswith("{") else ("", "", tag)
    return name in ("*", own) and uri in ("*", own_uri)


def _is_item(element: Element, items: Sequence[ElementPath]) -> bool:
    return any(map(methodcaller("matches", element), items))


def _events(
    file: Content, tags: list[str] | None, most: int | None = None, size: int = _PIECE
) -> Iterator[Iterable[tuple[str, Element]]]:
    """Start and end events of elements with these names, for each piece of the document, of `size` characters; at most
    `most` pieces.
    """
    parser = etree.XMLPullParser(events=("start", "end"), tag=tags, encoding="utf-8", **SAFE)
    with file.text() as text:
        piece, read = text.read(size).lstrip(), 0
        while piece and read != most:
            parser.feed(piece.encode("utf-8", "replace"))  # the encoding that the document declares is wrong for it
            yield parser.read_events()
            piece, read = text.read(size), read + 1
    with suppress(*([etree.XMLSyntaxError] if most else [])):  # a part of a document is never well formed
        parser.close()
    yield parser.read_events()


def cut_elements(file: Content, element: Element, options: Mapping[str, Any]) -> RecordCut | None:
    """All up to the end tag of each element that is called as this one is, which is read with these options. The frame
    is what stands before the first and after the last one.
    """
    encoding, _ = file.encoding
    if not is_bytewise(encoding):
        return None
    name = f"{element.prefix}:{local_name(element.tag)}" if element.prefix else local_name(element.tag)
    start, ends = f"<{name}".encode(encoding), f"</{name}>".encode(encoding)
    first = re.search(re.escape(start) + rb"[\s/>]", file.begins(HEAD))
    if first is None:
        return None
    blocks, frame = partial(read_blocks_of, file.open), partial(_after_elements, start, ends)
    return RecordCut(blocks, first.start(), ends, encoding, frame, outline=_outline, options=options)


def _after_elements(start: bytes, ends: bytes, some: bytes) -> Iterator[tuple[int, int]]:
    """For `RecordCut.frame`: what is after the last end tag. Raises ValueError where what is before is something else
    than elements of the name, or has an end tag within a comment or the like.
    """
    stop = some.rfind(ends) + len(ends) if ends in some else 0
    elements, number = some[:stop], some.count(ends)
    if number and not _are_side_by_side(start, ends, elements, number):
        raise ValueError("something else than elements of one name")
    if (b"<!" in elements or b"<?" in elements) and not all(map(_CLOSED.fullmatch, elements.split(ends))):
        raise ValueError("a comment or the like with what may be an end")
    if stop < len(some):
        yield stop, len(some)


def _are_side_by_side(start: bytes, ends: bytes, elements: bytes, number: int) -> bool:
    """Whether as many elements as there are end tags follow each other, with white space alone in between."""
    opening = re.compile(re.escape(start) + rb"[\s/>]")
    following = re.compile(re.escape(ends) + rb"\s*+" + opening.pattern)
    if not opening.match(elements.lstrip()):
        return False
    near = following.search(elements)  # where all are written like the first ones, it is enough to count
    if near and elements.count(near[0]) == number - 1 and elements.count(start) == number:
        return True
    return len(following.findall(elements)) == number - 1 and len(opening.findall(elements)) == number


def _outline(frame: bytes) -> Sequence[bytes]:
    """The names of elements and the namespaces, on which the meaning of those in between depends. Raises ValueError
    where a comment or the like is open, in which there may be more.
    """
    if not _CLOSED.fullmatch(frame):
        raise ValueError("a comment or a DTD with what may be an element")
    return _TAG.findall(_ASIDE.sub(b"", frame))


class Places:
    """The compiled paths of options. Each must match in at least one item.

    A path with a "?" at the end is exempt. Raises ValueError for an invalid path.
    """

    def __init__(self, where: str, options: Mapping[str, Sequence[str]], namespaces: Mapping[str, str]) -> None:
        self._where = where
        self._places = [
            (option, ElementPath.compile(path, namespaces)) for option, paths in options.items() for path in paths
        ]
        self._absent = {(option, place) for option, place in self._places if not place.optional}

    def read(self, batch: Batch) -> Mapping[str, Sequence[str]]:
        """The texts for each option, one per item. Raises NotFound when no item up to one had any for `key`."""
        columns, found = defaultdict[str, list[Sequence[str]]](list), list[tuple[str, ElementPath, list[list[str]]]]()
        for option, place in self._places:
            values = batch.values(place)
            found.append((option, place, values))
            flat = clean_all(list(chain.from_iterable(values)))
            rest, single = iter(flat), set(map(len, values)) == {1}
            columns[option].append(flat if single else [join_clean(islice(rest, len(each)), "; ") for each in values])
        texts = {
            name: of_places[0] if len(of_places) == 1 else list(map(join_clean, zip(*of_places, strict=True)))
            for name, of_places in columns.items()
        }
        first = texts["key"].index("") if "" in texts["key"] else len(batch.elements)  # without a key
        self._absent -= {(option, place) for option, place, values in found if any(values[: first + 1])}
        if first < len(batch.elements):
            self.check(batch.elements[first], only="key")
        return texts

    def check(self, item: Element, only: str | None = None) -> None:
        """Raise NotFound, which lists the content of `item`, when a path has matched in no item so far."""
        for option, place in self._places:
            if (option, place) in self._absent and only in (None, option):
                seen = listing(Batch([item]).members()[0], most=30)
                why = f"no item has {place.text!r} (option {option}); the last one has {seen}"
                raise NotFound(f"{self._where}: {why}. Where it may be absent, write {place.text + '?'!r}")
