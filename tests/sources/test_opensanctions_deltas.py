"""The kind `opensanctions` by deltas: what the state has then is what it has where the full file is read each time."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from sources import Get, NotFound
from sources.kinds.opensanctions import Opensanctions
from sources.reading.engine import read_here
from sources.reading.records import Altered, find_altered_by_deltas
from state.failpoint import VARIABLE
from state.store import Store
from tests.captures import CAPTURES, needed
from tests.sources.conftest import HEAD
from tests.sources.test_opensanctions import lines, thing
from watcher import cli
from watcher.check.newest import join_deltas

Entities = Mapping[str, dict[str, Any]]


def change(op: str, entity: dict[str, Any]) -> dict[str, Any]:
    return {"op": op, "entity": entity if op != "DEL" else {"id": entity["id"]}}


class Publisher:
    """A data set with its history on loopback. Its index names the deltas, `/plain/index.json` does not."""

    def __init__(self, site: Any) -> None:
        self.site, self.now, self.number = site, {}, 0
        self.versions = dict[str, str]()

    def publish(self, entities: Entities, *, delta: bytes | None = None, listed: bool = True, **said: Any) -> None:
        """Write a version: the full file, what changed since the last one, or `delta` in its place, and both lists."""
        before, self.now = self.now, dict(entities)
        self.number += 1
        version = f"202507180{self.number:05}-{random.Random(self.number).choice(['abc', 'xyz'])}"
        made = [
            change("MOD" if id_ in before else "ADD", each) for id_, each in self.now.items() if each != before.get(id_)
        ]
        made += [change("DEL", each) for id_, each in before.items() if id_ not in self.now]
        at, full = f"/artifacts/xx/{version}", lines(*sorted(self.now.values(), key=lambda each: hash(each["id"])))
        delta = lines(*made) if delta is None else delta
        if delta and listed:
            self.versions[version] = self.site.url(f"{at}/entities.delta.json")
        self.site.page(f"{at}/entities.delta.json", delta)
        self.site.page(f"{at}/delta.json", {"versions": dict(reversed(self.versions.items())), "updated_at": "2025"})
        self.site.page(f"{at}/entities.ftm.json", full)
        file = {"name": "entities.ftm.json", "url": self.site.url(f"{at}/entities.ftm.json"), "size": len(full)}
        file["checksum"] = hashlib.sha1(full).hexdigest()
        index = {"version": version, "entity_count": len(self.now), "resources": [file]} | said
        self.site.page("/plain/index.json", index)
        self.site.page("/latest/index.json", {**index, "delta_url": self.site.url(f"{at}/delta.json")})

    def asked(self) -> list[str]:
        """What the source that goes by deltas asked for since the last call."""
        paths = [path.rpartition("/")[2] for path in self.site.paths]
        self.site.requests.clear()
        return paths


@pytest.fixture
def data(site: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Publisher:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("WATCH_CONFIG", raising=False)
    return Publisher(site)


@pytest.fixture
def check(data: Publisher, capsys: pytest.CaptureFixture[str]) -> Callable[..., dict[str, Any]]:
    """Checks the source that goes by deltas, or those named, with these options."""

    def run(*names: str, watched: str = "", evidence: bool = False, **options: Any) -> dict[str, Any]:
        more = "".join(f"{name} = {json.dumps(value)}\n" for name, value in options.items())
        texts = [
            f'[sources.{name}]\nkind = "opensanctions"\nmax_lost = 1000\nmax_new = 1000\nmax_changed = 1000\n'
            f'url = "{data.site.url(f"/{name}/index.json")}"\n{more}'
            for name in names or ("latest",)
        ]
        texts += [f'[entities.it]\nnames = ["{watched}"]\n'] if watched else []
        texts += ["[evidence]\n"] if evidence else []
        Path("watch.toml").write_text(HEAD + "".join(texts), "utf-8")
        data.asked()
        capsys.readouterr()
        cli.main(["--once", "--json"])
        said = {each["name"]: each for each in json.loads(capsys.readouterr().out)["sources"]}
        return dict(said["latest"])

    return run


def known(name: str) -> tuple[Any, ...]:
    """The number of a source's entries, their digest, each with its standing, and its events."""
    with Store.open(f"sqlite:///{Path.cwd()}/state.db") as store:
        state = store.source(name)
        rows = {(row.key, mark, row.standing) for mark, row in store.known(name).rows()}
        told = [{**event.data, "kind": event.kind} for event in store.log.events(source=name, limit=None)]
    parts = ("kind", "change", "key", "title", "changed", "fields", "before", "after")
    events = sorted(
        json.dumps({part: event.get(part) for part in parts}, default=str, sort_keys=True) for event in told
    )
    return state.entries, state.digest, state.habits.filled, rows, events


PEOPLE = {f"p{number}": thing(f"p{number}", name=[f"Person {number}"]) for number in range(8)}
SANCTION = thing("s", "Sanction", target=False, entity=["p1"], program=["EU"])
FIRST = {**PEOPLE, "s": SANCTION}


