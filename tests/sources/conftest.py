"""Handmade pages, for kinds that never fetch, and checks by the whole program."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sources import Get, Page
from watcher import cli

MakePage = Callable[..., Page]
HEAD = '[http]\nprivate_addresses = "allow"\nspacing = "0s"\nuser_agent = "registry-watch (+mailto:desk@example.org)"\n'


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


@pytest.fixture
def once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    """Configures one source; each call checks it and returns the result."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("WATCH_CONFIG", raising=False)

    def run(source: str) -> dict[str, Any]:
        Path("watch.toml").write_text(f"{HEAD}[sources.it]\n{source}\n", "utf-8")
        capsys.readouterr()
        cli.main(["--once", "--json"])
        (said,) = json.loads(capsys.readouterr().out)["sources"]
        return dict(said)

    return run
