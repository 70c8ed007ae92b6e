"""Reads amounts of money, and other numbers, as registers write them, whatever their language."""

import re
from unicodedata import normalize

_LONGEST = 200  # characters: longer texts are no amounts
_LARGEST = 1e300
_NUMBER = re.compile(r"((?<!\w)[-\u2212])?[^\w\s.,]?((?:(?<!\w)[.,])?\d+(?:[ '.,]\d+)*)")
_GROUPED = re.compile(r"[1-9]\d{0,2}([ '.,])(?:\d\d\d?\1)*\d{3}")  # also by two: 12,34,567


def read_amount(value: object) -> float | None:
    """The one number in a text, with whatever currency: "1 000,50 €" is 1000.5; None where there is none, or several.

    A comma or a point before three digits groups thousands, if it may: "1,000" and "1.000" are both a thousand, but
    "0,500" and "1000.500" have decimals, as "1.000,50" has. A word such as "million" is not read.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value if -_LARGEST < value < _LARGEST else None
    text = value if isinstance(value, str) and len(value) <= _LONGEST else ""
    found = _NUMBER.findall(normalize("NFKC", text).replace("\u2019", "'"))
    if len(found) != 1:
        return None
    sign, number = found[0]
    whole, point, decimals = number, "", ""
    if not _GROUPED.fullmatch(number) and (last := max(number.rfind(","), number.rfind("."))) >= 0:
        whole, point, decimals = number[:last], ".", number[last + 1 :]
    if not (_GROUPED.fullmatch(whole) or (whole or "0").isdecimal()) or not (decimals or "0").isdecimal():
        return None
    size = float(re.sub(r"\D", "", whole) + point + decimals)
    return -size if sign else size
