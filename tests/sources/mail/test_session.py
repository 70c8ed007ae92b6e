"""The pages of a mailbox, from servers that are played: large ones, silent ones, and some that lie."""

from __future__ import annotations

import asyncio
import re
import socketserver
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any

import pytest

from sources import Page
from sources.errors import SourceError
from sources.http.exchange import Validators
from sources.http.session import Fetcher
from sources.kinds.mailbox import Mailbox
from sources.mail.connection import ListedMail, MailBells
from sources.mail.mailbox import Bundle, RawMail, pack_mails, unpack_mails
from sources.mail.session import MailCursor, MailSession, divide
from sources.options import HttpOptions
from tests.torture.processes import until

DAY = datetime(2026, 11, 2, tzinfo=UTC)
Answer = Callable[[str], bytes | None]


class PlayedServer(socketserver.ThreadingTCPServer):
    """Answers commands as `answer` says: None is silence. `asked` are the commands, without their tags."""

    daemon_threads = True

    def __init__(self, answer: Answer) -> None:
        self.asked: list[str] = []
        self.answer = answer
        self.released = threading.Event()
        super().__init__(("127.0.0.1", 0), _Talk)


class _Talk(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        server: Any = self.server
        self.wfile.write(b"* OK [CAPABILITY IMAP4rev1] ready\r\n")
        for line in self.rfile:
            tag, _, command = line.decode().rstrip().partition(" ")
            server.asked.append(command)
            if (said := server.answer(command)) is None:
                server.released.wait()
                return
            with suppress(OSError):  # it was left
                self.wfile.write(said + f"{tag} OK done\r\n".encode())


def folder(exists: int, missing: int = 0) -> Answer:
    """A folder with so many mails, whose UIDs begin after those that are `missing`."""

    def answer(command: str) -> bytes:
        if command.startswith("EXAMINE"):
            following = exists + missing + 1
            return f"* {exists} EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT {following}] ok\r\n".encode()
        if found := re.match(r"(UID )?FETCH (\S+) ", command):
            off = missing if found[1] else 0
            if "HEADER.FIELDS" in command:
                first, last = (int(each) - off for each in found[2].split(":"))
                numbers: Sequence[int] = range(max(1, first), min(exists, last) + 1)
            else:
                numbers = [int(uid) - off for uid in found[2].split(",")]
            return b"".join(_fetched(number, number + missing, command) for number in numbers)
        return b"* CAPABILITY IMAP4rev1\r\n" if command == "CAPABILITY" else b""

    return answer


def _fetched(number: int, uid: int, command: str) -> bytes:
    head = f"From: a@b.example\r\nSubject: Number {uid}\r\n\r\n".encode()
    whole = head + b"Text.\r\n"
    said = f'UID {uid} RFC822.SIZE {len(whole)} INTERNALDATE "02-Nov-2026 10:00:00 +0000"'
    sent, part = (head, "HEADER.FIELDS (FROM SUBJECT)") if "HEADER" in command else (whole, "")
    return f"* {number} FETCH ({said} BODY[{part}]<0> {{{len(sent)}}}\r\n".encode() + sent + b")\r\n"


@pytest.fixture
def played() -> Iterator[Callable[[Answer], PlayedServer]]:
    servers = list[PlayedServer]()

    def play(answer: Answer) -> PlayedServer:
        servers.append(PlayedServer(answer))
        threading.Thread(target=servers[-1].serve_forever, daemon=True).start()
        return servers[-1]

    yield play
    for server in servers:
        server.released.set()
        server.shutdown()
        server.server_close()


def check(server: PlayedServer, etag: str | None = None, **options: Any) -> list[Page]:
    """The pages of one check."""
    port = server.server_address[1]
    source = Mailbox(url=f"imap://anna:secret@127.0.0.1:{port}/INBOX", **options)

    async def fetch() -> list[Page]:
        fetcher = Fetcher(HttpOptions(private_addresses="allow"), clock=lambda: DAY)
        session, pages = MailSession(fetcher, source, lambda _: b""), list[Page]()
        gets = [source.start()]
        while gets:
            pages.append(await session.fetch(gets.pop(0), Validators(etag) if etag and not pages else None))
            if pages[-1].body:
                gets += [get for get in source.parse(pages[-1]) if hasattr(get, "query")]
        return pages

    return asyncio.run(fetch())


def uids(pages: Sequence[Page]) -> list[int]:
    return [mail.uid for page in pages for mail in unpack_mails(page.body).mails]


def test_of_a_large_mailbox_the_newest_are_read_and_the_others_are_counted(played: Any) -> None:
    server = played(folder(100_000))
    pages = check(server)
    assert uids(pages) == list(range(95_001, 100_001))
    assert unpack_mails(pages[0].body).unread == 95_000
    assert len(pages) == 10
    assert len([each for each in server.asked if "HEADER" in each]) == 1
    assert Mailbox(url="imap://a:b@127.0.0.1/").remainder(pages[0]).more


def test_what_came_since_is_read_and_nothing_else(played: Any) -> None:
    [page] = check(played(folder(20_000)), "7:19998:2026-11-02")
    assert uids([page]) == [19_998, 19_999, 20_000]
    assert page.headers["etag"] == "7:20001:2026-11-02"


def test_more_than_one_check_reads_is_read_by_the_next(played: Any) -> None:
    server = played(folder(20_000))
    first = check(server, "7:2:2026-11-02")
    second = check(server, first[0].headers["etag"])
    assert uids([*first, *second]) == list(range(2, 10_002))


def test_uids_may_begin_far_from_those_that_are_known(played: Any) -> None:
    server = played(folder(3, missing=4_000_000_000))
    assert len(uids(check(server, "7:2:2026-11-02"))) == 3
    assert len(server.asked) < 40


def test_an_unchanged_mailbox_is_only_opened(played: Any) -> None:
    server = played(folder(5))
    [page] = check(server, "7:6:2026-11-02")
    assert (page.status, page.body) == (304, b"")
    assert not any("FETCH" in each for each in server.asked)


def test_nothing_is_opened_for_writing(played: Any) -> None:
    server = played(folder(5))
    check(server)
    words = {each.split()[0] for each in server.asked} | {each for each in server.asked if "BODY[" in each}
    assert words - {"CAPABILITY"} == {"LOGIN", "EXAMINE", "FETCH", "UID", "LOGOUT"}  # 3.14 takes it from the greeting


@pytest.mark.parametrize("at", ["LOGIN", "EXAMINE", "FETCH", "UID FETCH"])
def test_a_server_that_falls_silent_is_left(played: Any, at: str) -> None:
    answer = folder(5)
    server = played(lambda command: None if command.startswith(at) else answer(command))
    with pytest.raises(SourceError) as failed:
        check(server, timeout="300ms")
    assert failed.value.code == "timeout"
    assert "secret" not in failed.value.message


@pytest.mark.parametrize(
    "lie",
    [
        b"* 1 FETCH (UID 1 BODY[] {99999999999}\r\n",
        b"* 1 FETCH (UID 1 RFC822.SIZE 3)\r\n" * 2_000_000,
        b"* 1 FETCH (UID 1 BODY[]<0> {5}\r\nab",
        b"nonsense\r\n",
        b"* 5 EXISTS\r\n* OK " + b"x" * 2_000_000 + b"\r\n",
    ],
    ids=["a literal without end", "a flood", "broken off", "nonsense", "a long line"],
)
@pytest.mark.parametrize("at", ["EXAMINE", "FETCH", "UID FETCH"])
def test_a_server_that_lies_is_a_failure_of_its_source(played: Any, at: str, lie: bytes) -> None:
    answer = folder(5)
    server = played(lambda command: lie if command.startswith(at) else answer(command))
    try:
        found = uids(check(server, timeout="2s"))
    except SourceError:
        found = []
    assert found == []


def test_without_the_extra_it_says_what_to_install(played: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sources.mail.connection", None)
    with pytest.raises(SourceError, match=r"pip install 'registry-watch\[mailbox\]'"):
        check(played(folder(1)))


def test_mails_are_the_same_bytes_in_a_page() -> None:
    mails = [RawMail(b"\n{\x00\xff", 9, 4, "2026-11-02", "not signed"), RawMail(b"", 0)]
    made = Bundle("imaps://a@b/INBOX", mails, ["5-6"], 3)
    assert unpack_mails(pack_mails(made)) == made
    with pytest.raises(SourceError):
        unpack_mails(pack_mails(made)[:-30])


def test_pages_have_few_mails_or_few_bytes_and_a_check_has_not_too_many() -> None:
    listed = [ListedMail(uid, 60_000_000, DAY.date(), b"") for uid in range(5)]
    pages, left = divide(listed, 50_000_000, 50)
    assert ([len(page) for page in pages], len(left)) == ([1, 1, 1], 2)
    pages, left = divide([mail._replace(size=10) for mail in listed * 300], 50, 2)
    assert ([len(page) for page in pages], len(left)) == ([500, 500], 500)


def test_an_etag_of_something_else_is_no_cursor() -> None:
    assert MailCursor.read("7:6:2026-11-02") == MailCursor(7, 6, date(2026, 11, 2))
    assert MailCursor.read('W/"abc"') is None


def test_uids_that_change_between_two_pages_are_a_failure(played: Any) -> None:
    answer = folder(1_000)

    def change(command: str) -> bytes | None:
        said = answer(command)
        return said.replace(b"UIDVALIDITY 7", b"UIDVALIDITY %d" % (7 + len(server.asked) // 6)) if said else said

    server = played(change)
    with pytest.raises(SourceError, match="all UIDs have changed"):
        check(server)


def test_a_server_that_hangs_while_it_is_waited_for_is_left_and_asked_again(
    played: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sources.mail.connection._PAUSE", 0.05)
    answer, rung = folder(5), list[str]()

    def hang(command: str) -> bytes | None:
        return None if command == "IDLE" else answer(command).replace(b"IMAP4rev1", b"IMAP4rev1 IDLE")  # type: ignore[union-attr]

    server = played(hang)
    url = f"imap://anna:secret@127.0.0.1:{server.server_address[1]}/INBOX"
    source = Mailbox(url=url, timeout="200ms")
    bells = MailBells({"mail": source}, HttpOptions(private_addresses="allow"), rung.append)
    until(lambda: server.asked.count("IDLE") > 1)
    bells.stop()
    until(lambda: not any(each.name == "mail bell" for each in threading.enumerate()))
    assert rung == []
