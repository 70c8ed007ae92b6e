"""The past in WARC files: which of their records are captures, and what is said of all else."""

from __future__ import annotations

import gzip
import json
import tracemalloc
import zlib
from base64 import b32encode
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from hashlib import sha1
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from warcio.recordbuilder import RecordBuilder
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from sources import SourceError
from sources.reading.engine import steps
from state.store import Store
from tests.captures import CAPTURES, needed
from tests.watcher.conftest import Configure, Kept, Ran
from watcher.config.arguments import find_source
from watcher.config.load import load
from watcher.errors import UsageError
from watcher.past.offers import OfferedCapture, SkippedCapture
from watcher.past.warcs import offer_warcs

LIST = "https://lists.example/list"
SOURCE = f'[sources.list]\nkind = "json"\nurl = "{LIST}"\nitems = "rows"\nkey = "name"\n'
PAGED = SOURCE + 'next = "next"\n'

Record = tuple[str, str, bytes]


def rows(*names: str, **more: str) -> bytes:
    return json.dumps({"rows": [{"name": name} for name in names], **more}).encode()


class Crawl:
    """Writes records, as crawlers do."""

    def __init__(self, *, packed: bool = True) -> None:
        self._stream, self._builder = BytesIO(), RecordBuilder()
        self._writer = WARCWriter(self._stream, gzip=packed)

    def add(
        self,
        at: str,
        body: bytes = b"",
        url: str = LIST,
        *,
        kind: str = "response",
        status: str = "200 OK",
        http: dict[str, str] | None = None,
        **more: str,
    ) -> Crawl:
        fields = {"Content-Type": "application/json"} | (http or {})
        of_http = None if kind == "resource" else StatusAndHeaders(status, list(fields.items()), protocol="HTTP/1.1")
        told = {"WARC-Date": at} | {name.replace("_", "-"): value for name, value in more.items()}
        type_ = "application/json" if kind == "resource" else ""
        return self._write(
            self._builder.create_warc_record(
                url, kind, BytesIO(body), warc_content_type=type_, warc_headers_dict=told, http_headers=of_http
            )
        )

    def ask(self, body: bytes, method: str = "POST", **more: str) -> Crawl:
        """The request of an answer."""
        head, told = StatusAndHeaders(f"{method} /list HTTP/1.1", [], is_http_request=True), more
        told = {name.replace("_", "-"): value for name, value in more.items()}
        made = self._builder.create_warc_record(
            LIST, "request", BytesIO(body), warc_headers_dict=told, http_headers=head
        )
        return self._write(made)

    def revisit(self, at: str, body: bytes, status: str = "200 OK") -> Crawl:
        http = StatusAndHeaders(status, [], protocol="HTTP/1.1")
        told, digest = {"WARC-Date": at}, f"sha1:{b32encode(sha1(body, usedforsecurity=False).digest()).decode()}"
        return self._write(
            self._builder.create_revisit_record(LIST, digest, LIST, at, http_headers=http, warc_headers_dict=told)
        )

    def _write(self, record: Any) -> Crawl:
        self._writer.write_record(record)
        record.raw_stream.close()
        return self

    @property
    def data(self) -> bytes:
        return self._stream.getvalue()


class Archive:
    """What the records of files are for a source."""

    def __init__(self, configure: Configure, folder: Path, until: ExitStack) -> None:
        self._configure, self._folder, self._until = configure, folder, until

    def offered(self, *files: Path | bytes, source: str = SOURCE) -> list[OfferedCapture | SkippedCapture]:
        paths = []
        for number, file in enumerate(files):
            path = self._folder / f"{number}.warc.gz"
            if isinstance(file, bytes):
                path.write_bytes(file)
            paths.append(path if isinstance(file, bytes) else file)
        self.source = find_source(load(self._configure(source)), "list")
        return list(offer_warcs(self.source, paths, self._until))

    def read(self, *files: Path | bytes, source: str = SOURCE) -> list[tuple[str, str]]:
        """The day and hour of each capture with the names in it, or with the code of why not."""
        return [self._read(each) for each in self.offered(*files, source=source)]

    def _read(self, offer: OfferedCapture | SkippedCapture) -> tuple[str, str]:
        at = f"{offer.at:%d %H:%M}" if offer.at else ""
        if isinstance(offer, SkippedCapture):
            return at, offer.reason
        try:
            return at, " ".join(entry.key for entry in self.entries(offer))
        except SourceError as error:
            return at, error.code

    def entries(self, offer: OfferedCapture) -> Iterator[Any]:
        reading = steps(self.source)
        item = next(reading, None)
        while item is not None:
            try:
                if hasattr(item, "reader"):
                    page = offer.answer(item)
                    assert page.fetched == offer.at
                    item = reading.send(page)
                else:
                    yield item
                    item = next(reading)
            except StopIteration:
                return


