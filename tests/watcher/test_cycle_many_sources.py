"""Many sources at once: silent hosts do not delay the others; cookies stay with their source."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sources.http.session import Fetcher
from state.store import Store
from tests.sync_cycle import sync_cycle
from watcher.config.load import load
from watcher.cycle import Cycle

HEAD = """
[http]
private_addresses = "allow"
spacing = "0s"
timeout = "10m"
per_host = 8
"""


def source(name: str, url: str) -> str:
    return f'[sources.{name}]\nkind = "json"\nurl = "{url}"\nitems = "@"\nkey = "name"\n'


def test_two_hundred_sources_of_which_a_twentieth_are_silent(
    new_site: Callable[[], Any], configure: Callable[..., Any]
) -> None:
    sites = [new_site() for _ in range(20)]
    for site in sites:
        site.page("/list", [{"name": "Telegram"}])
        site.silent("/silent")
    path = configure(
        HEAD
        + "".join(source(f"quick-{number}", sites[number % 20].url(f"/list?{number}")) for number in range(190))
        + "".join(source(f"silent-{number}", sites[number].url(f"/silent?{number}")) for number in range(10))
    )
    config, clock = load(path), lambda: datetime.now(UTC)
    fetcher = Fetcher(config.http, clock=clock)
    with Store.open(config.state) as store, sync_cycle(Cycle(config, store, fetcher, clock), fetcher) as cycle:
        for name in config.sources:
            cycle.start(name)
        quick, silent = Counter[str](), Counter[str]()
        while quick.total() < 190:
            quick.update(result.status for result in cycle.step(0.5))
        for site in sites:
            site.closing.set()
        while len(cycle):
            silent.update(result.status for result in cycle.step(0.5))
    assert (quick, silent) == ({"baseline": 190}, {"failing": 10})


def test_two_sources_on_one_host_never_see_each_other_s_cookies(
    site: Any, configure: Callable[..., Any], watch: Callable[..., Any]
) -> None:
    def greeted(name: str) -> Callable[[Any], Any]:
        """Sets a cookie and sends on to the list, which shows what came back."""
        return lambda asked: site.Reply("", 302, {"Set-Cookie": f"who={name}; Path=/", "Location": f"/list?{name}"})

    for name in ("one", "two"):
        site.page(f"/{name}", greeted(name))
    site.page("/list", lambda asked: [{"name": asked.headers.get("cookie", "none")}])
    configure(HEAD + source("one", site.url("/one")) + source("two", site.url("/two")))
    for _ in range(3):
        said = json.loads(watch("--once", "--json").out)
        assert [one["status"] for one in said["sources"]] in (["baseline", "baseline"], ["unchanged", "unchanged"])
    seen = {(asked.path, asked.headers.get("cookie")) for asked in site.requests if asked.path.startswith("/list")}
    assert seen == {("/list?one", "who=one"), ("/list?two", "who=two")}
    first_steps = {asked.headers.get("cookie") for asked in site.requests if not asked.path.startswith("/list")}
    assert first_steps == {None}
