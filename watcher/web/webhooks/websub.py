"""Asks the hubs of feeds to tell the desk at once when something is new (WebSub), if `[web] websub = true`.

A hub confirms by a GET to the source's hook, and then posts to it: hooks.py. Each day it is asked again, as what it
grants ends. That a hub cannot be reached, or tells nothing, costs only the haste: the source is checked as before.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Iterator
from contextlib import aclosing
from datetime import timedelta

from sources import Get, Source, SourceError
from sources.formats.feed_head import hub_of
from sources.formats.links import absolute
from state.errors import StateError
from watcher.reports.feeds import hook_address
from watcher.web.desk import Desk

_log = logging.getLogger(__name__)

EVERY = 86_400.0  # seconds between two requests to a hub
_LEASE = 10 * 86_400  # seconds for which a hub is asked
_TIMEOUT = timedelta(seconds=30)


class Subscriber:
    """Asks hubs in a thread of its own, from `start` to `stop`."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._stopped = desk, threading.Event()
        self._thread = threading.Thread(target=self._run, name="websub", daemon=True)

    def start(self) -> None:
        """Begin, if the configuration wants it."""
        if self._desk.config.web.websub:
            self._thread.start()

    def stop(self) -> None:
        """End; a request under way is not waited for."""
        self._stopped.set()

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                asyncio.run(subscribe(self._desk))
            except StateError as error:
                _log.warning("no hub was asked: %s", error)
            self._stopped.wait(EVERY)


async def subscribe(desk: Desk) -> int:
    """Ask each hub once; how many took the request. Raises StateError."""
    from sources.http.fetcher import Fetcher  # 10 MB that a desk without hubs does not need

    taken = 0
    async with aclosing(Fetcher(desk.config.http, clock=desk.clock)) as fetcher:
        for source, hub, topic in _offered(desk):
            desk.websub[source] = topic
            form = {
                "hub.mode": "subscribe",
                "hub.topic": topic,
                "hub.callback": hook_address(source, desk.store, desk.config.web.base_url or ""),
                "hub.lease_seconds": str(_LEASE),
            }
            try:
                await fetcher.session(Source(timeout=_TIMEOUT)).fetch(Get(hub, "POST", form=form))
                taken += 1
            except SourceError as error:
                _log.info("%s: its hub was not asked: %s", source, desk.config.secrets.hide(error.message))
    return taken


def _offered(desk: Desk) -> Iterator[tuple[str, str, str]]:
    """The feeds that offer a hub, by their accepted pages: the source, the hub's address, and what the feed is called
    there. Raises StateError.
    """
    for name, source in desk.config.sources.items():
        if source.enabled and source.listing == "window":
            page = next((stored.page for stored in desk.store.pages(name)), None)
            found = hub_of(page) if page else None
            if page and found:
                yield name, absolute(page.url, found[0]), absolute(page.url, found[1])
