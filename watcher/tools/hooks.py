"""The hooks of sources: addresses of the desk by which a site, a hub or a script has a source checked at once.

Each has a secret of its own, which can be renewed. It allows nothing else.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from hashlib import sha256
from urllib.parse import quote

from state.store import Store

_KEY = 24  # bytes of a key


def hook_path(source: str) -> str:
    """The path of a source's hook below the desk's address."""
    return f"hooks/{quote(source, safe='')}"


def hook_address(source: str, store: Store, base_url: str) -> str:
    """The whole address of a source's hook, with its key, made if nobody was given it before. Raises StateError."""
    return f"{base_url}/{hook_path(source)}?key={_key(source, store.feed_keys.value_or_new(_name(source)))}"


def renew_hook(source: str, store: Store) -> None:
    """Make another key: addresses that were given out end to work. Raises StateError."""
    store.feed_keys.renew(_name(source))


def is_hook_key(source: str, store: Store, given: str) -> bool:
    """Whether a text is the key of a source's hook. Raises StateError."""
    value = store.feed_keys.value(_name(source))
    return value is not None and hmac.compare_digest(_key(source, value).encode(), given.encode())


def _name(source: str) -> str:
    """What its random value is stored under, beside those of the feeds."""
    return f"hooks/{source}"


def _key(source: str, value: bytes) -> str:
    return urlsafe_b64encode(hmac.digest(value, _name(source).encode(), sha256)[:_KEY]).decode()
