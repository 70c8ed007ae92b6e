"""A mailbox as a source, from the command line: the mails of a real Dovecot."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path
from typing import Any

import pytest

from sources.kinds import mailbox
from sources.mail.connection import MailBells
from sources.options import HttpOptions
from tests import dovecot
from tests.certificates import self_signed
from tests.dovecot import Dovecot, write_mail
from tests.torture.processes import until


@pytest.fixture
def server() -> Iterator[Dovecot]:
    with dovecot.running() as server:
        yield server


class Desk:
    """A configuration with one mailbox."""

    def __init__(self, server: Dovecot, configure: Any, watch: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        self.server, self._configure, self.watch = server, configure, watch
        monkeypatch.setenv("MAIL_PASSWORD", dovecot.PASSWORD)
        self.configure()

    def configure(self, options: str = "", url: str = "") -> None:
        url = (url or self.server.url).replace(dovecot.PASSWORD, "${MAIL_PASSWORD}")
        self._configure(
            f"""
            [http]
            private_addresses = "allow"
            spacing = "0s"
            [evidence]
            [sources.mail]
            kind = "mailbox"
            url = "{url}"
            {options}
            """
        )

    def check(self) -> dict[str, Any]:
        ran = self.watch("--once", "--json")
        assert dovecot.PASSWORD not in ran.out + ran.err
        [source] = json.loads(ran.out)["sources"]
        return source

    def told(self) -> list[tuple[str, str]]:
        return [(each["change"], each["title"]) for each in self.check()["changes"]]


@pytest.fixture
def desk(server: Dovecot, configure: Any, watch: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(server, configure, watch, monkeypatch)


def test_a_mailbox_can_do_without_the_proxy_of_all(desk: Desk) -> None:
    file = Path("watch.toml")
    file.write_text(file.read_text().replace("[http]", '[http]\nproxy = "http://127.0.0.1:9"'))
    assert 'give it proxy = ""' in desk.check()["message"]
    file.write_text(file.read_text().replace('kind = "mailbox"', 'kind = "mailbox"\nproxy = ""'))
    assert desk.check()["status"] == "baseline"


def test_each_mail_is_told_once_and_the_first_ones_are_a_baseline(desk: Desk) -> None:
    for number in range(3):
        desk.server.send(f"Old {number}")
    first = desk.check()
    assert (first["status"], first["entries"], first["changes"]) == ("baseline", 3, [])
    assert desk.check()["status"] == "unchanged"
    desk.server.send("New")
    assert desk.told() == [("added", "New")]
    assert desk.told() == []
    assert desk.check()["entries"] == 4


def test_a_message_about_a_mail_does_not_say_whose_mailbox_it_came_to(desk: Desk, site: Any) -> None:
    site.page("/hook")
    to = f"[channels.x]\nurl = '{site.url('/hook').replace('http', 'json')}'\n[[alerts]]\nto = ['x']"
    desk.configure(to)
    desk.check()
    desk.server.send("New")
    (told,) = desk.check()["changes"]
    *_, message = (each["message"] for each in site.sent("/hook"))
    assert ("ADDED: New" in message, "imap" in message, told["register"]) == (True, False, None)


def test_a_mail_that_somebody_deletes_is_no_news(desk: Desk) -> None:
    desk.server.send("Old")
    desk.check()
    desk.server.send("New")
    assert len(desk.told()) == 1
    for file in (desk.server.folder / "mail").glob("*/*.host*"):
        file.unlink()
    desk.server.send("Newest")
    assert desk.told() == [("added", "Newest")]
    assert desk.check()["entries"] == 3


def test_five_thousand_mails_are_each_an_entry_once(desk: Desk) -> None:
    for number in range(5000):
        desk.server.send(f"Notice {number}")
    first = desk.check()
    assert (first["entries"], first["changes"]) == (5000, [])
    for number in range(700):
        desk.server.send(f"Later {number}")
    assert sorted(desk.told()) == sorted(("added", f"Later {number}") for number in range(700))
    assert (desk.told(), desk.check()["entries"]) == ([], 5700)


def test_other_uids_of_the_same_mails_are_no_news(desk: Desk) -> None:
    desk.server.send("Old")
    desk.check()
    desk.server.send("New")
    desk.check()
    desk.server.renumber()
    desk.server.send("Newest")
    assert desk.told() == [("added", "Newest")]
    assert (desk.told(), desk.check()["entries"]) == ([], 3)


def test_nothing_is_marked_in_the_mailbox(desk: Desk) -> None:
    file = desk.server.send("Old")
    desk.check()
    [left] = (desk.server.folder / "mail").glob("*/*.host*")
    assert left.name.startswith(file.name)
    assert not left.name.endswith("S")  # how a Maildir says that it was seen


def test_the_same_mail_twice_is_one_entry_and_another_of_its_name_is_not(desk: Desk) -> None:
    desk.check()
    mail = write_mail("News", number=7)
    desk.server.put(mail)
    desk.server.put(b"Received: from elsewhere\r\n" + mail)
    desk.server.send("News", "Another text.", id="<7@registry.example>")
    assert desk.told() == [("added", "News")] * 2


def test_a_mail_larger_than_a_page_is_read_to_there_and_says_so(desk: Desk) -> None:
    desk.check()
    desk.server.put(write_mail("Large", "A line of the text.\n" * 3_000_000))
    assert desk.told() == [("added", "Large")]
    [entry] = json.loads(desk.watch("entries", "mail", "--json").out)["entries"]
    assert (entry["title"], entry["fields"]["read"]) == ("Large", "the first 10,000,000 of 63,000,249 bytes")


def test_only_the_mails_that_are_asked_for_are_fetched(desk: Desk, folder: Path) -> None:
    desk.configure('from = "*@REGISTRY.example*"\nsubject = "*warning*"')
    desk.check()
    desk.server.send("Warning: Telegraph Ltd")
    desk.server.send("Weather", "of no interest")
    desk.server.send("A warning", sender="friend@private.example")
    assert desk.told() == [("added", "Warning: Telegraph Ltd")]
    assert desk.told() == []
    kept = b"".join(file.read_bytes() for file in (folder / "evidence").glob("*.warc.gz"))
    assert kept


def test_an_edited_filter_counts_from_now_on(desk: Desk) -> None:
    desk.configure('subject = "*warning*"')
    desk.server.send("Weather")
    desk.check()
    desk.configure()
    assert desk.told() == []
    desk.server.send("Weather again")
    assert desk.told() == [("added", "Weather again")]


@pytest.mark.parametrize(
    ("instead", "reason", "said"),
    [
        ((dovecot.PASSWORD, "another word"), "login_refused", "does not let anna in: [AUTHENTICATIONFAILED]"),
        (("INBOX", "Press"), "folder_missing", "has no folder 'Press' to read; it has: INBOX"),
        (("imap://", "imaps://"), "tls", ""),
    ],
)
def test_what_is_wrong_is_said(desk: Desk, instead: tuple[str, str], reason: str, said: str) -> None:
    desk.configure(url=desk.server.url.replace(*instead))
    failed = desk.check()
    assert (failed["status"], failed["reason"]) == ("failing", reason)
    assert said in failed["message"]


def test_an_unguarded_connection_needs_a_private_address_that_is_allowed(desk: Desk, folder: Path) -> None:
    file = folder / "watch.toml"
    file.write_text(file.read_text().replace('private_addresses = "allow"', ""))
    assert desk.check()["reason"] == "address_refused"


def test_a_certificate_of_an_authority_that_the_source_brings(
    configure: Any, watch: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    certificate = self_signed(tmp_path)
    with dovecot.running(certificate) as server:
        desk = Desk(server, configure, watch, monkeypatch)
        desk.configure(url=server.secure_url)
        assert desk.check()["reason"] == "tls"
        desk.configure(f'ca_file = "{certificate}"', server.secure_url)
        assert desk.check()["status"] == "baseline"


def test_the_proof_has_the_bytes_of_the_mail_and_claims_no_web_server(desk: Desk, folder: Path) -> None:
    desk.check()
    mail = write_mail("Warning: Telegraph Ltd")
    desk.server.put(mail)
    [change] = desk.check()["changes"]
    desk.watch("evidence", str(change["id"]))
    [proof] = folder.glob("proof-*")
    page = (proof / "proof.html").read_text()
    assert "which read new mails in a mailbox" in page
    assert "web server" not in page
    assert any(mail in file.read_bytes() for file in proof.iterdir())
    assert desk.watch("verify", str(proof)).code == 0
    assert dovecot.PASSWORD.encode() not in b"".join(file.read_bytes() for file in proof.iterdir())


def test_a_mail_like_a_challenge_is_a_mail(desk: Desk) -> None:
    desk.check()
    page = "<html><title>Just a moment...</title><form action='/cdn-cgi/challenge'>Access denied. Log in <input type=password>"
    desk.server.put(b"Subject: Moment\r\nFrom: a@b.example\r\nContent-Type: text/html\r\n\r\n" + page.encode())
    assert desk.told() == [("added", "Moment")]


def test_a_mail_that_fails_its_reader_keeps_no_other_from_being_read(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.check()
    whole = mailbox.read_letter

    def read(raw: bytes, came: Any) -> Any:
        return whole(raw, came) if b"Odd" not in raw else 1 / 0

    monkeypatch.setattr(mailbox, "read_letter", read)
    desk.server.send("Odd")
    desk.server.send("Even")
    assert sorted(desk.told()) == [("added", "Even"), ("added", "a mail that cannot be read")]


def test_a_server_rings_when_a_mail_comes_and_again_after_a_silence(server: Dovecot) -> None:
    rung = threading.Semaphore(0)
    source, http = mailbox.Mailbox(url=server.url), HttpOptions(private_addresses="allow")
    bells = MailBells({"mail": source}, http, lambda name: rung.release())
    for _ in range(2):  # what comes before it listens is for the next check
        until(lambda: server.send("New") and rung.acquire(timeout=1))
    bells.stop()
    until(lambda: not any(each.name == "mail bell" for each in threading.enumerate()))


def test_the_newest_of_several_lists_in_mails_says_what_is_there(desk: Desk) -> None:
    desk.configure('take = "attachments"\nattachments = { kind = "csv", key = "Number" }')

    def send(number: int, rows: str) -> None:
        mail = message_from_bytes(write_mail("List", number=number), policy=SMTP)
        mail.add_attachment(f"Number,Status\n{rows}\n", subtype="csv", filename="list.csv")
        desk.server.put(mail.as_bytes())

    send(1, "1,active\n2,active")
    send(2, "2,blocked")
    assert desk.check()["entries"] == 2
    desk.server.renumber()
    assert desk.check()["status"] == "unchanged"
    send(3, "2,free")
    send(4, "2,closed")
    [change] = desk.check()["changes"]
    assert (change["change"], change["changed"]["Status"]) == ("changed", {"before": "blocked", "after": "closed"})
