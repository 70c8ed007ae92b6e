"""What git repositories tell of a file's past. Every repository is a real one, made by `git fast-import`."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from sources import Get, SourceError
from sources.reading.engine import steps
from tests.configurations import LOOPBACK
from watcher.config.arguments import find_source
from watcher.config.load import load
from watcher.errors import UsageError
from watcher.past.offers import OfferedCapture, SkippedCapture, offer_git

CONFIGURATION = f"""{LOOPBACK}
[sources.list]
kind = "csv"
url = "http://127.0.0.1:1/list.csv"
key = "id"
title = "name"
max_bytes = 5000
"""
FILE, DAY = "list.csv", 86400
ROWS = "".join(f"{number},name {number}\n" for number in range(20))


class Repository:
    """A bare repository; `commit` adds one to a branch."""

    def __init__(self, folder: Path, *words: str) -> None:
        self.folder, self._marks = folder, 0
        self.git("init", "-q", "--bare", "-b", "main", *words, str(folder), where=[])

    def git(self, *words: str, given: bytes = b"", where: list[str] | None = None) -> str:
        where = ["-C", str(self.folder)] if where is None else where
        return subprocess.run(["git", *where, *words], input=given, check=True, capture_output=True).stdout.decode()

    def commit(self, day: Any, files: dict[str, Any], *parents: str, branch: str = "main") -> str:
        """A commit of an author's day with these files; a file is a text, None (deleted), or a mode and a text."""
        said = f"commit refs/heads/{branch}\nauthor A <a@b> {day * DAY if isinstance(day, int) else day} +0000\n"
        said += "committer C <c@d> 1700000000 +0000\ndata 0\n"
        said += "".join(f"{'merge' if at else 'from'} {each}\n" for at, each in enumerate(parents))
        for name, content in files.items():
            mode, text = content if isinstance(content, tuple) else ("100644", content)
            put = f"M {mode} inline {name}\ndata {len(text.encode())}\n{text}\n" if text is not None else f"D {name}\n"
            said += put
        self.git("fast-import", "--quiet", "--date-format=raw-permissive", "--force", given=said.encode())
        return self.git("rev-parse", branch).strip()


@pytest.fixture
def repository(folder: Path) -> Repository:
    return Repository(folder / "repository")


@pytest.fixture
def told(repository: Repository, configure: Callable[[str], Path]) -> Iterator[Callable[..., list[tuple[Any, ...]]]]:
    """What is offered of a file: the day of each capture, and its content or why there is none; the earliest first."""
    source = find_source(load(configure(CONFIGURATION)), "list")
    get = next(steps(source))
    assert isinstance(get, Get)
    with ExitStack() as until:

        def tell(path: str = FILE, folder: Path = repository.folder) -> list[tuple[Any, ...]]:
            said = []
            for offer in offer_git(source, folder, path, until):
                day = offer.at and offer.at.timestamp() / DAY
                if isinstance(offer, SkippedCapture):
                    said.append((day, offer.reason))
                    continue
                assert isinstance(offer, OfferedCapture)
                try:
                    page = offer.answer(get)
                except SourceError as error:
                    said.append((day, error.code))
                else:
                    assert (page.fetched, offer.alone) == (offer.at, True)
                    said.append((day, page.body.decode()))
            return sorted(said, key=lambda each: each[0] or 0)

        yield tell


def test_each_commit_that_changed_the_file_is_a_capture_of_its_author_s_time(repository, told):
    first = repository.commit(3, {FILE: "one\n"})
    other = repository.commit(4, {"other": "x"}, first)
    later = repository.commit(1, {FILE: "two\n"}, other)  # its author's time runs backwards
    repository.commit(9, {FILE: ("100755", "two\n")}, later)
    assert told() == told("./list.csv") == [(1, "two\n"), (3, "one\n")]


def test_a_merge_is_a_capture_only_if_it_made_a_new_state(repository, told):
    root = repository.commit(1, {FILE: "one\n", "other": "x"})
    ours = repository.commit(2, {FILE: "ours\n"}, root)
    theirs = repository.commit(3, {FILE: "theirs\n"}, root, branch="side")
    taken = repository.commit(4, {FILE: "theirs\n"}, ours, theirs)
    left = repository.commit(5, {FILE: "lost\n"}, theirs, branch="side")
    kept = repository.commit(6, {"other": "y"}, taken, left)
    more = repository.commit(7, {FILE: "more\n"}, left, branch="side")
    repository.commit(8, {FILE: "both\n"}, kept, more)
    states = [(1, "one\n"), (2, "ours\n"), (3, "theirs\n"), (5, "lost\n"), (7, "more\n"), (8, "both\n")]
    assert told() == states


