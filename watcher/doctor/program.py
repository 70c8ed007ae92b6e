"""The program: its versions, its optional parts, and the sandbox of the process that reads pages."""

from __future__ import annotations

import platform
import sqlite3
import sys
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec

from sources.browser.chromium import NO_BROWSER, NO_PACKAGE, command_of, has_package, has_sandbox, standing
from sources.reading.sandbox.confine import means
from watcher.config.load import Config
from watcher.config.settings import is_server
from watcher.doctor.finding import Findings, error, ok, warning

OLDEST, NEWEST = (3, 11), (3, 14)
_LIBRARIES = ("apprise", "aiohttp", "httpx", "lxml", "pydantic", "sqlalchemy")


def examine(config: Config | None) -> Findings:
    """Versions, optional parts, sandbox."""
    libraries = ", ".join(f"{name} {_version(name)}" for name in _LIBRARIES)
    yield ok("program", f"registry-watch {_version('registry-watch')}, {libraries}")
    here = platform.python_version()
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        yield ok("python", f"Python {here} on {platform.platform()}, SQLite {sqlite3.sqlite_version}")
    else:
        tested = f"3.{OLDEST[1]} to 3.{NEWEST[1]}"
        yield warning("python", f"Python {here} is not one of those that this version is tested with", f"use {tested}")
    if config:
        yield from _parts(config)
        yield from _browser(config)
    sandbox = means()
    if all(sandbox):
        yield ok("sandbox", f"the process that reads pages has {sandbox}")
    else:
        yield warning("sandbox", f"the process that reads pages: {sandbox}", "use a kernel with both: docs/security.md")


def _parts(config: Config) -> Findings:
    """The optional parts that the configuration needs."""
    proxies = [config.http.proxy, *(source.proxy for source in config.sources.values())]
    needed = {
        "postgres": ("psycopg", is_server(config.state)),
        "socks": ("socksio", any(proxy and proxy.startswith("socks") for proxy in proxies)),
        "web": ("fastapi", bool(config.web.users or config.web.token or config.web.base_url)),
    }
    for part, (module, needs) in needed.items():
        if needs and find_spec(module) is None:
            yield error("program", f"the configuration needs the part {part}", f"pip install 'registry-watch[{part}]'")


def _browser(config: Config) -> Findings:
    """The browser, if a source needs one. It is not started."""
    if all(source.fetch == "http" for source in config.sources.values()):
        return
    if not has_package():
        yield error("browser", 'a source has fetch = "browser", which needs Playwright', NO_PACKAGE.partition(": ")[2])
    elif config.browser.endpoint:
        yield ok("browser", "one that runs already (endpoint)")
    elif not command_of(config.browser):
        yield error(
            "browser", 'a source has fetch = "browser", and there is no Chromium', NO_BROWSER.partition(": ")[2]
        )
    elif not has_sandbox():
        what = "Chromium runs without its own sandbox, which root cannot have"
        yield warning("browser", what, "run the program as another user, or the browser as a unit: docs/browser.md")
    else:
        yield ok("browser", standing(config.browser))


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "(not installed)"
