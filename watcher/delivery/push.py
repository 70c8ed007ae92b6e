"""Sends an alert to a browser (Web Push: RFC 8030), which shows it also while no page of the desk is open.

It is encrypted for that browser alone (RFC 8291), and signed with a key of the desk's own (VAPID: RFC 8292), which is
kept in a file beside that of its secrets. The address is one that a reader gave: only https, no redirect, no private
network but those that `[http] private_addresses` lists. Import this module only to send, or to subscribe.
"""

import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from http import HTTPStatus
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from http_ece import ECEException
from py_vapid import Vapid
from pywebpush import WebPusher, WebPushException

from alerts.message.wording import cut
from alerts.service_answer import ServiceAnswer, redact
from alerts.webhook import post_content
from sources.text import clean
from state.db.tables.readers import Subscription
from watcher.config.load import Config
from watcher.config.sealing import KeyLostError, read_or_make

LONGEST_TITLE, LONGEST_TEXT, LONGEST_URL = 200, 400, 400  # characters: 3,000 bytes in all, as services take 4,096
LASTING = timedelta(days=1)  # for which a service keeps it for a browser that is not reached
_SIGNED_FOR = timedelta(hours=12)  # RFC 8292, 2: at most 24 hours, by the clock of the service
_GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})  # RFC 8030, 7.3: the subscription has ended


def send_push(
    config: Config, to: Subscription, title: str, text: str, url: str, clock: Callable[[], datetime]
) -> ServiceAnswer | None:
    """Send an alert once: a title, a line, and the address of a page at the desk. Returns None if the browser's service
    accepted it, else its answer: `gone` where the subscription has ended. Safe to call from several threads, outside an
    event loop.
    """
    told = {"title": cut(clean(title), LONGEST_TITLE), "text": cut(clean(text), LONGEST_TEXT)}
    told["url"] = url if len(url) <= LONGEST_URL else ""
    content = json.dumps(told, ensure_ascii=False).encode("utf-8", "replace")
    listed = config.http.private_addresses
    http = config.http.model_copy(update={"private_addresses": "refuse" if isinstance(listed, str) else listed})
    try:
        body = encrypt(to, content)
        headers = {
            "Content-Type": "application/octet-stream",
            "Content-Encoding": "aes128gcm",
            "TTL": f"{LASTING.total_seconds():.0f}",
            **_sign(config, to.endpoint, clock()),
        }
        answer = post_content(to.endpoint, body, headers, http, clock, gone=_GONE)
    except KeyLostError as error:
        return ServiceAnswer(str(error))
    except ValueError as error:
        return ServiceAnswer(str(error), gone=True)
    return answer and answer._replace(said=redact(answer.said, to.endpoint, config.secrets))


def encrypt(to: Subscription, content: bytes) -> bytes:
    """What only this browser can read. Raises ValueError where what it gave is no https address, or are no keys."""
    parts = urlsplit(to.endpoint)
    if parts.scheme != "https" or ":" in (parts.hostname or ":") or parts.port == 0:  # a port that is none raises
        raise ValueError("the address of a browser has to begin with https:// and a name")
    if not all(text.isascii() and text.isprintable() for text in (to.endpoint, to.p256dh, to.auth)):
        raise ValueError("the address or the keys of a browser have characters that none has")
    try:
        pusher = WebPusher({"endpoint": to.endpoint, "keys": {"p256dh": to.p256dh, "auth": to.auth}})
        body: bytes = pusher.encode(content)["body"]
    except (ValueError, LookupError, WebPushException, ECEException):  # what it raises for keys that are none
        raise ValueError("these are no keys of a browser") from None
    return body


def public_key(config: Config) -> str:
    """The key with which a browser subscribes, in base64url, to alerts of this desk alone. Raises KeyLostError."""
    point = _key(config, make=True).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return urlsafe_b64encode(point).decode().rstrip("=")


def _sign(config: Config, endpoint: str, now: datetime) -> dict[str, str]:
    """The header that says who sends it, to the service of this address alone. Raises KeyLostError."""
    audience = urlsplit(endpoint)
    claims = {
        "aud": f"{audience.scheme}://{audience.netloc.rpartition('@')[2]}",
        "exp": int((now + _SIGNED_FOR).timestamp()),
        "sub": config.web.base_url or "https://localhost",
    }
    key = _key(config, make=False)
    signed: dict[str, str] = Vapid(key, {"no-strict": True}).sign(claims)  # else it takes no port in `sub`
    return signed


def _key(config: Config, *, make: bool) -> ec.EllipticCurvePrivateKey:
    """The desk's key: that of its file, else one of `[web] key`, which all machines have, else one that is made.
    Another one would end all subscriptions, so only a desk that takes them makes one. Raises KeyLostError.
    """
    file, given = config.seal.file.with_suffix(".vapid"), config.seal.given
    try:
        if given and not file.exists():
            number = int.from_bytes(hmac.digest(given.encode(), b"Web Push", sha256)[:31], "big")  # below the order
            return ec.derive_private_key(number, ec.SECP256R1())
        if not make and not file.exists():
            raise KeyLostError(f"{file} is missing, the key of alerts to browsers: put it there, or set [web] key")
        key: ec.EllipticCurvePrivateKey = Vapid.from_raw(read_or_make(file, _new_key).encode()).private_key
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no key"
        raise KeyLostError(f"{file}: the key of alerts to browsers cannot be read or written: {why}") from None
    return key


def _new_key() -> str:
    """A private key as base64url, as `Vapid.from_raw` reads it."""
    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    return urlsafe_b64encode(number.to_bytes(32, "big")).decode()
