"""`${NAME}` and `${credential:NAME}` in the configuration: values that must not be written in a file."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sources.secrets import Secrets

_REFERENCE = re.compile(r"\$(?P<literal>\$)\{|\$\{(?P<name>[^{}]*)\}|\$\{")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_CREDENTIAL = re.compile(r"credential:(?!\.)([\w.-]+)")
_USER_AND_PASSWORD = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://(?P<userinfo>(?:\$\{[^{}]*\}|[^/?#])*)@")

_LEFT_AS_IT_IS = "!$%&'()*+,/:;=?@[]~"  # characters that httpx does not encode in a URL

KeyPath = tuple[str | int, ...]


class _MissingError(Exception):
    """A reference has no value; the message says how to give it one."""


class _UnsetError(_MissingError):
    """A valid reference whose value nobody has set."""


@dataclass(frozen=True)
class Substitution:
    """Replaces references with values from an environment, and records each value as a secret.

    In the user and password part of a URL the value is percent-encoded, so that a password may contain `@` or `/`.
    `$${` is a plain `${`. If a key path `may_be_unset`, a reference without a value stays, and the key path is added to
    `unset`.
    """

    environment: Mapping[str, str]
    secrets: Secrets
    complain: Callable[[KeyPath, str], None]
    may_be_unset: Callable[[KeyPath], bool] = lambda _: False
    unset: set[KeyPath] = field(default_factory=set)

    def fill(self, value: Any, at: KeyPath = ()) -> Any:
        """The TOML value with the references in its strings replaced; errors go to `complain`."""
        if isinstance(value, dict):
            return {key: self.fill(item, (*at, key)) for key, item in value.items()}
        if isinstance(value, list):
            return [self.fill(item, (*at, index)) for index, item in enumerate(value)]
        return self._text(value, at) if isinstance(value, str) and "${" in value else value

    def _text(self, text: str, at: KeyPath) -> str:
        url = _USER_AND_PASSWORD.match(text)
        span = range(*url.span("userinfo")) if url else range(0)

        def replace(match: re.Match[str]) -> str:
            if match["literal"]:
                return "${"
            try:
                return self._value(match["name"], encode=match.start() in span)
            except _MissingError as missing:
                if isinstance(missing, _UnsetError) and self.may_be_unset(at):
                    self.unset.add(at)
                else:
                    self.complain(at, str(missing))
                return match[0]

        return _REFERENCE.sub(replace, text)

    def _value(self, name: str | None, *, encode: bool) -> str:
        if name is None:
            raise _MissingError('"${" is not closed; write "$${" for a plain "${"')
        if credential := _CREDENTIAL.fullmatch(name):
            value = self._credential(credential[1])
        elif _VARIABLE.fullmatch(name):
            value = self._variable(name)
        else:
            raise _MissingError(
                f'"${{{name}}}" is neither ${{NAME}} nor ${{credential:NAME}}; write "$${{" for a plain "${{"'
            )
        encoded = quote(value, safe="")
        # Each form has its own name, so that it can be restored. The last one is what a client sends.
        forms = {"": value, ":encoded": encoded, ":sent": quote(value, safe=_LEFT_AS_IT_IS)}
        for text, form in {text: form for form, text in reversed(forms.items())}.items():
            self.secrets.add(f"${{{name}{form}}}", text)
        return encoded if encode else value

    def _variable(self, name: str) -> str:
        value = self.environment.get(name)
        if not value:
            state = "is empty" if name in self.environment else "is not set"
            raise _UnsetError(f"the environment variable {name} {state}; set it before the start: export {name}=...")
        if not value.isascii() and "\ufffd" in value.encode(errors="replace").decode():
            raise _MissingError(f"the environment variable {name} is not UTF-8")
        return value

    def _credential(self, name: str) -> str:
        folder = self.environment.get("CREDENTIALS_DIRECTORY")
        how = f"give the unit LoadCredential={name}:/path/to/file"
        if not folder:
            raise _UnsetError(
                f"credential {name}: systemd gave no credentials ($CREDENTIALS_DIRECTORY is not set); {how}"
            )
        try:
            return Path(folder, name).read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
            raise _UnsetError(f"credential {name} cannot be read from {folder} ({reason}); {how}") from None
