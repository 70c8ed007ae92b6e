"""Normalisation of text: the one form that is compared and shown."""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

# Unicode's Default_Ignorable_Code_Point (DerivedCoreProperties.txt): fillers, joiners, variation selectors, tags, bidi
# controls. They render as nothing and would hide a name from the matcher. Python calls these printable:
_IGNORABLE = "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef"
_PRINTABLE_IGNORABLE = re.compile(f"[{_IGNORABLE}]")
_IGNORABLE_STARTS = b"\xcd\xe1\xe3\xef\xf3"  # the first bytes of these in UTF-8
# Format characters (zero-width spaces, soft hyphens, bidi controls, byte order marks) and control characters carry no
# meaning in an entry, differ between two loads of one page, and can disguise text on a terminal. Lone surrogates, which
# broken JSON yields, cannot be stored or sent.
_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001b\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ufeff\ufff0-\ufffb\ud800-\udfff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    f"\U000e0000-\U000e0fff{_IGNORABLE}]"
)
# Combining marks in a row. Sorting them takes quadratic time, so no more are kept than in Unicode's stream-safe text
# format (UAX #15), which no language exceeds.
_MANY_SIGNS = re.compile(r"[^\w\s]{31,}")
_MOST_ACCENTS = 30
_LINE = re.compile("[^\n\v\f\r\x1c-\x1e\x85\u2028\u2029]+")  # the line breaks of str.splitlines, one or more
_SHORT = 300  # characters: for fewer, the quadratic time does not matter
_PRINTABLE = bytes(range(0x20, 0x7F))  # of ASCII
_HEADLINE = 80  # characters
PROSE = 200  # characters of a value on one line that is read as a text
_ALIKE = str.maketrans({"ё": "е"})  # written for each other in Russian; FTS5 folds accents of Latin letters only
_LATIN_ACCENTS = re.compile(r"(?<=[a-z])[\u0300-\u036f]+")  # as the index of the desk's search takes them off
_WORD = re.compile(r"[^\W_]+")
# Between two sentences. A period after few letters may be that of an abbreviation: "Inc. was fined".
_BETWEEN = re.compile(r"\n|(?<=[。！？])|(?:(?<=\w{4}[.…])|(?<=[!?]))\s+")
_canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(", ", ": "), default=str).encode
_LONG = 1_000_000  # characters: no copies are made of longer texts only to inspect them


def clean(text: str) -> str:
    """One line in NFC: without invisible characters, each run of whitespace one space, none at the ends.

    Of the accents on one letter the first 30 are kept.
    """
    if text.isprintable() and "  " not in text and (text.isascii() or _is_plain(text)):
        return text.strip(" ")  # fast path, ten times as fast: most texts are clean
    text = _INVISIBLE.sub("", text)  # first: an invisible character may separate a letter from its accent
    if not text.isascii():
        text = unicodedata.normalize("NFC", _MANY_SIGNS.sub(_few_accents, text))
    return " ".join(text.split())


def fold_name(name: str) -> str:
    """A column's name as it is compared: without regard to case, spaces and invisible characters."""
    return clean(name).casefold()


def fold_case(text: str) -> str:
    """A text without case, and without letters that are written for each other."""
    return text.casefold().translate(_ALIKE)


def fold_words(text: str) -> str:
    """The words of a text, without case and accents, between spaces."""
    plain = unicodedata.normalize("NFD", fold_case(text))
    return f" {' '.join(_WORD.findall(unicodedata.normalize('NFC', _LATIN_ACCENTS.sub('', plain))))} "


def _few_accents(signs: re.Match[str]) -> str:
    kept, accents = list[str](), 0
    for sign in signs[0]:
        accents = accents + 1 if unicodedata.combining(sign) else 0
        if accents <= _MOST_ACCENTS:
            kept.append(sign)
    return "".join(kept)


def _is_plain(text: str) -> bool:
    """Whether a printable text is NFC, and nothing in it is invisible."""
    if len(text) > _SHORT and _MANY_SIGNS.search(text):
        return False
    data = text.encode()
    if len(data.translate(None, _IGNORABLE_STARTS)) < len(data) and _PRINTABLE_IGNORABLE.search(text):
        return False  # the first test, a tenth of the second, decides for European languages
    return unicodedata.is_normalized("NFC", text)


def join_texts(values: Iterable[str], sign: str = " | ") -> str:
    """Join the values that are not empty, for a key or a title."""
    return join_clean(map(clean, values), sign)


def join_clean(texts: Iterable[str], sign: str = " | ") -> str:
    """As `join_texts`, for texts that are clean already."""
    return sign.join(filter(None, texts))


def clean_all(texts: Sequence[str]) -> Sequence[str]:
    """Each text as `clean` gives it. Most rows are clean, so one test of all texts joined comes first."""
    whole = " ".join(texts)
    if "  " in whole or whole[:1] == " " or whole[-1:] == " ":  # a text is empty, or has a space too many
        whole = "_".join(texts)  # no sign of its own that a run of accents may have, and few texts begin with it
        if "  " in whole or " _" in whole or "_ " in whole or whole[:1] == " " or whole[-1:] == " ":
            return list(map(clean, texts))
    return texts if is_printable(whole) and (whole.isascii() or _is_plain(whole)) else list(map(clean, texts))


def is_printable(text: str) -> bool:
    """As `text.isprintable()`, which looks up each character in a table: for ASCII this takes an eighth of the time."""
    if text.isascii() and len(text) < _LONG:
        return not text.encode("ascii").translate(None, _PRINTABLE)
    return text.isprintable()


def clean_lines(text: str) -> str:
    """As `clean`, but line breaks stay; empty lines are dropped."""
    return "\n".join(line for line in map(clean, text.splitlines()) if line)


def value_text(value: object) -> str:
    """A field's value as text: strings cleaned, nothing as "", other values as canonical JSON."""
    if value is None:
        return ""
    if isinstance(value, str):
        return clean(value)
    return str(value) if type(value) is int else clean(_canonical(value))


def value_texts(values: Sequence[object]) -> Sequence[str]:
    """Each value as `value_text` gives it."""
    if set(map(type, values)) <= {str, type(None)}:
        return clean_all([value or "" for value in values])  # type: ignore[misc]
    return list(map(value_text, values))


def listing(names: Iterable[str], most: int = 12) -> str:
    """Names for an error message: `"a", "b" and 3 more`."""
    shown = [f'"{name}"' for name in names]
    more = len(shown) - most
    return ", ".join(shown[:most]) + (f" and {more} more" if more > 0 else "") or "none"


def sentences_only_in(text: str, other: str) -> Iterator[tuple[int, str]]:
    """The sentences and lines of a text that another one lacks, each with where it begins."""
    known = {sentence for _, sentence in _sentences(other)}
    return ((begin, sentence) for begin, sentence in _sentences(text) if sentence not in known)


def _sentences(text: str) -> Iterator[tuple[int, str]]:
    begin = 0
    for gap in _BETWEEN.finditer(text):
        if gap[0] == "\n" or not text[gap.end() : gap.end() + 1].islower():
            yield begin, text[begin : gap.start()]
            begin = gap.end()
    yield begin, text[begin:]


def headline(text: str) -> str:
    """The first line of a text, cut between words to at most 80 characters: a title for what has none."""
    line = next(filter(None, (clean(found[0]) for found in _LINE.finditer(text))), "")
    return line if len(line) <= _HEADLINE else f"{line[:_HEADLINE].rsplit(' ', 1)[0][: _HEADLINE - 1]}…"
