"""Which error ends a visit, where another page of the same browser was killed for its memory meanwhile."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from sources import BrowserFailed
from sources.browser.session import BrowserSession


def reason(error: Exception, killed_at: float) -> str:
    session: Any = object.__new__(BrowserSession)
    session._chromium = SimpleNamespace(killed_at=killed_at)
    wish: Any = SimpleNamespace(url="http://register.example/list", seconds=30.0, wait_for=None)
    gateway: Any = SimpleNamespace(exceeded=None, failures={})
    return str(session._reason(error, wish, gateway, began=100.0).code)


CRASH = BrowserFailed("the browser's process for this page ended: it crashed", code="browser_crashed")


@pytest.mark.parametrize(
    ("error", "killed_at", "code"),
    [
        (CRASH, 101.0, "browser_memory"),
        (RuntimeError("Page.goto: Page crashed"), 101.0, "browser_memory"),
        (CRASH, 99.0, "browser_crashed"),  # killed before this visit
        (TimeoutError(), 101.0, "timeout"),  # it was another page
    ],
)
def test_a_page_was_killed_for_its_memory_only_if_it_crashed_itself(
    error: Exception, killed_at: float, code: str
) -> None:
    assert reason(error, killed_at) == code
