"""The kind `xml`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from sources.errors import NotFound
from sources.formats.archives import open_content
from sources.formats.dates import read_date
from sources.formats.links import absolute
from sources.formats.xml import ElementPath, Places, elements, members, paths_seen
from sources.model import Entry, Get, Page, Proven
from sources.pagination.columns import Names
from sources.pagination.detail import Detailed
from sources.text import listing

Named = Annotated[
    dict[str, str],
    BeforeValidator(lambda value: {name: name for name in value} if isinstance(value, list | tuple) else value),
    WithJsonSchema({"anyOf": [{"type": "object"}, {"type": "array"}]}),
]
"""Names with their paths; in a list, each name is its own path."""


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

    def parse(self, page: Page) -> Iterator[Entry | Get]:
        """One entry per item. Raises NotFound when there is none, or when a path matches in none of them."""
        file = open_content(page, self.member, self.max_bytes)
        places, item = self._places(file.where), None
        for item in elements(file, self._items()):
            values = places.read(item)
            fields = {name: values[f"fields.{name}"] for name in self.fields} or members(item)
            link = absolute(page.url, values["link"]) if values.get("link") else None
            yield Entry(values["key"], values.get("title", ""), fields, link, read_date(values.get("published", "")))
        if item is not None:
            places.check(item)
        elif self.min_entries:  # a list that is empty has at least the parent of its items
            seen, around = paths_seen(file), [path.strip("/").rpartition("/")[0] for path in self.items]
            if not any(path and f"/{name}".endswith(f"/{path}") for path in around for name in seen):
                shown = listing((f"{path} ({count})" for path, count in seen.items()), most=20)
                raise NotFound(f"{file.where} has no element {' or '.join(self.items)} (option items); it has {shown}")

    def _items(self) -> list[ElementPath]:
        return [ElementPath.compile(path, self.namespaces) for path in self.items]

    def _places(self, where: str) -> Places:
        own = {"key": self.key, "title": self.title}
        own |= {"link": (self.link,) if self.link else (), "published": (self.published,) if self.published else ()}
        return Places(where, own | {f"fields.{name}": (path,) for name, path in self.fields.items()}, self.namespaces)
