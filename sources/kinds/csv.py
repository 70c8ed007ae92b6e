"""The kind `csv`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, islice
from typing import Annotated

from pydantic import BeforeValidator, Field, PositiveInt, model_validator

from sources.errors import BadDocument, WrongContent
from sources.formats.archives import Content, open_content
from sources.formats.decode import name_binary
from sources.formats.delimited import (
    MOST_COLUMNS,
    find_delimiter,
    fit_row,
    has_short_records,
    read_blocks,
    read_delimited,
    read_fixed,
    unique_names,
)
from sources.formats.records import RecordCut, cut_lines
from sources.model import Entry, Page
from sources.model.entry import Rows
from sources.pagination.columns import Columns, Fields, Names
from sources.pagination.detail import Detailed

_ENDS = (b"\x1a", b"\x1a\n", b"\x1a\r\n")  # a line with the end-of-file character of DOS alone, as some exports end
_MARKUP = re.compile(rb"(\xef\xbb\xbf)?\s*<(\?xml|!doctype|html|head|body)\b", re.IGNORECASE)
Sign = Annotated[str, BeforeValidator(lambda value: "\t" if value in ("\\t", "tab") else value)]


class Csv(Detailed):
    """The rows of a CSV file or a similar text, one entry each; also inside a ZIP archive, and in fixed widths."""

    proven = "captures"

    url: str = Field(description="the file, or a ZIP archive with it")
    member: str | None = Field(default=None, description="the file in a ZIP archive: its name, or a glob")
    delimiter: Sign | None = Field(
        default=None, min_length=1, max_length=1, description="between values; default: of , ; tab | what divides most"
    )
    quote: str = Field(default='"', max_length=1, description='around values with delimiters in them; "" for none')
    widths: tuple[PositiveInt, ...] = Field(default=(), description="columns of so many characters, without delimiters")
    header: int | None = Field(
        default=None,
        ge=0,
        description="the line with the headings (1); what is above it is left out, and so is"
        " it itself where `columns` are given (then 0)",
    )
    columns: Names = Field(default=(), description="names for the columns, in order, where the file has no headings")
    key: Names = Field(min_length=1, description="the column, or columns, that tell one entry from another")
    title: Names = Field(default=(), description="the column, or columns, to show an entry by; default: the key")
    fields: Fields = Field(default=(), description="the columns to compare, or name = column, or columns; default: all")
    link: str | None = Field(default=None, description="the column with the address of each entry")
    null: Names = Field(default=(), description='values that say that there is none, such as "-0-" or "NULL"')
    ragged: bool = Field(default=False, description="true: take rows with more or fewer values than there are columns")

    @model_validator(mode="after")
    def _has_headings(self) -> Csv:
        if self.header == 0 and not self.columns:
            raise ValueError("header = 0 says that there are no headings: give their names in columns")
        return self

    @model_validator(mode="after")
    def _signs_divide(self) -> Csv:
        if {self.delimiter, self.quote} & {"\r", "\n"} or self.quote in {" ", self.delimiter}:
            raise ValueError(
                "delimiter and quote have to be two signs, none of them the end of a line, nor quote a space"
            )
        return self

    def parse(self, page: Page) -> Iterator[Rows | Entry]:
        """One entry per row. Raises WrongContent for other formats, BadDocument for rows with a wrong number
        of values.
        """
        file = self._open(page)
        above = self._head if self.columns else self._head - 1
        with file.text() as stream:
            seen = sum(1 for _ in islice(stream, above))
            if seen < above:
                raise BadDocument(f"{file.where} has only {seen} lines, but {above} are to be left out (option header)")
            if self.widths:
                rows = read_fixed(stream, self.widths, file.where, line=above)
            else:
                first = next(stream, "")
                sign = self.delimiter or find_delimiter(first, self.quote, len(self.columns))
                rows = read_delimited(chain([first], stream), sign, self.quote, file.where, line=above)
            at, names = (above, list(self.columns)) if self.columns else _headings(rows, file.where)
            columns = Columns(
                names, file.where, key=self.key, title=self.title, fields=self.fields, link=self.link, null=self.null
            )
            if self.widths or self.link or at > self._head:
                yield from self._entries(rows, columns, page.url)
                return
            unread = first if self.columns else ""
            for block in read_blocks(stream, sign, self.quote, len(names), file.where, text=unread, line=at):
                if isinstance(block, list):
                    yield columns.batch(columns.clean(block))
                else:
                    yield from self._entries(block, columns, page.url)

    @property
    def _head(self) -> int:
        """The number of lines down to the headings."""
        return self.header if self.header is not None else 0 if self.columns else 1

    def _entries(self, rows: Iterator[tuple[int, list[str]]], columns: Columns, base: str) -> Iterator[Rows | Entry]:
        names, where = columns.seen, columns.where
        records = (
            row if len(row) == len(names) else fit_row(row, names, f"{where}, line {line}", ragged=self.ragged)
            for line, row in rows
        )
        return (columns.linked(each, base) for each in records) if self.link else columns.rows(records)

    def cut(self, page: Page) -> RecordCut | None:
        """Its lines, if no value in a quote spans several: then there are fewer entries than lines."""
        guesses = bool(self.columns) and not (self.delimiter or self.widths)  # by the first line that has values
        if type(self).parse is not Csv.parse or guesses:
            return None
        lines = cut_lines(self._open(page), head=self._head, options={"member": None})
        return lines and replace(lines, blank={*lines.blank, *_ENDS})

    def _open(self, page: Page) -> Content:
        file = open_content(page, self.member, self.max_bytes)
        start = file.begins()
        what = name_binary(start) or ("an HTML page or XML document" if _MARKUP.match(start) else None)
        if what:
            raise WrongContent(f"{file.where} is no text of rows but {what}")
        return file

    def light(self, page: Page) -> bool:
        """Whether its records are short."""
        return has_short_records(page, self.quote)


def _headings(rows: Iterator[tuple[int, list[str]]], where: str) -> tuple[int, list[str]]:
    """The line that has them, and the names of the columns."""
    at, row = next(rows, (0, []))
    while row and not row[-1].strip():
        row.pop()
    if not row:
        raise BadDocument(f"{where} has no line of headings; where there is none, give names in columns")
    if len(row) > MOST_COLUMNS:
        raise BadDocument(f"{where} has {len(row):,} columns; at most {MOST_COLUMNS:,} are read")
    return at, unique_names(row)
