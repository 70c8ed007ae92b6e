"""`watch --once` from watch.toml to the delivered alert: real HTTP, real SQLite, a real webhook."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

Watch = Callable[..., Any]

HEAD = """
[http]
private_addresses = "allow"
spacing = "0s"

[entities.telegram]
names = ["Telegram"]
"""


def table(*rows: tuple[str, ...], columns: tuple[str, ...] = ("Company", "Branch")) -> str:
    head = "".join(f"<th>{column}</th>" for column in columns)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<html><body><table><tr>{head}</tr>{body}</table></body></html>"


@pytest.fixture
def desk(site: Any) -> Any:
    """A chat's webhook on the site; `desk.messages` are the alerts that came in."""

    class Desk:
        url = site.url("/hook").replace("http", "json")

        @property
        def messages(self) -> list[dict[str, Any]]:
            return [json.loads(asked.body) for asked in site.requests if asked.path == "/hook"]

        @property
        def titles(self) -> list[str]:
            return [message["title"] for message in self.messages]

    site.page("/hook")
    return Desk()


@pytest.fixture
def register(site: Any, configure: Any, desk: Any) -> Callable[..., None]:
    """Configures one table source called `list`, a desk that hears of everything, and whatever the test adds."""

    def write(source: str = "", more: str = "") -> None:
        configure(
            f"{HEAD}\n[sources.list]\nkind = 'table'\nurl = '{site.url('/list')}'\nkey = 'Company'\n{source}\n"
            f"[channels.desk]\nurl = '{desk.url}'\n[[alerts]]\nto = ['desk']\n[[alerts]]\nhealth = true\nto = ['desk']\n"
            + more
        )

    write()
    return write


@pytest.fixture
def once(watch: Watch) -> Callable[..., dict[str, Any]]:
    """Runs `watch --once --json`; what it said of the only source, with the exit code and the deliveries."""

    def run(*argv: str) -> dict[str, Any]:
        ran = watch("--once", "--json", *argv)
        said = json.loads(ran.out)
        return {**said["sources"][0], "code": ran.code, "deliveries": said["deliveries"], "err": ran.err}

    return run


ASKED = ("id", "change", "key", "title", "url", "fields", "entities", "proof", "mentions")


def test_a_changed_field_is_alerted_at_the_check_that_sees_it(site: Any, register: Any, once: Any, desk: Any) -> None:
    site.page("/list", table(("Telegram Messenger Inc", "not met"), ("Zoom", "met")))
    assert once()["status"] == "baseline"
    assert desk.titles == ["Watching list: 2 entries, 1 mentions telegram"]
    site.page("/list", table(("Telegram Messenger Inc", "under approval"), ("Zoom", "met")))
    said = once()
    assert (said["status"], said["entries"], said["code"]) == ("ok", 2, 0)
    assert [{name: each[name] for name in ASKED} for each in said["changes"]] == [
        {
            "id": 2,
            "change": "changed",
            "key": "Telegram Messenger Inc",
            "title": "Telegram Messenger Inc",
            "url": None,
            "fields": {"Branch": {"before": "not met", "after": "under approval"}},
            "entities": ["telegram"],
            "proof": None,
            "mentions": [
                {"entity": "telegram", "name": "Telegram", "words": "Telegram", "field": field, "new": False}
                for field in ("title", "Company")
            ],
        }
    ]
    assert said["deliveries"] == {"sent": 1, "held": 0, "pending": 0, "dead": 0}
    assert desk.titles[-1] == "Telegram: Branch: not met → under approval (list)"
    assert once()["status"] == "unchanged"
    assert len(desk.messages) == 2


def test_added_and_removed_entries_show_each_field_with_nothing_on_the_other_side(
    site: Any, register: Any, once: Any
) -> None:
    site.page("/list", table(("Apple", "met"), ("Zoom", "met")))
    once()
    site.page("/list", table(("Apple", "met"), ("Discord", "not met")))
    added, removed = once()["changes"]
    assert (added["change"], added["fields"]["Branch"]) == ("added", {"before": None, "after": "not met"})
    assert (removed["change"], removed["fields"]["Branch"]) == ("removed", {"before": "met", "after": None})
    site.page("/list", table(("Apple", "met"), ("Discord", "not met"), ("Zoom", "met")))
    assert [change["change"] for change in once()["changes"]] == ["reappeared"]


