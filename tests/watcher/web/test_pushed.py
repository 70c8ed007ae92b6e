"""What programs push into a source, by the API: over a real state, with the comparison of all checks."""

from __future__ import annotations

import io
import json
import threading
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from httpx import Response
from starlette.testclient import TestClient

from state.store import Store
from tests.watcher.web.conftest import ADDRESS, TOKEN
from watcher.config.load import load
from watcher.evidence.verification import of_state
from watcher.web.desk import Desk, now
from watcher.web.server import create_app

CONFIGURATION = """
[evidence]
[web.users.viewer]
role = "viewer"
[web.users.part]
role = "editor"
sources = ["other"]
[entities.sable]
names = ["Sable Capital"]
[channels.desk]
url = "json://127.0.0.1:1/"
[[alerts]]
entities = ["sable"]
to = ["desk"]
[sources.bot]
kind = "pushed"
max_bytes = 1500000
{more}
[sources.list]
kind = "json"
url = "http://127.0.0.1:9/"
items = "@"
key = "name"
"""


class Bot:
    """A program with a token of its own for a desk over a state, which another desk may share."""

    def __init__(self, folder: Path) -> None:
        self.file, self._ends = folder / "watch.toml", ExitStack()
        self.configure()

    def configure(self, more: str = "") -> None:
        self.file.write_text(CONFIGURATION.format(more=more))
        config = load(self.file)
        self.store = self._ends.enter_context(Store.open(config.state))
        self.store.evidence.keep(config.evidence)
        self.desk = Desk(config, self.store, TOKEN, now)
        self.api = TestClient(create_app(self.desk), f"{ADDRESS}/api/v1/", raise_server_exceptions=False)
        self.api.headers["authorization"] = f"Bearer {TOKEN}"

    def post(self, *entries: Any, source: str = "bot", key: str = "", **more: Any) -> Response:
        headers = {"idempotency-key": key} if key else {}
        return self.api.post(f"sources/{source}/entries", json={"entries": entries, **more}, headers=headers)

    def push(self, *entries: Any, **more: Any) -> tuple[str, int, list[tuple[str, str]]]:
        answer = self.post(*entries, **more)
        assert answer.status_code == 200, answer.text
        told = answer.json()
        return told["status"], told["entries"], [(each["change"], each["key"]) for each in told["changes"]]

    def close(self) -> None:
        self._ends.close()


@pytest.fixture
def bot(tmp_path: Path) -> Iterator[Bot]:
    made = Bot(tmp_path)
    yield made
    made.close()


def firms(number: int, **fields: str) -> list[dict[str, Any]]:
    return [{"key": f"{at:02}", "title": f"Firm {at}", "fields": fields} for at in range(number)]


def test_what_is_pushed_is_added_or_changed_and_nothing_is_removed(bot: Bot) -> None:
    assert bot.push(*firms(3, status="A")) == ("baseline", 3, [])
    assert bot.push({"key": "03"}) == ("ok", 4, [("added", "03")])
    assert bot.push(*firms(1, status="B")) == ("ok", 4, [("changed", "00")])
    assert bot.push(*firms(1, status="B")) == ("unchanged", 4, [])
    assert bot.push() == ("unchanged", 4, [])
    assert bot.push({"key": "03", "title": "Sable Capital"}) == ("ok", 4, [("changed", "03")])
    assert bot.api.get("sources/bot").json()["due"] is None
    assert bot.api.get("sources/bot").json()["part"] is None


def test_what_a_complete_push_does_not_have_was_removed(bot: Bot) -> None:
    bot.push(*firms(3))
    assert bot.push(*firms(2), complete=True) == ("ok", 2, [("removed", "02")])
    assert bot.push({"key": "02", "title": "Firm 2"}) == ("ok", 3, [("reappeared", "02")])


