"""What a message is composed with, from the configuration and the state: its recipient, what it cites, and which
translations it has.

`alerts.message.citations` makes lines of the citations.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import islice

from alerts.language import Language
from alerts.links import Sign, no_link, web_address
from alerts.message.citations import CITED, RECENT, Background, Coverage, StandingEntry
from alerts.message.recipient import Recipient
from alerts.rules import hears_of_health, is_escalated, promise
from sources import Source
from sources.reading.engine import first_url
from state.model import Event, EventKind, Status
from state.store import Store
from watcher.check.event_factory import worth_json
from watcher.config.load import Config

MOST_SEARCHED = 20_000  # stored entries: about a second, once for each entity and process


class Citations:
    """Looks up what alerts cite. Caches what it searched for."""

    def __init__(self, config: Config, store: Store) -> None:
        self._config, self._store = config, store
        self._standing = cache(self._search)  # once for each entity: all that comes later is an event

    def find(self, events: Sequence[Event], now: datetime, languages: Collection[str] = ()) -> Background:
        """What is known of the entities that changes mention, for any rule or channel; and what machines made
        of the changes in some languages.
        """
        changes = [event for event in events if event.kind is EventKind.CHANGE]
        entities = list(dict.fromkeys(entity for event in changes for entity in event.entities))
        copies = self._find_copies(changes)
        marks = self._store.discussion.of_changes([event.id for event in changes], told=bool(languages))
        for number, each in marks.items():
            own, said = (
                {name: told[name] for name in told if name in languages} for told in (each.translations, each.summaries)
            )
            marks[number] = each._replace(translations=own, summaries=said)
        if not entities:
            known_places = places(self._config, {event.source for event in events})
            return Background(places=known_places, copies=copies, marks=marks)
        earliest = min(now, *(event.at for event in changes)) - RECENT
        earlier = self._store.entities.earlier(entities, earliest, CITED + 1)  # the event itself may be among them
        known = Background(
            earlier,
            places=places(self._config, {event.source for event in (*events, *earlier)}),
            told=frozenset(event.id for event in events),
            copies=copies,
            marks=marks,
        )
        spoken = {entity for event in changes if event.authority != "record" for entity in event.entities}
        unknown = [entity for entity in entities if entity in spoken and not known.records(entity)]
        standing = {entity: self._standing(entity) for entity in unknown}
        found = {entity: entries for entity, entries in standing.items() if entries}
        return replace(known, standing=found, coverage=self._coverage(earliest, searched=None not in standing.values()))

    def _find_copies(self, changes: Sequence[Event]) -> dict[int, str]:
        """The addresses of what an archive has saved already of the pages of changes, by event."""
        if self._config.evidence is None or not self._config.evidence.wayback:
            return {}
        found = self._store.evidence.find_copies([event.id for event in changes])
        answers = {event: told.decode("utf-8", "replace").split("\n") for event, told in found.items()}
        return {event: lines[1] for event, lines in answers.items() if any(lines[1:2])}

    def _records(self) -> dict[str, Source]:
        sources = self._config.sources.items()
        return {name: source for name, source in sources if source.enabled and source.authority == "record"}

    def _coverage(self, since: datetime, *, searched: bool) -> Coverage:
        """Other sources than registers count if they were read on every day, also on the one before `since`."""
        records = self._records()
        others = [name for name, source in self._config.sources.items() if source.enabled and name not in records]
        registers = [state for state in self._store.sources() if state.name in records and state.revision]
        unread = sum(state.health.status in {Status.FAILING, Status.SUSPICIOUS} for state in registers)
        first = since.astimezone(UTC).date() - timedelta(days=1)
        days = self._store.history.checks(others, first, first + RECENT).values()
        read = sum(sum(day.read > 0 for day in own) > RECENT.days for own in days)
        return Coverage(len(registers), unread, read, searched)

    def _search(self, entity: str) -> tuple[StandingEntry, ...] | None:
        """The entries of registers that mention an entity without events; None if there are too many entries to search.

        This is rare: a summary deleted after `keep`, an entity with a new id, a kind that now reads more.
        """
        from alerts.matching.watchlist import Watchlist

        records = self._records()
        if entity not in self._config.entities:
            return ()
        if self._store.entities.count_present(records) > MOST_SEARCHED:
            return None
        watchlist = Watchlist({entity: self._config.entities[entity]})
        clearings = (each for each in self._store.clearings.all() if each.entity == entity and each.ended is None)
        cleared = {(each.source, each.key) for each in clearings}
        found = (
            StandingEntry(records[name].label_or(name), entry.title, entry.url, **worth_json(records[name]))
            for name, entry in self._store.entities.present(records)
            if (name, entry.key) not in cleared and watchlist.mentions(entry)
        )
        return tuple(islice(found, CITED))


def places(config: Config, names: Collection[str]) -> dict[str, str]:
    """The addresses of sources' pages, by name, without those that contain a secret. A mailbox is no page, and its
    address names whose it is.
    """
    urls = {name: first_url(config.sources[name]) for name in names if name in config.sources}
    return {name: url for name, url in urls.items() if web_address(url) and config.secrets.hide(url) == url}


def languages_of(config: Config, channel: str, events: Iterable[Event]) -> Sequence[Language]:
    """The languages in which a channel is told what machines and glossaries make of changes, its own first; none where
    nothing is made.
    """
    tables = [each for each in (config.translate, config.summarize) if each]
    if not tables and not any(config.glossaries(source) for source in {event.source for event in events}):
        return ()
    own = config.channels[channel].language or config.language
    return list(dict.fromkeys([own, *(language for each in tables for language in each.to)]))


def recipient_of(
    config: Config, channel: str, events: Sequence[Event] = (), proven: Sequence[int] = (), sign: Sign = no_link
) -> Recipient:
    """A channel as the recipient of a message about events.

    `proven` are the events whose proof is to be attached; `sign` makes links for what somebody has to answer.
    """
    chosen = config.channels[channel]
    baselines = (event for event in events if event.kind is EventKind.BASELINE)
    return Recipient(
        form=chosen.service().form,
        operator=hears_of_health(channel, config.alerts),
        promises={event.source: promise(event, channel, config.alerts) for event in baselines},
        attached=chosen.attachable(proven) if config.evidence else frozenset(),
        desk=config.web.base_url,
        language=chosen.language or config.language,
        sign=sign,
        escalated=frozenset(event.id for event in events if is_escalated(event, channel, config.alerts)),
    )
