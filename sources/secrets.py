"""Redaction: the values that came from `${NAME}` in the configuration, to be replaced in all that is logged or stored,
also in the encodings in which a site may repeat them.

A short secret may be a word that texts need, such as the user "desk" of a mail server. It is hidden where it stands
alone and not within a longer word or number. One that is in the clear in the configuration, as the name of a channel,
is not hidden at all: a text with its reference in the place of that name would give it away.
"""

import html
import json
import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Collection, Iterator
from typing import Any
from urllib.parse import quote, quote_plus

_SHORTEST = 4  # hiding "1" or "no" would garble texts
_ENCODED = 8  # characters; the encodings of shorter secrets are not hidden, as they match ordinary words
_MANY, _LARGE = 16, 1 << 17  # values, and characters of a text that is read once for all before it is once for each
_BEGINNING = 12  # characters of a secret that are looked for then
_MEMORY = 1 << 26  # bytes for looking for them, which becomes slow with less


class Secrets:
    """Known secret values by the reference they came from, such as `${SMTP_PASSWORD}`.

    `public` are words that are no secrets, whoever has one of them as a password.
    """

    def __init__(self, public: Collection[str] = ()) -> None:
        self._public = public
        self._references: dict[str, str] = {}
        self.given = set[str]()  # also those that are not hidden
        self._longest_first: list[tuple[str, str, re.Pattern[str] | None]] | None = None
        self._beginnings: Any = None

    def add(self, reference: str, value: str) -> None:
        """Remember `value` under `reference`, and its encodings under references such as `${NAME:hex}`."""
        self.given.add(value)
        if len(value) < _SHORTEST or value in self._public:
            return
        self._references[value] = reference
        for encoding, form in encodings(value) if len(value) >= _ENCODED else ():
            self._references.setdefault(form, f"{reference.removesuffix('}')}:{encoding}}}")
        self._longest_first = self._beginnings = None

    def hide(self, text: str) -> str:
        """The text with every secret value replaced by its reference; the longest first, as one may contain another."""
        if len(text) > _LARGE and len(self._references) > _MANY and not self._may_be_in(text):
            return text
        if self._longest_first is None:
            longest_first = sorted(self._references.items(), key=lambda pair: len(pair[0]), reverse=True)
            self._longest_first = [(value, reference, _alone(value)) for value, reference in longest_first]
        for value, reference, alone in self._longest_first:
            if value in text:
                text = alone.sub(lambda _, by=reference: by, text) if alone else text.replace(value, reference)  # type: ignore[misc]
        return text

    def _may_be_in(self, text: str) -> bool:
        """Whether a secret begins somewhere in the text: one pass, however many there are."""
        if self._beginnings is None:
            import re2  # noqa: PLC0415 - compiled code, for large texts alone

            options = re2.Options()
            options.encoding, options.max_mem = re2.Options.Encoding.LATIN1, _MEMORY  # as it is given bytes
            beginnings = {re2.escape(value[:_BEGINNING]) for value in self._references}
            self._beginnings = re2.compile("|".join(beginnings).encode(), options)
        return self._beginnings.search(text.encode("utf-8", "surrogatepass")) is not None

    def reveal(self, text: str) -> str:
        """The inverse of `hide`, for requests that were stored with references."""
        for value, reference in self._references.items():
            text = text.replace(reference, value)
        return text


def _alone(value: str) -> re.Pattern[str] | None:
    """Where a short word or number stands alone; None for a value that is hidden wherever it stands."""
    if len(value) >= _ENCODED:
        return None
    if value.isdecimal():
        return re.compile(rf"(?<!\d){value}(?!\d)")
    return re.compile(rf"(?<![^\W\d_]){value}(?![^\W\d_])") if value.isalpha() else None


def encodings(value: str) -> Iterator[tuple[str, str]]:
    """The name and the text of each encoding that differs from the value.

    For base64, only the part that does not depend on what follows the value. UTF-16 is given as its bytes read as
    latin-1.
    """
    data = value.encode()
    stable = len(data) * 8 // 6
    percent = quote(value, safe="")
    escaped = html.escape(value)
    forms = {
        "percent": percent,
        "percent-lower": re.sub(r"%..", lambda escape: escape[0].lower(), percent),
        "form": quote_plus(value),
        "path": quote(value),
        "html": escaped,
        "html-decimal": escaped.replace("&#x27;", "&#39;").replace("&quot;", "&#34;"),
        "json": json.dumps(value)[1:-1],
        "json-slash": json.dumps(value)[1:-1].replace("/", "\\/"),
        "repr": repr(value)[1:-1],  # as messages of faults quote an address
        "base64": b64encode(data).decode()[:stable],
        "base64url": urlsafe_b64encode(data).decode()[:stable],
        "hex": data.hex(),
        "hex-upper": data.hex().upper(),
        "utf-16-le": value.encode("utf-16-le").decode("latin-1"),
        "utf-16-be": value.encode("utf-16-be").decode("latin-1"),
    }
    return ((name, form) for name, form in forms.items() if form != value)
