from __future__ import annotations

import pytest

from sources.formats.links import absolute


@pytest.mark.parametrize(
    ("link", "leads_to"),
    [("/a", "https://x.example/a"), ("http://[", "http://["), ("//[::1", "//[::1"), ("javascript:1", "javascript:1")],
)
def test_any_link_is_taken(link: str, leads_to: str) -> None:
    assert absolute("https://x.example/list?q=1", link) == leads_to
