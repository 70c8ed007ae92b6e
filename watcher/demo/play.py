"""Plays the story through the real pipeline and prints each alert as its reader sees it."""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import ExitStack, aclosing, contextmanager
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from hashlib import blake2b
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from sources.http.session import Fetcher
from state.store import Store
from watcher.check.outcome import Result
from watcher.config.load import load
from watcher.cycle import Cycle
from watcher.delivery.deliver import Deliverer
from watcher.demo.story import CHANNEL, FEED, LIST, moments
from watcher.reports.case import check_page, print_story, story_in, write_page
from watcher.terminal.console import is_terminal, printable, say

LOOPBACK = "127.0.0.1"
_TYPES = {".xml": "application/rss+xml; charset=utf-8"}


class DemoSite:
    """A web site whose pages can change while it runs, and which answers conditional requests; what was posted to its
    chat, and what its mail server has accepted.
    """

    def __init__(self) -> None:
        self.pages: dict[str, str] = {}
        self.posted: list[dict[str, Any]] = []
        self.mail: list[EmailMessage] = []
        self.url, self.mail_port = "", 0


@contextmanager
def serve_site() -> Iterator[DemoSite]:
    """The web site, its chat webhook at /chat and the mail server, until the block ends."""
    site = DemoSite()

    class MailHandler(StreamRequestHandler):
        def handle(self) -> None:
            """Speak as much SMTP as one client needs; keep each message."""
            self.wfile.write(b"220 demo\r\n")
            for line in self.rfile:
                command = line[:4].upper()
                if command == b"DATA":
                    self.wfile.write(b"354 end with a dot\r\n")
                    lines = iter(self.rfile.readline, b".\r\n")
                    content = b"".join(each[1:] if each.startswith(b".") else each for each in lines)  # RFC 5321, 4.5.2
                    site.mail.append(message_from_bytes(content, policy=policy.default))
                self.wfile.write(b"221 bye\r\n" if command == b"QUIT" else b"250 OK\r\n")

    class WebHandler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """Send a page, or 304 if its ETag matches."""
            page = site.pages.get(self.path)
            if page is None:
                self.send_error(404)
                return
            body = page.encode()
            etag = f'"{blake2b(body, digest_size=8).hexdigest()}"'
            unchanged = self.headers.get("If-None-Match") == etag
            self.send_response(304 if unchanged else 200)
            self.send_header("ETag", etag)
            self.send_header("Content-Type", _TYPES.get(self.path[-4:], "text/html; charset=utf-8"))
            self.send_header("Content-Length", "0" if unchanged else str(len(body)))
            self.end_headers()
            self.wfile.write(b"" if unchanged else body)

        def do_POST(self) -> None:
            """The chat's webhook: keep what is posted."""
            site.posted.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Do not log: the demo's terminal is for alerts."""

    with (
        ThreadingHTTPServer((LOOPBACK, 0), WebHandler) as web,
        ThreadingTCPServer((LOOPBACK, 0), MailHandler) as mail,
    ):
        site.url, site.mail_port = f"http://{LOOPBACK}:{web.server_port}", mail.server_address[1]
        for server in (web, mail):
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield site
        finally:
            for server in (web, mail):
                server.shutdown()  # returns when the thread has ended its loop


MOSCOW = ZoneInfo("Europe/Moscow")
ENTITY = "telegram"

_INTRODUCTION = (
    "July 2025. Telegram has stood on Roskomnadzor's list under the landing law since 2021. Then one field of its row "
    "changes. A small web site on this machine plays the register, a news agency and a channel; the pages are the "
    "demo's own, worded after what was reported. The pipeline is the real one: HTTP, SQLite, e-mail over SMTP and a "
    "chat's webhook. Only the clock is moved."
)

_CONFIGURATION = """\
state = "sqlite:///state.db"
timezone = "Europe/Moscow"

[evidence]                         # the pages of changes are kept, for others to check

[http]
private_addresses = "allow"        # the site is on this machine
spacing = "0s"

[entities.telegram]
names = ["Telegram", "Телеграм", "Telegram Messenger Inc"]

[sources.rkn-landing]
kind = "rkn_landing"
url = "{site}{list}"

[sources.agency]
kind = "feed"
url = "{site}{feed}"
label = "News agency"

[sources.durov]
kind = "telegram"
channel = "durov"
url = "{site}{channel}"

[channels.desk]
url = "mailto://{host}:{mail}?from=Registry Watch<watch@demo.example>&to=desk@demo.example&mode=insecure"

[channels.chat]
url = "{chat}/chat"

[[alerts]]
entities = ["telegram"]
to = ["desk", "chat"]
"""


