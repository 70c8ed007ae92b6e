"""`watch verify` of files from a stranger: hostile ones are refused in one line before anything is unpacked."""

from __future__ import annotations

import json
import os
import stat
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from watcher.evidence import verification

HEAD = '{"format": "registry-watch chain 1"}\n'
ZERO = "0" * 64
FIRST = json.dumps({"number": 0, "link": ZERO}) + "\n"
WARC = "pages.warc.gz"


def line(number: int = 1, **said: Any) -> str:
    """A link of which only its form is right."""
    told = {"number": number, "sha256": ZERO, "link": ZERO, "file": WARC, "offset": 0, "length": 10} | said
    return json.dumps(told) + "\n"


CHAIN = HEAD + FIRST + line()

Zip = Callable[[zipfile.ZipFile], None]


def entry(name: str, content: str = "", *, mode: int = 0, packing: int = zipfile.ZIP_STORED) -> Zip:
    def put(packed: zipfile.ZipFile) -> None:
        info = zipfile.ZipInfo(name)
        info.external_attr = mode << 16
        packed.writestr(info, content, packing)

    return put


def encrypted(packed: zipfile.ZipFile) -> None:
    packed.writestr("chain.jsonl", CHAIN)
    packed.infolist()[0].flag_bits |= 1


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ([entry("chain.jsonl", CHAIN + " " * 60_000_000, packing=zipfile.ZIP_DEFLATED)], "would unpack to 60,000,"),
        ([entry("chain.jsonl", CHAIN, packing=zipfile.ZIP_LZMA)], "packed in a way that is not read here"),
        ([entry("chain.jsonl", CHAIN), entry("../../pages.warc.gz")], "would lie elsewhere, or too deep"),
        ([entry("chain.jsonl", CHAIN), entry("/etc/passwd")], "would lie elsewhere, or too deep"),
        ([entry("a/" * 9 + "chain.jsonl", CHAIN)], "would lie elsewhere, or too deep"),
        ([entry("a/chain.jsonl", CHAIN), entry("b/chain.jsonl", CHAIN)], "there are two files chain.jsonl"),
        ([entry("chain.jsonl", "/etc/passwd", mode=stat.S_IFLNK | 0o777)], "is a link"),
        ([encrypted], "is encrypted"),
        ([entry(f"{number}.txt") for number in range(30)], "more than 20 files"),
    ],
)
def test_a_zip_beyond_a_limit_is_refused(
    watch: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, parts: list[Zip], says: str
) -> None:
    monkeypatch.setattr(verification, "MOST_FILES", 20)
    file = tmp_path / "given.zip"
    with zipfile.ZipFile(file, "w") as packed:
        for put in parts:
            put(packed)
    ran = watch("verify", str(file))
    assert (ran.code, says in " ".join(ran.err.split())) == (2, True), ran.err


def test_a_zip_behind_other_bytes_is_refused(watch: Callable[..., Any], tmp_path: Path) -> None:
    file = tmp_path / "given.zip"
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("chain.jsonl", CHAIN)
    file.write_bytes(b"PK\x03\x04 another one" + file.read_bytes())
    ran = watch("verify", str(file))
    assert (ran.code, "bytes stand before its first file" in " ".join(ran.err.split())) == (2, True)


def test_a_zip_whose_directory_is_huge_is_refused_unread(watch: Callable[..., Any], tmp_path: Path) -> None:
    file = tmp_path / "given.zip"
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("chain.jsonl", CHAIN)
        packed.infolist()[0].comment = b"x" * 60_000
        for number in range(80):
            info = zipfile.ZipInfo(f"{number}.txt")
            info.comment = b"x" * 60_000
            packed.writestr(info, "")
    ran = watch("verify", str(file))
    assert (ran.code, "its directory is larger than 4,000,000 bytes" in " ".join(ran.err.split())) == (2, True)


