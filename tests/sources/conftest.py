"""Handmade pages, for kinds that never fetch."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sources import Get, Page

MakePage = Callable[..., Page]


@pytest.fixture
def make_page() -> MakePage:
    """A page with a given body: text (sent as UTF-8), bytes, or a file's."""

    def make(body: str | bytes | Path, content_type: str = "text/html", url: str = "https://example.org/list") -> Page:
        content = body.read_bytes() if isinstance(body, Path) else body.encode() if isinstance(body, str) else body
        headers = {"content-type": content_type} if content_type else {}
        return Page(Get(url), url, 200, headers, content, datetime(2025, 7, 16, tzinfo=UTC))

    return make


@pytest.fixture
def fixtures() -> Path:
    return Path(__file__).with_name("fixtures")
