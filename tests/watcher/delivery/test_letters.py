"""Readers follow, changes come, and a real mail server gets the letters; the clock is moved by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest

from alerts.channel import Channel
from alerts.links import UNSUBSCRIBE, claim_of
from alerts.service_answer import ServiceAnswer
from state.errors import StateError
from state.model import DeliveryState, Event
from state.storage.readers import Interest
from state.store import Store
from tests.storing import add_event, came
from watcher.config.load import Config, load
from watcher.config.settings import TranslateOptions
from watcher.delivery.deliver import Deliverer
from watcher.delivery.letters import notify
from watcher.delivery.questions import LINKS

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TOML = """
state = "{state}"
timezone = "Europe/Berlin"
[web]
base_url = "https://desk.example"
[web.users.ann]
role = "viewer"
mail = "ann+desk@example.org"
[web.users.bob]
sources = ["open*"]
[entities.sable]
names = ["Sable"]
[sources.open]
kind = "feed"
url = "https://open.example/feed"
[sources.closed]
kind = "feed"
url = "https://closed.example/feed"
[channels.post]
url = "{url}"
readers = true
"""


class Readers:
    """A state with readers, its post office and a clock that is moved by hand."""

    def __init__(self, config: Config, store: Store, office: Any) -> None:
        self.config, self.store, self.office, self.now = config, store, office, NOON

    def follow(self, who: str, **what: Any) -> int:
        return self.store.readers.follow(who, Interest(**what), self.now)

    def come(self, title: str, *entities: str, source: str = "open", **about: Any) -> Event:
        return add_event(self.store, came(title, self.now, *entities, source=source, **about), [], self.now)

    def drain(self, *, impatient: bool = False) -> tuple[int, int, int]:
        drained = Deliverer(self.config, self.store, lambda: self.now, impatient=impatient).drain()
        return drained.sent, drained.failed, drained.dead

    def got(self) -> list[tuple[str, str]]:
        """To whom mails have come since the last call, and what they say first."""
        mails = [(mail["To"], mail["Subject"]) for mail in self.office.mails]
        self.office.mails.clear()
        return sorted(mails)


@pytest.fixture
def readers(configure: Callable[..., Any], state_url: str, post_office: Any) -> Iterator[Readers]:
    url = post_office.url("{reader}")
    config = load(configure(TOML.format(state=state_url, url=url)))
    with Store.open(config.state) as store:
        store.readers.set_mail("bob", "bob@example.org", NOON)
        yield Readers(config, store, post_office)


def test_a_mail_says_who_it_is_for_and_how_to_end_it(readers: Readers) -> None:
    follow = readers.follow("ann", sources=["open"])
    readers.come("Sable Holdings")
    assert readers.drain() == (1, 0, 0)
    (mail,) = readers.office.mails
    assert mail["To"] == "ann+desk@example.org"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Precedence"] == "bulk"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = mail["List-Unsubscribe"]
    assert link.startswith(f"<https://desk.example/{UNSUBSCRIBE}/")
    key = readers.store.feed_keys.value(LINKS)
    claim = claim_of(link.strip("<>").rpartition("/")[2], key or b"", readers.now)
    assert claim is not None
    assert (claim.what, claim.number, claim.who) == (UNSUBSCRIBE, follow, "ann")
    text = mail.get_body(("plain",)).get_content()
    assert ("Sable Holdings" in text, text.strip().endswith(f"Unsubscribe: {link.strip('<>')}")) == (True, True)
    html = mail.get_body(("html",)).get_content()
    assert 0 < html.index("Sable Holdings") < html.index(f'href="{link.strip("<>")}"') < html.index("</body>")
    assert readers.drain() == (0, 0, 0)


def test_nobody_gets_what_he_may_not_see(readers: Readers) -> None:
    readers.follow("bob", find="holdings")
    readers.follow("ann", find="holdings")
    readers.come("Secret holdings", source="closed")
    readers.come("Open holdings")
    readers.drain()
    (ann,) = [mail for mail in readers.office.mails if mail["To"].startswith("ann")]
    (bob,) = [mail for mail in readers.office.mails if mail["To"].startswith("bob")]
    assert "Secret" in ann.get_body(("plain",)).get_content()
    assert "Secret" not in f"{bob}"
    assert "Open holdings" in bob.get_body(("plain",)).get_content()


def test_a_change_names_nobody_else_to_who_may_see_some_entities(readers: Readers) -> None:
    users = readers.config.web.users
    users["bob"] = users["bob"].model_copy(update={"sources": (), "entities": ("sable",)})
    readers.follow("bob", entities=["sable"])
    readers.come("Sable Holdings", "sable", "hidden", more={"count": 1, "titles": ["Secret"], "fields": []})
    readers.drain()
    (bob,) = readers.office.mails
    assert ("Sable Holdings" in f"{bob}", "hidden" in f"{bob}", "Secret" in f"{bob}") == (True, False, False)


def test_what_a_reader_may_see_is_asked_again_when_it_is_composed(readers: Readers) -> None:
    readers.follow("ann", sources=["closed"])
    readers.come("Secret", source="closed")
    with patch("watcher.delivery.letters.Post.send", side_effect=StateError("full")), suppress(StateError):
        readers.drain()
    assert readers.store.letters.counts()["pending"] == 1
    users = readers.config.web.users
    users["ann"] = users["ann"].model_copy(update={"sources": ("open",)})
    assert readers.drain() == (0, 0, 0)
    assert readers.store.letters.all() == []


def test_many_readers_of_one_change_cost_one_composition(readers: Readers) -> None:
    users = readers.config.web.users
    for number in range(500):
        users[f"r{number}"] = users["ann"].model_copy(update={"mail": f"r{number}@example.org"})
        readers.follow(f"r{number}", entities=["sable"])
    readers.come("Sable Holdings", "sable")
    sent = list[str]()
    with (
        patch.object(Channel, "compose", autospec=True, side_effect=Channel.compose) as compose,
        patch("alerts.send.send", lambda url, *_: sent.append(url)),
    ):
        assert readers.drain() == (500, 0, 0)
    assert compose.call_count == 1
    assert len(set(sent)) == 500


def test_each_reader_gets_his_letter_in_his_language_composed_once_and_retried_as_it_was(
    readers: Readers, catalogue: Callable[..., None]
) -> None:
    catalogue({"the authority itself": "die Behörde selbst"})
    users = readers.config.web.users
    users["ann"] = users["ann"].model_copy(update={"language": "de"})
    for number in range(3):
        users[f"r{number}"] = users["ann"].model_copy(update={"mail": f"r{number}@example.org"})
        readers.follow(f"r{number}", sources=["open"])
        readers.office.answers[f"r{number}@example.org"] = "451 later"
    readers.follow("ann", sources=["open"])
    readers.follow("bob", sources=["open"])
    readers.come("Sable Holdings")
    with patch.object(Channel, "compose", autospec=True, side_effect=Channel.compose) as compose:
        readers.drain()
        users.update({name: user.model_copy(update={"language": "en"}) for name, user in users.items()})
        readers.office.answers.clear()
        readers.now += timedelta(minutes=5)
        readers.drain()
    assert [call.args[2].recipient.language for call in compose.call_args_list] == ["de", "en"]
    texts = {mail["To"]: mail.get_body(("html",)).get_content() for mail in readers.office.mails}
    english = texts.pop("bob@example.org")
    assert ('lang="en"' in english, "the authority itself" in english) == (True, True)
    assert len(texts) == 4
    assert all('lang="de"' in text and "die Behörde selbst" in text for text in texts.values())


def test_a_reader_without_a_language_is_written_to_in_that_of_the_channel_for_readers(readers: Readers) -> None:
    post = readers.config.channels["post"].model_copy(update={"language": "fr"})
    readers.config.channels["post"] = post
    readers.follow("ann", sources=["open"])
    readers.come("Sable Holdings")
    readers.drain()
    assert ['lang="fr"' in mail.get_body(("html",)).get_content() for mail in readers.office.mails] == [True]


def test_a_change_that_two_follows_match_comes_once_and_soonest(readers: Readers) -> None:
    readers.follow("ann", sources=["open"], when="daily")
    readers.follow("ann", entities=["sable"])
    readers.follow("ann", find="holdings")
    readers.come("Sable Holdings", "sable")
    readers.drain()
    assert len(readers.got()) == 1
    readers.come("Other")
    readers.drain()
    readers.now += timedelta(days=1)
    readers.drain()
    (mail,) = readers.office.mails
    assert "Other" in mail.get_body(("plain",)).get_content()
    assert "Sable" not in f"{mail}"


@pytest.mark.parametrize(
    ("when", "due"), [("hourly", NOON + timedelta(hours=1)), ("daily", NOON + timedelta(hours=19))]
)
def test_a_digest_is_one_mail_at_its_hour(readers: Readers, when: str, due: datetime) -> None:
    readers.follow("ann", sources=["open"], when=when)
    readers.drain()
    for title in ("One", "Two", "Three"):
        readers.come(title)
        readers.drain()
    readers.now = due - timedelta(seconds=1)
    readers.drain()
    assert readers.got() == []
    readers.now = due  # 08:00 in Berlin is 07:00 UTC
    readers.drain()
    readers.drain()
    (mail,) = readers.office.mails
    assert all(title in mail.get_body(("plain",)).get_content() for title in ("One", "Two", "Three"))


def test_a_follow_counts_from_the_moment_it_was_made(readers: Readers) -> None:
    readers.come("Before")
    readers.follow("ann", sources=["open"])
    readers.drain()
    assert readers.got() == []


def test_an_address_counts_once_it_is_verified(readers: Readers) -> None:
    readers.store.readers.set_mail("bob", "new@example.org")
    readers.follow("bob", sources=["open"])
    readers.come("One")
    readers.drain()
    assert readers.got() == []
    assert readers.store.readers.verify("bob", "new@example.org", readers.now)
    readers.come("Two")
    readers.drain()
    assert [to for to, _ in readers.got()] == ["new@example.org"]


def test_an_address_that_is_refused_three_times_is_stopped(readers: Readers) -> None:
    readers.office.answers["ann+desk@example.org"] = "550 5.1.1 nobody here"
    readers.follow("ann", sources=["open"])
    readers.follow("bob", sources=["open"])
    for title in ("One", "Two", "Three", "Four"):
        readers.come(title)
        readers.drain()
    assert readers.store.readers.all()["ann"].stopped == "the mail server said: 550 5.1.1 nobody here"
    assert [to for to, _ in readers.got()] == ["bob@example.org"] * 4
    counts = readers.store.letters.counts()
    assert counts == {"pending": 0, "sent": 4, "dead": 3}
    readers.office.answers.clear()
    readers.store.readers.set_mail("ann", None)
    readers.come("Five")
    readers.drain()
    assert len(readers.got()) == 2


def test_what_is_refused_for_now_is_tried_again_and_given_up_in_the_end(readers: Readers) -> None:
    readers.office.answers["ann+desk@example.org"] = "451 later"
    readers.follow("ann", sources=["open"])
    readers.follow("bob", sources=["open"])
    readers.come("One")
    assert readers.drain() == (1, 1, 0)
    assert readers.drain() == (0, 0, 0)
    readers.now += timedelta(seconds=31)
    assert readers.drain() == (0, 1, 0)
    assert not readers.store.readers.reader("ann")
    readers.now += timedelta(days=4)
    assert readers.drain() == (0, 0, 1)
    (dead,) = readers.store.letters.all(DeliveryState.DEAD)
    assert (dead.who, dead.attempts, dead.error) == ("ann", 3, "the mail server said: 451 later")


def test_a_server_that_is_not_there_is_asked_once_in_a_drain(readers: Readers) -> None:
    for who in ("ann", "bob"):
        readers.follow(who, sources=["open"])
    readers.come("One")
    with patch("alerts.send.send", return_value=ServiceAnswer("connection refused")) as asked:
        assert readers.drain() == (0, 1, 0)
    assert asked.call_count == 1
    assert [trouble.channel for trouble in readers.store.channels.troubles()] == ["post"]
    readers.now += timedelta(minutes=1)
    assert readers.drain() == (2, 0, 0)
    assert readers.store.channels.troubles() == []


@pytest.mark.parametrize("gone", ["follow", "entity", "user", "source"])
def test_what_waits_for_what_is_gone_is_dropped_and_the_rest_goes_on(readers: Readers, gone: str) -> None:
    follow = readers.follow("ann", entities=["sable"])
    readers.follow("bob", sources=["open*"])
    readers.come("Sable", "sable", source="open2" if gone == "source" else "open")
    readers.come("Other")
    with patch("watcher.delivery.letters.Post.send", side_effect=StateError("full")), suppress(StateError):
        readers.drain()
    if gone == "follow":
        readers.store.readers.unfollow(follow, "ann")
    elif gone == "entity":
        del readers.config.entities["sable"]
    elif gone == "user":
        del readers.config.web.users["ann"]
    readers.drain()
    assert [to for to, _ in readers.got()] == ["bob@example.org"]
    assert readers.store.letters.counts() == {"pending": 0, "sent": 1, "dead": 0}


def test_a_letter_that_could_not_be_marked_is_not_sent_again(readers: Readers) -> None:
    readers.follow("ann", sources=["open"])
    readers.come("One")
    deliverer = Deliverer(readers.config, readers.store, lambda: readers.now)
    with patch("state.storage.readers.LetterBox.sent", side_effect=StateError("full")), pytest.raises(StateError):
        deliverer.drain()
    assert deliverer.drain().sent == 1
    assert len(readers.got()) == 1


def test_words_are_found_as_the_search_finds_them(readers: Readers) -> None:
    for find in ("muller gmb", "МЕД", "bank zürich", "o'neil", "mü", "!!"):
        readers.follow("ann", find=find)
    told = {
        "Müller GmbH": True,
        "Мёд Холдинг": True,
        "Zurich Bank": True,
        "O'Neill": True,
        "mütze": False,  # two letters are a word, not the beginning of one
        "Other": False,
    }
    for title, is_found in told.items():
        readers.come(title)
        readers.drain()
        assert bool(readers.got()) is is_found, title


def test_a_reader_is_told_of_a_mention(readers: Readers) -> None:
    for who in ("ann", "nobody"):
        notify(readers.config, readers.store, who, "bob mentions you", "Look & see", "https://desk.example/x", NOON)
    readers.drain()
    (mail,) = readers.office.mails
    assert (mail["To"], mail["Subject"], mail["List-Unsubscribe"]) == ("ann+desk@example.org", "bob mentions you", None)
    assert "Look & see" in mail.get_body(("plain",)).get_content()


def test_a_letter_goes_to_each_browser_and_one_that_is_gone_is_forgotten(readers: Readers) -> None:
    for number in range(2):
        readers.store.readers.subscribe_push("ann", f"https://push.example/{number}", "key", "auth", readers.now)
    readers.follow("ann", sources=["open"], by="push")
    event = readers.come("One")
    asked = list[tuple[str, ...]]()

    def send(_: Config, to: Any, title: str, text: str, url: str, clock: Any) -> Any:
        asked.append((to.endpoint, title, url))
        return ServiceAnswer("410 Gone", gone=True) if to.endpoint.endswith("/1") else None

    with patch("watcher.delivery.push.send_push", send):
        assert readers.drain() == (1, 0, 0)
        assert readers.drain() == (0, 0, 0)
    page = f"https://desk.example/changes/{event.id}"
    assert asked == [(f"https://push.example/{number}", "One: added (open)", page) for number in range(2)]
    assert [each.endpoint for each in readers.store.readers.pushes()] == ["https://push.example/0"]


def test_a_letter_has_the_translation_that_is_known_and_who_may_see_less_has_none(readers: Readers) -> None:
    options = TranslateOptions(engine="libretranslate", url="http://127.0.0.1:9/")
    readers.config = replace(readers.config, translate=options)
    for who in ("ann", "bob"):
        readers.follow(who, find="отозвана")
    event = readers.come("Лицензия отозвана")
    told = {"title": "Licence revoked", "fields": {}, "text": None, "engine": "E"}
    readers.store.translations.tell({event.id: told}, "en")
    readers.drain()
    texts = {mail["To"]: mail.get_body(("plain",)).get_content() for mail in readers.office.mails}
    assert {to[:3]: "machine translation (E): Licence revoked" in text for to, text in texts.items()} == {
        "ann": True,
        "bob": False,
    }
