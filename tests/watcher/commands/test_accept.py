"""The structure of a register on loopback changes: the snapshot is suspicious, operators are alerted, and a person
looks at it and accepts it; with each database.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from state.model import EventKind
from state.store import Store
from tests.watcher.conftest import Desk, rows

WORDS = "Register of licensed companies. Sable Capital holds licence 17, Bravo Gaming holds licence 18, both in force."


def test_dates_that_are_rewritten_are_one_word_to_the_operator_and_no_news(desk: Desk) -> None:
    assert desk.check(*rows())["status"] == "baseline"
    said = desk.check(*rows("{:02}.03.2021"))
    assert (said["status"], said["reason"], said["changes"]) == ("suspicious", "mass_change", [])
    assert said["message"] == (
        "'since' changed in 21 of 21 entries at once, more than 10 (max_changed); only the form changed: dates rewritten; "
        "Sable Capital: 2021-03-01 → 01.03.2021; Company 1: 2021-03-02 → 02.03.2021; Company 2: 2021-03-03 → 03.03.2021"
    )
    (alert,) = [text for text in desk.heard("ops") if text.startswith("SUSPICIOUS")]
    assert "only the form changed: dates rewritten" in alert
    assert "sable: Sable Capital" in alert
    (baseline,) = desk.heard("desk")
    assert baseline.startswith("Watching list: 21 entries")


def test_a_report_never_cites_what_is_held_or_was_only_rewritten(desk: Desk) -> None:
    wire = (
        f'[sources.wire]\nkind = "json"\nurl = "{desk.site.url("/wire")}"\nitems = "@"\nkey = "id"\ntitle = "title"\n'
    )
    desk.configure(more=f'{wire}authority = "report"\nlisting = "window"\n')
    items = [{"id": "1", "title": "Rates stay"}]
    desk.site.page("/wire", items)
    desk.check(*rows())
    desk.check(source="wire")
    desk.check(*rows("{:02}.03.2021"))
    _report(desk, items, "2")
    assert desk.watch("accept", "list", "--yes", desk.held()).code == 0
    _report(desk, items, "3")


def _report(desk: Desk, items: list[dict[str, str]], number: str) -> None:
    items.insert(0, {"id": number, "title": f"Sable Capital sued, part {number}"})
    desk.site.page("/wire", items)
    assert desk.check(source="wire")["status"] == "ok"
    report = desk.heard("desk")[-1]
    assert report.startswith(f"Sable Capital sued, part {number} (report")
    assert "Record: the register has had an entry on it since before it was first read" in report
    assert "2021" not in report


def test_operators_are_told_of_a_rule_that_cannot_be_applied_to_what_is_accepted(desk: Desk) -> None:
    desk.configure(more='[[alerts]]\nto = ["desk"]\nwhen = "length(after.gone) > `1`"\n')
    desk.check(*rows())
    desk.check(*rows("{:02}.03.2021"))
    assert [text for text in desk.heard("ops") if "condition" in text] == []
    assert desk.watch("accept", "list", "--yes", desk.held(), "--alert").code == 0
    desk.check()
    assert len([text for text in desk.heard("ops") if "condition" in text]) == 1


def test_who_raises_max_changed_is_told_of_each_change(desk: Desk) -> None:
    desk.configure('max_changed = "100 %"')
    desk.check(*rows())
    said = desk.check(*rows("{:02}.03.2021"))
    assert (said["status"], len(said["changes"])) == ("ok", 21)


def test_a_register_of_prices_is_believed_after_three_checks(desk: Desk) -> None:
    desk.configure('listing = "complete"')
    seen = [desk.check(*rows(price=f"{visit}00"))["status"] for visit in range(6)]
    assert seen == ["baseline", "suspicious", "suspicious", "suspicious", "ok", "ok"]
    assert [text.partition(":")[0] for text in desk.heard("ops")] == ["SUSPICIOUS"] * 3 + ["RECOVERED"]


def test_a_held_snapshot_that_differs_is_alerted_again_and_the_same_one_is_not(desk: Desk) -> None:
    desk.check(*rows())
    for _ in range(2):
        desk.check(*rows("{:02}.03.2021"))
    assert len(desk.heard("ops")) == 1
    desk.check(*rows("{:02}.03.2021", state="open"))
    assert len(desk.heard("ops")) == 2
    assert "'state'" in desk.heard("ops")[-1]
    desk.check(*rows()[:3])
    assert "mass_loss" in desk.heard("ops")[-1]
    desk.check(*rows("{:02}.03.2021"))
    assert len(desk.heard("ops")) == 3


@pytest.mark.parametrize(
    "page",
    [
        "<h1>Oops!</h1>",
        "<p>We value your privacy. We and our 800 partners store cookies. Accept all, or choose.</p>",
        "<h1>We have moved</h1><p>Please visit our new site.</p>",
    ],
)
def test_a_page_whose_text_has_gone_is_held(desk: Desk, page: str) -> None:
    desk.configure(more=f'[sources.page]\nkind = "text"\nurl = "{desk.site.url("/page")}"\n')
    desk.site.page("/page", f"<p>{WORDS}</p>", type="text/html")
    assert desk.check(source="page")["status"] == "baseline"
    desk.site.page("/page", page, type="text/html")
    said = desk.check(source="page")
    assert (said["status"], said["reason"]) == ("suspicious", "text_gone")
    desk.site.page("/page", f"<p>{WORDS.replace('17', '19')}</p>", type="text/html")
    assert desk.check(source="page")["status"] == "ok"


def test_accept_without_a_terminal_shows_it_and_takes_nothing(desk: Desk) -> None:
    desk.check(*rows())
    desk.check(*rows(state="open")[:9], {"name": "Sable Capital Ltd", "since": "2024"})
    ran = desk.watch("accept", "list")
    assert ran.code == 2
    assert "list: mass_loss: 12 of 21 entries gone at once" in ran.out
    assert "it would bring: 1 added, 9 changed, 12 removed; mentions sable (2)" in " ".join(ran.out.split())
    assert all(f"\n  {kind} " in ran.out for kind in ("added", "changed", "removed"))
    assert f"snapshot {desk.held()}" in ran.out
    assert "nothing was taken" in ran.err
    assert f"--yes {desk.held()}" in ran.err
    assert desk.status()["status"] == "suspicious"


@pytest.mark.parametrize(("answer", "taken"), [("y", True), ("", False), ("no", False)])
def test_accept_asks_on_a_terminal(desk: Desk, monkeypatch: pytest.MonkeyPatch, answer: str, taken: bool) -> None:
    desk.check(*rows())
    desk.check(*rows()[:9])
    monkeypatch.setattr("watcher.terminal.console.can_answer", lambda: True)
    monkeypatch.setattr("builtins.input", lambda question: answer)
    ran = desk.watch("accept", "list")
    assert (ran.code, "nothing was taken" in ran.out, "accepted, 9 entries" in ran.out) == (0, not taken, taken)
    assert (desk.status()["status"] == "ok") is taken


def test_accept_takes_only_the_snapshot_whose_id_was_shown(desk: Desk) -> None:
    desk.check(*rows())
    desk.check(*rows()[:9])
    shown = desk.held()
    desk.check(*rows()[:3])
    ran = desk.watch("accept", "list", "--yes", shown)
    assert ran.code == 2
    assert f"snapshot {shown} is not held, {desk.held()} is: nothing was taken" in ran.err
    assert desk.status()["entries"] == 21
    assert desk.watch("accept", "list", "--yes", desk.held()).code == 0
    assert (desk.status()["entries"], desk.status()["held"]) == (3, None)


def test_the_same_entries_keep_their_id_whatever_else_moves_on_the_page(desk: Desk) -> None:
    desk.configure('ignore = ["seen"]')
    desk.check(*rows(seen="1"))
    desk.check(*rows(seen="2")[:9])
    shown = desk.held()
    desk.check(*rows(seen="3")[:9])
    assert desk.held() == shown
    assert len(desk.heard("ops")) == 1


def test_what_was_held_and_is_gone_is_not_taken(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.check(*rows())
    desk.check(*rows()[:9])

    def meanwhile(_: str) -> str:
        with Store.open(desk.state) as store:
            store.commit("list", _forget)
        return "y"

    monkeypatch.setattr("watcher.terminal.console.can_answer", lambda: True)
    monkeypatch.setattr("builtins.input", meanwhile)
    ran = desk.watch("accept", "list")
    assert (ran.code, "is no longer held: somebody took it, or" in ran.err) == (2, True)
    assert desk.status()["entries"] == 21


def _forget(state: Any) -> Any:
    from state.model import Commit

    return Commit(state, held=())


@pytest.mark.parametrize("options", [[], ["--alert"], ["--quiet"]])
def test_who_heard_that_it_is_suspicious_hears_that_it_was_accepted(desk: Desk, options: list[str]) -> None:
    desk.check(*rows())
    desk.check(*rows(since="2024")[:9])
    assert desk.watch("accept", "list", "--yes", desk.held(), *options).code == 0
    desk.check()
    suspicious, closed = desk.heard("ops")
    assert suspicious.startswith("SUSPICIOUS: list")
    assert closed.startswith("RECOVERED: list: its held snapshot was accepted")
    assert "The held snapshot was accepted by hand" in closed
    assert "The changes that came with it mention:\nsable: Sable Capital\n" in closed
    told = [text for text in desk.heard("desk") if text.startswith("Sable Capital: since")]
    assert len(told) == (options != ["--quiet"])
    assert all("Company 1" not in text for text in told)
    with Store.open(desk.state) as store:
        assert len(store.log.events(kind=EventKind.CHANGE)) == 21


def test_entries_that_were_only_rewritten_are_summed_up_when_they_are_accepted(desk: Desk) -> None:
    desk.check(*rows())
    desk.check(*rows("{:02}.03.2021"))
    ran = desk.watch("accept", "list", "--yes", desk.held(), "--alert")
    assert "accepted, 21 entries, 21 changes" in " ".join(ran.out.split())
    with Store.open(desk.state) as store:
        (event,) = store.log.events(kind=EventKind.CHANGE)
    assert (event.data["more"]["count"], event.mentions) == (20, [])
    assert desk.check()["status"] == "unchanged"


def renamed(to: str, now: str = "licensed", flag: str = "") -> list[dict[str, Any]]:
    """The register with its state under a name, the last company's being so; with one value for all if it is a flag."""
    told = [flag or ("licensed", "struck off")[number % 2] for number in range(20)]
    return [each | {to: state} for each, state in zip(rows(), [*told, flag or now], strict=True)]