def test_what_is_new_comes_as_a_delta(data: Publisher, check: Any) -> None:
    data.publish(FIRST)
    check()
    assert data.asked() == ["index.json", "entities.ftm.json"]
    data.publish({**PEOPLE, "p1": thing("p1", name=["Person One"]), "new": thing("new", name=["Newcomer"])})
    said = check()
    assert data.asked() == ["index.json", "delta.json", "entities.delta.json"]
    assert {(each["change"], each["title"]) for each in said["changes"]} == {
        ("changed", "Person One"),
        ("added", "Newcomer"),
    }
    assert check()["status"] == "unchanged"
    assert data.asked() == ["index.json"]


def evolve(dice: random.Random, now: Entities) -> dict[str, dict[str, Any]]:
    """The next version: some people come, go, and change; parts and addresses link others, or come and go alone."""
    after = {id_: each for id_, each in now.items() if dice.random() > 0.05}
    for number in dice.sample(range(30), 3):
        name = dice.choice(["Anna", "Boris", "Вера", 'G. "Q" {"op"', "D\u2028E"]) + f" {number}"
        lives = {"addressEntity": [f"a{dice.randrange(4)}"]} if dice.random() < 0.5 else {}
        after[f"p{number}"] = thing(f"p{number}", name=[name], alias=dice.sample(["a", "b", "c"], 2), **lives)
    for number in dice.sample(range(9), 2):
        one, other = (f"p{each}" for each in dice.sample(range(30), 2))
        after[f"f{number}"] = thing(f"f{number}", "Family", False, person=[one], relative=[other])
        after[f"s{number}"] = thing(f"s{number}", "Sanction", False, entity=[one], program=[dice.choice("XY")])
    if dice.random() < 0.3:
        number = dice.randrange(4)
        after[f"a{number}"] = thing(
            f"a{number}", "Address", False, full=["Street 1"], name=[dice.choice(["One", "Two"])]
        )
    return after


