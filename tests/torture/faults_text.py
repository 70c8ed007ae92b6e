"""Text from a page in every place where the program tells it: what is left in it that would do something."""

from __future__ import annotations

import contextlib
import io
import json
import logging
import re
import time
from collections.abc import Callable, Iterator
from unittest.mock import patch

from alerts.links import web_address
from alerts.send import send
from sources.secrets import Secrets
from tests.conftest import PostOffice
from tests.torture.rows import Row
from tests.torture.texts import (
    CONTROLS,
    HOSTILE,
    MAIL_ATTRIBUTES,
    MAIL_TAGS,
    SERVICES,
    URL,
    Tags,
    agreeing,
    hostile,
    names,
    orders,
    told,
)
from watcher.terminal import console
from watcher.terminal.console import LineFormatter, print_json, table

TITLE = "Hostile text"
NOTHING = "nothing"
_SAID = f"{HOSTILE}\n<3>forged: line\r\u2028next\x85\ud800"


def faults() -> Iterator[Row]:
    """All rows."""
    for service, url in SERVICES.items():
        if service != "webhook":  # a program is given the data as it is
            yield row(f"chat: {service}", lambda url=url: chat(url))
        yield row(f"attachments, links and templates: {service}", lambda url=url: extras(url))
    yield row("mail: tags and links", tags)
    yield row("mail: headers", headers)
    yield row("log on a terminal", lambda: logged(journal=False))
    yield row("log in the journal", lambda: logged(journal=True))
    yield row("a traceback in the journal", lambda: logged(journal=True, fault=True))
    yield row("a paragraph on a terminal", lambda: printed(lambda: console.say(_SAID)))
    yield row("a table on a terminal", lambda: printed(lambda: table(["A"], [[_SAID]])))
    yield row("a complaint on a terminal", lambda: printed(lambda: console.complain(_SAID)))
    yield row("JSON on a terminal", lambda: printed(lambda: print_json({_SAID: [_SAID]})))


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
    strange = [tag for tag, _ in html.tags if tag not in MAIL_TAGS]
    strange += [name for _, given in html.tags for name in given if name not in MAIL_ATTRIBUTES]
    strange += [str(given["href"]) for tag, given in html.tags if tag == "a" and given["href"] != web_address(URL)]
    return strange + CONTROLS.findall("".join(html.texts))


def headers() -> list[str]:
    """What stands in a mail's headers that is not ours, sent to a real mail server."""
    office = PostOffice()
    office.start()
    try:
        url = office.url("desk@example.org")
        message = hostile(url)
        title = f"X\r\nBcc: evil@example.org\n\n{message.title}"  # were a line break left in it
        if said := send(url, message._replace(title=title), Secrets()):
            return [said.said]
        (mail,) = office.mails
    finally:
        office.stop()
    given = {name: str(value) for name, value in mail.items()}
    strange = [name for name in ("Bcc", "Cc", "Reply-To", "Sender") if name in given]
    strange += [name for name, value in given.items() if name != "Subject" and "evil" in name + value]
    return [
        *strange,
        *CONTROLS.findall(given["Subject"]),
        *([given["To"]] if given["To"] != "desk@example.org" else []),
    ]


def extras(url: str) -> list[str]:
    """What a page's text has become beside text: an address, a file, a header, a button, a filled template."""
    with agreeing() as asked:
        said = send(url, hostile(url), Secrets())
    found = [said.said] if said else []
    for address, given in asked:
        body = json.loads(given["data"]) if isinstance(given.get("data"), str) else {}
        found += ["address"] if "evil" in address else []
        found += ["file"] if given.get("files") else []
        found += ["header"] if "evil" in f"{given.get('headers')}{given.get('params')}" else []
        found += sorted({"attach", "click", "actions", "icon", "image_url", "title_link"} & set(names(body)))
    plain = "".join(told(asked)).replace("\\", "").replace("\u200b", "")
    return found if "{app_id} %s" in plain else [*found, "template"]  # a short message keeps these of a line


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
