"""Keeping secrets out of the state: what comes from outside may repeat a password or a token of ours.

Two ways. `hide` is for texts that people read: secrets become references such as `${TOKEN}`, for good. `seal` is
for requests, which must be made again: `unseal` gives the secret back, but only where `seal` put the reference
itself. A site that writes `${TOKEN}` into a link must not get the token sent to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

_SEALED, _PLAIN = "\x01", "\x02"  # first characters: secrets were taken out; the text itself begins with one of these
_SIGNS = _SEALED.encode(), _PLAIN.encode()
_SEALED_SHOWN, _PLAIN_SHOWN = r"\x01", r"\x02"  # as `repr` writes them


class NotSealedError(ValueError):
    """A text holds a secret that could not be given back exactly."""


class Redactor:
    """Replaces secret values by references, and back. `hide` and `reveal` work on one text."""

    def __init__(self, hide: Callable[[str], str], reveal: Callable[[str], str]) -> None:
        self.use(hide, reveal)

    def use(self, hide: Callable[[str], str], reveal: Callable[[str], str]) -> None:
        """Go on with other secrets."""
        self._hide = hide
        self._reveal = reveal

    def hide(self, text: str) -> str:
        """The text without secrets. Half characters and zero bytes, which no database takes, become question marks."""
        text = self._hide(text).replace("\0", "?")
        return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")

    def hides(self, texts: Iterable[str]) -> bool:
        """Whether `hide` makes another one of any of them: one look at all."""
        whole = "\n".join(texts)
        return self.hide(whole) != whole

    def hide_some(self, text: str | None) -> str | None:
        """As `hide`; None stays None."""
        return None if text is None else self.hide(text)

    def hide_all(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """JSON-able data with every text in it hidden, but for the names."""
        hidden: dict[str, Any] = _each_text(data, self.hide, str)
        return hidden

    def hide_bytes(self, content: bytes) -> bytes:
        """As `hide`, for what came over a wire: the very same bytes where there is no secret in them."""
        text = content.decode("utf-8", "surrogateescape")
        hidden = self._hide(text)
        return content if hidden == text else hidden.encode("utf-8", "surrogateescape")

    def seal(self, data: Any) -> Any:
        """JSON-able data without secrets, for `unseal`. Raises NotSealedError."""
        return _each_text(data, self._seal, self._seal)

    def unseal(self, data: Any) -> Any:
        """What was given to `seal`; data in which nothing was sealed is given back as it is."""
        whole = repr(data)  # one look at all of it, where both signs stand escaped: hardly any data has them
        if _SEALED_SHOWN not in whole and _PLAIN_SHOWN not in whole:
            return data
        return _each_text(data, self._unseal, self._unseal)

    def seal_bytes(self, body: bytes) -> bytes:
        """As `seal`, for a page's body: nearly always the body itself."""
        text = body.decode("latin-1")
        sealed = self._seal(text)
        return body if sealed is text else sealed.encode("latin-1")

    def unseal_bytes(self, body: bytes) -> bytes:
        """What was given to `seal_bytes`."""
        if not body.startswith(_SIGNS):
            return body
        return self._unseal(body.decode("latin-1")).encode("latin-1")

    def _seal(self, text: str) -> str:
        hidden = self._hide(text)
        if hidden == text:
            return _PLAIN + text if text.startswith((_SEALED, _PLAIN)) else text
        if self._reveal(hidden) != text:
            raise NotSealedError
        return _SEALED + hidden

    def _unseal(self, text: str) -> str:
        if text.startswith(_SEALED):
            return self._reveal(text[1:])
        return text.removeprefix(_PLAIN)


def _each_text(data: Any, change: Callable[[str], str], change_name: Callable[[str], str]) -> Any:
    if isinstance(data, str):
        return change(data)
    if isinstance(data, Mapping):
        return {change_name(name): _each_text(value, change, change_name) for name, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [_each_text(value, change, change_name) for value in data]
    return data
