"""Atom feeds of changes, for the desk and for `watch feed`: which there are, their addresses, and what is in each.

An address that is given out, of a feed or of a hook, has a secret: it is derived from a random value of its own, which
can be renewed, and allows nothing else. A hook is an address by which a site, a hub or a script has a source checked.
"""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from hashlib import blake2b, sha256
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from lxml import etree
from lxml.builder import ElementMaker

from alerts.event.change_json import register_of
from alerts.event.told_fields import told_fields
from alerts.language import phrase, speaking
from alerts.links import change_link, web_address
from alerts.message.change_lines import text_difference, told_entry
from alerts.message.forms import render_line
from alerts.message.lines import FULL, Style
from alerts.message.titles import LONGEST, compose_title
from alerts.message.wording import cut, shown_value
from alerts.options import AlertRule
from alerts.rules import matches
from sources.text import clean
from state.compare.text_parts import Part, Sign
from state.model import Event
from state.storage.browsing import MOST, ChangeFilter
from state.storage.readers import ATOM, Interest
from state.store import Store
from watcher.config.load import Config
from watcher.config.settings import UNIX
from watcher.delivery.following import matches as is_wanted
from watcher.delivery.following import told_words
from watcher.errors import UsageError
from watcher.terminal.new_file import write_whole
from watcher.terminal.words import more_line

SIZE = 50  # changes in a feed
_ATOM, XHTML = "http://www.w3.org/2005/Atom", "http://www.w3.org/1999/xhtml"
LONGEST_VALUE = 2000  # characters
MOST_FIELDS = 30  # of one change
EMPTY = datetime(1970, 1, 1, tzinfo=UTC)  # when a feed without entries was updated
SUFFIX = ".atom"
ALL = "changes"  # the feed of all changes
MINE = "me/feed"  # a feed of what its reader follows
_KEY = 24  # bytes of a key
_A, _X = (ElementMaker(namespace=space, nsmap={None: space}) for space in (_ATOM, XHTML))


class AtomFeed(NamedTuple):
    """A feed: its name (`sources/fca`), its title, its changes; with a rule those of them that the rule matches.

    `query` (`?source=fca&change=added`) is the filter of one that has some of the changes of the feed with this name.
    `who` is the reader whose address it is, where he is limited: it has what he may see when it is asked for. With
    `interests` it has what he follows.
    """

    name: str
    title: str
    wanted: ChangeFilter
    rule: AlertRule | None = None
    query: str = ""
    who: str = ""
    interests: Sequence[Interest] | None = None

    @property
    def secret(self) -> str:
        """What the random value of its key is stored under: one for all who may see all, and one for each other."""
        return f"{self.name}\n{self.who}" if self.who else self.name

    @property
    def place(self) -> str:
        """Where it is below the desk: whatever a source is called, it has two parts at most."""
        if self.name == MINE:
            return MINE
        kind, slash, name = self.name.partition("/")
        return f"feeds/{kind}{slash}{quote(name, safe='')}"

    @property
    def path(self) -> str:
        """Its address below the desk's, without its key."""
        whose = f"{'&' if self.query else '?'}for={quote(self.who, safe='')}" if self.who else ""
        return f"{self.place}{SUFFIX}{self.query}{whose}"


def list_feeds(config: Config) -> Iterator[AtomFeed]:
    """All feeds of a configuration: of all changes, of each source, of each entity, and of each rule with a name."""
    rules = [rule.name for rule in config.alerts if rule.name and not rule.health]
    named: Mapping[str, Iterable[str]] = {"sources": config.sources, "entities": config.entities, "rules": rules}
    names = [ALL, *(f"{kind}/{name}" for kind, some in named.items() for name in some)]
    yield from filter(None, (find_feed(config, name) for name in names))


