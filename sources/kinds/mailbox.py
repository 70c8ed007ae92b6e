"""The kind `mailbox`."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from hashlib import sha256
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, ConfigDict, Field, ValidationError, model_validator

from sources.errors import SourceError, WrongContent, fault_words
from sources.formats.selectors import Place
from sources.kinds.list import List
from sources.loader import kind
from sources.mail.letter import IncomingMail, header_text, read_letter, read_part
from sources.mail.mailbox import MailboxAddress, RawMail, unpack_mails
from sources.model import Authority, Entry, Get, Page, Proven, Source
from sources.model.entry import Rows
from sources.model.page import Remainder
from sources.options import Selector
from sources.reading.entry_fingerprints import SPECIALS

_FIELDS = ("from", "links", "attachments", "type", "size", "sha256", "not read", "signature", "read")


def _address(url: str) -> str:
    MailboxAddress.of(url)
    return url


class Mailbox(Source):
    """The mails in a folder of a mailbox (IMAP), or what is in them."""

    model_config = ConfigDict(populate_by_name=True)  # `from` is no name in Python

    proven: ClassVar[Proven | None] = "documents"
    wire: ClassVar[Literal["http", "imap"]] = "imap"

    url: Annotated[str, AfterValidator(_address)] = Field(
        repr=False, description='the folder: "imaps://USER:${PASSWORD}@HOST/FOLDER"'
    )
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
    sender: str = Field(default="*", alias="from", description="read only mails whose From is like this")
    subject: str = Field(default="*", description="read only mails whose Subject is like this; * is any text")
    authority: Authority = "report"
    min_entries: int = 0
    max_bytes: int | None = Field(
        default=10_000_000, gt=0, description="of a larger mail the beginning is read: so many bytes"
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

    @property
    def uncompared(self) -> tuple[str, ...]:
        """All but the key, as a mail is no news again because it is read otherwise; not of a list that mails bring."""
        return self.ignore if self.attachments else (*self.ignore, *SPECIALS, *_FIELDS, *self.fields)

    def start(self) -> Get:
        """The request for what is new; the password is no part of it."""
        return Get(MailboxAddress.of(self.url).shown)

    def is_versioned(self, get: Get) -> bool:
        """Further pages have mails, which never change."""
        return bool(get.query)

    def remainder(self, page: Page) -> Remainder | None:
        """Whether there were more mails before the first check than it reads."""
        return Remainder(more=unpack_mails(page.body).unread > 0)

    def wants(self, headers: bytes) -> bool:
        """Whether a mail with these headers is read."""
        said, globs = read_part(headers).headers, {"from": self.sender, "subject": self.subject}
        return all(fnmatchcase(header_text(said, name).casefold(), glob.casefold()) for name, glob in globs.items())

    def parse(self, page: Page) -> Iterator[Entry | Rows | Get]:
        """What is taken of each mail, and the requests for further ones."""
        bundle = unpack_mails(page.body)
        read = [self._read(mail, page) for mail in bundle.mails]
        if self.attachments:
            yield from newest_rows(read)
        else:
            for mail, entries in zip(bundle.mails, read, strict=True):
                yield from (add_standing(entry, mail) if isinstance(entry, Entry) else entry for entry in entries)
        for name in bundle.further:
            yield Get(self.start().url, query={"mails": name})

    def _read(self, mail: RawMail, page: Page) -> Sequence[Entry | Rows]:
        came = datetime.fromisoformat(mail.came).replace(tzinfo=UTC) if mail.came else None
        try:
            return list(self.taken(read_letter(mail.raw, came), page))
        except Exception as error:  # noqa: BLE001 - a stranger's mail must not keep all others from being read
            fields = {"not read": f"{type(error).__name__}: {error}"[:300]}
            return [Entry(sha256(mail.raw).hexdigest(), "a mail that cannot be read", fields, None, came)]

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


def newest_rows(lists: Sequence[Sequence[Entry | Rows]]) -> Sequence[Entry]:
    """The entries of lists that mails bring, oldest first: what a list says of a key replaces what earlier ones did."""
    found, known = list[Entry](), set[str]()
    for parts in reversed(lists):
        entries = [each for part in parts for each in (part if isinstance(part, Rows) else (part,))]
        found += [entry for entry in reversed(entries) if entry.key not in known]
        known.update(entry.key for entry in entries)
    return found[::-1]


def add_standing(entry: Entry, mail: RawMail) -> Entry:
    """An entry of a mail with what is known of that from the mailbox."""
    cut = f"the first {len(mail.raw):,} of {mail.size:,} bytes" if len(mail.raw) < mail.size else ""
    fields = {**entry.fields, "signature": mail.signature, "read": cut}
    return Entry(entry.key, entry.title, fields, entry.url, entry.published, entry.text)
