"""Replays July 2025 on loopback: a web site, a mail server and a chat, with the real pipeline between them. Each alert
is printed as its reader sees it.

The pages of the demo's web site at each moment were written for the demo, with the structure of the real sites and
after reports of July 2025. No wording is a quotation.
"""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, aclosing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import blake2b
from html import escape
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
from watcher.reports.case import check_page, print_story, story_in, write_page
from watcher.terminal.console import is_terminal, printable, say

LOOPBACK = "127.0.0.1"
_TYPES = {".xml": "application/rss+xml; charset=utf-8"}

LIST, FEED, CHANNEL = "/agents/list", "/rss/v2.xml", "/s/durov"

_DONE, _NOT_DONE, _PENDING = "исполнено", "не исполнено", "в стадии согласования"


@dataclass(frozen=True, slots=True)
class StoryMoment:
    """One step of the story: its time, what happens, and the page at each path of the site from then on."""

    at: datetime
    headline: str
    pages: Mapping[str, str]


def _list(telegram: str) -> str:
    companies = [
        ("Google LLC", "google.com", _DONE, _DONE, _DONE),
        ("Apple Inc.", "apple.com", _DONE, _DONE, _DONE),
        ("Telegram Messenger Inc.", "telegram.org", _DONE, _DONE, telegram),
        ("Zoom Video Communications, Inc.", "zoom.us", _DONE, _NOT_DONE, _NOT_DONE),
        ("Discord, Inc.", "discord.com", _NOT_DONE, _NOT_DONE, _NOT_DONE),
    ]
    rows = "\n".join(
        f"<tr><td>{number}</td>" + "".join(f"<td>{escape(cell)}</td>" for cell in company) + "</tr>"
        for number, company in enumerate(companies, 1)
    )
    return f"""<!DOCTYPE html>
<html lang="ru"><head><meta charset="utf-8"><title>Перечень иностранных лиц</title></head><body>
<h1>Перечень иностранных лиц, осуществляющих деятельность в сети «Интернет» на территории Российской Федерации</h1>
<table>
<thead><tr>
<th>№</th><th>Наименование иностранного лица</th><th>Информационный ресурс</th>
<th>Разместить на информационном ресурсе электронную форму для направления обращений</th>
<th>Зарегистрировать личный кабинет на официальном сайте Роскомнадзора</th>
<th>Создать филиал, или открыть представительство, или учредить российское юридическое лицо</th>
</tr></thead>
<tbody>
{rows}
</tbody></table></body></html>
"""


def _feed(*items: tuple[int, datetime, str, str]) -> str:
    body = "\n".join(
        f"<item><title>{escape(title)}</title><link>https://news.example/{number}</link>"
        f"<guid>https://news.example/{number}</guid><pubDate>{format_datetime(at)}</pubDate>"
        f"<description>{escape(text)}</description></item>"
        for number, at, title, text in items
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel><title>News agency</title><link>https://news.example/</link>
<description>All news</description>
{body}
</channel></rss>
"""


def _channel(*posts: tuple[int, datetime, str]) -> str:
    body = "\n".join(
        f"""<div class="tgme_widget_message_wrap js-widget_message_wrap">
<div class="tgme_widget_message text_not_supported_wrap js-widget_message" data-post="durov/{number}">
<div class="tgme_widget_message_bubble">
<div class="tgme_widget_message_text js-message_text" dir="auto">{escape(text)}</div>
<div class="tgme_widget_message_footer"><span class="tgme_widget_message_views">{number}K</span>
<a class="tgme_widget_message_date" href="https://t.me/durov/{number}">
<time datetime="{at.isoformat()}">{at:%H:%M}</time></a>
</div></div></div></div>"""
        for number, at, text in posts
    )
    return f"""<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>Telegram channel</title></head><body>
<main class="tgme_main" data-url="/durov"><section class="tgme_channel_history js-message_history">
{body}
</section></main></body></html>
"""


def _at(hour: int, minute: int) -> datetime:
    return datetime(2025, 7, 17, hour, minute, tzinfo=UTC)


_WEEKLY = "The regulator has published its weekly update."
_OLD_NEWS = (41, _at(8, 0), "Registry of telecom licences updated", _WEEKLY)
_BRANCH = "The messenger's obligation to open a branch is marked as under approval in the list under the landing law."
_REPORT = (42, _at(17, 40), "Telegram is opening an office in Russia, the regulator's register shows", _BRANCH)
_OLD_POST = (430, _at(6, 30), "A new version of the app is out.")
_DENIAL = (431, _at(19, 15), "Telegram has not opened an office in Russia, whatever you have read today.")


def clock() -> Callable[[], datetime]:
    """A clock that shows the time of the story's last moment now, and goes on from there."""
    since = datetime.now(UTC) - moments()[-1].at
    return lambda: datetime.now(UTC) - since


def moments() -> Sequence[StoryMoment]:
    """The story in order. The first moment is the state before it."""
    before = {LIST: _list(_NOT_DONE), FEED: _feed(_OLD_NEWS), CHANNEL: _channel(_OLD_POST)}
    return (
        StoryMoment(_at(15, 57), "Everything is as it has been since 2021", before),
        StoryMoment(_at(16, 2), "One field of one row of the register changes", {LIST: _list(_PENDING)}),
        StoryMoment(_at(17, 42), "A news agency reports it", {FEED: _feed(_REPORT, _OLD_NEWS)}),
        StoryMoment(_at(19, 17), "The founder's channel denies it", {CHANNEL: _channel(_OLD_POST, _DENIAL)}),
    )


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

    with ThreadingHTTPServer((LOOPBACK, 0), WebHandler) as web, ThreadingTCPServer((LOOPBACK, 0), MailHandler) as mail:
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

_CONFIGURATION = Path(__file__).with_name("demo.toml").read_text("utf-8")  # with places for addresses


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
        write_page(page, story, config, now)


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
