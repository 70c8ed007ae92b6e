"""Shared by the tests of the program: a folder with a configuration, and the command line run in it."""

from __future__ import annotations

import json
import logging
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from warcio.archiveiterator import ArchiveIterator

from sources import Entry
from sources.reading.pool import Child
from state.model import Acceptance, Commit, Difference, Event, EventKind, Health, Mention, SourceState
from state.store import Store
from tests.storing import add_event
from watcher import cli

Configure = Callable[..., Path]

NEWS = datetime(2025, 7, 14, 9, 31, tzinfo=UTC)


class Ran(NamedTuple):
    """What a command line came to."""

    code: int
    out: str
    err: str


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder; nothing of the surroundings says where a configuration is."""
    monkeypatch.chdir(tmp_path)
    for name in ("WATCH_CONFIG", "CREDENTIALS_DIRECTORY"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture(scope="module")
def first_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where `once` keeps what it has made."""
    return tmp_path_factory.mktemp("first") / "folder"


@pytest.fixture
def once(folder: Path, first_folder: Path) -> Callable[[Callable[[], object]], None]:
    """Has the working folder filled by a function in the first test of a module, and by a copy of that in the others."""

    def fill(make: Callable[[], object]) -> None:
        if first_folder.exists():
            shutil.copytree(first_folder, folder, dirs_exist_ok=True)
        else:
            make()
            shutil.copytree(folder, first_folder)

    return fill


@pytest.fixture
def configure(folder: Path) -> Configure:
    """Writes a configuration file (default: watch.toml) and returns its path."""

    def write(text: str, name: str = "watch.toml") -> Path:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    return write


@pytest.fixture
def watch(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Ran]]:
    """Runs the command line in this process, whose priority it may not lower: nothing could raise it again."""
    monkeypatch.setattr(Child, "nice", 0)
    monkeypatch.setattr(os, "nice", lambda by: by)
    before = logging.raiseExceptions

    def run(*argv: str) -> Ran:
        capsys.readouterr()
        code = cli.main(argv)
        return Ran(code, *capsys.readouterr())

    yield run
    logging.raiseExceptions = before


@pytest.fixture
def store(folder: Path) -> Iterator[Store]:
    """The state of a configuration in the working folder that says nothing of its state."""
    with Store.open(f"sqlite:///{folder}/state.db") as opened:
        yield opened


@pytest.fixture
def checked(store: Store) -> Callable[..., None]:
    """Puts a source into the state: with so many entries, and as healthy as the test says."""

    def put(name: str, health: Health, entries: int = 0, **times: Any) -> None:
        new = [(bytes([number]), Entry(number)) for number in range(entries)]
        difference = Difference((), new, {}, {}, b"", entries, ())
        state = replace(SourceState(name), health=health, entries=entries, **times)
        accepted = Acceptance(difference, (), "", "", fresh=True) if entries else None
        store.commit(name, lambda _: Commit(state, accepted))

    return put


@pytest.fixture
def happened(store: Store) -> Callable[..., Event]:
    """Puts a change of an entry into the log: with the entities that it mentions, and deliveries to channels."""

    def put(
        title: str = "Telegram Messenger Inc",
        change: str = "changed",
        *,
        source: str = "rkn-landing",
        at: datetime = NEWS,
        entities: tuple[str, ...] = (),
        to: tuple[str, ...] = (),
        **fields: tuple[str | None, str | None],
    ) -> Event:
        sides = {name: {"before": before, "after": after} for name, (before, after) in fields.items()}
        data = {"change": change, "key": title, "title": title, "url": None, "published": None, "fields": sides}
        mentions = [Mention(entity, entity, entity, "title") for entity in entities]
        what = Event(EventKind.CHANGE, source, source, "record", at, None, data | {"entry": {}}, mentions)
        return add_event(store, what, to, at + timedelta(seconds=1))

    return put


@pytest.fixture
def seen_before(site: Any, configure: Configure, watch: Callable[..., Ran], folder: Path) -> Callable[..., None]:
    """Reads what a folder kept of a list, by day with the status of each name there, and then the list itself."""

    def read(kept: dict[str, dict[str, str]], now: dict[str, str]) -> None:
        configure(
            '[http]\nprivate_addresses = "allow"\n[entities.sable]\nnames = ["Sable"]\n[entities.max]\nnames = ["Max"]\n'
            f'[sources.list]\nkind = "json"\nurl = "{site.url("/list")}"\nitems = "@"\nkey = "name"'
        )
        (folder / "pages").mkdir()
        for day, rows in kept.items():
            page = [{"name": name, "status": status} for name, status in rows.items()]
            (folder / "pages" / f"{day}.json").write_text(json.dumps(page))
        site.page("/list", [{"name": name, "status": status} for name, status in now.items()])
        assert watch("past", "list", "--folder", "pages").code == 0
        assert watch("--once").code == 0

    return read


