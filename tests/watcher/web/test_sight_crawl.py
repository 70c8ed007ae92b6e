"""What a limited user sees of the watch: every page and path of the API is asked, with all that whoever sees all can
find, and by numbers and names that are guessed. Whatever is foreign has a mark; no answer may have it.

`pytest -s` prints what was asked. A route that is new is asked by itself: the paths are those of the application.
"""

from __future__ import annotations

import gzip
import io
import re
import zipfile
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, closing
from functools import cache
from hashlib import sha256
from itertools import count, product
from pathlib import Path
from typing import Any
from urllib.parse import quote, urldefrag, urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup
from fastapi.dependencies.models import Dependant
from httpx import Response
from sqlalchemy import select
from starlette.testclient import TestClient

from state.db.tables.core import METADATA
from state.db.tables.readers import TOKENS
from state.model import Approval, Clearing, Event, EventKind, Mention, Route
from state.storage.browsing import ChangeFilter
from state.store import Store
from tests.watcher.web.conftest import ADDRESS, TOKEN
from watcher.config.load import load
from watcher.web.desk import Desk, _desk, now
from watcher.web.pages import API, CLOSED
from watcher.web.search import EntryIndex, Follower
from watcher.web.server import create_app
from watcher.web.signing_in import Throttle

SOURCE, WHOM = "zqsource", "zqwhom"  # the marks: of a source and all that it has, and of an entity
USERS = {
    "ann": 'sources = ["list"]',
    "ben": 'entities = ["telegram"]',
    "cat": 'sources = ["list"]\nentities = ["tele*"]',
    "dan": 'sources = ["nothing"]\nentities = ["nobody"]',
}
FOREIGN = {"ann": [SOURCE], "ben": [SOURCE, WHOM], "cat": [SOURCE, WHOM], "dan": [SOURCE, WHOM, "branch"]}
CONFIGURATION = """
[web]
edit = true
[entities.telegram]
names = ["Telegram"]
[entities.zqwhom]
names = ["Zqwhom Bank"]
[channels.mine]
url = "json://127.0.0.1:1/"
[channels.zqsource]
url = "json://127.0.0.1:1/"
[[alerts]]
sources = ["list"]
to = ["mine"]
[[alerts]]
name = "zqsource"
sources = ["zqsource"]
to = ["zqsource"]
[sources.zqsource]
kind = "json"
url = "{url}/zqsource"
items = "@"
key = "name"
"""
_PART = re.compile(r"\{(\w+)(?::\w+)?\}")
_KEY = re.compile(r"""(key=|W/"\d+-)[\w-]+""")  # of a feed, and its tag: both are made of what is asked for
_NUMBER = re.compile(r"\d+")
BODIES: list[dict[str, Any]] = [
    {},
    {"json": {}},
    {"json": {"text": "x"}},
    {"json": {"to": None}},
    {"json": {"entity": "telegram", "why": "x"}},
    {"json": {"value": "high"}},
    {"json": {"until": "2999-01-01T00:00:00Z"}},
    {"json": {"snapshot": "0123456789ab"}},
    {"data": {"snapshot": "0123456789ab", "text": "x", "value": "high", "to": "", "until": "2999-01-01T00:00"}},
    {"data": {"entity": "telegram", "why": "x", "last": "0"}},
]


@pytest.fixture
def watched(kept: Any, site: Any) -> None:
    """Two sources, read and changed and then held, with their evidence, deliveries and what people said."""
    users = "".join(f'[web.users.{name}]\nrole = "editor"\n{limits}\n' for name, limits in USERS.items())
    kept.configure(more=CONFIGURATION.format(url=site.url("").rstrip("/")) + users)
    firms = [f"Firm {number}" for number in range(30)]
    for branch, there in (("A", firms), ("B", firms), ("C", firms[:2])):
        rows = [{"name": "Telegram", "branch": branch}, {"name": "Zqwhom Bank", "branch": f"zqwhom {branch}"}]
        site.page("/list", [*rows, *({"name": each, "branch": "none"} for each in there)])
        marked = [{"name": f"zqsource {each}", "branch": f"zqsource {branch}"} for each in there]
        site.page("/zqsource", [{"name": "zqsource Telegram", "branch": f"zqsource {branch}"}, *marked])
        kept.run("--once", "--json")


