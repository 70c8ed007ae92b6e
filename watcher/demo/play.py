"""Plays the story through the real pipeline and prints each alert as its reader sees it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import aclosing, contextmanager
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from sources.http.fetcher import Fetcher
from state.store import Store
from watcher.check.outcome import Result
from watcher.config.load import Config, load
from watcher.cycle import Cycle
from watcher.delivery.deliver import Deliverer
from watcher.demo.servers import DemoSite, serve_site
from watcher.demo.story import CHANNEL, FEED, LIST, StoryMoment, moments
from watcher.reports.case import check_page, print_story, story_in, write_page
from watcher.terminal.console import is_terminal, printable, say

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


class Demo:
    """The configuration, store and servers of a demo."""

    def __init__(self, folder: Path, site: DemoSite) -> None:
        self.folder, self._site = folder, site
        self._now = moments()[0].at
        host, _, _ = site.url.removeprefix("http://").partition(":")
        text = _CONFIGURATION.format(
            site=site.url, chat=site.url.replace("http", "json"), host=host, mail=site.mail_port,
            list=LIST, feed=FEED, channel=CHANNEL,
        )  # fmt: skip
        (folder / "watch.toml").write_text(text, encoding="utf-8")

    def play(self, page: Path | None) -> None:
        """Play every moment in order, then print the case, and write it to the file `page`, if given."""
        config = load(self.folder / "watch.toml")
        with Store.open(config.state) as store:
            store.evidence.keep(config.evidence)
            for moment in moments():
                self._live(moment, config, store)
        _heading(f"The whole case: watch case {ENTITY}")
        story = story_in(config, ENTITY)
        print_story(story, config.timezone)
        if page:
            write_page(page, story, config.timezone, self._now)

    def _live(self, moment: StoryMoment, config: Config, store: Store) -> None:
        """Serve the pages of a moment, and check every source once."""
        self._now = moment.at
        self._site.pages |= moment.pages
        _heading(f"{moment.at.astimezone(MOSCOW):%d %B %Y, %H:%M} in Moscow. {moment.headline}.")
        came_to = asyncio.run(self._checked(config, store))
        for name in config.sources:
            say(f"{name}: {came_to[name].message or came_to[name].status}", indent=2)
        Deliverer(config, store, self._clock).drain()
        self._show()

    async def _checked(self, config: Config, store: Store) -> dict[str, Result]:
        fetcher = Fetcher(config.http, clock=self._clock, proving=config.evidence is not None)
        async with aclosing(fetcher), aclosing(Cycle(config, store, fetcher, self._clock)) as cycle:
            return {result.name: result async for result in cycle.check_now(config.sources)}

    def _show(self) -> None:
        """Print the alerts that have arrived."""
        for mail in self._site.mail:
            _panel("E-mail to the desk", _mail_text(mail))
        for post in self._site.posted:
            _panel("Chat", f"{post['title']}\n\n{post['message']}")
        self._site.mail.clear()
        self._site.posted.clear()

    def _clock(self) -> datetime:
        return self._now


def _mail_text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    text = body.get_content().replace("\r\n", "\n").strip() if body else ""
    return f"From: {mail['From']}\nSubject: {mail['Subject']}\n\n{text}"


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
        print(f"  | {printable(line)}".rstrip())  # noqa: T201
    say("  +--")


@contextmanager
def played(keep: Path | None, page: Path | None = None) -> Iterator[Path]:
    """Play the demo, and yield the folder with its configuration and state: `keep`, or one that ends with the block.

    `page` is a file for the case as HTML. Raises UsageError at the beginning if it cannot be written.
    """
    if page:
        check_page(page)
    say(_INTRODUCTION)
    with _folder(keep) as folder:
        with serve_site() as site:
            Demo(folder, site).play(page)
        _say_how_to_ask(keep, page)
        yield folder


def _say_how_to_ask(keep: Path | None, page: Path | None) -> None:
    say()
    if page:
        say(f"The case as a page: {page}", hang=2)
    say(f"Configuration and state are in {keep}. To ask them:" if keep else "To ask it yourself, keep what it leaves:")
    if not keep:
        say("watch demo --keep story", indent=2)
    configured = f"watch --config {(keep or Path('story')) / 'watch.toml'}"
    say(f"{configured} case {ENTITY}", indent=2)
    say(f"{configured} serve     in a browser: docs/desk.md", indent=2)


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep:
        keep.mkdir(parents=True, exist_ok=True)
        (keep / "state.db").unlink(missing_ok=True)
        yield keep
        return
    with TemporaryDirectory(prefix="registry-watch-demo-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)