def test_a_field_that_is_called_otherwise_is_believed_and_only_what_changed_besides_is_told_alone(desk: Desk) -> None:
    more = '[channels.all]\nurl = "{0}/all"\n[[alerts]]\nto = ["all"]\n'
    more += '[[alerts]]\nentities = ["sable"]\nfields = ["status"]\nto = ["desk"]\n'
    more += "[[alerts]]\nsources = ['list']\nwhen = \"after.status == 'struck off'\"\nto = ['desk']\n"
    desk.site.page("/all")
    desk.configure(more=more.format(desk.site.url("").rstrip("/").replace("http", "json")))
    desk.check(*renamed("status"))
    before = len(desk.heard("desk"))
    said = desk.check(*renamed("state", now="struck off"))
    assert (said["status"], len(said["changes"])) == ("ok", 2)
    alone, together = said["changes"]
    assert alone["fields"] == {"state": {"before": "licensed", "after": "struck off"}}
    assert together["title"] == "20 entries written otherwise: the field 'status' is called 'state' now"
    assert together["fields"] == {"label": {"before": "status", "after": "state"}}
    assert len(desk.heard("desk")) == before
    (heard,) = [text for text in desk.heard("all") if "written otherwise" in text]
    assert "'status' is called 'state' now" in heard
    (told,) = desk.heard("ops")
    for number in (4, 5):
        assert f"lert rule {number} cannot be applied: list: the field 'status' is called 'state' now" in told


