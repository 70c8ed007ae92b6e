"""Letters to readers: the rounds in which they are written, their composition, and their delivery.

Import this module only where somebody follows something, or a letter waits.
"""

import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from functools import partial
from hashlib import sha256
from html import escape
from uuid import uuid4

from alerts.channel import Channel, Material
from alerts.language import Language, directed, phrase, speaking
from alerts.links import change_link, changes_link, unsubscribe_link
from alerts.message.citations import Background
from alerts.message.compose import compose
from alerts.message.recipient import Form, Recipient
from alerts.message.wording import label_text
from alerts.service_answer import ServiceAnswer, redact
from alerts.timing import LAST_RETRY
from state.db.tables.readers import Letter, Subscription
from state.errors import StateError
from state.failpoint import reach
from state.model import Event, Message
from state.storage.readers import AT_ONCE, ATOM, MAIL, PUSH, TIMES, Draft, Interest, LetterText, Round
from state.store import Store
from watcher.config.load import Config
from watcher.config.settings import EVERYTHING, Sight
from watcher.delivery.citations import Citations, languages_of, recipient_of
from watcher.delivery.following import assign, mail_address, matches, next_round, still_followed, told_words
from watcher.delivery.operator_alerts import FailingChannels, alert_template
from watcher.delivery.questions import LINKS

log = logging.getLogger(__name__)

MOST = 500  # letters that are looked at together
_AT_ONCE = 4  # connections
_BROWSERS = Channel(url="push")  # the rules for retries where there is no channel
_LINE, _LINES = 200, 400  # characters of a title, and of a text, for a browser
_OURS = {"Auto-Submitted": "auto-generated", "Precedence": "bulk", "X-Auto-Response-Suppress": "All"}  # RFC 3834
_BELOW = "margin:0;padding:0 16px 16px;text-align:center;font:13px sans-serif"  # the look of a link below a mail
_NO_CHANNEL = ServiceAnswer("no channel has readers = true", gone=True)


def notify(config: Config, store: Store, who: str, title: str, text: str, url: str, now: datetime) -> None:
    """Tell a reader something that concerns him, such as that a comment mentions him, by mail and in his browsers.
    `url` is the page at the desk that it is about. Raises StateError.
    """
    address = mail_address(who, store.readers.reader(who), config.web.users)
    drafts = [Draft(who, MAIL)] if address and any(each.readers for each in config.channels.values()) else []
    drafts += [Draft(who, PUSH, push_id=each.id) for each in store.readers.pushes(who)]
    html = f'<div dir="auto">{escape(text)}<br><br><a href="{escape(url)}">{escape(url)}</a></div>'.replace(
        "\n", "<br>"
    )
    store.letters.write(drafts, LetterText(uuid4().hex, title, f"{text}\n\n{url}", html, url), now)


