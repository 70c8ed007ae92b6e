"""What a mail says, as a person reads it, and the entries that it gives; first its headers and parts (MIME), read
within limits, however they nest and whatever they claim. Pure.

The parser of the email package recurses into each level, and compares each line with the boundaries of all. Here each
level is split by its own boundary, in linear time; what a single header says is left to that package.

An address is without tracking when the parameters of campaigns (utm_...) are off it; one that carries another one, as
it is or in base64, is a redirector, and the other one counts. What most links of a letter carry alike tells of the
letter or its reader, so it is no part of an identity; nor is an address with a long token in it, such as that of a
redirector that keeps its target secret: such a link is known by its words.
"""

import re
from base64 import urlsafe_b64decode
from binascii import Error as Base64Error
from binascii import a2b_base64, a2b_qp
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.message import Message
from email.utils import collapse_rfc2231_value, getaddresses
from functools import lru_cache
from hashlib import sha256
from html import escape
from itertools import islice
from typing import NamedTuple
from urllib.parse import parse_qsl, quote, urlsplit

from lxml.html import HtmlElement, tostring

from sources.formats.dates import read_date
from sources.formats.decode import decode
from sources.formats.html import text_of
from sources.formats.links import LONGEST_URL, remove_session
from sources.mail.visible import WAY_OUT, length_of, see_letter, sentence_of
from sources.model import Entry, Page
from sources.text import clean, clean_lines, headline, join_clean, join_texts

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


def _inner_parts(mail: MailPart) -> Sequence[MailPart]:
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


def _read_people(headers: Message, name: str) -> Sequence[tuple[str, str]]:
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


_URL = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?)\]']")
_WRITTEN_LINK = re.compile(rf"<({_URL.pattern})>|{_URL.pattern}")
_CAMPAIGN = re.compile(r"(?<=[?&])utm_\w{1,30}=[^&#]*&?", re.IGNORECASE)
_EMPTY_QUERY = re.compile(r"[?&]+(?=#|$)")
_TOKEN = re.compile(r"(?<![A-Za-z0-9])(?=[a-z0-9]*[A-Z])(?=[A-Z0-9]*[a-z])(?=[A-Za-z]*\d)[A-Za-z0-9]{18,}")
_SOFT_BREAK, _EMPTY_LINES = re.compile(r" \n(?![>\s])"), re.compile(r"\n[ \t]*\n\s*")
_SIGNATURE = re.compile(r"^-- $", re.MULTILINE)  # RFC 3676
_POINTER = 3  # a plain text of a third of the words of the HTML only points to it
_ALIKE, _LONG_PARAMETER = 3, 10  # links, and characters: fewer are no sign of tracking
_FEW_WORDS = 3  # a link of fewer is known by its line, too: "here", "Read more"
_IN_BASE64 = "aHR0c"  # "http"
_HOPS, _MOST_LINKS = 3, 1_000  # redirectors in redirectors; links of a mail


class MailLink(NamedTuple):
    """A link: its words, its address without tracking, and its identity, made of the words where it is `opaque`."""

    text: str
    url: str
    key: str
    opaque: bool