@pytest.fixture
def archive(configure: Configure, folder: Path) -> Iterator[Archive]:
    with ExitStack() as until:
        yield Archive(configure, folder, until)


TWO = Crawl().add("2020-01-01T10:00:00Z", rows("A")).add("2020-01-02T10:00:00Z", rows("A", "B"))
BOTH = [("01 10:00", "A"), ("02 10:00", "A B")]
PLAIN = gzip.decompress(TWO.data)


def in_zip(data: bytes, name: str = "archive/data.warc.gz") -> bytes:
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as file:
        file.writestr("pages/pages.jsonl", "{}")
        file.writestr(name, data)
    return packed.getvalue()


PACKINGS = {
    "by record": TWO.data,
    "plain": PLAIN,
    "whole": gzip.compress(PLAIN),
    "twice": gzip.compress(TWO.data),
    "whole twice": gzip.compress(gzip.compress(PLAIN)),
    "wacz": in_zip(TWO.data),
    "some records whole": TWO.data + gzip.compress(b""),
}


@pytest.mark.parametrize("how", PACKINGS)
def test_a_file_is_read_however_it_is_packed(archive: Archive, how: str) -> None:
    assert archive.read(PACKINGS[how]) == BOTH


def test_a_file_that_breaks_off_counts_up_to_there(archive: Archive) -> None:
    for data in (
        TWO.data[:-60],
        PLAIN[:-20],
        gzip.compress(PLAIN[:-20]),
        gzip.compress(PLAIN)[:-40],
        gzip.compress(TWO.data)[:-40],
    ):
        *first, last = archive.read(data)
        assert sorted([*first, last])[-1:] == BOTH[:1], first
        assert ("", "truncated") in [*first, last]
    cut = next(each for each in archive.offered(PLAIN[:-20]) if isinstance(each, SkippedCapture))
    assert cut.where.startswith("0.warc.gz, byte ")


def test_a_flipped_bit_ends_a_file(archive: Archive, capsys: pytest.CaptureFixture[str]) -> None:
    damaged = bytearray(TWO.data)
    damaged[-200] ^= 255
    assert set(archive.read(bytes(damaged))) == {BOTH[0], ("", "truncated")}
    assert capsys.readouterr() == ("", "")


def test_files_of_which_none_is_a_warc_are_refused(archive: Archive, folder: Path) -> None:
    for data in (b"", b"<html>no</html>", b"\x1f\x8bno", b"PK\x03\x04no", in_zip(b"no", "no.txt"), bytes(100_000)):
        with pytest.raises(UsageError, match=r"no WARC file can be read: 0\.warc\.gz"):
            archive.offered(data)
    for path in (folder / "missing.warc", folder):
        with pytest.raises(UsageError, match="no WARC file can be read"):
            archive.offered(path)


def test_beside_a_sound_file_others_are_said(archive: Archive, folder: Path) -> None:
    read = archive.read(b"", TWO.data, b"garbage", folder / "missing.warc")
    assert read == [("", "bad_document"), ("", "bad_document"), ("", "unreadable_file"), *BOTH]


def test_a_damaged_file_in_a_zip_is_a_fault_of_its_own(archive: Archive) -> None:
    packed = BytesIO()
    with ZipFile(packed, "w") as file:
        file.writestr("archive/a.warc.gz", TWO.data)
        file.writestr("archive/b.warc.gz", TWO.data)
    damaged = packed.getvalue().replace(b"PK\x03\x04", b"PK\x03\x05").replace(b"PK\x03\x05", b"PK\x03\x04", 1)
    assert archive.read(damaged) == [("", "bad_document"), *BOTH]


