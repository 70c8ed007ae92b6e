"""Numbers and domains that identify an entity: parsed from the configuration, and validated; and names with numbers
(laws, ships, aircraft, wallets), which are found in every notation, but exact in each digit. Pure.
"""

import base64
import binascii
import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from functools import cache
from importlib import import_module
from typing import Any, NamedTuple


class Kind(StrEnum):
    """The type of an identifier."""

    INN = "inn"
    OGRN = "ogrn"
    LEI = "lei"
    CIK = "cik"
    DOMAIN = "domain"
    IMO = "imo"
    AIRCRAFT = "aircraft"
    WALLET = "wallet"
    LAW = "law"


class Identifier(NamedTuple):
    """An identifier in its compact form: digits, a LEI in capitals, a domain in lower case, `149-ФЗ`, `RA73025`, an
    address as its chain writes it.
    """

    kind: Kind
    value: str

    @property
    def label(self) -> str:
        """As people write it: `INN 7707083893`."""
        return self.value if self.kind in _PLAIN else f"{self.kind.upper()} {self.value}"


_PREFIX = re.compile(
    r"\s*(inn|инн|ogrn(?:ip)?|огрн(?:ип)?|lei|cik|domain|imo|имо|aircraft|wallet|law)\b[\s:№#=-]*", re.IGNORECASE
)
_RUSSIAN = {"инн": Kind.INN, "огрн": Kind.OGRN, "огрнип": Kind.OGRN, "ogrnip": Kind.OGRN, "имо": Kind.IMO}
_DOMAIN = re.compile(r"(?!-)[^\W_](?:[\w-]*[^\W_])?(?:\.[^\W_](?:[\w-]*[^\W_])?)*\.[^\W\d_][\w-]+")


def as_texts(given: object) -> object:
    """Both notations, a list of texts or a table by type, as the list. Other values stay for validation."""
    if not isinstance(given, Mapping):
        return given
    lists = {kind: value if isinstance(value, list | tuple) else [value] for kind, value in given.items()}
    if unknown := [kind for kind in lists if not _PREFIX.fullmatch(str(kind))]:
        raise ValueError(
            f'"{unknown[0]}" is no kind of identifier; use inn, ogrn, lei, cik, domain, imo, aircraft, wallet or law'
        )
    return [f"{kind}:{value}" for kind, values in lists.items() for value in values]


def read(text: str) -> Identifier:
    """One identifier: `7707083893`, `INN 7707083893`, `LEI ...`, `CIK 1318605`, `example.org`.

    Raises ValueError with what is wrong.
    """
    found = _PREFIX.match(text)
    rest = text[found.end() :] if found else text
    if found:
        said = found[1].lower()
        kind = _RUSSIAN.get(said) or Kind(said)
    else:
        kind = _guess(text, "".join(re.findall(r"\w", text)))
    return Identifier(kind, _CHECKS[kind](rest.strip(), text))


def _guess(text: str, bare: str) -> Kind:
    if number := read_number(text):
        return number.kind
    if "." in text.strip(" ."):
        return Kind.DOMAIN
    if bare.isdigit() and len(bare) == 10 and bare.startswith("000"):
        return Kind.CIK  # no region's INN begins with 000
    kind = {10: Kind.INN, 12: Kind.INN, 13: Kind.OGRN, 15: Kind.OGRN}.get(len(bare)) if bare.isdigit() else None
    if kind is None and len(bare) == 20:
        kind = Kind.LEI
    if kind is None:
        raise ValueError(
            f'"{text}" is no INN (10 or 12 digits), OGRN (13 or 15), LEI (20 letters and digits), domain, IMO number,'
            ' aircraft, wallet or law; say what it is, as in "CIK 1318605"'
        )
    return kind


def _by_stdnum(name: str, what: str) -> Callable[[str, str], str]:
    def check(value: str, text: str) -> str:
        from stdnum.exceptions import InvalidChecksum, ValidationError  # noqa: PLC0415 - few configurations need it

        number = re.sub(r"[\s-]", "", value).upper()
        try:
            return str(import_module(name).validate(number))
        except InvalidChecksum:
            raise ValueError(f'"{text}" is no {what}: its check digit is wrong, so a digit is mistyped') from None
        except ValidationError:
            raise ValueError(f'"{text}" is no {what}: it has the wrong length or a character that none has') from None

    return check


