"""Secrets of a configuration: `${NAME}` and `${credential:NAME}` for values that must not be written in a file, and
those that are: in URLs, passwords and headers.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from sources.options import WireOptions
from sources.secrets import Secrets

_REFERENCE = re.compile(r"\$(?P<literal>\$)\{|\$\{(?P<name>[^{}]*)\}|\$\{")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_CREDENTIAL = re.compile(r"credential:(?!\.)([\w.-]+)")
_USER_AND_PASSWORD = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://(?P<userinfo>(?:\$\{[^{}]*\}|[^/?#])*)@")
_LEFT_AS_IT_IS = "!$%&'()*+,/:;=?@[]~"  # characters that httpx does not encode in a URL
KeyPath = tuple[str | int, ...]

_SECRET_HEADER = re.compile(r"auth|cookie|token|secret|key", re.IGNORECASE)
_USERINFO = re.compile(r"[^/?#]+://([^/?#]*)@")
_PASSWORD = re.compile(r"://(?:[^/?#@:]*):(?P<password>[^/?#]*)@")
_PARAMETER = re.compile(r"[?&]([\w.\[\]-]+)=([^&#]+)")
# `api_key`, `AccessToken`, `X-Amz-Signature`; not a part of another word, as in `keyword` and `author`
_SECRET_NAME = re.compile(
    r"(?:[Kk]ey|[Tt]oken|[Ss]ecret|[Aa]uth(?:orization)?|[Pp]assw(?:or)?d|[Ss]ignature)(?![a-z])"
    r"|(?:KEY|TOKEN|SECRET|AUTH(?:ORIZATION)?|PASSW(?:OR)?D|SIGNATURE)(?![A-Z])"
)
_DOUBTFUL_NAME = re.compile(r"key|token|secret|auth|passw|signature", re.IGNORECASE)
_PARTS = re.compile(r"[/?&=@#]")
# long, with letters and digits: hardly a word; with dots only if longer than most host names
_TOKEN = re.compile(r"(?=.*\d)(?=.*[A-Za-z])(?:[\w:~+%-]{16,}|[\w:~+%.-]{40,})")


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
            value = self.environment.get(name, "")
            if not value:
                state = "is empty" if name in self.environment else "is not set"
                raise _UnsetError(
                    f"the environment variable {name} {state}; set it before the start: export {name}=..."
                )
            if not value.isascii() and "\ufffd" in value.encode(errors="replace").decode():
                raise _MissingError(f"the environment variable {name} is not UTF-8")
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


def remember(secrets: Secrets, at: KeyPath, value: str) -> list[KeyPath]:
    """Hide the value at a key path in all output. Returns the path if the value is written in the configuration itself;
    so do the functions below.
    """
    return [at] if _add(secrets, at, value) else []


def remember_signing(secrets: Secrets, at: KeyPath, signing: Sequence[str]) -> list[KeyPath]:
    """Hide the secrets that a channel's webhooks are signed with, with and without their prefix.

    A reference without a value is no secret.
    """
    bare = False
    for secret in signing:
        if "${" not in secret:
            bare |= _add(secrets, at, secret)
            secrets.add(_reference(at, ":key"), secret.removeprefix("whsec_"))
    return [at] if bare else []


def remember_address(secrets: Secrets, at: KeyPath, url: str) -> list[KeyPath]:
    """Hide a secret URL in all output: its password and tokens, and the URL as a whole."""
    parts = [*_passwords(url), *filter(_TOKEN.fullmatch, _PARTS.split(url))]
    bare = [_add(secrets, at, part) for part in parts]
    _add(secrets, at, url)
    return [at] if any(bare) else []


def remember_url(secrets: Secrets, at: KeyPath, url: str) -> list[KeyPath]:
    """Hide the passwords in a URL in all output."""
    bare = [_add(secrets, at, password) for password in _passwords(url)]
    return [at] if any(bare) else []


def remember_wire(secrets: Secrets, at: KeyPath, options: WireOptions, url: str | None = None) -> list[KeyPath]:
    """Hide the credentials of requests in all output: in URLs, `auth` and headers."""
    found: list[tuple[KeyPath, str]] = []
    for option, value in (("url", url), ("proxy", options.proxy)):
        found += [((*at, option), password) for password in _passwords(value or "")]
    if options.auth:
        found.append(((*at, "auth"), options.auth.partition(":")[2] or options.auth))
    found += [((*at, "headers", name), value) for name, value in options.headers.items() if _SECRET_HEADER.search(name)]
    bare = [path for path, value in found if _add(secrets, path, value)]
    pairs = {"auth": options.auth, "url": _userinfo(url or ""), "proxy": _userinfo(options.proxy or "")}
    for option, pair in pairs.items():
        if pair:  # as the client sends it
            secrets.add(_reference((*at, option), ":sent"), b64encode(pair.encode()).decode())
    return list(dict.fromkeys(bare))


def _passwords(url: str) -> list[str]:
    """The secrets in a URL: its password, and the values of secret parameters; each as written, and decoded."""
    match = _PASSWORD.search(url)
    found = [*([match["password"]] if match else []), *_secret_parameters(url)]
    return [form for secret in found for form in dict.fromkeys((secret, unquote(secret)))]


def _secret_parameters(url: str) -> Iterator[str]:
    """The values of parameters with a secret name; if the name is ambiguous, only values that look like a token."""
    for name, value in _PARAMETER.findall(url):
        if _SECRET_NAME.search(name) or (_DOUBTFUL_NAME.search(name) and _TOKEN.fullmatch(value)):
            yield value


def _userinfo(url: str) -> str:
    match = _USERINFO.match(url)
    return unquote(match[1]) if match else ""


def _add(secrets: Secrets, at: KeyPath, value: str) -> bool:
    """Add a secret, unless another one covers it: a value from the environment keeps its name."""
    if secrets.hide(value) != value:
        return False
    secrets.add(_reference(at), value)
    return True


def _reference(at: KeyPath, form: str = "") -> str:
    return f"${{{'.'.join(map(str, at))}{form}}}"