def test_reordered_rows_moved_whitespace_and_invisible_characters_are_no_change(
    site: Any, register: Any, once: Any, desk: Any
) -> None:
    site.page("/list", table(("Apple", "not met"), ("Zoom", "met"), ("Zoom", "met")))
    once()
    site.page("/list", table(("\u200bZoom", " met "), ("Apple\u00ad", "not&nbsp;\n met")))
    assert once()["status"] == "unchanged"
    assert len(desk.messages) == 1


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        ({"status": 404}, "http_404"),
        ({"status": 503}, "http_503"),
        ({"body": ""}, "empty_body"),
        ({"body": b"%PDF-1.7 \x00\x01", "type": "application/pdf"}, "wrong_content_type"),
        ({"body": table(("Apple", "x"), columns=("Firm", "Branch"))}, "not_found"),
        ({"body": "<html><body><p>We are being redesigned</p></body></html>"}, "not_found"),
    ],
)
def test_what_cannot_be_read_is_never_a_change_and_keeps_the_state(
    site: Any, register: Any, once: Any, page: dict[str, Any], reason: str
) -> None:
    site.page("/list", table(("Apple", "met"), ("Zoom", "met")))
    once()
    site.page("/list", **page)
    said = once()
    assert (said["status"], said["reason"], said["code"], said["entries"]) == ("failing", reason, 1, 2)
    assert "Traceback" not in said["err"]
    assert said["message"].count("\n") == 0
    site.page("/list", table(("Apple", "met"), ("Zoom", "met")))
    assert once()["status"] == "unchanged"


def test_a_mass_loss_is_held_told_once_and_told_again_when_it_is_over(
    site: Any, register: Any, once: Any, desk: Any
) -> None:
    companies = [(f"Company {number}", "met") for number in range(40)]
    site.page("/list", table(*companies))
    once()
    site.page("/list", table(*companies[:3]))
    for _ in range(3):
        said = once()
        assert (said["status"], said["reason"], said["entries"], said["changes"]) == ("suspicious", "mass_loss", 40, [])
    site.page("/list", table(*companies))
    assert once()["status"] == "unchanged"
    assert [title.partition(":")[0] for title in desk.titles[1:]] == ["SUSPICIOUS", "RECOVERED"]


def test_a_source_that_was_never_read_is_told_about_at_once_and_one_that_was_after_three_failures(
    site: Any, register: Any, once: Any, desk: Any
) -> None:
    site.page("/list", status=500)
    once()
    assert desk.titles[-1].startswith("FAILING: list")
    site.page("/list", table(("Apple", "met")))
    once()
    told = len(desk.titles)
    site.page("/list", status=500)
    once()
    once()
    assert len(desk.titles) == told
    once()
    assert desk.titles[told:][0].startswith("FAILING: list")


def test_retry_after_is_obeyed_by_the_next_one_shot_check(
    site: Any, register: Any, once: Any, configure: Any, folder: Any
) -> None:
    configure('timezone = "Europe/Moscow"\n' + (folder / "watch.toml").read_text())
    site.page("/list", status=429, headers={"Retry-After": "3600"})
    assert once()["reason"] == "http_429"
    asked = len(site.requests)
    said = once()
    assert (said["status"], said["reason"], said["code"]) == ("failing", "http_429", 1)
    asked_for = datetime.now(UTC) + timedelta(seconds=3600)
    found = re.search(r"asked to be left alone until (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\+03:00)$", said["message"])
    assert found
    assert abs(datetime.fromisoformat(found[1]) - asked_for) < timedelta(minutes=2)
    assert site.paths[asked:] == []


