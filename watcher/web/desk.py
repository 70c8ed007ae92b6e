"""What every route works with: the configuration, the state and the clock. One object for the life of the server."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import BoundedSemaphore
from typing import Annotated

from fastapi import Depends, Request

from state.model import SourceStatus
from state.storage.desk import Action
from state.store import Store
from watcher.config.load import Config
from watcher.web.evidence import Verification
from watcher.web.offers import Offers
from watcher.web.search import Follower
from watcher.web.signing_in import Passwords, Sessions, Throttle

LISTS = 4


def now() -> datetime:
    """The time, with its zone."""
    return datetime.now(UTC)


@dataclass
class Desk:
    """The state of a watch as people look at it. `token` signs an editor in, and is the API's bearer token.

    Each way in has a throttle of its own: who fails at one is not kept from another. `search` is None where no index
    is kept. `websub` has the topics that hubs were asked for, by source. One proof at once is packed for all, and
    `LISTS` lists of changes are answered.
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
    list_turns: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(LISTS))

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
