"""The option `detail`: fields of an entry that stand on a page of its own."""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import cached_property
from typing import Any, Self
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field, PositiveInt, ValidationError, model_validator

from sources.errors import BadDocument, NotFound, fault_words
from sources.formats.links import absolute
from sources.loader import KindError
from sources.loader import kind as kind_named
from sources.model import Entry, Source
from sources.options import Duration, Inner
from sources.pagination.requests import Asking
from sources.text import join_texts

MOST_SIZE = 1_000_000  # characters in the fields of one detail
_PLACE = re.compile(r"\{([^{}]+)\}")
_ANYWHERE = "https://detail.invalid/"
# What makes of the whole page one item, where the kind needs to be told.
_WHOLE: Mapping[str, dict[str, Any]] = {"list": {"item": "html"}, "json": {"items": "[@]", "key": "'item'"}}


class DetailOptions(BaseModel):
    """The option `detail`. All other keys are options of the kind that reads the page."""

    model_config = ConfigDict(defer_build=True, extra="allow", frozen=True)

    link: str = Field(
        default="",
        description="the place of the page's address in an item, as in the option link; or an address with {key}, or"
        " the {name} of a field, in it; default: the entry's own link",
    )
    kind: str = Field(default="list", description="the kind that reads the page; default: the whole page is one item")
    reread: Duration = Field(default=timedelta(days=7), description="how often the page of each entry is read again")
    max_pages: PositiveInt = Field(default=20, description="most of these pages in one check")

    @model_validator(mode="after")
    def _can_be_read(self) -> Self:
        assert self.reader  # noqa: S101 - made here for the first time, so that errors come when it is loaded
        return self

    @cached_property
    def reader(self) -> Source:
        """The source that reads the page of an entry. Raises ValueError for wrong options."""
        given = self.model_extra or {}
        if self.kind == "list" and "item" not in given and "fields" not in given:
            raise ValueError('detail needs fields: { name = "css" }')
        try:
            return kind_named(self.kind).model_validate({"url": _ANYWHERE, **_WHOLE.get(self.kind, {}), **given})
        except KindError as error:
            raise ValueError(f"detail: {error}") from None
        except ValidationError as error:
            raise ValueError(f"detail: {fault_words(error)}") from None

    @property
    def address(self) -> str:
        """The address with placeholders, "" where `link` is a place."""
        return self.link if "://" in self.link or self.link.startswith("/") else ""

    def fields_of(self, entries: Sequence[Entry], where: str) -> dict[str, str]:
        """The fields of the items on a page; values of several items are joined. `where` is the page's address.

        Raises NotFound when there is no item, and BadDocument for too much text.
        """
        if not entries:
            raise NotFound(f"{where} has no item (option detail)")
        names = dict.fromkeys(name for entry in entries for name in entry.fields)
        fields = {name: join_texts((entry.fields.get(name, "") for entry in entries), "; ") for name in names}
        if not names and (texts := join_texts((entry.text for entry in entries), "\n")):
            fields = {"text": texts}
        if sum(map(len, fields.values())) > MOST_SIZE:
            raise BadDocument(f"{where} has more than {MOST_SIZE:,} characters for one entry (option detail)")
        return fields


class Detailed(Asking):
    """The base of kinds whose entries may have a page of their own, with further fields."""

    detail: Inner[DetailOptions] | None = Field(
        default=None,
        description='fields on the page of each entry: { link = "a@href", fields = { status = ".status" } }, and'
        " kind, reread, max_pages, and what that kind takes",
    )

    @model_validator(mode="before")
    @classmethod
    def _link_of_detail(cls, data: Any) -> Any:
        detail = data.get("detail") if isinstance(data, dict) else None
        link = detail.get("link") if isinstance(detail, dict) else None
        if not isinstance(link, str) or not link or "://" in link or link.startswith("/"):
            return data
        if "link" not in cls.model_fields:
            raise ValueError("detail.link can only be an address with {key} or a field in it: entries have their links")
        if data.get("link") not in (None, link):
            raise ValueError("link and detail.link are two places: give detail.link an address with {key} in it")
        return {**data, "link": link}

    @property
    def has_details(self) -> bool:
        """Whether entries have pages of their own to read."""
        return self.detail is not None

    def detail_reader(self, detail: DetailOptions) -> Source:
        """What reads the page of an entry, without what is personal in the list, unless its own `fields` name it."""
        personal = (*detail.reader.personal, *sorted(self.left_out))
        return detail.reader.model_copy(update={"personal": personal}) if self.left_out else detail.reader

    def detail_url(self, entry: Entry) -> str | None:
        """The address of an entry's own page, None if it has none."""
        if not self.detail or not self.detail.address:
            return entry.url if entry.url and entry.url.startswith(("http://", "https://")) else None
        values = {**entry.fields, "key": entry.key}
        names = _PLACE.findall(self.detail.address)
        if not all(values.get(name) for name in names):
            return None
        filled = _PLACE.sub(lambda found: quote(values[found[1]], safe=""), self.detail.address)
        return absolute(self.url or "", filled)
