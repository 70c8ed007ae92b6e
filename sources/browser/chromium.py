"""The browser that all sources share: started when a page needs it, kept while it is used, ended when it is idle.

It is the system's, or one that runs already (`endpoint`): none is downloaded. What it may reach is decided by the
proxy of each visit; outside of a visit its proxy is an address where nobody listens. Its home is a folder of its own,
which a program that was killed leaves to the next one, and all its processes together may take no more memory than
the limit.
"""

from __future__ import annotations

import asyncio
import fcntl
import logging
import os
import re
import shutil
import signal
import socket
import stat
import tempfile
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sources.errors import BrowserFailed
from sources.options import BrowserOptions
from sources.places import SharedPlaces

if TYPE_CHECKING:
    from playwright.async_api import Browser, CDPSession, Playwright

log = logging.getLogger(__name__)

_PREFIX = "registry-watch-browser-"
_starting = threading.Lock()
_OWN_MEMORY = re.compile(r"^Rss(?:Anon|Shmem):\s+(\d+) kB", re.MULTILINE)
COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NO_PACKAGE = "fetch = \"browser\" needs Playwright: pip install 'registry-watch[browser]'"
NO_BROWSER = 'fetch = "browser" needs Chromium: apt-get install chromium, or say where it is: command of [browser]'
_NOWHERE = "http://127.0.0.1:1"
FLAGS = (
    # No name is resolved here. The proxies are at a literal address.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    # UDP goes past a proxy.
    "--disable-quic",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--dns-prefetch-disable",
    "--no-pings",
    "--js-flags=--max-old-space-size=768",
)
_KEPT_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "TZ", "FONTCONFIG_PATH", "XDG_DATA_DIRS")
_QUICK = 10.0  # seconds, of a page that comes to rest
_START_SECONDS = 30.0
_END_SECONDS = 5.0
_LOOK, _SELDOM = 0.03, 0.25  # seconds between two looks at the memory; where no page is rendered


class Home:
    """A new folder for a browser."""

    def __init__(self) -> None:
        while True:  # a new folder and its lock, which the system releases when this process ends
            self.path = tempfile.mkdtemp(prefix=_PREFIX)
            with suppress(OSError):  # another program found it before it had its lock, and removes it
                self._lock = _lock(self.path)
                if Path(self.path).exists():
                    return
                os.close(self._lock)

    def remove(self) -> None:
        """Remove it with all that is in it."""
        shutil.rmtree(self.path, ignore_errors=True)
        os.close(self._lock)

    @asynccontextmanager
    async def for_driver(self) -> AsyncIterator[None]:
        """Let the driver that is started meanwhile keep its temporary files here, and have a home, as it does not start
        without one. It takes no other environment than that of this process. One starts at a time.
        """
        while not _starting.acquire(blocking=False):  # noqa: ASYNC110 - several threads may start one: no event is shared
            await asyncio.sleep(0.02)  # seconds between two looks whether another driver has started
        names = ("TMPDIR",) if "HOME" in os.environ else ("TMPDIR", "HOME")  # a service's user may have none
        before = os.environ.get("TMPDIR")
        os.environ.update(dict.fromkeys(names, self.path))
        try:
            yield
        finally:
            for name in names:
                os.environ.pop(name)
            if before is not None:
                os.environ["TMPDIR"] = before
            _starting.release()


def remove_left() -> None:
    """Remove the folders of this user that programs left behind when they were killed."""
    for path in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError):  # another program removes it
            found = path.lstat()
            if stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid():
                lock = _lock(path)
                shutil.rmtree(path, ignore_errors=True)
                os.close(lock)


def _lock(path: str | Path) -> int:
    """The lock of a folder. Raises OSError if another program has it."""
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(folder)
        raise
    return folder