EDITS = {
    "key": ("key = 'Company'", "key = ['Company', 'Resource']"),
    "title": ("key = 'Company'", "key = 'Company'\ntitle = 'Resource'"),
    "fields": ("key = 'Company'", "key = 'Company'\nfields = ['Branch']"),
}


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("moved", [False, True], ids=["still 304", "one field changed as well"])
def test_an_edit_of_the_options_is_no_news_and_hides_none(
    site: Any, configure: Any, register: Any, once: Any, desk: Any, edit: str, moved: bool, folder: Any
) -> None:
    columns = ("Company", "Resource", "Branch")
    rows = [("Telegram", "telegram.org", "not met"), ("Zoom", "zoom.us", "met")]
    site.page("/list", table(*rows, columns=columns), etag='"1"')
    once()
    said_before = len(desk.messages)
    old, new = EDITS[edit]
    configure((folder / "watch.toml").read_text().replace(old, new))
    if moved:
        site.page("/list", table(("Telegram", "telegram.org", "under approval"), rows[1], columns=columns), etag='"2"')
    said = once()
    assert "re-read" in said["err"]
    assert [change["fields"] for change in said["changes"]] == (
        [{"Branch": {"before": "not met", "after": "under approval"}}] if moved else []
    )
    assert len(desk.messages) == said_before + moved
    again = once()
    assert (again["status"], "re-read" in again["err"]) == ("unchanged", False)


def test_another_url_is_a_new_baseline_and_says_so(
    site: Any, register: Any, once: Any, desk: Any, configure: Any, folder: Any
) -> None:
    site.page("/list", table(("Apple", "met"), ("Zoom", "met")))
    once()
    site.page("/elsewhere", table(("Discord", "met")))
    configure((folder / "watch.toml").read_text().replace("/list'", "/elsewhere'"))
    said = once()
    assert (said["status"], said["entries"], said["changes"]) == ("baseline", 1, [])
    assert len(desk.messages) == 2


def test_a_renamed_source_keeps_its_state(site: Any, register: Any, once: Any, configure: Any, folder: Any) -> None:
    site.page("/list", table(("Apple", "met")))
    once()
    text = (folder / "watch.toml").read_text()
    configure(text.replace("[sources.list]", "[sources.landing]\nwas = ['list']"))
    site.page("/list", table(("Apple", "not met")))
    said = once()
    assert (said["name"], said["status"]) == ("landing", "ok")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "has no source; `watch add URL` writes one"),
        ("[sources.list]\nkind = 'feed'\nurl = 'https://example.org/'\nenabled = false", "has enabled = false"),
    ],
)
def test_with_nothing_to_check_it_says_so_and_what_to_do(configure: Any, watch: Watch, text: str, says: str) -> None:
    configure(text)
    ran = watch("--once")
    said = " ".join(ran.out.split())
    assert (ran.code, ran.err) == (0, "")
    assert said.startswith("nothing to check: ")
    assert says in said
    assert json.loads(watch("--once", "--json").out)["sources"] == []


def test_many_new_sources_make_one_message(site: Any, configure: Any, watch: Watch, desk: Any) -> None:
    site.page("/list", table(("Apple", "met")))
    sources = "".join(
        f"[sources.list-{number}]\nkind = 'table'\nurl = '{site.url('/list')}'\nkey = 'Company'\n"
        for number in range(60)
    )
    configure(f"{HEAD}{sources}[channels.desk]\nurl = '{desk.url}'\n[[alerts]]\nto = ['desk']\n")
    assert watch("--once").code == 0
    assert desk.titles == ["Watching 60 new sources: 60 entries, none mentions what you watch"]


def test_one_source_of_several_is_checked_when_it_is_named(site: Any, configure: Any, watch: Watch) -> None:
    site.page("/list", table(("Apple", "met")))
    sources = "".join(
        f"[sources.{name}]\nkind = 'table'\nurl = '{site.url('/list')}'\nkey = 'Company'\n" for name in ("one", "two")
    )
    configure(HEAD + sources)
    said = json.loads(watch("--once", "--json", "--source", "two").out)
    assert [source["name"] for source in said["sources"]] == ["two"]
    ran = watch("--once", "--source", "three")
    assert ran.code == 2
    assert 'no source "three"' in ran.err


