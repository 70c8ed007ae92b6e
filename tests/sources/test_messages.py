"""Answers of the subprocess are not trusted: any invalid one is a typed failure of its page, within the memory limits."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import strategies as st

from sources import Entry, Get, Page, ReaderFailed, ReadError, Source, SourceError
from sources.loader import kind
from sources.model.entry import Rows
from sources.reading import engine, pool
from sources.reading.entry_fingerprints import SIZE, Block, Pack, entry_fingerprint, row_fingerprints
from sources.reading.known_filter import KnownFilter
from sources.reading.messages import (
    HEADER,
    PLAIN,
    Asks,
    BadFrame,
    EntryPack,
    Outcome,
    RowPack,
    Unframer,
    answer,
    get_form,
    get_of,
    messages_of,
    options_of,
    outcome,
    packed,
    packs,
    source_of,
)
from tests.fuzzing import fuzz, fuzzed

URL = "https://register.example/list"
ASKED = Page(Get(URL), URL, 200, {"content-type": "text/csv"}, b"x" * 70_000, datetime(2025, 7, 15, tzinfo=UTC))
ENTRY = Entry("1", "one", {"Name": "Alpha", "No": 1}, "/1", datetime(2025, 7, 15, tzinfo=UTC), "a text\nof two lines")
ROWS = Rows(["a", "b"], ["Alpha", "Beta"], {"Name": ["x", ""]})
KNOWN = [bytes([number]) * SIZE for number in range(3)]


def source(**options: Any) -> Source:
    return kind("csv").model_validate({"url": URL, "key": "a"} | options)


def framed(*messages: bytes) -> bytes:
    return b"".join(HEADER.pack(len(message)) + message for message in messages)


def pack_of(*entries: Entry) -> Pack:
    return next(packs(Block([entry_fingerprint(entry) for entry in entries], list(entries))))


READ = [*messages_of([pack_of(ENTRY), Get(URL, json={"a": [1]}), *packs(Block([*row_fingerprints(ROWS)], ROWS))]), packed(Outcome())]  # fmt: skip
SOUND = {
    "read": READ,
    "total": [*messages_of([7]), packed(Outcome())],
    "earlier": READ[1:2] + READ[-1:],
}


class Answering(pool.Child):
    """A child whose answers were prepared."""

    def __init__(self, said: bytes) -> None:
        self.said, self.ended = said, False

    def lives(self) -> bool:
        return True

    def memory(self) -> int:
        return 0

    def lap(self) -> float:
        return 0.0

    def send(self, job: Any, doing: pool.Doing, ends: float) -> bool:
        return True

    def answers(self, frames: Unframer, doing: pool.Doing, ends: float) -> Iterator[bytes]:
        frames.take(self.said)
        while (frame := frames.next()) is not None:
            yield frame
        raise ReaderFailed("it ended")

    def end(self) -> None:
        self.ended = True


@pytest.fixture
def answered(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The result of a task when the process gives these answers, and the process."""

    def come_to(task: str, said: bytes, asked: Source | None = None) -> tuple[list[Any], KnownFilter, Answering]:
        answering, known_filter = Answering(said), KnownFilter(lambda: b"".join(KNOWN))
        monkeypatch.setattr(pool._READERS, "take", lambda: answering)
        monkeypatch.setattr(pool._READERS, "_idle", [])
        tasks: dict[str, Callable[[], list[Any]]] = {
            "read": lambda: list(engine.sift(asked or source(quote='"'), ASKED, known_filter)),
            "total": lambda: [engine.total_of(asked or source(expect={"total": "p"}), ASKED)],
            "earlier": lambda: [engine.earlier_than(asked or source(), ASKED)],
        }
        try:
            return tasks[task](), known_filter, answering
        except BaseException as error:
            error.child = answering  # type: ignore[attr-defined]
            raise

    monkeypatch.setattr(engine, "is_light", lambda *_: False)
    return come_to


