"""A register to watch, and those who are told: a webhook and a mail server that can misbehave."""

from __future__ import annotations

import json
import re
import socket
import tempfile
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from standardwebhooks.webhooks import Webhook

from tests.conftest import PostOffice, Site
from tests.torture.databases import Place, new_place
from tests.torture.processes import Program

CONFIGURATION = """
state = "{state}"
{top}
[http]
private_addresses = "allow"
spacing = "0s"
per_host = 64

[sources.list]
kind = "json"
url = "{site}/list"
items = "@"
key = "name"
every = "200ms"
{source}
[channels.desk]
url = "{desk}"

[channels.ops]
url = "{ops}"

[[alerts]]
to = ["desk"]

[[alerts]]
health = true
to = ["ops", "desk"]
{more}
"""


SECRET = f"whsec_{b64encode(b'k' * 32).decode()}"  # what events are signed with


class Told(NamedTuple):
    """A message as it was taken: its Message-ID or idempotency key, and its title."""

    key: str
    title: str

    @property
    def is_change(self) -> bool:
        """Whether it is about a change: what is about health begins with a status."""
        return not re.match(r"[A-Z_ ]+: |Watching |Newly watched", self.title)


class Office(PostOffice):
    """A mail server that is down, its port refusing connections, until it is started."""

    def __init__(self) -> None:
        self.refuse: Callable[[str], str | None] = lambda title: None  # what is said to a mail with this title
        bound = socket.socket()
        bound.bind(("127.0.0.1", 0))
        super().__init__()
        self._socket.close()
        self._socket = bound
        self.port = bound.getsockname()[1]

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        answer = await super().handle_DATA(server, session, envelope)
        refusal = self.refuse(str(self.mails[-1]["Subject"]))
        if refusal:
            self.mails.pop()
        return refusal or answer

    def told(self) -> list[Told]:
        return [Told(str(mail["Message-ID"]), str(mail["Subject"])) for mail in self.mails]

    def close(self) -> None:
        if getattr(self, "_thread", None):
            self.stop()
        self._socket.close()


def _sent(asked: Any) -> Told:
    return Told(asked.headers["idempotency-key"], json.loads(asked.body)["title"])


def _posted(asked: Any) -> Told:
    """An event: its signature must be right, whatever time the program has."""
    at = datetime.fromtimestamp(int(asked.headers["webhook-timestamp"]), UTC)
    signature = Webhook(SECRET).sign(asked.headers["webhook-id"], at, asked.body.decode())
    assert signature == asked.headers["webhook-signature"]
    event = json.loads(asked.body)
    title = event["data"]["title"]
    return Told(asked.headers["webhook-id"], title if event["type"] != "change" else f"{title} changed")


class Register:
    """One case: a site with a list, who is told of it, and the program in a folder of its own."""

    configuration = CONFIGURATION

    def __init__(self, folder: Path, way: str, **texts: str) -> None:
        self.site, self.way = Site(), way
        self.office = Office() if way == "mail" else None
        down, empty = bool(texts.pop("down", "")), bool(texts.pop("empty", ""))
        self.place = Place(texts["state"]) if "state" in texts else new_place(folder, empty=empty)
        self.program = Program(folder, self.place)
        self.texts = {"state": self.place.url, "top": "", "source": "", "more": ""} | texts
        for path in ("/hook", "/ops", "/beat"):
            self.site.page(path)
        self.show("A")
        self.configure()
        if self.office and not down:
            self.office.start()

    def configure(self, **texts: str) -> None:
        """Write the configuration, with other texts in it than before."""
        self.texts |= texts
        hook = self.site.url("").replace("http", "json")
        desk = self.office.url("desk@example.org") if self.office else f"{hook}/hook"
        if self.way == "event":
            desk = f'{self.site.url("/hook")}"\nformat = "event"\nsecret = "{SECRET}'
        places = {"site": self.site.url(""), "desk": desk, "ops": f"{hook}/ops"}
        self.program.configure(self.configuration.format(**(places | self.texts)))

    def show(self, branch: str, **more: str) -> None:
        """Have the list say this of its one company, and name more companies."""
        rows = [{"name": "Telegram", "branch": branch}]
        self.site.page("/list", rows + [{"name": name, "branch": value} for name, value in more.items()])

    def told(self, path: str = "/hook") -> list[Told]:
        """What the desk was told, but for baselines."""
        if self.office and path == "/hook":
            return [told for told in self.office.told() if not told.title.startswith("Watching")]
        asked = [asked for asked in self.site.requests if asked.path == path]
        told = [_posted(each) if "webhook-id" in each.headers else _sent(each) for each in asked]
        return [each for each in told if not each.title.startswith("Watching")]

    def count(self, changes: int) -> str:
        """What became of so many changes, in the words of the tables."""
        return tally([told for told in self.told() if told.is_change], changes)

    def close(self) -> None:
        self.program.close()
        self.site.close()
        if self.office:
            self.office.close()


AnyRegister = TypeVar("AnyRegister", bound=Register)


def tally(told: list[Told], changes: int) -> str:
    """`lost 0, twice 1 with the same id`: every title counts once for each of its ids."""
    copies = Counter(told)
    titles = Counter(each.title for each in copies)
    same = sum(times - 1 for times in copies.values())
    other = sum(times - 1 for times in titles.values() if times > 1)
    lost = max(0, changes - len(titles))
    parts = [f"lost {lost}", f"twice {same + other}"]
    if extra := len(titles) - changes + lost:
        parts.append(f"invented {extra}")
    if same or other:
        parts[1] += " with the same id" if not other else " with another id"
    return ", ".join(parts)


@contextmanager
def register(way: str = "webhook", **texts: str) -> Iterator[Register]:
    """A case, and its end."""
    with opened(Register, way, **texts) as case:
        yield case


@contextmanager
def opened(kind: type[AnyRegister], way: str = "webhook", **texts: str) -> Iterator[AnyRegister]:
    """A case of another class, and its end."""
    with tempfile.TemporaryDirectory(prefix="torture-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        case = kind(folder, way, **texts)
        try:
            yield case
        finally:
            case.close()


def gist(text: str) -> str:
    """One line, without what differs from run to run."""
    return re.sub(r"127\.0\.0\.1:\d+|/tmp/\S+/", "…", " ".join(text.split()))