def kill_greedy(group: int, pages: Collection[int], most: int) -> bool:
    """Kill processes until those of a browser's process group take `most` bytes; whether one was killed.

    `pages` are the processes of pages themselves. Each counts for itself, and all those of frames count together, as
    nobody says whose they are: the largest of what takes most goes first. So a page that is read is not killed for the
    frames of another, each of which may have a process that is smaller.
    """
    sizes, others = memory_of(group)
    taken = Counter[int]()
    for pid, size in sizes.items():
        taken[pid if pid in pages else 0] += size
    excess = before = others + taken.total() - most
    for pid in sorted(sizes, key=lambda pid: (taken[pid if pid in pages else 0], sizes[pid]), reverse=True):
        if excess > 0:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            excess -= sizes[pid]
            log.warning("the pages took too much memory: a process with %d MB was killed", sizes[pid] // 1_000_000)
    return before > 0


def memory_of(group: int) -> tuple[dict[int, int], int]:
    """The bytes in memory of each process of pages in a process group, and of all others in it together, without what
    they share of files.
    """
    pages, others = dict[int, int](), 0
    for name in os.listdir("/proc"):  # noqa: PTH208 - called often
        with suppress(OSError, ValueError):  # it is no process, or has ended
            if os.getpgid(pid := int(name)) == group:
                size = 1024 * sum(map(int, _OWN_MEMORY.findall(_told(pid, "status"))))
                if "--type=renderer" in _told(pid, "cmdline"):
                    pages[pid] = size
                else:
                    others += size
    return pages, others


def _told(pid: int, what: str) -> str:
    with open(f"/proc/{pid}/{what}", encoding="utf-8", errors="replace") as file:  # noqa: PTH123 - called often
        return file.read()


def command_of(options: BrowserOptions) -> str | None:
    """The Chromium to start, or None if there is none."""
    if options.command:
        return shutil.which(options.command)
    return next(filter(None, map(shutil.which, COMMANDS)), None)


def has_package() -> bool:
    """Whether Playwright is installed."""
    return find_spec("playwright") is not None


def has_sandbox() -> bool:
    """Whether Chromium's own sandbox is on: root cannot start it with one."""
    return os.geteuid() != 0


def can_start(options: BrowserOptions) -> bool:
    """Whether there is all that a browser needs."""
    return has_package() and bool(options.endpoint or command_of(options))


def standing(options: BrowserOptions) -> str:
    """What there is of a browser, for people."""
    if not has_package():
        return NO_PACKAGE
    if options.endpoint:
        return "one that runs already (endpoint)"
    if not (command := command_of(options)):
        return NO_BROWSER
    return f"{command}, {'in its own sandbox' if has_sandbox() else 'without its own sandbox, which root cannot have'}"


class Chromium:
    """Lends the browser to visits, to `tabs` at once: not all of them to one host, nor to pages that take long."""

    def __init__(self, options: BrowserOptions) -> None:
        self._options = options
        self._tabs = SharedPlaces(options.tabs, share=options.tabs - 1, keep=1, quick=_QUICK, trusting=True)
        self._starting = asyncio.Lock()
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None
        self._control: CDPSession | None = None
        self._home: Home | None = None
        self._using = 0
        self._keep = options.idle.total_seconds()
        self._idle: asyncio.TimerHandle | None = None
        self._ending: asyncio.Task[None] | None = None
        self._watching: asyncio.Task[None] | None = None
        self.user_agent = ""
        self.pages = set[int]()  # the processes of those that are rendered
        self.killed_at = float("-inf")  # when a process last was killed for its memory (monotonic)

    @property
    def proxy_host(self) -> str:
        """The local address at which the browser reaches this process."""
        host = urlsplit(self._options.endpoint or "").hostname
        if not host:
            return "127.0.0.1"
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect((host, 9))  # sends nothing: it chooses the interface
            return str(probe.getsockname()[0])

    @asynccontextmanager
    async def lent(self, owner: str) -> AsyncIterator[Browser]:
        """The browser, for one visit for a host. Raises BrowserFailed."""
        async with self._tabs.lent(owner):
            async with self._starting:
                if self._idle:
                    self._idle.cancel()
                if self._browser and not self._browser.is_connected():
                    await self.aclose()
                if self._browser is None:
                    try:
                        await asyncio.wait_for(self._start(), _START_SECONDS)
                    except BaseException as error:
                        await self.aclose()
                        if isinstance(error, TimeoutError):
                            raise BrowserFailed(f"the browser did not start within {_START_SECONDS:g} s") from None
                        raise
                assert self._browser  # noqa: S101 - it has started
                browser = self._browser
                self._using += 1
            try:
                yield browser
            finally:
                self._using -= 1
                self._expire()

    async def end_if_dead(self, browser: Browser) -> None:
        """End a browser that does not answer, such as one whose driver has ended, which Playwright calls connected: the
        next visit starts another one.
        """
        if self._browser is not browser or self._control is None:
            return
        try:
            await asyncio.wait_for(self._control.send("Browser.getVersion"), _END_SECONDS)
        except Exception as error:  # noqa: BLE001 - whatever it is, there is no answer
            log.warning("the browser does not answer, so another one is started when needed: %s", type(error).__name__)
            if self._browser is browser:
                await self.aclose()

    def retire(self) -> None:
        """End the browser as soon as no page is rendered."""
        self._keep = 0
        self._expire()

    async def aclose(self) -> None:
        """End the browser."""
        if self._idle:
            self._idle.cancel()
        browser, playwright, home, watching = self._browser, self._playwright, self._home, self._watching
        self._browser = self._control = self._playwright = self._home = self._watching = self._idle = None
        if watching:
            watching.cancel()
        for end in (browser and browser.close, playwright and playwright.stop):
            if end:
                with suppress(Exception):
                    await asyncio.wait_for(end(), _END_SECONDS)
        if home:
            await asyncio.to_thread(home.remove)

    async def _start(self) -> None:
        try:
            from playwright.async_api import Error, async_playwright  # noqa: PLC0415 - slow, and an extra
        except ImportError:
            raise BrowserFailed(NO_PACKAGE, code="browser_missing") from None
        command = command_of(self._options)
        if not command and not self._options.endpoint:
            raise BrowserFailed(NO_BROWSER, code="browser_missing")
        self._home = home = Home()
        await asyncio.to_thread(remove_left)
        async with home.for_driver():
            try:
                self._playwright = await async_playwright().start()
            except Exception as error:  # noqa: BLE001 - it raises no type of its own where its driver ends
                raise BrowserFailed(f"Playwright did not start: {error}"[:200], code="browser_missing") from None
        try:
            if self._options.endpoint:
                self._browser = await self._playwright.chromium.connect_over_cdp(self._options.endpoint)
            else:
                # Without the environment of this process, which may hold secrets.
                kept: dict[str, str | float | bool] = {
                    name: value for name in _KEPT_ENVIRONMENT if (value := os.environ.get(name)) is not None
                }
                self._browser = await self._playwright.chromium.launch(
                    executable_path=command,
                    chromium_sandbox=has_sandbox(),
                    env={**kept, "HOME": home.path, "TMPDIR": home.path},
                    args=list(FLAGS),
                    proxy={"server": _NOWHERE},
                    handle_sigint=False,
                    handle_sigterm=False,
                    handle_sighup=False,
                )
            self._control = control = await self._browser.new_browser_cdp_session()
            self.user_agent = str((await control.send("Browser.getVersion"))["userAgent"])
            if not self._options.endpoint:  # whose processes are not this program's to kill
                processes = (await control.send("SystemInfo.getProcessInfo"))["processInfo"]
                browser = next(int(each["id"]) for each in processes if each["type"] == "browser")
                with suppress(ProcessLookupError):  # it has ended already, as its visit says
                    self._watching = asyncio.create_task(self._watch_memory(os.getpgid(browser)))
        except Error as error:
            log.debug("the browser did not start: %s", error)
            why = next((line for line in str(error).splitlines() if line.strip()), "")[:200]
            raise BrowserFailed(f"the browser could not be started: {why}", code="browser_missing") from None

    async def _watch_memory(self, group: int) -> None:
        """Kill what takes too much. A page may take a gigabyte in a second, and start processes: it is looked at often,
        and at what the system has, as the browser is slow to say which there are.
        """
        while True:
            await asyncio.sleep(_LOOK if self._using else _SELDOM)
            if self._using and kill_greedy(group, self.pages, self._options.memory):
                self.killed_at = time.monotonic()

    def _expire(self) -> None:
        """End the browser after a while without visits."""
        if self._using or self._browser is None:
            return
        if self._idle:
            self._idle.cancel()
        self._idle = asyncio.get_running_loop().call_later(self._keep, self._end_idle)

    def _end_idle(self) -> None:
        if not self._using:
            self._ending = asyncio.ensure_future(self.aclose())
