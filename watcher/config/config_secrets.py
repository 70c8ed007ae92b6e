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


def remember_channel(secrets: Secrets, name: str, url: str) -> bool:
    """Hide a channel's URL in all output; like `remember_address`."""
    return remember_address(secrets, f"channels.{name}.url", url)


def remember_signing(secrets: Secrets, name: str, signing: Sequence[str]) -> bool:
    """Hide the secrets that a channel's webhooks are signed with, with and without their prefix.

    Returns whether one is written in the configuration itself. A reference without a value is no secret.
    """
    reference, bare = f"${{channels.{name}.secret}}", False
    for secret in signing:
        if "${" not in secret:
            bare |= _add(secrets, reference, secret)
            secrets.add(f"${{channels.{name}.secret:key}}", secret.removeprefix("whsec_"))
    return bare


def remember_address(secrets: Secrets, at: str, url: str) -> bool:
    """Hide a secret URL in all output: its password and tokens, and the URL as a whole.

    Returns whether a password or token is written in the configuration itself.
    """
    reference = f"${{{at}}}"
    parts = [*_passwords(url), *filter(_TOKEN.fullmatch, _PARTS.split(url))]
    bare = [_add(secrets, reference, part) for part in parts]
    _add(secrets, reference, url)
    return any(bare)


def remember_state(secrets: Secrets, url: str) -> bool:
    """Hide the password of the state's database in all output.

    Returns whether it is written in the configuration itself.
    """
    bare = [_add(secrets, "${state}", password) for password in _passwords(url)]
    return any(bare)


def remember_token(secrets: Secrets, token: str) -> bool:
    """Keep the desk's token out of all that is written; whether it stands in the configuration itself."""
    return _add(secrets, "${web.token}", token)


def remember_url(secrets: Secrets, at: str, url: str | None) -> bool:
    """Hide the passwords in a URL in all output. Returns whether one is written in the configuration itself."""
    bare = [_add(secrets, f"${{{at}}}", password) for password in _passwords(url or "")]
    return any(bare)


def remember_wire(secrets: Secrets, at: str, options: WireOptions, url: str | None = None) -> list[KeyPath]:
    """Hide the credentials of requests in all output: in URLs, `auth` and headers.

    Returns the options whose secret is written in the configuration itself.
    """
    found: list[tuple[KeyPath, str]] = []
    for option, value in (("url", url), ("proxy", options.proxy)):
        found += [((option,), password) for password in _passwords(value or "")]
    if options.auth:
        found.append((("auth",), options.auth.partition(":")[2] or options.auth))
    found += [(("headers", name), value) for name, value in options.headers.items() if _SECRET_HEADER.search(name)]
    bare = [path for path, value in found if _add(secrets, f"${{{'.'.join([at, *map(str, path)])}}}", value)]
    pairs = {"auth": options.auth, "url": _userinfo(url or ""), "proxy": _userinfo(options.proxy or "")}
    for option, pair in pairs.items():
        if pair:  # as the client sends it
            secrets.add(f"${{{at}.{option}:sent}}", b64encode(pair.encode()).decode())
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


def _add(secrets: Secrets, reference: str, value: str) -> bool:
    """Add a secret, unless another one covers it: a value from the environment keeps its name."""
    if secrets.hide(value) != value:
        return False
    secrets.add(reference, value)
    return True
