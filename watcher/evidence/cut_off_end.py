"""Finds records beyond the end of a chain that was cut off with its records: captures, events and messages refer to
them.
"""

from __future__ import annotations

from collections.abc import Iterator

from alerts.message.blocks import said_links
from state.evidence.verify import Problem
from state.store import Store

_CUT = "its end was cut off"


def beyond(store: Store, end: int) -> Iterator[Problem]:
    """The first capture, event and sent message that refer to records after the record `end`. Raises StateError."""
    yield from _captures(store, end)
    yield from _events(store)
    yield from _messages(store)


def _captures(store: Store, end: int) -> Iterator[Problem]:
    for info in store.evidence.all_captures():
        if (
            info.last > end and next(store.evidence.chain(info.last, info.last), None) is None
        ):  # not written since the chain was read
            yield Problem(info.last, info.file, f"a capture has it, and the chain ends before it: {_CUT}")
            return


def _events(store: Store) -> Iterator[Problem]:
    for event in store.evidence.unfounded()[:1]:
        yield Problem(None, f"#{event}", f"it had a proof, and the chain has no record of it: {_CUT}")


def _messages(store: Store) -> Iterator[Problem]:
    for told in store.evidence.told_proofs():
        links = said_links(told.text, told.event)
        if links and told.link[:16] not in links:
            what = f"has the link {told.link[:16]} now" if told.link else f"is not there: {_CUT}"
            yield Problem(None, f"#{told.event}", f"an alert said that its proof has the link {links[0]}; it {what}")
            return