@pytest.fixture
def desk(watched: None, folder: Path) -> Iterator[Desk]:
    """The desk over it; a foreign message waits to be approved, and somebody said something of what is foreign."""
    with ExitStack() as opened:
        config = load(folder / "watch.toml")
        store = opened.enter_context(Store.open(config.state))
        store.evidence.keep(config.evidence)
        at = now()
        desk = Desk(config, store, TOKEN, lambda: at)
        desk.hook_throttle = desk.share_throttle = Throttle(
            count(0, 10_000.0).__next__
        )  # else it answers most of them all
        desk.search = Follower(store, opened.enter_context(closing(EntryIndex(folder / "search.db"))))
        rows = [{"who": who, "name": "crawl", "scope": "act", "at": at, "until": None} for who in USERS]
        with store._database.writing() as connection:
            digests = [{"digest": sha256(f"token-of-{who}".encode()).digest()} for who in USERS]
            connection.execute(TOKENS.insert(), [a | b for a, b in zip(rows, digests, strict=True)])
        say_foreign(desk)
        assert store.clearings.clear(Clearing("zqwhom", "list", "Telegram", "zqwhom", "zqwhom", at), lambda _: {})
        desk.search.catch_up()
        yield desk


def say_foreign(desk: Desk) -> None:
    """A foreign change with all that may hang on one, and a comment on each foreign thing."""
    store, at = desk.store, desk.clock()
    data: dict[str, Any] = {
        "change": "changed",
        "key": "zqsource Firm 1",
        "title": "zqsource Telegram",
        "url": None,
        "published": None,
    }
    data |= {"fields": {"zqsource": {"before": "1", "after": "2"}}, "entry": {"zqsource": "2"}}
    mentions = [Mention("zqwhom", "Zqwhom Bank", "Zqwhom Bank", "title")]
    event = Event(EventKind.CHANGE, SOURCE, "zqsource", "record", at, at, data, mentions)
    routes = [Route("zqsource", at, approval=Approval(("mine",)))]
    foreign = store.log.add_alert((event, routes))
    (delivery,) = [each for each in store.outbox.due(at) if each.event.id == foreign.id]

    def ask(number: int) -> tuple[Event, list[Route]]:
        about = {"approval": number, "channel": "zqsource", "title": "zqsource", "text": "t", "until": None, "then": ""}
        return Event(EventKind.APPROVAL, "", "zqsource", "", at, None, about), [Route("mine", at)]

    texts = ("zqsource", "zqsource", "")
    store.outbox.compose("zqsource", f"{foreign.id}", *texts, [delivery.id], at, approval=delivery.approval, ask=ask)
    store.desk.handle(foreign.id, "zqsource", at)
    store.requests.add(SOURCE, at)
    cleared = Clearing("telegram", SOURCE, "zqsource Telegram", "zqsource zqwhom", "zqsource", at)
    assert store.clearings.clear(cleared, lambda _: {"title": ["zqsource zqwhom"]})
    for subject in (f"change {foreign.id}", "case zqwhom", f"snapshot 0123456789ab of source {SOURCE}"):
        store.discussion.comment(subject, "zqsource", f"zqsource zqwhom of {subject}", [], at)


def browser(desk: Desk, who: str) -> TestClient:
    """Asks as somebody, by a token of his; without a name as who sees all."""
    token = f"token-of-{who}" if who else TOKEN
    head = {"authorization": f"Bearer {token}"}
    return TestClient(create_app(desk), ADDRESS, follow_redirects=False, raise_server_exceptions=False, headers=head)


def routes_of(client: TestClient) -> list[Any]:
    """All routes of the application, also those of its routers: each has its path, its methods, and what it needs."""
    routes = client.app.routes  # type: ignore[attr-defined]
    nested = (getattr(each, "effective_route_contexts", lambda each=each: [each])() for each in routes)
    return [each for some in nested for each in some if getattr(each, "methods", None)]


def names_of(desk: Desk) -> list[str]:
    """All names that are known of the watch, of what is foreign and of what is not."""
    config = desk.config
    return [*config.sources, *config.entities, *config.channels, "#1"]


def fill(path: str, values: Mapping[str, list[str]], other: list[str]) -> Iterator[str]:
    """A route's path with values in the place of its parts, in each way."""
    parts = _PART.split(path)  # text and the names of parts, in turn
    for chosen in product(*(values.get(part, other) for part in parts[1::2])):
        yield "".join(a + quote(b, safe="") for a, b in zip(parts[::2], [*chosen, ""], strict=True))


