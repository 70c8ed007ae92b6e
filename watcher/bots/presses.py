"""What a pressed button does, once, and what is said to who has pressed it. The services report presses
(`alerts/chat`), and may report one several times.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import NamedTuple

from alerts.channel import Channel
from alerts.chat.buttons import Matter, Press, matter_of
from alerts.chat.choice import find_bot
from alerts.language import mark, phrase, speaking
from alerts.links import LASTING
from alerts.message.wording import cut
from sources.text import clean
from state.model import ApprovalState, Event, Message
from state.storage.chats import TakenPress
from state.store import Store
from watcher.config.load import Config
from watcher.config.settings import EVERYTHING, Role, Sight
from watcher.errors import StaleTextError, UsageError
from watcher.reports.deliveries import decide, explain_decision
from watcher.terminal.words import moment

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

    def may_decide(self, events: Sequence[Event]) -> bool:
        """Whether he may act, and see all of these events."""
        return self.role != "viewer" and all(self.sight.sees(each.source, each.entities) for each in events)


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


def press_by_link(config: Config, store: Store, verb: str, message: Message, who: str, now: datetime) -> str:
    """Do what somebody has pressed for who has the signed link of a button, and say what came of it."""
    return _DO[verb](config, store, matter_of(store.chats.about(message)), TakenPress(now, who, ""))


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
    if member is None or not member.may_decide(events):
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
        return explain_decision(replace(found, title=cut(found.title, _LONGEST_TITLE)), config)
    is_approved = found.state is ApprovalState.APPROVED
    return phrase("Approved: it is sent within seconds.") if is_approved else phrase("Rejected: it is not sent.")


def _acknowledge(config: Config, store: Store, matter: Matter, taken: TakenPress) -> str:
    for number in matter.changes:
        store.reminders.acknowledge(number, taken.who, taken.at)
    handled = [marks.handled for marks in store.discussion.of_changes(matter.changes).values() if marks.handled]
    if not handled:
        return phrase(_UNKNOWN)
    if (taken.who, taken.at) in handled:
        return phrase("Acknowledged: nobody is reminded of it any more.")
    at = moment(handled[0].at, config.timezone)
    return phrase("{name} has acknowledged it already, at {when}.", name=handled[0].who, when=at)


def _snooze(config: Config, store: Store, matter: Matter, taken: TakenPress) -> str:
    if matter.snoozed is None:
        return phrase(_UNKNOWN)
    found = store.snoozes.press(*matter.snoozed, taken.who, taken.at)
    said = {"name": found.name, "when": moment(found.until, config.timezone), "who": found.who}
    return phrase("{name}: alerts wait until {when} (snoozed by {who})", **said)


_DO: dict[str, Callable[[Config, Store, Matter, TakenPress], str]] = {
    "approve": partial(_decide, approve=True),
    "reject": partial(_decide, approve=False),
    "ack": _acknowledge,
    "snooze": _snooze,
}
