"""A site's frame that stays while something else stands in it: no news, nor is its return."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

MENU = "".join(
    f'<li><a href="/{name}">{name}</a></li>' for name in ("Home", "News", "Registers", "Consumers", "Contact")
)
HEAD = "<title>Authority of Example Land</title>"
FOOT = "The Authority of Example Land, 1 High Street, Example Town. Open from Monday to Friday, nine to five."
STATEMENT = """
<h1>Statement on supervision</h1>
<p>The authority supervises payment firms in the country.</p>
<p>On 30 November the authority withdrew the licence of Northgate Payments Ltd, which may take no new clients.</p>
<p>Whoever has money there may ask for it until the end of the year.</p>"""
# A frame as today's sites have it, and one of plain elements.
SEMANTIC = (
    f"<html><head>{HEAD}</head><body><header><p>Authority of Example Land</p><nav><ul>{MENU}</ul></nav></header>"
    f"<main>{{}}</main><footer><p>{FOOT}</p><p>© 2026</p></footer></body></html>"
)
PLAIN = (
    f'<html><head>{HEAD}</head><body><div class="top"><ul>{MENU}</ul></div><div id="c">{{}}</div>'
    '<div class="foot"><a href="/imprint">Imprint</a> <a href="/privacy">Privacy</a> © 2026</div></body></html>'
)
ELSE = {
    "an apology": "<p>Sorry, we could not load this content right now. Please try again later.</p>",
    "an apology below the heading": "<h1>Statement on supervision</h1><p>This part of the site is being worked on.</p>",
    "an apology in another language": "<p>Извините, страница временно недоступна.</p>",
    "a wall that asks for consent": "<div><p>We use cookies and similar techniques, ours and those of 812 partners, in order to"
    " measure how this site is used, to show contents that suit you, and to remember what you have chosen. You may change"
    " your choice at any time below.</p><button>Accept all</button><button>Choose</button></div>",
    "a form to sign in": "<form><h2>Sign in</h2><label>User name</label><input name=u><label>Password</label><input type=password"
    " name=p><p>Ask your administrator for an account. Whoever has lost the password gets another one by mail.</p></form>",
}  # fmt: skip

Replay = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def replay(configure: Callable[..., Path], watch: Callable[..., Any], tmp_path: Path) -> Replay:
    def run(*pages: str, more: str = "") -> list[dict[str, Any]]:
        folder = tmp_path / "pages"
        folder.mkdir(exist_ok=True)
        for number, page in enumerate(pages, 1):
            (folder / f"2026-11-{number:02}.html").write_text(page, "utf-8")
        configure(f'[sources.page]\nkind = "text"\nurl = "https://authority.example/statement"\n{more}')
        ran = watch("replay", "page", str(folder), "--json")
        steps: list[dict[str, Any]] = json.loads(ran.out)["steps"]
        return steps

    return run


@pytest.mark.parametrize("frame", [SEMANTIC, PLAIN], ids=["semantic", "plain"])
@pytest.mark.parametrize("what", ELSE)
def test_an_error_page_within_the_site_s_frame_is_no_news_nor_is_the_page_s_return(
    what: str, frame: str, replay: Replay
) -> None:
    there, gone = frame.format(STATEMENT), frame.format(ELSE[what])
    steps = replay(there, gone, gone.replace("2026", "2027"), there)
    assert [(step["status"], step["reason"]) for step in steps[1:]] == [
        ("suspicious", "text_gone"),
        ("suspicious", "text_gone"),
        ("unchanged", None),
    ]
    assert not [change for step in steps for change in step["changes"]]
    assert "it now says: " in steps[1]["message"]


EDITS = {
    "a sentence more": STATEMENT.replace("country.</p>", "country.</p><p>It has published its report.</p>"),
    "the news taken out": STATEMENT.replace(STATEMENT.splitlines()[3], ""),
    "the news written anew": STATEMENT.replace("withdrew the licence of", "gave a licence to"),
    "one paragraph replaced by a short one": STATEMENT.replace(STATEMENT.splitlines()[3], "<p>The firm is closed.</p>"),
    "a button": STATEMENT + "<button>Print</button>",
    "another statement of the same length": "<h1>Statement on supervision</h1><p>Eastgate Power SE may sell no"
    " electricity from January on, says the authority.</p><p>Its 12,000 customers are supplied by the town until they have"
    " found somebody else.</p><p>They need not do anything themselves before spring comes.</p>",
}  # fmt: skip


@pytest.mark.parametrize("what", EDITS)
def test_an_edit_within_the_frame_is_news(what: str, replay: Replay) -> None:
    steps = replay(SEMANTIC.format(STATEMENT), SEMANTIC.format(EDITS[what]))
    assert [(step["status"], len(step["changes"])) for step in steps] == [("baseline", 0), ("ok", 1)]


def test_a_page_whose_frame_alone_changes_is_news(replay: Replay) -> None:
    steps = replay(
        SEMANTIC.format(STATEMENT), SEMANTIC.format(STATEMENT).replace("<li><a", "<li><a class=x").replace(FOOT, "New")
    )
    assert steps[1]["status"] == "ok"


@pytest.mark.parametrize("more", ["", 'select = "main"\n'])
def test_a_main_part_that_moves_to_another_element_is_no_news_or_a_clear_no(more: str, replay: Replay) -> None:
    pages = SEMANTIC.format(STATEMENT), SEMANTIC.replace("main>", "section>").format(STATEMENT)
    _, step = replay(*pages, more=more)
    assert (step["status"], step["reason"]) == (("failing", "not_found") if more else ("unchanged", None))
    assert not more or "nothing that matches 'main' (option select); it has" in step["message"]


def test_what_is_allowed_to_go_is_believed(replay: Replay) -> None:
    pages = SEMANTIC.format(STATEMENT), SEMANTIC.format(ELSE["an apology"])
    assert replay(*pages, more='max_changed = "100 %"\n')[1]["status"] == "ok"
