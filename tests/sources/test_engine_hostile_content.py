"""A hostile page can only fail its own source. `make torture` has the large ones, and the table."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

import sources.reading.engine
from sources import Entry, ReaderFailed, ReaderTooSlow, Source
from sources.loader import kind
from sources.reading.engine import earlier_than, read_here, read_page, total_of
from sources.reading.placement import SMALL, needs_subprocess
from tests.torture.documents import ENDED, HEADINGS, MAZE, TABLE, URL, Document, documents, reads
from tests.torture.faults_content import MARK, STRANGE, kinds_from_elsewhere, outcome
from tests.torture.measure import cost

ENDS_AFTER = 1.0  # seconds that are given to what never ends
SLOW = {"CSV of 1,000,000 columns", "ZIP bomb, 1 GB"}  # seconds of a core for each
QUICK = [each for each in documents(Path(__file__)) if ENDED not in each.expected and each.name not in SLOW]


@pytest.fixture(scope="module")
def strange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Source]]:
    with kinds_from_elsewhere(tmp_path_factory.mktemp("kinds")) as made:
        yield made


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources.reading.engine, "READ_SECONDS", ENDS_AFTER)


@pytest.mark.parametrize("document", QUICK, ids=lambda document: document.name)
def test_a_document_is_read_or_refused_at_little_cost(document: Document, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text(MARK)
    (again,) = [each for each in documents(secret) if each.name == document.name]
    source, page = again.source(), again.page()
    with cost() as costs:
        seen = outcome(source, page)
    assert seen in document.expected.split(", ")
    assert costs.memory < 200


@pytest.mark.parametrize("name", STRANGE)
def test_a_kind_from_elsewhere_can_do_no_more_than_fail(
    strange: dict[str, Source], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TORTURE_SECRET", "1")
    # A busy machine may take 10 s to fill a gigabyte.
    seconds = ENDS_AFTER if STRANGE[name] == "reader_too_slow" else 100.0
    monkeypatch.setattr(sources.reading.engine, "READ_SECONDS", seconds)
    assert outcome(strange[name], small().page()) in STRANGE[name].split(", ")


@pytest.mark.usefixtures("impatient")
def test_a_reader_that_is_stuck_in_c_code_keeps_no_other_thread_waiting(strange: dict[str, Source]) -> None:
    stuck = threading.Thread(target=outcome, args=(strange["Backtracking"], small().page()))
    stuck.start()
    with cost() as costs:
        while stuck.is_alive():
            assert list(read_here(reads("table", key="A")(), small().page())) == [
                Entry("1", fields={"A": "1", "B": "2"})
            ]
    assert costs.turns > 20  # in a second; who holds the interpreter's lock would leave none


def test_a_total_that_takes_for_ever_to_find_is_given_up_in_a_process_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    source = reads("table", key="A", expect={"total": "div div div div b"})()
    page = Document("", reads("table"), lambda: MAZE, "").page()
    assert [entry.key for entry in read_page(source, page) if isinstance(entry, Entry)] == ["1"]
    monkeypatch.setattr(sources.reading.engine, "READ_SECONDS", ENDS_AFTER)
    with cost() as costs, pytest.raises(ReaderTooSlow, match="took longer than 1 s"):
        total_of(source, page)
    assert costs.turns > 20  # in a second; who holds the interpreter's lock would leave none


@pytest.mark.usefixtures("impatient")
def test_a_kind_that_never_says_what_came_before_is_given_up(strange: dict[str, Source]) -> None:
    with pytest.raises(ReaderTooSlow, match="took longer than 1 s"):
        earlier_than(strange["Grasping"], small().page())


def test_a_total_is_the_same_wherever_it_is_read() -> None:
    source = reads("table", key="A", expect={"total": "td"})()
    assert [total_of(source, each().page()) for each in (small, large)] == [2, 2]
    assert total_of(reads("table", key="A")(), large().page()) is None


def test_what_came_before_is_the_same_wherever_it_is_read() -> None:
    source = kind("telegram")(channel="durov")
    assert isinstance(source, Source)
    link = '<link rel=prev href="/s/durov?before=7">'
    pages = [Document("", reads("text"), lambda tail=tail: link + tail, "").page() for tail in ("", "x" * SMALL)]
    gets = [earlier_than(source, page) for page in pages]
    assert [get and get.url for get in gets] == ["https://register.example/s/durov?before=7"] * 2


@pytest.mark.usefixtures("impatient")
def test_more_pages_than_there_are_readers_wait_their_turn(
    strange: dict[str, Source], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources.reading.engine, "READ_SECONDS", 5.0)
    seen: list[str] = []
    work = [lambda: seen.append(outcome(strange["Looping"], small().page()))] * 4
    work += [lambda: seen.append(outcome(reads("table", key="A")(), large().page()))] * 4
    threads = [threading.Thread(target=each) for each in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seen) == ["1 entries"] * 4 + ["reader_too_slow"] * 4


def small() -> Document:
    return Document("small", reads("table", key="A"), lambda: f"{HEADINGS}{TABLE}</body></html>", "")


def large() -> Document:
    page = f"{HEADINGS}{TABLE}<p>{'words ' * SMALL}</body></html>"
    return Document("large", reads("table", key="A"), lambda: page, "")


def test_what_is_read_apart_is_what_would_be_read_here() -> None:
    source, page = reads("table", key="A")(), large().page()
    assert needs_subprocess(source, page)
    assert list(read_page(source, page)) == list(read_here(source, page))


def test_a_failure_comes_back_as_the_failure_that_it_was() -> None:
    source, page = reads("table", key="no such column")(), large().page()
    with pytest.raises(Exception, match='has no column "no such column"') as here:
        list(read_here(source, page))
    with pytest.raises(type(here.value)) as apart:
        list(read_page(source, page))
    assert (apart.value.message, apart.value.code) == (here.value.message, here.value.code)


def test_small_pages_of_our_kinds_are_read_here_and_so_is_what_nobody_else_can_load() -> None:
    class MadeUp(Source):
        """A kind that the subprocess does not know."""

    assert not needs_subprocess(reads("table", key="A")(), small().page())
    assert not needs_subprocess(MadeUp(url=URL), large().page())
    assert needs_subprocess(reads("xlsx", key="A")(), Document("", small().source, lambda: b"PK\x03\x04", "").page())


def test_a_reading_that_nobody_wants_any_more_ends(strange: dict[str, Source]) -> None:
    reading = read_page(strange["Endless"], small().page())
    assert next(reading) == Entry("1")
    reading.close()
    assert list(read_page(kind("table")(url=URL, key="A"), large().page())) != []


def test_entries_that_repeat_a_large_cell_are_refused() -> None:
    rows = "".join(f"<tr><td>{number}" for number in range(1, 300))
    page = f"{HEADINGS}<table><tr><th>A<th>B<tr><td>0<td rowspan=300>{'x' * 10_000}{rows}</table></body></html>"
    document = Document("", reads("table", key="A", max_bytes=100_000), lambda: page, "")
    assert outcome(document.source(), document.page()) == "bad_document"


@pytest.mark.usefixtures("impatient")
def test_the_messages_say_what_happened(strange: dict[str, Source], monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ReaderTooSlow, match=rf"^reading {URL} took longer than 1 s$"):
        list(read_page(strange["Sleeping"], small().page()))
    monkeypatch.setattr(sources.reading.engine, "READ_SECONDS", 100.0)  # as above
    with pytest.raises(ReaderFailed, match=rf"^reading {URL} took more than 1,000 MB of memory$"):
        list(read_page(strange["Hoarding"], small().page()))
    with pytest.raises(ReaderFailed, match=rf"^reading {URL} ended the process that read it \(signal 11\)$"):
        list(read_page(strange["Crashing"], small().page()))
