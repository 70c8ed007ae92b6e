"""Captured texts before and after, and with an error in between: each with the message as it would be sent. Run with
`-s` to see the table.

What a person would want was written before the code, from what the pages say.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from alerts.message.compose import compose
from sources import Get, Page
from sources.kinds.text import Text, find_moving
from sources.text import clean_lines
from state.model import Event, EventKind
from tests.captures import CAPTURES, needed

pytestmark = needed

AT = datetime(2026, 11, 30, 12, tzinfo=UTC)
NOTHING, HELD, NOISE = "nothing", "held", "noise that an option leaves out"


class Wanted(NamedTuple):
    """Captures of one page, and of each step after the first what is wanted: words that a message has, that nothing is
    told, that the page is held, or that an option is found for what moves. `known` says why a step misses that.
    """

    folder: str
    name: str
    steps: tuple[tuple[str, ...] | str, ...]
    known: str = ""


VERSIONS, BROKEN, RAW = "ota-terms-versions", "ota-broken-pages", "ota-raw-snapshots"
MARKDOWN = "the capture is Markdown, in which the address of a link is text"
WANTED = [
    Wanted(VERSIONS, "autobazar.eu-terms-of-service", (("16,90 €", "34,90 €"),)),
    Wanted(VERSIONS, "daft.ie-terms-of-service", (NOTHING,), "the site sent a quotation mark in two encodings"),
    Wanted(VERSIONS, "facebook-terms-of-service", (("You can read a summary of our terms",),)),
    Wanted(VERSIONS, "guruwalk-terms-of-service", (NOTHING,), "the site hid its mail addresses from programs"),
    Wanted(VERSIONS, "hood-terms-of-service", (("zum Monatsersten", "mindestens 1 Monat im Voraus", "1 Woche vor"),)),
    Wanted(VERSIONS, "joom-commercial-terms", (("Kherson Region", "Zaporizhzhia region"),)),
    Wanted(VERSIONS, "line-privacy-policy", (("Data Officer", "March 19, 2025"),)),
    Wanted(VERSIONS, "linkedin-trackers-policy", (("ENTER SUMMARY",),)),
    Wanted(VERSIONS, "pinterest-community-guidelines", (("on Pinterest without their permission",),)),
    Wanted(VERSIONS, "telegram-terms-of-service", (("third-party-payments",),)),
    Wanted(VERSIONS, "tiktok-content-monetisation-policy", (NOISE,)),
    Wanted(VERSIONS, "tumblr-terms-of-service", (NOTHING,), MARKDOWN),
    Wanted(BROKEN, "autobazar.eu-terms-of-service", (HELD, NOTHING)),
    Wanted(BROKEN, "facebook-data-processor-agreement", (HELD, NOTHING)),
    Wanted(BROKEN, "hungry.dk-terms-of-service", (HELD, HELD)),
    Wanted(BROKEN, "spotify-privacy-policy", (HELD, NOTHING)),
    Wanted(BROKEN, "tiktok-community-guidelines", (HELD, ("Effective September 13, 2025",))),
    Wanted(RAW, "buffer-terms-of-service", (("Terms",), NOTHING)),
    Wanted(RAW, "open-collective-terms-of-service", (("Terms",), NOTHING)),
    Wanted(RAW, "uptimerobot-privacy-policy", (("Privacy",), NOTHING)),
    Wanted(RAW, "open-terms-archive-accessibility-statement", (NOTHING, ("Publications",))),
]


def message(change: dict[str, Any]) -> str:
    event = Event(EventKind.CHANGE, "capture", "Capture", "record", AT, AT, {**change, "entry": {}}, (), 1)
    made = compose([event], timezone=ZoneInfo("UTC"), body_limit=32_768, title_limit=250)
    return f"{made.title}\n{made.text}"


def is_right(wanted: tuple[str, ...] | str, step: dict[str, Any], pages: tuple[str, str]) -> bool:
    if wanted == HELD:
        return str(step["status"]) == "suspicious"
    if wanted == NOTHING:
        return str(step["status"]) == "unchanged"
    if wanted == NOISE:
        page = Page(
            Get("https://a.example/"), "https://a.example/", 200, {"content-type": "text/plain"}, pages[1].encode(), AT
        )
        return bool(find_moving(Text(url=page.url), page, *map(clean_lines, pages)).options)
    return bool(step["changes"]) and all(words in message(step["changes"][0]) for words in wanted)


def test_at_least_nine_of_ten_captured_changes_of_texts_are_told_as_a_person_would_want(
    configure: Callable[..., Path], watch: Callable[..., Any]
) -> None:
    configure('[sources.capture]\nkind = "text"\nurl = "https://register.example/all"\n')
    right, misses, lines = 0, dict[str, str](), list[str]()
    for wanted in WANTED:
        folder = CAPTURES / wanted.folder
        steps = json.loads(watch("replay", "capture", str(folder), "--match", f"{wanted.name}--*", "--json").out)[
            "steps"
        ]
        assert len(steps) == len(wanted.steps) + 1
        for before, step, what in zip(steps, steps[1:], wanted.steps, strict=False):
            pages = tuple((folder / each["file"]).read_text("utf-8") for each in (before, step))
            good = is_right(what, step, pages)  # type: ignore[arg-type]
            right += good
            if not good:
                misses[step["file"]] = wanted.known
            lines.append(f"\n{'right' if good else 'MISS '} {step['file']}: {step['status']}, wanted: {what}")
            told = (line for change in step["changes"] for line in message(change).splitlines()[:12])
            lines += (f"    {line[:200]}" for line in told)
    number = sum(len(each.steps) for each in WANTED)
    print(*lines, f"\n{right} of {number} as wanted; missed: {misses}", sep="\n")
    assert all(misses.values())
    assert right >= 0.9 * number