def test_a_folder_of_files_is_read(archive: Archive, folder: Path) -> None:
    (folder / "crawl").mkdir()
    for number, at in enumerate(["2020-01-02T10:00:00Z", "2020-01-01T10:00:00Z"]):
        (folder / "crawl" / f"{number}.warc.gz").write_bytes(Crawl().add(at, rows("A")).data)
    (folder / "crawl" / "notes.txt").write_text("of no matter")
    assert archive.read(folder / "crawl") == [("01 10:00", "A"), ("02 10:00", "A")]


def test_of_many_files_few_are_open(archive: Archive) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    files = [Crawl().add(f"2020-01-{day:02}T10:00:00Z", rows("A")).data for day in range(1, 31)]
    assert archive.read(*files, in_zip(TWO.data))[-1] == ("30 10:00", "A")
    assert len(list(Path("/proc/self/fd").iterdir())) - before < 5


@pytest.mark.parametrize(
    "url", ["http://lists.example/list", "https://lists.example:443/list/", "<https://LISTS.example/list#top>"]
)
def test_an_address_is_found_as_archives_compare_it(archive: Archive, url: str) -> None:
    assert archive.read(Crawl().add("2020-01-01T10:00:00Z", rows("A"), url).data) == BOTH[:1]


def test_other_addresses_are_no_captures(archive: Archive) -> None:
    crawl = Crawl()
    for url in (
        f"{LIST}?page=2",
        "https://www.lists.example/list",
        f"{LIST}s",
        "dns:lists.example",
        "https://lists.example:8443/list",
    ):
        crawl.add("2020-01-01T10:00:00Z", rows("A"), url)
    assert archive.read(crawl.data) == [("", "not_captured")]


def test_times_with_fractions_or_without_a_zone_are_read_and_others_said(archive: Archive) -> None:
    crawl = Crawl().add("2020-01-01T10:00:00.123456Z", rows("A")).add("2020-01-02T10:00:00", rows("A"))
    crawl.add("some day", rows("B")).add("2020-01-03T12:00:00+02:00", rows("A"))
    assert archive.read(crawl.data) == [("", "undated"), ("01 10:00", "A"), ("02 10:00", "A"), ("03 10:00", "A")]


def test_two_records_of_one_second_are_two_captures(archive: Archive) -> None:
    same = "2020-01-01T10:00:00Z"
    offers = archive.offered(Crawl().add(same, rows("A")).add(same, rows("B")).data)
    assert len({each.where for each in offers}) == 2
    assert all(each.where.startswith("0.warc.gz, record ") for each in offers)


def test_a_revisit_has_the_body_of_the_record_that_it_repeats_in_any_file(archive: Archive) -> None:
    first = Crawl().add("2020-01-02T10:00:00Z", rows("A"))
    again = (
        Crawl()
        .revisit("2020-01-01T10:00:00Z", rows("A"))
        .revisit("2020-01-03T10:00:00Z", rows("A"), "304 Not Modified")
    )
    assert archive.read(again.data, first.data) == [("01 10:00", "A"), ("02 10:00", "A"), ("03 10:00", "A")]
    assert archive.read(again.data) == [("01 10:00", "not_captured"), ("03 10:00", "not_captured")]


def test_a_resource_is_a_capture(archive: Archive) -> None:
    assert archive.read(Crawl().add("2020-01-01T10:00:00Z", rows("A"), kind="resource").data) == BOTH[:1]


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("404 Not Found", "http_404"),
        ("503 Service Unavailable", "http_503"),
        ("206 Partial Content", "truncated"),
        ("OK", "http_0"),
    ],
)
def test_an_archived_error_is_one(archive: Archive, status: str, reason: str) -> None:
    crawl = Crawl().add("2020-01-01T10:00:00Z", rows("A"), status=status)
    assert archive.read(crawl.data) == [("01 10:00", reason)]


