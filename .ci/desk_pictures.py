"""Draws the desk, the case and a proof of the demo's story, at the time of the story: for `make pictures`."""

# ruff: noqa: INP001 - a script beside the program, not a part of it
from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from state.store import Store
from tests.browser.chromium import launched
from watcher.config.load import load
from watcher.demo.story import clock
from watcher.web.app import create_app
from watcher.web.desk import Desk

TOKEN = "a-token-for-the-pictures"  # noqa: S105 - of a desk that ends with this script
SIZE = {"width": 1100, "height": 900}
PHONE = {"width": 390, "height": 844}
PICTURES = {"desk-today": "/", "desk-change": "/changes/4", "desk-source": "/sources/rkn-landing"}
PAGES = {"case": ("case", "telegram", "--html", "case.html"), "proof": ("evidence", "4", "--out", "proof")}
FILES = {"case": "case.html", "proof": "proof/proof.html"}


def draw_story(folder: Path) -> Iterator[Path]:
    """Draw each picture of the story into a folder; the files."""
    with tempfile.TemporaryDirectory() as name:
        story = Path(name) / "story"
        watch("demo", "--keep", str(story))
        yield from draw_pages(story, folder)
        yield from draw_desk(story, folder)


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


def draw_desk(story: Path, folder: Path) -> Iterator[Path]:
    """Draw the desk: on a wide screen, and dark on a phone."""
    with served(story) as address, launched() as browser:
        for size, scheme, ending in ((SIZE, "light", ""), (PHONE, "dark", "-phone")):
            page = browser.new_page(base_url=address, viewport=size, color_scheme=scheme)  # type: ignore[arg-type]
            page.goto(f"/sign-in?token={TOKEN}")
            for name, path in PICTURES.items():
                page.goto(path)
                page.wait_for_load_state("networkidle")
                file = folder / f"{name}{ending}.png"
                page.screenshot(path=file)
                yield file


@contextmanager
def served(story: Path) -> Iterator[str]:
    """The address of a desk over the story in a folder."""
    config = load(story / "watch.toml")
    with Store.open(config.state) as store:
        store.evidence.keep(config.evidence)
        app = create_app(Desk(config, store, TOKEN, clock()))
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
