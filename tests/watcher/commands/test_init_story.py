"""`watch init --story telegram`: every site of the story, with fake sites on loopback.

They serve the pages of tests/sources/kinds; one edit in each gives one alert, with the source's authority.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from sources.loader import kinds
from watcher.config.load import load
from watcher.trials.saved_pages import content_type

Watch = Callable[..., Any]
PAGES = Path(__file__).parents[2] / "sources" / "kinds"

BEFORE, AFTER = "не исполнено", "в стадии согласования"


class Edit(NamedTuple):
    """What is changed in the page of a source, and what the alert's title says: whose word it is, and of what."""

    before: str
    after: str
    alert: str
    page: str = ""  # the one of the source's pages that is edited; default: the only one
    encoding: str = "utf-8"


EDITS = {
    "rkn-landing": Edit(BEFORE, AFTER, f"Telegram Messenger Inc: now {AFTER} (Roskomnadzor"),
    "rkn-ori": Edit("<rkn:accessLimited>false", "<rkn:accessLimited>true", "Telegram Messenger: telegr", "2.xml"),
    "rkn-news": Edit("О записи", "Еще раз о записи", "now: Еще раз о записи Telegram", encoding="windows-1251"),
    "egrul": Edit("ТЕЛЕГРАМ РУС", "ТЕЛЕГРАМ РОССИЯ", 'ООО "ТЕЛЕГРАМ РУС" → ООО "ТЕЛЕГРАМ РОССИЯ" (EGRUL)', "3.json"),
    "gleif": Edit('"ACTIVE"', '"INACTIVE"', "Telegram Group: ACTIVE → INACTIVE (GLEIF)"),
    "foreign-agents": Edit(
        '"field_5_s": ""',
        '"field_5_s": "18.07.2025"',
        "Telegram: excluded: (nothing) → 18.07.2025 (Ministry of Justice",
        "1.json",
    ),
    "pravo": Edit('"pagesCount": 2', '"pagesCount": 3', "Telegram: pages: 2 → 3 (Official publication"),
    "kremlin": Edit("Указ о выдуманном деле", "Указ о новом деле", "now: Указ о новом деле Telegram (Kremlin)"),
    "duma": Edit(
        "1.1 Регистрация", "1.2 Прохождение", "Telegram: now 1.2 Прохождение законопроекта (State Duma", "2.html"
    ),
    "store-ru": Edit('"version": "11.13.1"', '"version": "11.14"', "Telegram: version: 11.13.1 → 11.14 (App Store)"),
    "durov": Edit(
        "An invented denial.", "An edited denial.", "Telegram: new text: An edited denial. (statement, durov)"
    ),
    "tass": Edit("получил статус", "получил новый статус", "now: Телеграм получил новый статус"),
    "ria": Edit("сменилось", "снова сменилось", "now: В реестре снова сменилось"),
    "interfax": Edit("Telegram открывает", "Telegram закрывает", "now: Telegram закрывает", encoding="windows-1251"),
    "rbc": Edit("Запись о Telegram", "Строка о Telegram", "now: Строка о Telegram"),
    "kommersant": Edit("подождет", "не подождет", "now: Мессенджер не подождет"),
    "vedomosti": Edit("согласует", "не согласует", "now: Telegram не согласует"),
    "lenta": Edit("остался", "не остался", "now: Telegram не остался"),
    "meduza": Edit("не открывал", "и не открывал", "now: Telegram и не открывал"),
    "cryptopolitan": Edit("into Russia", "out of Russia", "now: Telegram “moves” out of Russia"),
    "cointelegraph": Edit("denies an office", "denies two offices", "now: Telegram founder denies two offices"),
}


class World:
    """A stand-in of every site, and a chat that hears of everything about Telegram."""

    def __init__(self, site: Any, configuration: dict[str, Any]) -> None:
        self._site = site
        self.kinds = {name: source["kind"] for name, source in configuration["sources"].items()}
        site.page("/hook")
        for name, kind in self.kinds.items():
            for file in sorted(PAGES.glob(f"{kind}.*")):
                if not file.name.endswith((".toml", ".expected.json", ".note.md")):
                    self._serve(name, file.name.removeprefix(f"{kind}."), file.read_bytes())

    def edit(self, name: str) -> None:
        """Publish the edit of one source's page."""
        edit = EDITS[name]
        (file,) = PAGES.glob(f"{self.kinds[name]}.{edit.page}") if edit.page else self._only(name)
        text = file.read_bytes().decode(edit.encoding)
        assert edit.before in text
        self._serve(
            name,
            file.name.removeprefix(f"{self.kinds[name]}."),
            text.replace(edit.before, edit.after, 1).encode(edit.encoding),
        )

    def _only(self, name: str) -> list[Path]:
        found = PAGES.glob(f"{self.kinds[name]}.*")
        return [file for file in found if not file.name.endswith((".toml", ".expected.json", ".note.md"))]

    def _serve(self, name: str, page: str, body: bytes) -> None:
        """Pages lie where the protocol asks for them: the first at the source's own address."""
        where = {
            "rkn-ori 2.xml": "/rkn-ori/newest.xml",
            "egrul 2.json": "/egrul/never",
            "egrul 3.json": "/egrul/search-result/AAAA1111",
            "egrul 4.json": "/egrul/never",
            "egrul 5.json": "/egrul/search-result/BBBB2222",
        }.get(f"{name} {page}", f"/{name}/")
        if name == "rkn-ori" and page == "1.csv":
            body = b'"property","value"\r\n"data-20250717T0000-structure-20161206T0000","newest.xml"\r\n'
        if name == "egrul" and page in ("1.json", "4.json"):
            self._site.page("/egrul/", lambda asked: {"t": "BBBB2222" if b"page=2" in asked.body else "AAAA1111"})
        elif name == "foreign-agents":
            self._rows = getattr(self, "_rows", {}) | {page: body}
            self._site.page(
                "/foreign-agents/",
                lambda asked: self._rows["1.json" if b'"offset":0' in asked.body.replace(b" ", b"") else "2.json"],
            )
        elif where != "/egrul/never":
            self._site.page(where, body, type=content_type(page, body))

    @property
    def alerts(self) -> list[str]:
        return [json.loads(asked.body)["title"] for asked in self._site.requests if asked.path == "/hook"]


