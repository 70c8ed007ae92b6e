"""The kind `pdf_text`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from sources.extract.requests import Asking
from sources.formats.pdf.document import check_extra
from sources.formats.pdf.text import texts_in
from sources.model import Entry, Get, Page, Proven
from sources.reading.fingerprints import OWN_LINK
from sources.text import headline


class PdfText(Asking):
    """The text of a PDF file as one entry, or of each of its pages: an alert shows the lines that changed."""

    proven: ClassVar[Proven | None] = "documents"
    mentions_in: ClassVar[Literal["entry", "added_lines"]] = "added_lines"

    url: str = Field(description="the PDF file")
    each_page: bool = Field(
        default=False, description="true: each page is an entry, as in a gazette whose pages do not change"
    )

    @model_validator(mode="after")
    def _can_be_read(self) -> Self:
        check_extra()
        return self

    @property
    def uncompared(self) -> tuple[str, ...]:
        """The link says the page, and is no content."""
        return (*self.ignore, OWN_LINK)

    def parse(self, page: Page) -> Iterator[Entry | Get]:
        """The text as one entry, or one for each page with text. Raises BadDocument."""
        texts = [(number, text) for number, text in texts_in(page) if text]
        where = page.url.partition("#")[0]
        if self.each_page:
            for number, text in texts:
                yield Entry(f"page {number}", headline(text), url=f"{where}#page={number}", text=text)
            return
        whole = "\n".join(f"[page {number}]\n{text}" for number, text in texts)
        yield Entry("document", headline(texts[0][1]), url=where, text=whole)