def test_a_pull_that_makes_the_scraper_s_line_the_second_parent_loses_none(repository, told):
    root = repository.commit(1, {FILE: "one\n"})
    scraped = repository.commit(3, {FILE: "three\n"}, repository.commit(2, {FILE: "two\n"}, root), branch="scraped")
    repository.commit(5, {FILE: "three\n"}, repository.commit(4, {"code": "x"}, root), scraped)
    assert told() == [(1, "one\n"), (2, "two\n"), (3, "three\n")]


def test_the_file_is_followed_to_its_former_names(repository, told):
    first = repository.commit(1, {"a.csv": ROWS})
    there = repository.commit(2, {"a.csv": None, "b.csv": ROWS}, first)
    changed = repository.commit(3, {"b.csv": None, "dir/c.csv": f"{ROWS}more\n"}, there)
    back = repository.commit(4, {"dir/c.csv": None, "a.csv": f"{ROWS}more\n"}, changed)
    repository.commit(5, {"a.csv": f"{ROWS}last\n"}, back)
    assert told("a.csv") == [(1, ROWS), (3, f"{ROWS}more\n"), (5, f"{ROWS}last\n")]


@pytest.mark.parametrize("renamed_first", [True, False])
def test_a_rename_on_one_side_of_a_merge_keeps_what_the_other_side_saw(repository, told, renamed_first):
    root = repository.commit(1, {"old.csv": ROWS})
    new = repository.commit(2, {"old.csv": None, FILE: ROWS}, root)
    scraped = repository.commit(3, {"old.csv": f"{ROWS}x\n"}, root, branch="side")
    parents = (new, scraped) if renamed_first else (scraped, new)
    merged = repository.commit(4, {"old.csv": None, FILE: f"{ROWS}x\n"}, *parents)
    repository.commit(5, {FILE: f"{ROWS}y\n"}, merged)
    assert told() == [(1, ROWS), (3, f"{ROWS}x\n"), (5, f"{ROWS}y\n")]


def test_what_is_no_capture_is_said(repository, told):
    tip = repository.commit(1, {FILE: "one\n"})
    tip = repository.commit(2, {FILE: None, "other": "x"}, tip)
    tip = repository.commit(3, {FILE: "x" * 5001}, tip)
    tip = repository.commit(4, {FILE: ("120000", ".git/annex/objects/x")}, tip)
    tip = repository.commit(5, {FILE: "version https://git-lfs.github.com/spec/v1\noid sha256:0\n"}, tip)
    tip = repository.commit(6, {FILE: "/annex/objects/SHA256E-s1--x.csv\n"}, tip)
    tip = repository.commit("99999999999999", {FILE: "no time\n"}, tip)
    tip = repository.commit(8, {FILE: "one of two\n"}, tip)
    repository.commit(8, {FILE: "two of two\n"}, tip)
    said = [(None, "undated"), (1, "one\n"), (2, "deleted"), (3, "too_large"), (4, "no_file"), (5, "pointer")]
    assert told() == [*said, (6, "pointer"), (8, "two of two\n"), (8, "same_time")]


def test_a_file_that_was_a_folder_has_no_state_of_then(repository, told):
    tip = repository.commit(1, {f"{FILE}/part": "x"})
    repository.commit(2, {f"{FILE}/part": None, FILE: "one\n"}, tip)
    assert told() == [(2, "one\n")]


def test_a_damaged_object_is_a_fault_of_its_capture_alone(repository, told):
    tip = repository.commit(1, {FILE: "one\n"})
    tip = repository.commit(2, {FILE: "two\n"}, tip)
    repository.commit(3, {FILE: "three\n"}, tip)
    repository.git("gc", "-q")
    for kept in (repository.folder / "objects" / "pack").iterdir():
        kept.rename(folder := repository.folder / kept.name)
        if folder.suffix == ".pack":
            repository.git("unpack-objects", "-q", given=folder.read_bytes())
    blob = repository.git("rev-parse", f"{tip}:{FILE}").strip()
    broken = repository.folder / "objects" / blob[:2] / blob[2:]
    broken.chmod(0o644)
    broken.write_bytes(b"no object")
    assert told() == [(1, "one\n"), (2, "damaged"), (3, "three\n")]
    broken.unlink()
    assert told()[1] == (2, "damaged")


def test_work_trees_shallow_clones_and_sha256(repository, told, folder):
    tip = repository.commit(1, {FILE: "one\n"})
    repository.commit(3, {FILE: "three\n"}, repository.commit(2, {FILE: "two\n"}, tip))
    address = repository.folder.as_uri()
    repository.git("clone", "-q", address, str(folder / "tree"), where=[])
    repository.git("clone", "-q", "--depth", "2", address, str(folder / "shallow"), where=[])
    assert told(folder=folder / "tree") == [(1, "one\n"), (2, "two\n"), (3, "three\n")]
    assert told(folder=folder / "shallow") == [(2, "shallow"), (3, "three\n")]
    other = Repository(folder / "other", "--object-format=sha256")
    other.commit(2, {FILE: None}, other.commit(1, {FILE: "one\n"}))
    assert told(folder=other.folder) == [(1, "one\n"), (2, "deleted")]


