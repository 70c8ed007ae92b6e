"""The wording of messages: shortened values, times and words; and foreign texts made harmless. Pure.

What a register or a page says must not act on the chat or mail that shows it.
"""

import re
from datetime import UTC, datetime, time, timedelta, tzinfo
from urllib.parse import urlsplit

from alerts.language import clean_sentence, mark, phrase, phrase_day, phrase_moment
from alerts.links import web_address
from sources.text import clean
from state.compare.changes import common_prefix, common_suffix
from state.compare.text_parts import word_end

# Whose word a source's is, by its authority.
AUTHORITY = {
    "record": mark("the authority itself"),
    "statement": mark("a party speaking"),
    "report": mark("press report"),
}
# Translators: of a source: an aggregator, or somebody's copy of a register
_WORTH = {**AUTHORITY, "republished": mark("republished by others, not the authority itself")}
# Translators: who kept pages of a source before it was watched
_WITNESSES = {
    "wayback": mark("Internet Archive"),
    "git": mark("git history"),
    "warc": mark("a WARC file"),
    "folder": mark("a folder of saved pages"),
}
_WORDS = {
    # Translators: of a source: who speaks there is the authority itself, a party, or the press
    *(mark("record"), mark("statement"), mark("report")),
    # Translators: what happened to an entry of a register
    *(mark("added"), mark("changed"), mark("removed"), mark("reappeared")),
    # Translators: of an entry: its key, by which the register names it, is another one
    mark("rekeyed"),
    # Translators: how a source fares
    *(mark("ok"), mark("failing"), mark("suspicious"), mark("paused"), mark("recovered")),
    # Translators: of a source that is not checked, as the configuration says so, or has it no more
    *(mark("disabled"), mark("not configured")),
    # Translators: what has become of alerts that could not be delivered
    mark("given up"),
    # Translators: of a source: entries may have come and gone between two checks
    mark("gap"),
    # Translators: of a source: nothing new has come for too long, or it changes at every check
    *(mark("quiet"), mark("restless")),
    # Translators: of a source: its changes, or its pages, take all the room that they may
    *(mark("log_full"), mark("evidence_full")),
    # Translators: how important a change is
    *(mark("high"), mark("normal"), mark("low")),
    # Translators: of a change: nobody has marked it as handled, or somebody has
    *(mark("new"), mark("handled")),
    # Translators: how an entry came to be as it was: it left the end of a list; it was there at the first reading; it
    # was read with other options, or at another address; the log does not say
    *(mark("scrolled"), mark("first"), mark("reread"), mark("moved"), mark("unlogged")),
    # Translators: what a picture of a source shows
    *(mark("health"), mark("changes"), mark("entries"), mark("rhythm")),
    # Translators: the role of a user
    *(mark("viewer"), mark("editor"), mark("admin")),
}
# Translators: parts of an entry: its title, text, address, and the day when it was published
_PARTS = (mark("title"), mark("text"), mark("url"), mark("published"))

_CONTEXT = 30  # characters kept on either side of the difference between two long values
_WEB = re.compile(r"(https?://[^\s/]\S*)", re.IGNORECASE)
_ADDRESS = re.compile(r"\b[a-z][a-z0-9+.-]{1,20}://([^\s/?#\u2068\u2069]*)([^\s\u2068\u2069]*)", re.IGNORECASE)
# What chat services act on: names that notify people or a whole room, links whose text differs from their address,
# links that start a program, tags, and marks that hide a text or strike it out.
_ACTIVE = re.compile(
    r"<(?=[^\s\d=\u200b])|(?<!\w)@(?=\w)|@(?=(?:everyone|here|channel|all)\b)|\](?=[(\[:])"
    r"|\b(?!https?:)[a-z][a-z0-9+.-]{1,20}:(?=//)|\|(?=\|)|~(?=~)|`(?=`)",
    re.IGNORECASE,
)


