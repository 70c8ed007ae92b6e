"""The mails of a page, in its body: a line of JSON about the page, then each mail with a line of JSON before it. Pure.

The bytes of a mail are as the server sent them, so the body is evidence of them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from sources.errors import BadDocument

_BEGINS = b'{"mailbox":'


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
