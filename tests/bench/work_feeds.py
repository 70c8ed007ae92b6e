"""Feeds of 50 items."""

from __future__ import annotations

from functools import partial

from tests.bench.bench import Bench
from tests.bench.contenders import Bare, Contender, reported


def feeds(bench: Bench) -> None:
    """Feeds of 50 items: all answered 304; then with a new item in each."""
    size = 1_000 if bench.full else 100
    for label, status, state in (("304", "304", "unchanged"), ("a new item in each", "200", "ok")):
        cases = []
        contenders: list[Contender] = [bench.ours, Bare()]
        for contender in contenders:
            folder = bench.ready(contender, "feed", size, "feed")
            case = bench.case(contender, folder, size, {"200": 0, "304": 0} | {status: size})
            case.label = f"{size:,} feeds, {label}"
            case.verify = partial(reported, contender.name, {state: size})
            cases.append(case)
        bump = partial(bench.site.bump, "feed", 0, size)
        bench.measure("feeds", cases, before=bump if state == "ok" else lambda: None)


WORKLOADS = {"feeds": feeds}
