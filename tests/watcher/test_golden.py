"""What programs read stays as it is: each `--json`, each GET of the API and some texts, over one filled state.

The answers in golden/ were written by the code of commit a92dfda7. Where one has to differ, WRITE_GOLDEN=1 writes all of
them anew, and `git diff` shows whether that is meant.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from starlette.testclient import TestClient

from state.storage.daemons import DaemonSeen
from state.store import Store
from tests.conftest import Site
from watcher import cli
from watcher.config.load import load
from watcher.web.desk import Desk
from watcher.web.search import EntryIndex, Follower
from watcher.web.server import create_app

GOLDEN = Path(__file__).with_name("golden")
NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
NOW = NOON + timedelta(days=10, minutes=7)
TOKEN = "0123456789abcdef"
ADDRESS = "http://127.0.0.1:8350"
OPTIONS = """
state = "sqlite:///state.db"
timezone = "Europe/Moscow"
keep = "400d"
[evidence]
[web]
base_url = "http://127.0.0.1:8350"
[http]
private_addresses = "allow"
spacing = "0s"
{more}
[entities.telegram]
names = ["Telegram", "Telegram Messenger"]
[entities.max]
names = ["Max"]
[channels.desk]
url = "{hook}/desk"
[channels.pager]
url = "{hook}/pager"
[channels.public]
url = "{hook}/public"
approve = ["desk"]
[[alerts]]
name = "mentions"
entities = ["telegram"]
to = ["desk"]
[[alerts]]
name = "revoked"
sources = ["list"]
changes = ["changed"]
when = "fields.state.after == 'revoked'"
to = ["pager", "public"]
[[alerts]]
health = true
to = ["desk"]
[sources.list]
kind = "json"
url = "{site}/list"
items = "@"
key = "name"
label = "The list"
authority = "record"
[sources.press]
kind = "feed"
url = "{site}/press"
label = "Press"
[sources.parts]
kind = "json"
url = "{site}/parts"
items = "items"
next = "next"
key = "name"
max_pages = 1
[sources.closed]
kind = "json"
url = "{site}/closed"
items = "@"
key = "name"
[sources.night]
kind = "json"
url = "{site}/parts"
items = "items"
key = "name"
hours = "Mon-Fri 01:00-02:00"
[sources.off]
kind = "feed"
url = "{site}/off"
enabled = false
"""
GONE = '[sources.gone]\nkind = "json"\nurl = "{site}/list"\nitems = "@"\nkey = "name"\n'
ROWS = [{"name": f"Firm {number}", "state": "active", "note": f"first line\nline {number}"} for number in range(12)]


def show(site: Site, *rows: dict[str, Any]) -> None:
    site.page("/list", list(rows))


def publish(site: Site, *items: tuple[int, str, str]) -> None:
    body = "".join(
        f"<item><title>{title}</title><link>https://press.test/{number}</link><guid>{number}</guid>"
        f"<pubDate>{format_datetime(NOON + timedelta(hours=number))}</pubDate><description>{text}</description></item>"
        for number, title, text in items
    )
    feed = f'<?xml version="1.0"?><rss version="2.0"><channel><title>Press</title>{body}</channel></rss>'
    site.page("/press", feed, type="application/rss+xml; charset=utf-8")


def run(*argv: str) -> int:
    return cli.main(argv)


def check(days: float, *names: str) -> None:
    """Check these sources, one after the other, so many days after the first noon."""
    with time_machine.travel(NOON + timedelta(days=days), tick=False):
        for name in names:
            run("--once", "--source", name)


def fill(folder: Path, site: Site) -> None:
    """Ten days: changes of a list, reports of them, a source that fails, one that is held, one that is gone."""
    texts = {"site": site.url("").rstrip("/"), "hook": site.url("").rstrip("/").replace("http", "json")}
    config = folder / "watch.toml"
    for path in ("/desk", "/public"):
        site.page(path)
    site.page("/pager", "no signal", status=503)
    site.page("/parts", {"items": [{"name": "one"}, {"name": "two"}], "next": "/parts?page=2"})
    site.page("/closed", "we are mending it", status=503)
    config.write_text(OPTIONS.format(more="", **texts) + GONE.format(**texts), "utf-8")
    show(site, *ROWS, {"name": "Telegram Messenger Inc", "state": "active", "note": "x"})
    publish(site, (1, "Nothing new", "The regulator has published its weekly list."))
    check(0, "list", "press", "parts", "closed", "night", "gone")
    config.write_text(OPTIONS.format(more="", **texts), "utf-8")
    changed = [*ROWS[:10], {**ROWS[10], "note": "first line\nanother line"}, ROWS[11]]
    show(site, *changed, {"name": "Telegram Messenger Inc", "state": "revoked", "note": "x"})
    check(1, "list")
    report = "The regulator has revoked the licence of Telegram, its register shows, after a year of warnings."
    publish(site, (26, "Telegram loses its licence", report), (1, "Nothing new", "The weekly list."))
    check(1.1, "press", "closed")
    show(site, *changed[1:], {"name": "Telegram Messenger Inc", "state": "revoked", "note": "x"}, {"name": "Max"})
    check(2, "list", "closed", "parts")
    show(site, *changed, {"name": "Telegram Messenger Inc", "state": "active", "note": "x"}, {"name": "Max"})
    check(3, "list", "press")
    show(site, {"name": "Telegram Messenger Inc", "state": "active", "note": "x"}, {"name": "Max"})
    check(9, "list")
    with Store.open(f"sqlite:///{folder}/state.db") as store:
        pauses = {"hour": {"cpu": 0.012, "wall": 0.03}, "start": {"cpu": 0.4, "wall": 0.5}}
        state = {"pauses": pauses, "outcomes": {"checks": {"ok": 3}, "seconds": 1.5}}
        store.daemons.note(DaemonSeen("host:1:a", "host", NOON, NOW - timedelta(seconds=30), state))
    saved = folder / "saved"
    saved.mkdir()
    for day, rows in ((1, ROWS), (2, changed), (3, changed[2:])):
        (saved / f"list-2026-03-0{day}.json").write_text(json.dumps(rows), "utf-8")
    (folder / "broken.json").write_text("<html><title>Down</title><p>we are mending it</p></html>", "utf-8")
    budget = OPTIONS.format(more='[schedule]\nbudget = "1.5x"', **texts)
    (folder / "budget.toml").write_text(budget, "utf-8")
    (folder / "names.csv").write_text("name,aliases,inn\nSable Capital,Sable,7707083893\n", "utf-8")
    (folder / "urls.yaml").write_text("url: https://example.test/a\nname: A\n---\ncommand: ls\n", "utf-8")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Site]]:
    """A folder with the configuration and the state of those ten days, and the site."""
    folder, site, before = tmp_path_factory.mktemp("golden"), Site(), Path.cwd()
    os.chdir(folder)
    try:
        fill(folder, site)
        yield folder, site
    finally:
        os.chdir(before)
        site.close()


@pytest.fixture
def here(place: tuple[Path, Site], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], str]]:
    """A copy of that folder as the working folder, ten days later. Takes out of an answer what differs by machine."""
    folder, site = place
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LOGNAME", "ada")
    monkeypatch.delenv("WATCH_CONFIG", raising=False)

    def tidy(text: str) -> str:
        for given, plain in ((str(tmp_path), "/here"), (str(folder), "/here"), (f":{site.port}/", ":1/")):
            text = text.replace(given, plain)
        for pattern, plain in _VARYING:
            text = pattern.sub(plain, text)
        return text

    with time_machine.travel(NOW, tick=False):
        yield tidy


_VARYING = [
    (re.compile(pattern), plain)
    for pattern, plain in (
        (r"\b[0-9a-f]{64}\b", "<sha256>"),
        (r"\b[0-9a-f]{12,16}\b", "<id>"),
        (r'"bytes": ?\d+', '"bytes": 0'),
        (r"\b\d+\.\d MB", "0.0 MB"),
        (r"(?s)\"reading_process\": \{.*?\}", '"reading_process": {}'),
        (r"\n *\"the process that reads pages[^\n]*", ""),
        (r"(?s)\nstate:\s.*?400d", "\\nstate: kept for 400d"),
        (r"reading process: [^\n]*\n( +[^\n]*\n)*", "reading process\n"),
        (r'(?<=key=)[\w-]{20,}', "<key>"),
    )
]  # fmt: skip


def compare(name: str, answer: str) -> None:
    file = GOLDEN / name
    if os.environ.get("WRITE_GOLDEN"):
        file.write_text(answer, "utf-8")
    assert answer == file.read_text("utf-8"), f"{name}: the answer differs from that of commit a92dfda7"


COMMANDS = """
status --json
status list --json
status press --json
status night --json
--config budget.toml status --json
--config budget.toml status list --json
log --json
log --entity telegram --since 2026-03-04 --limit 2 --json
log --source press --json
case telegram --json
case max --json
case telegram --since 9d --json
deliveries --json
deliveries --sent --json
deliveries retry 9 99 --json
deliveries drop 9 3 --json
deliveries approve 10 --json
deliveries reject 10 --json
schedule --json
--config budget.toml schedule --json
snooze list 2h --json
snooze --json
entries list --json
entries list --at 2026-03-05 --find firm --limit 3 --json
entries off --json
entries closed --at 2026-03-05 --json
entry list Telegram¤Messenger¤Inc --json
entry list Firm¤0 --json
entry list nobody --json
diff list --from 2026-03-03T16:00 --to 2026-03-07 --json
diff list --from 2026-01-01 --json
report --since 2026-03-01 --until 2026-04-01 --json
report --since 2026-03-01 --source list --entity telegram --json
match --title Letter Telegram¤was¤fined --json
match --event 8 --json
match --event 8 --rule revoked --json
try list --json
try list --file saved/list-2026-03-02.json --limit 2 --json
try parts --json
replay list saved --json
replay list --evidence --json
verify --json
check-config --json
check-config --offline --json
import urls.yaml --json
import names.csv --entities --json
--once --source list --json
--once --source closed --json
status
status list
status press
--config budget.toml status
--config budget.toml status list
log
case telegram
deliveries
deliveries --sent
deliveries retry 9
deliveries approve 10 --seen 16
schedule
--config budget.toml schedule
snooze list 2h
entries list
entries list --at 2026-03-05
entry list Telegram¤Messenger¤Inc
diff list --from 2026-03-03T16:00 --to 2026-03-07
report --since 2026-03-01 --until 2026-04-01
report --since 2026-03-01 --csv report.csv
report --since 2026-03-01 --html report.html
entries list --csv entries.csv
match --event 8
match --title Letter Telegram¤was¤fined
try list
try list --file broken.json
replay list saved
replay list --evidence
verify
feed
check list
check --hook list
ack 8
forget gone
accept list --yes nothing
--once --source list
""".strip().splitlines()


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_prints_what_it_printed(
    line: str, here: Callable[[str], str], capsys: pytest.CaptureFixture[str]
) -> None:
    argv = [part.replace("¤", " ") for part in line.split()]
    code = run(*argv)
    ran = capsys.readouterr()
    written = "".join(f"\n--- {file}\n{Path(file).read_text()}" for file in argv if file.endswith((".csv", ".html")))
    errors = ran.err and f"\n--- stderr\n{ran.err}"
    name = re.sub(r"\W+", "-", line.removesuffix(" --json")).strip("-")
    compare(
        name + (".json" if "--json" in argv else ".txt"), here(f"{ran.out}{errors}{written}\n--- exit code {code}\n")
    )


def test_the_kinds_are_described_by_the_same_fields(
    here: Callable[[str], str], capsys: pytest.CaptureFixture[str]
) -> None:
    """What is said of each kind is the kinds' matter."""
    run("kinds", "--json")
    kinds = json.loads(capsys.readouterr().out)["kinds"]
    shapes = {json.dumps([list(kind), [list(option) for option in kind["common"][:1]]]) for kind in kinds}
    compare("kinds.json", "\n".join(sorted(shapes)) + "\n")


