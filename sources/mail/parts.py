"""The headers and parts of a mail (MIME), read within limits, however they nest and whatever they claim. Pure.

The parser of the email package recurses into each level, and compares each line with the boundaries of all. Here each
level is split by its own boundary, in linear time; what a single header says is left to that package.
"""

import re
from binascii import Error as Base64Error
from binascii import a2b_base64, a2b_qp
from collections.abc import Iterator, Sequence
from contextlib import suppress
from email.message import Message
from email.utils import collapse_rfc2231_value, getaddresses
from itertools import islice
from typing import NamedTuple

from sources.formats.decode import decode
from sources.text import clean

_MOST_PARTS, _MOST_FIELDS = 1_000, 2_000  # of a mail, and of one level; of a head
_DEEPEST = 30  # levels
_LONGEST_HEAD, _LONGEST_VALUE, _LONGEST_TEXT = 2_000_000, 4_000, 3_000_000  # bytes
_SAID = ("text/plain", "text/html", "multipart/")  # types of what is not a file
_END_OF_HEAD = re.compile(rb"(?:\A|\n)\r*\n")
_FIELD = re.compile(rb"^([!-9;-~]{1,100})[ \t]*:(.*(?:\n[ \t].*)*)", re.MULTILINE)
_ENCODED_WORD = re.compile(r"=\?([^?*\s]+)(?:\*[^?\s]*)?\?([BbQq])\?([^?]*)\?=(?:\s+(?==\?))?")
_ADDRESS = re.compile(r"[^\s<>\"(),;:]+@[^\s<>\"(),;:]+")
_NO_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")


class MailPart(NamedTuple):
    """A mail, or a part of one: its headers, whose values are cut, and its body as it was sent."""

    headers: Message
    body: bytes

    @property
    def type(self) -> str:
        """The media type, in lower case."""
        return self.headers.get_content_type()

    @property
    def name(self) -> str:
        """The name of its file, or the subject of the mail that it is; "" when it has none."""
        own = self.parameter("filename", "content-disposition") or self.parameter("name")
        return own or (header_text(read_part(self.body).headers, "subject") if self.type == "message/rfc822" else "")

    @property
    def content(self) -> bytes:
        """Its bytes; of damaged base64 what can be decoded."""
        coding = self.headers.get("content-transfer-encoding", "").lower()
        if coding == "base64":
            return _from_base64(self.body)
        return a2b_qp(self.body) if coding == "quoted-printable" else self.body

    @property
    def text(self) -> str:
        """Its text, of which at most 3 MB are read. The charset is believed where the bytes fit it."""
        return _decode(self.content[:_LONGEST_TEXT], self.parameter("charset"))

    @property
    def is_file(self) -> bool:
        """Whether it is an attachment: no text, or with a name, and no picture that the text shows."""
        attached = self.headers.get("content-disposition", "").lower().startswith("attachment")
        if self.type.startswith("image/") and not attached and "content-id" in self.headers:
            return False
        return attached or not self.type.startswith(_SAID) or bool(self.name)

    def is_text(self, subtype: str) -> bool:
        """Whether it is a part of what the mail says, `plain` or `html`."""
        kinds = ("text/html",) if subtype == "html" else ("text/plain", "multipart/")
        return self.type.startswith(kinds) and not self.is_file

    def parameter(self, name: str, header: str = "content-type") -> str:
        """A parameter of a header, written in any of the ways of RFC 2231; "" when there is none."""
        with suppress(ValueError, TypeError):  # of parameters that are numbered wrongly
            return clean(decode_words(collapse_rfc2231_value(self.headers.get_param(name, "", header))))
        return ""


