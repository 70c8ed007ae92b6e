"""What is kept of a response to ask for it again."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from sources import Get, Page
from watcher.check.fetching import validators_of

SECOND, NEXT = "Wed, 02 Dec 2026 23:00:00 GMT", "Wed, 02 Dec 2026 23:00:01 GMT"


@pytest.mark.parametrize(("answered", "kept"), [(SECOND, None), (NEXT, SECOND), (None, SECOND)])
def test_a_page_that_was_modified_in_the_second_of_its_answer_is_asked_for_anew(
    answered: str | None, kept: str | None
) -> None:
    headers = {"etag": '"1"', "last-modified": SECOND} | ({"date": answered} if answered else {})
    page = Page(Get("https://a.example/"), "https://a.example/", 200, headers, b"", datetime(2026, 12, 2, tzinfo=UTC))
    assert validators_of(page) == ('"1"', kept)
