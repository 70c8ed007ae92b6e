"""What is news and what is not: removals that a rolling list hides, and a source that alternates between two faults."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from tests.torture.desks import register
from tests.torture.rows import Fault

AT_ONCE = 4
WINDOW = 'listing = "window"\npublished = "at"'


def faults() -> Iterator[Fault]:
    for name, after, expected in (
        ("one deleted, two others change places", "gefcba", "removed d"),
        ("the newest deleted", "fedcba", "removed g"),
        ("the newest deleted, another one comes", "hfedcb", "added h, removed g"),
        ("the oldest pushed off", "hgfedcb", "added h"),
    ):
        yield Fault(f"a rolling list: {name}", expected, partial(rolling, after))
    yield Fault("9 checks, 500 and a login page in turns", "1 health alert", alternating)
    yield Fault("9 checks, 500 and half of the list in turns", "1 health alert", partial(alternating, suspicious=True))


def rows(names: str) -> list[dict[str, str]]:
    return [{"name": name, "branch": "A", "at": f"2025-07-{ord(name) - 87}"} for name in names]


def rolling(after: str) -> str:
    with register(source=WINDOW) as case:
        case.site.page("/list", rows("gfedcba"))
        assert case.program.once().json["sources"][0]["status"] == "baseline"
        case.site.page("/list", rows(after))
        changes = case.program.once().json["sources"][0]["changes"]
        return ", ".join(f"{each['change']} {each['key']}" for each in changes) or "nothing"


def alternating(*, suspicious: bool = False) -> str:
    """Nine checks: none of the pages is to be believed, and each second one is another trouble."""
    with register() as case:
        many = [f"Company {number}" for number in range(40)]
        case.site.page("/list", [{"name": name, "branch": "A"} for name in many])
        assert case.program.once().json["sources"][0]["status"] == "baseline"
        before = len(case.told("/ops"))
        for number in range(9):
            if number % 2:
                case.site.page("/list", status=500)
            elif suspicious:
                case.site.page("/list", [{"name": name, "branch": "A"} for name in many[:10]])
            else:
                login = '<html><title>Log in</title><form><input type="password"></form></html>'
                case.site.page("/list", login, type="text/html")
            case.program.once()
        return f"{len(case.told('/ops')) - before} health alert"
