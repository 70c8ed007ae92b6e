"""What screening compares of a customer, a watched entity or an entry: names, births, countries, identifiers. Pure."""

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache, lru_cache

import msgspec

from alerts.recognition import identifiers as known
from alerts.recognition.language.scripts import fold
from alerts.recognition.language.tokens import words_of
from sources.formats.dates import find_date
from sources.model.entry import Entry
from sources.text import fold_name

_LONGEST = 200  # characters of a value that are read
_LANGUAGES = ("en", "fr", "de", "es", "it", "pt", "nl", "pl", "ru", "uk", "ar", "zh", "ja")  # which registers use


class Facts(msgspec.Struct, frozen=True):
    """Normalised texts; msgspec packs them.

    `names` as written. `births`: "1960-03-12", "1960-03", "1960", or a range of years, "1958/1962". `countries`: ISO
    3166-1, small letters. `identifiers`: what the number is, as far as that is said, and the number: "passport A123".
    """

    names: tuple[str, ...] = ()
    births: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()


def facts_of(entry: Entry) -> Facts:
    """The facts of an entry: its title, and its fields with the names of the standard ones, as "Birth date" is."""
    fields = {fold_name(name).replace(" ", "_"): text for name, text in entry.fields.items()}
    names = (entry.title, *_parts(fields.get("names", "")))
    return read_facts(names, *(fields.get(name, "") for name in ("birth_date", "country", "identifiers")))


def read_facts(names: Iterable[str], birth_date: str = "", country: str = "", identifiers: str = "") -> Facts:
    """The facts in texts as people and lists write them, several joined by ";". What cannot be read is left out."""
    return Facts(
        tuple(dict.fromkeys(written for name in names if (written := " ".join(name.split())))),
        _read(_birth, birth_date),
        _read(_country, country),
        _read(_identifier, identifiers),
    )


def _parts(text: str) -> list[str]:
    return [part for each in text.split(";") if (part := each.strip())]


def _read(reader: Callable[[str], str], text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found for part in _parts(text) if (found := reader(part[:_LONGEST]))))


_ISO = re.compile(r"[12]\d{3}(?:-\d\d(?:-\d\d)?)?")
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d(?!\d{3}\b))")
_BY_NUMBERS = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")


@lru_cache(maxsize=20_000)
def _birth(text: str) -> str:
    """The day, month or year that a text says; the years between two; of "about 1960" the years around."""
    if _ISO.fullmatch(text):
        return text.removesuffix("-00").removesuffix("-00")
    years = sorted(set(_YEAR.findall(text)))
    if not years or years[0] != years[-1]:
        return f"{years[0]}/{years[-1]}" if years else ""
    if numbers := _BY_NUMBERS.fullmatch(text):
        day, month = int(numbers[1]), int(numbers[2])
        if month > 12 >= day:
            day, month = month, day
        certain = 0 < month <= 12 < day <= 31 or 0 < day == month <= 12
        return f"{years[0]}-{month:02}-{day:02}" if certain else years[0]  # 03/04/1960 is one of two days
    if (day_found := find_date(text)) and day_found.year == int(years[0]):
        return f"{day_found:%Y-%m-%d}"
    for form in ("%b %Y", "%B %Y"):
        try:
            return f"{datetime.strptime(text, form):%Y-%m}"  # noqa: DTZ007 - a month has no zone
        except ValueError:
            continue
    return f"{int(years[0]) - 1}/{int(years[0]) + 1}"


@lru_cache(maxsize=20_000)
def _country(text: str) -> str:
    """The code of a country, from a code or from its name in one of the languages, or as "Korea, North"."""
    if len(text) == 2 and text.isascii():
        return "gb" if text.lower() == "uk" else text.lower()
    names, name = _countries(), _folded(" ".join(reversed(text.split(", "))))
    if found := names.get(name):
        return found
    longer = {code for each, code in names.items() if len(name) > 3 and each.startswith(f"{name} ")}
    if len(longer) == 1:
        return longer.pop()  # Hong Kong SAR China
    # The longest name that words begin with, but for its last vowel: a Nigerian is not from Niger
    stems = {stem: code for each, code in names.items() if len(stem := _LAST_VOWEL.sub("", each)) > 3}
    within = max((stem for stem in stems if f" {stem}" in f" {name}"), key=len, default="")
    return stems[within] if within else ""


_LAST_VOWEL = re.compile("[aeiouy]$")


@cache
def _countries() -> dict[str, str]:
    """The code of each name of a country, of its parts where no other has them, and of its code of three letters."""
    from babel import Locale  # noqa: PLC0415 - 70 ms with all languages, which codes do not need
    from babel.core import get_global  # noqa: PLC0415

    names, parts = dict[str, set[str]](), dict[str, set[str]]()
    for language in _LANGUAGES:
        for code, name in Locale(language).territories.items():
            first, *rest = re.split(r"[()&]| - ", name) if len(code) == 2 else [""]
            for part in (name, first):
                names.setdefault(_folded(part), set()).add(code.lower())
            for part in rest:
                parts.setdefault(_folded(part), set()).add(code.lower())
    aliases = get_global("territory_aliases").items()
    return {alias.lower(): codes[0].lower() for alias, codes in aliases if len(alias) == 3 and alias.isalpha()} | {
        name: next(iter(codes)) for name, codes in (parts | names).items() if name and len(codes) == 1
    }


def _folded(text: str) -> str:
    return " ".join(map(fold, words_of(text)))


_NUMBER = re.compile(r"(?:\b[A-Za-z]\s)?[^\W_]*\d\w*(?:[\s./-]+\w*\d\w*)*|\b[A-Z]{6,}$")


@lru_cache(maxsize=20_000)
def _identifier(text: str) -> str:
    """A number with what it is before it; in its one form where that is known and its check digit right."""
    try:
        found = known.read(text)
    except ValueError:
        if not (number := _NUMBER.search(text)):
            return ""
        digits = "".join(filter(str.isalnum, number[0])).upper()
        return f"{_folded(text[: number.start()])} {digits}".strip() if len(digits) > 3 else ""
    return f"{found.kind} {found.value}"