def test_sound_answers_are_what_was_read(answered: Any) -> None:
    gets, known_filter, process = answered("read", framed(*SOUND["read"], *SOUND["read"]))
    assert gets == [Get(URL, json={"a": [1]})]
    assert [seen.entry for seen in known_filter.buffer] == [ENTRY, *ROWS]
    assert (known_filter.left(), known_filter.taken) == (set(KNOWN), 3)
    assert dict(known_filter.profile.filled) == {"Name": 2, "No": 1, "url": 1, "published": 1, "text": 1}
    assert list(engine.read_page(source(quote='"'), ASKED)) == [ENTRY, *gets, *ROWS]
    assert answered("total", framed(*SOUND["total"]))[0] == [7]
    assert not process.ended


def lied(pack: bytes) -> bytes:
    """The answers of a process that says that it has read this pack."""
    return framed(pack, packed(Outcome()))


LIES = {
    "a frame of 10 GB": HEADER.pack(10_000_000_000),
    "a frame of 10 GB behind a sound one": framed(READ[0]) + HEADER.pack(10_000_000_000) + b"x" * 100,
    "no message": framed(b"\xc1"),
    "an empty frame": framed(b""),
    "another type": framed(msgspec.msgpack.encode("no")),
    "an unknown tag": framed(msgspec.msgpack.encode([99, "x"])),
    "a pickle": framed(b"\x80\x04\x95\x1b\x00\x00\x00"),
    "nested": framed(b"\x91" * 900_000),
    "more parts than it has": framed(msgspec.msgpack.encode([2, [], 1])),
    "an answer to another task": framed(SOUND["total"][0]),
    "a large frame with a list": framed(msgspec.msgpack.encode([2, ["x" * 1000] * 2000])),
    "fewer fingerprints than entries": lied(next(packs(Block([b"n" * SIZE], ROWS))).data),
    "columns of two lengths": lied(next(packs(Block(row_fingerprints(ROWS), Rows(["a", "b"], ["x", "y"], {"n": ["z"]})))).data),
    "keys by the name of no field": lied(packed(RowPack(b"".join(row_fingerprints(ROWS)), "No", None, {"Name": ["x", "y"]}))),
    "titles by the name of no field": lied(packed(RowPack(b"".join(row_fingerprints(ROWS)), ["a", "b"], "No", {}))),
    "an empty key by the name of its field": lied(packed(RowPack(b"".join(row_fingerprints(ROWS)), "No", None, {"No": ["a", ""]}))),
    "a time that is none": lied(packed(EntryPack(b"n" * SIZE, [("a", "a", {}, None, "9999-12-31T23:59:59+00:00", "")]))),
    "a time without a zone": lied(packed(EntryPack(b"n" * SIZE, [("a", "a", {}, None, "2025-07-15T00:00:00", "")]))),
    "a title that clears the screen": lied(next(packs(Block(row_fingerprints(ROWS), Rows(["a", "b"], ["\x1b[2J", "y"], {})))).data),
    "a hidden character": lied(next(packs(Block(row_fingerprints(ROWS), Rows(["a", "b"], ["x", "y\u3164"], {})))).data),
}  # fmt: skip


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_fails_the_page_and_ends_the_process(answered: Any, lie: str) -> None:
    with pytest.raises(ReadError) as raised:
        answered("read", LIES[lie])
    assert raised.value.code == "reader_failed"
    assert "\n" not in raised.value.message
    assert raised.value.child.ended  # type: ignore[attr-defined]


@pytest.mark.parametrize("get", [Get("http://a/" + "x" * 9000), Get(URL, after=9e9), Get(URL, after=float("nan")), Get(URL, reader="model_copy"), Get(URL, reader="__init__"), Get(URL, reader="nothing")])  # fmt: skip
def test_a_request_that_no_kind_may_make_is_refused(answered: Any, get: Get) -> None:
    with pytest.raises(SourceError):
        answered("read", framed(packed(Asks([get_form(get)])), packed(Outcome())))


