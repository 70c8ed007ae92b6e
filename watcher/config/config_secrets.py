"""Secrets of a configuration: `${NAME}` and `${credential:NAME}` for values that must not be written in a file, and
those that are: in URLs, passwords and headers.
"""

import re
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
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
    `unset`. `allowed` says which references a key path may have.
    """

    environment: Mapping[str, str]
    secrets: Secrets
    complain: Callable[[KeyPath, str], None]
    may_be_unset: Callable[[KeyPath], bool] = lambda _: False
    allowed: Callable[[KeyPath, str], bool] = lambda _at, _name: True
    unset: set[KeyPath] = field(default_factory=set)

    def fill(self, value: Any, at: KeyPath = ()) -> Any:
        """The TOML value with the references in its strings replaced; errors go to `complain`."""
        if isinstance(value, dict):
            return {key: self.fill(item, (*at, key)) for key, item in value.items()}
        if isinstance(value, list):
            return [self.fill(item, (*at, index)) for index, item in enumerate(value)]
        return self._fill_text(value, at) if isinstance(value, str) and "${" in value else value

    def _fill_text(self, text: str, at: KeyPath) -> str:
        url = _USER_AND_PASSWORD.match(text)
        span = range(*url.span("userinfo")) if url else range(0)

        def replace(match: re.Match[str]) -> str:
            if match["literal"]:
                return "${"
            try:
                if match["name"] and not self.allowed(at, match["name"]):
                    what = f"${{{match['name']}}} may not be used at the desk: it is none of `env` in [web]"
                    raise _MissingError(what)
                return self._look_up(match["name"], encode=match.start() in span)
            except _MissingError as missing:
                if isinstance(missing, _UnsetError) and self.may_be_unset(at):
                    self.unset.add(at)
                else:
                    self.complain(at, str(missing))
                return match[0]

        return _REFERENCE.sub(replace, text)

    def _look_up(self, name: str | None, *, encode: bool) -> str:
        if name is None:
            raise _MissingError('"${" is not closed; write "$${" for a plain "${"')
        if credential := _CREDENTIAL.fullmatch(name):
            value = self._read_credential(credential[1])
        elif _VARIABLE.fullmatch(name):
            value = self.environment.get(name, "")
            if not value:
                state = "is empty" if name in self.environment else "is not set"
                raise _UnsetError(
                    f"the environment variable {name} {state}; set it before the start: export {name}=..."
                )
            if re.search("[\ud800-\udfff]", value):  # how Python shows bytes that are no UTF-8
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

    def _read_credential(self, name: str) -> str:
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


class WrittenSecrets:
    """Hides the secrets of a configuration in all output. `bare` has the key paths of those that are written in the
    configuration itself: not as a reference.
    """

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets
        self.bare: dict[KeyPath, None] = {}

    def hide(self, at: KeyPath, value: str, *, whole: bool = False) -> None:
        """Hide a value, unless another secret covers it: a value from the environment keeps its name. A `whole` that
        contains secrets is not one that is written in the configuration. A reference without a value is no secret.
        """
        known = value in self._secrets.given or _REFERENCE.fullmatch(value)
        if not known and self._secrets.hide(value) == value:
            self._secrets.add(_reference(at), value)
            if not whole:
                self.bare[at] = None

    def hide_signing(self, at: KeyPath, signing: Sequence[str]) -> None:
        """Hide the secrets that webhooks are signed with, with and without their prefix. A reference without a value is
        no secret.
        """
        for secret in signing:
            if "${" not in secret:
                self.hide(at, secret)
                self._secrets.add(_reference(at, ":key"), secret.removeprefix("whsec_"))

    def hide_address(self, at: KeyPath, url: str) -> None:
        """Hide a secret URL: its password and tokens, and the URL as a whole."""
        for part in [*find_passwords(url), *find_tokens(url)]:
            self.hide(at, part)
        self.hide(at, url, whole=True)

    def hide_url(self, at: KeyPath, url: str) -> None:
        """Hide the passwords in a URL."""
        for password in find_passwords(url):
            self.hide(at, password)

    def hide_wire(self, at: KeyPath, options: WireOptions, url: str | None = None) -> None:
        """Hide the credentials of requests: in URLs, `auth`, headers, and a kind's own options that are secrets."""
        self.hide_url((*at, "url"), url or "")
        self.hide_url((*at, "proxy"), options.proxy or "")
        if options.auth:
            self.hide((*at, "auth"), options.auth.partition(":")[2] or options.auth)
        for name, value in options.headers.items():
            if _SECRET_HEADER.search(name):
                self.hide((*at, "headers", name), value)
        for name in _secret_options(type(options)):
            if value := getattr(options, name):
                self.hide((*at, name), value)
        pairs = {"auth": options.auth, "url": _userinfo(url or ""), "proxy": _userinfo(options.proxy or "")}
        for option, pair in pairs.items():
            if pair:  # as the client sends it
                self._secrets.add(_reference((*at, option), ":sent"), b64encode(pair.encode()).decode())


def find_passwords(url: str) -> list[str]:
    """The secrets in a URL: its password, and the values of secret parameters; each as written, and decoded. If the
    name of a parameter is ambiguous, only values that look like a token are secret.
    """
    match = _PASSWORD.search(url)
    found = [match["password"]] if match else []
    for name, value in _PARAMETER.findall(url):
        if _SECRET_NAME.search(name) or (_DOUBTFUL_NAME.search(name) and _TOKEN.fullmatch(value)):
            found.append(value)
    return [form for secret in found for form in dict.fromkeys((secret, unquote(secret)))]


def find_tokens(url: str) -> list[str]:
    """The parts of a secret URL that look like tokens."""
    return list(filter(_TOKEN.fullmatch, _PARTS.split(url)))


@cache
def _secret_options(kind: type[WireOptions]) -> list[str]:
    """The options of its own that a kind does not show (`repr=False`): tokens."""
    return [name for name, option in kind.model_fields.items() if not option.repr and name not in _WIRE]


_WIRE = WireOptions.model_fields


def _userinfo(url: str) -> str:
    match = _USERINFO.match(url)
    return unquote(match[1]) if match else ""


def _reference(at: KeyPath, form: str = "") -> str:
    return f"${{{'.'.join(map(str, at))}{form}}}"
