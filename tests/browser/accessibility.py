"""axe-core over a page: the rules of WCAG 2.2, levels A and AA, that a program can check."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "rules": {"target-size": {"enabled": True}},  # of 2.2: axe leaves it out unless it is asked for
    "resultTypes": ["violations"],
    "iframes": False,  # a frame of the desk has plain text, in which no script may run: nor may axe
}
SCHEMES = ("light", "dark")


def violations(page: Page) -> list[str]:
    """What is wrong with the page that is open, in both colours: the rule, and the first elements."""
    page.wait_for_load_state()  # its elements have no style, so no size, before the style sheet has come
    # By the protocol of the developer tools, which the desk's Content-Security-Policy does not hold back.
    tools = page.context.new_cdp_session(page)
    tools.send("Runtime.evaluate", {"expression": AXE})
    tools.detach()
    found = list[str]()
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        told: dict[str, Any] = page.evaluate("options => axe.run(document, options)", OPTIONS)
        assert told["passes"], "axe has looked at nothing"
        found += [f"{page.url} {scheme} {each['id']}: {_places(each)}" for each in told["violations"]]
    return found


def _places(violation: dict[str, Any]) -> str:
    return "; ".join(f"{node['target']} {node['failureSummary']}" for node in violation["nodes"][:3])