def test_the_doctor_says_the_same_fields(here: Callable[[str], str], capsys: pytest.CaptureFixture[str]) -> None:
    run("doctor", "--offline", "--json")
    said = json.loads(capsys.readouterr().out)
    compare(
        "doctor.json", json.dumps([list(said), *sorted({json.dumps(list(each)) for each in said["findings"]})]) + "\n"
    )


def test_a_copy_of_the_state_counts_the_same_tables(
    here: Callable[[str], str], capsys: pytest.CaptureFixture[str]
) -> None:
    run("state", "copy", "state.db", "copy.db", "--json")
    said = json.loads(capsys.readouterr().out)
    compare("state-copy.json", json.dumps([list(said), list(said["tables"][0])]) + "\n")


@pytest.fixture
def api(here: Callable[[str], str]) -> Iterator[TestClient]:
    """A program that asks the desk over that state, with a search index."""
    config = load(Path("watch.toml"))
    with (
        Store.open(config.state, hide=config.secrets.hide, reveal=config.secrets.reveal) as store,
        closing(EntryIndex(Path("search.db"))) as index,
    ):
        store.evidence.keep(config.evidence)
        desk = Desk(config, store, TOKEN, lambda: NOW)
        desk.search = Follower(store, index)
        desk.search.catch_up()
        made = TestClient(create_app(desk), ADDRESS, follow_redirects=False, raise_server_exceptions=False)
        made.headers["authorization"] = f"Bearer {TOKEN}"
        yield made


