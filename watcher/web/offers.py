"""Proposals that were shown to somebody, so that exactly what was shown is what gets written."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import NamedTuple

MOST = 50  # offers that are remembered; the oldest is forgotten first
AT_ONCE = 2  # pages that are looked at


class Offer(NamedTuple):
    """A source that was proposed: its name, and its block for watch.toml."""

    name: str
    block: str


@dataclass
class Offers:
    """The last offers by a random number. Safe for threads. `turns` bounds how many pages are looked at together."""

    turns: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(AT_ONCE))
    _offers: OrderedDict[str, Offer] = field(default_factory=OrderedDict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def keep(self, offer: Offer) -> str:
        """Remember an offer; returns its number."""
        number = secrets.token_urlsafe(16)
        with self._lock:
            self._offers[number] = offer
            while len(self._offers) > MOST:
                self._offers.popitem(last=False)
        return number

    def take(self, number: str) -> Offer | None:
        """The offer with this number, once."""
        with self._lock:
            return self._offers.pop(number, None)
