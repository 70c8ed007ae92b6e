"""What every route works with: the configuration, the state and the clock. One object for the life of the server, and
for who may not see all of it, a view of that; with what it remembers, turns at what takes much memory, and the
verification of the evidence that runs.
"""

from __future__ import annotations

import logging
import secrets
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import BoundedSemaphore, Lock, Thread
from typing import TYPE_CHECKING, Annotated, Any, Generic, NamedTuple, TypeVar

from fastapi import Depends, HTTPException, Request
from starlette.concurrency import run_in_threadpool

from alerts.language import mark, phrase
from sources import Page
from sources.model.transcript import Place
from state.db.limited import VisibleNames
from state.errors import StateError
from state.model import SourceStatus
from state.storage.desk import Action
from state.store import Store
from watcher.config.load import NOTHING_SENT, Config
from watcher.config.open_state import part_of, read_again, visible_names
from watcher.config.settings import EVERYTHING, Sight
from watcher.errors import ConfigError
from watcher.web.search import Follower
from watcher.web.signing_in import Passwords, Sessions, SignInAttempt, Throttle

MOST_PARTS = 100  # views of the desk that are kept
LISTS = 2  # of changes that are answered at once
PUSHES = 2  # of programs that are taken at once
LOOKS = 2  # at pages that somebody would like to watch, at once
MOST_OFFERS, MOST_LOOKS = 50, 10  # that are remembered
MOST_BYTES = 60_000_000  # of the pages that are
BETWEEN, DAY = timedelta(minutes=5), timedelta(days=1)  # between two links to one address
LINKS_A_DAY, MOST_LINKS = 10, 10_000  # of one reader, and of all that are remembered
MOST_SIGN_INS = 10_000  # at providers, that are under way
AGAIN = {"Retry-After": "5"}  # seconds until what is busy may be asked again
A_PART = mark("this is about a whole of which you see a part")
_WAIT = 2.0  # seconds for a turn
_LARGE = mark("others are looking at something large: try again in a moment")
T = TypeVar("T")

_log = logging.getLogger(__name__)

if TYPE_CHECKING:
    from state.evidence.verify import Verified
    from watcher.web.oidc import Provider


def now() -> datetime:
    """The time, with its zone."""
    return datetime.now(UTC)


class Offer(NamedTuple):
    """A source that was proposed: its name, and its block for watch.toml."""

    name: str
    block: str


class PageLookedAt(NamedTuple):
    """A page that somebody looked at, with its screenshot as a PNG and what stands where on it, and the options of a
    source that is read as it was.
    """

    who: str
    page: Page
    shot: bytes
    places: Sequence[Place]
    options: Mapping[str, Any]


class Kept(Generic[T]):
    """The last things that were shown to somebody, by a random number: at most so many, and so many bytes, or one.
    Safe for threads.
    """

    def __init__(self, most: int, most_bytes: int = 0) -> None:
        self._most, self._most_bytes, self._lock = most, most_bytes, Lock()
        self._items = OrderedDict[str, tuple[T, int]]()

    def keep(self, item: T, size: int = 0) -> str:
        """Remember something; returns its number. The oldest is forgotten first."""
        number = secrets.token_urlsafe(16)
        with self._lock:
            self._items[number] = item, size
            while len(self._items) > 1 and (
                len(self._items) > self._most or sum(each for _, each in self._items.values()) > self._most_bytes
            ):
                self._items.popitem(last=False)
        return number

    def find(self, number: str) -> T | None:
        """What has this number."""
        return self._items.get(number, (None, 0))[0]

    def take(self, number: str) -> T | None:
        """What has this number, once."""
        with self._lock:
            return self._items.pop(number, (None, 0))[0]


class SentLinks:
    """The links of the last day that were sent to addresses of readers, so that nobody is flooded. Safe for threads."""

    def __init__(self) -> None:
        self._sent, self._lock = deque[tuple[datetime, str, str]](maxlen=MOST_LINKS), Lock()  # when, for whom, where

    def wait_or_add(self, who: str, address: str, now: datetime) -> timedelta:
        """How long the next link for somebody to an address has to wait; without a wait it counts as sent."""
        with self._lock:
            same = [at + BETWEEN for at, _, to in self._sent if to == address.casefold()]
            mine = [at + DAY for at, each, _ in self._sent if each == who]
            may = max(now, *same[-1:], mine[-LINKS_A_DAY] if len(mine) >= LINKS_A_DAY else now)
            if may == now:
                self._sent.append((now, who, address.casefold()))
            return may - now


class VerificationOutcome(NamedTuple):
    """What a verification found, and when; `trouble` is why it could not end ("" if it did)."""

    at: datetime
    who: str
    found: Verified | None
    trouble: str = ""


