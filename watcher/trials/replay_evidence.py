"""Checks a source over the pages kept as evidence: what would the present options and reader have alerted?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sources import FetchError, Get, Page, Source
from sources.http.request import Validators
from state.evidence.reading import Recalled, Shown, recall
from state.evidence.store import CaptureInfo
from state.model import Event
from state.store import Store
from watcher.config.arguments import choose_sources
from watcher.config.load import Config, load
from watcher.config.open_state import evidence_options, open_known_state
from watcher.errors import UsageError
from watcher.trials.dated_pages import Capture
from watcher.trials.held import held_snapshot, take
from watcher.trials.replay import Step, rehearsal, show


def reread(path: Path | None, name: str, *, as_json: bool) -> int:
    """Check the source `name` over the pages kept of it, one capture after the other, and print each step.

    Returns the exit code: 1 if none of them could be read. Raises ConfigError, UsageError and StateError.
    """
    config = load(path)
    choose_sources(config, [name])
    kept = evidence_options(config)
    with open_known_state(config) as store:
        found = store.evidence.captures(name) if store else []
        if not store or not found:
            raise UsageError(f"{name}: no page of it is kept as evidence; docs/evidence.md says which are")
        steps = reread_steps(config, name, store, kept.path, found)
        return show(config, steps, len(found), "their times", as_json=as_json)


def reread_steps(config: Config, name: str, kept: Store, folder: Path, found: Sequence[CaptureInfo]) -> Iterator[Step]:
    """Check the source with the pages of each capture in the folder, at its time. Nothing is sent, and no state is
    changed.

    A snapshot that was accepted by hand is accepted here, too, if it is still suspicious.
    """
    site = KeptPages(found[0].at, config.secrets.hide)
    with rehearsal(config, name, site, lambda: site.at) as stage:
        for info in found:
            site.show(recall(kept.evidence, folder, info))
            result, events = stage.check()
            if info.same_as and result.status == "suspicious":
                taken = _taken(stage.store, config, name, site.at)
                result = replace(result, status="ok", reason=None, message=None, events=taken)
            capture = Capture(Path(f"capture {info.id}"), info.at)
            yield Step(capture, result, events, {"capture": info.id, "kind": info.kind, "at": info.at.isoformat()})


def _taken(store: Store, config: Config, name: str, now: datetime) -> list[Event]:
    held = held_snapshot(store, config, name, (), now)
    return take(store, held) if held else []


class KeptPages:
    """A fetcher, and its sessions: it answers with the pages of one capture."""

    def __init__(self, at: datetime, hide: Callable[[str], str]) -> None:
        self.at, self._hide = at, hide
        self._encoding: str | None = None
        self._pages: dict[str, list[Shown]] = {}

    def show(self, recalled: Recalled) -> None:
        """Use these pages from now on."""
        self.at = recalled.info.at
        self._pages = defaultdict(list)
        for shown in recalled.pages:
            self._pages[shown.told["asked"]].append(shown)

    def session(self, source: Source) -> KeptPages:
        """A session for one check; as there are no cookies, the same object."""
        self._encoding = source.encoding
        return self

    async def fetch(self, get: Get, validators: Validators | None = None) -> Page:  # noqa: ARG002 - never answers 304
        """The page that answered this request. If it was requested several times, the answers in order."""
        found = self._pages.get(self._hide(get.identity))
        if not found:
            raise FetchError(f"of {get.url} nothing was kept in this check", code="not_kept")
        shown = found.pop(0) if len(found) > 1 else found[0]
        told = shown.told
        fetched = datetime.fromisoformat(told["fetched"])
        return Page(get, told["url"], told["status"], shown.headers, shown.body, fetched, self._encoding)
