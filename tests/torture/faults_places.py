"""What many share, and eight hostile ones of a kind: how long a good source is not asked for meanwhile."""

from __future__ import annotations

import json
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from functools import partial
from itertools import count, cycle, pairwise

from tests.conftest import Asked, Site
from tests.torture.desks import Register, register
from tests.torture.documents import MAZE
from tests.torture.processes import WELL_FED, Starved, until
from tests.torture.rendering import BROWSER, skipped
from tests.torture.rows import Fault, Row

TITLE = "Eight hostile sources of a kind beside a good one"
EIGHT = 8
LASTS = 40.0  # seconds of an attack
EVERY, SELDOM = 1.0, 5.0  # seconds: of a plain source, of a rendered one
LATE = 1.0  # seconds by which the good source may be late
GOOD = "good.example"
SILENT = [f"h{number}.zone{number % EIGHT}.silent" for number in range(100)]
NAMED = [f"h{number}.named.silent" for number in range(300)]
HOSTS = dict.fromkeys([GOOD, *SILENT, *NAMED], "127.0.0.1")
LARGE = 29_000_000  # characters of one entry
SOURCE = '[sources.{name}]\nkind = "{kind}"\nurl = "{url}"\nevery = "{every}s"\n{options}\n'
TABLE = 'key = "A"\n'
JSON = 'items = "@"\nkey = "id"\n'
RENDERED = f'{TABLE}fetch = "browser"\n'
SLOW = f'{TABLE}expect.total = "div div div div b"\n'  # takes for ever in MAZE
TOTAL = f"{'<div>' * 4}<b>1</b>{'</div>' * 4}"
SIMPLE = f"<!doctype html><html><body><table><tr><th>A<tr><td>1</table>{TOTAL}</body></html>"
ASKING = f"{SIMPLE}<script>for (const n of {NAMED}) fetch('http://' + n).catch(() => 0)</script>"
RESTLESS = f"{SIMPLE}<script>setInterval(() => fetch('/more?' + Math.random()), 50)</script>"

Page = Callable[[Asked], object]


def faults() -> Iterator[Fault | Row]:
    def fault(name: str, every: float, attack: Callable[[Attack], str]) -> Fault:
        return Fault(name, f"asked within {every + LATE:g} s", partial(tried, attack))

    yield fault("one site: redirects to pages that take for ever", EVERY, redirecting)
    yield fault("eight hosts: pages that take for ever", EVERY, reading)
    yield fault("one site: 80 pages that take for ever", EVERY, partial(reading, hosts=1, many=80))
    yield fault("eight silent zones: 100 sources", EVERY, silent)
    yield fault("eight hosts: an entry of 29 MB that changes", EVERY, large)
    if nothing := skipped():
        yield nothing
        return
    yield fault("eight rendered pages that ask for 300 names", EVERY, asking)
    yield fault("one site: eight rendered pages without rest", SELDOM, restless)


class Attack:
    """A daemon with a good source, and hostile ones that behave until `go`."""

    def __init__(self, case: Register, stack: ExitStack) -> None:
        self._case, self._stack, self._began = case, stack, threading.Event()
        self._asked = list[float]()
        self._sources = list[str]()

    def site(self) -> Site:
        site = Site()
        self._stack.callback(site.close)
        return site

    def good(self, body: Callable[[], object], kind: str, options: str, every: float, host: str = "127.0.0.1") -> None:
        def answer(asked: Asked) -> object:
            self._asked.append(time.monotonic())
            return body()

        of_html = "text/html" if kind == "table" else None
        self._case.site.page("/good", answer, headers={"Connection": "close"}, type=of_html)
        self._add("good", kind, self._case.site.url("/good", host), options, every)

    def hostile(self, url: str, kind: str, options: str) -> None:
        self._add(f"hostile{len(self._sources)}", kind, url, options, EVERY)

    def later(self, body: object, before: object = SIMPLE) -> Page:
        """A page that is hostile once the attack has begun."""

        def answer(asked: Asked) -> object:
            found = body if self._began.is_set() else before
            return found() if callable(found) else found

        return answer

    def go(self, every: float, *, top: str = "", hosts: Mapping[str, str] | None = None) -> str:
        """The longest time for which the good source was not asked, in words."""
        self._case.configure(top=top, more="".join(self._sources))
        daemon = self._case.program.start(starved=Starved(hosts=hosts) if hosts else WELL_FED)
        until(lambda: len(self._asked) >= 3, 120, "the good source is not asked")
        begins = time.monotonic()
        self._began.set()
        (self._case.program.folder / "silent").touch()
        time.sleep(LASTS)
        times = [begins, *(each for each in self._asked if each > begins), time.monotonic()]
        longest = max(after - before for before, after in pairwise(times))
        daemon.signal(signal.SIGKILL)
        return f"asked within {every + LATE:g} s" if longest <= every + LATE else f"not asked for {longest:.1f} s"

    def _add(self, name: str, kind: str, url: str, options: str, every: float) -> None:
        self._sources.append(SOURCE.format(name=name, kind=kind, url=url, options=options, every=every))