@dataclass(frozen=True)
class IncomingMail:
    """A mail: `sender` is who it claims to be from, `text` is that of its best part, `html` is what it shows as a
    document, `files` are its attachments.
    """

    key: str
    title: str
    sender: str
    published: datetime | None
    text: str
    links: Sequence[MailLink]
    files: Sequence[MailPart]
    html: str

    def entry(self) -> Entry:
        """The mail as an entry."""
        links = "; ".join(dict.fromkeys(link.key for link in self.links if not link.opaque))
        names = "; ".join(part.name or part.type for part in self.files)
        fields = {"from": self.sender, "links": links, "attachments": names}
        return Entry(self.key, self.title or headline(self.text), fields, None, self.published, self.text)

    def link_entries(self) -> Iterator[Entry]:
        """An entry for each link; the same one again is the same entry."""
        first = {link.key: link for link in reversed(self.links)}
        return (Entry(link.key, link.text, {}, link.url, self.published) for link in reversed(first.values()))

    def file_entries(self) -> Iterator[Entry]:
        """An entry for each attachment; the same name and bytes again are the same entry."""
        for part in self.files:
            digest, name = sha256(part.content).hexdigest(), part.name or part.type
            fields = {"type": part.type, "size": len(part.content), "sha256": digest, "from": self.sender}
            yield Entry(f"{name} {digest[:16]}", name, fields, None, self.published)

    def file_pages(self, page: Page) -> Iterator[Page]:
        """Each attachment as a page for another kind; `page` is that of the mail."""
        for part in self.files:
            headers = {"content-type": part.headers.get("content-type", "")}
            url = f"{page.url}#{quote(part.name or part.type)}"
            yield replace(page, url=url, headers=headers, content=part.content, gzip=b"")

    def body_page(self, page: Page) -> Page:
        """What a person sees of the letter as a page for another kind; `page` is that of the mail."""
        headers = {"content-type": "text/html; charset=utf-8"}
        return replace(page, headers=headers, content=self.html.encode(), encoding=None, gzip=b"")

    def item_entry(self, entry: Entry) -> Entry:
        """An entry that was read from the body: known by its link, else by its title; with the date of the mail."""
        known = {link.url: link.key for link in self.links if not link.opaque}
        key = known.get(entry.url or "", entry.title)
        return Entry.of_parts(key, entry.title, entry.fields, entry.url, entry.published or self.published, entry.text)


def read_letter(raw: bytes, received: datetime | None = None) -> IncomingMail:
    """Read a mail. `received` is when the mailbox got it: its date if it has none, or one that is yet to come."""
    mail = read_part(raw)
    headers, parts = mail.headers, _inner_parts(mail)
    exits = {strip_tracking(url) for url in _URL.findall(headers.get("list-unsubscribe", ""))}

    def ends(url: str) -> bool:
        return WAY_OUT.search(url) is not None or strip_tracking(url) in exits

    written = see_letter("".join(_mark_up(part) for part in parts if part.is_text("plain")), ends)
    shown = see_letter("\n".join(part.text for part in parts if part.is_text("html")), ends)
    links = _links_of(shown, ends) or _links_of(written, ends)
    plain, text = text_of(written), text_of(shown)
    if len(plain.split()) * _POINTER > len(text.split()):
        text = plain
    title, files = header_text(headers, "subject"), [part for part in parts if part.is_file]
    people, sent = _read_people(headers, "from"), read_date(headers.get("date"))
    return IncomingMail(
        _key(mail, f"{title} {text}", links, files),
        title,
        ", ".join(f"{name} <{address}>" if name else address for name, address in people),
        received if received and (not sent or sent > received + timedelta(days=1)) else sent,
        clean_lines(text),
        links,
        files,
        tostring(shown if length_of(shown) else written, encoding="unicode"),
    )


def _mark_up(part: MailPart) -> str:
    """A plain text as HTML, without its signature: paragraphs, and links. A link is called as the words before it, else
    by its address, or by the host of one with a token.
    """
    text = _SIGNATURE.split(part.text.replace("\r", ""))[0]
    if part.parameter("format").lower() == "flowed":  # RFC 3676
        text = _SOFT_BREAK.sub("" if part.parameter("delsp").lower() == "yes" else " ", text)
    pieces, at = list[str](), 0
    for link in _WRITTEN_LINK.finditer(text):
        start = max(at, text.rfind("\n", at, link.start()) + 1) if link[1] else link.start()
        url = link[1] or link[0]
        words = text[start : link.start()] or (url.split("/")[2] if _TOKEN.search(url) else url)
        pieces += [escape(text[at:start]), f'<a href="{escape(url)}">{escape(words)}</a>']
        at = link.end()
    pieces.append(escape(text[at:]))
    return "".join(f"<p>{each.replace(chr(10), '<br>')}</p>" for each in _EMPTY_LINES.split("".join(pieces)))


