"""Attacks on the desk: what a page elsewhere, a stranger on the network and a hostile register try."""

from __future__ import annotations

import http.client
import re
import resource
import socket
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

import httpx
from lxml import html

from tests.conftest import Site
from tests.torture.databases import place_in
from tests.torture.faults_mass import within
from tests.torture.processes import Program, Starved, until
from tests.torture.rows import Fault

TITLE = "Attacks on the desk"
TOKEN = "0123456789abcdef-the-token"
COOKIE = "registry-watch"
MOST_MEMORY = 900  # MB
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'>]]>&{{7*7}}"
PAGES = (
    *(
        "/",
        "/changes",
        "/changes/2",
        "/changes?title=%3Cscript%3E",
        "/cases",
        "/entries",
        "/entries?find=script",
        "/entries/1",
    ),
    *("/sources", "/sources/list", "/deliveries", "/evidence", "/add", "/x<y>"),
)
CONFIGURATION = """
state = "{state}"
[http]
private_addresses = "allow"
[web]
listen = "127.0.0.1:0"
proxy_header = "X-Forwarded-User"
trusted_proxies = ["10.0.0.1/32"]
[web.users.ada]
role = "editor"
[sources.list]
kind = "json"
url = "{site}"
items = "@"
key = "key"
label = "{label}"
"""


class Desk:
    """A desk over a log of one change, whose every field is hostile; asked with plain HTTP."""

    def __init__(self, address: str) -> None:
        self.address, self.netloc = address.rstrip("/"), urlsplit(address).netloc

    @contextmanager
    def browser(self, *, signed_in: bool = True, **options: Any) -> Iterator[httpx.Client]:
        with httpx.Client(base_url=self.address, **options) as client:
            if signed_in:
                client.get("/sign-in", params={"token": TOKEN})
            yield client

    def raw(self, path: str) -> int:
        """The status of a path that no client would send so."""
        connection = http.client.HTTPConnection(self.netloc, timeout=10)
        connection.putrequest("GET", path, skip_accept_encoding=True)
        connection.endheaders()
        return connection.getresponse().status

    def csrf(self, client: httpx.Client) -> str:
        found = re.search(r'name="csrf" value="(\w+)"', client.get("/changes/2").text)
        return found[1] if found else ""

    def handled(self) -> bool:
        bearer = {"authorization": f"Bearer {TOKEN}"}
        return httpx.get(f"{self.address}/api/v1/changes/2", headers=bearer).json()["handled"] is not None


def faults() -> Iterator[Fault]:
    with TemporaryDirectory() as name, place_in(Path(name)) as place:
        site, program = Site(), Program(Path(name), place)
        try:
            yield from attacks(served(site, program, place.url))
        finally:
            program.close()
            site.close()


def served(site: Site, program: Program, state: str) -> Desk:
    label = SCRIPT.replace("\\", "\\\\").replace('"', '\\"')
    program.configure(CONFIGURATION.format(state=state, site=site.url("/list"), label=label))
    for value in ("", SCRIPT):
        row = {"key": SCRIPT, "title": SCRIPT, "url": "javascript:alert(1)", SCRIPT: value}
        site.page("/list", [row])
        program.once()
    program.start("serve", "--token", TOKEN)
    out = program.folder / "out.2"
    until(lambda: out.read_text().count("\n") == 2)
    return Desk(out.read_text().split()[1])