def find_feed(config: Config, name: str) -> AtomFeed | None:
    """The feed with this name; None where there is no such source, entity or rule."""
    kind, _, which = name.partition("/")
    if name == ALL:
        return AtomFeed(name, phrase("All changes"), ChangeFilter())
    if kind == "sources" and (source := config.sources.get(which)):
        return AtomFeed(name, source.label_or(which), ChangeFilter(source=which))
    if kind == "entities" and which in config.entities:
        return AtomFeed(name, phrase("Changes that mention {name}", name=which), ChangeFilter(entity=which))
    rules = (rule for rule in config.alerts if kind == "rules" and rule.name == which and not rule.health)
    return next((AtomFeed(name, phrase("Rule {name}", name=which), ChangeFilter(), rule) for rule in rules), None)


def feed_of_reader(store: Store, who: str) -> AtomFeed:
    """The feed of what a reader follows in this way. Raises StateError."""
    interests = [each.interest for each in store.readers.follows(who) if each.interest.by == ATOM]
    return AtomFeed(MINE, phrase("What {name} follows", name=who), ChangeFilter(), who=who, interests=interests)


def fingerprint_of(feed: AtomFeed, base_url: str | None) -> str:
    """A fingerprint of what the configuration adds to a feed, in hex: title, filter, rule, what links begin with."""
    rule = feed.rule.model_dump_json() if feed.rule else ""
    return blake2b("\0".join((feed.title, f"{feed.wanted}", rule, base_url or "")).encode(), digest_size=6).hexdigest()


def address_of(feed: AtomFeed, store: Store, base_url: str) -> str:
    """The whole address of a feed, with its key: that of a filter opens no other one. Raises StateError."""
    key = _key(feed.secret + feed.query, store.feed_keys.value_or_new(feed.secret))
    return f"{base_url}/{feed.path}{'&' if '?' in feed.path else '?'}key={key}"


def desk_address(config: Config) -> str:
    """What the addresses of the desk begin with. Raises UsageError where the desk listens on a socket alone."""
    web = config.web
    if not web.base_url and web.listen.startswith(UNIX):
        why = "the addresses of feeds and hooks begin with it, and the desk has no other"
        raise UsageError(f"{config.path}: web.base_url: {why}")
    return web.base_url or f"http://{web.listen}"


def write_feeds(config: Config, store: Store, out: Path) -> int:
    """Write each feed to a file below a folder; the number of feeds. Raises OSError and StateError."""
    with speaking(config.language):
        feeds = list(list_feeds(config))
        for feed in feeds:
            file = out / feed.path.removeprefix("feeds/")
            file.parent.mkdir(parents=True, exist_ok=True)
            write_whole(file, content(feed, store, config.web.base_url), 0o644)  # of files for a static host
    return len(feeds)


def content(feed: AtomFeed, store: Store, base_url: str | None) -> bytes:
    """A feed as Atom (RFC 4287), the newest change first. What comes from sources stands in it as text, never as
    markup; without a `base_url` there are no links. The ids are tag URIs (RFC 4151), the same in every feed of one
    desk. Raises StateError.
    """
    is_whole = feed.rule is None and feed.interests is None  # of others those among the last 500
    events = list(store.browse.changes(feed.wanted, limit=SIZE if is_whole else MOST).events)
    if feed.rule:
        events = list(filter(partial(matches, feed.rule), events))[:SIZE]
    if feed.interests is not None:
        told = ((event, told_words(event)) for event in events)
        events = [event for event, words in told if any(is_wanted(each, event, words) for each in feed.interests)][
            :SIZE
        ]
    root = _A.feed(
        _A.id(_tag_uri(base_url, datetime(2025, 1, 1, tzinfo=UTC), feed.place + feed.query)),
        _A.title(clean(f"Registry Watch: {feed.title}")),
        _A.updated(_time(max((event.at for event in events), default=EMPTY))),
        _A.generator("Registry Watch"),
    )
    if base_url:
        root.append(_A.link(rel="self", href=f"{base_url}/{feed.path}"))
        root.append(_A.link(rel="alternate", href=f"{base_url}/changes{feed.query}"))
    root.extend(entry_of(event, base_url) for event in events)
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True))


