"""A person's own page, and the same by the API: follows, an address, browsers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from httpx import Response
from starlette.testclient import TestClient

from state.storage.readers import BOUNCES, Interest
from state.store import Store
from tests.push_services import SECRET, base64
from tests.watcher.web.conftest import ADDRESS, CONFIGURATION, NOW, TOKEN, csrf, press, read
from watcher.config.load import load
from watcher.config.settings import WebUser
from watcher.web.desk import LINKS_A_DAY, Desk
from watcher.web.pages import me
from watcher.web.server import create_app
from watcher.web.viewers import LANGUAGE_COOKIE

READERS = """
[channels.letters]
url = "mailto://127.0.0.1:9/?from=desk@desk.test&to={reader}"
readers = true
"""
WEB = """
[web]
base_url = "http://127.0.0.1:8350"
proxy_header = "X-User"
trusted_proxies = ["127.0.0.1/32"]
[web.users.ada]
role = "viewer"
[web.users.bob]
sources = ["ofac"]
entities = ["onyx"]
"""
MORE = """
[sources.ofac]
kind = "table"
url = "http://127.0.0.1:9/ofac"
key = "No"
[entities.onyx]
names = ["Onyx Bank"]
"""
API = "/api/v1/me/follows"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    file = tmp_path / "watch.toml"
    file.write_text(CONFIGURATION + MORE + WEB + READERS)
    config = load(file)
    with Store.open(config.state) as store:
        yield Desk(config, store, TOKEN, lambda: NOW)


@pytest.fixture
def person(desk: Desk) -> Callable[[str], TestClient]:
    """The browser of somebody whom a proxy names."""

    def sign_in(name: str) -> TestClient:
        peer = {"client": ("127.0.0.1", 1), "headers": {"X-User": name}}
        return TestClient(create_app(desk), ADDRESS, follow_redirects=False, raise_server_exceptions=False, **peer)

    return sign_in


@pytest.fixture
def ada(person: Callable[[str], TestClient]) -> TestClient:
    """A browser of a user with the role viewer."""
    return person("ada")


def followed(desk: Desk, who: str = "ada") -> list[Interest]:
    found = [each.interest for each in desk.store.readers.follows(who)]
    return [each._replace(entities=tuple(each.entities), sources=tuple(each.sources)) for each in found]


@pytest.mark.parametrize(
    ("address", "wish"),
    [
        ("/cases/sable", Interest(entities=("sable",))),
        ("/sources/fca", Interest(sources=("fca",))),
        ("/changes?entity=sable", Interest(entities=("sable",))),
        ("/changes?source=fca&title=licence+revoked", Interest(sources=("fca",), find="licence revoked")),
        ("/entries?find=licence", Interest(find="licence")),
    ],
)
def test_a_button_follows_what_a_page_shows(ada: TestClient, desk: Desk, address: str, wish: Interest) -> None:
    answer = press(ada, address, "/me/follows", by="atom", when="daily")
    assert (answer.status_code, answer.headers["location"]) == (303, "/me")
    assert followed(desk) == [wish._replace(by="atom", when="daily")]


@pytest.mark.parametrize(
    "address",
    ["/changes", "/changes?entity=*", "/changes?source=fca&entity=sable", "/changes?title=x&change=added", "/entries"],
)
def test_what_says_more_than_a_follow_can_has_no_button(ada: TestClient, address: str) -> None:
    assert read(ada, address).select_one('form[action="/me/follows"]') is None


def test_a_follow_is_changed_and_ended_at_the_page(ada: TestClient, desk: Desk) -> None:
    press(ada, "/cases/sable", "/me/follows", by="mail", when="at once")
    (first,) = desk.store.readers.follows("ada")
    assert press(ada, "/me", f"/me/follows/{first.id}", by="push", when="hourly").status_code == 303
    assert followed(desk) == [Interest(entities=("sable",), by="push", when="hourly")]
    (second,) = desk.store.readers.follows("ada")
    assert press(ada, "/me", f"/me/follows/{second.id}/end").status_code == 303
    assert followed(desk) == []
    assert [each.what for each in reversed(desk.store.desk.actions())] == ["follow", "unfollow", "unfollow"]


def test_a_change_that_is_refused_keeps_the_follow(ada: TestClient, desk: Desk) -> None:
    wish = Interest(entities=("gone",), by="atom")
    number = desk.store.readers.follow("ada", wish, NOW)
    assert press(ada, "/me", f"/me/follows/{number}", by="push", when="daily").status_code == 404
    assert followed(desk) == [wish]


@pytest.fixture
def ask(ada: TestClient) -> Callable[..., Response]:
    """Asks the API as ada, whom a browser would vouch for."""
    ada.headers["X-CSRF-Token"] = csrf(ada.get("/me").text)
    return lambda **body: ada.post(API, json=body)


def test_the_api_follows_lists_and_ends(
    ask: Callable[..., Response], ada: TestClient, nobody: TestClient, desk: Desk
) -> None:
    made = ask(entities=["sable"], sources=["f*"], find="  licence \0 x ", by="atom", when="hourly")
    assert made.status_code == 201
    expected = {"entities": ["sable"], "sources": ["f*"], "find": "licence x", "by": "atom", "when": "hourly"}
    feed = made.json()["feed"]
    assert made.json() == {"id": 1, **expected, "at": NOW.isoformat().replace("+00:00", "Z"), "feed": feed}
    assert (feed.startswith(f"{ADDRESS}/me/feed.atom"), nobody.get(feed).status_code) == (True, 200)
    assert ask(entities=["sable"], sources=["f*"], find="licence x", by="atom", when="hourly").json()["id"] == 1
    assert ada.get(API).json() == {"items": [made.json()], "next": None}
    assert [ada.delete(f"{API}/1").status_code for _ in range(2)] == [204, 404]
    assert followed(desk) == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"entities": ["nobody"]}, 404),
        ({"entities": ["sab*"]}, 404),
        ({"sources": ["x*"]}, 404),
        ({"sources": ["fca", "\0"]}, 404),
        ({}, 422),
        ({"find": "  "}, 422),
        ({"find": "x" * 501}, 422),
        ({"find": "x", "by": "pigeon"}, 422),
        ({"find": "x", "when": "never"}, 422),
        ({"find": "x", "typo": 1}, 422),
        ({"find": 3}, 422),
        ({"entities": ["sable"] * 101}, 422),
        ({"find": "x", "mail": "no address"}, 422),
        ({"find": "x", "mail": "a@b.test\r\nBcc: c@d.test"}, 422),
        ({"find": "x", "mail": "a@b.test,c@d.test"}, 422),
    ],
)
def test_what_cannot_be_followed_is_refused_and_kept_nowhere(
    ask: Callable[..., Response], desk: Desk, body: dict[str, Any], status: int
) -> None:
    assert ask(**body).status_code == status
    assert followed(desk) == []


def test_what_one_may_not_see_is_answered_as_what_is_not_there(person: Callable[[str], TestClient], desk: Desk) -> None:
    bob = person("bob")
    bob.headers["X-CSRF-Token"] = csrf(bob.get("/me").text)
    for key, hidden, none in (("entities", "sable", "nobody"), ("sources", "fca", "none"), ("sources", "f*", "x*")):
        answers = [bob.post(API, json={key: [name], "by": "atom"}) for name in (hidden, none)]
        assert [each.status_code for each in answers] == [404, 404]
        assert answers[0].text.replace(hidden, none) == answers[1].text
    assert bob.post(API, json={"sources": ["ofac"], "entities": ["onyx"], "by": "atom"}).status_code == 201


def test_nobody_ends_or_sees_what_another_follows(
    ask: Callable[..., Response], person: Callable[[str], TestClient], desk: Desk
) -> None:
    number = ask(entities=["sable"], by="atom").json()["id"]
    eve = person("eve")
    eve.headers["X-CSRF-Token"] = csrf(eve.get("/me").text)
    assert eve.delete(f"{API}/{number}").status_code == 404
    assert eve.post(f"/me/follows/{number}/end").status_code == 404
    assert (eve.get(API).json()["items"], len(followed(desk))) == ([], 1)


def test_a_reader_follows_so_many_things_and_no_more(
    ask: Callable[..., Response], desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(me, "MOST", 2)
    assert [ask(find=word, by="atom").status_code for word in ("a", "b", "c")] == [201, 201, 422]


def test_without_our_token_or_a_person_nothing_is_done(ada: TestClient, nobody: TestClient, desk: Desk) -> None:
    for path in ("/me/follows", "/me/mail", "/me/browsers"):
        assert ada.post(path, data={"find": "x", "by": "atom", "when": "daily"}).status_code == 403
        assert nobody.post(path).headers["location"] == "/sign-in"
    assert (nobody.get(API).status_code, nobody.post(API, json={"find": "x"}).status_code) == (401, 401)
    assert followed(desk) == []


def test_the_holder_of_the_token_follows_under_that_name(nobody: TestClient, desk: Desk) -> None:
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    assert nobody.post(API, json={"sources": ["fca"], "by": "atom"}, headers=bearer).status_code == 201
    assert followed(desk, "token") == [Interest(sources=("fca",), by="atom")]


def test_an_address_waits_for_its_link(ask: Callable[..., Response], ada: TestClient, desk: Desk) -> None:
    assert "You have given none" in ada.get("/me").text
    assert ask(entities=["sable"], mail="ada@reader.test").status_code == 201
    assert "waits for you to open the link" in ada.get("/me").text
    (letter,) = desk.store.letters.all()
    assert (letter.who, letter.address) == ("ada", "ada@reader.test")
    assert letter.text_id
    text = desk.store.letters.texts([letter.text_id])[letter.text_id]
    assert f"{text.url}\n" in text.text
    assert ada.post(text.url.removeprefix(ADDRESS)).status_code == 200
    assert "goes to <strong>ada@reader.test" in ada.get("/me").text
    assert [desk.store.letters.note_bounce("ada", "550 <no> such user") for _ in range(BOUNCES)][-1]
    page = ada.get("/me").text
    assert ("550 &lt;no&gt; such user" in page, "Send the link again" in page) == (True, True)


def test_nobody_is_flooded_with_links(ada: TestClient, person: Callable[[str], TestClient], desk: Desk) -> None:
    def give(client: TestClient, address: str) -> int:
        return client.post("/me/mail", data={"csrf": csrf(client.get("/me").text), "address": address}).status_code

    assert [give(ada, address) for address in ("a@x.test", "A@x.test", "b@x.test")] == [303, 429, 303]
    assert give(person("eve"), "a@x.test") == 429
    desk.clock = lambda: NOW + timedelta(minutes=5)
    assert give(ada, "a@x.test") == 303
    others = [give(ada, f"{number}@x.test") for number in range(LINKS_A_DAY)]
    assert others == [303] * (LINKS_A_DAY - 3) + [429] * 3
    desk.clock = lambda: NOW + timedelta(days=1)
    assert give(ada, "c@x.test") == 303
    assert len(desk.store.letters.all(limit=100)) == LINKS_A_DAY + 1


def test_an_address_of_the_configuration_needs_no_link(
    ask: Callable[..., Response], ada: TestClient, desk: Desk, tmp_path: Path
) -> None:
    named = WEB.replace("[web.users.bob]", 'mail = "ada@desk.test"\n[web.users.bob]')
    (tmp_path / "watch.toml").write_text(CONFIGURATION + MORE + named + READERS)
    desk.use(load(tmp_path / "watch.toml"))
    shown = read(ada, "/me")
    assert "ada@desk.test, which the configuration names" in shown.text
    assert shown.select_one('form[action="/me/mail"]') is None
    assert [ask(find="x", mail=address).status_code for address in ("a@other.test", "ada@desk.test")] == [422, 201]
    assert [desk.store.letters.note_bounce("ada", "550 no such user") for _ in range(BOUNCES)][-1]
    assert read(ada, "/me").select_one('form[action="/me/mail"]')


def test_without_a_channel_for_readers_nothing_is_followed_by_mail(ada: TestClient, desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "watch.toml").write_text(CONFIGURATION + WEB)
    desk.use(load(tmp_path / "watch.toml"))
    assert press(ada, "/cases/sable", "/me/follows", by="mail", when="daily").status_code == 422
    assert "Nothing is mailed to readers here" in ada.get("/me").text


@pytest.fixture
def keys() -> dict[str, str]:
    """The keys of a browser."""
    point = ec.generate_private_key(ec.SECP256R1()).public_key()
    raw = point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return {"p256dh": base64(raw), "auth": base64(SECRET)}


def test_a_browser_is_added_and_removed(ada: TestClient, desk: Desk, keys: dict[str, str]) -> None:
    assert len(ada.get("/me/key").text) == 87
    made = press(ada, "/me", "/me/browsers", endpoint="https://push.test/<1>", **keys)
    assert made.status_code == 303
    (kept,) = desk.store.readers.pushes("ada")
    assert kept.endpoint == "https://push.test/<1>"
    assert "push.test" in ada.get("/me").text
    assert press(ada, "/me", "/me/browsers/end").status_code == 303
    assert desk.store.readers.pushes("ada") == []


@pytest.mark.parametrize(
    "broken", [{"endpoint": "http://push.test/1"}, {"endpoint": "https://["}, {"p256dh": "x"}, {"auth": ""}]
)
def test_what_is_no_browser_is_not_kept(
    ada: TestClient, desk: Desk, keys: dict[str, str], broken: dict[str, str]
) -> None:
    given = {"endpoint": "https://push.test/1", **keys, **broken}
    assert press(ada, "/me", "/me/browsers", **given).status_code == 422
    assert desk.store.readers.pushes() == []


def test_the_desk_can_be_installed(nobody: TestClient) -> None:
    manifest = nobody.get("/manifest.webmanifest")
    assert manifest.headers["content-type"].startswith("application/manifest+json")
    assert nobody.get(manifest.json()["icons"][0]["src"]).headers["content-type"].startswith("image/svg+xml")
    worker = nobody.get("/worker.js")
    assert (worker.status_code, worker.headers["content-type"].partition(";")[0]) == (200, "text/javascript")
    assert "worker-src 'self'; manifest-src 'self'" in worker.headers["content-security-policy"]


def test_a_token_is_made_shown_once_and_ended(ada: TestClient, nobody: TestClient, desk: Desk) -> None:
    made = press(ada, "/me", "/me/tokens", name="a <script>", scope="read", until="2030-01-01")
    token = BeautifulSoup(made.text, "lxml").select_one("h2 + .note code")
    assert token
    bearer = {"Authorization": f"Bearer {token.text}"}
    assert nobody.get(API, headers=bearer).status_code == 200
    assert nobody.post(API, json={"find": "x", "by": "atom"}, headers=bearer).status_code == 403
    page = ada.get("/me").text
    assert (token.text in page, "a &lt;script&gt;" in page) == (False, True)
    (kept,) = desk.store.tokens.of("ada")
    assert press(ada, "/me", f"/me/tokens/{kept.id}/end").status_code == 303
    assert nobody.get(API, headers=bearer).status_code == 401


def test_a_token_for_more_than_one_may_is_refused(ada: TestClient, person: Callable[[str], TestClient]) -> None:
    assert [each["value"] for each in read(ada, "/me").select("select[name=scope] option")] == ["read"]
    for given, status in (({"scope": "act"}, 403), ({"name": ""}, 422), ({"until": "2020-01-01"}, 400)):
        fields = {"name": "x", "scope": "read", **given}
        assert press(ada, "/me", "/me/tokens", **fields).status_code == status
    assert read(person("eve"), "/me").select_one('form[action="/me/tokens"]') is None  # of whom nothing is configured


@pytest.mark.parametrize(("own", "accepted", "of_all"), [("fr", "de", "en"), (None, "de", "en"), (None, "", "pl")])
def test_a_language_is_chosen_for_a_browser_before_all_others_and_the_choice_taken_back(
    ada: TestClient, desk: Desk, own: Any, accepted: str, of_all: Any
) -> None:
    users = {"ada": WebUser(role="viewer", language=own)}
    desk.use(replace(desk.config, language=of_all, web=desk.config.web.model_copy(update={"users": users})))
    ada.headers["accept-language"] = accepted
    before = own or accepted or of_all
    for asked, spoken in (("", before), ("ar", "ar"), ("", before), ("zh", "zh")):
        assert press(ada, "/me", "/me/language", language=asked).status_code == 303
        page = read(ada, "/me")
        assert page.html["lang"] == spoken
        chosen = page.select_one("select[name=language] option[selected]")
        assert (chosen["value"] if chosen else "") == asked
        assert page.select_one("bdi")["lang"] == spoken
    assert read(ada, "/changes").html["lang"] == "zh"
    assert press(ada, "/me", "/me/language", language="tlh").status_code == 422
    ada.cookies.delete(LANGUAGE_COOKIE)
    ada.cookies.set(LANGUAGE_COOKIE, "../en")
    assert ada.get("/changes").headers["content-language"] == before
