"""The newest entry of a rolling list is missing: it was removed, or a cache served an older page."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.configurations import LIST

CONFIGURATION = LIST + 'published = "at"\nlisting = "window"\n'


def rows(names: str) -> list[dict[str, str]]:
    return [{"name": name, "at": f"2025-07-{ord(name) - 87}"} for name in names]


@pytest.mark.parametrize(
    ("answers", "changes"),
    [
        (["dcba", "dcba"], ["removed e"]),
        (["dcba", "edcba"], []),  # the first one came from a cache
        (["dcba", "fedcb"], ["added f"]),
    ],
)
def test_the_newest_is_gone_if_two_answers_miss_it(
    site: Any,
    configure: Callable[..., Path],
    watch: Callable[..., Any],
    answers: list[str],
    changes: list[str],
) -> None:
    configure(CONFIGURATION.format(site=site.url("")))
    site.page("/list", rows("edcba"))
    assert watch("--once").code == 0
    left = iter(answers)
    site.page("/list", lambda _: rows(next(left)))
    told = json.loads(watch("--once", "--json").out)["sources"][0]["changes"]
    assert [f"{each['change']} {each['key']}" for each in told] == changes
    assert list(left) == []