def entry_of(event: Event, base_url: str | None) -> etree._Element:
    """A change as an entry of a feed."""
    data = event.data
    entry: etree._Element = _A.entry(
        _A.id(_tag_uri(base_url, event.at, f"changes/{event.id}")),
        _A.title(compose_title([event], LONGEST, clean)),
        _A.updated(_time(event.at)),
        _A.author(_A.name(clean(event.label) or event.source)),
    )
    places = map(web_address, (change_link(base_url, event.id), data.get("url"), register_of(event)))
    links = dict.fromkeys(place for place in places if place)
    entry.extend(_A.link(rel=rel, href=href) for rel, href in zip(("alternate", "related", "via"), links, strict=False))
    terms = dict.fromkeys((event.source, event.authority, *event.entities))
    entry.extend(_A.category(term=clean(term)) for term in terms)
    entry.append(_A.content(_X.div(*_paragraphs(event)), type="xhtml"))
    return entry


def _tag_uri(base_url: str | None, at: datetime, what: str) -> str:
    """A stable id: `tag:watch.example.org,2025-07-14:changes/17`."""
    return f"tag:{(urlsplit(base_url or '').hostname) or 'localhost'},{at.astimezone(UTC):%Y-%m-%d}:{what}"


def _paragraphs(event: Event) -> Iterator[etree._Element]:
    """What changed, a paragraph for each field; of a text one for each line of the difference, as in a mail."""
    data = event.data
    fields = told_fields(data)
    for told in fields[:MOST_FIELDS]:
        if told.is_text:
            yield _X.p(f"{clean(told.name)}:")
            for line in text_difference(told.before, told.after, FULL):
                tag = {Style.BEFORE: "del", Style.AFTER: "ins"}.get(line.style)
                words = line.parts or [Part(Sign.SAME, line.text if tag else render_line(line, str))]
                yield _X.p(_X(tag or "span", *(_X.b(text) if sign is not Sign.SAME else text for sign, text in words)))
        else:
            before, after = (cut(shown_value(value), LONGEST_VALUE) for value in told[1:])
            yield _X.p(f"{clean(told.name)}: {before} → {after}")
    if not fields:
        for line in told_entry(data, FULL._replace(fields=MOST_FIELDS, text=LONGEST_VALUE)):
            yield _X.p(clean(f"{line.label}: {line.text}" if line.label else line.text))
    if more := more_line(data):
        yield _X.p(clean(more))
    if event.entities:
        yield _X.p(phrase("mentions {names}", names=", ".join(map(clean, event.entities))))


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def make_key(name: str, store: Store) -> str:
    """The key of what has this name, made if nobody was given its address before. Raises StateError."""
    return _key(name, store.feed_keys.value_or_new(name))


def renew_key(name: str, store: Store) -> str:
    """Make another key: addresses that were given out end to work. Raises StateError."""
    return _key(name, store.feed_keys.renew(name))


def is_key(name: str, value: bytes | None, given: str) -> bool:
    """Whether a text is the key of this name from this random value; None: nobody was given the address."""
    return value is not None and hmac.compare_digest(_key(name, value).encode(), given.encode())


def hook_address(source: str, store: Store, base_url: str) -> str:
    """The whole address of a source's hook, with its key. Raises StateError."""
    return f"{base_url}/hooks/{quote(source, safe='')}?key={make_key(hook_name(source), store)}"


def hook_name(source: str) -> str:
    """What the random value of a source's hook is stored under, beside those of the feeds."""
    return f"hooks/{source}"


def _key(name: str, value: bytes) -> str:
    return urlsafe_b64encode(hmac.digest(value, name.encode(), sha256)[:_KEY]).decode()
