"""A source is added at the desk, from a page on loopback."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from starlette.testclient import TestClient

from tests.shells import serve
from tests.watcher.web.conftest import ADDRESS, csrf, press, read
from tests.watcher.web.pointing import Pointing
from watcher.config.load import load
from watcher.web.signing_in import hash_password

pytestmark = pytest.mark.usefixtures("no_browser")
Looking = Callable[[], TestClient]
ROWS = [{"licence": f"L-{number}", "holder": f"Firm {number}", "status": "active"} for number in range(12)]


@pytest.fixture
def register(kept: Any) -> str:
    """The address of a register on loopback."""
    kept.check()
    kept.site.page("/register", ROWS)
    return str(kept.site.url("/register"))


def test_a_source_is_proposed_and_written(register: str, looking: Looking, folder: Path) -> None:
    browser = looking()
    shown = press(browser, "/add", "/add", url=register)
    assert "Firm 3" in shown.text
    assert "licence" in shown.text
    form = shown.text.partition('action="/add/')[2].partition('"')[0]
    answer = browser.post(f"/add/{form}", data={"csrf": csrf(shown.text)})
    assert answer.status_code == 303
    assert load(folder / "watch.toml").sources["register"].url == register
    assert read(browser, answer.headers["location"]).select_one("h1").text == "register"
    assert browser.post(f"/add/{form}", data={"csrf": csrf(shown.text)}).status_code == 409


def test_the_new_address_of_a_page_that_moved_is_written(
    register: str, kept: Any, looking: Looking, folder: Path
) -> None:
    kept.site.page("/old", status=301, headers={"Location": register})
    browser, old = looking(), kept.site.url("/old")
    shown = press(browser, "/add", "/add", url=old)
    assert f"{old} moved permanently to {register}" in shown.text
    form = shown.text.partition('action="/add/')[2].partition('"')[0]
    assert browser.post(f"/add/{form}", data={"csrf": csrf(shown.text)}).status_code == 303
    assert load(folder / "watch.toml").sources["register"].url == register


def test_the_address_guard_holds(register: str, kept: Any, looking: Looking, folder: Path) -> None:
    file = folder / "watch.toml"
    file.write_text(file.read_text().replace('"allow"', '"refuse"'))
    asked = len(kept.site.requests)
    answer = press(looking(), "/add", "/add", url=register)
    assert answer.status_code == 400
    assert "private" in answer.text
    assert len(kept.site.requests) == asked


@pytest.mark.parametrize(
    "url",
    [
        "",
        "file:///etc/passwd",
        "/etc/passwd",
        "javascript:alert(1)",
        "http://[",
        "x" * 3000,
        "http://a\0b/",
        "http://127.0.0.1:1/",
    ],
)
def test_what_is_no_address_is_refused(kept: Any, looking: Looking, url: str) -> None:
    kept.check()
    answer = press(looking(), "/add", "/add", url=url)
    assert (answer.status_code, "root:" in answer.text) == (400, False)
    assert 'role="alert"' in answer.text


def test_a_page_that_a_script_fills_is_not_offered_as_the_word_loading(
    kept: Any, looking: Looking, folder: Path
) -> None:
    kept.check()
    file = folder / "watch.toml"
    file.write_text(file.read_text() + '[browser]\ncommand = "there-is-none"\n')
    shown = press(looking(), "/add", "/add", url=serve(kept.site, "header and root", "/shell"))
    assert "only JavaScript would fill" in shown.text
    assert '<button name="to"' not in shown.text


def test_a_text_that_moves_at_each_look_is_shown_with_what_moved_and_not_written(kept: Any, looking: Looking) -> None:
    kept.check()
    looks = count()
    kept.site.page("/quotes", lambda _: f"<h1>Quote of the minute</h1><p>{'abcdefgh'[next(looks)] * 60}</p>")
    shown = press(looking(), "/add", "/add", url=kept.site.url("/quotes"))
    assert f"“{'a' * 60}” → “{'b' * 60}”" in shown.text
    assert "It would change at each check, so it is not written from here" in shown.text
    assert '<button name="to"' not in shown.text


def test_a_page_without_entries_says_so(kept: Any, looking: Looking) -> None:
    kept.check()
    kept.site.page("/empty", b"", headers={"Content-Type": "text/plain"})
    assert 'role="alert"' in press(looking(), "/add", "/add", url=kept.site.url("/empty")).text


def test_a_file_that_may_not_be_written_is_left_as_it_is(
    register: str, looking: Looking, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("watcher.web.pages.add._may_write", lambda _: False)
    file = folder / "watch.toml"
    file.write_text(f"{file.read_text()}[web]\nedit = false\n")
    before, shown = (folder / "watch.toml").read_bytes(), press(looking(), "/add", "/add", url=register)
    assert "copy the lines" in shown.text
    assert '<button name="to"' not in shown.text
    assert (folder / "watch.toml").read_bytes() == before


def test_a_site_that_does_not_answer_is_given_up(
    kept: Any, looking: Looking, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.check()
    kept.site.silent("/register")
    monkeypatch.setattr("watcher.web.pages.add.LONGEST", 0.5)
    answer = press(looking(), "/add", "/add", url=kept.site.url("/register"))
    assert answer.status_code == 400
    assert "took more than 0.5 s" in answer.text


def test_a_page_is_proposed_where_the_time_for_further_ones_is_over(
    register: str, kept: Any, looking: Looking, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def answer(_: Any) -> Any:
        asked.append("")
        return ROWS if len(asked) == 1 else kept.site.closing.wait(5) or ROWS

    kept.site.page("/register", answer)
    monkeypatch.setattr("watcher.web.pages.add.LONGEST", 2)
    assert "Firm 3" in press(looking(), "/add", "/add", url=register).text
    assert len(asked) > 1


def test_a_form_to_search_is_asked_for_what_is_said_at_the_desk(kept: Any, looking: Looking) -> None:
    kept.check()
    kept.site.page("/search", "<h1>Search</h1><form action=/found><input name=q title='Name of the firm'></form>")
    kept.site.page("/found", lambda asked: ROWS if asked.query == {"q": "firm"} else "nothing")
    browser = looking()
    without = press(browser, "/add", "/add", url=kept.site.url("/search"))
    assert "is a form to search (Name of the firm): say what for" in without.text
    shown = press(browser, "/add", "/add", url=kept.site.url("/search"), search=" firm ")
    assert "/found?q=firm" in shown.text
    assert "Firm 3" in shown.text


FIRMS = "".join(f"<li><b>Firm {n}</b> <i>Town {n % 3}</i></li>" for n in range(9))
PAGE = f"<h1>Struck off</h1><p>May not trade.</p><ol>{FIRMS}</ol><div id=note>The fee is 12, from May.</div>"


@pytest.fixture
def firms(kept: Any) -> str:
    """The address of a page on loopback."""
    kept.check()
    kept.site.page("/firms", f"<title>Firms</title><body>{PAGE}", type="text/html")
    return str(kept.site.url("/firms"))


def test_a_bookmarklet_brings_the_address_and_nothing_is_asked(firms: str, kept: Any, looking: Looking) -> None:
    asked = len(kept.site.requests)
    shown = read(looking(), f"/add?url={firms}&csrf=x")
    assert shown.select_one("input[name=url]")["value"] == firms
    (script,) = shown.select("a[href^='javascript:']")
    assert script["id"] == "bookmarklet"
    assert script["href"] == f"javascript:location.href='{ADDRESS}/add?url='+encodeURIComponent(location.href)"
    assert len(kept.site.requests) == asked


def test_a_part_is_pointed_at_without_a_request_and_the_source_is_written(
    firms: str, kept: Any, looking: Looking, folder: Path
) -> None:
    browser = looking()
    pointing = Pointing(browser, firms)
    asked = len(kept.site.requests)
    pointing.say("title")
    pointing.press("Firm 4")
    assert pointing.tables[0]["title"] == "b"
    assert [each.text for each in pointing.form.select("button[aria-pressed=true]")] == ["Firm 4"]
    assert "Firm 7" in {each.text for each in pointing.form.select("button.in")}
    assert len(kept.site.requests) == asked
    taken = pointing.take()
    assert len(kept.site.requests) > asked
    assert browser.post(taken, data={"csrf": csrf(pointing.text)}).status_code == 303
    source = load(folder / "watch.toml").sources["firms"]
    assert (source.kind, source.title) == ("list", "b")  # type: ignore[attr-defined] - the kind's


def test_what_was_said_of_a_part_is_taken_back_or_replaced(firms: str, looking: Looking) -> None:
    pointing = Pointing(looking(), firms)
    pointing.say("text")
    pointing.press("The fee")
    assert pointing.tables[0]["select"] == "div#note"
    pointing.say("not")
    pointing.press("The fee")
    assert pointing.form.select_one("input[name=clicks]")["value"].startswith("not")
    pointing.press("The fee")
    assert pointing.form.select_one("input[name=clicks]")["value"] == ""
    pointing.press("Firm 4")
    pointing.press("Firm 4", name="drop")
    assert pointing.form.select_one("input[name=clicks]")["value"] == ""


def test_parts_are_found_by_words(firms: str, looking: Looking) -> None:
    pointing = Pointing(looking(), firms)
    pointing.send({"find": "fEE"})
    assert [each.text for each in pointing.form.select("button[name=part]")] == ["The fee is 12, from May."]
    pointing.send({"find": "nowhere"})
    assert "No part of the page has these words" in pointing.text


def test_where_nothing_can_be_read_like_that_it_is_said(firms: str, looking: Looking) -> None:
    pointing = Pointing(looking(), firms)
    pointing.press("The fee")
    assert "nothing can be read like that" in pointing.page.select_one("[role=alert]").text
    assert pointing.tables == []


def test_a_page_is_kept_for_who_looked_at_it_and_for_a_while(
    firms: str, looking: Looking, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = folder / "watch.toml"
    file.write_text(f'{file.read_text()}[web.users.ada]\nrole = "editor"\npassword = "{hash_password("correct")}"\n')
    browser, other = looking(), looking()
    other.cookies.clear()
    other.post("/sign-in", data={"name": "ada", "password": "correct"})
    desk = browser.app.state.desk  # type: ignore[attr-defined] - the application's
    other.app.state.desk.looks = desk.looks  # type: ignore[attr-defined] - of one server
    address = str(Pointing(browser, firms).form["action"])
    assert [each.get(address).status_code for each in (browser, other)] == [200, 404]
    assert browser.get("/add/page/none").status_code == 404
    monkeypatch.setattr(desk.looks, "_most", 1)
    Pointing(browser, firms)
    gone = browser.get(address)
    assert (gone.status_code, "look at its address again" in gone.text) == (404, True)


@pytest.mark.parametrize(
    "query",
    ["clicks=x", "clicks=entry99999999", "clicks=entry5.not5.bad5", "as=bad&part=5", "part=-1", "drop=7", "find=%00",
     "clicks=" + "entry5." * 5000, "part=9999999999999999999999"],
)  # fmt: skip
def test_no_address_breaks_the_page(firms: str, looking: Looking, query: str) -> None:
    browser = looking()
    address = Pointing(browser, firms).form["action"]
    assert browser.get(f"{address}?{query}").status_code in {200, 400, 422}


def test_a_page_of_ten_megabytes_and_one_of_many_parts_are_bounded(firms: str, kept: Any, looking: Looking) -> None:
    rows = "".join(f"<tr><td>Firm {n}<td>{n}</tr>" for n in range(5000))
    kept.site.page("/firms", f"<table><tr><th>Name<th>No</tr>{rows}</table>", type="text/html")
    browser = looking()
    pointing = Pointing(browser, firms)
    assert len(pointing.form.select("button[name=part]")) == 1000
    assert "The first 1000 of 10002 parts" in pointing.text
    pointing.send({"find": "Firm 4999"})
    pointing.press("Firm 4999")
    assert len(browser.get(str(pointing.form["action"])).content) < 1_000_000
    kept.site.page("/firms", "<p>" + "x" * 10_000_001, type="text/html")
    assert press(browser, "/add", "/add", url=firms).status_code == 400
    kept.site.page("/firms", f"<h1>Long</h1><p>The fee is 12.</p><p>{'word ' * 1_900_000}</p>", type="text/html")
    assert len(Pointing(browser, firms).text) < 100_000


def test_an_admin_makes_the_source_at_the_desk(firms: str, looking: Looking, folder: Path) -> None:
    file = folder / "watch.toml"
    before = file.read_text()
    browser = looking()
    pointing = Pointing(browser, firms)
    pointing.press("Firm 4")
    taken = pointing.take()
    answer = browser.post(taken, data={"csrf": csrf(pointing.text), "to": "desk"})
    assert answer.status_code == 303
    assert read(browser, answer.headers["location"]).select_one("h1")
    assert file.read_text() == before
    assert load(file).sources["firms"].url == firms
    shown = press(browser, "/add", "/add", url=firms)
    assert "[sources.firms-2]" in shown.text
    assert {each["value"] for each in BeautifulSoup(shown.text, "lxml").select("button[name=to]")} == {"desk", "file"}


def test_an_editor_makes_no_source_at_the_desk(firms: str, looking: Looking, folder: Path) -> None:
    file = folder / "watch.toml"
    user = f'[web.users.ada]\nrole = "editor"\npassword = "{hash_password("correct")}"\n'
    file.write_text(f"{file.read_text()}{user}")
    browser = looking()
    browser.cookies.clear()
    browser.post("/sign-in", data={"name": "ada", "password": "correct"})
    shown = press(browser, "/add", "/add", url=firms)
    (button,) = BeautifulSoup(shown.text, "lxml").select("button[name=to]")
    assert button["value"] == "file"
    action = str(button.find_parent("form")["action"])  # type: ignore[index] - it is in one
    assert browser.post(action, data={"csrf": csrf(shown.text), "to": "desk"}).status_code == 303
    assert "[sources.firms]" in file.read_text()


def test_where_editing_is_off_a_source_is_written_to_the_file_alone(firms: str, looking: Looking, folder: Path) -> None:
    file = folder / "watch.toml"
    file.write_text(f"{file.read_text()}[web]\nedit = false\n")
    shown = press(looking(), "/add", "/add", url=firms)
    assert 'name="to" value="file"' in shown.text
    assert 'name="to" value="desk"' not in shown.text


def test_an_answer_to_a_form_is_pointed_at(firms: str, kept: Any, looking: Looking) -> None:
    form = "<h1>Search</h1><form action=/found method=post><input name=q title=Name><input type=hidden name=t value={}></form>"
    visits = count()
    kept.site.page("/search", lambda _: form.format(next(visits)), type="text/html")
    kept.site.page("/found", f"<body>{PAGE}", type="text/html")
    pointing = Pointing(looking(), kept.site.url("/search"), search="firm")
    pointing.say("title")
    pointing.press("Firm 4")
    pointing.take()
    (table,) = pointing.tables
    assert (table["title"], table["form"]["q"], list(table["before"])) == ("b", "firm", ["url", "take"])


def kinds_shown(text: str) -> dict[str, Any]:
    """The forms of kinds that a page offers, by their kinds."""
    forms = BeautifulSoup(text, "lxml").select("form[action^='/add/kind/']")
    return {str(form["action"]).rpartition("/")[2]: form for form in forms}


def test_words_in_place_of_an_address_show_what_the_catalogue_has_and_one_click_adds_it(
    kept: Any, looking: Looking, folder: Path
) -> None:
    kept.check()
    asked, browser = len(kept.site.requests), looking()
    shown = press(browser, "/add", "/add", url="Sanctions")
    assert {"ofac_sdn", "ofac_actions", "un_sanctions"} <= set(kinds_shown(shown.text))
    assert "OFAC, United States" in shown.text
    assert "Proven by captures, last with a page of 2026-02." in BeautifulSoup(shown.text, "lxml").text
    assert set(kinds_shown(press(browser, "/add", "/add", url="ofac sdn").text)) == {"ofac_sdn"}
    answer = browser.post("/add/kind/ofac_sdn", data={"csrf": csrf(shown.text), "to": "file"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sources/ofac-sdn")
    assert load(folder / "watch.toml").sources["ofac-sdn"].kind == "ofac_sdn"
    assert browser.post("/add/kind/ofac_sdn", data={"csrf": csrf(shown.text), "to": "desk"}).status_code == 303
    assert load(folder / "watch.toml").sources["ofac-sdn-2"].kind == "ofac_sdn"
    assert len(kept.site.requests) == asked


def test_a_kind_asks_at_the_desk_for_what_it_must_have(kept: Any, looking: Looking, folder: Path) -> None:
    kept.check()
    browser = looking()
    shown = press(browser, "/add", "/add", url="telegram")
    (field,) = kinds_shown(shown.text)["telegram"].select("input[name='option.channel'][required]")
    assert "t.me/name" in field.find_parent("label").text
    for given, what in (({}, "needs channel"), ({"option.channel": "a b"}, "channel: ")):
        refused = browser.post("/add/kind/telegram", data={"csrf": csrf(shown.text), **given})
        assert (refused.status_code, what in refused.text) == (400, True)
    browser.post("/add/kind/telegram", data={"csrf": csrf(shown.text), "option.channel": "durov"})
    assert load(folder / "watch.toml").sources["telegram"].channel == "durov"  # type: ignore[attr-defined] - the kind's
    assert browser.post("/add/kind/none", data={"csrf": csrf(shown.text)}).status_code == 404


def test_what_an_admin_gives_may_refer_to_the_environment_and_what_an_editor_gives_not(
    kept: Any, looking: Looking, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.check()
    monkeypatch.setenv("HOUSE_KEY", "secret")
    file = folder / "watch.toml"
    file.write_text(f'{file.read_text()}[web.users.ada]\nrole = "editor"\npassword = "{hash_password("correct")}"\n')
    given = {"option.company": "1", "option.auth": "${HOUSE_KEY}:", "to": "file"}
    browser = looking()
    for wanted in ("secret:", "${HOUSE_KEY}:"):
        shown = browser.get("/add")
        assert browser.post("/add/kind/companies_house", data={"csrf": csrf(shown.text), **given}).status_code == 303
        assert [*load(file).sources.values()][-1].auth == wanted
        browser.cookies.clear()
        browser.post("/sign-in", data={"name": "ada", "password": "correct"})


def test_a_preset_of_one_s_own_is_offered_at_the_desk(kept: Any, looking: Looking, folder: Path) -> None:
    kept.check()
    (folder / "presets").mkdir()
    preset = 'kind = "csv"\nurl = "https://register.example/all.csv"\nkey = "No"\npublisher = "Moon Office"\n'
    (folder / "presets/lunar.toml").write_text(preset)
    file = folder / "watch.toml"
    file.write_text(f'presets = "presets"\n{file.read_text()}')
    assert set(kinds_shown(press(looking(), "/add", "/add", url="moon").text)) == {"lunar"}