def test_a_page_that_the_archive_cut_is_skipped(archive: Archive) -> None:
    crawl = Crawl().add("2020-01-01T10:00:00Z", rows("A"), WARC_Truncated="length")
    assert archive.read(crawl.data) == [("01 10:00", "truncated")]


CODED = {
    "gzip": (gzip.compress(rows("A")), "A"),
    "deflate": (zlib.compress(rows("A")), "A"),
    "kept unpacked": (rows("A"), "A"),
    "br": (b"packed", "bad_response"),
}


@pytest.mark.parametrize("coding", CODED)
def test_a_body_is_unpacked(archive: Archive, coding: str) -> None:
    body, result = CODED[coding]
    http = {"Content-Encoding": coding.replace("kept unpacked", "gzip"), "Transfer-Encoding": "chunked"}
    chunks = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    crawl = Crawl().add("2020-01-01T10:00:00Z", body, http=http).add("2020-01-02T10:00:00Z", chunks, http=http)
    assert archive.read(crawl.data) == [("01 10:00", result), ("02 10:00", result)]


def test_a_redirect_is_followed_within_the_files(archive: Archive) -> None:
    moved = {"Location": "/new"}
    crawl = Crawl().add("2020-01-01T10:00:00Z", status="302 Found", http=moved)
    crawl.add("2020-01-01T10:00:01Z", rows("A"), "https://lists.example/new")
    crawl.add("2020-01-02T10:00:00Z", status="301 Moved", http={"Location": "/gone"})
    crawl.add("2020-01-03T10:00:00Z", status="301 Moved", http={"Location": "http://["})
    crawl.add("2020-01-04T10:00:00Z", status="301 Moved", http={"Location": "/round"})
    crawl.add("2020-01-04T10:00:00Z", url="https://lists.example/round", status="302 Found", http={"Location": "/list"})
    lost = [("02 10:00", "not_captured"), ("03 10:00", "not_captured"), ("04 10:00", "bad_redirect")]
    assert archive.read(crawl.data) == [*BOTH[:1], *lost]


def test_a_redirect_to_https_is_no_second_capture(archive: Archive) -> None:
    crawl = Crawl().add(
        "2020-01-01T10:00:00Z", url="http://lists.example/list", status="301 Moved", http={"Location": LIST}
    )
    assert archive.read(crawl.add("2020-01-01T10:00:00Z", rows("A")).data) == BOTH[:1]


def test_further_pages_are_those_of_the_time(archive: Archive) -> None:
    crawl, second = Crawl(), f"{LIST}?page=2"
    for day in "123":
        crawl.add(f"2020-01-0{day}T10:00:00Z", rows("A", next=second))
    crawl.add("2020-01-01T10:00:30Z", rows("B"), second).add("2020-01-03T09:59:30Z", rows("C"), second)
    assert archive.read(crawl.data, source=PAGED) == [
        ("01 10:00", "A B"),
        ("02 10:00", "not_captured"),
        ("03 10:00", "A C"),
    ]


def test_a_further_page_of_another_day_is_none(archive: Archive) -> None:
    crawl = Crawl().add("2020-01-01T10:00:00Z", rows("A", next="?page=2"))
    crawl.add("2020-01-02T10:00:01Z", rows("B"), f"{LIST}?page=2")
    assert archive.read(crawl.data, source=PAGED) == [("01 10:00", "not_captured")]


def test_a_form_is_found_by_its_request(archive: Archive) -> None:
    form = SOURCE + 'form = { year = "2020" }\n'
    crawl = Crawl().add("2020-01-01T10:00:00Z", rows("A"), WARC_Record_ID="<urn:uuid:1>")
    crawl.ask(b"year=2020", WARC_Concurrent_To="<urn:uuid:1>")
    crawl.add("2020-01-02T10:00:00Z", rows("B"), WARC_Concurrent_To="<urn:uuid:2>")
    crawl.ask(b"year=2019", WARC_Record_ID="<urn:uuid:2>").add("2020-01-03T10:00:00Z", rows("C"))
    assert archive.read(crawl.data, source=form) == BOTH[:1]
    assert archive.read(crawl.data) == [("03 10:00", "C")]
    assert archive.read(TWO.data, source=form) == [("", "not_captured")]