def _cik(value: str, text: str) -> str:
    digits = value.lstrip("0")
    if not digits.isdecimal() or len(digits) > 10:
        raise ValueError(f'"{text}" is no CIK: it has 1 to 10 digits')
    return digits


def _domain(value: str, text: str) -> str:
    name = value.lower().rstrip(".")
    if not _DOMAIN.fullmatch(name):
        raise ValueError(f'"{text}" is no domain: write it bare, such as "example.org", without https:// and path')
    return name


def _by_number(kind: Kind, what: str) -> Callable[[str, str], str]:
    def check(value: str, text: str) -> str:
        number = read_number(f"IMO {value}" if kind is Kind.IMO else value)
        if number is None or number.kind is not kind:
            raise ValueError(f'"{text}" is no {what}: it has the wrong form, or a wrong check digit')
        return number.value

    return check


_CHECKS: Mapping[Kind, Callable[[str, str], str]] = {
    Kind.INN: _by_stdnum("stdnum.ru.inn", "INN"),
    Kind.OGRN: _by_stdnum("stdnum.ru.ogrn", "OGRN"),
    Kind.LEI: _by_stdnum("stdnum.lei", "LEI"),
    Kind.CIK: _cik,
    Kind.DOMAIN: _domain,
    Kind.IMO: _by_number(Kind.IMO, "IMO number of a ship (7 digits)"),
    Kind.AIRCRAFT: _by_number(Kind.AIRCRAFT, 'registration of an aircraft, such as "RA-12345"'),
    Kind.WALLET: _by_number(Kind.WALLET, "address of a cryptocurrency"),
    Kind.LAW: _by_number(Kind.LAW, 'number of a law, such as "149-ФЗ"'),
}
_PLAIN = frozenset({Kind.DOMAIN, Kind.AIRCRAFT, Kind.WALLET, Kind.LAW})


def checked(texts: Iterable[str]) -> tuple[str, ...]:
    """The texts as they are, after validation. Raises ValueError."""
    return tuple(text for text in texts if read(text))


def allow_tables(plain: dict[str, Any]) -> None:
    """Add to the JSON Schema of a list of texts that it may be a table by kind."""
    shape: dict[str, Any] = {key: plain.pop(key) for key in ("type", "items") if key in plain}
    one = {"anyOf": [{"type": "string"}, {"type": "integer"}, {"type": "array", "items": {"type": "string"}}]}
    table = {"type": "object", "properties": {kind.value: one for kind in Kind}, "additionalProperties": False}
    plain["anyOf"] = [shape, table]


Place = tuple[Identifier, int, int]
"""A number in a text, and where it begins and ends."""