def addresses(desk: Desk, routes: list[Any]) -> Iterator[str]:
    """Each path that is asked by GET, with every number and name in the place of its parts, and its known filters."""
    names = names_of(desk)
    feeds = ["changes", *(f"{kind}/{name}" for kind in ("sources", "entities", "rules") for name in names)]
    numbers = [*range(1, 16), *range(16, 70, 7)]  # of all events and deliveries, and of some entries of each source
    values = {"number": list(map(str, numbers)), "side": ["before", "after"], "table": ["sources", "entities"]}
    for route in routes:
        if "GET" in route.methods:
            named = {"name": feeds} if route.path.startswith("/feeds") else {}
            yield from fill(route.path, values | named, [*names, "1"])
    for name in names:
        word = quote(name, safe="")
        for page in ("changes", "api/v1/changes", "feeds/changes.atom"):
            yield from (f"/{page}?{filter_}={word}" for filter_ in ("source", "entity", "title", "key"))
        yield from (
            f"/entries?find={word}",
            f"/entries?source={word}",
            f"/sources?find={word}",
            f"/sources?status={word}",
        )
        yield from (f"/api/v1/sources/{each}/entries?find={word}" for each in desk.config.sources)


def text_of(answer: Response) -> str:
    """All that an answer says, packed or not."""
    said = f"{answer.status_code}\n{answer.headers}\n{answer.text}"
    if answer.headers.get("content-type") == "application/zip":
        with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
            for name in packed.namelist():
                body = packed.read(name)
                body = gzip.decompress(body) if name.endswith(".gz") else body
                said += f"\n{name}\n{body.decode('utf-8', 'replace')}"
    return said


def crawl(desk: Desk, who: str, further: Iterable[str] = ()) -> dict[str, str]:
    """What is answered to every path, to what the pages link to, and to `further` addresses: by address."""
    client = browser(desk, who)
    waiting, texts = deque(["/", *addresses(desk, routes_of(client)), *further]), dict[str, str]()
    while waiting:
        address = waiting.popleft()
        if address in texts or address.startswith(("/static/", "/sign-in")):
            continue
        answer = client.get(address)
        texts[address] = text_of(answer)
        if "html" in answer.headers.get("content-type", ""):
            links = BeautifulSoup(answer.text, "lxml").select("a[href], iframe[src], link[href]")
            found = (
                urldefrag(urljoin(ADDRESS + address, str(each.get("href") or each.get("src")))).url for each in links
            )
            waiting += [each.removeprefix(ADDRESS) for each in found if each.startswith(f"{ADDRESS}/")]
    return texts


def tell(desk: Desk, who: str, texts: Mapping[str, str], marks: Iterable[str]) -> list[str]:
    """Prints what was asked of each route and how it was answered; the addresses whose answers have a mark."""
    routes = [each for each in routes_of(browser(desk, "")) if "GET" in each.methods]
    answers, seen = defaultdict[str, Counter[str]](Counter), list[str]()
    for address, text in texts.items():
        path = urlsplit(address).path
        route = next((each.path for each in routes if each.path_regex.match(path)), path)
        answers[route][text[:3]] += 1
        # what is asked for is said again, as a word of the address, whether there is such a thing or not
        if any(mark in text.casefold() and mark not in address for mark in marks):
            answers[route]["with a mark"] += 1
            seen.append(address)
    print(f"\n{who or 'sees all'}: {len(texts)} addresses")
    for path, told in sorted(answers.items()):
        print(f"  {path:60} {', '.join(f'{number} {what}' for what, number in sorted(told.items()))}")
    return seen


def twin(text: str) -> str:
    """The same text about what nobody knows."""
    return re.sub("zq(source|whom)", r"qz\1", text, flags=re.IGNORECASE)


def test_no_answer_to_a_limited_user_has_a_mark_of_what_is_foreign(desk: Desk) -> None:
    everything = crawl(desk, "")
    assert len(tell(desk, "", everything, (SOURCE, WHOM))) > 100
    assert not [address for address, text in everything.items() if text.startswith("500")]
    for who, marks in FOREIGN.items():
        asked = crawl(desk, who, [each for each in everything if "key=" not in each])  # who has a key has the feed
        seen = tell(desk, who, asked, marks)
        assert seen == [], who
        assert not [address for address, text in asked.items() if text.startswith("500")]


