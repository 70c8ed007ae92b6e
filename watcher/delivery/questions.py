"""What people are asked: to approve a message for the public, and to acknowledge a change."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from alerts.language import speaking
from alerts.links import Sign, no_link, press_link, signer
from alerts.message.recipient import Composed
from state.model import Alert, Approval, Event, EventKind, Message, Route
from state.store import Store
from watcher.config.load import Config

if TYPE_CHECKING:
    from state.storage.people import Ask, Due

log = logging.getLogger(__name__)

LINKS = "links"  # the name of the key that links are signed with, among those of feeds
_MOST_TOLD = 3  # later changes in a reminder


class Questions:
    """Asks people, and carries out what happens where nobody answers in time."""

    def __init__(self, config: Config, store: Store, clock: Callable[[], datetime]) -> None:
        self._config, self._store, self._clock = config, store, clock
        self._key: bytes | None = None
        self._asked = False

    def have_asked(self) -> bool:
        """Whether somebody was asked to approve a message since the last call."""
        asked, self._asked = self._asked, False
        return asked

    def ask_again(self) -> None:
        """Remind of changes that nobody has acknowledged, and end the time of messages that nobody has approved.

        Raises StateError.
        """
        if not self._store.outbox.waits_for_people():
            return
        now = self._clock()
        for held in self._store.approvals.expire(now):
            what = "sent all the same" if held.then == "send" else "dropped"
            log.warning("%s: not approved in time, and %s: %s", held.channel, what, held.title)
        # For each change of the register since, those asked about a text that waits are asked once more.
        for held in self._store.approvals.waiting():
            later = self._store.approvals.later(held.deliveries)
            about = _changed_since(held.id, later)
            if not about or held.channel not in self._config.channels:
                continue
            if self._store.log.history("", [about["key"]], held.asked, held=True):
                continue
            until = held.until.isoformat() if held.until else None
            text = Composed(held.title, held.text, held.html)
            about |= {"approval": held.id, "until": until, "then": held.then}
            about |= self._text_json(held.channel, text, held.deliveries[0])
            event = Event(EventKind.APPROVAL, "", f"message {held.id}", "", now, None, about)
            self._store.log.add_alert((event, [Route(name, now) for name in held.by]))
        if reminded := self._store.reminders.remind(now, self._reminder):
            log.info("reminded of %d changes that nobody has acknowledged", reminded)

    def _text_json(self, channel: str, text: Composed, delivery: int) -> dict[str, Any]:
        html = text.html if self._config.channels[channel].html else ""  # else it says what the text says
        return {"channel": channel, "title": text.title, "text": text.text, "html": html, "delivery": delivery}

    def _reminder(self, due: Due) -> Alert:
        from alerts.message.titles import news  # few checks have to remind of anything

        event, now, channel = due.event, self._clock(), self._config.channels.get(due.channel)
        with speaking((channel and channel.language) or self._config.language):
            title, since = news(event), _news_since(due.since[-_MOST_TOLD:])
        data = {
            "change": event.id,
            "key": f"{event.id}",
            "title": title,
            "about": event.label,
            "url": event.data.get("url"),
            "authority": event.authority,
            "since": event.at.isoformat(),
            "times": due.times,
            "every": due.every.total_seconds(),
            "changed_since": since,
        }
        return Event(EventKind.REMINDER, "", event.label, "", now, None, data), [Route(due.channel, now)]

    def asking(self, channel: str, text: Composed, approval: Approval, deliveries: Sequence[int]) -> Ask:
        """Makes the alert to those who have to approve a message."""
        now = self._clock()
        until = (now + approval.within).isoformat() if approval.within else None
        about, later = self._text_json(channel, text, deliveries[0]), self._store.approvals.later(deliveries)

        def make(number: int) -> Alert:
            data = {"approval": number, "until": until, "then": approval.then, **about, **_changed_since(number, later)}
            event = Event(EventKind.APPROVAL, "", f"message {number}", "", now, None, data)
            self._asked = True
            return event, [Route(name, now) for name in approval.by]

        return make

    def sign(self, channel: str, events: Sequence[Event]) -> Sign:
        """Makes links for a message to a channel. Nothing is looked up where nobody is asked anything. A channel with
        buttons has none: they know who presses them, and a link does not.
        """
        if self._config.web.base_url is None or self._config.channels[channel].buttons:
            return no_link
        asked = any(event.kind in {EventKind.APPROVAL, EventKind.REMINDER} for event in events)
        if not (asked or any(rule.escalate for rule in self._config.alerts)):
            return no_link
        self._key = self._key or self._store.feed_keys.value_or_new(LINKS)
        return signer(self._config.web.base_url, self._key, channel, self._clock())


def button_link(config: Config, store: Store, message: Message, button: str) -> str:
    """The link that does what a button of a message is for, by the button's name, for as long as a press counts."""
    key = store.feed_keys.value_or_new(LINKS)
    return press_link(config.web.base_url or "", key, message.channel, message.created, button)


def _changed_since(number: int, later: Sequence[Event]) -> dict[str, Any]:
    """What a request for an approval says of the register's changes since; nothing if there are none. Its key is
    another one after each of them.
    """
    return {"key": f"approval {number} {later[-1].id}", "changed_since": _news_since(later)} if later else {}


def _news_since(later: Sequence[Event]) -> list[dict[str, str]]:
    from alerts.message.titles import news

    return [{"news": news(event), "at": event.at.isoformat()} for event in later]