def test_a_push_of_what_changed_alone_is_no_mass_change_and_no_other_keys(bot: Bot) -> None:
    bot.push(*({"key": f"k{at}", "title": "Filing", "fields": {"status": "A"}} for at in range(40)))
    changed = [{"key": f"k{at}", "title": "Filing", "fields": {"status": f"B{at}"}} for at in range(12)]
    assert bot.push(*changed)[:2] == ("ok", 40)
    new = [{"key": f"n{at}", "title": "Filing", "fields": {"status": "A"}} for at in range(30)]
    status, entries, changes = bot.push(*new)
    assert (status, entries, {kind for kind, _ in changes}, len(changes)) == ("ok", 70, {"added"}, 30)


def test_a_mass_loss_is_held_until_somebody_accepts_it(bot: Bot) -> None:
    bot.push(*firms(30))
    assert bot.push(*firms(3), complete=True) == ("suspicious", 30, [])
    held = bot.api.get("sources/bot").json()
    assert (held["status"], held["reason"], held["held"]["removed"]) == ("suspicious", "mass_loss", 27)
    assert bot.api.post("sources/bot/accept", json={"snapshot": held["held"]["snapshot"]}).json()["entries"] == 3
    assert bot.push(*firms(3), complete=True) == ("unchanged", 3, [])
    gone = bot.api.get("changes").json()["items"][0]["id"]
    assert bot.api.get(f"changes/{gone}/proof.zip").status_code == 200
    assert of_state(bot.store, bot.file.with_name("evidence")).problems == []


def test_the_same_push_is_answered_as_before_and_another_under_its_key_is_refused(bot: Bot) -> None:
    bot.push(*firms(2))
    first = bot.post({"key": "a", "title": "Sable Capital"}, key="k1")
    bot.push({"key": "a", "title": "Firm A"})
    again = bot.post({"key": "a", "title": "Sable Capital"}, key="k1")
    assert (again.status_code, again.content) == (200, first.content)
    assert bot.push({"key": "a", "title": "Firm A"}) == ("unchanged", 3, [])
    assert bot.post({"key": "b"}, key="k1").status_code == 409
    assert bot.post({"key": "b"}, key="k" * 300).status_code == 422
    bot.store.pushed.expire(now())
    assert bot.store.pushed.find("bot", "k1") is None


def test_two_at_once_under_one_key_are_one(bot: Bot) -> None:
    bot.push(*firms(2))
    ready = threading.Barrier(2)

    def push(_: int) -> Response:
        ready.wait()
        return bot.post({"key": "a"}, key="k1")

    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(push, range(2))
    assert one.content == other.content
    assert len(bot.api.get("changes").json()["items"]) == 1


def test_of_several_at_once_none_is_lost_and_none_is_doubled(bot: Bot) -> None:
    bot.push(*firms(2))
    bots = [bot, Bot(bot.file.parent)]  # two processes would be two stores and two desks, as these are

    def push(at: int) -> None:
        answer = bots[at % 2].post({"key": f"n{at}"})
        while answer.status_code == 503:
            answer = bots[at % 2].post({"key": f"n{at}"})
        assert [each["key"] for each in answer.json()["changes"]] == [f"n{at}"]

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(push, range(18)))
    bots[1].close()
    told = [each["key"] for each in bot.api.get("changes?limit=100").json()["items"]]
    assert sorted(told) == sorted(f"n{at}" for at in range(18))
    assert bot.push() == ("unchanged", 20, [])


