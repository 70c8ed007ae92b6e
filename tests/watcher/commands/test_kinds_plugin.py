"""A third party's kind: a package with an entry point, and an alert about its entry."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sources.reading import pool

Watch = Callable[..., Any]
ROOT = Path(__file__).parents[3]

KIND = '''
from collections.abc import Iterator

from pydantic import Field

from sources import Entry, Get, Page, Source


class Ferries(Source):
    """Sailings of one ferry line."""

    line: str = Field(description="the line's name")
    url: str = "http://ferries.example/sailings"

    def start(self) -> Get:
        return Get(self.url, query={"line": self.line})

    def parse(self, page: Page) -> Iterator[Entry | Get]:
        print("reading", page.url)
        for sailing in page.soup.select("li"):
            yield Entry(key=sailing["id"], title=sailing.text)
'''

CONFIGURATION = """
[http]
private_addresses = "allow"
spacing = "0s"
[sources.ferries]
kind = "ferries"
line = "north"
url = "{site}/sailings"
[channels.desk]
url = "{hook}/hook"
[[alerts]]
to = ["desk"]
"""


def install(folder: Path) -> None:
    """What pip leaves of a package that has one module and one entry point."""
    (folder / "ferry_kind.py").write_text(KIND)
    info = folder / "ferry_kind-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: ferry-kind\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[registry_watch.sources]\nferries = ferry_kind:Ferries\n")


def run(folder: Path, *argv: str) -> subprocess.CompletedProcess[str]:
    """The program as it is started where the package is installed."""
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{folder / 'site'}"}
    command = [sys.executable, "-m", "watcher.cli", *argv]
    return subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, timeout=60, check=False)


def test_a_stranger_s_kind_alerts_about_its_entry(tmp_path: Path, site: Any) -> None:
    (tmp_path / "site").mkdir()
    install(tmp_path / "site")
    text = CONFIGURATION.format(site=site.url(""), hook=site.url("").replace("http", "json"))
    (tmp_path / "watch.toml").write_text(text)
    site.page("/hook")
    site.page("/sailings", "<ul><li id=s1>Monday</li></ul>")
    first = run(tmp_path, "--once", "--json")
    assert first.returncode == 0, first.stderr
    assert site.requests[0].query == {"line": "north"}
    site.page("/sailings", "<ul><li id=s1>Monday</li><li id=s2>Tuesday</li></ul>")
    assert run(tmp_path, "--once").returncode == 0
    alerts = [told["title"] for told in site.sent("/hook")]
    assert alerts[-1] == "Tuesday: added (ferries)"


@pytest.fixture
def saved(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with a source of the kind, and two saved pages, of which the second cannot be read. It is imported here."""
    (folder / "site").mkdir()
    install(folder / "site")
    (folder / "watch.toml").write_text('[sources.ferries]\nkind = "ferries"\nline = "north"\n')
    (folder / "saved.html").write_text("<ul><li id=s1>Monday</li></ul>")
    (folder / "bad.html").write_text("<ul><li>Monday \x1b[2J</li></ul>")
    monkeypatch.syspath_prepend(str(folder / "site"))
    monkeypatch.setattr(pool, "_READERS", pool._Readers(1))
    yield folder
    pool._READERS.close()
    sys.modules.pop("ferry_kind", None)


def test_a_stranger_s_kind_has_help_and_typed_options(saved: Path, watch: Watch) -> None:
    assert "Sailings of one ferry line" in watch("kinds", "ferries").out
    (saved / "watch.toml").write_text('[sources.ferries]\nkind = "ferries"\nlines = "north"\n')
    wrong = watch("check-config")
    assert (wrong.code, 'did you mean "line"' in wrong.err) == (2, True)


def test_what_a_stranger_s_kind_prints_is_seen_where_its_author_asks_for_it(saved: Path, watch: Watch) -> None:
    apart = watch("try", "ferries", "--file", "saved.html")
    here = watch("try", "ferries", "--file", "saved.html", "--here")
    assert here.out == "reading http://ferries.example/sailings\n" + apart.out
    assert "Monday" in apart.out
    as_json = watch("try", "ferries", "--file", "saved.html", "--here", "--json")
    assert [entry["key"] for entry in json.loads(as_json.out)["entries"]] == ["s1"]
    assert as_json.err.startswith("reading ")


def test_the_traceback_of_a_kind_is_shown_where_its_author_asks_for_it(saved: Path, watch: Watch) -> None:
    apart = watch("try", "ferries", "--file", "bad.html")
    here = watch("try", "ferries", "--file", "bad.html", "--here")
    place = f"{saved}/site/ferry_kind.py, line {KIND[: KIND.index('yield')].count(chr(10)) + 1}"
    why = f"ferries: reader_failed: the kind ferries failed in parse(): KeyError: 'id' ({place})\n"
    assert (apart.code, apart.err) == (1, why)
    assert here.code == 1
    assert here.err.endswith(f"KeyError: 'id'\n{why}")
    assert 'yield Entry(key=sailing["id"], title=sailing.text)' in here.err


LARGE_KIND = '''
from collections.abc import Iterator

from sources import Page, Source
from sources.columns import Columns
from sources.rows import Rows


class Ferries(Source):
    """Sailings of one ferry line, many at a time."""

    line: str
    url: str = "http://ferries.example/sailings"

    def parse(self, page: Page) -> Iterator[Rows]:
        head, *rows = [line.split(";") for line in page.text.splitlines()]
        yield from Columns(head, "ferries", key=("no",)).rows(rows)
'''


def test_a_stranger_s_kind_may_read_many_rows_at_a_time(saved: Path, watch: Watch) -> None:
    (saved / "site" / "ferry_kind.py").write_text(LARGE_KIND)
    (saved / "saved.txt").write_text("no;day\n" + "".join(f"{number};Monday\n" for number in range(3000)))
    ran = watch("try", "ferries", "--file", "saved.txt", "--json")
    assert ran.code == 0, ran.err
    entries = json.loads(ran.out)["entries"]
    assert len(entries) == 3000
    assert entries[0]["key"] == "0"
    assert entries[0]["fields"]["day"] == "Monday"
