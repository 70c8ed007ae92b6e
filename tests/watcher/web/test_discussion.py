"""What people say about a change, a case and a held snapshot, by the API and by the forms of the pages; and the links by
which a change, a proof and a case are handed on.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi import HTTPException
from starlette.testclient import TestClient

from state.model import Event
from state.storage.discussion import change_subject
from tests.watcher.web.conftest import ADDRESS, NOW, csrf, press, read
from watcher.config.settings import Sight, WebUser
from watcher.web import actions
from watcher.web.desk import Desk
from watcher.web.server import create_app
from watcher.web.viewers import Viewer

Changed = Callable[..., Event]
Signing = Callable[[str], TestClient]
LATER = "2025-07-15T12:00:00+00:00"
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)> javascript:alert(1)"
USERS = {
    "ada": WebUser(role="editor"),
    "ben": WebUser(role="editor", sources=("fca",)),
    "far": WebUser(role="editor", sources=("other*",)),
    "root": WebUser(role="admin"),
    "vera": WebUser(),
}


def know(desk: Desk, users: dict[str, WebUser]) -> None:
    """Let these be all who may sign in."""
    desk.use(replace(desk.config, web=desk.config.web.model_copy(update={"users": users})))


@pytest.fixture
def as_(desk: Desk) -> Signing:
    """Signs somebody in."""
    know(desk, USERS)

    def sign_in(name: str) -> TestClient:
        browser = TestClient(create_app(desk), ADDRESS, follow_redirects=False, raise_server_exceptions=False)
        session = desk.sessions.begin(name)
        browser.cookies.set("registry-watch", session)
        browser.headers["x-csrf-token"] = desk.sessions.csrf(session)
        return browser

    return sign_in


@pytest.fixture
def number(changed: Changed) -> int:
    return changed().id


@pytest.fixture
def address(number: int) -> str:
    return f"/api/v1/changes/{number}"


def shared(browser: TestClient, address: str, **more: Any) -> str:
    """The path of a new link."""
    answer = browser.post(f"{address}/share", json={"until": LATER, **more})
    assert (answer.status_code, list(answer.json())) == (201, ["url"])
    return str(answer.json()["url"]).removeprefix(ADDRESS)


def test_everybody_who_is_signed_in_comments_and_reads_it_in_the_change(as_: Signing, address: str) -> None:
    vera = as_("vera")
    said = vera.post(f"{address}/comments", json={"text": "  Is it ours?\nAsk @ada. "})
    assert (said.status_code, said.json()["text"]) == (201, "Is it ours?\nAsk @ada.")
    assert said.json()["who"] == "vera"
    one = vera.get(address).json()
    [listed] = vera.get("/api/v1/changes").json()["items"]
    assert (
        one["comments"] == listed["comments"] == [{"who": "vera", "at": NOW.isoformat(), "text": said.json()["text"]}]
    )
    assert (one["comment_count"], one["assigned"], one["importance"]) == (1, None, "normal")


def test_comments_come_in_pages_the_newest_first(as_: Signing, address: str) -> None:
    ada = as_("ada")
    for number in range(5):
        ada.post(f"{address}/comments", json={"text": f"{number}"})
    first = ada.get(f"{address}/comments?limit=3").json()
    rest = ada.get(f"{address}/comments?limit=3&cursor={first['next']}").json()
    assert [each["text"] for each in first["items"] + rest["items"]] == ["4", "3", "2", "1", "0"]
    assert rest["next"] is None


def test_who_is_mentioned_is_known_and_may_see_it(as_: Signing, desk: Desk, address: str) -> None:
    as_("ada").post(f"{address}/comments", json={"text": "@ben, @far @nobody a@vera @root. (@vera)"})
    with desk.store._database.reading() as connection:
        from state.storage.discussion import COMMENTS

        [row] = connection.execute(COMMENTS.select()).all()
    assert row.mentions == ["ben", "root", "vera"]


def test_who_is_mentioned_is_told_of_it(as_: Signing, desk: Desk, address: str) -> None:
    desk.store.readers.subscribe_push("ben", "https://push.test/1", "key", "auth", NOW)
    as_("ada").post(f"{address}/comments", json={"text": "Yours, @ben and @vera?"})
    [letter] = desk.store.letters.due(NOW, NOW, 10)
    assert (letter.who, letter.by) == ("ben", "push")
    [text] = desk.store.letters.texts([letter.text_id or 0]).values()
    assert text.title == "ada mentions you: Sable Capital"
    assert (text.text.split("\n")[0], text.url) == ("Yours, @ben and @vera?", f"{address.removeprefix('/api/v1')}#said")


@pytest.mark.parametrize("text", ["", "  \n", "x" * 10_001, "a\0b", "\ud800", 7, None])
def test_what_is_no_comment_is_refused(as_: Signing, desk: Desk, address: str, text: object) -> None:
    body = b'{"text": "\\ud800"}' if text == "\ud800" else None
    answer = as_("ada").post(
        f"{address}/comments",
        **({"content": body} if body else {"json": {"text": text}}),
        headers={"content-type": "application/json"},
    )
    assert (answer.status_code, list(answer.json())) == (422, ["error"])
    assert desk.store.desk.actions() == []


def test_a_comment_is_deleted_by_its_author_or_an_admin(as_: Signing, desk: Desk, address: str) -> None:
    vera = as_("vera")
    first, second = (vera.post(f"{address}/comments", json={"text": each}).json()["id"] for each in "ab")
    assert as_("ada").delete(f"{address}/comments/{first}").status_code == 404
    assert vera.delete(f"{address}/comments/{first}").status_code == 204
    assert as_("root").delete(f"{address}/comments/{second}").status_code == 204
    assert vera.delete(f"{address}/comments/{second}").status_code == 404
    assert vera.get(f"{address}/comments").json() == {"items": [], "next": None}
    told = [(each.who, each.what) for each in desk.store.desk.actions()]
    assert told == [("root", "delete"), ("vera", "delete"), ("vera", "comment"), ("vera", "comment")]


def test_an_editor_assigns_and_weighs_and_the_record_says_what_was_before(
    as_: Signing, desk: Desk, address: str, number: int
) -> None:
    ada = as_("ada")
    assert ada.post(f"{address}/assign", json={"to": "ben"}).json()["assigned"] == "ben"
    assert ada.post(f"{address}/importance", json={"value": "high"}).json()["importance"] == "high"
    assert ada.post(f"{address}/assign", json={"to": None}).json()["assigned"] is None
    about = change_subject(number)
    assert [each.subject for each in desk.store.desk.actions()] == [
        f"{about}: nobody, before ben",
        f"{about}: high, before normal",
        f"{about}: ben, before nobody",
    ]
    assert desk.store.desk.find_broken_link() is None


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("assign", {"to": "nobody"}, 400),
        ("assign", {"to": "far"}, 400),  # who may not see it
        ("assign", {"to": "be\0n"}, 422),  # which PostgreSQL takes in no text
        ("assign", {}, 422),
        ("importance", {"value": "urgent"}, 422),
        ("share", {"until": "2025-07-14T12:00:00Z"}, 400),  # now
        ("share", {"until": "tomorrow"}, 400),
        ("share", {"until": "9999-12-31T23:59:59-14:00"}, 400),
        ("share", {"until": LATER, "proof": True}, 400),  # no page was kept
        ("share", {}, 422),
    ],
)
def test_what_cannot_be_is_refused(as_: Signing, address: str, path: str, body: dict[str, Any], status: int) -> None:
    answer = as_("ada").post(f"{address}/{path}", json=body)
    assert (answer.status_code, list(answer.json())) == (status, ["error"])


@pytest.mark.parametrize(
    ("path", "body"), [("assign", {"to": None}), ("importance", {"value": "low"}), ("share", {"until": LATER})]
)
def test_a_viewer_comments_and_no_more(as_: Signing, address: str, path: str, body: dict[str, Any]) -> None:
    assert as_("vera").post(f"{address}/{path}", json=body).status_code == 403


def test_what_is_not_seen_is_not_there(as_: Signing, address: str) -> None:
    as_("ada").post(f"{address}/comments", json={"text": "ours"})
    far = as_("far")
    asked = [far.get(f"{address}/comments"), far.get(f"{address}/share"), far.get("/api/v1/changes/999/comments")]
    asked += [
        far.post(f"{address}/{path}", json=body)
        for path, body in (("comments", {"text": "x"}), ("assign", {"to": None}), ("share", {"until": LATER}))
    ]
    assert {each.status_code for each in asked} == {404}
    assert as_("ada").get(address).json()["comment_count"] == 1


@pytest.mark.parametrize("place", ["/api/v1/cases/sable", "/api/v1/changes/1"])
def test_a_token_that_may_read_does_not_comment(desk: Desk, number: int, place: str, as_: Signing) -> None:
    _, token = desk.store.tokens.make("ada", "a", "read", NOW, None)
    api = TestClient(create_app(desk), ADDRESS, headers={"authorization": f"Bearer {token}"})
    assert api.get(f"{place}/comments").status_code == 200
    assert api.post(f"{place}/comments", json={"text": "x"}).status_code == 403


def test_a_case_is_talked_about_like_a_change(as_: Signing, number: int) -> None:
    ada, place = as_("ada"), "/api/v1/cases/sable"
    assert ada.post(f"{place}/comments", json={"text": "Whose is it?"}).status_code == 201
    ada.post(f"{place}/assign", json={"to": "ada"})
    ada.post(f"/api/v1/changes/{number}/importance", json={"value": "low"})
    told = ada.get(place).json()
    assert (told["assigned"], told["comments"][0]["text"], told["items"][0]["importance"]) == (
        "ada",
        "Whose is it?",
        "low",
    )
    assert ada.post("/api/v1/cases/nobody/comments", json={"text": "x"}).status_code == 404


def test_changes_are_found_by_whom_they_are_assigned_to_and_how_important_they_are(
    as_: Signing, changed: Changed
) -> None:
    ada, numbers = as_("ada"), [changed(f"Firm {each}", hours=each + 1).id for each in range(3)]
    ada.post(f"/api/v1/changes/{numbers[0]}/assign", json={"to": "ada"})
    ada.post(f"/api/v1/changes/{numbers[1]}/assign", json={"to": "ben"})
    ada.post(f"/api/v1/changes/{numbers[1]}/importance", json={"value": "high"})
    ada.post("/api/v1/cases/sable/assign", json={"to": "ada"})
    for asked, found in (
        ("assigned=me", [0]),
        ("assigned=ben", [1]),
        ("importance=high", [1]),
        ("importance=normal", [0, 2]),
    ):
        assert [each["id"] for each in ada.get(f"/api/v1/changes?{asked}").json()["items"]] == [
            numbers[n] for n in found
        ]
        titles = [link.text for link in read(ada, f"/changes?{asked}").select("a.title")]
        assert titles == [f"Firm {n}" for n in found]
    assert "assigned to ben" in read(ada, "/changes").get_text()


def test_what_is_said_is_text_and_links_are_links(as_: Signing, number: int) -> None:
    ada, place = as_("ada"), f"/changes/{number}"
    press(ada, place, f"{place}/comments", text=f"{HOSTILE}\nsee https://fca.test/a?b=1&c=<d>. (http://x.test)")
    page = read(ada, place)
    said = page.select_one("#said ~ ol .text")
    assert said is not None
    assert [(link["href"], link.text, link["rel"]) for link in said.select("a")] == [
        ("https://fca.test/a?b=1&c=", "https://fca.test/a?b=1&c=", ["noreferrer", "noopener", "nofollow"]),
        ("http://x.test", "http://x.test", ["noreferrer", "noopener", "nofollow"]),
    ]
    assert HOSTILE in said.text
    assert len(page.select("script")) == 1


def test_the_forms_of_a_page_say_mark_and_delete(as_: Signing, number: int) -> None:
    ada, place = as_("ada"), f"/changes/{number}"
    del ada.headers["x-csrf-token"]
    assert ada.post(f"{place}/comments", data={"text": "x"}).status_code == 403
    assert press(ada, place, f"{place}/comments", text="Mine").headers["location"] == f"{place}#said"
    assert press(ada, place, f"{place}/marks", to="ada", importance="high").status_code == 303
    page = read(ada, place)
    assert page.select_one("input[name=to]")["value"] == "ada"
    assert page.select_one("select[name=importance] [selected]").text == "high"
    form = {"csrf": csrf(ada.get(place).text)}
    assert ada.post(f"{place}/comments/{1 << 70}/delete", data=form).status_code == 422
    assert press(ada, place, f"{place}/comments/1/delete").status_code == 303
    assert "Nobody has said anything yet." in read(ada, place).get_text()
    assert "tells a colleague who gave an address or a browser" in read(ada, place).get_text()
    assert not read(as_("vera"), place).select(f'form[action="{place}/marks"], form[action="{place}/share"]')


def test_a_page_has_the_last_comments_and_leads_to_the_earlier_ones(as_: Signing, desk: Desk, number: int) -> None:
    ada, address = as_("ada"), f"/changes/{number}"
    for each in range(45):
        desk.store.discussion.comment(change_subject(number), "ada", f"said {each}", [], NOW)
    seen = list[str]()
    while address:
        page = read(ada, address)
        seen = [each.text for each in page.select(".text")] + seen
        more = page.find("a", string="Earlier comments")
        address = more["href"] if more else ""
    assert seen == [f"said {each}" for each in range(45)]


def test_a_held_snapshot_is_talked_about_while_it_is_held(kept: Any, looking: Callable[[], TestClient]) -> None:
    firms = [f"Firm {each}" for each in range(30)]
    for there in (firms, firms[:2]):
        kept.show("A", *there)
        kept.check()
    browser, place = looking(), "/sources/list/held"
    assert (
        press(browser, place, f"{place}/{kept.held()}/comments", text="Is it down?").headers["location"]
        == f"{place}#said"
    )
    assert "Is it down?" in read(browser, place).get_text()
    api = f"/api/v1/sources/list/held/{kept.held()}"
    assert [each["text"] for each in browser.get(f"{api}/comments").json()["items"]] == ["Is it down?"]
    assert browser.get("/api/v1/sources/list/held/000000000000/comments").status_code == 404
    assert browser.get(f"{api}/share").status_code == 404
    form = {"csrf": csrf(browser.get(place).text), "until": "2999-01-01"}
    assert browser.post(f"{place}/{kept.held()}/share", data=form).status_code in {404, 405}


def test_a_link_shows_one_change_to_whoever_has_it(
    as_: Signing, nobody: TestClient, address: str, desk: Desk, changed: Changed
) -> None:
    ada = as_("ada")
    ada.post(f"{address}/comments", json={"text": "between us"})
    ada.post(f"{address}/assign", json={"to": "ben"})
    path = shared(ada, address)
    answer = nobody.get(path)
    assert answer.status_code == 200
    assert answer.headers["x-robots-tag"] == "noindex, nofollow"
    assert answer.headers["referrer-policy"] == "no-referrer"
    page = read(nobody, path)
    assert page.select_one('meta[name="robots"]')["content"] == "noindex, nofollow"
    assert "Revoked" in page.get_text()
    assert not [word for word in ("between us", "ben", "ada", "sable") if word in page.get_text().split()]
    assert not page.select("script, form, nav, iframe, header")
    assert [link["href"] for link in page.select("a")] == ["#main", "https://fca.test/1"]
    assert page.get_text() == read(ada, path).get_text()  # who is signed in sees no more
    assert nobody.get(f"{path}/proof.zip").status_code == 404
    assert {nobody.get(place).status_code for place in ("/", "/changes/1", "/cases/sable")} == {303}


def test_a_link_to_a_case_has_its_story_alone(as_: Signing, nobody: TestClient, number: int, changed: Changed) -> None:
    changed("Another Ltd")
    ada = as_("ada")
    ada.post("/api/v1/cases/sable/comments", json={"text": "between us"})
    page = read(nobody, shared(ada, "/api/v1/cases/sable"))
    assert "Sable Capital" in page.get_text()
    assert not [word for word in ("between us", "Another") if word in page.get_text()]
    assert [link["href"] for link in page.select("a")] == ["#main", "https://fca.test/1"]


def test_a_link_to_a_proof_has_that_proof(kept: Any, looking: Callable[[], TestClient]) -> None:
    for branch in "ABC":
        kept.show(branch)
        kept.check()
    browser = looking()
    until = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    values = {"until": until, "proof": "1"}
    made = press(browser, "/changes/2", "/changes/2/share", **values)
    assert made.status_code == 200
    path = made.text.partition('role="status"><a href="' + ADDRESS)[2].partition('"')[0]
    browser.cookies.clear()
    page = read(browser, path)
    [link] = page.select("a[download]")
    packed = browser.get(link["href"])
    assert packed.headers["x-robots-tag"] == "noindex, nofollow"
    with zipfile.ZipFile(io.BytesIO(packed.content)) as files:
        assert any(name.endswith(".warc.gz") for name in files.namelist())
    assert browser.get("/changes/2/proof.zip").status_code == 303


def test_a_link_is_over_at_its_end_when_it_is_withdrawn_and_with_who_gave_it_out(
    as_: Signing, desk: Desk, nobody: TestClient, address: str
) -> None:
    ada = as_("ada")
    first, second = shared(ada, address), shared(ada, address)
    assert ada.delete(f"{address}/share").status_code == 204
    assert [nobody.get(path).status_code for path in (first, second)] == [410, 410]
    third, seconds = shared(ada, address), 1
    desk.clock = lambda: datetime.fromisoformat(LATER) - timedelta(seconds=seconds)
    assert nobody.get(third).status_code == 200
    seconds = 0
    assert nobody.get(third).status_code == 410
    desk.clock = lambda: NOW
    assert nobody.get(third).status_code == 200
    for users in ({}, {"ada": WebUser()}, {"ada": WebUser(role="editor", sources=("other",))}):
        know(desk, users)
        assert nobody.get(third).status_code == 410


def test_who_guesses_links_waits_and_who_has_one_does_not(as_: Signing, nobody: TestClient, address: str) -> None:
    path = shared(as_("ada"), address)
    guessed = [nobody.get(f"/shared/{'a' * 43}").status_code for _ in range(8)]
    assert set(guessed) == {404, 429}
    assert nobody.get(path).status_code == 200


def test_links_are_listed_for_editors_and_all_of_them_for_admins(as_: Signing, address: str, number: int) -> None:
    ada, root = as_("ada"), as_("root")
    shared(ada, address)
    shared(root, "/api/v1/cases/sable")
    ada.delete(f"{address}/share")
    [link] = ada.get(f"{address}/share").json()["items"]
    assert (link["who"], link["subject"], link["ended"] is not None) == ("ada", f"change {number}", True)
    assert [each["subject"] for each in root.get("/api/v1/shares").json()["items"]] == [
        "case sable",
        f"change {number}",
    ]
    assert {ada.get(place).status_code for place in ("/api/v1/shares", "/shares")} == {403}
    told = read(root, "/shares").get_text()
    assert "case sable by root" in " ".join(told.split())
    assert "ended" in told


def test_who_sees_some_sources_neither_reads_nor_says_what_is_about_a_whole_case(as_: Signing, number: int) -> None:
    ben, case = as_("ben"), "/api/v1/cases/sable"
    as_("ada").post(f"{case}/comments", json={"text": "@ben of all sources"})
    assert [ben.get(f"{case}/comments").status_code, ben.get(case).status_code] == [403, 200]
    assert ben.post(f"{case}/comments", json={"text": "x"}).status_code == 403
    forms = {form["action"] for form in read(ben, "/cases/sable").select("form[method=post]")}
    assert forms & {"/cases/sable/comments", "/cases/sable/share"} == {"/cases/sable/share"}
    assert as_("ada").post(f"{case}/assign", json={"to": "ben"}).status_code == 400


def test_a_limited_editor_ends_the_rest_of_a_source(desk: Desk) -> None:
    part, ben = desk.limited(Sight(("fca",))), Viewer("ben", "editor", None)
    actions.pause(part, ben, ["fca"])
    assert list(desk.store.objects.pauses()) == ["fca"]
    actions.pause(part, ben, ["fca"], paused=False)
    assert not desk.store.objects.pauses()


@pytest.mark.usefixtures("number")
def test_who_sees_some_entities_of_a_source_lets_it_not_rest_for_all(desk: Desk) -> None:
    part, ben = desk.limited(Sight(entities=("sable",))), Viewer("ben", "editor", None)
    for paused in (True, False):
        with pytest.raises(HTTPException, match="a whole of which you see a part"):
            actions.pause(part, ben, ["fca"], paused=paused)
    assert not desk.store.objects.pauses()


def test_who_is_not_told_of_all_alerts_is_not_told_that_there_was_none(as_: Signing, number: int) -> None:
    pages = [read(as_(who), f"/changes/{number}").text for who in ("ada", "ben")]
    assert ["No alert rule sent it" in page for page in pages] == [True, False]
