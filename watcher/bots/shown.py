"""What messages with buttons say of decisions, whoever took them, and wherever.

It is derived from the state, and compared with what each message says in its chat: nothing is hooked into the
decisions, and after a kill the messages that differ are edited as before it.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from alerts.chat.buttons import Matter, Sent, Verb, buttons_for, matter_of
from alerts.language import mark, phrase, phrase_list, speaking
from alerts.links import LASTING
from alerts.message.wording import moment
from alerts.service_answer import ServiceAnswer
from alerts.timing import retry_wait
from state.db.tables.people import Snooze
from state.errors import StateError
from state.failpoint import reach
from state.model import ApprovalState, HeldMessage, Marks
from state.storage.chats import ChatMessage
from state.storage.people import BY_TIME
from state.store import Store
from watcher.config.load import Config
from watcher.delivery.questions import button_link

log = logging.getLogger(__name__)

_MOST = 500  # messages that are looked at
_MOST_NAMES = 3


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
            decided = self._decision(held) if held else ""
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

    def _decision(self, held: HeldMessage) -> str:
        """What became of a text that had to be approved; "" while it waits."""
        if held.state is ApprovalState.WAITING or held.decided is None:
            return "" if held.deliveries else phrase("Nothing of it waits any more.")
        when = moment(held.decided, self._config.timezone, seconds=False)
        if held.state is ApprovalState.EXPIRED:
            return phrase("Nobody approved it in time: dropped, {when}", when=when)
        if held.who == BY_TIME:
            return phrase("Nobody answered in time: sent all the same, {when}", when=when)
        is_approved = held.state is ApprovalState.APPROVED
        done = mark("Approved: {name}, {when}") if is_approved else mark("Rejected: {name}, {when}")
        return phrase(done, name=held.who, when=when)

    def _show(
        self, each: ChatMessage, matter: Matter, said: Sequence[str], done: Sequence[Verb]
    ) -> ServiceAnswer | None:
        """Edit a message; None if it says so now, or can never, else why it does not."""
        config, message = self._config, self._store.chats.find(each.key)
        channel, secrets, http = config.channels[each.channel], config.secrets, config.http
        link = partial(button_link, config, self._store, each.channel, self._clock())
        chat = channel.open_chat(config.bots, secrets=secrets, http=http, clock=self._clock, link=link)
        if message and chat:
            buttons = buttons_for(matter, config.web.base_url, done)
            if failure := chat.show(Sent(each.chat, each.remote), message, said, buttons):
                return failure
        reach("message_edited")
        self._store.chats.shows(each.id, "\n".join(said))
        return None
