"""Secrets written in the configuration itself: in URLs, passwords and headers."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator, Sequence
from urllib.parse import unquote

from sources.options import WireOptions
from sources.secrets import Secrets
from watcher.config.substitute import KeyPath

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
