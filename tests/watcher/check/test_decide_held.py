"""What the readers of a rule get of changes that are not believed, on a register on loopback; with each database."""

from __future__ import annotations

import json
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from state.model import DeliveryState, EventKind
from state.store import Store
from tests.torture.processes import Program
from tests.watcher.conftest import Desk, rows


def ban(*others: dict[str, Any], measure: str = "ban") -> list[dict[str, Any]]:
    """The register with all dates in another form, and another measure against the watched firm, and some others."""
    said = {row["name"]: row for row in rows("{:02}.03.2021", measure="none")}
    said["Sable Capital"]["measure"] = measure
    for other in others:
        said[other["name"]] |= other
    return list(said.values())


def told(desk: Desk) -> list[str]:
    """What the readers of the rule got since the source was first read."""
    return [text for text in desk.heard("desk") if not text.startswith("Watching")]


@pytest.fixture
def held(desk: Desk) -> Desk:
    """A register that was read once, and is held since: its dates are in another form, and a watched firm has a ban."""
    desk.check(*rows(measure="none"))
    said = desk.check(*ban())
    assert (said["status"], said["changes"]) == ("suspicious", [])
    return desk


def test_a_held_change_reaches_whom_it_concerns_as_not_believed_yet(held: Desk) -> None:
    (text,) = told(held)
    assert text.startswith("Not believed yet: Sable Capital: measure: none → ban (list)")
    assert "NOT BELIEVED YET, CHANGED: Sable Capital" in text
    assert "measure\nwas: none\nnow: ban" in text.replace("  ", "")
    assert "It was read, but is not believed yet: 'since' changed in 21 of 21 entries" in text
    assert "watch accept" not in text
    assert "At the desk" not in text
    assert "Company 20" not in text
    (alert,) = held.heard("ops")
    assert alert.startswith("SUSPICIOUS: list, mentions sable: 'since' changed in 21 of 21")


def test_the_same_held_change_is_told_once_whatever_else_moves(held: Desk) -> None:
    held.check()
    held.check(*ban({"name": "Company 7", "measure": "fine"}))
    held.site.page("/list", status=503)
    held.check()
    held.check(*ban())
    assert len(told(held)) == 1


def test_another_held_change_of_the_entity_is_told_once_more(held: Desk) -> None:
    held.check(*ban(measure="freeze"))
    held.check(*ban({"name": "Company 7", "measure": "fine"}, measure="freeze"))
    assert [text.partition("\n")[0] for text in told(held)[1:]] == [
        "Not believed yet: Sable Capital: measure: none → freeze (list)"
    ]


def test_changes_of_form_alone_are_held_without_a_word_to_readers(desk: Desk) -> None:
    desk.check(*rows())
    desk.check(*rows("{:02}.03.2021"))
    assert told(desk) == []


def test_a_held_change_that_is_accepted_is_told_as_a_change_and_named_in_the_recovery(held: Desk) -> None:
    said = held.watch("accept", "list", "--yes", held.held()).out
    assert "21 changes (1 of them, with what you watch, alerted at the next delivery)" in " ".join(said.split())
    held.check()
    held.check()
    assert [text.partition(" (list)")[0] for text in told(held)] == [
        "Not believed yet: Sable Capital: measure: none → ban",
        "Sable Capital: measure: none → ban",
    ]
    _, recovered = held.heard("ops")
    assert "The changes that came with it mention:\nsable: Sable Capital" in recovered


