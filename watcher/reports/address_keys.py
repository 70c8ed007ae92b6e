"""The secrets in addresses of the desk that are given out: those of feeds, and of hooks.

Each is derived from a random value of its own, which can be renewed; it allows nothing else. A hook is an address by
which a site, a hub or a script has a source checked at once.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from hashlib import sha256
from urllib.parse import quote

from state.store import Store

_KEY = 24  # bytes of a key


def key_of(name: str, store: Store) -> str:
    """The key of what has this name, made if nobody was given its address before. Raises StateError."""
    return _key(name, store.feed_keys.value_or_new(name))


def renew_key(name: str, store: Store) -> str:
    """Make another key: addresses that were given out end to work. Raises StateError."""
    return _key(name, store.feed_keys.renew(name))


def is_key(name: str, value: bytes | None, given: str) -> bool:
    """Whether a text is the key from this random value; None: nobody was given the address."""
    return value is not None and hmac.compare_digest(_key(name, value).encode(), given.encode())


def hook_address(source: str, store: Store, base_url: str) -> str:
    """The whole address of a source's hook, with its key. Raises StateError."""
    return f"{base_url}/hooks/{quote(source, safe='')}?key={key_of(_hook(source), store)}"


def renew_hook(source: str, store: Store) -> None:
    """Make another key for a source's hook. Raises StateError."""
    renew_key(_hook(source), store)


def is_hook_key(source: str, store: Store, given: str) -> bool:
    """Whether a text is the key of a source's hook. Raises StateError."""
    return is_key(_hook(source), store.feed_keys.value(_hook(source)), given)


def _hook(source: str) -> str:
    """What its random value is stored under, beside those of the feeds."""
    return f"hooks/{source}"


def _key(name: str, value: bytes) -> str:
    return urlsafe_b64encode(hmac.digest(value, name.encode(), sha256)[:_KEY]).decode()