def test_a_renamed_field_whose_value_changed_is_told_of_a_watched_entry(desk: Desk) -> None:
    desk.check(*renamed("status")[::-1])
    now = renamed("state")[::-1]
    now[-1]["state"] = "dissolved"
    desk.check(*now)
    assert "licensed → dissolved" in desk.heard("desk")[-1]


@pytest.mark.parametrize(
    ("before", "now", "why", "events"),
    [
        ({"to": "status"}, [*rows()[:6], *renamed("state")[6:]], "6 of the 21 entries that had 'status' lost", 7),
        (
            {"to": "pending", "flag": "yes"},
            renamed("approved", flag="yes"),
            "21 of the 21 entries that had 'pending' lost it at once; a new 'approved' says the same",
            1,
        ),
    ],
)
def test_a_renamed_field_that_loses_values_and_a_flag_are_held_and_summed_up_once_accepted(
    before: dict[str, str], now: list[dict[str, Any]], why: str, events: int, desk: Desk
) -> None:
    desk.check(*renamed(**before))
    said = desk.check(*now)
    assert (said["status"], said["reason"]) == ("suspicious", "field_emptied")
    assert why in said["message"]
    assert desk.watch("accept", "list", "--yes", desk.held(), "--alert").code == 0
    with Store.open(desk.state) as store:
        told = store.log.events(kind=EventKind.CHANGE)
    assert (len(told), sum("is called" in event.data["title"] for event in told)) == (events, 1)


