"""The kind `pdf_text`."""

import re
from collections.abc import Iterator

from pydantic import Field

from sources.formats.pdf import read_texts
from sources.kinds._pdf import OfPdf
from sources.model import Entry, Get, Page
from sources.text import headline


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
        first, again = texts[0][1], [line for _, text in texts[1:2] for line in text.split("\n")]
        numbered = {re.sub(r"\d+", "0", line) for line in again}  # such as "Page 2": then "Page 1" is no title
        lines = (line for line in first.split("\n") if line in again or re.sub(r"\d+", "0", line) not in numbered)
        yield Entry("document", headline("\n".join(lines)) or headline(first), url=where, text=whole)
