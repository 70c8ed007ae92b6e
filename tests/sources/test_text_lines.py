"""The lines of a text that count: `keep_lines` and `remove_lines` of the kind `text`."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from sources import Entry, Get, Page, SourceError
from sources.loader import kind
from watcher import cli

URL = "https://a.example/"
LINES = "<p>Version 3.1</p><p>Updated today</p><p>Version notes</p><p>Other</p>"


def text(body: str = LINES, **options: Any) -> str:
    page = Page(Get(URL), URL, 200, {"content-type": "text/html"}, body.encode(), datetime.now(UTC))
    (entry,) = kind("text").model_validate({"url": URL, **options}).parse(page)
    assert isinstance(entry, Entry)
    return entry.text


def test_of_several_patterns_a_kept_line_has_all_and_a_removed_one_any() -> None:
    assert text(keep_lines="Version") == "Version 3.1\nVersion notes"
    assert text(keep_lines=["Version", r"\d"]) == "Version 3.1"
    assert text(remove_lines=["Updated", "^Other$"]) == "Version 3.1\nVersion notes"
    assert text(keep_lines="(?i)version", remove_lines="notes") == "Version 3.1"


def test_no_line_left_is_a_failure_that_names_the_options_unless_there_may_be_none() -> None:
    with pytest.raises(SourceError, match="none that select, remove and keep_lines leave"):
        text(keep_lines="Nowhere")
    assert text(keep_lines="Nowhere", min_entries=0) == ""


def test_a_pattern_that_re2_does_not_know_is_refused_when_it_is_loaded() -> None:
    with pytest.raises(ValidationError, match="no regular expression"):
        text(keep_lines="(?=x)")


def test_a_line_that_comes_goes_and_comes_again_is_told_each_time(
    site: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    source = f'kind = "text"\nurl = "{site.url("/")}"\nkeep_lines = "approved"\nmin_entries = 0\n'
    Path("watch.toml").write_text(f'[http]\nprivate_addresses = "allow"\nspacing = "0s"\n[sources.a]\n{source}')
    told = []
    for body in ("<p>Nothing yet", "<p>Telegram is approved", "<p>Nothing again", "<p>It is approved"):
        site.page("/", f"<title>Decisions</title>{body}")
        cli.main(["--once", "--json"])
        (checked,) = json.loads(capsys.readouterr().out)["sources"]
        told.append((checked["status"], [change["fields"]["text"]["after"] for change in checked["changes"]]))
    assert told == [("baseline", []), ("ok", ["Telegram is approved"]), ("ok", [None]), ("ok", ["It is approved"])]