@pytest.mark.parametrize("seed", range(4))
def test_a_history_by_deltas_is_the_history_by_full_files(
    data: Publisher, check: Any, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = list[int]()  # how many entries were read of a file, where not all of them were

    def spy(*given: Any) -> Altered | None:
        if found := find_altered_by_deltas(*given):
            parts.append(sum(len(block.marks) for block in found.came))
        return found

    monkeypatch.setattr("sources.reading.records.find_altered_by_deltas", spy)
    dice = random.Random(seed)
    now = {f"p{number}": thing(f"p{number}", name=[f"Person {number}"]) for number in range(25)}
    data.publish(now)
    check("latest", "plain")
    for _ in range(8):
        for left in reversed(range(dice.choice([0, 1, 1, 1, 2, 3]))):
            now = evolve(dice, now)
            faults = ["cut", "missing", "another", *(() if left else ("unlisted", "none"))]
            fault = dice.choice(faults) if dice.random() < 0.2 else ""
            delta = {"": None, "cut": b'{"op":"ADD","enti', "none": b""}.get(fault)
            another = lines(change("MOD", thing("never", name=["N"])))
            data.publish(now, delta=another if fault == "another" else delta, listed=fault != "unlisted")
            if fault == "missing":
                data.site.page(list(data.versions.values())[-1].partition(str(data.site.port))[2], status=404)
        check("latest", "plain")
        assert known("latest") == known("plain")
    assert len(parts) >= 2
    assert min(parts) < 20


def version(data: Publisher, **people: str) -> None:
    data.publish({**FIRST, **{id_: thing(id_, name=[name]) for id_, name in people.items()}})


def test_several_versions_come_as_their_deltas_in_order(data: Publisher, check: Any) -> None:
    data.publish(FIRST)
    check()
    for name in ("Once", "Twice", "Thrice"):
        version(data, p1=name)
    said = check()
    assert data.asked() == ["index.json", "delta.json", *["entities.delta.json"] * 3]
    assert [(each["change"], each["title"]) for each in said["changes"]] == [("changed", "Thrice")]


def test_a_chain_that_does_not_reach_back_is_read_in_full(data: Publisher, check: Any) -> None:
    data.publish(FIRST)
    check()
    data.versions.clear()
    version(data, p1="Once")
    data.versions.clear()
    version(data, p1="Twice")
    assert [each["title"] for each in check()["changes"]] == ["Twice"]
    assert data.asked() == ["index.json", "delta.json", "entities.ftm.json"]


@pytest.mark.parametrize(
    "delta",
    [
        lines(change("ADD", PEOPLE["p1"])),
        lines(change("DEL", thing("nobody"))),
        lines(change("MOD", PEOPLE["p1"]), change("ADD", PEOPLE["p1"])),
        lines(PEOPLE["p1"]),
        lines(change("ADD", thing("more", name=["More"]))),
        b'{"op":"MOD","entity":{"id":"p1"}}\n',
        b'{"op":"MOD","entity":{"id":"p1","sch',
        b"<html>a page about an outage</html>",
    ],
    ids=["is there", "is not there", "contradicts itself", "no delta", "number", "no schema", "cut", "a page"],
)
def test_a_delta_that_does_not_fit_is_no_news_and_the_file_is_read(data: Publisher, check: Any, delta: bytes) -> None:
    data.publish(FIRST)
    check()
    data.publish({**FIRST, "p1": thing("p1", name=["Person One"])}, delta=delta)
    assert [(each["change"], each["title"]) for each in check()["changes"]] == [("changed", "Person One")]
    assert data.asked()[-2:] == ["entities.delta.json", "entities.ftm.json"]
    version(data, p1="Person One", p2="Person Two")
    assert [each["title"] for each in check()["changes"]] == ["Person Two"]
    assert data.asked()[-1] == "entities.delta.json"  # it goes by deltas again


def test_what_is_read_by_deltas_is_read_in_full_after_a_while(data: Publisher, check: Any) -> None:
    data.publish(FIRST)
    check()
    data.publish({**FIRST, "p1": {**FIRST["p1"], "datasets": ["xx", "yy"]}}, delta=b"")  # which deltas do not tell
    data.publish({**data.now, "p2": thing("p2", name=["Person Two"])})
    assert [each["title"] for each in check()["changes"]] == ["Person Two"]
    said = check(reread="1ms")
    assert data.asked() == ["index.json", "entities.ftm.json"]
    assert [each["title"] for each in said["changes"]] == ["Person 1"]


def test_an_edited_option_reads_what_the_deltas_gave_anew_without_news(
    data: Publisher, check: Any, caplog: pytest.LogCaptureFixture
) -> None:
    data.publish(FIRST)
    check()
    version(data, p1="Person One")
    check()
    version(data, p1="Person One", p2="Person Two")
    with caplog.at_level(logging.INFO):
        said = check(ignore=["alias"])
    assert "re-read, as its options or its reader changed: 8 entries" in caplog.text
    assert [each["title"] for each in said["changes"]] == ["Person Two"]


def test_a_watched_person_whom_a_delta_deletes_is_looked_for_in_the_full_file(data: Publisher, check: Any) -> None:
    data.publish(FIRST)
    check()
    data.publish({id_: each for id_, each in FIRST.items() if id_ not in ("p1", "s")})
    said = check(watched="Person 1")
    assert [(each["change"], each["title"]) for each in said["changes"]] == [("removed", "Person 1")]
    assert data.asked() == ["index.json", "delta.json", "entities.delta.json", "index.json", "entities.ftm.json"]


def test_a_delta_is_evidence_as_it_was_served(data: Publisher, check: Any) -> None:
    data.publish(FIRST)
    check(evidence=True)
    version(data, p1="Person One")
    check(evidence=True)
    assert cli.main(["evidence", "--out", "proof"]) == 0
    assert cli.main(["verify", "proof"]) == 0
    with Path("proof/pages.warc.gz").open("rb") as file:
        kept = [(each.rec_type, str(each.rec_headers["WARC-Target-URI"])) for each in ArchiveIterator(file)]
    assert {type_ for type_, uri in kept if uri.endswith("entities.delta.json")} == {"response", "request"}


@pytest.mark.parametrize("point", ["after_read", "before_commit", "after_commit"])
def test_a_kill_between_loses_and_repeats_nothing(data: Publisher, check: Any, point: str) -> None:
    data.publish(FIRST)
    check()
    version(data, p1="Person One")
    command = [sys.executable, "-m", "watcher.cli", "--once"]
    ended = subprocess.run(command, env={**os.environ, VARIABLE: f"{point}:KILL"}, capture_output=True, check=False)
    assert ended.returncode == -signal.SIGKILL
    check()
    entries, *_, events = known("latest")
    assert (entries, sum('"changed"' in event and "Person One" in event for event in events)) == (8, 1)


@needed
def test_saved_deltas_are_read(make_page: Any) -> None:
    saved, source = CAPTURES / "opensanctions-delta", Opensanctions(url="https://mirror.example/index.json")
    base = make_page(saved / "t1-entities.ftm.json", "", "https://mirror.example/file")
    deltas = [make_page(each, "") for each in sorted(saved.glob("t2-*.delta.json"))]
    known = {entry.key for entry in read_here(source, base)}
    page = join_deltas(base, Get(base.url, carry={"entities": 10}), deltas, 1_000_000)
    assert len({entry.key for entry in read_here(source, page)} - known) == 3
    after, until = "20240527134702-aaa", "20240527134702-zbn"
    listed = make_page(saved / "t1-delta.json", "", "https://data.opensanctions.org/artifacts/delta.json")
    listed = replace(listed, get=Get(listed.url, reader="deltas", carry={"after": until, "until": until}))
    assert list(read_here(source, listed)) == []
    with pytest.raises(NotFound, match=f"not all deltas from {after} to {until}"):
        list(read_here(source, replace(listed, get=replace(listed.get, carry={"after": after, "until": until}))))