def test_status_of_one_source_shows_what_is_held(desk: Desk) -> None:
    desk.check(*rows())
    desk.check(*rows()[:9])
    ran = desk.watch("status", "list")
    assert (ran.code, "removed Company 20" in ran.out) == (1, True)
    assert "it would bring: 12 removed; mentions nothing that you watch" in ran.out
    held = desk.status()["held"]
    assert (held["entries"], held["removed"], held["added"], held["mentions"]) == (9, 12, 0, {})
    assert held["changes"][0]["change"] == "removed"
    assert datetime.fromisoformat(held["read"]) <= datetime.now(UTC)
    assert "to take it: watch accept list" in ran.out


def test_status_of_a_source_that_is_well_holds_nothing(desk: Desk) -> None:
    assert desk.status()["status"] == "new"
    desk.check(*rows())
    assert desk.status()["held"] is None
    ran = desk.watch("status", "lost")
    assert (ran.code, 'there is no source "lost"; did you mean "list"?' in ran.err) == (2, True)


def test_status_says_so_where_what_is_held_cannot_be_read_any_more(desk: Desk) -> None:
    desk.check(*rows())
    desk.check(*rows()[:9])
    desk.configure('title = "nowhere"')
    desk.site.page("/list", rows()[:9])
    assert "the held snapshot cannot be read with today's options" in " ".join(desk.watch("status", "list").out.split())


def test_try_says_that_what_it_read_would_be_held(desk: Desk) -> None:
    desk.check(*rows())
    desk.site.page("/list", rows("{:02}.03.2021"))
    ran = desk.watch("try", "list")
    assert ran.code == 1
    assert "a check would hold this as suspicious: mass_change: 'since' changed in 21 of 21" in " ".join(
        ran.out.split()
    )
    held = json.loads(desk.watch("try", "list", "--json").out)["held"]
    assert held["reason"] == "mass_change"
    assert desk.status()["status"] == "ok"


def test_try_has_nothing_to_say_of_what_would_be_believed(desk: Desk) -> None:
    desk.site.page("/list", rows())
    assert (desk.watch("try", "list").code, json.loads(desk.watch("try", "list", "--json").out)["held"]) == (0, None)
    desk.check()
    desk.site.page("/list", rows()[:-1])
    assert desk.watch("try", "list").code == 0


def test_try_holds_a_first_snapshot_to_its_contract(desk: Desk) -> None:
    desk.configure("min_entries = 30")
    desk.site.page("/list", rows())
    ran = desk.watch("try", "list")
    assert (ran.code, "too_few_entries: 21 entries read, at least 30 expected" in " ".join(ran.out.split())) == (
        1,
        True,
    )


def test_try_reads_what_is_stored_with_the_options_that_were_edited_since(desk: Desk) -> None:
    desk.check(*rows(state="open"))
    desk.configure('fields = { status = "state" }')
    assert desk.watch("try", "list").code == 0
    desk.site.page("/list", rows(state="shut"))
    assert "'status' changed in 21 of 21" in " ".join(desk.watch("try", "list").out.split())