def test_a_refused_delivery_is_kept_and_sent_by_the_next_run(site: Any, register: Any, once: Any, desk: Any) -> None:
    site.page("/list", table(("Apple", "met")))
    site.page("/hook", status=503)
    said = once()
    assert (said["code"], said["deliveries"]) == (1, {"sent": 0, "held": 0, "pending": 1, "dead": 0})
    site.page("/hook")
    said = once()
    assert (said["code"], said["deliveries"]["sent"]) == (0, 1)
    refused, taken = [asked for asked in site.requests if asked.path == "/hook"]
    assert refused.headers["idempotency-key"] == taken.headers["idempotency-key"]
    assert refused.body == taken.body


def loaded(*names: str) -> set[str]:
    """Which of these modules a check loads, in a process of its own."""
    code = "import sys; from watcher import cli; print(cli.main(['--once']), *sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    code, *modules = ran.stdout.splitlines()[-1].split()
    assert code == "0"
    return {*names} & {*modules}


def test_a_check_that_alerts_nobody_loads_no_templates(site: Any, register: Callable[..., None], watch: Watch) -> None:
    register()
    site.page("/list", table(("Telegram", "no")))
    assert watch("--once").code == 0
    assert loaded("jinja2") == set()


def test_a_check_loads_no_command_line_of_httpx(site: Any, register: Callable[..., None], watch: Watch) -> None:
    register()
    site.page("/list", table(("Telegram", "no")))
    assert watch("--once").code == 0
    assert loaded("httpx", "click", "rich", "pygments") == {"httpx"}


def test_a_check_of_an_unchanged_page_loads_no_parser(site: Any, register: Callable[..., None], watch: Watch) -> None:
    register()
    site.page("/list", table(("Telegram", "no")))
    assert watch("--once").code == 0
    assert loaded("httpx", "lxml", "bs4") == {"httpx"}


def test_a_check_whose_alerts_go_nowhere_yet_loads_nothing_that_sends(site: Any, configure: Any, watch: Watch) -> None:
    configure(f"{HEAD}\n[sources.list]\nkind = 'table'\nurl = '{site.url('/list')}'\nkey = 'Company'\n")
    site.page("/list", table(("Telegram", "no")))
    assert watch("--once").code == 0
    assert loaded("httpx", "apprise", "requests", "cryptography", "watcher.evidence.proofs") == {"httpx"}


def test_links_that_are_read_from_now_on_are_no_news_and_stand_in_the_next_alert(
    site: Any, register: Any, once: Any, desk: Any
) -> None:
    row = "<a href='/firms/7?visit={}'>Telegram Messenger Inc</a>"
    register("link = false")
    site.page("/list", table((row.format("a"), "not met")))
    assert once()["status"] == "baseline"
    register()
    site.page("/list", table((row.format("b"), "not met")))
    assert once()["status"] == "unchanged"
    site.page("/list", table((row.format("c"), "met")))
    (change,) = once()["changes"]
    assert (change["url"], list(change["fields"])) == (site.url("/firms/7?visit=c"), ["Branch"])
    assert f"Open the record: {site.url('/firms/7?visit=c')}" in desk.messages[-1]["message"]


def test_another_link_is_news_where_the_link_was_asked_for(site: Any, register: Any, once: Any) -> None:
    for link, changes in (("", []), ("link = 'Company'", []), ("link = 'Company'", [["url"]])):
        register(link)
        page = 1 + len(changes)
        site.page("/list", table((f"<a href='/firms/{page}'>Telegram Messenger Inc</a>", "not met")))
        assert [list(change["fields"]) for change in once()["changes"]] == changes


def test_a_change_without_a_link_of_its_own_has_the_register_s(site: Any, register: Any, once: Any, desk: Any) -> None:
    for branch in ("not met", "met"):
        site.page("/list", table(("Telegram Messenger Inc", branch)))
        once()
    assert f"Open the register's page: {site.url('/list')}" in desk.messages[-1]["message"]


def test_a_check_loads_only_tables_without_classes(site: Any, register: Callable[..., None], watch: Watch) -> None:
    register()
    site.page("/list", table(("Telegram", "no")))
    assert watch("--once").code == 0
    assert loaded("sqlalchemy", "sqlmodel", "sqlalchemy.orm") == {"sqlalchemy"}
    tables = [f"state.db.tables.{name}" for name in ("core", "evidence", "past", "people", "readers", "rows", "seldom")]
    assert loaded(*tables) == {"state.db.tables.core"}
