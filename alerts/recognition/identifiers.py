"""Numbers and domains that identify an entity: parsed from the configuration, and validated. Pure."""

import re
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
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
    from alerts.recognition import numbers  # noqa: PLC0415 - only configurations with identifiers need it

    if number := numbers.read(text):
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
            f'"{text}" is no INN (10 or 12 digits), OGRN (13 or 15), LEI (20 letters and digits) domain, IMO number,'
            " aircraft, wallet or law; say what it"
            ' is, as in "CIK 1318605"'
        )
    return kind


def _by_stdnum(name: str, what: str) -> Callable[[str, str], str]:
    def check(value: str, text: str) -> str:
        from importlib import import_module  # noqa: PLC0415 - only configurations with identifiers need it

        from stdnum.exceptions import InvalidChecksum, ValidationError  # noqa: PLC0415 - as above

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
        from alerts.recognition import numbers  # noqa: PLC0415 - as above

        number = numbers.read(f"IMO {value}" if kind is Kind.IMO else value)
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


def schema(plain: dict[str, Any]) -> dict[str, Any]:
    """The JSON Schema of both notations, from that of the list."""
    one = {"anyOf": [{"type": "string"}, {"type": "integer"}, {"type": "array", "items": {"type": "string"}}]}
    table = {"type": "object", "properties": {kind.value: one for kind in Kind}, "additionalProperties": False}
    return {"anyOf": [plain, table]}
