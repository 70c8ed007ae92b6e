"""`served`: a desk over a copy of the demo's story, as a process; `page`: a tab that is signed in, at each of two widths.
`shown` and `reader` are the same over a state that all tests share, for those that only look.

Whatever a test does, nothing may run in a page but the desk's own script, and no request may leave: see watchman.py.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import chromium, states
from tests.browser.serving import Served, serving
from tests.browser.watchman import Watchman
from tests.conftest import Site

WIDTHS = {"wide": 1280, "narrow": 390}
HEIGHT = 800
WAIT = 20_000  # ms for anything that has to appear

OpenTab = Callable[..., Page]


def pytest_sessionstart() -> None:
    """Without a browser nothing here can be tested: that is a failure, and not a skip."""
    if chromium.path() is None:
        pytest.exit(chromium.MISSING, returncode=1)
    expect.set_options(timeout=WAIT)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium.launched() as launched:
        yield launched


@pytest.fixture(scope="session")
def register() -> Iterator[Site]:
    """The site of all states: it keeps its port, as the address of a source belongs to its state."""
    site = Site()
    yield site
    site.close()


def _made(tmp_path_factory: pytest.TempPathFactory, name: str, make: Callable[[Path, Site], None], site: Site) -> Path:
    folder = tmp_path_factory.mktemp(name)
    make(folder, site)
    return folder


@pytest.fixture(scope="session")
def story(tmp_path_factory: pytest.TempPathFactory, register: Site) -> Path:
    return _made(tmp_path_factory, "story", states.tell, register)


@pytest.fixture(scope="session")
def shown(story: Path, tmp_path_factory: pytest.TempPathFactory, register: Site) -> Iterator[Served]:
    """A desk over the story that is only looked at."""
    yield from _served(story, tmp_path_factory.mktemp("shown") / "desk", register)


def _served(folder: Path, copy: Path, register: Site) -> Iterator[Served]:
    shutil.copytree(folder, copy)
    states.pager_is_down(register)
    with serving(copy, register) as served:
        yield served


@pytest.fixture
def served(story: Path, tmp_path: Path, register: Site) -> Iterator[Served]:
    """A desk over a copy of the story."""
    yield from _served(story, tmp_path / "desk", register)


@pytest.fixture(scope="session")
def poisoned(tmp_path_factory: pytest.TempPathFactory, register: Site) -> Iterator[Served]:
    """A desk over the hostile state, which all tests share."""
    folder = _made(tmp_path_factory, "poison", states.poison, register)
    with serving(folder, register) as served:
        yield served


@pytest.fixture(params=WIDTHS)
def width(request: pytest.FixtureRequest) -> int:
    return WIDTHS[request.param]


@pytest.fixture
def open_tab(browser: Browser, width: int) -> Iterator[OpenTab]:
    """Opens a tab at a desk, in a browser that nobody has signed in with. At the end it must have run nothing."""
    watchmen = list[Watchman]()
    with ExitStack() as opened:

        def open_(served: Served, *, signed_in: bool = True, **options: Any) -> Page:
            size: Any = {"width": width, "height": HEIGHT}
            context = opened.enter_context(browser.new_context(base_url=served.address, viewport=size, **options))
            context.set_default_timeout(WAIT)
            watchmen.append(Watchman(context, served.address))
            page = context.new_page()
            if signed_in:
                page.goto(served.link)
            return page

        yield open_
    assert [seen for watchman in watchmen for seen in watchman.saw] == []


@pytest.fixture
def page(served: Served, open_tab: OpenTab) -> Page:
    """A tab of an editor at the story's desk."""
    return open_tab(served)


@pytest.fixture
def reader(shown: Served, open_tab: OpenTab) -> Page:
    """A tab at the desk that is only looked at."""
    return open_tab(shown)
