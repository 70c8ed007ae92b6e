"""What every route works with: the configuration, the state and the clock. One object for the life of the server."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import BoundedSemaphore, Lock
from typing import Annotated, NamedTuple

from fastapi import Depends, Request

from state.model import SourceStatus
from state.storage.desk import Action
from state.store import Store
from watcher.config.load import NOTHING_SENT, Config
from watcher.config.open_state import read_again
from watcher.errors import ConfigError
from watcher.web.evidence import Verification
from watcher.web.search import Follower
from watcher.web.signing_in import Passwords, Sessions, Throttle

LISTS = 2  # of changes that are answered at once
LOOKS = 2  # at pages that somebody would like to watch, at once
MOST_OFFERS = 50  # that are remembered; the oldest is forgotten first


def now() -> datetime:
    """The time, with its zone."""
    return datetime.now(UTC)


class Offer(NamedTuple):
    """A source that was proposed: its name, and its block for watch.toml."""

    name: str
    block: str


@dataclass
class Offers:
    """The last sources that were proposed to somebody, by a random number: what is written is exactly what was shown.
    Safe for threads.
    """

    _offers: OrderedDict[str, Offer] = field(default_factory=OrderedDict, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def keep(self, offer: Offer) -> str:
        """Remember an offer; returns its number."""
        number = secrets.token_urlsafe(16)
        with self._lock:
            self._offers[number] = offer
            while len(self._offers) > MOST_OFFERS:
                self._offers.popitem(last=False)
        return number

    def take(self, number: str) -> Offer | None:
        """The offer with this number, once."""
        with self._lock:
            return self._offers.pop(number, None)


@dataclass
class Desk:
    """The state of a watch as people look at it. `token` signs an editor in, and is the API's bearer token.

    Each way in has a throttle of its own: who fails at one is not kept from another. `search` is None where no index
    is kept. `websub` has the topics that hubs were asked for, by source. The `turns` bound how
    much is done at once for all: one proof is packed.
    """

    config: Config
    store: Store
    token: str = field(repr=False)
    clock: Callable[[], datetime] = now
    sessions: Sessions = field(default_factory=Sessions)
    password_throttle: Throttle = field(default_factory=Throttle)
    token_throttle: Throttle = field(default_factory=Throttle)
    hook_throttle: Throttle = field(default_factory=Throttle)
    passwords: Passwords = field(default_factory=Passwords)
    search: Follower | None = None
    offers: Offers = field(default_factory=Offers)
    verification: Verification = field(default_factory=Verification)
    websub: dict[str, str] = field(default_factory=dict)
    proof_turns: BoundedSemaphore = field(default_factory=BoundedSemaphore)
    reading: Lock = field(default_factory=Lock)
    look_turns: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(LOOKS))
    list_turns: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(LISTS))

    def read_again(self) -> None:
        """Go on with the configuration as it is now, such as after an edit. Raises ConfigError and StateError; then the
        old one stays.
        """
        with self.reading:
            config = read_again(self.config, NOTHING_SENT)
            if config.web.listen != self.config.web.listen:
                raise ConfigError(["web.listen: it cannot be changed while the desk is served; restart it"])
            self.use(config)

    def use(self, config: Config) -> None:
        """Go on with another configuration; who is signed in stays so, unless the user is gone."""
        self.config = config
        self.store.use_secrets(config.secrets.hide, config.secrets.reveal)
        self.store.evidence.keep(config.evidence)

    def statuses(self) -> dict[str, SourceStatus]:
        """Every source that is configured, or in the state, by name. Raises StateError."""
        known = {each.name: each for each in self.store.source_statuses()}
        return known | {name: SourceStatus(name) for name in self.config.sources if name not in known}

    def label(self, name: str) -> str:
        """What a source is called: its name where the configuration does not have it."""
        source = self.config.sources.get(name)
        return source.label_or(name) if source else name

    def record(self, who: str, what: str, subject: str) -> None:
        """Keep an action in the record. Raises StateError."""
        self.store.desk.record(Action(self.clock(), who, what, subject))


async def _desk(request: Request) -> Desk:  # a plain function would be called in a thread
    desk: Desk = request.app.state.desk
    return desk


TheDesk = Annotated[Desk, Depends(_desk)]