_compiled = cache(re.compile)
"""Compiled with the first text: most configurations have no numbers."""
_DIGIT = re.compile(r"[^\D0-9]")  # of other scripts
_DASH = r"[-‐‑–—]"
_LAW = (
    rf"(?i)(?<!ст\.\s)(?<!ст\s)(?<![\w.,-])(?:№\s?)?(?P<first>\d{{1,4}})\s?{_DASH}?\s?(?P<kind>ФКЗ|ФЗ|FKZ|FZ)(?!\w)"
    rf"|(?<!flight\s)(?<!flights\s)(?<!рейс\s)(?<!рейса\s)(?<!рейсе\s)(?<!рейсом\s)(?<!\w)(?P<kind_first>ФКЗ|ФЗ|FKZ|FZ)\s?{_DASH}?\s?(?:№|N|No\.?)?\s?(?P<second>\d{{1,4}})(?!\w)"
    rf"|(?<!\w)(?:закон\w{{0,3}}|закону?)\s(?:[^\s№;!?]{{1,20}}\s){{0,3}}?№\s?(?P<third>\d{{1,4}})(?!\w|/|{_DASH})"
)
_IMO = (
    r"(?i)(?<!\w)(?P<label>(?:IMO|ИМО)[\s:#№.-]{0,3}(?:(?:no|nr|number|номер)\b[\s:#№.-]{0,3})?)?"
    r"(?P<digits>(?<!\d)\d{7})(?!\d)"
)
_SHIP = r"(?i)\b(?:vessels?|ships?|tankers?|flag|carrier|m/?[vt]|судн\w+|танкер\w*|теплоход\w*|сухогруз\w*|imo|имо)\b"
_OTHER_NUMBER = r"(?i)(?:tel|phone|fax|mmsi|тел|инн|огрн|order|№|#)\W{0,3}\Z"
_AIRCRAFT = rf"(?i)(?<!\w)(?=(?P<prefix>[A-ZА-Я0-9]{{1,2}})(?:{_DASH}|\s)?(?P<rest>[A-ZА-Я0-9]{{3,5}})(?![\w]))"
_AIRCRAFT_NAME = (
    r"(?:[A-Z]{1,2}|[A-Z]\d|\d[A-Z])-(?=\w*\d)[A-Z0-9]{3,5}|N\d{1,5}[A-Z]{0,2}"
    r"|(?:VP|VQ|P4|M|G|D|F|HB|OE|LX|9H|T7|TC|EW|UP|UR|EX|YL|LY|ES|OM|OK|SP)-[A-Z]{3,4}"
)
_WALLET = (
    r"(?<![0-9A-Za-z])(?:0[xX][0-9a-fA-F]{40}|-?[01]:[0-9a-fA-F]{64}|[EUk0]Q[\w-]{46}"
    r"|(?:[a-z]{2,5}1[ac-hj-np-z02-9]{8,98}|[A-Z]{2,5}1[AC-HJ-NP-Z02-9]{8,98})|[qp][ac-hj-np-z02-9]{41}"
    r"|[1-9A-HJ-NP-Za-km-z]{25,95}|G[A-Z2-7]{55})(?![0-9A-Za-z])"
)
_LOOK_ALIKE = str.maketrans("АВЕКМНОРСТУХ", "ABEKMHOPCTYX")
_CYRILLIC = str.maketrans("АБВГДЕЗИКЛМНОПРСТУФХЯ", "ABVGDEZIKLMNOPRSTUFHY")
_FULL_BECH32 = r"(?i)(?:[a-z]{2,5}1[ac-hj-np-z02-9]{8,98}|[qp][ac-hj-np-z02-9]{41})"
_CHECKED = "[13LMDTA][1-9A-HJ-NP-Za-km-z]{25,34}"


def read_number(text: str) -> Identifier | None:
    """The number that a name is, if it is one; its check digit must be right."""
    stripped = text.strip()
    if not ("-" in text or any(map(str.isdigit, text))):
        return None
    for find in _FINDERS.values():
        for number, start, end in find(stripped):
            if not (stripped[:start] + stripped[end:]).strip(" №"):
                return number
    if _compiled(_AIRCRAFT_NAME).fullmatch(stripped.upper().translate(_LOOK_ALIKE)):
        return Identifier(Kind.AIRCRAFT, _compact(stripped))
    return None


def _compact(text: str) -> str:
    return re.sub(rf"{_DASH}|\s", "", text.upper().translate(_LOOK_ALIKE))


def _laws(text: str) -> Iterator[Place]:
    for found in _compiled(_LAW).finditer(text):
        digits = found["first"] or found["second"] or found["third"]
        kind = (found["kind"] or found["kind_first"] or "ФЗ").upper()
        kind = {"FZ": "ФЗ", "FKZ": "ФКЗ"}.get(kind, kind)
        yield Identifier(Kind.LAW, f"{int(digits)}-{kind}"), *found.span()


def _ships(text: str) -> Iterator[Place]:
    from stdnum import imo  # noqa: PLC0415 - few configurations need it

    of_ships: bool | None = None
    for found in _compiled(_IMO).finditer(text):
        digits = found["digits"]
        if imo.calc_check_digit(digits) != digits[6]:
            continue
        if found["label"] is None:
            of_ships = bool(_compiled(_SHIP).search(text)) if of_ships is None else of_ships
            if not of_ships or _compiled(_OTHER_NUMBER).search(text[max(0, found.start() - 12) : found.start()]):
                continue
        yield Identifier(Kind.IMO, digits), *found.span()


