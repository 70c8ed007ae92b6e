"""What page views cost a check that runs beside them: the same check in turns, with nobody looking and with 20 views a second."""

from __future__ import annotations

import threading
import time
from functools import partial
from itertools import cycle
from pathlib import Path
from statistics import median

from tests.bench.bench import Bench, Case
from tests.bench.contenders import OURS, reported
from tests.bench.desk.served import Server, signed_in
from tests.bench.measure import RunFailedError

RATE = 20  # page views a second
ENOUGH = 0.9 * RATE  # views a second; with fewer, on a busy machine, this is not what was promised
PAGES = ("/", "/changes", "/sources", "/entries", "/sources/s1", "/deliveries", "/entries?find=row", "/evidence")


class Views:
    """Somebody who looks at one page after the other, from `start` to `stop`, in a thread."""

    def __init__(self, server: Server) -> None:
        self._server, self._headers = server, signed_in(server)
        self._thread: threading.Thread | None = None
        self._stopped = threading.Event()
        self._seen, self._began, self._fault = 0, 0.0, ""
        self.rates: list[float] = []  # views a second, of each time that somebody looked

    def start(self) -> None:
        """Begin to look."""
        self._stopped.clear()
        self._seen, self._began, self._fault = 0, time.monotonic(), ""
        self._thread = threading.Thread(target=self._look, name="views")
        self._thread.start()

    def stop(self) -> None:
        """End. Raises RunFailedError when a page did not come."""
        if self._thread is None:
            return
        self._stopped.set()
        self._thread.join()
        self._thread = None
        self.rates.append(self._seen / (time.monotonic() - self._began))
        if self._fault:
            raise RunFailedError(self._fault)

    def _look(self) -> None:
        with self._server.browser(self._headers) as browser:
            for page in cycle(PAGES):
                answer = browser.get(page)
                if answer.status != 200:
                    self._fault = f"{page} was answered {answer.status}"
                    return
                self._seen += 1
                if self._stopped.wait(max(0.0, self._began + self._seen / RATE - time.monotonic())):
                    return


def labels(size: int) -> tuple[str, str]:
    """The labels of the two cases."""
    return f"a check of {size:,} unchanged sources", f"the same beside {RATE} page views a second"


def check_beside_views(bench: Bench, server: Server, size: int, turns: int) -> None:
    """Measure both cases in turns, over the documents of a state that the desk serves."""
    views = Views(server)

    def seen(text: str) -> None:
        views.stop()
        reported(OURS, {"unchanged": size}, text)

    folder = bench.ready(bench.ours, "page", size)
    alone, looked = (_case(bench, folder, size, label) for label in labels(size))
    alone.verify = partial(reported, OURS, {"unchanged": size})
    looked.before, looked.verify = views.start, seen
    try:
        bench.measure("desk", [alone, looked], turns)
    finally:
        views.stop()
    bench.facts["desk views"] = median(views.rates)
    bench.tell("desk", f"Page views a second beside the check: {median(views.rates):.1f}.")


def _case(bench: Bench, folder: Path, size: int, label: str) -> Case:
    case = bench.case(bench.ours, folder, size, {"304": size, "200": 0})
    case.label = label
    return case