def attacks(desk: Desk) -> Iterator[Fault]:
    yield Fault("rebinding: another host's name", "421", partial(rebinding, desk))
    yield Fault("Host: with a user, with a path", "421", partial(more_than_a_host, desk))
    yield Fault("1,100 unfinished heads, 1,024 files", "3 answered, < 10 kB of log", unfinished)
    answered = f"all 200 or 503, some of each sort 200, below {MOST_MEMORY} MB"
    yield Fault("6 at once ask for changes and proofs of 30 MB", answered, large_answers)
    yield Fault(
        "a length beside chunks, and a request behind them", "400, closed, 1 answer", partial(two_lengths, desk)
    )
    yield Fault("30 sign-ins led to from another site", "the right token: 200", partial(foreign_sign_ins, desk))
    yield Fault("CSRF: a form of another site", "403, nothing done", partial(forged, desk, origin="https://evil.test"))
    yield Fault(
        "CSRF: a form from another port", "403, nothing done", partial(forged, desk, origin="http://127.0.0.1:1")
    )
    yield Fault("CSRF: a form without our token", "403, nothing done", partial(forged, desk, csrf="guess"))
    yield Fault("CSRF: the API by a session alone", "403, nothing done", partial(by_session, desk))
    yield Fault("session fixation", "303 to the sign-in, the sign-in has another one", partial(fixation, desk))
    up = ("../../watch.toml", "%2e%2e/%2e%2e/watch.toml", "..%2f..%2fwatch.toml", "....//watch.toml")
    yield Fault("path traversal: static files, feeds, proofs", "404", partial(traversal, desk, up))
    yield Fault("a NUL in the path: static files, feeds, proofs", "400", partial(traversal, desk, ("%00", "a%00b")))
    yield Fault("a forged proxy header", "303 to the sign-in", partial(proxy, desk))
    yield Fault("the token in a Referer", "303 to /, sent to no other site", partial(referer, desk))
    yield Fault("a redirect to another site", "/", partial(redirect, desk))
    yield Fault("another feed's key", "404", partial(feed_key, desk))
    yield Fault("XSS: pages", "nothing that runs, no other script allowed", partial(pages, desk))
    yield Fault("XSS: the feed", "nothing that runs", partial(feed, desk))
    yield Fault("a body of 50 MB", "413", partial(large, desk))
    yield Fault("brute force: the API's token", "5 refused, then 429", partial(brute_force, desk, bearer=True))
    yield Fault(
        "wrong tokens, then the right one: the sign-in", "429, then 303", partial(brute_force, desk, bearer=False)
    )


def rebinding(desk: Desk) -> str:
    hosts = ("evil.test", "127.0.0.1.evil.test", "169.254.169.254", "[::ffff:1.2.3.4]", "")
    with desk.browser() as client:
        return said({client.get("/", headers={"host": host}).status_code for host in hosts})


def more_than_a_host(desk: Desk) -> str:
    with desk.browser() as client:
        hosts = (f"x@{desk.netloc}", f"{desk.netloc}/evil", f"{desk.netloc}?x", f"{desk.netloc}\\x")
        return said({client.get("/", headers={"host": host}).status_code for host in hosts})


