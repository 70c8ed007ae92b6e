"""The pages of entries: which are requested, what becomes of their fields, and what is no change."""

from __future__ import annotations

import json
import signal
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from sources.loader import kind
from state.store import Store
from tests.conftest import Reply
from tests.torture.processes import Program

Configure = Callable[..., Any]
Watch = Callable[..., Any]
NOON = datetime(2025, 7, 16, 12, tzinfo=UTC)
BROKEN = "<html><body><p>The register is being moved to another server, please come back.</p></body></html>"


class Register:
    """A list of entries on loopback, each with a page of its own, which says its status and its address."""

    def __init__(self, site: Any, configure: Configure, watch: Watch, entries: int) -> None:
        self.site, self.watch, self.hours = site, watch, 0
        self.status = {f"No {number}": "Active" for number in range(entries)}
        self.conditional = list[str]()
        self._configure = configure
        site.page("/list", self._list)
        for name in self.status:
            self.serve(name)
        self.configure()

    def configure(self, more: str = "max_pages = 20", fields: str = '{ status = ".status" }', head: str = "") -> None:
        self._configure(
            f'{head}\n[http]\nprivate_addresses = "allow"\nspacing = "0s"\n[entities.ada]\nnames = ["Ada Sable"]\n'
            f'[sources.it]\nkind = "list"\nurl = "{self.site.url("/list")}"\nitem = "li"\nlisting = "complete"\n'
            f'key = "a"\ntitle = "a"\nfields = {{ name = "a" }}\n'
            f'[sources.it.detail]\nlink = "a@href"\nfields = {fields}\n{more}\n'
        )

    def serve(self, name: str) -> None:
        self.site.page(f"/{self.path(name)}", lambda asked: self._page(name, asked))

    def path(self, name: str) -> str:
        return f"entry-{name.split()[1]}"

    def check(self, hours: float = 1) -> dict[str, Any]:
        """A check, some time after the last one; the entries whose pages were requested are in `asked`."""
        self.hours += hours
        before = len(self.site.paths)
        with time_machine.travel(NOON + timedelta(hours=self.hours), tick=True):
            ran = self.watch("--once", "--json")
        self.err = ran.err
        paths = self.site.paths[before:]
        self.asked = [path.strip("/").replace("entry-", "No ") for path in paths if "entry" in path]
        (said,) = json.loads(ran.out)["sources"]
        return dict(said)

    def _list(self, _: Any) -> str:
        rows = (f'<li><a href="/{self.path(name)}">{name}</a></li>' for name in self.status)
        return f"<html><body><ul>{''.join(rows)}</ul></body></html>"

    def _page(self, name: str, asked: Any) -> Any:
        status = self.status.get(name, "")
        tag = f'"{hash(status)}"'
        if asked.headers.get("if-none-match") == tag:
            self.conditional.append(name)
            return Reply(status=304, headers={"ETag": tag})
        body = f'<html><body><h1>{name}</h1><p class="status">{status}</p><p>Of the public register.</p></body></html>'
        return Reply(body, headers={"ETag": tag}, type="text/html")


@pytest.fixture
def register(site: Any, configure: Configure, watch: Watch) -> Register:
    return Register(site, configure, watch, 50)


