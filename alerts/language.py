"""The language that people are addressed in: sentences from catalogues; numbers, times and lists as CLDR writes them.

Start here: `speaking` sets a language for what runs within it, `phrase` gives a sentence in it. Sentences stand in the
code in English and whole, with named places: `phrase("It cannot be read: {why}", why=why)`. The catalogues are
`locale/LANGUAGE/LC_MESSAGES/watch.po`; a sentence that one lacks is said in English. What programs read (JSON, logs,
the command line) is made where no language was set, and so in English.
"""

import gettext
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from functools import cache, reduce
from pathlib import Path
from typing import Literal, get_args

log = logging.getLogger(__name__)

Language = Literal["en", "de", "fr", "es", "pl", "uk", "ru", "ar", "zh"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
Glossary = Mapping[str, Mapping[Language, str]]  # values that registers repeat, in other languages
LOCALE = Path(__file__).parent / "locale"
DOMAIN = "watch"
_RIGHT_TO_LEFT = ("ar",)
_UNITS = (("day", "d", 86400), ("hour", "h", 3600), ("minute", "min", 60), ("second", "s", 1))  # CLDR's name, ours, s
# From right to left (UAX 9): a foreign value begins and ends; a line of plain text begins.
_VALUE, _END, _MARK = "\u2068", "\u2069", "\u200f"
_SPARED = str.maketrans(_VALUE + _END, "\ufdd0\ufdd1")  # no text has these, while it is cleaned
_AS_BEFORE = {after: before for before, after in _SPARED.items()}
_UNSEEN = str.maketrans("", "", _VALUE + _END + _MARK)
_SPOKEN: ContextVar[Language] = ContextVar("language", default="en")


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Within it, and in what it starts with its context, people are addressed in a language."""
    token = _SPOKEN.set(language)
    try:
        yield
    finally:
        _SPOKEN.reset(token)


def spoken() -> Language:
    """The language that people are addressed in here."""
    return _SPOKEN.get()


def direction() -> str:
    """How it is written: `ltr`, or `rtl` from right to left."""
    return "rtl" if _SPOKEN.get() in _RIGHT_TO_LEFT else "ltr"


def directed(line: str) -> str:
    """A line of plain text, or a title, that programs set in the direction of the language spoken."""
    return f"{_MARK}{line}" if direction() == "rtl" else line


def width(text: str) -> int:
    """The number of characters of a text that are seen."""
    return len(text.translate(_UNSEEN))


def clean_sentence(text: str) -> str:
    """As `clean`; from right to left, what `phrase` has put around foreign values stays."""
    clean = _load_clean()
    return clean(text) if direction() == "ltr" else clean(text.translate(_SPARED)).translate(_AS_BEFORE)


@cache
def _load_clean() -> Callable[[str], str]:
    from sources.text import clean

    return clean


def best_language(accepted: str) -> Language | None:
    """The first of our languages that somebody prefers, by the header Accept-Language (RFC 9110, 12.5.4)."""
    wanted = list[tuple[float, str]]()
    for part in accepted[:1000].split(","):
        tag, _, weight = part.partition(";")
        try:
            quality = float(weight.partition("=")[2]) if weight else 1.0
        except ValueError:
            continue
        wanted.append((-quality, tag.strip().lower().partition("-")[0]))
    ours = {language: language for language in LANGUAGES}
    return next(
        (ours[tag] for quality, tag in sorted(wanted, key=lambda each: each[0]) if quality and tag in ours), None
    )


def mark(sentence: str) -> str:
    """A sentence in a table of the code, which is told later by `phrase`: the catalogues have it, too."""
    return sentence


def phrase(sentence: str, /, **places: object) -> str:
    """A sentence in the language spoken, with what belongs in its places: `{why}`."""
    if (language := _SPOKEN.get()) == "en":
        return sentence.format_map(places)
    return _fill(_catalogue(language).gettext(sentence), sentence, places)


def mark_many(one: str, many: str) -> tuple[str, str]:
    """As `mark`, for a sentence about a number of things: `phrase_many(*sentences, 3)`."""
    return one, many


def phrase_many(one: str, many: str, number: int, /, **places: object) -> str:
    """A sentence about a number of things, whose place is `{number}`, in `one` if it is wanted there:
    `phrase_many("{number} entry", "{number} entries", 3)`.
    """
    in_english, places = one if number == 1 else many, {"number": phrase_number(number), **places}
    if (language := _SPOKEN.get()) == "en":
        return in_english.format_map(places)
    return _fill(_catalogue(language).ngettext(one, many, number), in_english, places)


def _fill(told: str, in_english: str, places: dict[str, object]) -> str:
    """A sentence with its places filled; the English one, where a catalogue has one with other places."""
    if direction() == "rtl":
        places = {name: _isolated(str(value)) for name, value in places.items()}
    try:
        return told.format_map(places)
    except (LookupError, AttributeError, ValueError):
        return in_english.format_map(places)


def _isolated(value: str) -> str:
    """A foreign value in its own direction. A sentence that has such values stays as it is, but they end in it; so does
    an address: programs would take the sign into their link.
    """
    if _VALUE in value or "://" in value.rpartition(" ")[2]:
        return value + _END * (value.count(_VALUE) - value.count(_END))
    return f"{_VALUE}{value}{_END}"


@cache
def _catalogue(language: Language) -> gettext.NullTranslations:
    """The sentences of a language; none where its catalogue is missing or cannot be read."""
    try:
        return gettext.translation(DOMAIN, LOCALE, [language], fallback=True)
    except Exception as error:  # noqa: BLE001 - of what is damaged, gettext raises whatever it stumbles on
        log.warning("the catalogue of %s cannot be read, English is said: %s", language, error)
        return gettext.NullTranslations()


def phrase_number(number: float) -> str:
    """A number: `12,345`, `12 345`, `12.345`; one with a part: `1.3`, `1,3`."""
    if spoken() == "en":
        return f"{number:,}"
    from babel.numbers import format_decimal

    return format_decimal(number, locale=spoken())


def phrase_list(names: Sequence[str], most: int | None = None, *, either: bool = False) -> str:
    """`A`, `A and B`, `A, B and C`; with more than `most`: `A, B, C and 4 more`; with `either`, `A, B or C`."""
    if most is not None and len(names) > most:
        shown = reduce(_list_joint().format, names[:most])
        return phrase_many("{names} and {number} more", "{names} and {number} more", len(names) - most, names=shown)
    if spoken() == "en":
        joint = " or " if either else " and "
        return joint.join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
    from babel.lists import format_list

    return format_list(names, "or" if either else "standard", spoken())


def _list_joint() -> str:
    """What stands between names that further ones follow: `{0}, {1}`."""
    if spoken() == "en":
        return "{0}, {1}"
    from babel import Locale

    joint: str = Locale.parse(spoken()).list_patterns["standard"]["middle"]
    return joint


def phrase_beside(*told: str) -> str:
    """What is told of one thing, without what is "": `3 added, 2 removed`."""
    shown = [each for each in told if each]
    return reduce(lambda first, second: phrase("{first}, {second}", first=first, second=second), shown or [""])


def phrase_span(span: timedelta) -> str:
    """A duration by its two largest units: `3 h 20 min`, `2 d 4 h`, `40 s`."""
    seconds = max(0, round(span.total_seconds()))
    parts = list[tuple[int, str, str]]()
    for unit, short, size in _UNITS:
        amount, seconds = divmod(seconds, size)
        if amount:
            parts.append((amount, unit, short))
    parts = parts[:2] or [(0, "second", "s")]
    if spoken() == "en":
        return " ".join(f"{amount} {short}" for amount, _, short in parts)
    from babel.units import format_unit

    return " ".join(format_unit(amount, unit, "short", locale=spoken()) for amount, unit, _ in parts)


def phrase_moment(at: datetime, *, seconds: bool = True, day: bool = True) -> str:
    """A time in its own zone, if it has one: `2025-07-15 10:07:12 MSK`; without the `seconds`, without the `day`."""
    if spoken() == "en":
        pattern = ("%Y-%m-%d " if day else "") + ("%H:%M:%S %Z" if seconds else "%H:%M %Z")
        return at.strftime(pattern).rstrip()
    from babel.dates import format_datetime, format_time

    form: Literal["medium", "short"] = "medium" if seconds else "short"
    told = format_datetime(at, form, locale=spoken()) if day else format_time(at, form, locale=spoken())
    return f"{told} {at.strftime('%Z')}".rstrip()


def phrase_month(day: date) -> str:
    """A date without its day: `2025-07`, `juil. 2025`."""
    if spoken() == "en":
        return f"{day:%Y-%m}"
    from babel.dates import format_skeleton

    return format_skeleton("yMMM", day, locale=spoken())


def phrase_day(day: date, *, long: bool = False) -> str:
    """A date: `2025-07-15`; if `long`, with the name of its month: `15 July 2025`."""
    if spoken() == "en":
        return f"{day:%-d %B %Y}" if long else day.isoformat()
    from babel.dates import format_date

    return format_date(day, "long" if long else "medium", locale=spoken())
