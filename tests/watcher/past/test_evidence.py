"""Where evidence is kept, the pages of captures of others are kept, too: in files beside the chain."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from sources import Get, Page
from state.evidence.warc import Folder
from tests.watcher.past.test_warcs import LIST, PAGED, Crawl
from tests.watcher.past.test_warcs import rows as listing
from watcher.past import offers

DAYS = ("2019-01-05", "2019-02-05", "2019-03-05", "2019-04-05")


def listed(branch: str, *more: str) -> str:
    return json.dumps([{"name": name, "branch": branch} for name in ("Telegram", "Signal", *more)])


class Past:
    """A watched list, and a folder of captures that others kept of it."""

    def __init__(self, kept: Any, folder: Path) -> None:
        self.kept, self.saved = kept, folder / "saved"
        self.saved.mkdir()
        for day, branch in zip(DAYS, "ABBA", strict=True):
            self.save(day, listed(branch))

    def save(self, day: str, text: str) -> None:
        (self.saved / f"{day}.json").write_text(text)

    def read(self, *argv: str) -> dict[str, Any]:
        return dict(json.loads(self.kept.run("past", "list", "--folder", str(self.saved), "--json", *argv).out))

    @property
    def files(self) -> list[Path]:
        return sorted(self.kept.folder.glob("past/list/*"))

    def records(self, file: Path) -> list[Any]:
        """The records of a file: type, headers, the HTTP head, and the payload."""
        found = []
        with file.open("rb") as stream:
            for each in ArchiveIterator(stream, check_digests="raise"):
                head = each.http_headers.to_str() if each.http_headers else ""
                found.append((each.rec_type, dict(each.rec_headers.headers), head, each.raw_stream.read()))
        return found

    def verify(self) -> tuple[int, list[str]]:
        said = json.loads(self.kept.run("verify", "--json").out)
        return said["past"], [f"{each['file']}: {each['message']}" for each in said["problems"]]


@pytest.fixture
def past(kept: Any, folder: Path) -> Past:
    return Past(kept, folder)


def test_each_body_is_one_file_that_says_who_kept_it(past: Past) -> None:
    assert past.read() == {"read": 4, "skipped": [], "changes": 4}
    first, second = past.files
    assert first.name.startswith("20190105T000000Z-")
    assert second.name.startswith("20190205T000000Z-")
    info, page = past.records(first)
    assert b"seen by others: folder 2019-01-05.json, 2019-01-05 00:00:00+00:00; read by this program at " in info[3]
    assert (page[0], page[1]["WARC-Date"]) == ("resource", "2019-01-05T00:00:00.000Z")
    assert page[1]["WARC-Target-URI"] == past.kept.site.url("/list")
    assert page[3].decode() == listed("A")


def test_the_chain_says_nothing_of_it(past: Past) -> None:
    past.kept.check()
    before = [file.read_bytes() for file in past.kept.files]
    past.read()
    past.kept.check()
    assert [file.read_bytes() for file in past.kept.files] == before
    assert past.verify() == (2, [])


def test_a_second_import_writes_nothing(past: Past) -> None:
    past.read()
    before = [(file, file.stat().st_mtime_ns) for file in past.files]
    past.read()
    assert [(file, file.stat().st_mtime_ns) for file in past.files] == before


def test_many_equal_captures_are_one_file(past: Past) -> None:
    for day in range(1, 29):
        past.save(f"2020-02-{day:02}", listed("A"))
    assert past.read()["read"] == 32
    assert len(past.files) == 2


@pytest.mark.parametrize("argv", [("--dry-run",), ()])
def test_without_evidence_or_in_a_dry_run_nothing_is_kept(past: Past, argv: tuple[str, ...]) -> None:
    past.kept.configure("[evidence]" if argv else "")
    assert past.read(*argv)["read"] == 4
    assert past.files == []


def answered_with(monkeypatch: pytest.MonkeyPatch, **headers: str) -> None:
    """Have captures come with these headers, as an archive sends them."""
    read = offers.read_saved_page

    def answer(source: Any, get: Get, file: Path, fetched: Any) -> Page:
        page = read(source, get, file, fetched)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return Page(page.get, page.url, 200, {**page.headers, **sent}, page.body, fetched)

    monkeypatch.setattr(offers, "read_saved_page", answer)


def test_the_headers_of_an_archive_are_kept_and_cookies_are_not(past: Past, monkeypatch: pytest.MonkeyPatch) -> None:
    answered_with(monkeypatch, x_archive_src="crawl-7.warc.gz", content_encoding="gzip", set_cookie="id=hunter2")
    past.read()
    kind, _, head, body = past.records(past.files[0])[1]
    assert (kind, body.decode()) == ("response", listed("A"))
    assert head.splitlines()[0].startswith("HTTP/1.1 200")
    assert "x-archive-src: crawl-7.warc.gz" in head
    assert "X-Archive-Orig-content-encoding: gzip" in head
    assert "set-cookie: (removed)" in head
    assert "hunter2" not in head
    assert past.verify() == (2, [])


def test_all_pages_of_a_capture_are_kept(past: Past, folder: Path) -> None:
    crawl = Crawl()
    for day, name in enumerate("BCB", 1):
        crawl.add(f"2020-01-0{day}T10:00:00Z", listing("A", next="?page=2"), http={"Server": "lists"})
        crawl.add(f"2020-01-0{day}T10:00:01Z", listing(name), f"{LIST}?page=2")
    (folder / "crawl.warc.gz").write_bytes(crawl.data)
    (folder / "watch.toml").write_text(f"[evidence]\n{PAGED}")
    said = json.loads(past.kept.run("past", "list", "--warc", "crawl.warc.gz", "--json").out)
    assert said == {"read": 3, "skipped": [], "changes": 4}
    pages = [[(each[0], each[3]) for each in past.records(file)[1:]] for file in past.files]
    first = ("response", listing("A", next="?page=2"))
    assert pages == [[first, ("resource", listing(name))] for name in "BC"]
    assert past.verify() == (2, [])


def test_secrets_are_not_kept(past: Past, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", "hunter2-and-more")
    past.kept.configure(source='headers = {authorization = "${TOKEN}"}')
    answered_with(monkeypatch, x_key="hunter2-and-more")
    past.save(DAYS[0], listed("hunter2-and-more"))
    past.read()
    info, (_, _, head, body) = past.records(past.files[0])
    assert b"without what is personal or secret" in info[3]
    assert b'"${TOKEN}"' in body
    assert "x-key: ${TOKEN}" in head
    assert past.verify() == (3, [])


def test_what_is_personal_is_not_kept(past: Past) -> None:
    past.kept.configure(source='personal = ["branch"]')
    past.read()
    assert all(b"branch" not in past.records(file)[1][3] for file in past.files)
    assert past.verify()[1] == []


def test_beyond_its_room_captures_are_read_without_their_pages(past: Past) -> None:
    past.kept.configure('[evidence]\nmax_source = "2 KB"')
    ran = past.kept.run("past", "list", "--folder", str(past.saved))
    assert ran.out.startswith("4 captures read, 0 skipped")
    assert ran.err.count("the room of the source is used up") == 1
    assert len(past.files) == 1
    assert past.verify() == (1, [])


def test_a_disk_without_room_keeps_no_capture_from_being_read(past: Past, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> bool:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Folder, "append", full)
    ran = past.kept.run("past", "list", "--folder", str(past.saved))
    assert ran.out.startswith("4 captures read, 0 skipped")
    assert ran.err.count("No space left on device") == 1


def flip(past: Past) -> None:
    data = bytearray(past.files[0].read_bytes())
    data[len(data) // 2] ^= 1
    past.files[0].write_bytes(data)


def cut(past: Past) -> None:
    past.files[0].write_bytes(past.files[0].read_bytes()[:-40])


def forge(past: Past) -> None:
    past.files[0].write_bytes(past.files[1].read_bytes())


def lose(past: Past) -> None:
    past.files[0].unlink()


def add(past: Past) -> None:
    past.files[0].with_name("20190105T000000Z-0123456789ab.warc.gz.part").write_bytes(b"")


TAMPERED = {flip: "altered", cut: "altered", forge: "altered", lose: "missing", add: "no capture of the state has"}


@pytest.mark.parametrize("tamper", TAMPERED, ids=lambda tamper: tamper.__name__)
def test_what_was_tampered_with_is_named(past: Past, tamper: Callable[[Past], None]) -> None:
    past.read()
    tamper(past)
    ran = past.kept.run("verify")
    assert ran.code == 1
    assert "past/list/20190105T000000Z-" in ran.err
    assert TAMPERED[tamper] in ran.err


def test_what_is_sound_is_said(past: Past) -> None:
    past.read()
    ran = past.kept.run("verify")
    assert (ran.code, ran.err) == (0, "")
    assert "as it was written: 0 records in 0 files" in ran.out
    assert "2 files of what others kept" in ran.out
