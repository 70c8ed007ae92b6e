"""Keeps secrets out of the state: foreign text may repeat a password or a token of the configuration.

There are two ways. `hide` is for texts that people read: secrets become references such as `${TOKEN}`, irreversibly.
`seal` is for requests, which must be repeatable: `unseal` restores the secret, but only where `seal` put the reference.
A site that writes `${TOKEN}` into a link must not get the token.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sources.formats.download import Body, FileBody, pieces_of

# First characters: secrets were replaced; the text itself begins with one of these two.
_SEALED, _PLAIN = "\x01", "\x02"
_LONGEST = 16_384  # bytes of a secret, in any encoding
_MOST_AT_ONCE = 500_000_000  # bytes
_SIGNS = _SEALED.encode(), _PLAIN.encode()
_SEALED_SHOWN, _PLAIN_SHOWN = r"\x01", r"\x02"  # their escapes in `repr`


class NotSealedError(ValueError):
    """A text has a secret that could not be restored exactly."""


class Redactor:
    """Replaces secret values by references, and back. `hide` and `reveal` work on one text."""

    def __init__(self, hide: Callable[[str], str], reveal: Callable[[str], str]) -> None:
        self.use(hide, reveal)

    def use(self, hide: Callable[[str], str], reveal: Callable[[str], str]) -> None:
        """Replace the secrets."""
        self._hide = hide
        self._reveal = reveal

    def hide(self, text: str) -> str:
        """The text without secrets. Surrogates and NUL characters, which databases refuse, become question marks."""
        text = self._hide(text).replace("\0", "?")
        try:
            text.encode("utf-8")
        except UnicodeEncodeError:
            return text.encode("utf-8", "replace").decode("utf-8")
        return text

    def hides(self, texts: Iterable[str]) -> bool:
        """Whether `hide` would change any of the texts: one pass over all."""
        whole = "\n".join(texts)
        return self.hide(whole) != whole

    def hide_all(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """JSON data with all values hidden; names stay."""
        hidden: dict[str, Any] = _each_text(data, self.hide, str)
        return hidden

    def hide_bytes(self, content: bytes) -> bytes:
        """As `hide`, for bytes from the wire: unchanged unless they have a secret."""
        text = content.decode("utf-8", "surrogateescape")
        hidden = self._hide(text)
        return content if hidden == text else hidden.encode("utf-8", "surrogateescape")

    def hide_body(self, body: Body) -> Body:
        """As `hide_bytes`; of a large body that has no secret no more than a piece is in memory."""
        if isinstance(body, FileBody) and not self._may_hide(body, "utf-8"):
            return body
        whole = body[:]
        return body if (hidden := self.hide_bytes(whole)) is whole else hidden

    def seal(self, data: Any) -> Any:
        """JSON data without secrets, for `unseal`. Raises NotSealedError."""
        return _each_text(data, self._seal, self._seal)

    def unseal(self, data: Any) -> Any:
        """The inverse of `seal`; data without sealed texts is returned as it is."""
        whole = repr(data)  # one pass over all texts, with both marks escaped: few have any
        if _SEALED_SHOWN not in whole and _PLAIN_SHOWN not in whole:
            return data
        return _each_text(data, self._unseal, self._unseal)

    def seal_bytes(self, body: bytes) -> bytes:
        """As `seal`, for a page's body; nearly always returned as it is."""
        text = body.decode("latin-1")
        sealed = self._seal(text)
        return body if sealed is text else sealed.encode("latin-1")

    def seal_body(self, body: Body) -> Body:
        """As `seal_bytes`. Of a large body no more than a piece is in memory, unless it has a secret. Raises
        NotSealedError, also for one with a secret that is too large for that.
        """
        if isinstance(body, FileBody) and not (body[:1] in _SIGNS or self._may_hide(body, "latin-1")):
            return body
        if len(body) > _MOST_AT_ONCE:
            raise NotSealedError
        return self.seal_bytes(body[:])

    def _may_hide(self, body: FileBody, encoding: str) -> bool:
        before = b""
        for piece in pieces_of(body):
            text = (before + piece).decode(encoding, "surrogateescape")
            if self._hide(text) != text:
                return True
            before = piece[-_LONGEST:]
        return False

    def unseal_body(self, body: Body) -> Body:
        """The inverse of `seal_body`."""
        return self.unseal_bytes(body[:]) if body[:1] in _SIGNS else body

    def unseal_bytes(self, body: bytes) -> bytes:
        """The inverse of `seal_bytes`."""
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
