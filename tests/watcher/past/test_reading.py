"""Captures of others in the order of time: which are believed, what is said of the others, and what a second reading does."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sources import Get, Page
from state.model import PastCapture
from state.store import Store
from tests.watcher.conftest import Configure, Ran
from watcher.config.load import load
from watcher.past import reading
from watcher.past.offers import OfferedCapture
from watcher.past.reading import Layouts, PastOutcome, PastReader

LIST = '[sources.list]\nkind = "json"\nurl = "{url}"\nitems = "@"\nkey = "name"\n'
START, NOW = datetime(2019, 1, 1, tzinfo=UTC), datetime(2020, 1, 1, tzinfo=UTC)


def rows(*names: str) -> str:
    return json.dumps([{"name": name} for name in names])


@dataclass
class Witness:
    """Offers pages, one an hour, and reads them; `asked` are those that were asked for."""

    store: Store
    config: Path
    asked: list[int] = field(default_factory=list)

    def offer(self, number: int, text: str, where: str = "") -> OfferedCapture:
        at = START + timedelta(hours=number)

        def answer(get: Get) -> Page:
            self.asked.append(number)
            return Page(get, get.url, 200, {"content-type": "application/json"}, text.encode(), at)

        return OfferedCapture(at, where or str(number), answer)

    def read(
        self, *offers: OfferedCapture, advance: Callable[[], None] = lambda: None, now: datetime = NOW
    ) -> PastOutcome:
        layouts = Layouts(load(self.config), "list")
        return PastReader(self.store, "list", layouts, "folder", now).read_all(offers, advance)

    def stored(self) -> list[PastCapture]:
        return self.store.past.captures("list")


@pytest.fixture
def witness(configure: Configure, store: Store) -> Witness:
    return Witness(store, configure(LIST.format(url="http://127.0.0.1:9/list")))


def told(outcome: PastOutcome) -> tuple[list[str], list[tuple[str, str]], int]:
    """Where the believed captures are, the others with their reasons, and the number of changes."""
    skipped = [(each.where, each.reason) for each in outcome.skipped]
    return [each.witness.where for each in outcome.read], skipped, outcome.changes


def test_a_second_reading_asks_for_nothing_and_changes_nothing(witness: Witness) -> None:
    offers = [witness.offer(number, rows("A", *"BC"[:number])) for number in range(3)]
    first, stored = told(witness.read(*offers)), witness.stored()
    witness.asked.clear()
    assert told(witness.read(*offers)) == first == (["0", "1", "2"], [], 2)
    assert (witness.stored(), witness.asked) == (stored, [])


@pytest.mark.parametrize("after", [1, 2, 3, 4])
def test_a_reading_that_was_interrupted_goes_on(witness: Witness, after: int) -> None:
    hundred = [f"Company {number}" for number in range(100)]
    lists = [hundred, hundred[:40], [*hundred, "New"], [*hundred, "New"], ["Gone", *hundred]]
    offers = [witness.offer(number, rows(*names)) for number, names in enumerate(lists)]
    left = iter(range(after))

    def interrupt() -> None:
        if next(left, None) is None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        witness.read(*offers, advance=interrupt)
    assert told(witness.read(*offers)) == (["0", "2", "3", "4"], [("1", "mass_loss")], 3)
    assert len(witness.stored()) == 5


def test_the_order_of_reading_does_not_matter(witness: Witness) -> None:
    offers = [witness.offer(number, rows("A", *"BCD"[:number])) for number in range(4)]
    witness.read(offers[3], offers[1])
    assert told(witness.read(*reversed(offers))) == (["0", "1", "2", "3"], [], 3)


def test_what_is_in_the_future_is_skipped(witness: Witness) -> None:
    late = witness.offer(24 * 366, rows("B"), "late")
    assert told(witness.read(witness.offer(0, rows("A")), late)) == (["0"], [("late", "future")], 0)
    assert witness.asked == [0]


def test_what_is_known_here_is_skipped(
    witness: Witness, watch: Callable[..., Ran], configure: Configure, site: Any
) -> None:
    site.page("/list", json.loads(rows("A", "B")))
    configure(LIST.format(url=site.url("/list")) + '[http]\nprivate_addresses = "allow"\n')
    assert watch("--once").code == 0
    late = witness.offer(24 * 366 * 100, rows("C"), "late")
    outcome = witness.read(witness.offer(0, rows("A")), late, now=late.at)
    assert told(outcome) == (["0"], [("late", "known_here")], 0)
    assert witness.asked == [0]


def test_of_two_captures_of_one_second_both_are_kept_and_one_counts(witness: Witness) -> None:
    offers = [witness.offer(1, rows("A"), "a"), witness.offer(1, rows("B"), "b"), witness.offer(2, rows("A"), "c")]
    assert told(witness.read(*offers)) == (["a", "b", "c"], [], 0)


FAULTS = {
    "half a page": (rows("A", "B")[:-9], "truncated"),
    "an error page": (
        "<html><head><title>503 Service Unavailable</title></head><h1>503</h1></html>",
        "error_page",
    ),
    "nothing": ("", "empty_body"),
    "an earlier name of the key": ('[{"title": "A"}]', "not_found"),
}


@pytest.mark.parametrize("what", FAULTS)
def test_a_page_that_cannot_be_read_is_skipped_alone(witness: Witness, what: str) -> None:
    text, reason = FAULTS[what]
    offers = [witness.offer(0, rows("A")), witness.offer(1, text), witness.offer(2, rows("A", "B"))]
    assert told(witness.read(*offers)) == (["0", "2"], [("1", reason)], 1)


def test_of_pages_of_another_form_all_are_skipped(witness: Witness) -> None:
    old, new = (
        [{"name": f"{prefix} {number}", "city": f"City {number}"} for number in range(100)]
        for prefix in ("No.", "Number")
    )
    lists = [old, old[1:], new, [*new, {"name": "New"}]]
    offers = [witness.offer(number, json.dumps(entries)) for number, entries in enumerate(lists)]
    read, skipped, changes = told(witness.read(*offers))
    assert (read, [where for where, _ in skipped], changes) == (["2", "3"], ["0", "1"], 1)
    assert told(witness.read(*offers)) == (read, skipped, changes)


def test_of_many_equal_captures_few_are_parsed(witness: Witness, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed, parse = list[bytes](), reading.read_blocks
    monkeypatch.setattr(
        reading,
        "read_blocks",
        lambda source, page, *rest, **more: parsed.append(page.body) or parse(source, page, *rest, **more),
    )
    changes = set(range(0, 1000, 100))
    names = {number: max(each for each in changes if each <= number) for number in range(1000)}
    outcome = witness.read(*(witness.offer(number, rows("A", f"B{name}")) for number, name in names.items()))
    assert (len(outcome.read), outcome.changes, len(parsed)) == (1000, 2 * 9, 10)


def test_what_other_options_cannot_read_is_believed_no_more(witness: Witness, configure: Configure) -> None:
    offers = [witness.offer(number, rows("A", *"BC"[:number])) for number in range(2)]
    witness.read(*offers)
    configure(LIST.format(url="http://127.0.0.1:9/list").replace('"name"', '"number"'))
    outcome = witness.read(*offers)
    assert (len(outcome.read), len(outcome.skipped)) == (0, 2)
    assert not [each for each in witness.stored() if each.is_believed]
