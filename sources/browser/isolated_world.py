"""Evaluates in a world of its own, in which the page's scripts have replaced nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.async_api import Page


async def evaluated(page: Page, expression: str) -> Any:
    """The value of an expression that gives JSON. Raises playwright's Error."""
    cdp = await page.context.new_cdp_session(page)
    tree = await cdp.send("Page.getFrameTree")
    frame = tree["frameTree"]["frame"]["id"]
    world = await cdp.send("Page.createIsolatedWorld", {"frameId": frame, "worldName": "reader"})
    asked = {"expression": expression, "contextId": world["executionContextId"], "returnByValue": True}
    answer = await cdp.send("Runtime.evaluate", asked)
    await cdp.detach()
    return json.loads(answer["result"]["value"])
