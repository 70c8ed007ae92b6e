"""Links from messages to the desk."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from alerts.message.compose import compose
from alerts.message.recipient import Composed, Form, Recipient
from alerts.message.wording import moment
from state.model import Event, EventKind, Mention

AT = datetime(2025, 7, 14, 12, tzinfo=UTC)
DESK = "https://watch.example.org"


def change(number: int, *entities: str) -> Event:
    title = f"Firm {number}"
    about: dict[str, Any] = {"change": "changed", "key": title, "title": title, "url": None, "published": None}
    fields = {"fields": {"Status": {"before": "Active", "after": "Revoked"}}, "entry": {"Status": "Revoked"}}
    mentions = [Mention(entity, entity, entity, "title") for entity in entities]
    return Event(EventKind.CHANGE, "fca", "FCA", "record", AT, None, about | fields, mentions, id=number)


def message(*events: Event, desk: str | None = DESK, limit: int = 4000, form: Form = Form.DOCUMENT) -> Composed:
    recipient = Recipient(form, desk=desk)
    return compose(list(events), timezone=UTC, body_limit=limit, title_limit=100, recipient=recipient)


def test_each_change_links_to_its_page_and_to_the_case_of_whom_it_mentions() -> None:
    said = message(change(17, "sable", "a/b"), change(18))
    assert f"At the desk: {DESK}/changes/17" in said.text
    assert f"At the desk: {DESK}/changes/18" in said.text
    assert f"The case of sable: {DESK}/cases/sable" in said.text
    assert f"{DESK}/cases/a%2Fb" in said.text
    assert f'href="{DESK}/changes/17"' in said.html


def test_links_about_several_changes_of_one_entry_say_when_each_was_noticed() -> None:
    first, status = change(17), {"Status": {"before": "Revoked", "after": "Closed"}}
    later = replace(first, id=18, at=AT + timedelta(hours=2), data={**first.data, "fields": status})
    said = message(first, later).text
    links = re.findall(r"At the desk, (.*): (http.*)", said)
    assert links == [
        (moment(first.at, UTC), f"{DESK}/changes/17"),
        (moment(later.at, UTC), f"{DESK}/changes/18"),
    ]


@pytest.mark.parametrize(("number", "desk"), [(17, None), (0, DESK)])
def test_without_a_desk_or_a_stored_change_there_is_no_link(number: int, desk: str | None) -> None:
    assert "desk" not in message(change(number), desk=desk).text


def test_a_short_message_does_without() -> None:
    assert "/changes/" not in message(change(17), limit=80, form=Form.PLAIN).text