@dataclass
class Verification:
    """The verification that runs, and the outcome of the last one."""

    outcome: VerificationOutcome | None = None
    _thread: Thread | None = field(default=None, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    @property
    def runs(self) -> bool:
        """Whether one is under way."""
        return self._thread is not None and self._thread.is_alive()

    def start(self, store: Store, folder: Path, who: str, clock: Callable[[], datetime]) -> bool:
        """Begin one; False if one is under way."""
        with self._lock:
            if self.runs:
                return False
            self._thread = Thread(target=self._run, args=(store, folder, who, clock), name="verification", daemon=True)
            self._thread.start()
            return True

    def wait(self, seconds: float) -> None:
        """Wait until it ends, for so long at most: a small chain is verified before the page is there."""
        if self._thread is not None:
            self._thread.join(seconds)

    def _run(self, store: Store, folder: Path, who: str, clock: Callable[[], datetime]) -> None:
        from watcher.evidence.verification import of_state  # in memory only where somebody asks

        try:
            self.outcome = VerificationOutcome(clock(), who, of_state(store, folder))
        except (StateError, OSError) as error:
            _log.warning("the evidence could not be verified: %s", error)
            self.outcome = VerificationOutcome(clock(), who, None, mark("the state or the evidence cannot be read"))
        except Exception:  # noqa: BLE001 - a thread has nobody to raise to; the log has the traceback
            _log.exception("the evidence could not be verified")
            self.outcome = VerificationOutcome(
                clock(), who, None, mark("an unexpected fault: the log of the service says more")
            )


@contextmanager
def turn(turns: BoundedSemaphore, wait: float | None = None, what: str = _LARGE) -> Iterator[None]:
    """One of the few turns at what takes much memory, or long, after some seconds. Raises HTTPException (503)."""
    if not turns.acquire(timeout=wait or _WAIT):
        raise HTTPException(503, phrase(what), AGAIN)
    try:
        yield
    finally:
        turns.release()


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
    share_throttle: Throttle = field(default_factory=Throttle)
    passwords: Passwords = field(default_factory=Passwords)
    search: Follower | None = None
    offers: Kept[Offer] = field(default_factory=lambda: Kept(MOST_OFFERS))
    looks: Kept[PageLookedAt] = field(default_factory=lambda: Kept(MOST_LOOKS, MOST_BYTES))
    sign_ins: Kept[SignInAttempt] = field(default_factory=lambda: Kept(MOST_SIGN_INS))
    providers: dict[str, Provider] = field(default_factory=dict, init=False)
    verification: Verification = field(default_factory=Verification)
    websub: dict[str, str] = field(default_factory=dict)
    sent_links: SentLinks = field(default_factory=SentLinks)
    proof_turns: BoundedSemaphore = field(default_factory=BoundedSemaphore)
    reading: Lock = field(default_factory=Lock)
    look_turns: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(LOOKS))
    push_turns: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(PUSHES))
    list_turns: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(LISTS))
    sight: Sight = EVERYTHING
    _whole: Desk | None = field(default=None, repr=False)
    _parts: dict[VisibleNames, tuple[Config, Config, Store]] = field(default_factory=dict, repr=False)

    @property
    def whole(self) -> Desk:
        """The desk that nothing is hidden from, such as for what is written."""
        return self._whole or self

    def limited(self, sight: Sight) -> Desk:
        """The desk as somebody finds it who may see some sources and entities alone. What he may not see is neither in
        its configuration nor in its state nor found by its search, so no route has to ask. Raises StateError.
        """
        if sight == EVERYTHING:
            return self
        config = self.config
        names = visible_names(config, self.store, sight)
        part = self._parts.get(names)
        if part is None or part[0] is not config:
            if len(self._parts) >= MOST_PARTS:
                self._parts.clear()
            part = self._parts[names] = config, part_of(config, names), self.store.limited(names)
        _, config, store = part
        made = copy(self)
        made.config, made.store, made.sight, made._whole = config, store, sight, self  # noqa: SLF001 - of this class
        made.search = self.search.limited(store, by_entry=names.entities is not None) if self.search else None
        return made

    def __post_init__(self) -> None:
        self._meet_providers()

    def read_again(self) -> None:
        """Go on with the configuration as it is now, such as after an edit. Raises ConfigError and StateError; then the
        old one stays.
        """
        if self._whole:
            self._whole.read_again()
            return
        with self.reading:
            config = read_again(self.config, NOTHING_SENT)
            if config.web.listen != self.config.web.listen:
                raise ConfigError(["web.listen: it cannot be changed while the desk is served; restart it"])
            self.use(config)

    def use(self, config: Config) -> None:
        """Go on with another configuration; who is signed in stays so, but for users and providers that are others."""
        before, self.config = self.config, config
        if (before.web.oidc, before.http) != (config.web.oidc, config.http):
            self._meet_providers()
        self.store.use_secrets(config.secrets.hide, config.secrets.reveal)
        self.store.evidence.keep(config.evidence)

    def _meet_providers(self) -> None:
        web, http = self.config.web, self.config.http
        self.providers = {}
        if web.oidc:
            from watcher.web.oidc import Provider

            self.providers = {name: Provider(name, web, http, self.clock) for name in web.providers}
        self.sessions.end_vouched()

    async def ask_again(self, identifier: str) -> None:
        """Ask the provider by which somebody came, where that is due: his role, or the end of it. Raises StateError."""
        session = self.sessions.find(identifier)
        if session is None or (voucher := session.voucher) is None:
            return
        provider, looked = self.providers.get(voucher.provider), voucher.looked
        if provider is None or not await provider.still_vouches(voucher):
            self.sessions.end(identifier)
        elif looked != voucher.looked:
            await run_in_threadpool(self.store.readers.set_role, voucher.who, voucher.role, voucher.looked)

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


WholeDesk = Annotated[Desk, Depends(_desk)]  # for who need not sign in; pages take TheDesk of viewers.py