def _aircraft(text: str) -> Iterator[Place]:
    for found in _compiled(_AIRCRAFT).finditer(text):
        written = (found["prefix"] + found["rest"]).upper()
        for value in {_compact(written), _compact(written.translate(_CYRILLIC))}:
            yield Identifier(Kind.AIRCRAFT, value), found.start(), found.end("rest")


def _wallets(text: str) -> Iterator[Place]:
    for found in _compiled(_WALLET).finditer(text):
        if value := wallet(found[0]):
            yield Identifier(Kind.WALLET, value), *found.span()


_FINDERS: Mapping[Kind, Callable[[str], Iterator[Place]]]
_FINDERS = {Kind.LAW: _laws, Kind.IMO: _ships, Kind.WALLET: _wallets}
KINDS = frozenset({*_FINDERS, Kind.AIRCRAFT})
"""What is found here."""


def wallet(text: str) -> str | None:
    """An address of a cryptocurrency in its compact form; None if it is none, or a check digit is wrong."""
    if re.fullmatch("0[xX][0-9a-fA-F]{40}", text) or re.fullmatch("-?[01]:[0-9a-fA-F]{64}", text):
        return text.lower()
    if re.fullmatch(r"[EUk0]Q[\w-]{46}", text):
        return _ton(text)
    if _compiled(_FULL_BECH32).fullmatch(text):
        return _bech32(text.lower())
    if _compiled(_CHECKED).fullmatch(text) and len(text) <= 35:
        from stdnum.bitcoin import b58decode  # noqa: PLC0415 - as above

        raw = b58decode(text)
        return text if hashlib.sha256(hashlib.sha256(raw[:21]).digest()).digest()[:4] == raw[21:] else None
    if re.fullmatch("G[A-Z2-7]{55}", text) or (32 <= len(text) <= 44) or len(text) in {95, 97} or text[0] == "r":
        return text  # Stellar, Solana, Monero, Ripple
    return None


def _ton(text: str) -> str | None:
    """The raw form: the same account has four others."""
    try:
        raw = base64.urlsafe_b64decode(text)
    except binascii.Error:
        return None
    if binascii.crc_hqx(raw[:34], 0) != int.from_bytes(raw[34:], "big"):
        return None
    return f"{int.from_bytes(raw[1:2], 'big', signed=True)}:{raw[2:34].hex()}"


_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_BECH32_CHECKS = {1, 0x2BC830A3}


def _bech32(text: str) -> str | None:
    prefix, one, data = text.rpartition("1")
    if not one:
        return text  # an address of Bitcoin Cash without its prefix
    from stdnum.bitcoin import bech32_checksum  # noqa: PLC0415 - as above

    codes = prefix.encode("ascii")
    values = [*(code >> 5 for code in codes), 0, *(code & 31 for code in codes), *map(_BECH32.index, data)]
    return text if bech32_checksum(values) in _BECH32_CHECKS else None


class Numbers:
    """The numbers that stand for entities."""

    def __init__(self) -> None:
        self._known: dict[Identifier, list[tuple[str, str]]] = {}
        self._plain = False  # whether one of them has no digit

    def add(self, entity: str, name: str, number: Identifier) -> None:
        """Add a number with the entity and the name that it is listed as."""
        self._known.setdefault(number, []).append((entity, name))
        self._plain = self._plain or number.value.isalpha()

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self._known)

    def find(self, text: str) -> Iterator[tuple[str, str, int, int]]:
        """The entity, the name, the start and the end of each number in a text."""
        if not (self._plain or any(map(str.isdigit, text))):
            return
        text = _DIGIT.sub(lambda digit: str(unicodedata.digit(digit[0])), text)
        for kind in sorted({number.kind for number in self._known}):
            for number, start, end in _FINDERS.get(kind, _aircraft)(text):
                yield from ((entity, name, start, end) for entity, name in self._known.get(number, ()))
