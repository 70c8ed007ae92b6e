"""What a cycle fetches with: a session of `sources.http` or `sources.mail`, or visits of the browser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from sources.http.resume import Beginnings
from sources.http.session import Fetcher, Session
from sources.model import Source
from sources.options import BrowserOptions, HttpOptions

if TYPE_CHECKING:
    from sources.browser.chromium import Chromium
    from sources.browser.session import BrowserSession
    from sources.mail.session import MailSession


class PageFetcher:
    """Fetches for all sources, in one event loop. The browser is imported and started when a source first needs it."""

    def __init__(
        self,
        http: HttpOptions,
        browser: BrowserOptions,
        *,
        clock: Callable[[], datetime],
        proving: bool = False,
        beginnings: Beginnings | None = None,
    ) -> None:
        self.http = Fetcher(http, clock=clock, proving=proving, beginnings=beginnings)
        self._options = browser
        self._chromium: Chromium | None = None

    def session(self, source: Source) -> Session | BrowserSession | MailSession:
        """A new session, for one check of a source."""
        if source.wire == "imap":
            from sources.mail.session import MailSession  # noqa: PLC0415 - most configurations have no mailbox

            return MailSession(self.http, source)
        if source.fetch == "http":
            return self.http.session(source)
        from sources.browser.chromium import Chromium  # noqa: PLC0415 - most configurations need no browser
        from sources.browser.session import BrowserSession  # noqa: PLC0415 - as above

        self._chromium = self._chromium or Chromium(self._options)
        return BrowserSession(self.http, source, self._chromium)

    def retire(self) -> None:
        """Close connections and the browser as soon as they are not in use: a new fetcher has replaced this one."""
        self.http.retire()
        if self._chromium:
            self._chromium.retire()

    async def aclose(self) -> None:
        """Close the pooled connections and the browser, in the event loop that opened them."""
        if self._chromium:
            await self._chromium.aclose()
        await self.http.aclose()