def test_the_command_says_each_and_a_second_import_changes_nothing(
    configure: Configure, watch: Callable[..., Ran], folder: Path
) -> None:
    configure(SOURCE)
    crawl = Crawl().add("2020-01-03T10:00:00.5Z", status="404 Not Found").add("2020-01-02T10:00:00.25Z", rows("A", "B"))
    (folder / "a.warc").write_bytes(PLAIN[:-5])
    (folder / "b.warc.gz").write_bytes(crawl.data)
    ran = watch("past", "list", "--warc", "b.warc.gz", "a.warc", "--json")
    said = json.loads(ran.out)
    assert (ran.code, said["read"], said["changes"]) == (1, 2, 1)
    assert {each["reason"] for each in said["skipped"]} == {"http_404", "truncated"}
    assert json.loads(watch("past", "list", "--warc", "b.warc.gz", "a.warc", "--json").out) == said
    assert watch("past", "list", "--warc", "none.warc").code == 2
    with Store.open(f"sqlite:///{folder}/state.db") as store:
        places = [each.witness.where for each in store.past.captures("list")]
    assert [place.partition(", record ")[0] for place in places] == ["a.warc", "b.warc.gz"]


def test_the_evidence_of_this_program_is_read(
    kept: Kept, configure: Configure, watch: Callable[..., Ran], folder: Path
) -> None:
    for branch in "ABA":
        kept.show(branch)
        kept.check()
    assert watch("evidence", "--wacz", "pages.wacz").code == 0
    kept.folder.rename(folder / "kept")
    configure('state = "sqlite:///other.db"\n' + (folder / "watch.toml").read_text())
    for file in ("kept", "pages.wacz"):
        ran = watch("past", "list", "--warc", file, "--dry-run", "--json")
        assert json.loads(ran.out) == {"read": 3, "skipped": [], "changes": 2}


REAL = {
    ("warc-samples/example.warc", "https://example.com"): [
        "2017-03-06 04:02",
        "2017-03-06 04:03",
    ],  # the second is a revisit
    ("warc-samples/example.warc.gz", "https://example.com"): ["2017-03-06 04:02", "2017-03-06 04:03"],
    ("warc-samples/example-resource.warc.gz", "https://example.com"): ["2017-04-29 01:30"],
    ("warc-samples/example-wget-bad-target-uri.warc.gz", "https://example.com"): ["2018-02-09 15:12"],
    ("warc-samples/example-bad.warc.gz.bad", "https://example.com/?example=1"): ["2014-01-03 03:03"]
    * 2,  # packed as a whole
    ("warc-pywb", "https://www.iana.org"): ["2014-01-26 20:06", "2014-01-27 17:12"],  # a revisit in another file
    ("wacz-samples", "https://example.com"): ["2022-01-18 19:00"],
}


@needed
@pytest.mark.parametrize(("file", "url"), REAL)
def test_files_of_archives_are_read(archive: Archive, file: str, url: str) -> None:
    offers = archive.offered(CAPTURES / file, source=f'[sources.list]\nkind = "text"\nurl = "{url}"\n')
    captures = [each for each in offers if isinstance(each, OfferedCapture)]
    assert [f"{each.at:%Y-%m-%d %H:%M}" for each in captures] == REAL[file, url]
    assert all(len(list(archive.entries(each))) == 1 for each in captures)


def test_bombs_and_large_records_are_refused_in_little_memory(archive: Archive) -> None:
    large = Crawl().add("2020-01-01T10:00:00Z", bytes(30_000_000)).data
    bomb = gzip.compress(gzip.compress(b"WARC/1.1\r\nX: " + bytes(100_000_000), 1), 1)
    tracemalloc.start()
    try:
        assert archive.read(large, source=SOURCE + "max_bytes = 1_000_000\n") == [("01 10:00", "too_large")]
        with pytest.raises(UsageError):
            archive.offered(bomb)
        assert tracemalloc.get_traced_memory()[1] < 60_000_000
    finally:
        tracemalloc.stop()