@pytest.mark.parametrize("who", USERS)
def test_what_is_foreign_is_answered_as_what_is_not_there(desk: Desk, who: str) -> None:
    client, foreign = browser(desk, who), [mark for mark in FOREIGN[who] if mark.startswith("zq")]
    differ, statuses = [], Counter[int]()
    for address in dict.fromkeys(addresses(desk, routes_of(client))):
        if any(mark in address for mark in foreign):
            answer, other = client.get(address), client.get(twin(address))
            statuses[answer.status_code] += 1
            if _KEY.sub("", twin(text_of(answer))) != _KEY.sub("", twin(text_of(other))):
                differ.append(address)
    assert differ == []
    assert statuses[404] > 20


def test_more_of_what_is_foreign_changes_no_answer(desk: Desk) -> None:
    assert {browser(desk, who).get("/").status_code for who in USERS} == {200}  # from now on they are known to all
    asked = {who: crawl(desk, who) for who in ("ann", "ben")}
    say_foreign(desk)
    assert desk.search is not None
    desk.search.catch_up()
    for who, before in asked.items():
        after = crawl(desk, who, before)
        assert [address for address, text in before.items() if after[address] != text] == [], who


def test_a_limited_editor_acts_on_nothing_foreign(desk: Desk) -> None:
    foreign = desk.store.browse.changes(ChangeFilter(source=SOURCE), limit=500).events
    deliveries = [each.id for event in foreign for each in desk.store.outbox.of_event(event.id)]
    numbers = [str(number) for number in {*deliveries, *(event.id for event in foreign)}]
    entries = [str(each.id) for each in desk.store.entries.page(SOURCE, limit=3).entries]
    before = _stored(desk)
    asked = Counter[str]()
    for who in USERS:
        if who == "ben":  # to whom the changes of the own source about others are foreign, too
            continue
        client = browser(desk, who)
        ask_absent = cache(lambda method, path, at, client=client: client.request(method, path, **BODIES[at]))
        for route in routes_of(client):
            for method in set(route.methods) - {"GET", "HEAD", "OPTIONS"}:
                if not _PART.search(route.path):
                    continue
                known = entries if "/entries/" in route.path else numbers
                values = {"number": known, "answer": ["approve", "reject"], "table": ["sources"]}
                absent = {**values, "number": [f"{int(known[0]) + 900_000}"] * len(known)}
                paths = zip(fill(route.path, values, [SOURCE]), fill(route.path, absent, [twin(SOURCE)]), strict=True)
                for (path, other), (at, body) in product(paths, enumerate(BODIES)):
                    answer, as_absent = client.request(method, path, **body), ask_absent(method, other, at)
                    asked[f"{answer.status_code}"] += 1
                    said = [_NUMBER.sub("N", twin(each.text)) for each in (answer, as_absent)]
                    assert said[0] == said[1], (who, method, path, body)
                    assert answer.status_code == as_absent.status_code, (who, method, path)
    print(f"\nacts on what is foreign: {dict(asked)}")
    assert asked["404"] > 100
    assert _stored(desk) == before


def _stored(desk: Desk) -> dict[str, Any]:
    """All that people can act on, as it is stored."""
    names = (
        "deliveries",
        "messages",
        "approvals",
        "handled",
        "clearings",
        "comments",
        "marks",
        "shares",
        "check_requests",
        "sources",
    )
    return {name: desk.store._rows(select(METADATA.tables[name])) for name in (*names, "config_revisions")}


def test_every_route_for_who_is_signed_in_has_the_desk_of_that_person(desk: Desk) -> None:
    """The whole desk is asked for by those alone whose addresses say themselves who may ask."""
    routers = [*(page.router for page in CLOSED), *(page.api for page in API)]
    closed = {each.endpoint for router in routers for each in router.routes if hasattr(each, "endpoint")}
    whole = [route.path for route in routes_of(browser(desk, "")) if _asks_for_all(route) and route.endpoint in closed]
    assert whole == []


def _asks_for_all(route: Any) -> bool:
    return any(each.call is _desk for each in getattr(route, "dependant", Dependant()).dependencies)


def test_who_sees_one_entity_of_a_source_is_told_no_past_of_the_whole(desk: Desk) -> None:
    ben = browser(desk, "ben")
    past = ("/sources/list/past", "/sources/list/between", "/api/v1/sources/list/entries?at=2026-01-01")
    assert {ben.get(each).status_code for each in past} == {403}
    [entry] = ben.get("/api/v1/sources/list/entries").json()["items"]
    told = ben.get(f"/api/v1/entries/{entry['id']}").json()
    assert (told["title"], told["values"], told["gaps"]) == ("Telegram", [], [])
    assert "never read" not in ben.get(f"/entries/{entry['id']}").text
    assert "/past" not in ben.get("/sources/list").text