def test_a_damaged_zip_is_said_to_be_one(watch: Callable[..., Any], tmp_path: Path) -> None:
    file = tmp_path / "given.zip"
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("chain.jsonl", CHAIN)
    content = bytearray(file.read_bytes())
    content[60] ^= 1
    file.write_bytes(content)
    ran = watch("verify", str(file))
    assert (ran.code, "the .zip is damaged" in " ".join(ran.err.split())) == (2, True)


@pytest.mark.parametrize(
    ("chain", "says"),
    [
        (HEAD + FIRST + "[" * 100_000, "line 3 is longer than 2,000 bytes"),
        (HEAD + FIRST + "[" * 1900 + "\n", "line 3 is not a link"),
        (HEAD + FIRST + line(offset=-1), "line 3 is not a link"),
        (HEAD + FIRST + line(offset=2**70), "line 3 is not a link"),
        (HEAD + FIRST + line(length=2**50), "line 3 is not a link"),
        (HEAD + FIRST + line(number=True), "line 3 is not a link"),
        (HEAD + FIRST + line(number="1" * 1500), "line 3 is not a link"),
        (HEAD + FIRST + line(sha256="00"), "line 3 is not a link"),
        (HEAD + FIRST + line(file="../../etc/passwd"), "line 3 is not a link"),
        (HEAD + FIRST + line(file="a\0b"), "line 3 is not a link"),
        (HEAD + FIRST + "\xff\xfe\n", "line 3 is not a link"),
        (HEAD + FIRST + "".join(line(each, file=f"{each}.warc.gz") for each in range(1, 30)), "more than 20 files"),
        ("[" * 1900, "does not say"),
    ],
)
def test_a_chain_beyond_a_limit_is_refused(
    watch: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chain: str, says: str
) -> None:
    monkeypatch.setattr("state.evidence.chain.MOST_FILES", 20)
    (tmp_path / "chain.jsonl").write_text(chain, "latin-1")
    (tmp_path / WARC).write_bytes(b"0123456789")
    ran = watch("verify", str(tmp_path))
    assert (ran.code, says in " ".join(ran.err.split())) == (2, True), ran.err


@pytest.mark.parametrize("name", ["chain.jsonl", WARC, "stamp.tsr"])
def test_a_link_is_not_followed(watch: Callable[..., Any], tmp_path: Path, name: str) -> None:
    folder = tmp_path / "given"
    folder.mkdir()
    (folder / "chain.jsonl").write_text(CHAIN)
    (folder / name).unlink(missing_ok=True)
    (folder / name).symlink_to("/etc/passwd")
    ran = watch("verify", str(folder))
    assert (ran.code, f"{name} is a link, which is not followed" in " ".join(ran.err.split())) == (2, True)


def test_what_is_no_file_is_not_opened(watch: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "chain.jsonl").write_text(CHAIN)
    os.mkfifo(tmp_path / WARC)  # whoever opens it waits for ever
    ran = watch("verify", str(tmp_path))
    assert ran.code in {1, 2}


def test_of_a_folder_with_many_files_not_all_are_listed(
    watch: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verification, "MOST_FILES", 20)
    for number in range(30):
        (tmp_path / f"{number}.txt").touch()
    ran = watch("verify", str(tmp_path))
    assert (ran.code, "more than 20 files" in " ".join(ran.err.split())) == (2, True)


def test_records_that_overlap_are_read_once(watch: Callable[..., Any], tmp_path: Path) -> None:
    """Each of a million links could name the same gigabyte."""
    content = b"x" * 1000
    hashed, link, chain = sha256(content).hexdigest(), ZERO, HEAD + FIRST
    for number in range(1, 50):
        link = sha256(f"{link}{hashed}".encode()).hexdigest()
        chain += line(number, sha256=hashed, link=link, length=len(content))
    (tmp_path / "chain.jsonl").write_text(chain)
    (tmp_path / WARC).write_bytes(content)
    found = json.loads(watch("verify", str(tmp_path), "--json").out)
    assert (found["ok"], found["bytes"]) == (False, 2 * len(content))