ADDRESSES = """
changes
changes?limit=2
changes?entity=telegram&change=changed
changes?authority=report&after=2026-03-04
changes?change=nothing
changes?cursor=nothing
changes/8
changes/1
changes/999
sources
sources?limit=2
sources/list
sources/press
sources/gone
sources/nobody
sources/list/entries?limit=3
sources/list/entries?find=firm&limit=2
sources/list/entries?at=2026-03-05&limit=3
sources/list/diff?from=2026-03-03T16:00&to=2026-03-07
sources/list/diff?from=2026-03-08&to=2026-03-07
sources/list/diff
entries/13
entries/999
cases/telegram
cases/nobody
deliveries
deliveries?state=sent&limit=1
deliveries?state=dead
deliveries?state=nothing
""".strip().splitlines()
DEEDS = """
changes/8/handled
deliveries/9/retry
deliveries/99/retry
deliveries/10/approve
deliveries/10/approve?seen=16
deliveries/10/reject
sources/list/check
sources/nobody/check
""".strip().splitlines()


def test_the_api_answers_what_it_answered(here: Callable[[str], str], api: TestClient) -> None:
    answers = {address: api.get(f"/api/v1/{address}") for address in ADDRESSES}
    said = {address: [answer.status_code, answer.json()] for address, answer in answers.items()}
    compare("api.json", here(json.dumps(said, ensure_ascii=False, indent=1)) + "\n")


