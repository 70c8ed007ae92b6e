"""What is taken of a mail."""

import io
import zipfile
from base64 import b64encode
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from sources import Entry, Get, Page
from sources.kinds.mailbox import Mailbox
from sources.mail.letter import read_letter
from sources.model.entry import each_alone

PAGE = Page(Get("imaps://x.example"), "imaps://x.example/INBOX", 200, {}, b"", datetime(2026, 3, 2, tzinfo=UTC))
DIGEST = """Subject: Digest
Date: Sun, 1 Mar 2026 12:00:00 +0000
Content-Type: text/html

<h1>Acts</h1>
<div class=act><h2><a href="https://c.example/?to=https%3A%2F%2Fx.example%2Facts%2F1%3Futm_source%3Dm">Act 1</a></h2>In force.</div>
<div class=act><h2><a href="https://c.example/l/aB3defghijklmnopqrst">Act 2</a></h2>Struck out.</div>
<p>Our post: <a href="https://x.example/post">more of it</a></p>
"""


def take(mail: str | bytes, **options: Any) -> list[Entry]:
    source = Mailbox(url="imaps://u:p@x.example", **options)
    raw = mail.encode() if isinstance(mail, str) else mail
    return list(each_alone(source.taken(read_letter(raw), PAGE)))


def with_file(name: str, content: bytes) -> bytes:
    head = f"Subject: List\nContent-Type: application/octet-stream; name={name}\nContent-Transfer-Encoding: base64\n\n"
    return head.encode() + b64encode(content)


def zipped(name: str, content: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(name, content)
    return made.getvalue()


def test_a_mail_is_an_entry() -> None:
    (entry,) = take(DIGEST)
    assert entry.title == "Digest"
    assert entry.fields["links"] == "https://x.example/acts/1; https://x.example/post"


def test_links_are_entries_without_tracking() -> None:
    assert [(entry.key, entry.title) for entry in take(DIGEST, take="links")] == [
        ("https://x.example/acts/1", "Act 1"),
        ("Act 2 | Act 2", "Act 2"),
        ("https://x.example/post", "more of it"),
    ]


def test_items_of_a_digest_are_entries() -> None:
    first, second = take(DIGEST, item=".act", title="h2", link="a", fields={"all": "."})
    assert (first.key, first.url, first.title) == ("https://x.example/acts/1", "https://x.example/acts/1", "Act 1")
    assert (second.key, second.fields) == ("Act 2", {"all": "Act 2 Struck out."})
    assert first.published == datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_a_mail_without_items_has_no_entry_and_one_without_their_places_is_one() -> None:
    assert take("Subject: Confirm\n\nPlease confirm.", item=".act") == []
    (entry,) = take(DIGEST, item=".act", title="h5")
    assert "option title" in entry.fields["not read"]


def test_attachments_are_entries() -> None:
    (entry,) = take(with_file("list.csv", b"n\n1"), take="attachments")
    assert (entry.title, entry.fields["size"]) == ("list.csv", "3")
    assert entry.key == take(with_file("list.csv", b"n\n1"), take="attachments")[0].key


@pytest.mark.parametrize("content", [b"n,x\n1,a\n2,b\n", zipped("l.csv", b"n,x\n1,a\n2,b\n")])
def test_another_kind_reads_attachments(content: bytes) -> None:
    rows = take(with_file("list.csv", content), take="attachments", attachments={"kind": "csv", "key": "n"})
    assert [(entry.key, entry.fields["x"]) for entry in rows] == [("1", "a"), ("2", "b")]


@pytest.mark.parametrize(
    "content", [zipped("z.zip", zipped("l.csv", b"n\n1")), zipped("l.csv", bytes(9_000_000)), b"PK\3\4"]
)
def test_an_attachment_that_cannot_be_read_says_so(content: bytes) -> None:
    reader = {"kind": "csv", "key": "n", "max_bytes": 1_000_000}
    found = take(with_file("list.zip", content), take="attachments", attachments=reader)
    assert all(entry.fields["not read"] for entry in found)


def test_attachments_of_another_format_are_left_out() -> None:
    assert take(with_file("a.png", b"\x89PNG"), take="attachments", attachments={"kind": "csv", "key": "n"}) == []


@pytest.mark.parametrize(
    "options",
    [
        {"take": "links", "item": ".a"},
        {"title": "h2"},
        {"attachments": {"kind": "csv", "key": "n"}},
        {"take": "attachments", "attachments": {"kind": "csw", "key": "n"}},
        {"take": "attachments", "attachments": {"kind": "csv", "kee": "n"}},
    ],
)
def test_options_that_do_not_fit(options: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Mailbox(url="imaps://u:p@x.example", **options)
