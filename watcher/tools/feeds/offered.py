"""Which feeds there are, what is in each, and their addresses: for the desk, and for `watch feed`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from alerts.options import AlertRule
from alerts.rules import matches
from state.model import Event
from state.parts.desk.browsing import MOST, ChangeFilter
from state.store import Store
from watcher.config.load import Config
from watcher.config.web_options import UNIX
from watcher.errors import UsageError
from watcher.tools.address_keys import key_of
from watcher.tools.feeds.atom import Head, atom
from watcher.tools.new_file import write_whole

SIZE = 50  # changes in a feed
SUFFIX = ".atom"
_MODE = 0o644  # of files for a static host


class Feed(NamedTuple):
    """A feed: its name (`sources/fca`), its title, its changes; with a rule those of them that the rule matches."""

    name: str
    title: str
    wanted: ChangeFilter
    rule: AlertRule | None = None

    @property
    def path(self) -> str:
        """Its address below the desk's: whatever a source is called, it has two parts at most."""
        kind, slash, name = self.name.partition("/")
        return f"feeds/{kind}{slash}{quote(name, safe='')}{SUFFIX}"


def feeds_of(config: Config) -> Iterator[Feed]:
    """All feeds of a configuration: of all changes, of each source, of each entity, and of each rule with a name."""
    names = [
        "changes",
        *(f"sources/{name}" for name in config.sources),
        *(f"entities/{name}" for name in config.entities),
    ]
    rules = [f"rules/{rule.name}" for rule in config.alerts if rule.name and not rule.health]
    yield from filter(None, (feed_named(config, name) for name in (*names, *rules)))


def feed_named(config: Config, name: str) -> Feed | None:
    """The feed with this name; None where there is no such source, entity or rule."""
    kind, _, which = name.partition("/")
    if name == "changes":
        return Feed(name, "All changes", ChangeFilter())
    if kind == "sources" and (source := config.sources.get(which)):
        return Feed(name, source.label or type(source).default_label or which, ChangeFilter(source=which))
    if kind == "entities" and which in config.entities:
        return Feed(name, f"Changes that mention {which}", ChangeFilter(entity=which))
    rules = (rule for rule in config.alerts if kind == "rules" and rule.name == which and not rule.health)
    return next((Feed(name, f"Rule {which}", ChangeFilter(), rule) for rule in rules), None)


def content(feed: Feed, store: Store, base_url: str | None) -> bytes:
    """A feed as Atom. Raises StateError."""
    return atom(Head(feed.path, f"Registry Watch: {feed.title}", base_url), _events(feed, store))


def made_of(feed: Feed, base_url: str | None) -> str:
    """A fingerprint of what the configuration adds to a feed, in hex: title, rule, what links begin with."""
    rule = feed.rule.model_dump_json() if feed.rule else ""
    return blake2b("\0".join((feed.title, rule, base_url or "")).encode(), digest_size=6).hexdigest()


def _events(feed: Feed, store: Store) -> list[Event]:
    """The newest changes of a feed; of a rule those among the last 500."""
    if feed.rule is None:
        return list(store.browse.changes(feed.wanted, limit=SIZE).events)
    found = store.browse.changes(feed.wanted, limit=MOST).events
    return list(filter(partial(matches, feed.rule), found))[:SIZE]


def address_of(feed: Feed, store: Store, base_url: str) -> str:
    """The whole address of a feed, with its key. Raises StateError."""
    return f"{base_url}/{feed.path}?key={key_of(feed.name, store)}"


def desk_address(config: Config) -> str:
    """What the addresses of the desk begin with. Raises UsageError where the desk listens on a socket alone."""
    web = config.web
    if not web.base_url and web.listen.startswith(UNIX):
        raise UsageError(
            f"{config.path}: web.base_url: the addresses of feeds and hooks begin with it, and the desk has no other"
        )
    return web.base_url or f"http://{web.listen}"


def write_feeds(config: Config, store: Store, out: Path) -> int:
    """Write each feed to a file below a folder; the number of feeds. Raises OSError and StateError."""
    feeds = list(feeds_of(config))
    for feed in feeds:
        file = out / feed.path.removeprefix("feeds/")
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, content(feed, store, config.web.base_url), _MODE)
    return len(feeds)
