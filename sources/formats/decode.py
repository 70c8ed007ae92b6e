"""Decodes bytes to text as browsers do, with detection where they have only a default; names formats that are no text.

Cyrillic is detected by its commonest pairs of letters, all else by charset-normalizer, which takes short Cyrillic
texts, above all in KOI8-R, for Japanese or Greek; a register's page is often short.
"""

import codecs
import re
from email.message import Message
from itertools import islice

# Longest first: the mark of UTF-32-LE begins with that of UTF-16-LE. The last two are "<" in UTF-16 without a mark.
_MARKS = (
    (b"\x00\x00\xfe\xff", "utf-32-be", 4),
    (b"\xff\xfe\x00\x00", "utf-32-le", 4),
    (b"\xef\xbb\xbf", "utf-8", 3),
    (b"\xfe\xff", "utf-16-be", 2),
    (b"\xff\xfe", "utf-16-le", 2),
    (b"\x00<\x00", "utf-16-be", 0),
    (b"<\x00", "utf-16-le", 0),
)
# Labels by Python's name to the encoding they mean on the web, usually a superset (WHATWG Encoding Standard).
_MEANT = {
    "ascii": "cp1252",
    "utf-16": "utf-16-le",
    "utf-32": "utf-32-le",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
# An allow-list: Python also has codecs that are no text encodings (hex, zlib) or can be abused (unicode_escape, idna).
_ALLOWED = re.compile(
    r"utf-8|utf-(16|32)(-[lb]e)?|cp(866|874|932|949|125\d|1125)|iso8859-\d+|koi8-[rut]|mac-(cyrillic|roman)"
    r"|gb18030|big5hkscs|euc_jp|iso2022_jp|hz"
)
_LABELS = {
    "x-mac-cyrillic": "mac_cyrillic",
    "x-cp1251": "cp1251",
    "win-1251": "cp1251",
    "x-sjis": "cp932",
    "ks_c_5601-1987": "cp949",
}
# The pattern and the range in which Beautiful Soup looks for a declaration.
_DECLARED_BY_XML = re.compile(rb"^\s*<\?.*encoding=['\"](.*?)['\"].*\?>", re.IGNORECASE)
_DECLARED_BY_HTML = re.compile(rb"<\s*meta[^>]+charset\s*=\s*[\"']?([^>]*?)[ /;'\">]", re.IGNORECASE)
_XML_HEAD, _HTML_HEAD = 1024, 2048
_HEAD = 8192  # bytes: browsers inspect the first 1024
_ENOUGH = 4  # more multi-byte characters than this are not valid UTF-8 by accident


def decode(body: bytes, content_type: str, encoding: str | None = None) -> str:
    """The body as text; never raises.

    A given, known `encoding` decides. Else the first that fits the bytes: a byte order mark, the charset of the
    `content_type` header, the document's declaration, UTF-8, detection. Invalid bytes become U+FFFD.
    """
    name, skipped = find_encoding(body, content_type, encoding)
    return body[skipped:].decode(name, "replace")


def find_encoding(body: bytes, content_type: str, encoding: str | None = None) -> tuple[str, int]:
    """Python's name for the encoding that `decode` uses, and the length of the byte order mark.

    Of a large body a sample suffices: its beginning, and pieces with bytes other than ASCII.
    """
    given = codec(encoding)
    for mark, name, length in _MARKS:
        if body.startswith(mark):
            return (name, length) if given is None or given[:6] == name[:6] else (given, 0)
    return given or _choose(body, content_type), 0


def codec(label: str | None) -> str | None:
    """Python's name for the encoding that a charset label means on the web, or None when it is unknown."""
    label = (label or "").strip(" \t\r\n\f\"'").lower()
    try:
        name = codecs.lookup(_LABELS.get(label, label)).name
    except (LookupError, ValueError):
        return None
    name = _MEANT.get(name, name)
    return name if _ALLOWED.fullmatch(name) else None


def _choose(body: bytes, content_type: str) -> str:
    # Only UTF-16, ISO-2022 and HZ have these in text of ASCII bytes.
    if body.isascii() and not any(sign in body for sign in (b"\x00", b"\x1b", b"~{")):
        return "utf-8"
    text = body.decode("utf-8", "replace")
    # Without an invalid byte the difference in length says enough: a character has at most three further bytes.
    if (len(body) - len(text) > 3 * _ENOUGH and "\ufffd" not in text) or (_several(text) > _ENOUGH and _sound(text)):
        return "utf-8"  # nearly all bytes are valid in a single-byte encoding, so this overrules any declaration
    message = Message()
    message["content-type"] = " ".join(content_type.split())
    charset = message.get_param("charset")
    for name in (codec(charset) if isinstance(charset, str) else None, _find_declaration(body)):
        # Any bytes are valid UTF-16, but markup, commas and line breaks give NUL bytes in it.
        if name and (not name.startswith(("utf-16", "utf-32")) or b"\0" in body[:_HEAD]) and _fits(body, name):
            return overrule(body, name) or name
    return "utf-8" if _fits(body, "utf-8") else detect(body)


def _fits(body: bytes, name: str) -> bool:
    try:
        body.decode(name)
    except UnicodeError:
        return _sound(body.decode(name, "replace"))
    return True


def _sound(text: str) -> bool:
    """Whether it has almost no invalid characters: a page cut inside a character, or joined from two, keeps its
    encoding.
    """
    return text.count("\ufffd") * 20 <= _several(text)


def _several(text: str) -> int:
    """The number of characters of several bytes."""
    return len(text) - len(text.encode("ascii", "ignore")) - text.count("\ufffd")


def _find_declaration(body: bytes) -> str | None:
    if body.lstrip()[:1] != b"<":  # "charset=" in a JSON or CSV file is no declaration
        return None
    declared = _DECLARED_BY_XML.search(body, 0, _XML_HEAD) or _DECLARED_BY_HTML.search(body, 0, _HTML_HEAD)
    name = codec(declared[1].decode("ascii", "replace")) if declared else None
    # Such a declaration is false: it was read as ASCII.
    return "utf-8" if name and name.startswith(("utf-16", "utf-32")) else name


_CYRILLIC = ("cp1251", "koi8-u", "cp866", "iso8859-5", "mac-cyrillic")
_COMMON = """
    ст но то на ен ов ни ра во ко по ро не го ос ал ре пр ер ор ли ет та ка ва от ти ри ан ло ел ле ем де ом ит ны
    ск ть ии ия ин им ис из за об ог од он оп са се си сл те тр их ых ый ой ая ое ие ей до да ми мо ма ве ви вы ат
    ас ам ар ак ад аз ес ед ек ки ля лу ла ль нн ня ру рг рн сс сп тв ут че чи ше що ьн ає ві ні рі ії ій кі
"""
_PAIRS = frozenset(_COMMON.split())
_SAMPLE = 2000  # words
_WINDOW = 200_000  # bytes
_ENOUGH_BYTES = 16  # bytes of words: fewer are no evidence
_LIKELY, _CERTAIN = 0.35, 0.5  # Cyrillic scores 0.6 to 0.8, Greek decoded as Cyrillic 0.2, all else near 0


def detect(body: bytes) -> str:
    """Python's name of the likeliest encoding of bytes that are not UTF-8."""
    name, score = _cyrillic(_words(body))
    if score > _LIKELY:
        return name
    first = re.search(rb"[\x80-\xff]", body)
    start = max(0, first.start() - 1000) if first else 0
    from charset_normalizer import from_bytes  # noqa: PLC0415 - slow to import, and rarely needed

    match = from_bytes(body[start : start + _WINDOW]).best()
    return match.encoding if match else "cp1252"


def overrule(body: bytes, declared: str) -> str | None:
    """The Cyrillic encoding of bytes that declare another encoding; None unless it is certain."""
    words = _words(body)
    if len(words) < _ENOUGH_BYTES or _likeness(words.decode(declared, "replace")) > _LIKELY:
        return None
    name, score = _cyrillic(words)
    return name if score > _CERTAIN else None


def _cyrillic(words: bytes) -> tuple[str, float]:
    scores = {name: _likeness(words.decode(name, "replace")) for name in _CYRILLIC}
    best = max(scores, key=lambda name: scores[name])
    return best, scores[best]


def _words(body: bytes) -> bytes:
    """The first words with bytes other than ASCII, with the letter before: "ü" in "für" is not Cyrillic."""
    words = re.finditer(rb"[A-Za-z]?[\x80-\xff][A-Za-z\x80-\xff]*", body)
    return b" ".join(word[0] for word in islice(words, _SAMPLE))[:_WINDOW]


def _likeness(text: str) -> float:
    """0 to 1: the share of adjacent characters that are common pairs of Cyrillic letters, in natural case."""
    natural = re.sub(r"\b[А-ЯЁЄІЇ](?=[а-яёєії])", lambda letter: letter[0].lower(), text)
    pairs = common = 0
    for word in natural.split():
        plain = word.lower() if word.isupper() else word
        pairs += max(1, len(plain) - 1)
        common += sum(plain[at : at + 2] in _PAIRS for at in range(len(plain) - 1))
    return common / pairs if pairs else 0


# The first bytes decide, not the content type.
_MAGIC = {
    b"%PDF-": "a PDF file",
    b"PK\x03\x04": "a ZIP file (or XLSX, DOCX)",
    b"PK\x05\x06": "a ZIP file",
    b"\xd0\xcf\x11\xe0": "an old Office file",
    b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",
    b"GIF8": "an image",
    b"\x1f\x8b": "a gzip file",
    b"\x28\xb5\x2f\xfd": "a Zstandard file",
    b"Rar!": "a RAR file",
    b"7z\xbc\xaf": "a 7z file",
}


def name_binary(body: bytes) -> str | None:
    """The name of a binary format by a body's first bytes, or None."""
    return next((what for magic, what in _MAGIC.items() if body.startswith(magic)), None)