def tried(attack: Callable[[Attack], str]) -> str:
    with ExitStack() as stack:
        return attack(Attack(stack.enter_context(register()), stack))


def rows(numbers: Iterator[int]) -> str:
    """A table of 100 kB, another one each time."""
    lines = "".join(f"<tr><td>{row}<td>{'x' * 90}" for row in range(1000))
    return (
        f"<!doctype html><html><body><table><tr><th>A<th>B{lines}<tr><td>new<td>{next(numbers)}</table></body></html>"
    )


def small(numbers: Iterator[int]) -> list[dict[str, object]]:
    return [{"id": 1, "title": next(numbers)}]


def redirecting(attack: Attack) -> str:
    attack.good(partial(rows, count()), "table", TABLE, EVERY)
    own, elsewhere = attack.site(), [attack.site() for _ in range(4)]
    for number in range(EIGHT):
        to = elsewhere[number % 4]
        to.page("/maze", MAZE, type="text/html")
        own.page(
            f"/{number}", attack.later(Site.Reply(status=302, headers={"Location": to.url("/maze")})), type="text/html"
        )
        attack.hostile(own.url(f"/{number}"), "table", SLOW)
    return attack.go(EVERY)


def reading(attack: Attack, hosts: int = EIGHT, many: int = EIGHT) -> str:
    attack.good(partial(rows, count()), "table", TABLE, EVERY)
    sites = [attack.site() for _ in range(hosts)]
    for number in range(many):
        site, path = sites[number % hosts], f"/{number}"
        site.page(path, attack.later(MAZE), type="text/html")
        attack.hostile(site.url(path), "table", SLOW)
    return attack.go(EVERY)


def silent(attack: Attack) -> str:
    attack.good(partial(small, count()), "json", JSON, EVERY, GOOD)
    site = attack.site()
    site.page("/", SIMPLE, type="text/html", headers={"Connection": "close"})
    for host in SILENT:
        attack.hostile(site.url("/", host), "table", TABLE)
    return attack.go(EVERY, hosts=HOSTS)


def asking(attack: Attack) -> str:
    attack.good(partial(small, count()), "json", JSON, EVERY, GOOD)
    for _ in range(EIGHT):
        site = attack.site()
        site.page("/", attack.later(ASKING), type="text/html")
        attack.hostile(site.url(), "table", RENDERED)
    return attack.go(EVERY, top=BROWSER, hosts=HOSTS)


def restless(attack: Attack) -> str:
    attack.good(lambda: SIMPLE, "table", RENDERED, SELDOM)
    site = attack.site()
    for number in range(EIGHT):
        site.page(f"/{number}", attack.later(RESTLESS), type="text/html")
        attack.hostile(site.url(f"/{number}"), "table", RENDERED)
    return attack.go(SELDOM, top=BROWSER.replace("tabs = 4", "tabs = 2"))


def large(attack: Attack) -> str:
    """Each is another text as a whole each time."""
    attack.good(partial(small, count()), "json", JSON, EVERY)
    texts = [json.dumps([{"id": 1, "title": f"{word} " * (LARGE // 3)}]).encode() for word in ("so", "or")]
    for _ in range(EIGHT):
        site, bodies = attack.site(), cycle(texts)
        site.page("/", attack.later(partial(next, bodies), [{"id": 1, "title": "one"}]))
        attack.hostile(site.url(), "json", JSON)
    return attack.go(EVERY)
