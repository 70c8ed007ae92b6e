"""A mailbox as pages: its address in their URL, and its mails in their bodies. Pure.

A body is a line of JSON about the page, then each mail with a line of JSON before it. The bytes of a mail are as the
server sent them, so the body is evidence of them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, NamedTuple
from urllib.parse import quote, unquote

from sources.errors import BadDocument

_SHAPE = re.compile(r"(imaps?)://([^:@/]+):(.+)@(\[[^]@/]+\]|[^:@/\[\]]+)(?::(\d{1,5}))?(?:/(.*))?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_PORTS = {"imap": 143, "imaps": 993}
_BEGINS = b'{"mailbox":'


class MailboxAddress(NamedTuple):
    """A folder of a user's mails. The password may have any characters, so it goes to the last @ before the host."""

    scheme: str
    user: str
    password: str
    host: str
    port: int
    folder: str

    @classmethod
    def of(cls, url: str) -> MailboxAddress:
        """Read `imaps://USER:PASSWORD@HOST/FOLDER`, with %40 and the like decoded. Raises ValueError."""
        found = _SHAPE.fullmatch(url)
        user, password, host, folder = (unquote(found[at] or "") for at in (2, 3, 4, 6)) if found else ("",) * 4
        if not found or _CONTROL.search(f"{user}{password}{host}{folder}"):
            raise ValueError('is the address of a mailbox, such as "imaps://USER:${PASSWORD}@HOST/INBOX"')
        port = int(found[5] or _PORTS[found[1]])
        return cls(found[1], user, password, host.strip("[]"), port, folder.strip("/") or "INBOX")

    @property
    def shown(self) -> str:
        """It without the password, which is no part of what is read."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{quote(self.user, safe='')}@{host}{port}/{quote(self.folder)}"


class RawMail(NamedTuple):
    """A mail: its bytes, which are only the beginning where there are fewer than `size`, and what is known of it from
    the mailbox: its UID, the day on which it came there (ISO), and what its signatures said then.
    """

    raw: bytes
    size: int
    uid: int = 0
    came: str = ""
    signature: str = ""


class Bundle(NamedTuple):
    """Some mails, oldest first. The first page of a check names the `further` ones, and says how many mails the check
    leaves `unread`.
    """

    mailbox: str
    mails: Sequence[RawMail]
    further: Sequence[str] = ()
    unread: int = 0


def pack_mails(bundle: Bundle) -> bytes:
    """The body of a page."""
    pieces = [_line(bundle._replace(mails=()))]
    for mail in bundle.mails:
        pieces += [_line(mail._replace(raw=len(mail.raw))), mail.raw, b"\n"]  # type: ignore[arg-type] # in its place
    return b"".join(pieces)


def unpack_mails(body: bytes) -> Bundle:
    """The mails of a body; one that is no bundle is a single mail, as mail programs save them. Raises BadDocument."""
    if not body.startswith(_BEGINS):
        return Bundle("", [RawMail(body, len(body))])
    try:
        head, at, mails = *_read_line(body, 0), list[RawMail]()
        while at < len(body):
            told, start = _read_line(body, at)
            at = start + told["raw"] + 1
            mails.append(RawMail(**told | {"raw": body[start : at - 1]}))
        return Bundle(**head | {"mails": mails})
    except (ValueError, KeyError, TypeError) as error:
        raise BadDocument(f"the mails of a page cannot be read: {error}", code="truncated") from None


def _line(told: Bundle | RawMail) -> bytes:
    return json.dumps(told._asdict()).encode() + b"\n"


def _read_line(body: bytes, at: int) -> tuple[dict[str, Any], int]:
    end = body.index(b"\n", at)
    return json.loads(body[at:end]), end + 1
