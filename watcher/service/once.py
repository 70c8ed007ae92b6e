"""`watch --once`: check every source once, deliver what is due, and exit."""

import logging
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from sources.browser.fetcher import PageFetcher
from sources.http.resume import Beginnings
from state.errors import StateError
from state.store import Store
from watcher.check.outcome import Result
from watcher.config.arguments import choose_sources
from watcher.config.load import Config, Sending, load
from watcher.config.open_state import downloads_folder, open_state_to_run
from watcher.cycle import Cycle
from watcher.delivery.added_entities import alert_additions
from watcher.delivery.deliver import Deliverer, Drained
from watcher.errors import fault_code
from watcher.runtime import event_loop
from watcher.service.check_requests import check_polled
from watcher.service.heartbeat import Heartbeat
from watcher.service.housekeeping import tidy
from watcher.service.systemd import on_signals
from watcher.terminal.console import is_journal, print_json, printable, progress, say, write
from watcher.terminal.words import changes_of, count, detail_lines, log_result, result_json

log = logging.getLogger(__name__)

FAULTS = {"state", "internal"}  # reasons of results that are faults of the state or the program
TIDY_SECONDS = 1.0  # seconds for housekeeping in one run
LOCK_WAIT = 10.0  # seconds to wait for another process that is sending
_now = partial(datetime.now, UTC)


def once(path: Path | None, only: Sequence[str] | None, *, as_json: bool) -> int:
    """Check, deliver, report.

    Returns the exit code: 1 if a source failed or is suspicious, or a delivery was not sent.
    """
    config = load(path, Sending())
    names = choose_sources(config, only)
    check_polled(config, names)
    with open_state_to_run(config) as store:
        alert_additions(config, store, _now)
        checked = event_loop.run(lambda _: check_all(config, store, names, quiet=as_json))
        found = {result.name: result for result in checked}
        results = [found[name] for name in names if name in found]
        if not only and config.checked.keys() - config.polled.keys():
            from watcher.service.pushes import tell_silence  # noqa: PLC0415 - few have programs that push

            tell_silence(store, config, _now())
        drained = deliver(config, store)
        counts, heart = store.outbox.counts(_now()), Heartbeat(config, store, _now)
        waiting = counts["pending"]
        for result in results:
            heart.record(result)
        heart.beat(wait=True)
        try:
            if config.evidence:
                from watcher.service.witnesses import Witnesses  # noqa: PLC0415 - few keep evidence

                Witnesses(store, _now).look(config)
            tidy(store, config.keep, _now(), TIDY_SECONDS)
        except StateError as error:
            log.warning("housekeeping waits: %s", error)
    if as_json:
        # of deliveries, those sent and dead in this run, and those deferred and pending in all
        sent = {"sent": drained.sent, "held": counts["held"], "pending": waiting, "dead": drained.dead}
        shown = [result_json(result, config.web.base_url) for result in results]
        print_json({"sources": shown, "deliveries": sent})
    elif is_journal():
        log_report(results, drained, waiting)
    else:
        print_report(config, results, drained, counts)
    if drained.broken or any(result.reason in FAULTS for result in results):
        return fault_code()
    bad = any(result.status in {"failing", "suspicious"} for result in results)
    return int(bad or bool(drained.failed or drained.dead or drained.unfinished or (drained.locked and waiting)))


async def check_all(config: Config, store: Store, names: Sequence[str], *, quiet: bool) -> list[Result]:
    """Check the named sources now, except those whose server asked to wait (Retry-After)."""
    results: list[Result] = []
    proving, beginnings = config.evidence is not None, Beginnings(downloads_folder(config))
    fetcher = PageFetcher(config.http, config.browser, clock=_now, proving=proving, beginnings=beginnings)
    async with aclosing(fetcher), aclosing(Cycle(config, store, fetcher, _now, lasting=False)) as cycle:
        with progress(len(names), quiet=quiet) as advance:
            waiting, asked = store.waiting(), list[str]()
            for name in names:
                state, now = waiting.get(name), _now()
                if state and state.wait_until and state.tried and state.tried <= now < state.wait_until:
                    at = state.wait_until.astimezone(config.timezone).isoformat(" ", "seconds")
                    message = f"{state.health.message}; the server asked to be left alone until {at}"
                    results.append(Result(name, "failing", state.entries, state.health.reason, message))
                    advance()
                else:
                    asked.append(name)
            async for result in cycle.check_now(asked):
                results.append(result)
                advance()
    return results


def deliver(config: Config, store: Store) -> Drained:
    """Send what is due. If the state cannot be written, the deliveries wait, and the results are printed all the same.

    A signal to stop lets the messages under way finish: interrupted between send and mark, they would be sent twice.
    """
    deliverer = Deliverer(config, store, _now, impatient=True)
    with on_signals(lambda: deliverer.finish(0), lambda: None):
        try:
            return deliverer.drain(LOCK_WAIT)
        except StateError as error:
            log.error("deliveries wait: %s", error)
            return Drained(broken=True)
        finally:
            deliverer.close()


def log_report(results: Sequence[Result], drained: Drained, waiting: int) -> None:
    """Log the results to the journal with their priorities, and one line that sums up."""
    for result in results:
        log_result(result)
    read = sum(result.status not in {"failing", "suspicious"} for result in results)
    sent = f"{count(drained.sent, 'delivery', 'deliveries')} sent, {waiting} waiting, {drained.dead} given up"
    log.info("%d of %s read; %s", read, count(len(results), "source"), sent)


def print_report(config: Config, results: Sequence[Result], drained: Drained, counts: Mapping[str, int]) -> None:
    """Print the results for people: one line for each source, with its changes below."""
    if not results:
        none = f"{config.path} has no source; `watch add URL` writes one, `watch kinds` lists the kinds"
        rest = f"every source in {config.path} has enabled = false, is paused or is pushed"
        say(f"nothing to check: {rest if config.sources else none}")
    width = max((len(result.name) for result in results), default=0)
    for result in results:
        entries, outcome = count(result.entries, "entry", "entries"), result.message
        if not outcome:
            changes = [count(changes_of(result.events), "change")] if result.events else []
            outcome = ", ".join([entries, *changes, *([result.part] if result.part else [])])
        write(printable(f"{result.name:<{width}}  {result.status:<10}  {outcome}"))
        for event in result.events[:20]:
            who = f" [{', '.join(event.entities)}]" if event.entities else ""
            say(f"{event.data['change']}: {event.data['title']}{who}", indent=2, hang=2)
            for line in detail_lines(event.data):
                say(line, indent=6, hang=2)
        if len(result.events) > 20:
            say(f"and {changes_of(result.events[20:])} more: watch log --source {result.name}", indent=2)
    if held := next((result.name for result in results if result.status == "suspicious"), ""):
        say(f"to see what is held back, and to take it: watch accept {held}")
    if config.paused:
        say(f"{count(len(config.paused), 'source')} paused: watch status")
    if drained.locked:
        say("another process is sending; deliveries are left to it")
    elif config.channels or counts["pending"]:
        held = f", {counts['held']} held for later" if counts["held"] else ""
        sent = count(drained.sent, "delivery", "deliveries")
        say(f"{sent} sent, {counts['pending']} waiting{held}, {drained.dead} given up")
    if drained.failed or drained.dead:
        say("watch deliveries says what the servers answered", indent=2)
