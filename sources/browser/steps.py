"""The steps of a source on a page: fill, click, select, press, wait, scroll; and what is repeated until a list ends.

A repeated step reads all of a list, or fails: a part of it looks like the whole.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sources.errors import StepFailed, TooLarge
from sources.options import Step

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page

Rest = Callable[[], Awaitable[None]]
_BEFORE = 0.5  # seconds
_MOST_CLICKS = 500
_TEXT = "() => document.body ? document.body.innerText : ''"
_IS_DISABLED = """e => [e, e.parentElement].some(each => each && (each.disabled === true ||
  each.getAttribute('aria-disabled') == 'true' || each.classList.contains('disabled')))"""
_ROWS = """css => [...document.querySelectorAll(css)].map(each => [each.innerText, each.outerHTML])"""
_PUT_BACK = """([css, rows]) => {
  const now = [...document.querySelectorAll(css)], there = new Set(now.map(each => each.innerText)), lists = new Map();
  now.forEach(each => lists.set(each.parentElement, (lists.get(each.parentElement) || 0) + 1));
  const list = [...lists.keys()].sort((one, other) => lists.get(other) - lists.get(one))[0];
  const made = document.createElement('template');
  made.innerHTML = rows.filter(([text]) => !there.has(text)).map(([, markup]) => markup).join('');
  if (list) now.find(each => each.parentElement == list).before(made.content);
  return !!list;
}"""
_SCROLL_ON = """css => {
  let box = css && document.querySelector(css);
  while (box && !(box.scrollHeight > box.clientHeight + 1 && /auto|scroll/.test(getComputedStyle(box).overflowY)))
    box = box.parentElement;
  box = box || document.scrollingElement;
  const before = box.scrollTop;
  box.scrollTop = css ? before + Math.max(20, box.clientHeight * 0.7) : box.scrollHeight;
  return box.scrollTop > before;
}"""


async def evaluate(page: Page, expression: str) -> Any:
    """The value of an expression that gives JSON, or promises it. Raises playwright's Error."""
    cdp = await page.context.new_cdp_session(page)
    tree = await cdp.send("Page.getFrameTree")
    frame = tree["frameTree"]["frame"]["id"]
    world = await cdp.send("Page.createIsolatedWorld", {"frameId": frame, "worldName": "reader"})
    asked = {"expression": expression, "contextId": world["executionContextId"]}
    answer = await cdp.send("Runtime.evaluate", asked | {"returnByValue": True, "awaitPromise": True})
    await cdp.detach()
    return json.loads(answer["result"]["value"])


class _StepTrouble(Exception):
    """What a repeated step meets."""


class Actor:
    """Acts on the page of one visit, which lasts `seconds` and ends at `ends` (`time.monotonic`). `rest` waits until
    the page rests; at most `most` characters of its entries are kept. `home` is the host of the source's address.
    """

    def __init__(self, page: Page, rest: Rest, seconds: float, ends: float, most: int, home: str) -> None:
        self._page, self._rest, self._seconds, self._most, self._home = page, rest, seconds, most, home
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
            except _StepTrouble as error:
                raise StepFailed(f"step {number} ({step.label}): {error}") from None
            except TooLate:
                raise StepFailed(f"step {number} ({step.label}): no such element within {self._seconds:g} s") from None
            except Error as error:
                if "closed" in str(error) or "crashed" in str(error):
                    raise
                why = str(error).partition("\n")[0].rpartition("Error: ")[2][:120]  # its first line quotes no values
                raise StepFailed(f"step {number} ({step.label}) cannot be done: {why}") from None

    async def _do(self, step: Step) -> None:
        wait = self._left
        if step.fill is not None:
            field = self._first(step.fill)
            await field.wait_for(state="attached", timeout=wait)  # until then the page may lead elsewhere
            host, named = urlsplit(self._page.url).hostname or "", step.on or self._home
            if host.removeprefix("www.") != named.lower().removeprefix("www."):
                raise _StepTrouble(f'the page is of {host}, which gets nothing without on = "{host}"')
            await field.fill(step.text or "", timeout=self._left)
        elif step.until or step.scroll:
            await self._repeat(step)
        elif step.click is not None:
            await self._first(step.click).click(timeout=wait)
        elif step.select is not None:
            await self._first(step.select).select_option(step.value, timeout=wait)
        elif step.press is not None:
            await self._page.keyboard.press(step.press)
        elif step.wait_for is not None:
            await self._first(step.wait_for).wait_for(state="visible", timeout=wait)

    async def appear(self, selector: str) -> None:
        """Wait until an element is visible. Raises StepFailed."""
        from playwright.async_api import TimeoutError as TooLate  # noqa: PLC0415 - as above

        try:
            await self._first(selector).wait_for(state="visible", timeout=self._left)
        except TooLate:
            raise StepFailed(f"wait_for: {selector} was not visible within {self._seconds:g} s") from None

    async def _repeat(self, step: Step) -> None:
        """Click until there is nothing to click, or scroll to the end of the page, or of the list that `keep` names. Of
        entries that this replaces, all are kept: by their text, so that what stays in sight is kept once.
        """
        rows = dict[str, str]()  # markup by text
        for _ in range(step.scroll or _MOST_CLICKS):
            rows |= dict(await self._run(_ROWS, step.keep)) if step.keep else {}
            if sum(map(len, rows.values())) > self._most:
                raise TooLarge(f"the entries of the page have more than {self._most:,} characters (max_bytes)")
            if not await (self._click_on(step.click) if step.click else self._run(_SCROLL_ON, step.keep)):
                if rows and not await self._run(_PUT_BACK, [step.keep, list(rows.items())]):
                    raise _StepTrouble(f"in the end, {step.keep} is not on the page")
                return
            await self._rest()
        if step.keep or step.until:  # a part must not be taken for the whole
            raise _StepTrouble("it has no end")

    async def _click_on(self, selector: str) -> bool:
        """Click an element, and wait until the page shows something else; False if the element is gone."""
        from playwright.async_api import Error  # noqa: PLC0415 - slow, and an extra

        element = self._first(selector)
        if not await element.count() or not await element.is_visible() or await element.evaluate(_IS_DISABLED):
            return False
        before = await self._run(_TEXT)
        await element.click(timeout=self._left)
        try:
            while await self._run(_TEXT) == before:
                if self._left < _BEFORE * 1000:
                    raise _StepTrouble("it brings nothing more, and is not gone")
                await asyncio.sleep(0.25)
        except Error:  # another page is loaded in its place
            await self._page.wait_for_load_state("domcontentloaded", timeout=self._left)
        return True

    async def _run(self, function: str, argument: Any = None) -> Any:
        try:
            return await evaluate(self._page, f"JSON.stringify(({function})({json.dumps(argument)}))")
        except KeyError:  # an exception in place of a value
            raise _StepTrouble("the browser cannot find that: keep is CSS, without extensions") from None

    def _first(self, selector: str) -> Locator:
        return self._page.locator(re.sub("^xpath:", "xpath=", selector)).first  # Playwright's own spelling