def unfinished() -> str:
    """A desk of its own. Connections are made in turn, and stay."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 4096), most))
    with TemporaryDirectory() as name, place_in(Path(name)) as place, ExitStack() as ends:
        site, program = Site(), Program(Path(name), place)
        ends.callback(site.close)
        ends.callback(program.close)
        site.page("/list", [])
        program.configure(CONFIGURATION.format(state=place.url, site=site.url("/list"), label="list"))
        program.once()
        serving = program.start("serve", "--token", TOKEN, starved=Starved(files=1024))
        out = program.folder / "out.1"
        until(lambda: out.read_text().count("\n") == 2)
        address = urlsplit(out.read_text().split()[1])
        for _ in range(1_100):
            where = (address.hostname or "", address.port or 0)
            connection = ends.enter_context(socket.create_connection(where, timeout=30))
            with suppress(OSError):
                connection.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
        bearer = {"authorization": f"Bearer {TOKEN}"}
        asked = [httpx.get(f"{address.geturl()}api/v1/changes", headers=bearer, timeout=30) for _ in range(3)]
        written = len(serving.err())
        return f"{sum(each.is_success for each in asked)} answered, {'<' if written < 10_000 else written} 10 kB of log"


def large_answers() -> str:
    """A desk of its own, over three changes of an entry of 300 long values, with their evidence."""
    with TemporaryDirectory() as name, place_in(Path(name)) as place, ExitStack() as ends:
        site, program = Site(), Program(Path(name), place)
        ends.callback(site.close)
        ends.callback(program.close)
        configuration = CONFIGURATION.format(state=place.url, site=site.url("/list"), label="list")
        program.configure(configuration.replace("[http]", "[evidence]\n[http]", 1))
        for letter in "abcd":
            site.page("/list", [{"key": "1", **{f"field {at}": letter * 99_000 for at in range(300)}}])
            assert program.once().code == 0
        serving = program.start("serve", "--token", TOKEN)
        out = program.folder / "out.4"
        until(lambda: out.read_text().count("\n") == 2)
        address, headers = out.read_text().split()[1], {"authorization": f"Bearer {TOKEN}"}
        sorts = ("changes?limit=500", "changes/3", "changes/3/proof.zip")

        def ask(path: str) -> int:
            return httpx.get(f"{address}api/v1/{path}", headers=headers, timeout=120).status_code

        with ThreadPoolExecutor(6) as pool:
            codes = {sort: set(pool.map(ask, [sort] * 6)) for sort in sorts}
        fit = all(200 in each and each <= {200, 503} for each in codes.values())
        return f"{'all 200 or 503, some of each sort 200' if fit else codes}, {within(serving, MOST_MEMORY)}"


def two_lengths(desk: Desk) -> str:
    head = b"POST /sign-in HTTP/1.1\r\nHost: %s\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"
    there, answer = urlsplit(desk.address), b""
    with socket.create_connection((there.hostname or "", there.port or 0), timeout=30) as connection:
        host = desk.netloc.encode()
        connection.sendall(head % host + b"0\r\n\r\nGET /sign-in HTTP/1.1\r\nHost: " + host + b"\r\n\r\n")
        with suppress(ConnectionResetError):
            while piece := connection.recv(100_000):
                answer += piece
    return f"{answer[9:12].decode()}, closed, {answer.count(b'HTTP/1.1 ')} answer"


def foreign_sign_ins(desk: Desk) -> str:
    """As `<img src="http://127.0.0.1:8350/sign-in?token=x">` on any web page."""
    with desk.browser(signed_in=False) as client:
        for number in range(30):
            client.get("/sign-in", params={"token": f"wrong {number}"}, headers={"sec-fetch-site": "cross-site"})
    answer = httpx.get(f"{desk.address}/api/v1/changes", headers={"authorization": f"Bearer {TOKEN}"})
    return f"the right token: {answer.status_code}"


def forged(desk: Desk, origin: str = "", csrf: str = "") -> str:
    with desk.browser() as client:
        form, headers = {"csrf": csrf or desk.csrf(client)}, {"origin": origin} if origin else {}
        status = client.post("/changes/2/handled", data=form, headers=headers).status_code
    return f"{status}, {'done' if desk.handled() else 'nothing done'}"


def by_session(desk: Desk) -> str:
    with desk.browser() as client:
        status = client.post("/api/v1/changes/2/handled").status_code
    return f"{status}, {'done' if desk.handled() else 'nothing done'}"


def fixation(desk: Desk) -> str:
    with desk.browser(signed_in=False, cookies={COOKIE: "chosen"}) as client:
        given = client.get("/sign-in", params={"token": TOKEN}).headers["set-cookie"]
    answer = httpx.get(f"{desk.address}/", cookies={COOKIE: "chosen"})
    other = "the same one" if f"{COOKIE}=chosen" in given else "another one"
    return f"{answer.status_code} to the {answer.headers['location'].strip('/')}, the sign-in has {other}"


def traversal(desk: Desk, up: Sequence[str]) -> str:
    places = ("/static/", "/feeds/", "/feeds/sources/", "/api/v1/changes/2/", "/")
    return said({desk.raw(f"{place}{path}") for place in places for path in up})


def proxy(desk: Desk) -> str:
    answer = httpx.get(f"{desk.address}/", headers={"x-forwarded-user": "ada", "x-forwarded-for": "10.0.0.1"})
    return f"{answer.status_code} to the {answer.headers.get('location', '').strip('/')}"


def referer(desk: Desk) -> str:
    """No page stands at the address with the token, and no address of ours goes to another site."""
    answer = httpx.get(f"{desk.address}/sign-in", params={"token": TOKEN})
    policy = answer.headers["referrer-policy"]
    where = "sent to no other site" if policy in {"same-origin", "no-referrer"} else policy
    return f"{answer.status_code} to {answer.headers['location']}, {where}"


def redirect(desk: Desk) -> str:
    there = ("//evil.test", "https://evil.test", "/\\evil.test", "javascript:alert(1)", "/\r\nSet-Cookie: a=b")
    with desk.browser(signed_in=False) as client:
        answers = [client.get("/sign-in", params={"token": TOKEN, "next": next_}) for next_ in there]
    return said({answer.headers["location"] for answer in answers})


def feed_key(desk: Desk) -> str:
    with desk.browser() as client:
        renewed = client.post("/feeds/changes.atom/renew", data={"csrf": desk.csrf(client)}).headers["location"]
    key = renewed.partition("?key=")[2]
    keys = (key, "", "guess", key[:-1])
    statuses = {httpx.get(f"{desk.address}/feeds/sources/list.atom", params={"key": each}).status_code for each in keys}
    worked = httpx.get(f"{desk.address}{renewed}").status_code == 200
    return said(statuses) if worked else "its own key does not work"


def pages(desk: Desk) -> str:
    with desk.browser() as client:
        answers = [client.get(path) for path in PAGES]
    runs = [found for answer in answers for found in running(answer.text)]
    policies = {answer.headers["content-security-policy"] for answer in answers}
    strict = all("script-src 'self'" in each and "default-src 'none'" in each for each in policies)
    return f"{', '.join(runs) or 'nothing that runs'}, {'no other script allowed' if strict else said(policies)}"


def running(text: str) -> Iterator[str]:
    """What a browser would run of a page, but for our own script, and the bookmark that is offered as one."""
    for element in html.fromstring(text).iter():
        if element.get("id") == "bookmarklet":
            continue
        if element.tag == "script" and not element.get("src", "").startswith("/static/"):
            yield "a script"
        if element.tag == "img" or any(name.startswith("on") for name in element.attrib):
            yield "an event handler"
        runs = ("javascript:",) if element.tag == "link" else ("javascript:", "data:")  # our icon is data:,
        if any(value.strip().lower().startswith(runs) for value in element.attrib.values()):
            yield "an address that runs"


def feed(desk: Desk) -> str:
    with desk.browser() as client:
        text = client.get("/feeds/changes.atom").text
    return "a script" if "<script" in text or "javascript:" in text else "nothing that runs"


def large(desk: Desk) -> str:
    with desk.browser() as client:
        content, form = (
            iter([b"token="] + [b"x" * 100_000] * 500),
            {"content-type": "application/x-www-form-urlencoded"},
        )
        return str(client.post("/sign-in", content=content, headers=form).status_code)


def brute_force(desk: Desk, *, bearer: bool) -> str:
    def ask(token: str) -> int:
        if bearer:
            headers = {"authorization": f"Bearer {token}"}
            return httpx.get(f"{desk.address}/api/v1/changes", headers=headers).status_code
        return httpx.post(f"{desk.address}/sign-in", data={"token": token}).status_code

    if not bearer:  # the address has failed before, by the API
        return f"{ask('wrong')}, then {ask(TOKEN)}"
    seen = [ask(f"wrong {number}") for number in range(10)]
    return f"{seen.index(429)} refused, then {said(set(seen[seen.index(429) :]))}" if 429 in seen else said(set(seen))


def said(values: set[Any]) -> str:
    return ", ".join(sorted(map(str, values)))
