"""What somebody asks in a chat, answered in a few lines with links: `/status`, `/last`, `/find WORDS`, `/case ENTITY`.

As for presses, it counts in the chats of the bot; who has a user there is shown what that user may see.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress

from alerts.channel import Channel
from alerts.chat.bot import ChatQuestion
from alerts.chat.choice import find_bot
from alerts.language import phrase, phrase_many, phrase_number, speaking
from alerts.links import case_link, change_link, entry_link, web_address
from alerts.message.change_lines import item_line
from alerts.message.forms import render_chat
from alerts.message.lines import Line, Style, link_line
from alerts.message.wording import label_text, moment, shorten, word
from sources.text import clean
from state.storage.browsing import ChangeFilter
from state.store import Store
from watcher.bots.decisions import find_member
from watcher.config.load import Config
from watcher.config.open_state import limit_to
from watcher.reports.status import report_all

_MOST, _MOST_BAD, _LONGEST_WHY = 5, 10, 120  # changes, sources that are not well, characters of what is wrong
_LONGEST_LOOK = 4.0  # seconds


def answer(config: Config, store: Store, question: ChatQuestion) -> str:
    """The answer, as HTML with the tags of messages; "" to strangers, and to what is no question. Raises StateError."""
    member = find_member(config, question.bot, question.person, question.name)
    command, _, rest = question.text.strip().partition(" ")
    make = _ANSWERS.get(command.partition("@")[0])  # /status@our_bot, as in groups
    if question.chat not in config.bots[question.bot].chats or member is None or make is None:
        return ""
    with speaking(next((each.language for each in _channels_of(config, question) if each.language), config.language)):
        return render_chat([list(make(*limit_to(config, store, member.sight), clean(rest)))])


def _channels_of(config: Config, question: ChatQuestion) -> Iterator[Channel]:
    """The channels with buttons that go to the chat of a question."""
    for channel in config.channels.values():
        with suppress(ValueError):  # of one that needs no bot
            place = find_bot(channel.url, config.bots) if channel.buttons else None
            if place and (place.name, place.chat) == (question.bot, question.chat):
                yield channel


def _status(config: Config, store: Store, _: str) -> Iterator[Line]:
    seen = report_all(config, store)
    bad = [each for each in seen.sources if each.is_bad]
    watched = phrase_many("{number} source", "{number} sources", len(config.sources))
    counts = [f"{word(status)} {phrase_number(at)}" for status, at in Counter(each.status for each in bad).items()]
    yield Line(Style.WHAT, label_text(watched, ", ".join(counts)) if bad else watched)
    for each in bad[:_MOST_BAD]:
        why = shorten(clean(each.message or each.reason or ""), _LONGEST_WHY)
        yield Line(Style.FACT, why, config.sources[each.name].label_or(each.name))


def _find(config: Config, store: Store, words: str) -> Iterator[Line]:
    """Entries that stand in the registers now, as many as there is room and time for; without any, changes."""
    ends, number = time.monotonic() + _LONGEST_LOOK, 0
    looked = store.entries.search(sorted(config.sources) if words else (), words)
    for each, has in looked:
        if number == _MOST or time.monotonic() > ends:
            yield Line(Style.PLAIN, phrase("There may be more: the desk searches all entries."))
            return
        if has:
            number += 1
            page = entry_link(config.web.base_url, each.id) or web_address(each.entry.url)
            title = shorten(clean(each.entry.title), _LONGEST_WHY)
            yield Line(Style.ITEM, f"{title} · {config.sources[each.source].label_or(each.source)}", url=page or "")
    wanted = ChangeFilter(title=words)
    if not number and words and store.browse.changes(wanted, limit=1).events:
        yield from _changes(config, store, wanted)
    elif not number:
        yield Line(Style.PLAIN, phrase("No entry has these words."))


def _case(config: Config, store: Store, entity: str) -> Iterator[Line]:
    known = next((each for each in config.entities if each.casefold() == entity.casefold()), None)
    if known is None:
        yield Line(Style.PLAIN, phrase("there is no such entity"))
        return
    yield Line(Style.WHAT, known)
    yield from _changes(config, store, ChangeFilter(entity=known))
    if page := case_link(config.web.base_url, known):
        yield link_line(page, phrase("Open the case"))


def _changes(config: Config, store: Store, wanted: ChangeFilter) -> Iterator[Line]:
    """The last changes that pass a filter, a line each."""
    found = store.browse.changes(wanted, limit=_MOST).events
    if not found:
        yield Line(Style.PLAIN, phrase("No change passes this filter.") if any(wanted) else phrase("No change yet."))
    for event in found:
        line, at = item_line(event, linked=True), moment(event.at, config.timezone, seconds=False)
        page = change_link(config.web.base_url, event.id) or line.url
        yield line._replace(text=f"{line.text} · {event.label} · {at}", url=page)


_ANSWERS: dict[str, Callable[[Config, Store, str], Iterator[Line]]] = {
    "/status": _status,
    "/last": lambda config, store, _: _changes(config, store, ChangeFilter()),
    "/find": _find,
    "/case": _case,
}
