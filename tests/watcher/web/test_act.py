"""Signed links: a page that changes nothing, and a button that does, once. Nobody has to sign in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update
from starlette.testclient import TestClient

from alerts.channel import Channel
from alerts.links import press_link, signer, unsubscribe_link, verify_link
from state.db.tables.people import APPROVALS
from state.model import Approval, DeliveryState, Event, EventKind, Route
from state.storage.readers import Interest
from tests.watcher.web.conftest import ADDRESS, NOW, TOKEN, press
from watcher.delivery.questions import LINKS
from watcher.web.desk import Desk
from watcher.web.pages import act

AUTHORIZED = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def held(desk: Desk, changed: Callable[..., Event]) -> int:
    """A message for the public that has to be approved; its number."""
    event = changed("Sable <b>Capital</b>")
    desk.store.log.add_alert((event, [Route("public", NOW, approval=Approval(("desk",)))]))
    (delivery,) = desk.store.outbox.due(NOW)

    def ask(number: int) -> tuple[Event, list[Route]]:
        data = {"approval": number, "channel": "public", "title": "Sable", "text": "t", "until": None, "then": "drop"}
        return Event(EventKind.APPROVAL, "", "", "", NOW, None, data), [Route("desk", NOW)]

    texts = ("Sable <b>Capital</b>: Revoked", "line 1\n<script>alert(1)</script>", "")
    desk.store.outbox.compose("public", "k", *texts, [delivery.id], NOW, approval=delivery.approval, ask=ask)
    (found,) = desk.store.approvals.waiting()
    return found.id


def link(desk: Desk, what: str, number: int) -> str:
    desk.config = replace(desk.config, channels={"desk": Channel(url="mailto://127.0.0.1:9")})
    url = signer(ADDRESS, desk.store.feed_keys.value_or_new(LINKS), "desk", NOW)(what, number, NOW + timedelta(hours=1))
    assert url
    return url.removeprefix(ADDRESS)


def test_looking_changes_nothing_and_shows_the_exact_text(desk: Desk, held: int, nobody: TestClient) -> None:
    page = nobody.get(link(desk, "approve", held))
    assert page.status_code == 200
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
    assert "<script>alert" not in page.text
    assert len(desk.store.approvals.waiting()) == 1


def test_the_button_approves_once_and_says_who_did(desk: Desk, held: int, nobody: TestClient) -> None:
    assert "approved" in nobody.post(link(desk, "approve", held)).text
    assert [message.key for message in desk.store.outbox.unsent(NOW)] == ["k"]
    for what in ("approve", "reject"):
        again = nobody.post(link(desk, what, held))
        assert (again.status_code, "Approved: desk (link)" in again.text) == (409, True)
        assert "Approved: desk (link)" in nobody.get(link(desk, what, held)).text
    assert [action.who for action in desk.store.desk.actions()] == ["desk (link)"]


def test_the_button_rejects(desk: Desk, held: int, nobody: TestClient) -> None:
    assert "rejected" in nobody.post(link(desk, "reject", held)).text
    (dead,) = desk.store.outbox.deliveries(DeliveryState.DEAD)
    assert dead.error == "rejected by desk (link)"


def test_a_change_is_acknowledged(desk: Desk, changed: Callable[..., Event], nobody: TestClient) -> None:
    event = changed()
    address = link(desk, "acknowledge", event.id)
    assert "Acknowledge this change?" in nobody.get(address).text
    assert desk.store.discussion.of_change(event.id).handled is None
    assert "Acknowledged" in nobody.post(address).text
    assert desk.store.discussion.of_change(event.id).handled.who == "desk (link)"


def test_who_comes_later_reads_who_has_acknowledged_what(
    desk: Desk, changed: Callable[..., Event], nobody: TestClient
) -> None:
    event = changed()
    address = link(desk, "acknowledge", event.id)
    assert "Sable Capital: Active → Revoked" in nobody.get(address).text
    desk.store.reminders.acknowledge(event.id, "ada", NOW)
    for page in (nobody.get(address), nobody.post(address)):
        assert ("ada has acknowledged it already" in page.text, "<button" in page.text) == (True, False)


@pytest.mark.parametrize(("then", "said"), [("send", "sent all the same"), ("drop", "dropped, ")])
def test_the_link_says_what_became_of_a_text_that_nobody_answered_in_time(
    desk: Desk, held: int, nobody: TestClient, then: str, said: str
) -> None:
    with desk.store.database.writing() as connection:
        connection.execute(update(APPROVALS).values(until=NOW + timedelta(hours=1), then=then))
    address = link(desk, "approve", held)
    desk.clock = lambda: NOW + timedelta(hours=2)
    for shown in (nobody.post(address).text, nobody.get(address).text):  # also where no daemon has looked yet
        assert ("obody " in shown, said in shown, "approve_within" in shown) == (True, True, False)


KEY = "0123456789abcdef" * 2


@pytest.fixture
def button(desk: Desk, changed: Callable[..., Event]) -> Callable[[str], str]:
    """Makes the link of a button of a message about two changes of one entity."""
    desk.config = replace(desk.config, channels={"duty": Channel(url="ntfy://127.0.0.1:9/duty", buttons=True)})
    for title in ("Sable Capital", "Sable Trust"):
        desk.store.log.add_alert((changed(title), [Route("duty", NOW)]))
    due = [each.id for each in desk.store.outbox.due(NOW)]
    desk.store.outbox.compose("duty", KEY, "Sable", "two <b>changes</b>", "", due, NOW)
    key = desk.store.feed_keys.value_or_new(LINKS)
    return lambda verb: press_link(ADDRESS, key, "duty", NOW, f"{verb}:{KEY}").removeprefix(ADDRESS)


def test_who_snoozes_by_a_button_lets_the_alerts_about_the_entity_wait_for_an_hour_once(
    desk: Desk, button: Callable[[str], str], nobody: TestClient
) -> None:
    shown = nobody.get(button("snooze")).text
    assert ("Let alerts wait for an hour?" in shown, "&lt;b&gt;changes" in shown) == (True, True)
    assert desk.store.snoozes.all(NOW) == []
    first = nobody.post(button("snooze"))
    desk.clock = lambda: NOW + timedelta(minutes=30)
    assert (first.status_code, nobody.post(button("snooze")).text) == (200, first.text)
    (snooze,) = desk.store.snoozes.all(NOW)
    assert (snooze.kind, snooze.name, snooze.until) == ("entity", "sable", NOW + timedelta(hours=1))
    assert [(each.who, each.what, each.subject) for each in desk.store.desk.actions()] == [
        ("duty (link)", "snooze", "entity sable")
    ]


def test_a_button_acknowledges_all_changes_of_its_message(
    desk: Desk, button: Callable[[str], str], nobody: TestClient
) -> None:
    assert "Acknowledge this change?" in nobody.get(button("ack")).text
    assert nobody.post(button("ack")).status_code == 200
    assert [each.what for each in desk.store.desk.actions()] == ["acknowledge", "acknowledge"]


def test_a_button_of_a_channel_that_has_none_any_more_does_nothing(
    desk: Desk, button: Callable[[str], str], nobody: TestClient
) -> None:
    for channels in ({}, {"duty": Channel(url="ntfy://127.0.0.1:9/duty")}):
        desk.config = replace(desk.config, channels=channels)
        assert (nobody.get(button("ack")).status_code, nobody.post(button("ack")).status_code) == (404, 404)
    assert desk.store.desk.actions() == []


@pytest.mark.parametrize("what", ["approve", "reject"])
def test_a_phone_learns_whether_what_its_button_is_for_was_done(
    desk: Desk, held: int, nobody: TestClient, what: str
) -> None:
    desk.config = replace(desk.config, channels={"desk": Channel(url="ntfy://127.0.0.1:9/duty", buttons=True)})
    asked = [each.id for each in desk.store.outbox.due(NOW) if each.channel == "desk"]
    desk.store.outbox.compose("desk", KEY, "To approve", "Sable", "", asked, NOW)
    key = desk.store.feed_keys.value_or_new(LINKS)
    links = {verb: press_link("", key, "desk", NOW, f"{verb}:{KEY}") for verb in ("approve", "reject")}
    mine, other = links.pop(what), *links.values()
    assert [nobody.post(mine).status_code for _ in range(2)] == [200, 200]  # as it may be told twice
    desk.clock = lambda: NOW + timedelta(minutes=1)
    for shown, status in ((nobody.post(other), 409), (nobody.get(other), 200)):
        assert (shown.status_code, "<button>" in shown.text) == (status, False)
        assert "desk (link), 2025-07-14" in shown.text


@pytest.mark.parametrize("name", ["ack:" + "0" * 32, "open:" + KEY, "x", "ack:"])
def test_a_button_of_no_message_is_not_found(
    desk: Desk, button: Callable[[str], str], nobody: TestClient, name: str
) -> None:
    address = press_link("", desk.store.feed_keys.value_or_new(LINKS), "duty", NOW, name)
    assert (nobody.get(address).status_code, nobody.post(address).status_code) == (404, 404)


@pytest.mark.parametrize("token", ["x", "x.y", "a" * 2000, "approve"])
def test_what_is_no_link_is_not_found(desk: Desk, held: int, nobody: TestClient, token: str) -> None:
    link(desk, "approve", held)
    for ask in (nobody.get, nobody.post):
        assert ask(f"/act/{token}").status_code == 404
    assert len(desk.store.approvals.waiting()) == 1


def test_a_link_that_has_ended_or_is_another_site_s_does_nothing(desk: Desk, held: int, nobody: TestClient) -> None:
    address = link(desk, "approve", held)
    assert nobody.post(address, headers={"Origin": "https://evil.test"}).status_code == 403
    desk.clock = lambda: NOW + timedelta(days=8)
    assert nobody.post(address).status_code == 404
    assert len(desk.store.approvals.waiting()) == 1


def test_a_link_whose_channel_is_gone_says_so_and_does_nothing(
    desk: Desk, held: int, changed: Callable[..., Event], nobody: TestClient
) -> None:
    event = changed()
    links = [link(desk, "approve", held), link(desk, "reject", held), link(desk, "acknowledge", event.id)]
    desk.config = replace(desk.config, channels={"public": Channel(url="mailto://127.0.0.1:9")})
    for answer in (ask(address) for address in links for ask in (nobody.get, nobody.post)):
        said = "channel desk, which it was sent to, is not in the configuration" in answer.text
        assert (answer.status_code, said, "<button>" in answer.text) == (404, True, False)
    assert (len(desk.store.approvals.waiting()), desk.store.discussion.of_change(event.id).handled) == (1, None)
    assert desk.store.desk.actions() == []


def test_an_editor_decides_at_the_desk(desk: Desk, held: int, browser: TestClient) -> None:
    (number,) = desk.store.approvals.waiting()[0].deliveries
    assert press(browser, "/deliveries", f"/deliveries/{number}/approve").status_code == 303
    assert desk.store.approvals.waiting() == []
    assert [action.who for action in desk.store.desk.actions()] == ["token"]


def test_the_api_decides(desk: Desk, held: int, nobody: TestClient) -> None:
    (number,) = desk.store.approvals.waiting()[0].deliveries
    shown = nobody.get("/api/v1/deliveries?state=pending", headers=AUTHORIZED).json()["items"]
    assert [each["state"] for each in shown if each["channel"] == "public"] == ["unapproved"]
    answered = nobody.post(f"/api/v1/deliveries/{number}/reject", headers=AUTHORIZED)
    assert (answered.status_code, answered.json()["approved"]) == (200, False)
    assert nobody.post(f"/api/v1/deliveries/{number}/approve", headers=AUTHORIZED).status_code == 409
    assert nobody.post("/api/v1/deliveries/999/approve", headers=AUTHORIZED).status_code == 404


def test_who_approves_a_text_that_the_register_has_overtaken_reads_so_and_presses_twice(
    desk: Desk, held: int, changed: Callable[..., Event], nobody: TestClient
) -> None:
    address = link(desk, "approve", held)
    assert "has changed since" not in nobody.get(address).text
    later = changed("Sable <b>Capital</b>", hours=0, before="Revoked", after="Restored")
    assert "The register has changed since" in nobody.get(address).text
    first = nobody.post(address)
    assert (first.status_code, "Restored" in first.text, len(desk.store.approvals.waiting())) == (409, True, 1)
    assert f'name="seen" value="{later.id}"' in first.text
    changed("Sable <b>Capital</b>", hours=0, before="Restored", after="Gone")
    assert nobody.post(address, data={"seen": later.id}).status_code == 409  # it has changed once more
    assert "approved" in nobody.post(address, data={"seen": later.id + 1}).text


def test_at_the_desk_and_by_the_api_a_stale_text_needs_a_second_press_and_is_rejected_by_one(
    desk: Desk, held: int, changed: Callable[..., Event], browser: TestClient, nobody: TestClient
) -> None:
    later = changed("Sable <b>Capital</b>", hours=0, before="Revoked", after="Restored")
    assert "The register has changed since" in browser.get("/deliveries").text
    assert press(browser, "/deliveries", "/deliveries/1/approve").status_code == 409
    (delivery,) = nobody.get("/api/v1/deliveries?state=pending", headers=AUTHORIZED).json()["items"][-1:]
    assert delivery["changed_since"] == later.at.isoformat()
    first = nobody.post("/api/v1/deliveries/1/approve", headers=AUTHORIZED)
    assert (first.status_code, f"?seen={later.id}" in first.json()["error"]) == (409, True)
    assert nobody.post(f"/api/v1/deliveries/1/approve?seen={later.id}", headers=AUTHORIZED).json()["approved"]


ADDRESS_OF_ADA = "ada@reader.test"


@pytest.fixture
def key(desk: Desk) -> bytes:
    return desk.store.feed_keys.value_or_new(LINKS)


def test_an_address_counts_once_the_button_of_its_link_was_pressed(desk: Desk, key: bytes, nobody: TestClient) -> None:
    desk.store.readers.set_mail("ada", ADDRESS_OF_ADA)
    address = verify_link(ADDRESS, key, "ada", ADDRESS_OF_ADA, NOW)
    shown = nobody.get(address)
    assert (shown.status_code, ADDRESS_OF_ADA in shown.text) == (200, True)
    assert desk.store.readers.reader("ada").verified is None  # type: ignore[union-attr] - it was set above
    assert nobody.post(address).status_code == 200
    assert desk.store.readers.reader("ada").verified == NOW  # type: ignore[union-attr] - as above


def test_a_link_to_an_address_that_is_another_one_now_or_has_ended_verifies_nothing(
    desk: Desk, key: bytes, nobody: TestClient
) -> None:
    address = verify_link(ADDRESS, key, "ada", ADDRESS_OF_ADA, NOW)
    desk.store.readers.set_mail("ada", "other@reader.test")
    assert nobody.post(address).status_code == 404
    desk.store.readers.set_mail("ada", ADDRESS_OF_ADA)
    desk.clock = lambda: NOW + timedelta(days=8)
    assert nobody.post(address).status_code == 404
    assert desk.store.readers.reader("ada").verified is None  # type: ignore[union-attr] - it was set above


@pytest.fixture
def follows(desk: Desk) -> list[int]:
    """What ada follows by mail, and the last by another way."""
    wanted = (Interest(entities=["sable"]), Interest(sources=["fca"]), Interest(find="licence", by="atom"))
    return [desk.store.readers.follow("ada", each, NOW) for each in wanted]


ONE_CLICK = {"data": {"List-Unsubscribe": "One-Click"}, "headers": {"Origin": "https://mail.example", "Cookie": ""}}


def left(desk: Desk) -> list[int]:
    return [each.id for each in desk.store.readers.follows("ada")]


def test_a_mails_provider_ends_a_follow_by_one_post_and_no_look_does(
    desk: Desk, key: bytes, follows: list[int], nobody: TestClient
) -> None:
    address = unsubscribe_link(ADDRESS, key, "ada", follows[0], NOW)
    shown = nobody.get(address).text
    assert ('method="post"' in shown, "What mentions sable" in shown, "Changes of fca" in shown) == (True, True, False)
    assert left(desk) == follows
    first = nobody.post(address, **ONE_CLICK)  # type: ignore[arg-type] - of two types
    assert ("What mentions sable" in first.text, left(desk)) == (True, follows[1:])
    again = nobody.post(address, **ONE_CLICK)  # type: ignore[arg-type] - as above
    ended = "The reader ada does not follow this by mail any more. All else goes on."
    assert [each.status_code for each in (first, again)] == [200, 200]
    assert all(ended in page.text for page in (first, again, nobody.get(address)))
    assert [(each.who, each.subject) for each in desk.store.desk.actions()] == [("ada (link)", f"follow {follows[0]}")]


def test_a_link_of_all_mails_ends_what_goes_by_mail(
    desk: Desk, key: bytes, follows: list[int], nobody: TestClient
) -> None:
    assert nobody.post(unsubscribe_link(ADDRESS, key, "ada", 0, NOW)).status_code == 200
    assert left(desk) == follows[2:]


def test_what_is_no_link_to_unsubscribe_is_not_found_and_logged_once(
    desk: Desk, key: bytes, follows: list[int], nobody: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    act._log_refusal.cache_clear()
    sound = unsubscribe_link(ADDRESS, key, "ada", follows[0], NOW)
    others = unsubscribe_link(ADDRESS, b"another key", "ada", follows[0], NOW)
    verify = verify_link(ADDRESS, key, "ada", ADDRESS_OF_ADA, NOW).replace("/act/", "/unsubscribe/")
    forged = (sound[:-1] + ("A" if sound[-1] != "A" else "B"), others, verify, f"{ADDRESS}/unsubscribe/7")
    for address in forged:
        assert nobody.post(address, **ONE_CLICK).status_code == 404  # type: ignore[arg-type] - of two types
        assert nobody.get(address).status_code == 404
    assert left(desk) == follows
    assert [record.levelname for record in caplog.records if "signed link" in record.getMessage()] == ["WARNING"]


def test_from_another_site_nothing_but_a_link_to_unsubscribe_is_taken(nobody: TestClient) -> None:
    for path in ("/sign-out", "/act/x", "/unsubscribe", "/hooks/fca"):
        assert nobody.post(path, headers={"Origin": "https://mail.example"}).status_code == 403
