"""The values that came from `${NAME}` in the configuration, so that they can be kept out of everything that is
written.
"""

from __future__ import annotations

_SHORTEST = 4  # hiding "1" or "no" would only garble texts


class Secrets:
    """Known secret values by the reference they came from, such as `${SMTP_PASSWORD}`."""

    def __init__(self) -> None:
        self._references: dict[str, str] = {}
        self._longest_first: list[tuple[str, str]] | None = None

    def add(self, reference: str, value: str) -> None:
        """Remember that `value` stands behind `reference`."""
        if len(value) >= _SHORTEST:
            self._references[value] = reference
            self._longest_first = None

    def hide(self, text: str) -> str:
        """The text with every secret value replaced by its reference; the longest first, as one may contain another."""
        known = self._longest_first
        if known is None:
            known = sorted(self._references.items(), key=lambda pair: len(pair[0]), reverse=True)
            self._longest_first = known
        for value, reference in known:
            text = text.replace(value, reference)
        return text

    def reveal(self, text: str) -> str:
        """The opposite of `hide`: for requests that were stored with references."""
        for value, reference in self._references.items():
            text = text.replace(reference, value)
        return text
