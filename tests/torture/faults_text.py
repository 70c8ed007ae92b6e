"""Text from a page in every place where the program tells it: what is left in it that would do something."""

from __future__ import annotations

import contextlib
import io
import logging
import re
import time
from collections.abc import Callable, Iterator
from unittest.mock import patch

from alerts.send import send
from alerts.words import web_address
from sources.secrets import Secrets
from tests.torture.rows import Row
from tests.torture.texts import CONTROLS, HOSTILE, SERVICES, URL, Tags, agreeing, hostile, orders, told
from watcher import console
from watcher.logs import LineFormatter

TITLE = "Hostile text"
NOTHING = "nothing"
_SAID = f"{HOSTILE}\n<3>forged: line\r\u2028next\x85\ud800"


def faults() -> Iterator[Row]:
    """All rows."""
    for service, url in SERVICES.items():
        yield row(f"chat: {service}", lambda url=url: chat(url))
    yield row("mail: tags and links", tags)
    yield row("log on a terminal", lambda: logged(journal=False))
    yield row("log in the journal", lambda: logged(journal=True))
    yield row("a traceback in the journal", lambda: logged(journal=True, fault=True))
    yield row("a paragraph on a terminal", lambda: printed(lambda: console.say(_SAID)))
    yield row("a table on a terminal", lambda: printed(lambda: console.table(["A"], [[_SAID]])))
    yield row("a complaint on a terminal", lambda: printed(lambda: console.complain(_SAID)))
    yield row("JSON on a terminal", lambda: printed(lambda: console.print_json({_SAID: [_SAID]})))


def row(place: str, look: Callable[[], list[str]]) -> Row:
    began = time.monotonic()
    found = ", ".join(sorted({repr(each) for each in look()})[:4])
    return Row(place, NOTHING, found or NOTHING, time.monotonic() - began)


def chat(url: str) -> list[str]:
    with agreeing() as asked:
        said = send(url, hostile(url), Secrets())
    return ["not sent"] if said or not told(asked) else [order for text in told(asked) for order in orders(text)]


def tags() -> list[str]:
    html = Tags(hostile("mailto://127.0.0.1:9?from=a@example.org&to=b@example.org").html)
    strange = [tag for tag, _ in html.tags if tag not in ("div", "b", "br", "a")]
    strange += [name for _, given in html.tags for name in given if name not in ("style", "href")]
    strange += [str(given["href"]) for tag, given in html.tags if tag == "a" and given["href"] != web_address(URL)]
    return strange + CONTROLS.findall("".join(html.texts))


def logged(*, journal: bool, fault: bool = False) -> list[str]:
    try:
        raise ValueError(_SAID)
    except ValueError as error:
        caught = (ValueError, error, error.__traceback__) if fault else None
    record = logging.LogRecord("sources", logging.INFO, "", 0, "a page said %s", (_SAID,), caught)
    lines = LineFormatter(journal=journal).format(record).splitlines()
    forged = [line for line in lines if journal and not line.startswith("<6>")]
    return [*forged, *(["several lines"] if len(lines) > 1 and not fault else []), *CONTROLS.findall("\n".join(lines))]


def printed(act: Callable[[], None]) -> list[str]:
    out = io.StringIO()
    with (
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(out),
        patch.object(console, "is_terminal", lambda: True),
    ):
        act()
    return [*CONTROLS.findall(out.getvalue()), *re.findall("[\u2028\u2029\x85\ud800\r]", out.getvalue())]
