"""What an object of the configuration would do, before it is saved: whom the entries of a source would be alerted to,
which changes of the log an entity would be found in and a rule would send, whether a channel takes a test alert.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple
from uuid import uuid4

from alerts.channel import Material
from alerts.event.change_json import sides_of
from alerts.matching.watchlist import SearchedText, Watchlist
from alerts.message.citations import Background
from alerts.options import AlertRule, Entity
from alerts.rules import routes_for
from sources import Entry
from state.model import Change, ChangeKind, Event, EventKind, Message, Route
from state.storage.browsing import MOST
from state.store import Store
from watcher.check.event_factory import EventFactory
from watcher.check.log_limit import SingleChange
from watcher.config.load import Config
from watcher.delivery.citations import recipient_of
from watcher.errors import UsageError
from watcher.trials.try_source import Trial

if TYPE_CHECKING:
    from alerts.recognition.recognizer import NameFinding

LOOKED_THROUGH = 1_000  # changes in which an entity is looked for
ROUTED = 100  # changes that a rule is tried on


class NotSentError(UsageError):
    """A channel has not taken a test alert; the message has its answer."""


class Preview(NamedTuple):
    """A change, what in it names an entity, and where it would be sent to."""

    event: Event
    findings: Sequence[NameFinding] = ()
    routes: Sequence[Route] = ()


def preview_source(config: Config, name: str, trial: Trial, now: datetime, limit: int) -> list[Preview]:
    """The first entries of a source as if each were added now: whom it mentions, and whom the rules alert."""
    factory, watchlist = EventFactory(name, trial.source, now, now), Watchlist(config.entities)
    made = list[Preview]()
    for entry in trial.shown[:limit]:
        added = Change(ChangeKind.ADDED, None, entry, {})
        event = factory.change(SingleChange(added, watchlist.mentions(entry)))
        made.append(Preview(event, routes=routes_for(event, config.alerts, now, config.timezone)))
    return made


def preview_entity(name: str, entity: Entity, config: Config, store: Store) -> Iterator[Preview]:
    """The last changes in which an entity is found, the newest first, and by which reading. Raises StateError."""
    watchlist = Watchlist({name: entity})
    for event in islice(_last_changes(store), LOOKED_THROUGH):
        source = config.sources.get(event.source)
        texts = _texts_of(event, added_alone=source is not None and source.mentions_in == "added_lines")
        if findings := [found for entry, text in texts for found in watchlist.findings(entry, text=text)]:
            yield Preview(event, list(dict.fromkeys(findings)))


def _texts_of(event: Event, *, added_alone: bool) -> list[SearchedText]:
    """What a check searches of a change (`watcher.check.matching`), as far as the log has kept it."""
    key, title, text = event.data["key"], event.data["title"], event.data.get("text", "")
    if added_alone:
        sides = event.data["fields"].get("text") or {"before": "", "after": text}
        old = set((sides["before"] or "").splitlines())
        added = "\n".join(line for line in (sides["after"] or "").splitlines() if line not in old)
        return [SearchedText(Entry(key, title), added)]
    return [SearchedText(Entry(key, title, side, text=text)) for side in sides_of(event.data)[::-1] if side is not None]


def preview_rule(rule: AlertRule, config: Config, store: Store) -> Iterator[Preview]:
    """The last changes that a rule would have sent, the newest first, and where to. Raises StateError."""
    for event in islice(_last_changes(store), ROUTED):
        if routes := routes_for(event, [rule], event.at, config.timezone):
            yield Preview(event, routes=routes)


def _last_changes(store: Store) -> Iterator[Event]:
    found = store.browse.changes(limit=MOST)
    yield from found.events
    while found.next is not None:
        found = store.browse.changes(below=found.next, limit=MOST)
        yield from found.events


def send_test(config: Config, name: str, clock: Callable[[], datetime]) -> str:
    """Send a test alert to a channel, at once; returns its title. Raises NotSentError."""
    now = clock()
    # as long as the channel allows, and it cannot be mistaken for a real one
    event = Event(EventKind.TEST, source="", label="", authority="", at=now, previous=None, data={})
    material = Material(config.timezone, Background(), recipient_of(config, name), config.secrets.hide, lambda _: None)
    said = config.channels[name].compose([event], material)
    message = Message(0, uuid4().hex, name, said.title, said.text, said.html, deliveries=(), created=now)
    answer = config.channels[name].send(message, secrets=config.secrets, http=config.http, clock=clock)
    if answer is not None:
        raise NotSentError(f"{name}: not sent: {answer.said}")
    return message.title
