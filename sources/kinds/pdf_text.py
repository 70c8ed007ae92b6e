"""The kind `pdf_text`."""

import re
from collections.abc import Iterator

from pydantic import Field

from sources.formats.pdf import read_texts
from sources.kinds._pdf import OfPdf
from sources.model import Entry, Get, Page
from sources.text import headline

_NUMBER = re.compile(r"\d+")


class PdfText(OfPdf):
    """The text of a PDF file as one entry, or of each of its pages: an alert shows the lines that changed."""

    mentions_in = "added_lines"

    each_page: bool = Field(
        default=False, description="true: each page is an entry, as in a gazette whose pages do not change"
    )

    def parse(self, page: Page) -> Iterator[Entry | Get]:
        """The text as one entry, or one for each page with text. Raises BadDocument."""
        texts = [(number, text) for number, text in read_texts(page) if text]
        where = page.url.partition("#")[0]
        if self.each_page:
            for number, text in texts:
                yield Entry(f"page {number}", headline(text), url=f"{where}#page={number}", text=text)
            return
        whole = "\n".join(f"[page {number}]\n{text}" for number, text in texts)
        yield Entry("document", _title(*(text for _, text in texts[:2])), url=where, text=whole)


def _title(first: str, second: str = "") -> str:
    """The first line of the first page. One that stands on the second with another number, as "Page 2", is none."""
    again = second.split("\n")
    shapes = {_NUMBER.sub("0", line) for line in again}
    lines = (line for line in first.split("\n") if line in again or _NUMBER.sub("0", line) not in shapes)
    return headline("\n".join(lines)) or headline(first)