def changes(said: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [(each["change"], each["key"], each["fields"].get("status")) for each in said["changes"]]


def test_the_pages_are_read_in_rotation_and_then_when_they_are_due(register: Register) -> None:
    register.check()
    seen = list(register.asked)
    for _ in range(2):
        assert register.check()["status"] == "unchanged"
        seen += register.asked
    assert sorted(seen) == sorted(register.status)
    assert (register.check()["status"], register.asked) == ("unchanged", [])
    register.check(hours=7 * 24)
    assert (len(register.asked), len(register.conditional)) == (20, 20)


@pytest.mark.parametrize(("head", "kept"), [("", True), ('personal = ["STATUS"]', False)])
def test_what_is_personal_in_the_list_is_left_out_of_the_pages_of_entries(
    site: Any, configure: Configure, watch: Watch, head: str, kept: bool
) -> None:
    site.page("/list", [{"id": "1", "url": site.url("/1")}])
    site.page("/1", {"status": "ill", "town": "Bonn"})

    def fields(head: str) -> Any:
        configure(
            f'[http]\nprivate_addresses = "allow"\nspacing = "0s"\n[sources.it]\nkind = "json"\nurl = "{site.url("/list")}"'
            f'\nitems = "@"\nkey = "id"\nlink = "url"\n{head}\ndetail = {{ kind = "json", items = "[@]", key = "town" }}\n'
        )
        watch("--once")
        (entry,) = json.loads(watch("entries", "it", "--json").out)["entries"]
        return entry["fields"]

    assert ("status" in fields(head), "status" in fields('personal = ["Status"]')) == (kept, False)


def test_new_and_changed_entries_come_first_and_have_the_fields_of_their_pages(register: Register) -> None:
    for _ in range(3):
        register.check()
    register.status["No 77"] = "Suspended"
    register.serve("No 77")
    said = register.check()
    assert (changes(said), register.asked) == ([("added", "No 77", {"before": None, "after": "Suspended"})], ["No 77"])


def test_a_page_that_changes_is_a_change_of_its_entry_though_the_list_did_not(register: Register) -> None:
    for _ in range(3):
        register.check()
    register.status["No 7"] = "Revoked"
    said = [register.check(hours=7 * 24 if step == 0 else 1) for step in range(3)]
    assert [change for each in said for change in changes(each)] == [
        ("changed", "No 7", {"before": "Active", "after": "Revoked"})
    ]
    assert register.check(hours=7 * 24)["changes"] == []


def test_a_page_that_cannot_be_read_keeps_its_values_and_is_said(register: Register) -> None:
    for _ in range(3):
        register.check()
    register.site.page("/entry-7", BROKEN)
    said = [register.check(hours=7 * 24 if step == 0 else 0.5) for step in range(3)]
    assert [change for each in said for change in each["changes"]] == []
    assert "details could not be read" in "".join(register.watch("status", "it").out.split("\n"))
    register.serve("No 7")
    assert (register.check(hours=2)["changes"], "No 7" in register.asked) == ([], True)
    assert "could not be read" not in register.watch("status", "it").out


def test_a_name_on_the_page_of_a_new_entry_is_found(register: Register) -> None:
    for _ in range(3):
        register.check()
    register.status["No 77"] = "Held by Ada Sable"
    register.serve("No 77")
    (change,) = register.check()["changes"]
    assert change["entities"] == ["ada"]


def test_another_way_to_read_the_pages_is_no_change(register: Register) -> None:
    for _ in range(3):
        register.check()
    register.configure(fields='{ status = ".status", heading = "h1" }')
    said = [register.check() for _ in range(3)]
    assert [each["changes"] for each in said] == [[], [], []]
    register.status["No 7"] = "Revoked"
    said = [register.check(hours=7 * 24 if step == 0 else 1) for step in range(3)]
    assert [change for each in said for change in changes(each)] == [
        ("changed", "No 7", {"before": "Active", "after": "Revoked"})
    ]


def test_a_removed_entry_has_the_fields_of_its_page(register: Register) -> None:
    for _ in range(3):
        register.check()
    del register.status["No 7"]
    assert changes(register.check()) == [("removed", "No 7", {"before": "Active", "after": None})]


def test_a_site_that_does_not_answer_is_asked_for_three_pages_and_no_more(register: Register) -> None:
    for name in register.status:
        register.site.page(f"/{register.path(name)}", "", status=500)
    assert register.check()["status"] == "baseline"
    assert len(set(register.asked)) == 3


def test_what_stands_on_the_pages_is_kept_as_evidence_of_a_change(register: Register, folder: Any) -> None:
    register.configure(head="[evidence]")
    for _ in range(3):
        register.check()
    register.status["No 7"] = "Revoked"
    said = [register.check(hours=7 * 24 if step == 0 else 1) for step in range(3)]
    (change,) = [change for each in said for change in each["changes"]]
    ran = register.watch("evidence", str(change["id"]), "--out", str(folder / "proof"))
    assert ran.code == 0
    kept = [file.read_bytes() for file in (folder / "proof").rglob("*") if file.is_file()]
    assert any(b"Revoked" in each and b"Of the public register" in each for each in kept)


def test_five_hundred_pages_are_requested_once_each_in_twenty_five_checks(
    site: Any, configure: Configure, watch: Watch
) -> None:
    register = Register(site, configure, watch, 500)
    asked = list[str]()
    for _ in range(25):
        register.check()
        assert len(register.asked) == 20
        asked += register.asked
    assert sorted(asked) == sorted(register.status)
    register.check()
    assert register.asked == []


def test_of_five_hundred_pages_only_those_of_new_entries_are_requested_and_in_a_week_all_of_them_again(
    site: Any, configure: Configure, watch: Watch
) -> None:
    register = Register(site, configure, watch, 500)
    register.configure("max_pages = 100")
    for _ in range(5):
        register.check()
    new = [f"No {number}" for number in range(900, 903)]
    for name in new:
        register.status[name] = "Active"
        register.serve(name)
    register.check()
    assert (register.asked, register.conditional) == (new, [])
    asked = list[str]()
    for step in range(6):
        assert register.check(hours=7 * 24 if step == 0 else 0.1)["changes"] == []
        assert len(register.asked) <= 100
        asked += register.asked
    assert sorted(asked) == sorted(register.conditional) == sorted(register.status)


def test_the_pages_wait_for_their_host(site: Any, configure: Configure, watch: Watch, folder: Path) -> None:
    register = Register(site, configure, watch, 5)
    file = folder / "watch.toml"
    file.write_text(file.read_text().replace('spacing = "0s"', 'spacing = "200ms"'))
    began = datetime.now(UTC)
    register.check()
    assert datetime.now(UTC) - began > timedelta(seconds=1.0)


def test_fields_of_the_page_stand_with_the_entry(register: Register, store: Store) -> None:
    register.check()
    entries = {each.key: each for each in store.entities.read_stored("it")}
    assert entries["No 0"].fields == {"name": "No 0", "status": "Active"}


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"detail": {}}, "detail needs fields"),
        ({"detail": {"kind": "nope"}}, 'no kind "nope"'),
        ({"detail": {"fields": {"a": "]["}}}, "fields.a"),
        ({"link": "b", "detail": {"link": "a@href", "fields": {"a": "b"}}}, "two places"),
    ],
)
def test_a_detail_that_cannot_be_read_is_refused_when_it_is_loaded(options: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        kind("list").model_validate({"url": "https://a.test/", "item": "li"} | options)


def test_json_entries_have_their_pages_at_an_address_with_their_key(
    site: Any, configure: Configure, watch: Watch
) -> None:
    site.page("/rows", [{"id": "a b", "name": "Alpha"}, {"id": "c", "name": "Gamma"}])
    site.page("/rows/a%20b", {"owner": {"name": "Ada"}})
    site.page("/rows/c", {"owner": {"name": "Eve"}})
    configure(
        f'[http]\nprivate_addresses = "allow"\nspacing = "0s"\n[sources.it]\nkind = "json"\nurl = "{site.url("/rows")}"\n'
        'items = "@"\nkey = "id"\ndetail = { kind = "json", link = "/rows/{key}", fields = { owner = "owner.name" } }\n'
    )
    watch("--once")
    assert site.paths == ["/rows", "/rows/a%20b", "/rows/c"]


def killed(register: Register, folder: Path, at: str) -> None:
    """One check in a process of its own, which ends by SIGKILL: at a failpoint, or while it waits for the page `at`."""
    waits = threading.Event()
    if at.startswith("No"):
        register.site.page(f"/{register.path(at)}", lambda _: waits.set() or time.sleep(5) or "too late")
    process = Program(folder).start("--once", failpoint="" if at.startswith("No") else at)
    if at.startswith("No"):
        assert waits.wait(60)
        process.signal(signal.SIGKILL)
    assert process.wait().code == -signal.SIGKILL
    if at.startswith("No"):
        register.serve(at)


@pytest.mark.parametrize("at", ["No 902", "after_read", "before_commit", "after_commit"])
def test_a_check_that_is_killed_in_the_middle_loses_nothing_and_repeats_nothing(
    site: Any, configure: Configure, watch: Watch, folder: Path, store: Store, at: str
) -> None:
    register = Register(site, configure, watch, 500)
    register.check()
    new = range(900, 905)
    for number in new:
        register.status[f"No {number}"] = f"Founded by Ada Sable {number}"
        register.serve(f"No {number}")
    killed(register, folder, at)
    watch("--once")
    logged = json.loads(watch("log", "--json").out)["changes"]
    told = [(each["key"], each["fields"]["status"]["after"]) for each in logged if each["change"] == "added"]
    assert sorted(told) == [(f"No {number}", f"Founded by Ada Sable {number}") for number in new]
    assert len(list(store.entities.read_stored("it"))) == 505


def test_the_past_has_the_fields_of_the_pages_as_they_were(register: Register) -> None:
    for _ in range(3):
        register.check()
    register.status["No 7"] = "Revoked"
    for step in range(3):
        register.check(hours=7 * 24 if step == 0 else 1)
    before = (NOON + timedelta(hours=12)).isoformat()
    for at, status in (((), "Revoked"), (("--at", before), "Active")):
        entries = json.loads(register.watch("entries", "it", *at, "--limit", "100", "--json").out)["entries"]
        assert {each["key"]: each["fields"].get("status") for each in entries}["No 7"] == status
