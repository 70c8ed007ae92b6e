"""A small state with evidence, written by a former release: its content, and how it was made.

`python -m tests.watcher.former_release PYTHON NAME` runs the release of the interpreter PYTHON, which writes it into
`fixtures/NAME`: `state.db.gz`; `state.sql.gz`, as pg_dump writes it of a copy on a PostgreSQL server; and the folder of
its evidence. All pages are our own.
"""

from __future__ import annotations

import gzip
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests import postgres
from tests.conftest import Site

FIXTURES = Path(__file__).parent / "fixtures"
HOST = "http://register.example.org"

CONFIGURATION = """
[evidence]

[http]
private_addresses = "allow"
spacing = "0s"
proxy = "{site}"

[entities.telegram]
names = ["Telegram"]

[sources.list]
kind = "json"
url = "http://register.example.org/list"
items = "@"
key = "name"

[sources.table]
kind = "table"
url = "http://register.example.org/table"
key = "No"

[sources.rows]
kind = "csv"
url = "http://register.example.org/rows"
key = "no"

[sources.news]
kind = "feed"
url = "http://register.example.org/news"
authority = "report"

[channels.desk]
url = "{hook}/hook"

[[alerts]]
to = ["desk"]
"""

ITEM = "<item><guid>{number}</guid><title>News {number}</title></item>"


def configuration(site: Site) -> str:
    """The configuration: the register is asked through a proxy, so that its address is the same wherever `site` is."""
    return CONFIGURATION.format(site=site.url(""), hook=site.url("").replace("http", "json"))


def show(site: Site, branch: str, *, rows: int = 40, news: int = 3) -> None:
    """The register with this value in its list and table, and with so many rows and news."""
    site.page(f"{HOST}/list", [{"name": "Telegram", "branch": branch}, {"name": "Zoom", "branch": "none"}])
    cells = f"<tr><td>1</td><td>Telegram</td><td>{branch}</td></tr><tr><td>2</td><td>Zoom</td><td>none</td></tr>"
    head = "<tr><th>No</th><th>Name</th><th>Branch</th></tr>"
    site.page(f"{HOST}/table", f"<html><body><h1>Register</h1><table>{head}{cells}</table></body></html>")
    lines = "".join(f"{number},Company {number}\n" for number in range(rows))
    site.page(f"{HOST}/rows", f"no,name\n{lines}", type="text/csv")
    items = "".join(ITEM.format(number=number) for number in range(news))
    feed = f'<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>{items}</channel></rss>'
    site.page(f"{HOST}/news", feed, type="application/rss+xml")


def live(site: Site, check: Callable[[], Any]) -> None:
    """Three checks: baselines; changes that are alerted; changes that no service took, a failure and a suspicious page."""
    site.page("/hook")
    show(site, "none")
    check()
    show(site, "under approval", news=4)
    check()
    site.page("/hook", status=503)
    show(site, "open", rows=4, news=4)  # too few rows to be plausible
    site.page(f"{HOST}/news", status=500)
    check()


def main(python: str, name: str) -> None:
    site, place = Site(), FIXTURES / name
    with TemporaryDirectory() as folder:
        (Path(folder) / "watch.toml").write_text(configuration(site))
        command = [python, "-m", "watcher.cli", "--once"]
        live(site, lambda: print(subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)))
        place.mkdir(parents=True, exist_ok=True)
        (place / "state.db.gz").write_bytes(gzip.compress((Path(folder) / "state.db").read_bytes(), mtime=0))
        with postgres.server() as server:
            database = server.new()
            copy = [python, "-m", "watcher.cli", "state", "copy", "state.db", server.url(database)]
            subprocess.run(copy, cwd=folder, check=True)
            (place / "state.sql.gz").write_bytes(gzip.compress(server.dump(database), mtime=0))
        shutil.copytree(Path(folder) / "evidence", place / "evidence", dirs_exist_ok=True)
    site.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
