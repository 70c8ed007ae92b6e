"""The configuration at the desk: lists, forms, what is tried before it is saved, and who is let in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from httpx import Response
from starlette.testclient import TestClient

from state.model import Event
from state.storage.daemons import DaemonSeen
from state.storage.objects import ANY, NEW, Edit
from tests.watcher.web.conftest import ADDRESS, NOW, csrf, read
from watcher.config.edit import apply
from watcher.config.load import load
from watcher.web.desk import Desk
from watcher.web.server import create_app

TABLES = ("sources", "groups", "entities", "channels", "rules")
DOCUMENTS: dict[str, dict[str, Any]] = {
    "source": {"kind": "json", "url": "http://127.0.0.1:9/list", "items": "@", "key": "name"},
    "group": {"every": "1h"},
    "entity": {"names": ["Zenith Bank"]},
    "channel": {"url": "json://127.0.0.1:9/"},
    "rule": {"to": ["one"]},
}
ORDER = ("group", "source", "entity", "channel", "rule")


@pytest.fixture
def made(desk: Desk) -> Desk:
    """A desk with one object of each kind, and one more source."""
    allow_loopback(desk)
    edits = [Edit(kind, "one", DOCUMENTS[kind]) for kind in ORDER]
    edit(desk, *edits, Edit("source", "two", DOCUMENTS["source"] | {"group": "one"}))
    return desk


def edit(desk: Desk, *edits: Edit) -> None:
    """Somebody else edits the configuration."""
    apply(desk.config, desk.store, edits, "else", NOW)
    desk.use(load(desk.config.path))


def write_more(desk: Desk, more: str) -> None:
    """Somebody writes more into the file."""
    assert desk.config.path
    desk.config.path.write_text(desk.config.path.read_text() + more)
    desk.use(load(desk.config.path))


def allow_loopback(desk: Desk) -> None:
    write_more(desk, '[http]\nprivate_addresses = "allow"\n')


def fields_of(page: BeautifulSoup) -> dict[str, list[str]]:
    """What a browser would send of the form of an object: all fields as they are."""
    form = page.select_one("form.options")
    assert form is not None
    found = dict[str, list[str]]()
    for each in form.select("input[name], select, textarea"):
        name = str(each["name"])
        if each.get("type") == "checkbox" and not each.has_attr("checked"):
            continue
        chosen = each.select_one("option[selected]")
        value = each.get("value", "on") if each.name == "input" else each.text.removeprefix("\n")
        if each.name == "select":
            value = chosen["value"] if chosen else ""
        found.setdefault(name, []).append(str(value))
    return found


def send(browser: TestClient, address: str, do: str = "save", **values: str | list[str]) -> Response:
    """Fill in the form of an object, and press one of its buttons."""
    page = read(browser, address)
    form = page.select_one("form.options")
    assert form is not None
    changed = {name.replace("__", "."): value for name, value in values.items()}
    return browser.post(str(form["action"]), data=fields_of(page) | changed | {"form-do": do})


def beside(answer: Response, name: str) -> str:
    """The problem beside a field."""
    found = BeautifulSoup(answer.text, "lxml").find(id=f"p-{name}")
    return found.text if found else ""


def bulk(browser: TestClient, table: str, do: str, *chosen: str, **values: str) -> Response:
    page = browser.get(f"/config/{table}").text
    given = {f"form-{name}": value for name, value in values.items()}
    return browser.post(f"/config/{table}", data={"csrf": csrf(page), "form-do": do, "form-chosen": chosen} | given)


def test_each_object_is_made_with_the_form(browser: TestClient, desk: Desk) -> None:
    allow_loopback(desk)
    for kind in ORDER:
        table = TABLES[["source", "group", "entity", "channel", "rule"].index(kind)]
        values: dict[str, Any] = {
            key: "\r\n".join(v) if isinstance(v, list) else v for key, v in DOCUMENTS[kind].items()
        }
        if kind == "source":
            shown = send(browser, "/config/sources/-new", "show", kind="json")
            assert BeautifulSoup(shown.text, "lxml").find(attrs={"name": "items"}), "the options of its kind"
            values |= {"form-revision": "0", "csrf": csrf(shown.text)}
            answer = browser.post("/config/sources/-new", data=values | {"form-name": "one", "form-do": "save"})
        else:
            answer = send(browser, f"/config/{table}/-new", **{"form-name": "one"}, **values)
        assert (answer.status_code, answer.headers.get("location")) == (303, f"/config/{table}/one"), answer.text
        saved = fields_of(read(browser, f"/config/{table}/one"))
        assert "one" in read(browser, f"/config/{table}").select_one("table.list").text
        found = desk.store.objects.find(kind, "one")
        expected = DOCUMENTS[kind] | ({"name": "one"} if kind == "rule" else {})
        assert found, saved
        assert kind == "channel" or found.document == expected  # a channel's address is sealed
    assert desk.config.sources["one"].key == "name"


def test_a_form_that_nobody_changes_changes_nothing(browser: TestClient, made: Desk) -> None:
    for kind, table in zip(("source", "group", "entity", "channel", "rule"), TABLES, strict=True):
        before = made.store.objects.find(kind, "one")
        assert send(browser, f"/config/{table}/one").status_code == 303
        after = made.store.objects.find(kind, "one")
        assert before
        assert after
        assert after.document == before.document


def test_problems_stand_beside_their_fields_and_nothing_is_saved(browser: TestClient, made: Desk) -> None:
    last = made.store.objects.latest()
    answer = send(browser, "/config/sources/one", every="often", max_bytes="many", expect__filled="x", url="nowhere")
    assert answer.status_code == 422
    assert "duration" in beside(answer, "every")
    assert "whole number" in beside(answer, "max_bytes")
    assert "table" in beside(answer, "expect.filled")
    again = fields_of(BeautifulSoup(answer.text, "lxml"))
    assert (again["every"], again["max_bytes"], again["expect.filled"]) == (["often"], ["many"], ["x"])
    nameless = send(browser, "/config/entities/-new", names="A")
    assert (nameless.status_code, "is not a name" in nameless.text) == (422, True)
    assert made.store.objects.latest() == last


def test_an_object_named_new_hides_no_form(browser: TestClient, made: Desk) -> None:
    assert send(browser, "/config/entities/-new", **{"form-name": "new"}, names="Novel").status_code == 303
    assert fields_of(read(browser, "/config/entities/new"))["names"] == ["Novel"]
    linked = read(browser, "/config/entities").select_one("a.button")
    assert linked
    assert send(browser, str(linked["href"]), **{"form-name": "next"}, names="Other").status_code == 303
    assert made.config.entities.keys() >= {"new", "next"}


def test_two_editors_see_both_texts(browser: TestClient, made: Desk) -> None:
    page = fields_of(read(browser, "/config/entities/one"))
    edit(made, Edit("entity", "one", {"names": ["Theirs"]}))
    mine = browser.post("/config/entities/one", data=page | {"names": "Mine", "form-do": "save"})
    assert mine.status_code == 412
    shown = BeautifulSoup(mine.text, "lxml")
    assert [each.text.strip() for each in shown.select(".sides pre")] == ['names = ["Theirs"]', 'names = ["Mine"]']
    assert made.config.entities["one"].names == ("Theirs",)
    again = browser.post("/config/entities/one", data=fields_of(shown) | {"form-do": "save"})
    assert again.status_code == 303
    assert made.config.entities["one"].names == ("Mine",)


def test_what_was_deleted_or_came_into_a_file_meanwhile_is_said(browser: TestClient, made: Desk) -> None:
    page, entity = fields_of(read(browser, "/config/groups/one")), fields_of(read(browser, "/config/entities/one"))
    edit(made, Edit("source", "two", None), Edit("entity", "one", None))
    gone = browser.post("/config/entities/one", data=entity | {"form-do": "save"})
    assert (gone.status_code, "was deleted" in gone.text) == (412, True)
    again = browser.post(
        "/config/entities/-new", data=fields_of(BeautifulSoup(gone.text, "lxml")) | {"form-do": "save"}
    )
    assert again.headers["location"] == "/config/entities/one"
    assert made.config.path
    made.config.path.write_text(made.config.path.read_text() + '[groups.one]\nevery = "2h"\n')
    taken = browser.post("/config/groups/one", data=page | {"every": "3h", "form-do": "save"})
    assert (taken.status_code, "watch.toml" in taken.text) == (409, True)
    assert fields_of(BeautifulSoup(taken.text, "lxml"))["every"] == ["3h"]


def test_objects_of_files_are_shown_with_file_and_line(browser: TestClient, made: Desk) -> None:
    page = read(browser, "/config/sources/fca")
    assert "watch.toml, line 4" in page.text
    assert page.select_one("form.options") is None
    assert 'key = "No"' in page.select_one("pre").text
    assert "watch.toml, line 4" in read(browser, "/config/sources").text
    token = csrf(browser.get("/config/sources/fca").text)
    refused = browser.post("/config/sources/fca", data={"csrf": token, "form-do": "save", "form-revision": "0"})
    assert refused.status_code == 409
    copied = fields_of(read(browser, "/config/sources/-new?like=fca"))
    assert (copied["kind"], copied["key"], copied["form-name"]) == (["table"], ["No"], [""])


@pytest.mark.parametrize("role", ["viewer", "editor"])
def test_others_see_no_form(role: str, made: Desk) -> None:
    users = f'[web]\nproxy_header = "X-User"\ntrusted_proxies = ["127.0.0.1"]\n[web.users.vera]\nrole = "{role}"\n'
    write_more(made, users)
    vera = TestClient(create_app(made), ADDRESS, headers={"X-User": "vera"}, client=("127.0.0.1", 1))
    for address in ("/config", *(f"/config/{table}{name}" for table in TABLES for name in ("", "/one", "/-new"))):
        answer = vera.get(address)
        assert (answer.status_code, "<textarea" in answer.text) == (403, False)
        assert "the role is not admin" in answer.text
        token = {"csrf": made.sessions.csrf("proxy:vera"), "form-do": "delete", "form-chosen": "one"}
        assert vera.post(address, data=token).status_code in {403, 405}
    assert "/config" not in vera.get("/sources").text
    assert "one" in made.config.sources


def test_a_form_of_another_site_is_refused(browser: TestClient, made: Desk) -> None:
    data = fields_of(read(browser, "/config/entities/one"))
    for headers in ({"Origin": "https://elsewhere.test"}, {"Sec-Fetch-Site": "cross-site"}):
        assert browser.post("/config/entities/one", data=data, headers=headers).status_code == 403
    for wrong in ({}, {"csrf": "x"}):
        sent = {name: value for name, value in data.items() if name != "csrf"} | wrong
        assert browser.post("/config/entities/one", data=sent | {"form-do": "save"}).status_code == 403
        assert browser.post("/config/entities", data=sent | {"form-do": "delete"}).status_code == 403
    assert "one" in made.config.entities


def test_many_are_changed_at_once_or_none(browser: TestClient, made: Desk) -> None:
    assert bulk(browser, "sources", "group", "one", "two", group="one").status_code == 303
    assert {made.config.sources[name].group for name in ("one", "two")} == {"one"}
    mixed = bulk(browser, "sources", "group", "one", "fca", group="")
    assert (mixed.status_code, "watch.toml" in mixed.text) == (409, True)
    assert made.config.sources["one"].group == "one", "nothing is half done"
    used = bulk(browser, "groups", "delete", "one")
    assert (used.status_code, "source" in used.text) == (409, True)
    assert bulk(browser, "sources", "group", "one", "two", group="").status_code == 303
    assert bulk(browser, "sources", "archive", "one", "two").status_code == 303
    assert not made.config.sources["one"].enabled
    assert "archived" in read(browser, "/config/sources").text
    assert bulk(browser, "sources", "restore", "two").status_code == 303
    assert bulk(browser, "sources", "delete", "one", "two").status_code == 303
    assert set(made.config.sources) == {"fca"}
    assert bulk(browser, "sources", "delete").status_code == 400
    assert bulk(browser, "sources", "dance", "fca").status_code == 400
    assert bulk(browser, "entities", "check", "one").status_code == 400
    assert bulk(browser, "sources", "delete", "nobody").status_code == 404


def test_sources_rest_and_are_checked_also_those_of_files(browser: TestClient, made: Desk) -> None:
    assert bulk(browser, "sources", "pause", "one", "fca", until="2999-01-01T12:00").status_code == 303
    assert set(made.store.objects.pauses()) == {"one", "fca"}
    assert "paused until 2999-01-01" in read(browser, "/config/sources").text
    assert "It is paused until 2999-01-01" in read(browser, "/config/sources/fca").text
    assert bulk(browser, "sources", "resume", "fca", here="fca").headers["location"] == "/config/sources/fca"
    assert set(made.store.objects.pauses()) == {"one"}
    assert bulk(browser, "sources", "pause", "one", until="2001-01-01T12:00").status_code == 400
    assert bulk(browser, "sources", "check", "one").status_code == 303
    assert set(made.store.requests.pending()) == {"one"}


def test_an_edit_is_taken_back_a_deletion_too(browser: TestClient, made: Desk) -> None:
    assert send(browser, "/config/entities/one", names="Other").status_code == 303
    revision = str(made.store.objects.latest())
    assert "Undo" in read(browser, "/config/entities/one").text
    assert (
        bulk(browser, "entities", "undo", revision=revision, here="one").headers["location"] == "/config/entities/one"
    )
    assert made.config.entities["one"].names == ("Zenith Bank",)
    bulk(browser, "entities", "delete", "one")
    assert "(deleted)" in read(browser, "/config/entities").text
    bulk(browser, "entities", "undo", revision=str(made.store.objects.latest()))
    assert "one" in made.config.entities
    assert bulk(browser, "entities", "undo", revision="999").status_code == 409
    assert bulk(browser, "entities", "undo", revision="x").status_code == 400


def test_lists_are_searched_and_paged(browser: TestClient, made: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("watcher.web.pages.config.PAGE", 2)
    labelled = DOCUMENTS["source"] | {"label": "Реестр лицензий"}
    edit(made, *(Edit("source", f"register-{number}", labelled) for number in range(5)))
    names = list[str]()
    address = "/config/sources?find=%D1%80%D0%B5%D0%B5%D1%81%D1%82%D1%80"
    while address:
        page = read(browser, address)
        names += [each.text for each in page.select("table.list a.title")]
        more = page.select_one("a[rel=next]")
        address = str(more["href"]) if more else ""
    assert names == [f"register-{number}" for number in range(5)]
    assert [each.text for each in read(browser, "/config/sources?find=one").select("a.title")] == ["one", "two"]
    every = bulk(browser, "sources", "archive", find="реестр", all="1")
    assert every.status_code == 303
    assert [name for name, source in made.config.sources.items() if source.enabled] == ["fca", "one", "two"]


def test_a_source_is_tried_before_it_is_saved(browser: TestClient, made: Desk, site: Any) -> None:
    site.page("/list", [{"name": "Zenith Bank", "status": "active"}, {"name": "Nobody"}])
    last = made.store.objects.latest()
    tried = send(browser, "/config/sources/one", "try", url=site.url("/list"))
    assert tried.status_code == 200, tried.text
    shown = BeautifulSoup(tried.text, "lxml").select_one("#tried")
    assert shown
    assert "2 entries" in shown.text
    assert "to one" in shown.text
    assert [each.text for each in shown.select(".entity")] == ["one"]
    assert made.store.objects.latest() == last
    site.page("/list", "", status=404)
    failed = send(browser, "/config/sources/one", "try", url=site.url("/list"))
    assert (failed.status_code, "404" in failed.text) == (400, True)
    assert fields_of(BeautifulSoup(failed.text, "lxml"))["url"] == [site.url("/list")]


def test_a_channel_takes_a_test_alert_before_it_is_saved(browser: TestClient, made: Desk, site: Any) -> None:
    site.page("/chat")
    sent = send(browser, "/config/channels/-new", "try", url=site.url("/chat").replace("http", "json"))
    assert "Sent:" in sent.text
    assert len(site.sent("/chat")) == 1
    site.page("/chat", "no such room", status=404)
    failed = send(browser, "/config/channels/-new", "try", url=site.url("/chat").replace("http", "json"))
    assert (failed.status_code, "404" in failed.text) == (400, True)
    wrong = send(browser, "/config/channels/-new", "try", url="nothing://")
    assert wrong.status_code == 422
    assert beside(wrong, "url")


def test_an_entity_and_a_rule_say_what_they_find(
    browser: TestClient, made: Desk, changed: Callable[..., Event]
) -> None:
    changed("Sable Capital")
    changed("Zenith Bank fined", hours=2)
    found = BeautifulSoup(send(browser, "/config/entities/-new", "try", names="Zenith").text, "lxml")
    assert "Found in 1 change of the last 1,000" in found.text
    assert "“Zenith” in title: the name “Zenith”" in found.select_one("#tried").text
    rule = BeautifulSoup(send(browser, "/config/rules/one", "try", entities="sable").text, "lxml")
    assert "It would have sent 1 change of the last 100" in rule.text
    assert "to one" in rule.select_one("#tried").text
    nothing = send(browser, "/config/rules/one", "try", when="changed.Nothing")
    assert "It would have sent 0 changes" in nothing.text


@pytest.mark.parametrize("name", ["a/b", "100%", "Реестр", "a b", "new", "<b>&\"'"])
def test_a_name_may_have_odd_characters(name: str, browser: TestClient, made: Desk) -> None:
    edit(made, Edit("entity", name, {"names": ["Odd"]}))
    link = next(each for each in read(browser, "/config/entities").select("a.title") if each.text == name)
    assert link["href"] == f"/config/entities/{quote(name, safe='')}"
    assert send(browser, str(link["href"]), names="Even").status_code == 303
    assert made.config.entities[name].names == ("Even",)


def test_a_group_keeps_what_its_members_kinds_have(browser: TestClient, made: Desk) -> None:
    edit(made, Edit("source", "two", None), Edit("group", "one", {"key": ["a", "b"], "items": "@", "every": "2h"}))
    assert send(browser, "/config/groups/one", every="3h").status_code == 303
    found = made.store.objects.find("group", "one")
    assert found
    assert found.document == {"key": ["a", "b"], "items": "@", "every": "3h"}


def test_editing_can_be_off(browser: TestClient, made: Desk) -> None:
    write_more(made, "[web]\nedit = false\n")
    assert "[web] edit = false" in read(browser, "/config/entities").text
    assert read(browser, "/config/entities/one").select_one("form.options") is None
    assert bulk(browser, "entities", "delete", "one").status_code == 403
    assert bulk(browser, "sources", "pause", "one").status_code == 303


def test_a_regular_expression_without_end_is_given_up(browser: TestClient, made: Desk, site: Any) -> None:
    site.page("/page", f"<p>{'a' * 40}!</p>")
    text = {"kind": "text", "url": site.url("/page"), "remove_lines": ["(a+)+$"]}
    edit(made, Edit("source", "text", text, ANY))
    answer = send(browser, "/config/sources/text", "try")
    assert answer.status_code in {200, 400}


def test_a_state_that_cannot_be_written_is_said(
    browser: TestClient, made: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from state.errors import StateError

    def refuse(*_: object, **__: object) -> None:
        raise StateError("attempt to write a readonly database")

    monkeypatch.setattr(made.store.objects, "write", refuse)
    answer = send(browser, "/config/entities/one", names="Other")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert made.config.entities["one"].names == ("Zenith Bank",)


def test_a_daemon_of_an_earlier_release_is_named_beside_what_it_does_not_take_over(
    browser: TestClient, made: Desk
) -> None:
    old = DaemonSeen("host:7:abc", "host", NOW, NOW, {"pauses": {}})
    made.store.daemons.note(old)
    assert "host:7:abc on host is of an earlier release" in browser.get("/config/sources").text
    made.store.daemons.note(old._replace(state={"pauses": {}, "edits": True}))
    assert "earlier release" not in browser.get("/config/sources").text


def test_only_the_last_edit_of_an_object_is_offered_to_be_taken_back(browser: TestClient, desk: Desk) -> None:
    for names in (["One"], ["One", "Two"]):
        edit(desk, Edit("entity", "one", {"names": names}, ANY if len(names) > 1 else NEW))
    edit(desk, Edit("entity", "two", {"names": ["2"]}, NEW))
    last, first = (button["aria-label"] for button in read(browser, "/config/entities").select("[value=undo]"))
    assert (last, first) == ("Undo revision 3", "Undo revision 2")