def _play(folder: Path, site: DemoSite, page: Path | None) -> None:
    """Play every moment in order, then print the case, and write it to the file `page`, if given."""
    host, _, _ = site.url.removeprefix("http://").partition(":")
    text = _CONFIGURATION.format(
        site=site.url, chat=site.url.replace("http", "json"), host=host, mail=site.mail_port,
        list=LIST, feed=FEED, channel=CHANNEL,
    )  # fmt: skip
    (folder / "watch.toml").write_text(text, encoding="utf-8")
    config, now = load(folder / "watch.toml"), moments()[0].at

    def clock() -> datetime:
        return now

    async def check_all(store: Store) -> dict[str, Result]:
        fetcher = Fetcher(config.http, clock=clock, proving=config.evidence is not None)
        async with aclosing(fetcher), aclosing(Cycle(config, store, fetcher, clock)) as cycle:
            return {result.name: result async for result in cycle.check_now(config.sources)}

    with Store.open(config.state) as store:
        store.evidence.keep(config.evidence)
        for moment in moments():
            now = moment.at
            site.pages |= moment.pages
            _heading(f"{moment.at.astimezone(MOSCOW):%d %B %Y, %H:%M} in Moscow. {moment.headline}.")
            results = asyncio.run(check_all(store))
            for name in config.sources:
                say(f"{name}: {results[name].message or results[name].status}", indent=2)
            Deliverer(config, store, clock).drain()
            for mail in site.mail:
                body = mail.get_body(("plain",))
                text = body.get_content().replace("\r\n", "\n").strip() if body else ""
                _panel("E-mail to the desk", f"From: {mail['From']}\nSubject: {mail['Subject']}\n\n{text}")
            for post in site.posted:
                _panel("Chat", f"{post['title']}\n\n{post['message']}")
            site.mail.clear()
            site.posted.clear()
    _heading(f"The whole case: watch case {ENTITY}")
    story = story_in(config, ENTITY)
    print_story(story, config.timezone)
    if page:
        write_page(page, story, config.timezone, now)


def _heading(text: str) -> None:
    """Print the heading of a part of the story."""
    if is_terminal():
        from rich.console import Console
        from rich.rule import Rule
        from rich.text import Text

        Console().print(Rule(Text(printable(text), style="bold")))
        return
    say()
    say(text)
    say("-" * min(len(text), 79))


def _panel(title: str, text: str) -> None:
    """Print an alert as its reader sees it."""
    if is_terminal():
        from rich.console import Console
        from rich.panel import Panel
        from rich.text import Text

        Console(highlight=False).print(Panel(Text(printable(text)), title=Text(title), title_align="left"))
        return
    say(f"  +-- {title}")
    for line in text.splitlines() or [""]:
        print(f"  | {printable(line)}".rstrip())  # noqa: T201 - the demo talks
    say("  +--")


@contextmanager
def play_demo(keep: Path | None, page: Path | None = None) -> Iterator[Path]:
    """Play the demo, and yield the folder with its configuration and state: `keep`, or one that ends with the block.

    `page` is a file for the case as HTML. Raises UsageError at the beginning if it cannot be written.
    """
    if page:
        check_page(page)
    say(_INTRODUCTION)
    with ExitStack() as stack:
        if keep:
            keep.mkdir(parents=True, exist_ok=True)
            (keep / "state.db").unlink(missing_ok=True)
        prefix = "registry-watch-demo-"
        folder = keep or Path(stack.enter_context(TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True)))
        with serve_site() as site:
            _play(folder, site, page)
        say()
        if page:
            say(f"The case as a page: {page}", hang=2)
        if keep:
            say(f"Configuration and state are in {keep}. To ask them:")
        else:
            say("To ask it yourself, keep what it leaves:")
            say("watch demo --keep story", indent=2)
        configured = f"watch --config {(keep or Path('story')) / 'watch.toml'}"
        say(f"{configured} case {ENTITY}", indent=2)
        say(f"{configured} serve     in a browser: docs/desk.md", indent=2)
        yield folder
