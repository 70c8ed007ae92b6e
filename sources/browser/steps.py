"""Does the steps of a source on a page, and waits for what they wait for."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sources.browser.traffic import Traffic
from sources.errors import StepFailed
from sources.options import Step

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page

_BEFORE = 0.5  # seconds
_HEIGHT = "() => { const e = document.scrollingElement; e.scrollTo(0, e.scrollHeight); return e.scrollHeight }"


class Actor:
    """Acts on the page of one visit, which lasts `seconds` and ends at `ends` (`time.monotonic`)."""

    def __init__(self, page: Page, traffic: Traffic, seconds: float, ends: float) -> None:
        self._page, self._traffic, self._seconds = page, traffic, seconds
        self._ends = ends - _BEFORE

    @property
    def _left(self) -> float:
        """The milliseconds that are left: it ends before the visit does, so that it says what it waited for."""
        return max(0.1, self._ends - time.monotonic()) * 1000

    async def do(self, steps: Sequence[Step]) -> None:
        """Do the steps in their order. Raises StepFailed, without what is written into fields."""
        from playwright.async_api import Error  # noqa: PLC0415 - slow, and an extra
        from playwright.async_api import TimeoutError as TooLate  # noqa: PLC0415 - as above

        for number, step in enumerate(steps, 1):
            try:
                await self._do(step)
            except TooLate:
                raise StepFailed(f"step {number} ({step.told}): no such element within {self._seconds:g} s") from None
            except Error as error:
                if "closed" in str(error) or "crashed" in str(error):
                    raise
                raise StepFailed(f"step {number} ({step.told}) cannot be done: {_reason(error)}") from None

    async def appear(self, selector: str) -> None:
        """Wait until an element is visible. Raises StepFailed."""
        from playwright.async_api import TimeoutError as TooLate  # noqa: PLC0415 - as above

        try:
            await self._first(selector).wait_for(state="visible", timeout=self._left)
        except TooLate:
            raise StepFailed(f"wait_for: {selector} was not visible within {self._seconds:g} s") from None

    async def _do(self, step: Step) -> None:
        wait = self._left
        if step.fill is not None:
            await self._first(step.fill).fill(step.text or "", timeout=wait)
        elif step.click is not None:
            await self._first(step.click).click(timeout=wait)
        elif step.select is not None:
            await self._first(step.select).select_option(step.value, timeout=wait)
        elif step.press is not None:
            await self._page.keyboard.press(step.press)
        elif step.wait_for is not None:
            await self._first(step.wait_for).wait_for(state="visible", timeout=wait)
        elif step.scroll is not None:
            await self._scroll(step.scroll)

    async def _scroll(self, most: int) -> None:
        height = 0
        for _ in range(most):
            before, height = height, int(await self._page.evaluate(_HEIGHT))
            if height == before:
                return
            await self._traffic.rest()

    def _first(self, selector: str) -> Locator:
        return self._page.locator(re.sub("^xpath:", "xpath=", selector)).first  # Playwright's own spelling


def _reason(error: Exception) -> str:
    """The first line of an error, which quotes no values."""
    line = str(error).splitlines()[0] if str(error) else ""
    return line.rpartition("Error: ")[2][:120]
