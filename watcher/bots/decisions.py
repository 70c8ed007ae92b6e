"""Decisions in chats: what a pressed button does, once, and what is said to who has pressed it; and what messages with
buttons say of decisions, whoever took them, and wherever.

The services report presses (`alerts/chat`), and may report one several times. What a message says is derived from the
state, and compared with what it says in its chat: nothing is hooked into the decisions, and after a kill the messages
that differ are edited as before it.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

from alerts.channel import Channel
from alerts.chat.bot import Matter, Press, Sent, Verb, buttons_for, matter_of
from alerts.chat.choice import find_bot
from alerts.language import mark, phrase, phrase_list, speaking
from alerts.links import LASTING
from alerts.message.wording import cut, moment
from alerts.service_answer import ServiceAnswer
from alerts.timing import retry_wait
from sources.text import clean
from state.db.tables.people import Snooze
from state.errors import StateError
from state.failpoint import reach
from state.model import ApprovalState, Marks, Message
from state.storage.chats import ChatMessage, TakenPress
from state.store import Store
from watcher.config.load import Config
from watcher.config.settings import EVERYTHING, Role, Sight
from watcher.delivery.questions import button_link
from watcher.errors import StaleTextError, UsageError
from watcher.reports.deliveries import decide, explain_acknowledgement, explain_decision, tell_decision

log = logging.getLogger(__name__)

_MOST, _MOST_NAMES = 500, 3  # messages that are looked at for what they say; people who are named in one
_LONGEST_NAME, _LONGEST_TITLE = 40, 60  # characters, in an answer that a service shows for a moment
_UNKNOWN = mark("This message is not known any more: the desk shows what waits.")
_FOREIGN = mark("This chat is not one of those in which it counts.")
_NOT_YOURS = mark("You are not one of those who decide this here.")
_OVER = mark("This message is too old to be answered here: the desk shows what waits.")


class ChatMember(NamedTuple):
    """Somebody in a chat: as the record of actions has him, what he may do, and what he may see."""

    who: str
    role: Role
    sight: Sight


def find_member(config: Config, bot: str, person: str, name: str) -> ChatMember | None:
    """Who a person of a chat is, by the id in the service; None for one whom the bot does not know. Where it names no
    users, whoever is in its chats may act.
    """
    options = config.bots[bot]
    if not options.users:
        return ChatMember(f"{cut(clean(name), _LONGEST_NAME)} ({options.kind} {person})", "editor", EVERYTHING)
    mapped = options.users.get(person, "")
    user = config.web.users.get(mapped)
    return ChatMember(f"{mapped} ({options.kind})", user.role, user.sight) if user else None


def decide_press(config: Config, store: Store, press: Press, clock: Callable[[], datetime]) -> str:
    """Do what somebody has pressed for, and say what came of it, in the language of the message's channel.

    It counts in a chat that the bot and the channel have, by somebody who may act and see what the message is about.
    Raises StateError.
    """
    message = store.chats.find(press.key)
    channel = config.channels.get(message.channel) if message else None
    with speaking((channel and channel.language) or config.language):
        if press.chat not in config.bots[press.bot].chats:
            return phrase(_FOREIGN)
        if message is None or channel is None:
            return phrase(_UNKNOWN)
        return _refuse(config, channel, press) or _take(config, store, message, press, clock())


def press_by_link(config: Config, store: Store, verb: str, matter: Matter, who: str, now: datetime) -> str:
    """Do what somebody has pressed for who has a signed link, and say what came of it."""
    return _DO[verb](config, store, matter, TakenPress(now, who, ""))


def _refuse(config: Config, channel: Channel, press: Press) -> str:
    """Why a press in an allowed chat does not count for a message of the channel; "" if it does."""
    try:
        place = find_bot(channel.url, config.bots) if channel.buttons else None
    except ValueError:
        place = None
    if place is None:
        return phrase(_UNKNOWN)
    return "" if (place.name, place.chat) == (press.bot, press.chat) else phrase(_FOREIGN)


def _take(config: Config, store: Store, message: Message, press: Press, now: datetime) -> str:
    """Do it once, for who may do it."""
    events = store.chats.about(message)
    matter = matter_of(events)
    if held := store.approvals.find(matter.approval) if matter.approval else None:
        events = store.approvals.events(held.deliveries)
    member = find_member(config, press.bot, press.person, press.name)
    sees_all = member is not None and all(member.sight.sees(each.source, each.entities) for each in events)
    if member is None or member.role == "viewer" or not sees_all:
        return phrase(_NOT_YOURS)
    if now - message.created > LASTING:
        return phrase(_OVER)
    if press.remote:  # where a kill came between, a message was sent twice: from now on both are known
        store.chats.note(press.key, press.chat, press.remote, now)
    taken = store.chats.take(press.bot, press.number, TakenPress(now, member.who, ""), press.verb, press.key)
    if not taken.answer:
        taken = taken._replace(answer=_DO[press.verb](config, store, matter, taken))
        store.chats.answer(press.bot, press.number, taken.answer)
    return taken.answer


def _decide(config: Config, store: Store, matter: Matter, taken: TakenPress, *, approve: bool) -> str:
    """Approve or reject a text. Where it was decided already, that may have been this press, before a kill."""
    held, (at, who, _) = store.approvals.find(matter.approval), taken
    try:
        decide(store, config, held, approve=approve, who=who, now=at, seen=matter.seen)
    except StaleTextError:
        return phrase("The register has changed since this text was made: you are asked again, with what has changed.")
    except UsageError:
        pass
    found = store.approvals.find(matter.approval)
    if found is None:
        return phrase(_UNKNOWN)
    if (found.who, found.decided) != (who, at):
        return explain_decision(found._replace(title=cut(found.title, _LONGEST_TITLE)), config)
    is_approved = found.state is ApprovalState.APPROVED
    return phrase("Approved: it is sent within seconds.") if is_approved else phrase("Rejected: it is not sent.")


def _acknowledge(config: Config, store: Store, matter: Matter, taken: TakenPress) -> str:
    done = [store.reminders.acknowledge(number, taken.who, taken.at) for number in matter.changes]
    handled = [each for each in done if each]
    if not handled:
        return phrase(_UNKNOWN)
    if (taken.who, taken.at) in handled:
        return phrase("Acknowledged: nobody is reminded of it any more.")
    return explain_acknowledgement(handled[0], config)


def _snooze(config: Config, store: Store, matter: Matter, taken: TakenPress) -> str:
    if matter.snoozed is None:
        return phrase(_UNKNOWN)
    found = store.snoozes.press(*matter.snoozed, taken.who, taken.at)
    said = {"name": found.name, "when": moment(found.until, config.timezone, seconds=False), "who": found.who}
    return phrase("{name}: alerts wait until {when} (snoozed by {who})", **said)


_DO: dict[str, Callable[[Config, Store, Matter, TakenPress], str]] = {
    "approve": partial(_decide, approve=True),
    "reject": partial(_decide, approve=False),
    "ack": _acknowledge,
    "snooze": _snooze,
}


class ShownDecisions:
    """Edits the messages of the last week that say something else than what is so. For one thread."""

    def __init__(self, config: Config, store: Store, clock: Callable[[], datetime]) -> None:
        self._config, self._store, self._clock = config, store, clock
        self._matters = dict[str, Matter]()  # by the key of the message, which says the same for ever
        self._failed = dict[int, tuple[int, datetime]]()  # by message in a chat: how often, and when to try again

    def update(self) -> None:
        """Look once. Raises StateError."""
        now = self._clock()
        found = [each for each in self._store.chats.open(now - LASTING, _MOST) if each.channel in self._config.channels]
        self._matters = {each.key: self._matters.get(each.key) or self._matter(each.key) for each in found}
        marks = self._store.discussion.of_changes(
            {at for each in self._matters.values() for at in each.changes}, last=0
        )
        snoozes = {(each.kind, each.name): each for each in self._store.snoozes.all(now)} if found else {}
        for each in found:
            channel, matter = self._config.channels[each.channel], self._matters[each.key]
            with speaking(channel.language or self._config.language):
                said, done = self._tell(matter, marks, snoozes)
                times, again = self._failed.get(each.id, (0, now))
                if "\n".join(said) == each.shown or again > now:
                    continue
                try:
                    failure = self._show(each, matter, said, done)
                except StateError:
                    raise
                except Exception as error:
                    log.exception("%s: a message cannot be edited: unexpected fault", each.channel)
                    failure = ServiceAnswer(f"unexpected fault: {type(error).__name__}")
                self._failed.pop(each.id, None)
                if failure:
                    log.warning("%s: a message does not say yet what was decided: %s", each.channel, failure.said)
                    self._failed[each.id] = times + 1, now + max(failure.wait or timedelta(), retry_wait(times))

    def _matter(self, key: str) -> Matter:
        message = self._store.chats.find(key)
        return matter_of(self._store.chats.about(message)) if message else Matter()

    def _tell(
        self, matter: Matter, marks: Mapping[int, Marks], snoozes: Mapping[tuple[str, str], Snooze]
    ) -> tuple[list[str], list[Verb]]:
        """What is decided, a line each, and which buttons there is no need of any more."""
        if matter.approval:
            held = self._store.approvals.find(matter.approval)
            decided = tell_decision(held, self._config) if held else ""
            return ([decided], ["approve", "reject"]) if decided else ([], [])
        said, done, zone = list[str](), list[Verb](), self._config.timezone
        handled = [marks[number].handled for number in matter.changes if number in marks]
        by = [each for each in handled if each]
        if by and len(by) == len(matter.changes):
            names, at = list(dict.fromkeys(each.who for each in by)), max(each.at for each in by)
            when = moment(at, zone, seconds=False)
            said.append(phrase("Acknowledged: {name}, {when}", name=phrase_list(names, _MOST_NAMES), when=when))
            done.append("ack")
        if snooze := matter.snoozed and snoozes.get(matter.snoozed):
            told = {"name": snooze.name, "when": moment(snooze.until, zone, seconds=False), "who": snooze.who}
            said.append(phrase("{name}: alerts wait until {when} (snoozed by {who})", **told))
            done.append("snooze")
        return said, done

    def _show(
        self, each: ChatMessage, matter: Matter, said: Sequence[str], done: Sequence[Verb]
    ) -> ServiceAnswer | None:
        """Edit a message; None if it says so now, or can never, else why it does not."""
        config, channel, place = self._config, self._config.channels[each.channel], Sent(each.chat, each.remote)
        if message := self._store.chats.find(each.key):
            link, http = partial(button_link, config, self._store, message), config.http
            chat = channel.open_chat(config.bots, secrets=config.secrets, http=http, clock=self._clock, link=link)
            buttons = buttons_for(matter, config.web.base_url, done)
            if chat and (failure := chat.show(place, message, said, buttons)):
                return failure
        reach("message_edited")
        self._store.chats.shows(each.id, "\n".join(said))
        return None