def toml(value: Any) -> str:
    """A value as TOML, tables in one line."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(key)} = {toml(each)}" for key, each in value.items()) + " }"
    return "[" + ", ".join(map(toml, value)) + "]" if isinstance(value, list) else json.dumps(value, ensure_ascii=False)


@pytest.fixture
def world(watch: Watch, site: Any, configure: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> World:
    """The story's configuration with the address of each source on the site, and a chat."""
    assert watch("init", "--story", "telegram").code == 0
    said = tomllib.loads(Path("watch.toml").read_text("utf-8"))
    for name, source in said["sources"].items():
        source["url"] = site.url(f"/{name}/")
    said["http"] |= {"private_addresses": "allow", "spacing": "0s", "per_host": 8}
    said["channels"] = {"desk": {"url": site.url("/hook").replace("http", "json")}}
    said["alerts"] = [{"entities": ["telegram"], "to": ["desk"]}, {"health": True, "to": ["desk"]}]
    configure("\n".join(f"{key} = {toml(value)}" for key, value in said.items()))
    monkeypatch.setattr("sources.kinds.egrul._WAIT", 0.01)
    return World(site, said)


def test_the_story_is_short_and_checks_clean(watch: Watch, folder: Path) -> None:
    assert watch("init", "--story", "telegram").code == 0
    assert len(Path("watch.toml").read_text("utf-8").splitlines()) < 60
    checked = watch("check-config", "--json")
    assert (checked.code, json.loads(checked.out)["warnings"]) == (0, [])
    assert set(load(folder / "watch.toml").sources) == set(EDITS)


def test_the_commented_part_of_the_story_is_right_as_well(watch: Watch, configure: Any, monkeypatch: Any) -> None:
    watch("init", "--story", "telegram")
    monkeypatch.setenv("BOT_TOKEN", "1:abcdefghijklmnopqrstuvwxyzabcdefgh")
    monkeypatch.setenv("CHAT_ID", "1")
    kept, _, commented = Path("watch.toml").read_text("utf-8").partition("# [channels.desk]")
    configure(kept.replace("# blocklist", "blocklist") + "[channels.desk]" + commented.replace("\n# ", "\n"))
    checked = watch("check-config", "--json")
    assert (checked.code, json.loads(checked.out)["warnings"]) == (0, []), checked.err


def test_a_story_that_does_not_exist_is_a_usage_error(watch: Watch, folder: Path) -> None:
    ran = watch("init", "--story", "telegraph")
    assert (ran.code, ran.err) == (2, 'there is no story "telegraph"; there is: telegram\n')


def test_one_run_reads_every_site_and_one_edit_in_each_is_one_alert(watch: Watch, world: World) -> None:
    first = watch("--once", "--json")
    said = {source["name"]: (source["status"], source["message"]) for source in json.loads(first.out)["sources"]}
    assert said == dict.fromkeys(EDITS, ("baseline", None)), first.err
    for name, edit in EDITS.items():
        before = len(world.alerts)
        world.edit(name)
        ran = watch("--once", "--json", "--source", name)
        changes = json.loads(ran.out)["sources"][0]["changes"]
        assert (ran.code, [(change["change"], change["entities"]) for change in changes]) == (
            0,
            [("changed", ["telegram"])],
        ), (name, ran.out)
        (alert,) = world.alerts[before:]
        assert edit.alert in alert
        assert alert.startswith((edit.alert, "Telegram: now: ", "Telegram Messenger Inc: now: ")), alert
    assert {source["status"] for source in json.loads(watch("--once", "--json").out)["sources"]} == {"unchanged"}


def test_what_is_known_from_hearsay_says_so_when_it_is_first_read(watch: Watch, world: World, site: Any) -> None:
    hearsay = {name for name, kind in world.kinds.items() if kinds()[kind].proven == "hearsay"}
    watch("--once", "--source", "tass", "--source", "rkn-landing")
    told = [json.loads(asked.body)["message"] for asked in site.requests if asked.path == "/hook"]
    assert {"rkn-landing", "rkn-ori"} <= hearsay
    assert hearsay.isdisjoint({"pravo", "egrul", "tass"})
    assert ["written from descriptions of the site" in message for message in told].count(True) == 1


def test_what_is_known_from_hearsay_says_so_when_it_first_fails(watch: Watch, world: World, site: Any) -> None:
    site.page("/rkn-landing/", "<html><body><p>Nothing here.</p></body></html>")
    assert watch("--once", "--source", "rkn-landing").code == 1
    (told,) = [json.loads(asked.body)["message"] for asked in site.requests if asked.path == "/hook"]
    assert "written from descriptions of the site" in told