class Kept:
    """A list on loopback, and a configuration that keeps evidence of it."""

    def __init__(self, site: Any, configure: Configure, run: Callable[..., Ran], folder: Path) -> None:
        self.site, self.run, self._configure, self.state = site, run, configure, folder / "state.db"
        self.folder = folder / "evidence"
        self.configure()
        self.show("A")

    def configure(self, evidence: str = "[evidence]", source: str = "", more: str = "") -> None:
        self._configure(
            f'{evidence}\n[http]\nprivate_addresses = "allow"\nspacing = "0s"\n'
            f'[sources.list]\nkind = "json"\nurl = "{self.site.url("/list")}"\nitems = "@"\nkey = "name"\n{source}\n{more}'
        )

    def show(self, branch: str, *more: str, **page: Any) -> None:
        rows = [{"name": "Telegram", "branch": branch}, *({"name": name, "branch": "none"} for name in more)]
        self.site.page("/list", rows, **page)

    def check(self, *argv: str) -> dict[str, Any]:
        """One check; the source's result."""
        ran = self.run("--once", "--json", *argv)
        result: dict[str, Any] = json.loads(ran.out)["sources"][0]
        return result

    def held(self) -> str:
        """The id of the snapshot that is held as suspicious."""
        return str(json.loads(self.run("status", "list", "--json").out)["sources"][0]["held"]["snapshot"])

    @property
    def files(self) -> list[Path]:
        return sorted(self.folder.glob("*.warc.gz"))

    def records(self, *kinds: str) -> list[tuple[dict[str, str], str, bytes]]:
        """The records of some types: their WARC headers, the HTTP head, and the payload as it was transferred."""
        found = []
        for file in self.files:
            with file.open("rb") as stream:
                for record in ArchiveIterator(stream, check_digests="raise"):
                    head = record.http_headers.to_str() if record.http_headers else ""
                    found.append((dict(record.rec_headers.headers), head, record.raw_stream.read()))
        return [each for each in found if not kinds or each[0]["WARC-Type"] in kinds]

    def told(self) -> list[dict[str, Any]]:
        """What each capture says of itself."""
        return [json.loads(body) for head, _, body in self.records("metadata") if "json" in head["Content-Type"]]


@pytest.fixture
def kept(site: Any, configure: Configure, watch: Callable[..., Ran], folder: Path) -> Kept:
    """A watched list whose pages are kept as evidence."""
    return Kept(site, configure, watch, folder)


REGISTER = """
state = "{state}"
[http]
private_addresses = "allow"
{http}
[entities.sable]
names = ["Sable Capital"]
[channels.desk]
url = "{hook}/desk"
[channels.ops]
url = "{hook}/ops"
[[alerts]]
entities = ["sable"]
to = ["desk"]
[[alerts]]
health = true
to = ["ops"]
[sources.list]
kind = "json"
url = "{site}/list"
items = "@"
key = "name"
{options}
"""


class Desk:
    """A list of 21 companies, those who hear of it, and the command line."""

    def __init__(self, site: Any, configure: Any, watch: Callable[..., Any], state: str) -> None:
        self.site, self.watch, self.state, self._configure = site, watch, state, configure
        self.configure()
        site.page("/desk")
        site.page("/ops")

    def configure(self, options: str = "", more: str = "", http: str = 'spacing = "0s"') -> None:
        address = self.site.url("").rstrip("/")
        hook = address.replace("http", "json")
        self._configure(REGISTER.format(state=self.state, site=address, hook=hook, options=options, http=http) + more)

    def check(self, *rows: dict[str, Any], source: str = "list") -> dict[str, Any]:
        if rows:
            self.site.page("/list", list(rows))
        said = json.loads(self.watch("--once", "--json", "--source", source).out)["sources"]
        return dict(said[0])

    def heard(self, who: str) -> list[str]:
        asked = [each for each in self.site.requests if each.path == f"/{who}" and each.body]  # a kill may cut one off
        return [json.loads(each.body)["title"] + "\n" + json.loads(each.body)["message"] for each in asked]

    def status(self, name: str = "list") -> dict[str, Any]:
        return dict(json.loads(self.watch("status", name, "--json").out)["sources"][0])

    def held(self) -> str:
        return str(self.status()["held"]["snapshot"])


@pytest.fixture
def desk(site: Any, configure: Any, watch: Callable[..., Any], state_url: str) -> Desk:
    return Desk(site, configure, watch, state_url)


def rows(day: str = "2021-03-{:02}", **fields: str) -> list[dict[str, Any]]:
    names = ["Sable Capital", *(f"Company {number}" for number in range(1, 21))]
    return [{"name": name, "since": day.format(number + 1), **fields} for number, name in enumerate(names)]
