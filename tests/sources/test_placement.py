"""Large texts of short records are parsed in the calling thread, one at a time; all else in a subprocess."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from sources import Page, Source
from sources.loader import kind
from sources.reading import engine, placement, pool
from sources.reading.known_filter import KnownFilter

MakePage = Callable[..., Page]

LIST = "No,Name\n" + "".join(f"{number},Alpha № {number}\n" for number in range(5_000))


def source(**options: object) -> Source:
    return kind("csv").model_validate({"url": "https://example.org/list", "key": "No", **options})


def took_a_process(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tasks that are handed to a subprocess from now on."""
    tasks: list[str] = []
    hand_over = pool.items_of

    def items_of(task: str, *rest: object) -> Iterator[object]:
        tasks.append(task)
        return hand_over(task, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(pool, "items_of", items_of)
    return tasks


def test_a_long_list_of_short_records_is_read_in_the_thread(
    monkeypatch: pytest.MonkeyPatch, make_page: MakePage
) -> None:
    tasks, known_filter = took_a_process(monkeypatch), KnownFilter()
    assert list(engine.sift(source(), make_page(LIST, "text/csv"), known_filter)) == []
    assert (known_filter.taken, tasks) == (5_000, [])


def test_another_one_at_the_same_time_is_read_apart_with_the_same_result(
    monkeypatch: pytest.MonkeyPatch, make_page: MakePage
) -> None:
    tasks, here, there = took_a_process(monkeypatch), KnownFilter(), KnownFilter()
    list(engine.sift(source(), make_page(LIST, "text/csv"), here))
    with engine._LIGHT:
        list(engine.sift(source(), make_page(LIST, "text/csv"), there))
    assert tasks == ["read"]
    assert list(there.buffer) == list(here.buffer)
    assert (there.digest.value(), there.profile.filled) == (here.digest.value(), here.profile.filled)


def test_a_failure_lets_the_next_one_be_read_in_the_thread(
    monkeypatch: pytest.MonkeyPatch, make_page: MakePage
) -> None:
    tasks = took_a_process(monkeypatch)
    with pytest.raises(engine.NotFound):
        list(engine.sift(source(key="Nobody"), make_page(LIST, "text/csv"), KnownFilter()))
    list(engine.sift(source(), make_page(LIST, "text/csv"), KnownFilter()))
    assert tasks == []


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (LIST + f"x,{'y' * 8_000}\n", "text/csv"),
        (LIST + 'x,"y\nz"\n', "text/csv"),
        (LIST + 'a"b,"y\nz",w"v\n', "text/csv"),
        (LIST.replace("\n", "\r"), "text/csv"),
        (LIST.encode("utf-16"), "text/csv"),
        (LIST.encode("utf-16-be"), "text/csv; charset=utf-16"),
        (LIST.replace("№", "№№").encode("koi8-u", "replace") + "Пример".encode("koi8-u"), "text/csv"),
        (LIST.replace("№", "~{~}") + "1,~\n2,\n", "text/csv; charset=hz"),
        (b"PK\x03\x04" + b"0" * 100_000, "application/zip"),
    ],
    ids=[
        "a long line",
        "a value of two lines",
        "one that an even number of quotes opens",
        "no line ends",
        "UTF-16",
        "UTF-16, named",
        "KOI8",
        "HZ",
        "an archive",
    ],
)
def test_what_may_hold_a_long_record_is_read_apart(body: str | bytes, content_type: str, make_page: MakePage) -> None:
    page = make_page(body, content_type)
    assert placement.needs_subprocess(source(), page)
    assert not placement.is_light(source(), page)


def test_so_is_a_text_whose_encoding_or_quote_the_configuration_gives(make_page: MakePage) -> None:
    page = make_page(LIST.replace("№", ""), "text/csv")
    assert placement.is_light(source(), page)
    assert placement.is_light(
        source(quote=""), make_page(LIST.replace("Alpha", '"Alpha"').replace("№", ""), "text/csv")
    )
    assert not placement.is_light(source(quote="A"), page)
    assert not placement.is_light(source(), Page(page.get, page.url, 200, {}, page.body, page.fetched, "utf-16"))


def test_a_kind_from_elsewhere_is_not_asked(make_page: MakePage) -> None:
    class Bold(kind("csv")):  # type: ignore[misc]
        """Says so of itself."""

        def light(self, page: Page) -> bool:
            return True

    assert not placement.is_light(Bold(url="https://example.org/list", key="No"), make_page(LIST, "text/csv"))
