"""Shared by the tests of the past: a web archive on loopback."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.watcher.past.played_archive import PlayedArchive


@pytest.fixture
def archive(site: Any, configure: Callable[..., Any], watch: Callable[..., Any]) -> PlayedArchive:
    """A web archive, and a configuration that asks it."""
    return PlayedArchive(site, configure, watch)
