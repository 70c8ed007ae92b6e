"""Draws the desk, the case and a proof of the demo's story, at the time of the story: for `make pictures`."""

# ruff: noqa: INP001 - a script beside the program, not a part of it
from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from sqlite3 import connect

import uvicorn

from state.store import Store
from tests.browser.chromium import launched
from tests.conftest import Site
from tests.storing import add_event, came
from watcher.config.load import load
from watcher.demo import clock
from watcher.web.desk import Desk, now
from watcher.web.server import create_app

TOKEN = "a-token-for-the-pictures"  # noqa: S105 - of a desk that ends with this script
SIZE = {"width": 1100, "height": 900}
PHONE = {"width": 390, "height": 844}
LOOKS = ((SIZE, "light", ""), (PHONE, "dark", "-phone"))  # each with the end of its pictures' names
PICTURES = {"desk-today": "/", "desk-change": "/changes/4"}
LIFE = 70  # days of the source that is drawn
REGISTER = """state = "sqlite:///state.db"
[http]
private_addresses = "allow"
[sources.companies]
kind = "json"
url = "{url}"
items = "@"
key = "name"
label = "Register of companies"
"""
PAGES = {"case": ("case", "telegram", "--html", "case.html"), "proof": ("evidence", "4", "--out", "proof")}
FILES = {"case": "case.html", "proof": "proof/proof.html"}


def draw_story(folder: Path) -> Iterator[Path]:
    """Draw each picture of the story into a folder; the files."""
    with tempfile.TemporaryDirectory() as name:
        story = Path(name) / "story"
        watch("demo", "--keep", str(story))
        yield from draw_pages(story, folder)
        yield from draw_desk(story, folder, PICTURES, clock())
        yield from draw_desk(story, folder, {"desk-ar": "/"}, clock(), looks=[(SIZE, "light", "-light")], locale="ar")
        empty = Path(name) / "empty"
        empty.mkdir()
        (empty / "watch.toml").write_text('state = "sqlite:///state.db"\n', "utf-8")
        yield from draw_desk(empty, folder, {"desk-welcome": "/welcome"}, now)
        yield from draw_desk(lived(Path(name) / "life"), folder, {"desk-source": "/sources/companies"}, now)


def watch(*words: str, folder: Path | None = None) -> None:
    """Run a command of the program. Raises CalledProcessError."""
    command = [sys.executable, "-m", "watcher.cli", *words]
    subprocess.run(command, check=True, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)  # noqa: S603 - no shell


def draw_pages(story: Path, folder: Path) -> Iterator[Path]:
    """Draw the pages that commands write."""
    with launched() as browser:
        page = browser.new_page(viewport=SIZE)  # type: ignore[arg-type]
        for name, words in PAGES.items():
            watch(*words, folder=story)
            page.goto((story / FILES[name]).as_uri())
            file = folder / f"{name}.png"
            page.screenshot(path=file)
            yield file


def draw_desk(
    state: Path,
    folder: Path,
    pages: Mapping[str, str],
    now: Callable[[], datetime],
    *,
    looks: Sequence[tuple[Mapping[str, int], str, str]] = LOOKS,
    locale: str = "en",
) -> Iterator[Path]:
    """Draw pages of the desk over the state in a folder, for a browser of a language: by default on a wide screen, and
    dark on a phone.
    """
    with served(state, now) as address, launched() as browser:
        for size, scheme, ending in looks:
            look = {"viewport": size, "color_scheme": scheme, "locale": locale}
            page = browser.new_page(base_url=address, **look)  # type: ignore[arg-type]
            page.goto(f"/sign-in?token={TOKEN}")
            for name, path in pages.items():
                page.goto(path)
                page.wait_for_load_state("networkidle")
                file = folder / f"{name}{ending}.png"
                page.screenshot(path=file)
                yield file


def lived(folder: Path) -> Path:
    """A folder with a register that was watched for some time, as no demo could: its life is written into the state."""
    site, today = Site(), now().date()
    site.page("/companies", [{"name": f"Firm {number}"} for number in range(40)])
    folder.mkdir()
    (folder / "watch.toml").write_text(REGISTER.format(url=site.url("/companies")), "utf-8")
    watch("--once", folder=folder)
    site.close()
    with Store.open(load(folder / "watch.toml").state) as store, closing(connect(folder / "state.db")) as database:
        months = defaultdict[str, str](str)
        for back in range(LIFE, 0, -1):
            day = today - timedelta(days=back)
            if back in range(44, 48):  # the daemon did not run
                continue
            read, failed = (0, 48) if back in {21, 22} else (45, 3) if back % 17 == 0 else (48, 0)
            months[f"{day:%Y-%m}"] += f"{day.day} {read} {failed};"
            for number in range(back * 7 % 5 if read else 0):
                at = datetime(day.year, day.month, day.day, 9 + number, tzinfo=UTC)
                change = "removed" if number % 2 else "added"
                add_event(store, came(f"Firm {back}-{number}", at, source="companies", change=change), [], at)
        database.execute("UPDATE sources SET history_from = ?", [f"{today - timedelta(days=LIFE)} 00:00:00.000000"])
        database.executemany("INSERT INTO tallies SELECT id, ?, ? FROM sources", months.items())
        database.commit()
    return folder


@contextmanager
def served(folder: Path, now: Callable[[], datetime]) -> Iterator[str]:
    """The address of a desk over the state in a folder."""
    config = load(folder / "watch.toml")
    with Store.open(config.state) as store:
        store.evidence.keep(config.evidence)
        app = create_app(Desk(config, store, TOKEN, now))
        server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, lifespan="off"))
        thread = threading.Thread(target=server.run)
        thread.start()
        try:
            while not server.started:
                time.sleep(0.01)
            yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
