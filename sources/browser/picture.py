"""The screenshot of a page, and the places on it of what it says."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from sources.browser.visit import evaluated
from sources.model.transcript import Place

if TYPE_CHECKING:
    from playwright.async_api import Page

WIDTH, HEIGHT = 1280, 900  # pixels of a page before its screenshot
_TALLEST = 8000  # pixels of a screenshot
_LARGEST = 8_000_000  # bytes
_SECONDS = 10.0
# What may be a row of a list, with its text: neither what is as tall as a part of the page, nor what is out of sight.
_PLACES = """(() => {
  const found = [], ends = performance.now() + 500;
  for (const each of document.querySelectorAll('tr, li, dl, dd, article, section, div, p, td, a, h1, h2, h3, h4')) {
    if (found.length == 3000 || performance.now() > ends) break;
    const box = each.getBoundingClientRect();
    if (box.width < 4 || box.height < 4 || box.height > 400 || box.top < 0 || box.bottom > innerHeight) continue;
    const text = (each.innerText || '').slice(0, 3000).replace(/\\s+/g, ' ').trim().slice(0, 1000);
    if (text) found.push([box.left, box.top, box.width, box.height, text]);
  }
  return JSON.stringify(found);
})()"""


async def picture(page: Page) -> tuple[bytes, tuple[Place, ...]]:
    """A screenshot as PNG, of the top of a very long page, and the places on it; no bytes if it cannot be made, or is
    too large.
    """
    from playwright.async_api import Error  # noqa: PLC0415 - slow, and an extra

    with suppress(Error):
        height = min(_TALLEST, int(await page.evaluate("document.documentElement.scrollHeight")))
        await page.set_viewport_size({"width": WIDTH, "height": max(HEIGHT, height)})
        made = await page.screenshot(type="png", timeout=_SECONDS * 1000, animations="disabled")
        if len(made) <= _LARGEST:
            return made, await _places(page)
    return b"", ()


async def _places(page: Page) -> tuple[Place, ...]:
    from playwright.async_api import Error  # noqa: PLC0415 - slow, and an extra

    with suppress(Error):
        found = await evaluated(page, _PLACES)
        return tuple(Place(round(x), round(y), round(wide), round(high), text) for x, y, wide, high, text in found)
    return ()
