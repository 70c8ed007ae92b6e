"""What screening compares of a customer, a watched entity or an entry: names, births, countries, identifiers. Pure."""

import re
from collections.abc import Callable, Iterable
from functools import cache, lru_cache

import msgspec

from alerts.recognition import identifiers as known
from alerts.recognition.language.scripts import fold
from alerts.recognition.language.tokens import words_of
from sources.formats.dates import find_date
from sources.model.entry import Entry
from sources.text import fold_name

_LONGEST = 300  # characters of a value that are read
_LANGUAGES = ("en", "fr", "de", "es", "it", "pt", "nl", "pl", "ru", "uk", "ar", "zh", "ja")  # which registers use
# Names of ISO 3166 that CLDR does not have, and initials of them that lists write
_OFFICIAL = {
    "kp": "Democratic People's Republic of Korea (DPRK)",
    "kr": "Republic of Korea",
    "cd": "Democratic Republic of the Congo (DRC)",
    "cg": "Republic of the Congo",
    "hk": "Hong Kong",
    "la": "Lao People's Democratic Republic",
    "mo": "Macao (Macau)",
    "ps": "Palestine",
    "va": "Holy See",
}
_ISO = re.compile(r"[12]\d{3}(?:-\d\d(?:-\d\d)?)?")
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d(?!\d{3}\b))")
_BY_NUMBERS = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")
_LAST_VOWEL = re.compile("[aeiouy]$")
_NUMBER = re.compile(r"(?:\b[A-Za-z]\s)?[^\W_]*\d\w*(?:[\s./-]+\w*\d\w*)*|\b[A-Z]{6,}$")


class Facts(msgspec.Struct, frozen=True, gc=False):
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
    names = (entry.title, *fields.get("names", "").split(";"))
    return read_facts(names, *(fields.get(name, "") for name in ("birth_date", "country", "identifiers")))


def read_facts(names: Iterable[str], birth_date: str = "", country: str = "", identifiers: str = "") -> Facts:
    """The facts in texts as people and lists write them, several joined by ";". What cannot be read is left out."""
    return Facts(
        _read(lambda name: " ".join(name.split()), names),
        _read(_birth, birth_date.split(";")),
        _read(_country, country.split(";")),
        _read(_identifier, identifiers.split(";")),
    )


def _read(reader: Callable[[str], str], texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found for text in texts if (found := reader(text.strip()[:_LONGEST]))))


@lru_cache(maxsize=20_000)
def _birth(text: str) -> str:
    """The day, month or year that a text says; the years between two; of "about 1960" the years around."""
    if _ISO.fullmatch(text):
        return text.removesuffix("-00").removesuffix("-00")
    years = sorted(set(_YEAR.findall(text)))
    if not years or years[0] != years[-1]:
        return f"{years[0]}/{years[-1]}" if years else ""
    if numbers := _BY_NUMBERS.fullmatch(text):  # 25/03/1960; but 03/04/1960 is one of two days
        month, day = sorted((int(numbers[1]), int(numbers[2])))
        return f"{years[0]}-{month:02}-{day:02}" if 0 < month <= 12 < day < 32 or 0 < month == day < 13 else years[0]
    for written, form in ((text, "%Y-%m-%d"), (f"1 {text}", "%Y-%m")):
        if (found := find_date(written)) and found.year == int(years[0]):
            return f"{found:{form}}"
    return f"{int(years[0]) - 1}/{int(years[0]) + 1}"


@lru_cache(maxsize=20_000)
def _country(text: str) -> str:
    """The code of a country, from a code or from its name in one of the languages, or as "Korea, North"."""
    if len(text) == 2 and text.isascii():
        return "gb" if text.lower() == "uk" else text.lower()
    names, name = _countries(_LANGUAGES), _folded(" ".join(reversed(re.split(r", | \(", text))))
    if found := names.get(name):
        return found
    # The longest English name that words begin with, but for its last vowel: a Nigerian is not from Niger
    stems = {stem: code for each, code in _countries(("en",)).items() if len(stem := _LAST_VOWEL.sub("", each)) > 3}
    within = max((stem for stem in stems if f" {stem}" in f" {name}"), key=len, default="")
    return stems[within] if within else ""


@cache
def _countries(languages: Iterable[str]) -> dict[str, str]:
    """The code of each name that one country has in these languages, and of each code of three letters or digits."""
    from babel.core import Locale, get_global  # noqa: PLC0415 - 70 ms with all languages, which codes do not need

    official = ((code, part) for code, name in _OFFICIAL.items() for part in re.split(r"[()]", name))
    names = {_folded(part): {code} for code, part in official}
    for language in languages:
        for code, name in Locale(language).territories.items():
            # Myanmar (Burma); Congo - Kinshasa; but no Islands of Cocos (Keeling) Islands
            parts = re.split(r" \((?=[^)]*\)$)|\)$| - ", name) if language == "en" else []
            for part in {name, *parts} if len(code) == 2 and code != "ZZ" else ():
                names.setdefault(_folded(part), set()).add(code.lower())
    unique = {name: codes.pop() for name, codes in names.items() if name and len(codes) == 1}
    return {alias.lower(): codes[0].lower() for alias, codes in get_global("territory_aliases").items()} | unique


def _folded(text: str) -> str:
    return " ".join(word for word in map(fold, words_of(text)) if word not in {"and", "the"})


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
