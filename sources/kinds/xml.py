"""The kind `xml`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import Annotated, ClassVar

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from sources.errors import NotFound
from sources.formats.archives import open_content
from sources.formats.dates import read_date
from sources.formats.links import absolute
from sources.formats.records import RecordCut
from sources.formats.xml import Batch, Element, ElementPath, Places, batches, cut_elements, paths_seen
from sources.model import Entry, Get, Page, Proven
from sources.model.entry import Rows
from sources.pagination.columns import Names
from sources.pagination.detail import Detailed
from sources.text import clean, listing

Named = Annotated[
    dict[str, str],
    BeforeValidator(lambda value: {name: name for name in value} if isinstance(value, list | tuple) else value),
    WithJsonSchema({"anyOf": [{"type": "object"}, {"type": "array"}]}),
]
"""Names with their paths; in a list, each name is its own path."""

_MOST_COLUMNS = 1000


class Xml(Detailed):
    """The elements of an XML document, one entry each. Places are said as paths: "person/name", "@id"."""

    proven: ClassVar[Proven | None] = "captures"  # a kind that rests on it may be proven less

    url: str = Field(description="the document, or a ZIP archive with it")
    member: str | None = Field(default=None, description="the document in a ZIP archive: its name, or a glob")
    items: Names = Field(min_length=1, description='path to the elements that are entries: "list/person"; or several')
    key: Names = Field(min_length=1, description="path, in an item, to what tells it from others; or several")
    title: Names = Field(default=(), description="path, in an item, to its title; or several; default: the key")
    link: str | None = Field(default=None, description="path, in an item, to its address")
    published: str | None = Field(default=None, description="path, in an item, to its date")
    fields: Named = Field(
        default_factory=dict,
        description="the fields to compare, name = path, or a list of paths; default: all that an item has",
    )
    namespaces: dict[str, str] = Field(default_factory=dict, description="what the prefixes in the paths stand for")

    @model_validator(mode="after")
    def _compiles(self) -> Xml:
        if not all(path.steps and not path.attribute for path in self._items()):
            raise ValueError("items must be paths to elements, not to attributes")
        self._places("")
        return self

    def parse(self, page: Page) -> Iterator[Entry | Rows | Get]:
        """One entry per item. Raises NotFound when there is none, or when a path matches in none of them."""
        file = open_content(page, self.member, self.max_bytes)
        places, last = self._places(file.where), None
        for items in batches(file, self._items()):
            yield from self._entries(page, places, items)
            last = items[-1]
            items.clear()
        if last is not None:
            places.check(last)
        elif self.min_entries:  # a list that is empty has at least the parent of its items
            seen, around = paths_seen(file), [path.strip("/").rpartition("/")[0] for path in self.items]
            if not any(path and f"/{name}".endswith(f"/{path}") for path in around for name in seen):
                shown = listing((f"{path} ({count})" for path, count in seen.items()), most=20)
                raise NotFound(f"{file.where} has no element {' or '.join(self.items)} (option items); it has {shown}")

    def _entries(self, page: Page, places: Places, items: Sequence[Element]) -> Iterator[Entry | Rows]:
        batch = Batch(items)
        texts = places.read(batch)
        keys, titles = texts["key"], texts.get("title", texts["key"])
        named = {name: texts[f"fields.{name}"] for name in self.fields}
        names = None if self.link or self.published else _joint_order([[*named]] if named else batch.shapes)
        if names is not None:  # a key that is also a field is one column, as it is for a register's rows
            columns = named or batch.columns(names)
            keys, titles = (next((same for same in columns.values() if same == own), own) for own in (keys, titles))
            yield Rows(keys, titles, columns)
            return
        fields = [dict(zip(named, each, strict=True)) for each in zip(*named.values(), strict=True)]
        links, dates = (texts.get(option, [""] * len(items)) for option in ("link", "published"))
        for key, title, own, link, date in zip(keys, titles, fields or batch.members(), links, dates, strict=True):
            yield Entry(key, title, own, absolute(page.url, link) if link else None, read_date(date))

    def cut(self, page: Page) -> RecordCut | None:
        """Its items, if they have one name, and if all paths lead somewhere in the first ones, so that fields may be
        absent in those that are read.
        """
        file = open_content(page, self.member, self.max_bytes)
        first = next(batches(file, self._items()), None)
        if type(self).parse is not Xml.parse or first is None:
            return None
        places = self._places(file.where)
        places.read(Batch(first))
        places.check(first[-1])
        fields = {name: path.strip().removesuffix("?") + "?" for name, path in self.fields.items()}
        return cut_elements(file, first[0], {"member": None, "fields": fields})

    def _items(self) -> list[ElementPath]:
        return [ElementPath.compile(path, self.namespaces) for path in self.items]

    def _places(self, where: str) -> Places:
        own = {"key": self.key, "title": self.title}
        own |= {"link": (self.link,) if self.link else (), "published": (self.published,) if self.published else ()}
        return Places(where, own | {f"fields.{name}": (path,) for name, path in self.fields.items()}, self.namespaces)


def _joint_order(shapes: Iterable[Sequence[str]]) -> Sequence[str] | None:
    """The names that records have, in an order that is that of each record. None when there is none, or when the names
    are too many for columns, or not clean.
    """
    order = TopologicalSorter[str]()
    for names in shapes:
        for at, name in enumerate(names):
            order.add(name, *names[max(0, at - 1) : at])
    try:
        joint = list(order.static_order())
    except CycleError:
        return None
    return joint if len(joint) <= _MOST_COLUMNS and list(map(clean, joint)) == joint else None
