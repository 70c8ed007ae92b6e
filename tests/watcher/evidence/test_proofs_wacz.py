"""A WACZ of a proof: its parts are what WACZ 1.1.1 asks for, and its index leads to the pages.

The validator of the format (`pip install wacz`) is no dependency: it is searched on the PATH and in $WACZ, the bin
folder of an environment of its own.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from watcher.evidence.proofs import _sort_key

VALIDATOR = shutil.which("wacz", path=os.pathsep.join([os.environ.get("WACZ", ""), os.environ.get("PATH", "")]))


@pytest.fixture
def packed(kept: Any, folder: Path) -> Callable[[], zipfile.ZipFile]:
    """Evidence of a list that came, changed, and came back as it was; a function to pack the proof of the last change."""
    for branch in "ABA":
        kept.show(branch)
        kept.check()

    def pack() -> zipfile.ZipFile:
        ran = kept.run("evidence", "--wacz", "pages.wacz")
        assert ran.code == 0, ran.err
        return zipfile.ZipFile(folder / "pages.wacz")

    return pack


def test_the_manifest_has_every_file_and_its_hash(packed: Callable[[], zipfile.ZipFile]) -> None:
    with packed() as wacz:
        assert wacz.testzip() is None
        manifest = wacz.read("datapackage.json")
        about, digest = json.loads(manifest), json.loads(wacz.read("datapackage-digest.json"))
        assert digest == {"path": "datapackage.json", "hash": f"sha256:{sha256(manifest).hexdigest()}"}
        assert (about["profile"], about["wacz_version"]) == ("data-package", "1.1.1")
        listed = {each["path"]: (each["hash"], each["bytes"]) for each in about["resources"]}
        there = [name for name in wacz.namelist() if not name.startswith("datapackage")]
        assert set(there) == set(listed) == {"archive/pages.warc.gz", "indexes/index.cdx", "pages/pages.jsonl"}
        for name in there:
            content = wacz.read(name)
            assert listed[name] == (f"sha256:{sha256(content).hexdigest()}", len(content))
        assert wacz.getinfo("archive/pages.warc.gz").compress_type == zipfile.ZIP_STORED  # for access by ranges


def test_the_index_leads_to_each_page(packed: Callable[[], zipfile.ZipFile], kept: Any) -> None:
    with packed() as wacz:
        archive = wacz.read("archive/pages.warc.gz")
        lines = wacz.read("indexes/index.cdx").decode().splitlines()
        heading, *pages = map(json.loads, wacz.read("pages/pages.jsonl").decode().splitlines())
    assert lines == sorted(lines)
    assert heading["format"] == "json-pages-1.0"
    assert [page["url"] for page in pages] == [kept.site.url("/list")] * 2
    found = {}
    for line in lines:
        key, at, text = line.split(" ", 2)
        about = json.loads(text)
        record = next(ArchiveIterator(io.BytesIO(archive[about["offset"] :][: about["length"]])))
        assert record.rec_headers.get_header("WARC-Target-URI") == about["url"]
        assert at == "".join(filter(str.isdigit, record.rec_headers.get_header("WARC-Date")))
        assert (key, about["status"]) == (f"1,0,0,127:{kept.site.port})/list", 200)
        assert (record.rec_type == "revisit") == (about["mime"] == "warc/revisit")
        found[record.rec_headers.get_header("WARC-Date")] = about["mime"]
    assert {page["ts"] for page in pages} <= found.keys()
    assert set(found.values()) == {"warc/revisit", "application/json"}


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://www.Example.org/index.html", "org,example,www)/index.html"),
        ("http://example.org:8080/A?B=c#d", "org,example:8080)/a?b=c"),
        ("https://example.org", "org,example)"),
    ],
)
def test_an_address_is_sorted_as_cdxj_says(url: str, key: str) -> None:
    assert _sort_key(url) == key


def test_a_file_that_is_there_stays(packed: Callable[[], zipfile.ZipFile], kept: Any, folder: Path) -> None:
    packed().close()
    before = (folder / "pages.wacz").read_bytes()
    for name, says in (("pages.wacz", "already there"), ("pages.zip", "end with .wacz")):
        ran = kept.run("evidence", "--wacz", name)
        assert (ran.code, says in ran.err) == (2, True), ran.err
    assert (folder / "pages.wacz").read_bytes() == before


@pytest.mark.skipif(VALIDATOR is None, reason="the package wacz is not installed: WACZ=folder/bin says where it is")
def test_the_validator_of_the_format_finds_it_valid(packed: Callable[[], zipfile.ZipFile], folder: Path) -> None:
    packed().close()
    assert VALIDATOR
    argv = [VALIDATOR, "validate", "-f", "pages.wacz"]
    ran = subprocess.run(argv, cwd=folder, capture_output=True, timeout=60, check=False)
    assert (ran.returncode, b"the passed WACZ is valid" in ran.stdout) == (0, True), ran
