"""The mails of the captures, as a person wants them: written down before the program had read one.

`python -m pytest tests/sources/mail/test_letter_captures.py -s` says what is found and missed of each. What is known to
be missed is in `missed`, so that nothing more gets lost and a cure is noticed.
"""

import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sources import Entry, Get, Page
from sources.kinds.list import List
from sources.mail.letter import IncomingMail, read_letter
from tests.captures import CAPTURES, needed

pytestmark = needed

WANTED: dict[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
HEADS = {
    ".html": b"From: n@x.example\nContent-Type: text/html; charset=utf-8\n\n",
    ".txt": b"From: n@x.example\nContent-Type: text/html\nContent-Transfer-Encoding: quoted-printable\n\n",
}


def read(name: str) -> IncomingMail:
    file = CAPTURES / name
    return read_letter(HEADS.get(file.suffix, b"") + file.read_bytes())


def items(mail: IncomingMail, css: str) -> list[str]:
    page = Page(Get("imaps://x.example"), "imaps://x.example", 200, {}, b"", datetime.now(UTC))
    entries = List(url="imaps://x.example", item=css, title="a", link="a").parse(mail.body_page(page))
    return [mail.item_entry(entry).title for entry in entries if isinstance(entry, Entry)]


def differences(mail: IncomingMail, wanted: dict[str, Any]) -> Iterator[str]:
    """What a person wants and does not get."""
    lines = mail.text.split("\n")
    of = {"title": mail.title, "sender": mail.sender, "published": str(mail.published).replace(" ", "T")}
    yield from (name for name in of if name in wanted and of[name] != wanted[name])
    if not lines[0].startswith(wanted["first"]):
        yield "first"
    if not (lines[-1].startswith(wanted["last"]) or lines[-1].endswith(wanted["last"])):
        yield "last"
    yield from (f"present: {text}" for text in wanted.get("present", ()) if text not in mail.text)
    yield from (f"absent: {text}" for text in wanted.get("absent", ()) if text in mail.text)
    for text, url in wanted.get("links", ()):
        if not any(link.text.startswith(text) and link.url.startswith(url) for link in mail.links):
            yield f"link: {text}"
    words = {link.text for link in mail.links}
    yield from (f"unlinked: {text}" for text in wanted.get("unlinked", ()) if text in words)
    if "item" in wanted:
        found = items(mail, wanted["item"])
        if (len(found), found[0], found[-1]) != (wanted["items"], wanted["item_first"], wanted["item_last"]):
            yield f"items: {len(found)}"
    yield from (f"file: {name}" for name in wanted.get("attachments", ()) if name not in [p.name for p in mail.files])


@pytest.mark.parametrize("name", WANTED)
def test_a_mail_says_what_a_person_wants(name: str) -> None:
    wanted = WANTED[name]
    asked = sum(len(value) if isinstance(value, list) else 1 for key, value in wanted.items() if key != "missed")
    missed = list(differences(read(name), wanted))
    print(f"{name}: {asked - len(missed)} of {asked}; missed: {', '.join(missed) or 'nothing'}")
    assert missed == wanted.get("missed", [])


@pytest.mark.parametrize("name", [name for name in WANTED if name.endswith((".html", ".txt"))])
def test_a_newsletter_to_another_reader_is_the_same(name: str) -> None:
    file = CAPTURES / name
    one, other = (
        read_letter(
            f"List-Id: <x>\nMessage-ID: <{reader}@x>\nTo: {reader}@x.example\n".encode()
            + HEADS[file.suffix]
            + file.read_bytes()
            .replace(b"MnmHBiCwIPe9TmIJeskmA", reader.encode() * 2 + b"Ab1")
            .replace(b"440305174", b"1")
        )
        for reader in ("annaannaanna", "berndberndbe")
    )
    assert one.key == other.key
    assert [link.key for link in one.links] == [link.key for link in other.links]