def test_a_saved_page_is_compared_too(desk: Desk, folder: Any) -> None:
    desk.check(*rows())
    (folder / "saved.json").write_text(json.dumps(rows()[:4]))
    ran = desk.watch("try", "list", "--file", "saved.json")
    assert (ran.code, "mass_loss: 17 of 21" in " ".join(ran.out.split())) == (1, True)


def pages(desk: Desk, write: Callable[[int], str]) -> None:
    """A table of 60 companies on three pages; `write` writes the date of each."""
    for page in range(3):
        cells = "".join(
            f"<tr><td>Firm {number:02}</td><td>{write(number)}</td></tr>" for number in range(20 * page, 20 * page + 20)
        )
        more = f'<a rel="next" href="/table/{page + 1}">Next</a>' if page < 2 else ""
        html = f"<p>{datetime.now(UTC)}</p><table><tr><th>Name</th><th>Since</th></tr>{cells}</table>{more}"
        desk.site.page(f"/table/{page}", html, type="text/html")


def test_a_register_in_three_pages_is_held_as_one_and_taken_as_one(desk: Desk) -> None:
    address = desk.site.url("/table/0")
    desk.configure(more=f'[sources.table]\nkind = "table"\nurl = "{address}"\nkey = "Name"\nnext = "a[rel=next]"\n')
    pages(desk, lambda number: f"2021-03-{number % 28 + 1:02}")
    assert desk.check(source="table")["entries"] == 60
    for _ in range(2):
        pages(desk, lambda number: f"{number % 28 + 1:02}.03.2021")
        said = desk.check(source="table")
        assert (said["status"], said["reason"]) == ("suspicious", "mass_change")
    assert "'Since' changed in 60 of 60 entries at once" in said["message"]
    assert len(desk.heard("ops")) == 1
    held = desk.status("table")["held"]
    assert (held["entries"], held["changed"]) == (60, 60)
    assert desk.watch("accept", "table", "--yes", held["snapshot"]).code == 0
    assert desk.check(source="table")["status"] == "unchanged"


def test_further_pages_that_an_edit_reads_are_no_news_of_a_held_snapshot_either(desk: Desk) -> None:
    table = f'[sources.table]\nkind = "table"\nurl = "{desk.site.url("/table/0")}"\nkey = "Name"\n'
    desk.configure(more=table)
    pages(desk, lambda number: f"2021-03-{number % 28 + 1:02}")
    assert desk.check(source="table")["entries"] == 20
    desk.configure(more=f'{table}next = "a[rel=next]"\n')
    pages(desk, lambda number: f"2024-01-{number % 28 + 1:02}")
    assert desk.check(source="table")["reason"] == "mass_change"
    held = desk.status("table")["held"]
    assert (held["entries"], held["added"], held["changed"]) == (60, 0, 20)
    said = " ".join(desk.watch("status", "table").out.split())
    assert "it would bring: 20 changed, and 40 that stand on further pages" in said
    assert "watch log" not in said
    assert desk.watch("accept", "table", "--yes", held["snapshot"]).code == 0
    assert desk.check(source="table")["entries"] == 60
    with Store.open(desk.state) as store:
        assert {event.data["change"] for event in store.log.events(kind=EventKind.CHANGE)} == {"changed"}


def test_who_accepts_at_the_command_line_stands_in_the_record_and_is_told_to_the_next(desk: Desk) -> None:
    desk.check(*rows())
    desk.check(*rows()[:9])
    shown = desk.held()
    assert desk.watch("accept", "list", "--yes", shown).code == 0
    with Store.open(desk.state) as store:
        (action,) = store.desk.actions()
    assert (action.what, action.subject) == ("accept", f"snapshot {shown} of source list")
    again = desk.watch("accept", "list", "--yes", shown)
    assert (again.code, f"list: {action.who} has accepted snapshot {shown} already" in again.err) == (2, True)
    other = desk.watch("accept", "list", "--yes", "another")
    assert (other.code, "no snapshot is held" in other.err) == (2, True)