def shorten(text: str, most: int) -> str:
    """The text in at most `most` characters: "…" replaces the middle, as both ends distinguish it from others."""
    if len(text) <= most:
        return text
    tail = (most - 1) // 3
    head = most - 1 - tail
    sizes = word_end(text, head, head // 2), word_end(text[::-1], tail, 1)
    head, tail = sizes if any(sizes) else (head, tail)  # a number alone is cut
    return f"{text[:head].rstrip()}…{text[len(text) - tail :].lstrip()}"


def cut(text: str, most: int) -> str:
    """The text in at most `most` characters: "…" replaces the end, from a whole number on."""
    return text if len(text) <= most else f"{text[: word_end(text, most - 1, most - 1)].rstrip()}…"


def cut_at_word(text: str, most: int) -> str:
    """As `cut`, after a whole word, unless that would take half of it away."""
    return text if len(text) <= most else f"{text[: word_end(text, most - 1, most // 2)].rstrip(' ,;:–-')}…"


def shorten_both(before: str, after: str, most: int) -> tuple[str, str]:
    """Two values, each in at most `most` characters, so that the difference stays visible."""
    if max(len(before), len(after)) <= most:
        return before, after
    start = common_prefix(before, after)
    end = common_suffix(before, after, start)
    return _around(before, start, end, most), _around(after, start, end, most)


def _around(text: str, start: int, end: int, most: int) -> str:
    """The text without most of its first `start` and last `end` characters."""
    if len(text) <= most:
        return text
    head, tail = text[:start], text[len(text) - end :]
    if start > 2 * _CONTEXT:
        head = f"…{head[start - word_end(head[::-1], _CONTEXT, 1) :].lstrip()}"
    if end > 2 * _CONTEXT:
        tail = f"{tail[: word_end(tail, _CONTEXT, 1)].rstrip()}…"
    return shorten(head + text[start : len(text) - end] + tail, most)


def worth_of(worth: str) -> str:
    """Whose word a source's is, from what an event has as its worth; another text stays as it is."""
    return phrase(_WORTH[worth]) if worth in _WORTH else worth


def word(key: str) -> str:
    """A word that the state or the configuration has for something, such as a status, as people read it."""
    return phrase(_WITNESSES.get(key, key)) if key in _WORDS or key in _WITNESSES else key


def keeper(kind: str, where: str) -> str:
    """Who kept a capture, by the kind of its witness and its place: of another archive than the usual, its host."""
    host = urlsplit(where).hostname if kind == "wayback" else None
    return host if host and host != "web.archive.org" else word(kind)


def label_text(label: str, text: str) -> str:
    """A text after its label, or after what it is about: `Key: 17`; alone, if the label is ""."""
    return phrase("{label}: {text}", label=label, text=text) if label else text


def with_capital(text: str) -> str:
    """A text that begins with a capital letter."""
    return text[:1].upper() + text[1:]


def field_name(name: str) -> str:
    """The name of a field, which is the register's own; of an entry's title, text and address ours."""
    return phrase(name) if name in _PARTS else clean(name)


def shown_value(text: str) -> str:
    """A value in one line, or `(nothing)`."""
    return clean(text) or phrase("(nothing)")


def moment(at: datetime, zone: tzinfo, *, near: datetime | None = None, seconds: bool = True) -> str:
    """A time in a zone: `2025-07-15 10:07:12 MSK`; without the date if it is that of `near`, without the `seconds`.

    A time near the limits of datetime stays in its own zone.
    """
    try:
        local = at.astimezone(zone)
        same_day = near is not None and local.date() == near.astimezone(zone).date()
    except OverflowError:
        local, same_day = at, False
    return phrase_moment(local, seconds=seconds, day=not same_day)


def read_iso(text: str) -> datetime | None:
    """An ISO time, in UTC where it has no zone; None for another text."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _is_date(at: datetime) -> bool:
    return at.utcoffset() == timedelta() and at.time() == time()


def exact(text: str | None) -> datetime | None:
    """An ISO time, or None. Midnight in UTC is how a date without a time is stored, so it gives None."""
    at = read_iso(text or "")
    return None if at is None or _is_date(at) else at


def public_since(published: str | None, seen: datetime) -> datetime:
    """When something became public, as far as is known: the time of publication, if it is before it was seen; else when
    it was seen.
    """
    said = exact(published)
    return said if said and said < seen else seen


def iso_moment(text: str | None, zone: tzinfo) -> str | None:
    """An ISO time in a zone, or None. Midnight in UTC is how a date without a time is stored: it stays a date."""
    if not text:
        return None
    at = read_iso(text)
    if at is None:
        return clean(text)
    return phrase_day(at.date()) if _is_date(at) else moment(at, zone)


def units(text: str) -> int:
    """The length of a text as Telegram counts it: in units of UTF-16, of which most emoji are two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def neutralize(text: str) -> str:
    """One line without commands for chat services: a zero-width space breaks them."""
    return _ACTIVE.sub(lambda order: order[0] + "\u200b", clean_sentence(text))


def neutralize_lines(text: str) -> str:
    """A text of several lines without commands for chat services. Web addresses stay whole, as links need them."""
    parts = _WEB.split(text)
    return "".join(
        (web_address(part) or part) if at % 2 else _ACTIVE.sub(lambda order: order[0] + "\u200b", part)
        for at, part in enumerate(parts)
    )


def without_addresses(text: str) -> str:
    """A text with web addresses replaced by their host; an address alone by its host and last part."""
    alone = _ADDRESS.fullmatch(text.strip())
    last = alone[2].rstrip("/").rpartition("/")[2] if alone else ""
    return _ADDRESS.sub(lambda found: found[1].rpartition("@")[2], text.strip()) + (f" {last}" if last else "")