def test_a_partial_clone_fetches_nothing(repository, told, folder):
    repository.commit(2, {FILE: "two\n"}, repository.commit(1, {FILE: "one\n"}))
    repository.git("config", "uploadpack.allowFilter", "true")
    words = ("--bare", "--filter=blob:none", repository.folder.as_uri(), str(folder / "partial"))
    repository.git("clone", "-q", *words, where=[])
    assert told(folder=folder / "partial") == [(1, "damaged"), (2, "damaged")]


def test_a_foreign_repository_runs_no_program(repository, told, folder, monkeypatch):
    tip = repository.commit(1, {FILE: "one\n", ".gitattributes": "*.csv diff=it filter=it\n"})
    tree, author = repository.git("rev-parse", f"{tip}^{{tree}}").strip(), "A <a@b> 172800 +0000"
    signed = f"tree {tree}\nparent {tip}\nauthor {author}\ncommitter {author}\ngpgsig -----BEGIN PGP SIGNATURE-----\n "
    signed += "\n x\n -----END PGP SIGNATURE-----\n\nsigned\n"
    made = repository.git("hash-object", "-t", "commit", "-w", "--stdin", given=signed.encode()).strip()
    repository.commit(3, {FILE: "three\n"}, made)
    trap = folder / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {folder}/ran\ncat\n")
    trap.chmod(0o755)
    for name in ("core.fsmonitor", "core.pager", "core.sshCommand", "diff.external", "diff.it.command", "gpg.program"):
        repository.git("config", name, str(trap))
    for name in ("diff.it.textconv", "filter.it.smudge", "core.alternateRefsCommand", "pager.log"):
        repository.git("config", name, str(trap))
    repository.git("config", "log.showSignature", "true")
    for name, value in (("log.follow", "true"), ("log.showRoot", "false"), ("log.diffMerges", "off")):
        repository.git("config", name, value)
    repository.git("log", "-1", made)
    assert (folder / "ran").exists(), "the trap catches nothing"
    (folder / "ran").unlink()
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", str(trap))
    assert told() == [(1, "one\n"), (3, "three\n")]
    assert not (folder / "ran").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to somebody else")
def test_a_repository_of_somebody_else_is_read(repository, told):
    repository.commit(1, {FILE: "one\n"})
    for file in [repository.folder, *repository.folder.rglob("*")]:
        os.chown(file, 12345, 12345)
    assert told() == [(1, "one\n")]


def test_a_path_is_no_pattern(repository, told):
    repository.commit(1, {"*.csv": "star\n", "a.csv": "a\n", ":(glob)x": "magic\n", "ü.csv": "u\n"})
    assert (told("*.csv"), told(":(glob)x"), told("ü.csv")) == ([(1, "star\n")], [(1, "magic\n")], [(1, "u\n")])


@pytest.mark.parametrize(
    ("path", "where"),
    [
        ("no.csv", "repository"),
        (FILE, "https://host/x.git"),
        (FILE, "empty"),
        ("../x", "repository"),
        ("dir", "repository"),
        (FILE, "plain"),
    ],
)
def test_what_cannot_be_read_at_all_is_told(repository, told, folder, path, where):
    repository.commit(1, {FILE: "one\n", "dir/x": "x"})
    Repository(folder / "empty")
    (folder / "plain").mkdir()
    with pytest.raises(UsageError, match=r"no commit has a file|clone it first"):
        told(path, folder / where if ":" not in where else Path(where))


def test_without_git_it_is_told(repository, told, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(UsageError, match="needs git"):
        told()


def test_the_command_reads_it_once(repository, watch, configure):
    configure(CONFIGURATION)
    tip = repository.commit(100, {FILE: "id,name\n1,Anna\n2,Boris\n"})
    tip = repository.commit(102, {FILE: "id,name\n1,Anna\n2,Boris\n3,Clara\n"}, tip)
    repository.commit(104, {FILE: "id,name\n1,Anne\n2,Boris\n3,Clara\n"}, tip)
    ask = ("past", "list", "--git", str(repository.folder), "--path", FILE, "--json")
    for words in (("--dry-run",), (), ()):
        said = watch(*ask, *words)
        assert (said.code, json.loads(said.out)) == (0, {"read": 3, "skipped": [], "changes": 2})
    assert watch("past", "list", "--git", str(repository.folder)).code == 2