def test_a_newer_snapshot_is_never_taken_for_the_one_that_was_shown(
    held: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile(_: str) -> str:
        held.check(*ban(measure="freeze"))
        return "y"

    monkeypatch.setattr("watcher.terminal.console.can_answer", lambda: True)
    monkeypatch.setattr("builtins.input", meanwhile)
    ran = held.watch("accept", "list")
    assert (ran.code, "is no longer held: somebody took it, or" in ran.err) == (2, True)
    assert held.watch("accept", "list", "--yes", held.held()).code == 0
    held.check()
    assert [text.partition(" (list)")[0] for text in told(held)[1:]] == [
        "Not believed yet: Sable Capital: measure: none → freeze",
        "Sable Capital: measure: none → freeze",
    ]


def test_a_register_that_is_half_empty_for_an_hour_is_one_word_to_readers(desk: Desk) -> None:
    whole, half = rows(), [row for number, row in enumerate(rows()) if number % 2]
    desk.check(*whole)
    for _ in range(2):  # within a day the same is not told again
        for _ in range(3):
            desk.check(*half)
        desk.check(*whole)
    assert [text.partition("\n")[0] for text in told(desk)] == ["Not believed yet: Sable Capital: removed (list)"]
    assert [text.partition(":")[0] for text in desk.heard("ops")] == ["SUSPICIOUS", "RECOVERED"] * 2


def test_what_waits_to_be_told_as_held_is_withdrawn_when_it_was_a_mistake_or_is_accepted(desk: Desk) -> None:
    hook = desk.site.url("/digest").replace("http", "json")
    desk.site.page("/digest")
    rule = '[[alerts]]\nentities = ["sable"]\ndigest = "1d"\nto = ["digest"]\n'
    desk.configure(more=f'{rule}[channels.digest]\nurl = "{hook}"\n')
    began = datetime.now(UTC)
    desk.check(*rows(measure="none"))
    desk.check(*ban())
    desk.check(*rows(measure="none"))
    desk.check(*ban(measure="freeze"))
    assert desk.watch("accept", "list", "--yes", desk.held()).code == 0
    with time_machine.travel(began + timedelta(days=2)):
        desk.check()
    last = desk.heard("digest")[-1]
    assert "Sable Capital: measure: none → freeze" in last
    assert "believed" not in "".join(desk.heard("digest"))


def test_a_doubt_that_ends_in_a_failure_is_named_when_it_is_over(held: Desk) -> None:
    held.site.page("/list", "away", status=503)
    held.check()
    held.check(*rows(measure="none"))
    suspicious, recovered = held.heard("ops")
    assert suspicious.startswith("SUSPICIOUS: ")
    assert "It can be read again, and is believed.\n" in recovered
    assert "Before that: it was read, and was not believed (mass_change)\n" in recovered


def test_what_is_held_still_after_a_failure_is_held_for_its_own_reason_and_told_once(held: Desk) -> None:
    held.site.page("/list", "away", status=503)
    assert held.check()["reason"] == "http_503"
    said = held.check(*ban())
    assert (said["status"], said["reason"]) == ("suspicious", "mass_change")
    assert said["message"].startswith("'since' changed in 21 of 21 entries at once")
    assert (len(told(held)), len(held.heard("ops"))) == (1, 1)


def test_a_clock_that_goes_back_tells_nothing_twice(desk: Desk) -> None:
    now = datetime.now(UTC)
    desk.check(*rows(measure="none"))
    for moment in (now + timedelta(hours=5), now + timedelta(hours=2), now + timedelta(hours=6)):
        with time_machine.travel(moment):
            desk.check(*ban({"name": "Company 7", "measure": f"{moment:%H}"}))
    assert len(told(desk)) == 1


@pytest.mark.parametrize("point", ["before_commit", "after_commit", "before_send", "after_mark"])
def test_a_process_that_dies_while_it_tells_what_is_held_has_one_message_of_it(desk: Desk, point: str) -> None:
    """A message that was sent and not marked as sent is repeated as it was, with its id: docs/reliability.md."""
    desk.check(*rows(measure="none"))
    desk.site.page("/list", ban())
    assert Program(Path.cwd()).once(failpoint=point).code == -signal.SIGKILL
    desk.check()
    desk.check()
    assert len(set(told(desk))) == 1
    with Store.open(desk.state) as store:
        assert [event.data["title"] for event in store.log.events(kind=EventKind.HELD)] == ["Sable Capital"]
        sent = [each for each in store.outbox.deliveries() if each.event.kind is EventKind.HELD]
    assert [(each.channel, each.state) for each in sent] == [("desk", DeliveryState.SENT)]


def test_an_event_webhook_gets_the_held_change_as_one_that_is_held(desk: Desk) -> None:
    desk.site.page("/program")
    url = desk.site.url("/program")
    desk.configure(
        more=f'[[alerts]]\nentities = ["sable"]\nto = ["program"]\n[channels.program]\nurl = "{url}"\nformat = "event"\n'
    )
    desk.check(*rows(measure="none"))
    desk.check(*ban())
    said = json.loads([each.body for each in desk.site.requests if each.path == "/program"][-1])
    assert (said["type"], said["data"]["status"], said["data"]["reason"]) == ("held", "held", "mass_change")
    assert said["data"]["change"]["changed"]["measure"] == {"before": "none", "after": "ban"}


@pytest.mark.parametrize(("options", "heard"), [('changes = ["removed"]', 0), ('fields = ["measure"]', 1)])
def test_a_held_change_goes_by_the_same_rules_as_one_that_is_believed(desk: Desk, options: str, heard: int) -> None:
    hook = desk.site.url("/other").replace("http", "json")
    desk.site.page("/other")
    desk.configure(more=f'[[alerts]]\n{options}\nto = ["other"]\n[channels.other]\nurl = "{hook}"\n')
    desk.check(*rows(measure="none"))
    desk.check(*ban())
    assert len([text for text in desk.heard("other") if text.startswith("Not believed")]) == heard