class Post:
    """Writes the letters that are due, and sends them: for one drain. `taken` are the keys of messages that a service
    accepted but that could not be marked as sent; `impatient` is as for `Deliverer`.
    """

    def __init__(
        self,
        config: Config,
        store: Store,
        clock: Callable[[], datetime],
        failing: FailingChannels,
        citations: Citations,
        taken: set[str],
        *,
        impatient: bool,
    ) -> None:
        self._config, self._store, self._clock, self._failing = config, store, clock, failing
        self._citations, self._taken, self._impatient = citations, taken, impatient
        self._mail = next(((name, each) for name, each in config.channels.items() if each.readers), None)
        self._tried, self._rests = set[int](), False  # whether the mail server is left alone, as it failed

    def ready(self) -> list[Letter]:
        """Write the rounds that are due; the letters to try now, each once. Raises StateError."""
        try:
            self._write_rounds()
        except StateError:
            raise
        except Exception:
            log.exception("readers wait for their letters: unexpected fault")
        now = self._clock()
        until = now + 2 * LAST_RETRY if self._impatient else now
        due = self._store.letters.due(until, now, MOST)
        return [each for each in due if each.id not in self._tried and not (each.by == MAIL and self._rests)]

    def _write_rounds(self) -> None:
        letters, now, zone = self._store.letters, self._clock(), self._config.timezone
        rounds = letters.rounds()
        due = [
            when for when in TIMES if when not in rounds or not now < rounds[when].due <= next_round(when, now, zone)
        ]
        known = rounds[AT_ONCE].event if AT_ONCE in rounds else -1
        if due == [AT_ONCE] and letters.last_event(known) == known:
            return  # nearly always
        follows = still_followed(self._store.readers.follows(), self._config.entities)
        follows = [each for each in follows if each.interest.by != ATOM]
        sights = {each.who: self._config.web.sight_of(each.who) for each in follows}
        readers, browsers, users = self._store.readers.all(), self._store.readers.pushes(), self._config.web.users
        first = min((each.after for each in follows), default=0)
        for when in due:
            was = rounds.get(when)
            start = max(was.event if was else 0, first)
            last = letters.last_event(start) if was or when == AT_ONCE else start
            shares = assign(letters.changes(start, last) if follows else (), follows, sights, when)
            drafts = list[Draft]()
            for (who, by), share in shares.items():
                draft = Draft(who, by, sorted(share.follows), share.events)
                if by != MAIL:
                    drafts += [draft._replace(push_id=each.id) for each in browsers if each.who == who]
                elif self._mail and mail_address(who, readers.get(who), users):
                    drafts.append(draft)
            letters.write_round(when, was, Round(last, next_round(when, now, zone)), drafts, now)

    def send(self, letters: Sequence[Letter], is_ending: Callable[[], bool]) -> Counter[str]:
        """Compose and send letters; how many of them were `sent`, `failed`, and became `dead`. Raises StateError."""
        follows = still_followed(self._store.readers.follows(), self._config.entities)
        interests = {each.id: each.interest for each in follows}
        browsers = {each.id: each for each in self._store.readers.pushes()}
        readers = self._store.readers.all()
        composed = self._composed(letters, interests)
        texts = self._store.letters.texts({each.text_id for each in composed if each.text_id})

        def deliver(letter: Letter) -> tuple[str, str]:
            if is_ending() or (letter.by == MAIL and self._rests):
                return "", ""
            self._tried.add(letter.id)
            to: str | Subscription | None = browsers.get(letter.push_id or 0)
            if letter.by == MAIL:
                to = letter.address or mail_address(letter.who, readers.get(letter.who), self._config.web.users)
            ended = letter.follows and interests.keys().isdisjoint(letter.follows)
            text = texts.get(letter.text_id or 0)
            if to is None or text is None or ended or self._config.web.sight_of(letter.who) is None:
                self._store.letters.drop([letter])
                return "", ""
            return self._try(letter, to, text)

        with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="letters") as pool:
            became = [deliver(each) for each in composed[:1]]  # alone, as it shows whether the server can be reached
            became += pool.map(deliver, composed[1:])
        counts = Counter(what for what, _ in became)
        if self._mail and (lost := [said for what, said in became if what == "dead"]):
            self._failing.tell_lost(self._mail[0], len(lost), lost[0], self._clock())
        return counts

    def _composed(self, letters: Sequence[Letter], interests: dict[int, Interest]) -> list[Letter]:
        """The letters, each with a text: one is composed for all about the same changes in one language. What their
        readers may not see, or follow no more, and what is of a source that is gone, is left out.
        """
        bare, done = [each for each in letters if each.text_id is None], [each for each in letters if each.text_id]
        found = self._store.log.keyed({number for each in bare for number in each.events})
        events = {event.id: event for event, _ in found if event.source in self._config.sources}
        told = {number: told_words(event) for number, event in events.items()}
        groups = defaultdict[tuple[str, Language, Sight, tuple[int, ...]], list[Letter]](list)
        for letter in bare:
            sight, wanted = self._config.web.sight_of(letter.who), [interests.get(each) for each in letter.follows]
            kept = tuple(
                number
                for number in letter.events
                if number in events and sight is not None and sight.sees(events[number].source, events[number].entities)
                if any(each and matches(each, events[number], told[number]) for each in wanted)
            )
            groups[letter.by, self._config.language_of(letter.who), sight or EVERYTHING, kept].append(letter)
        for (by, language, sight, kept), some in groups.items():
            key = sha256(repr((by, language, sight, kept)).encode()).hexdigest()
            if not kept:
                self._store.letters.drop(some)
                continue
            make = partial(self._compose, key, by, language, sight, [events[number] for number in kept])
            try:
                number = self._store.letters.compose(some, key, make, self._clock())
                done += [each.model_copy(update={"text_id": number}) for each in some]
            except StateError:
                raise
            except Exception as error:
                log.exception("no letter can be made of changes %s", kept)
                self._store.letters.note_failure(some, f"no letter can be made of it: {error}", None)
        return sorted(done, key=lambda each: each.id)

    def _compose(self, key: str, by: str, language: Language, sight: Sight, events: Sequence[Event]) -> LetterText:
        """The text about changes in a language, for all who may see as much; it cites nothing unless that is all."""
        config, now, desk = self._config, self._clock(), self._config.web.base_url
        seen = [_part_of(each, sight) for each in events]
        url = change_link(desk, events[0].id) if len(events) == 1 else changes_link(desk)
        if by != MAIL or self._mail is None:
            short = Recipient(form=Form.PLAIN, language=language)
            made = compose(seen, timezone=config.timezone, body_limit=_LINES, title_limit=_LINE, recipient=short)
            return LetterText(key, *made, url or "")
        name, channel = self._mail
        languages = [language] if languages_of(config, name, events) else ()  # a letter has what is known already
        known = self._citations.find(events, now, languages) if sight == EVERYTHING else Background()
        on_fault = partial(alert_template, config, self._store, now, name)
        recipient = replace(recipient_of(config, name, seen), language=language)
        made = channel.compose(seen, Material(config.timezone, known, recipient, config.secrets.hide, on_fault))
        return LetterText(key, *made, url or "")

    def _try(self, letter: Letter, to: str | Subscription, text: LetterText) -> tuple[str, str]:
        """Try a letter once; what became of it (`sent`, `failed`, `dead`, `dropped`), and what the service said."""
        name, channel = self._mail if letter.by == MAIL and self._mail else (letter.by, _BROWSERS)
        key = f"letter-{letter.id}-{letter.created.timestamp():.0f}"
        message = Message(letter.id, key, name, *text[1:4], (), letter.created, letter.attempts)
        answer: ServiceAnswer | None = None
        if key not in self._taken:
            self._store.outbox.must_send()
            if not self._store.letters.trying(letter):
                return "", ""
            reach("sending_letter")
            try:
                answer = self._send(letter, message, to, text.url)
            except StateError:
                raise
            except Exception as error:
                log.exception("%s: a letter cannot be sent: unexpected fault", name)
                fault = f"unexpected fault: {type(error).__name__}: {error}"
                answer = ServiceAnswer(redact(fault, channel.url, self._config.secrets))
            reach("sent_letter")
        now = self._clock()
        if answer is None:
            self._taken.add(key)
            self._store.letters.sent(letter, now)
            self._taken.discard(key)
            reach("marked_letter")
            if letter.by == MAIL:
                self._failing.note_recovery(name, now)
            return "sent", ""
        if isinstance(to, Subscription) and answer.gone:
            self._store.readers.drop_push(to.endpoint)
            self._store.letters.drop([letter])
            return "dropped", ""
        if letter.by == MAIL and not answer.refused:
            self._failing.note_failure(name, answer.said, now)
            self._rests = True
        again = channel.next_try(message, now, answer)
        self._store.letters.note_failure([letter], answer.said, again)
        if (
            answer.refused >= 500
            and letter.address is None
            and self._store.letters.note_bounce(letter.who, answer.said)
        ):
            log.warning("%s: nothing more is mailed to %s: %s", name, letter.who, answer.said)
            return "failed", ""
        log.warning("%s: a letter to %s was not sent: %s", name, letter.who, answer.said)
        return ("failed", "") if again else ("dead", answer.said)

    def _send(self, letter: Letter, message: Message, to: str | Subscription, url: str) -> ServiceAnswer | None:
        config, clock = self._config, self._clock
        if isinstance(to, Subscription):
            from watcher.delivery.push import send_push

            return send_push(config, to, message.title, message.text, url, clock)
        if self._mail is None:
            return _NO_CHANNEL
        headers = dict(_OURS)
        if config.web.base_url and letter.follows:
            key, only = self._store.feed_keys.value_or_new(LINKS), len(letter.follows) == 1
            link = unsubscribe_link(config.web.base_url, key, letter.who, letter.follows[0] if only else 0, clock())
            headers |= {"List-Unsubscribe": f"<{link}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
            with speaking(config.language_of(letter.who)):
                message = _with_way_out(message, link)
        to_him = self._mail[1].for_reader(to)
        return to_him.send(message, secrets=config.secrets, http=config.http, clock=clock, headers=headers)


def _with_way_out(message: Message, link: str) -> Message:
    """A mail that ends with a reader's own link to unsubscribe, below the text that all readers get."""
    label = phrase("Unsubscribe")
    html, body, rest = message.html.rpartition("</body>") if "</body>" in message.html else (message.html, "", "")
    html = f'{html}<p class="page" style="{_BELOW}"><a class="link" href="{escape(link)}">{label}</a></p>{body}{rest}'
    return message._replace(text=f"{message.text}\n\n{directed(label_text(label, link))}", html=html)


def _part_of(event: Event, sight: Sight) -> Event:
    """A change without those whom a reader may not see: neither mentioned, nor among what it stands for."""
    mentions = [each for each in event.mentions if sight.sees_entity(each.entity)]
    data = {name: value for name, value in event.data.items() if name != "more" or not sight.entities}
    return replace(event, mentions=mentions, data=data)