@pytest.mark.parametrize(
    ("body", "status", "where"),
    [
        (b"", 400, "no JSON"),
        (b"\xff{", 400, "no JSON"),
        (b'{"entries": [', 400, "no JSON"),
        (b"[" * 100_000, 422, "object"),
        (b"[]", 422, "object"),
        (b"{}", 422, "entries"),
        (b'{"entries": [], "whole": true}', 422, "whole"),
        (b'{"entries": [], "complete": 1}', 422, "complete"),
        (b'{"entries": [{"key": "a"}, {"title": "b"}]}', 422, "entries[1]"),
        (b'{"entries": [{"key": 1}]}', 422, "entries[0].key"),
        (b'{"entries": [{"key": " \\u0000\\u200b"}]}', 422, "entries.0.key"),
        (json.dumps({"entries": [{"key": "k" * 10_001}]}).encode(), 422, "entries.0.key"),
        (b'{"entries": [{"key": "a"}, {"key": "a ", "title": "b"}]}', 422, "entries.1.key"),
        (b'{"entries": [{"key": "a", "url": "javascript:alert(1)"}]}', 422, "entries.0.url"),
        (b'{"entries": [{"key": "a", "url": "https://["}]}', 422, "entries.0.url"),
        (b'{"entries": [{"key": "a", "published": "soon"}]}', 422, "entries.0.published"),
        (b'{"entries": [{"key": "a", "fields": ["b"]}]}', 422, "entries[0].fields"),
        (b'{"entries": [{"key": "a", "fields": {"a": %s1%s}}]}' % (b"[" * 200_000, b"]" * 200_000), 400, "no JSON"),
    ],
)
def test_a_body_that_cannot_be_taken_is_refused_with_where_and_is_no_trouble_of_the_source(
    bot: Bot, body: bytes, status: int, where: str
) -> None:
    answer = bot.api.post("sources/bot/entries", content=body, headers={"idempotency-key": "k"})
    assert (answer.status_code, where in answer.json()["error"]) == (status, True), answer.text
    assert bot.api.get("sources/bot").json()["status"] == "new"
    assert bot.push({"key": "a"}, key="k") == ("baseline", 1, [])


def test_what_is_larger_than_its_source_may_be_is_refused_before_it_is_read(bot: Bot) -> None:
    large = json.dumps({"entries": firms(30_000)}).encode()
    assert bot.api.post("sources/bot/entries", content=large[:1_400_000]).status_code == 400
    assert bot.api.post("sources/bot/entries", content=large).status_code == 413
    assert bot.api.post("sources/bot/entries", content=iter([large])).status_code == 413
    assert bot.api.post("sources/list/entries", content=large[:1_400_000]).status_code == 413
    assert bot.push(*firms(20_000)) == ("baseline", 20_000, [])


@pytest.mark.parametrize(
    ("more", "source", "status"), [("", "nobody", 404), ("", "list", 409), ("enabled = false", "bot", 409)]
)
def test_only_a_source_that_takes_pushes_takes_one(bot: Bot, more: str, source: str, status: int) -> None:
    bot.configure(more)
    assert bot.post({"key": "a"}, source=source).status_code == status


@pytest.mark.parametrize(
    ("who", "scope", "status"), [("viewer", "act", 403), ("part", "act", 404), ("token", "read", 403)]
)
def test_who_may_not_act_or_does_not_see_the_source_pushes_nothing(bot: Bot, who: str, scope: str, status: int) -> None:
    _, token = bot.store.tokens.make(who, "bot", scope, now(), None)
    bot.api.headers["authorization"] = f"Bearer {token}"
    assert bot.post({"key": "a"}).status_code == status


def test_a_watched_name_is_alerted_and_its_proof_says_who_pushed_it(
    bot: Bot, tmp_path: Path, watch: Callable[..., Any]
) -> None:
    bot.push(*firms(2))
    for title in ("Sable Capital", "Firm A", "Sable Capital"):
        answer = bot.post({"key": "a", "title": title}).json()
    assert [each["entities"] for each in answer["changes"]] == [["sable"]]
    assert bot.store.outbox.counts()["pending"] == 4  # the first look, and the changes
    assert of_state(bot.store, tmp_path / "evidence").problems == []
    proof = bot.api.get(f"changes/{answer['changes'][0]['id']}/proof.zip").content
    (tmp_path / "proof.zip").write_bytes(proof)
    assert watch("verify", "proof.zip").code == 0
    with zipfile.ZipFile(io.BytesIO(proof)) as packed:
        [page] = [packed.read(name).decode() for name in packed.namelist() if name.endswith("proof.html")]
    assert "<th>Pushed by</th><td>token</td>" in page
    assert "It fetched nothing here" in page
    assert "the server's answer" not in page


def test_other_options_read_the_last_push_again_and_remove_nothing(bot: Bot) -> None:
    bot.push(*firms(3, home="A"))
    bot.push(*firms(1, home="B"))
    bot.configure('personal = ["home"]')
    assert bot.push(*firms(1, home="C")) == ("unchanged", 3, [])
