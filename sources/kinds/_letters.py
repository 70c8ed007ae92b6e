"""What is taken of mails: each as an entry, its links, its attachments, or the items that a digest repeats."""

from collections.abc import Iterator
from typing import Any, Literal, Self

from pydantic import Field, ValidationError, model_validator

from sources.errors import SourceError, WrongContent, fault_words
from sources.formats.selectors import Place
from sources.kinds.list import List
from sources.loader import kind
from sources.mail.letter import IncomingMail
from sources.model import Entry, Get, Page, Source
from sources.model.entry import Rows
from sources.options import Selector


class LetterSource(Source):
    """A source of mails: the options that say what is taken of them."""

    take: Literal["mail", "links", "attachments"] = Field(
        default="mail", description="what is an entry: a mail, each link in it, or each attachment"
    )
    item: Selector | None = Field(default=None, description="CSS of what is an entry in mails that have several")
    title: Place | None = Field(default=None, description="place of an item's title; default: its first line")
    link: Place | None = Field(default=None, description='place of an item\'s address, such as "a@href"')
    fields: dict[str, Place] = Field(default_factory=dict, description="fields of an item, name = place")
    attachments: dict[str, Any] = Field(
        default_factory=dict,
        description='the kind that reads attachments, with its options, such as { kind = "csv", key = "Number" }',
    )

    @model_validator(mode="after")
    def _says_what_it_takes(self) -> Self:
        if self.item and self.take != "mail":
            raise ValueError(f'item is for take = "mail", and take is "{self.take}"')
        if not self.item and (self.title or self.link or self.fields):
            raise ValueError("title, link and fields are places in an item: give item, too")
        if self.attachments:
            if self.take != "attachments":
                raise ValueError('attachments is for take = "attachments"')
            self._reader()
        return self

    def _reader(self) -> Source:
        """The source of another kind that reads the attachments. Raises ValueError with the reason."""
        options = {"url": "mail:", **self.attachments}
        try:
            return kind(str(options.pop("kind", ""))).model_validate(options)
        except ValidationError as error:
            raise ValueError(fault_words(error, "attachments")) from None

    def taken(self, mail: IncomingMail, page: Page) -> Iterator[Entry | Rows]:
        """The entries of a mail, which is on a page. What cannot be read is one entry, which says so."""
        if self.item:
            return self._items(mail, page, self.item)
        if self.take == "links":
            return mail.link_entries()
        if self.take == "attachments":
            return self._rows(mail, page) if self.attachments else mail.file_entries()
        return iter((mail.entry(),))

    def _items(self, mail: IncomingMail, page: Page, item: str) -> Iterator[Entry]:
        reader = List(url=page.url, item=item, title=self.title, link=self.link, fields=self.fields, min_entries=0)
        try:
            found = [mail.item_entry(each) for each in reader.parse(mail.body_page(page)) if isinstance(each, Entry)]
        except SourceError as error:
            found = [unread(mail.entry(), error)]
        yield from found

    def _rows(self, mail: IncomingMail, page: Page) -> Iterator[Entry | Rows]:
        """What the other kind reads in attachments, without what it would fetch, and without other formats."""
        reader = self._reader()
        for own, file in zip(mail.file_entries(), mail.file_pages(page), strict=True):
            try:
                yield from [each for each in reader.parse(file) if not isinstance(each, Get)]
            except WrongContent:
                continue
            except SourceError as error:
                yield unread(own, error)


def unread(entry: Entry, error: SourceError) -> Entry:
    """An entry in the place of those that could not be read of it."""
    return Entry(entry.key, entry.title, {**entry.fields, "not read": str(error)}, None, entry.published, entry.text)