def read_part(raw: bytes) -> MailPart:
    """A mail, of which the first bytes may suffice, or a part: its headers, and what follows the first empty line."""
    if b"\n" not in raw[:_LONGEST_HEAD]:
        raw = raw.replace(b"\r", b"\n")
    end, headers = _END_OF_HEAD.search(raw), Message()
    head = raw[: min(end.start() if end else len(raw), _LONGEST_HEAD)]
    fields = [(field[1].lower(), field[2]) for field in islice(_FIELD.finditer(head), _MOST_FIELDS)]
    for name, value in dict(reversed(fields)).items():  # of a field that stands twice the first one counts
        headers[name.decode("ascii")] = clean(decode(value[:_LONGEST_VALUE], ""))
    return MailPart(headers, raw[end.end() :] if end else b"")


def inner_parts(mail: MailPart) -> Sequence[MailPart]:
    """The innermost parts of a mail, in order, at most _MOST_PARTS of them. Never raises.

    A part that claims parts, but shows none, or is nested too deeply, is a plain text; a mail in a mail stays whole.
    """
    found, stack = list[MailPart](), [(mail, 0)]
    while stack and len(found) < _MOST_PARTS:
        part, depth = stack.pop()
        several = depth < _DEEPEST and part.type.startswith("multipart/")
        inner = list(_split(part.body, part.parameter("boundary"))) if several else []
        stack += [(each, depth + 1) for each in reversed(inner)]
        if not inner:
            found.append(part)
    return found


def _split(body: bytes, boundary: str) -> Iterator[MailPart]:
    """The parts between lines with the boundary; the line after the last one may be missing."""
    sign = re.escape(boundary.encode("utf-8", "replace"))
    line = re.compile(rb"(?:\A|\r?\n)--" + sign + rb"(--)?[ \t]*\r*(?=\n|\Z)")
    marks = list(islice(line.finditer(body), _MOST_PARTS + 1)) if boundary else []
    for at, mark in enumerate(marks):
        if mark[1]:
            return
        end = marks[at + 1].start() if at + 1 < len(marks) else len(body)
        yield read_part(body[mark.end() + 1 : end])


def header_text(headers: Message, name: str) -> str:
    """The text of a header field; "" when there is none."""
    return clean(decode_words(headers.get(name, "")))


def read_people(headers: Message, name: str) -> Sequence[tuple[str, str]]:
    """The name, or "", and the address of everyone in a header field; where it has no address, all of its text."""
    value, found = headers.get(name, ""), list[tuple[str, str]]()
    with suppress(RecursionError, IndexError, ValueError):  # of comments in comments
        found = [(clean(decode_words(who)), at.lower()) for who, at in getaddresses([value]) if _ADDRESS.fullmatch(at)]
    if not found and (match := _ADDRESS.search(value)):
        found = [(clean(decode_words(value[: match.start()].strip(' "<'))), match[0].lower())]
    return found or ([("", header_text(headers, name))] if value else [])


def decode_words(text: str) -> str:
    """A text with its encoded words (RFC 2047) decoded. Those side by side in one charset are joined before, as some
    programs split them within a letter.
    """
    pieces, run, at, charset = list[str](), b"", 0, ""
    for word in _ENCODED_WORD.finditer(text):
        if word.start() > at or word[1].lower() != charset:
            pieces += [_decode(run, charset), text[at : word.start()]]
            run, charset = b"", word[1].lower()
        content = word[3].encode("utf-8", "replace")
        run += _from_base64(content) if word[2] in "Bb" else a2b_qp(content, header=True)
        at = word.end()
    return "".join([*pieces, _decode(run, charset), text[at:]])


def _from_base64(data: bytes) -> bytes:
    with suppress(Base64Error):
        return a2b_base64(data)
    data = _NO_BASE64.sub(b"", data)
    data += b"=" * (-len(data) % 4)
    return a2b_base64(data if not data.endswith(b"===") else data[:-4])  # a last sign alone stands for six bits


def _decode(data: bytes, charset: str) -> str:
    if charset.lower() in ("utf-7", "unicode-1-1-utf-7"):  # which browsers no longer know
        return data.decode("utf-7", "replace")
    return decode(data, f"text/plain; charset={charset}")
