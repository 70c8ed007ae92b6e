"""Notices what must not happen in a page of the desk: something runs, a rule of the page is broken, a request leaves."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Dialog

LOCAL = {"about", "blob", "data"}
BROKEN = ("Content Security Policy", "Blocked script execution", "Uncaught")


class Watchman:
    """Watches a context for as long as it is open. `saw` is what must not have happened."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.saw: list[str] = []
        self._netloc = urlsplit(address).netloc
        context.on("dialog", self._dialog)
        context.on("weberror", lambda fault: self.saw.append(f"error: {fault.error}"))
        context.on("console", lambda message: self._console(message.text))
        context.on("request", lambda request: self._request(request.url))

    def _dialog(self, dialog: Dialog) -> None:
        self.saw.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _console(self, text: str) -> None:
        if any(words in text for words in BROKEN):
            self.saw.append(f"console: {text}")

    def _request(self, url: str) -> None:
        if urlsplit(url).scheme not in LOCAL and urlsplit(url).netloc != self._netloc:
            self.saw.append(f"request: {url}")