def test_what_the_api_does_is_answered_as_it_was(here: Callable[[str], str], api: TestClient) -> None:
    answers = {address: api.post(f"/api/v1/{address}") for address in DEEDS}
    said = {address: [answer.status_code, answer.json()] for address, answer in answers.items()}
    compare("api-post.json", here(json.dumps(said, ensure_ascii=False, indent=1)) + "\n")


def test_a_held_snapshot_is_taken_and_answered(here: Callable[[str], str], api: TestClient) -> None:
    snapshot = api.get("/api/v1/sources/list").json()["held"]["snapshot"]
    wrong = api.post("/api/v1/sources/list/accept", json={"snapshot": "nothing"})
    taken = api.post("/api/v1/sources/list/accept", json={"snapshot": snapshot, "alert": True})
    said = [[answer.status_code, answer.json()] for answer in (wrong, taken)]
    compare("api-post-accept.json", here(json.dumps(said, ensure_ascii=False, indent=1)) + "\n")


def test_the_api_is_described_as_it_was(api: TestClient) -> None:
    """Paths, parameters and fields, without the names that the code has for them; and without the configuration, whose
    bodies are the tables of watch.toml (tests/watcher/config/test_schema.py).
    """
    described, prose = api.get("/api/openapi.json").json(), {"title", "description", "operationId"}

    def resolve(value: Any) -> Any:
        if isinstance(value, list):
            return [resolve(each) for each in value]
        if not isinstance(value, dict):
            return value
        if "$ref" in value:
            return resolve(described["components"]["schemas"][value["$ref"].rpartition("/")[2]])
        return {key: resolve(each) for key, each in value.items() if not (key in prose and isinstance(each, str))}

    told = {path: each for path, each in described["paths"].items() if not path.startswith("/api/v1/config/")}
    paths = json.dumps(resolve(told), ensure_ascii=False, indent=1, sort_keys=True)
    compare("api-openapi.json", paths + "\n")
