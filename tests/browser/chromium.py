"""The system's Chromium: Playwright drives it, and brings none."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

MISSING = "no chromium: apt-get install chromium (`make browser-test` does it as root), or say where it is in CHROMIUM"
# No name leads anywhere, so nothing that runs in a page, and nothing of Chromium's own, leaves this machine.
ALONE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"


def path() -> str | None:
    """Where it is, or None."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


@contextmanager
def launched() -> Iterator[Browser]:
    """The browser, without a window. It has no sandbox, as root could not start it with one."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path(), args=[ALONE], chromium_sandbox=False)
        try:
            yield browser
        finally:
            browser.close()