@lru_cache(maxsize=4096)
def strip_tracking(url: str) -> str:
    """An address without the parameters of campaigns; of a redirector that carries it, the address that it leads to."""
    for _ in range(_HOPS):
        if len(targets := _carried(url)) != 1:
            break
        url = targets.pop()
    return _EMPTY_QUERY.sub("", _CAMPAIGN.sub("", url))


def _carried(url: str) -> set[str]:
    """The addresses that another one has in its query, or in its path in base64."""
    values = list[str]()
    with suppress(ValueError):
        if _IN_BASE64 in url or "http" in url[8:]:
            parts = urlsplit(url)
            values = [value for _, value in parse_qsl(parts.query)] + parts.path.split("/")
            coded = [value.rstrip("=") for value in values if value.startswith(_IN_BASE64)]
            values += [urlsafe_b64decode(value + "=" * (-len(value) % 4)).decode() for value in coded]
    return {value for value in values if _URL.fullmatch(value)}


def _links_of(tree: HtmlElement, ends: Callable[[str], bool]) -> Sequence[MailLink]:
    """The links that show something and do not end the subscription; the tree gets their addresses, too."""
    found, sentences = list[tuple[str, str, str]](), dict[HtmlElement, str]()
    for element in islice(tree.iter("a"), _MOST_LINKS):
        url = (element.get("href") or "").strip()
        words = clean(text_of(element) or " ".join(each.get("alt") or "" for each in element.iter("img")))
        if words and len(url) <= LONGEST_URL and _URL.fullmatch(url) and not (ends(url) or WAY_OUT.search(words)):
            element.set("href", strip_tracking(url))
            sentence = "" if len(words.split()) >= _FEW_WORDS else headline(sentence_of(element, sentences))
            found.append((words, element.get("href", ""), sentence))
    urls = {url for _, url, _ in found}
    counts = Counter(part for url in urls for part in set(_parameters(url)) if len(part) >= _LONG_PARAMETER)
    alike = {part for part, count in counts.items() if count >= _ALIKE and 2 * count > len(urls)}
    return [_identify(*each, alike) for each in found]


def _identify(words: str, url: str, sentence: str, alike: Collection[str]) -> MailLink:
    """A link with its identity; `alike` are the parameters that other links have, too."""
    kept = "&".join(part for part in _parameters(url) if part not in alike)
    place = remove_session(f"{url.partition('?')[0]}?{kept}")
    opaque = _TOKEN.search(place) is not None
    return MailLink(words, url, join_clean((words, sentence)) if opaque else place, opaque)


def _parameters(url: str) -> Sequence[str]:
    return url.partition("?")[2].split("&")


def _key(mail: MailPart, said: str, links: Sequence[MailLink], files: Sequence[MailPart]) -> str:
    """What tells a mail from others: its Message-ID and its content, as it was sent. Of a newsletter each reader gets a
    copy of his own: it is known by its sender and its day, and by what it says without the addresses of its readers and
    the links that have no identity.
    """
    headers, sent = mail.headers, read_date(mail.headers.get("date"))
    copied = "list-unsubscribe" in headers or "list-id" in headers
    name = "" if copied else headers.get("message-id", "")
    origin = (name,) if name else (headers.get("from", ""), sent.date().isoformat() if sent else "")
    content = b"".join(mail.body.split())
    if copied:
        readers = {address for to in ("to", "delivered-to") for _, address in _read_people(headers, to)}
        words = [word for word in _URL.sub("", said).lower().split() if word.strip("<>().,;:") not in readers]
        places = sorted({link.key for link in links if not link.opaque})
        digests = (sha256(part.content).hexdigest() for part in files)
        content = " ".join((*words, *places, *digests)).encode("utf-8", "replace")
    subject = headers.get("subject", "").encode("utf-8", "replace")
    return join_texts((*origin, sha256(subject + content).hexdigest()[:32]), " ")
