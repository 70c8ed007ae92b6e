"""The engine's generator: requests are answered, faults of a kind become typed errors."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

import sources.reading.engine
from sources import (
    BadDocument,
    BadEntry,
    EmptyBody,
    Entry,
    Get,
    Page,
    ReaderFailed,
    ReaderTooSlow,
    Source,
    SourceError,
    TooManyRequests,
)
from sources.reading.engine import first_url, steps


def page(get: Get, body: bytes = b"x") -> Page:
    return Page(get, get.url, 200, {}, body, datetime(2025, 7, 17, tzinfo=UTC))


def run(source: Source, body: bytes = b"x", **options: Any) -> tuple[list[Get], list[Entry], bool]:
    """Answer all requests; returns them, the entries, and whether the source was read completely."""
    asked, entries = [], []
    reading = steps(source, **options)
    try:
        item = next(reading)
        while True:
            if isinstance(item, Get):
                asked.append(item)
                item = reading.send(page(item, body))
            else:
                entries.append(item)
                item = next(reading)
    except StopIteration as end:
        return asked, entries, end.value


class Kind(Source):
    url: str = "https://register.example/"


def test_several_pages_are_asked_in_order_and_read_by_their_readers() -> None:
    class TwoSteps(Kind):
        def parse(self, page: Page) -> Iterator[Entry | Get]:
            yield Get("https://register.example/data", reader="data", carry={"of": "2025"})
            yield Entry("index")

        def data(self, page: Page) -> Iterator[Entry | Get]:
            yield Entry(page.carry["of"])

    asked, entries, whole = run(TwoSteps())
    assert [get.url for get in asked] == ["https://register.example/", "https://register.example/data"]
    assert [entry.key for entry in entries] == ["index", "2025"]
    assert whole


def test_asking_again_after_a_wait_carries_the_wait() -> None:
    class Waits(Kind):
        def parse(self, page: Page) -> Iterator[Entry | Get]:
            if page.get.after:
                yield Entry("result")
            else:
                yield page.again(after=2)

    asked, entries, _ = run(Waits())
    assert [get.after for get in asked] == [0, 2]
    assert [entry.key for entry in entries] == ["result"]


def test_the_page_limit_ends_the_reading_and_says_so() -> None:
    class Endless(Kind):
        def parse(self, page: Page) -> Iterator[Entry | Get]:
            number = page.carry.get("number", 0)
            yield Entry(number)
            yield Get(f"https://register.example/{number}", carry={"number": number + 1})

    asked, entries, whole = run(Endless(), max_pages=3)
    assert (len(asked), len(entries), whole) == (3, 3, False)


def test_a_site_that_never_gives_its_result_is_asked_a_bounded_number_of_times() -> None:
    class Impatient(Kind):
        def parse(self, page: Page) -> Iterator[Entry | Get]:
            yield page.again(after=1)

    with pytest.raises(TooManyRequests, match="no final answer"):
        run(Impatient())


def test_whatever_a_kind_raises_is_its_sources_failure() -> None:
    class Broken(Kind):
        def parse(self, page: Page) -> Iterator[Entry | Get]:
            yield Entry("one")
            raise KeyError("registrants")

    with pytest.raises(ReaderFailed, match=r"parse\(\): KeyError: 'registrants'"):
        run(Broken())


@pytest.mark.parametrize("made", [None, "text", {"key": 1}])
def test_what_is_neither_entry_nor_request_is_refused(made: object) -> None:
    class Sloppy(Kind):
        def parse(self, page: Page) -> Iterator[Any]:
            yield made

    with pytest.raises(ReaderFailed, match="not an Entry or a Get"):
        run(Sloppy())


def test_a_kind_without_a_generator_is_a_failure_too() -> None:
    class Nothing(Kind):
        def parse(self, page: Page) -> Any:
            return None

    with pytest.raises(ReaderFailed, match="TypeError"):
        run(Nothing())


def test_a_kind_that_yields_for_ever_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    class Endless(Kind):
        def parse(self, page: Page) -> Iterator[Entry | Get]:
            while True:
                yield Entry("again")

    monkeypatch.setattr(sources.reading.engine, "READ_SECONDS", 0.05)
    with pytest.raises(ReaderTooSlow, match="took longer"):
        run(Endless())
    monkeypatch.setattr(sources.reading.engine, "READ_SECONDS", 60)
    monkeypatch.setattr(sources.reading.engine, "MOST_ENTRIES", 100)
    with pytest.raises(ReaderTooSlow, match="more than 100 entries"):
        run(Endless())


def test_an_entry_of_very_many_fields_is_a_bad_document(monkeypatch: pytest.MonkeyPatch) -> None:
    class Wide(Kind):
        def parse(self, page: Page) -> Iterator[Entry | Get]:
            yield Entry("1", "wide", {f"f{at}": "x" for at in range(11)})

    monkeypatch.setattr(sources.reading.engine, "MOST_FIELDS", 10)
    with pytest.raises(BadDocument, match="more than 10 fields"):
        run(Wide())


def test_an_empty_body_is_not_read() -> None:
    class Lenient(Kind):
        def parse(self, page: Page) -> Iterator[Entry | Get]:
            yield from ()

    with pytest.raises(EmptyBody, match="answered 200 with an empty body"):
        run(Lenient(), body=b" \n")


def test_an_entry_without_a_key_is_an_error_that_names_it() -> None:
    with pytest.raises(BadEntry, match="Telegram Messenger"):
        Entry("  \u200b", title="Telegram Messenger")


def test_every_failure_has_a_code_of_its_own() -> None:
    def tree(error: type[SourceError]) -> Iterator[type[SourceError]]:
        for child in error.__subclasses__():
            if child.__module__ == "sources.errors":
                yield child
                yield from tree(child)

    codes = [error.code for error in tree(SourceError) if error.__name__ != "HttpStatus"]
    assert len(codes) == len(set(codes))


NO_REQUESTS = [
    Get("https://register.example/", after=-1),
    Get("https://register.example/", after=float("nan")),
    Get("https://register.example/", after=10_000),
    Get("https://register.example/", after="2"),  # type: ignore[arg-type]
    Get(None),  # type: ignore[arg-type]
]


@pytest.mark.parametrize("get", NO_REQUESTS, ids=repr)
def test_a_request_that_cannot_be_sent_is_the_kind_s_fault(get: Get) -> None:
    class Asking(Kind):
        def parse(self, page: Page) -> Iterator[Entry | Get]:
            yield get

    class Beginning(Kind):
        def start(self) -> Get:
            return get

    for kind in (Asking, Beginning):
        with pytest.raises(ReaderFailed, match="asks for what is no request"):
            run(kind())


@pytest.mark.parametrize("answer", [None, "https://register.example/"])
def test_a_kind_whose_first_request_is_none_says_no_address(answer: Any) -> None:
    class Beginning(Kind):
        def start(self) -> Get:
            return answer  # type: ignore[no-any-return]

    class Raising(Kind):
        def start(self) -> Get:
            raise KeyError("x")

    assert [first_url(kind()) for kind in (Beginning, Raising, Kind)] == ["", "", "https://register.example/"]