def test_no_failure_is_raised_but_those_of_sources(answered: Any) -> None:
    told = framed(packed(Outcome("SystemExit", "\x1b[2J you\nlose", "x")))
    with pytest.raises(ReaderFailed, match=r"^\[2J you lose$"):
        answered("read", told)
    with pytest.raises(ReadError, match="too much"):
        answered("read", framed(packed(outcome("BadDocument", "too much" + "!" * 9000, "bad_document"))))


LARGEST_BAD = [
    msgspec.msgpack.encode([4, b"", [["k", "", {}, None, None, ""]] * (PLAIN // 8)]),
    msgspec.msgpack.encode([4, b"", [["k", "", {f"{number:x}": "" for number in range(99_000)}, None, None, ""]]]),
    msgspec.msgpack.encode([3, b"", ["k"] * (PLAIN - 100), [], {}]),
    b"\x92\x02\xdd\xff\xff\xff\xff",
    b"\x93\x04\xc6\xff\xff\xff\xff",
    b"\x92\x02\xdb\xff\xff\xff\xff",
]


@pytest.mark.parametrize("number", range(len(LARGEST_BAD)))
def test_a_frame_makes_no_more_room_than_it_may(number: int) -> None:
    frame = LARGEST_BAD[number]
    tracemalloc.start()
    for task in SOUND:
        with suppress(BadFrame):
            answer(task, frame)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 60 * PLAIN


def test_frames_have_a_limit_together() -> None:
    frames = Unframer(100, 250)
    frames.take(framed(b"x" * 100, b"y" * 100, b"z" * 100))
    assert [frames.next(), frames.next()] == [b"x" * 100, b"y" * 100]
    with pytest.raises(BadFrame, match="together"):
        frames.next()


PARTS = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text(max_size=9) | st.binary(max_size=40),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(max_size=5) | st.integers(0, 9), inner, max_size=4),
    max_leaves=20,
)  # fmt: skip
MADE = st.lists(PARTS, max_size=6).map(lambda said: [said[0] if said else 1, *said[1:]]).map(msgspec.msgpack.encode)
TAGGED = st.tuples(st.integers(0, 12), st.lists(PARTS, max_size=5)).map(
    lambda said: msgspec.msgpack.encode([said[0], *said[1]])
)
ACCIDENTS = st.lists(st.tuples(st.sampled_from("cdfir"), st.floats(0, 1), st.integers(0, 255)), max_size=6)


def after(said: bytes, accidents: list[tuple[str, float, int]]) -> bytes:
    """Bytes after random cuts, deletions, flips, insertions and repetitions."""
    for what, where, value in accidents:
        at = int(where * len(said))
        changed = {
            "c": said[:at],
            "d": said[:at] + said[at + value % 9 :],
            "f": said[:at] + bytes([value]) + said[at + 1 :],
            "i": said[:at] + bytes([value]) * (value % 9) + said[at:],
            "r": said[:at] + said[at : at + value] * 2 + said[at:],
        }
        said = changed[what]
    return said


@fuzzed
@pytest.mark.parametrize("task", SOUND)
def test_whatever_is_answered_is_an_answer_or_a_typed_failure(answered: Any, task: str) -> None:
    messages = st.lists(st.sampled_from(SOUND[task]) | MADE | TAGGED, max_size=7)
    asked = source(quote='"', expect={"total": "p"})

    def answer_is_typed(said: list[bytes], accidents: list[tuple[str, float, int]], sound: bool) -> None:
        data = after(framed(*(SOUND[task] if sound else said)), accidents)
        try:
            items, known_filter, _ = answered(task, data, asked)
            check(items, known_filter)
        except SourceError as error:
            assert "\n" not in error.message  # noqa: PT017 - most come to nothing

    fuzz(f"frames, {task}", answer_is_typed, messages, ACCIDENTS, st.booleans())


def check(items: list[Any], known_filter: KnownFilter) -> None:
    """Whatever was accepted can be compared and stored."""
    for item in items:
        if isinstance(item, Entry):
            assert len(entry_fingerprint(item)) == SIZE
    for mark, entry in known_filter.buffer:
        assert (len(mark), entry.key != "") == (SIZE, True)
    assert known_filter.left() <= set(KNOWN)
    assert len(known_filter.digest.value()) == 24


STUBBORN = {
    "garbage": "os.write(1, os.urandom(4096))",
    "ten gigabytes announced": "os.write(1, (10**10).to_bytes(8, 'big')); time.sleep(60)",
    "frames for ever": "[os.write(1, (0).to_bytes(8, 'big')) for _ in iter(int, 1)]",
    "an answer before it was asked": "os.write(1, b'x'); time.sleep(60)",
    "nothing, and listens to nothing": "time.sleep(60)",
    "it ends": "os._exit(3)",
    "its output closed": "os.close(1); time.sleep(60)",
}


@pytest.mark.parametrize("what", STUBBORN)
def test_a_process_that_does_not_keep_to_the_form_is_ended(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "PROGRAM", ("-c", f"import os, time\n{STUBBORN[what]}"))
    monkeypatch.setattr(engine, "READ_SECONDS", 0.7)
    monkeypatch.setattr(pool, "_READERS", pool._Readers(1))
    started: list[pool.Child] = []
    begin = pool.Child.__init__
    monkeypatch.setattr(pool.Child, "__init__", lambda self: started.append(self) or begin(self))
    for _ in range(2):  # the slot is free again
        with pytest.raises(ReadError):
            list(engine.read_page(source(), ASKED))
    assert started
    assert all(each._process.returncode is not None for each in started)
    assert pool._READERS._idle == []


def test_every_kind_s_options_make_the_same_source_again() -> None:
    from tests.sources.test_kinds_fuzz import KINDS, fuzzed_source

    given = [fuzzed_source(name) for name in KINDS]
    given += [
        source(every="90m", expect={"required": ["a"], "filled": {"a": "95 %"}, "max_quiet": "2d"}, ignore=["b"]),
        kind("json").model_validate({"url": URL, "items": "@", "key": "id", "pages": {"parameter": "p", "path": "next"}}),
        kind("table").model_validate({"url": URL, "key": ["A", "B"], "pages": {"parameter": "p", "first": 3}}),
    ]  # fmt: skip
    for each in given:
        again = source_of(each.kind, options_of(each, type(each)))
        assert again == each.model_copy(update={"auth": None})  # withheld, though one kind requires it
        assert again.model_fields_set - {"url"} == each.model_fields_set - {"url"}


def test_no_secret_of_a_source_crosses() -> None:
    secret = source(auth="user:s3cret", headers={"authorization": "s3cret"}, proxy="http://user:s3cret@proxy.example")
    assert "s3cret" not in str(options_of(secret, type(secret)))
    assert source_of("csv", options_of(secret, type(secret))).auth is None


def test_large_entries_cross_alone_and_many_in_frames_of_a_limited_size() -> None:
    wide = Rows(["a", "b"], ["x", "y"], {f"column {number}": ["v" * 500] * 2 for number in range(3000)})
    long = Block([b"m" * SIZE], [Entry("1", text="x" * 3_000_000)])
    for block, number in ((Block(row_fingerprints(wide), wide), 2), (long, 1)):
        given = list(packs(block))
        assert [pack.number for pack in given] == [1] * number
        assert all(isinstance(answer("read", pack.data), tuple) for pack in given)
    gets = [Get(URL, carry={"at": "k" * 9000})] * 190
    parts = [answer("read", said) for said in messages_of(gets)]
    assert [get_of(form) for part in parts for form in part.gets] == gets  # type: ignore[union-attr]
    assert len(parts) > 1
