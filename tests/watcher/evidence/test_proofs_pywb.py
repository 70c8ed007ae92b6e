"""Evidence in pywb, which most web archives use: it finds every page, and serves the same bytes.

pywb pins old versions and is not a dependency. It is searched on the PATH and in $PYWB, the bin folder of an
environment of its own: python3 -m venv /tmp/pywb && /tmp/pywb/bin/pip install "setuptools<81" pywb
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

WAYBACK = shutil.which("wayback", path=os.pathsep.join([os.environ.get("PYWB", ""), os.environ.get("PATH", "")]))

pytestmark = pytest.mark.skipif(WAYBACK is None, reason="pywb is not installed: PYWB=folder/bin says where it is")


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Any]:
    """Opens files in pywb: a function from them to what it indexed, and to its address."""
    running: list[subprocess.Popen[bytes]] = []

    def show(files: list[Path]) -> tuple[list[tuple[str, str]], str]:
        assert WAYBACK
        manager = str(Path(WAYBACK).with_name("wb-manager"))
        for argv in (["init", "kept"], ["add", "kept", *map(str, files)]):
            subprocess.run([manager, *argv], cwd=tmp_path, check=True, capture_output=True, timeout=60)
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        argv = [WAYBACK, "-b", "127.0.0.1", "-p", str(port)]
        running.append(subprocess.Popen(argv, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        index = (tmp_path / "collections" / "kept" / "indexes" / "index.cdxj").read_text().splitlines()
        found = [(line.split(" ", 2)[1], json.loads(line.split(" ", 2)[2])["url"]) for line in index]
        return found, f"http://127.0.0.1:{port}/kept/"

    yield show
    for each in running:
        each.terminate()
        each.wait(60)


def fetched(address: str) -> bytes:
    for _ in range(60):
        with suppress(OSError), urllib.request.urlopen(address, timeout=5) as answer:
            body: bytes = answer.read()
            return gzip.decompress(body) if answer.headers.get("Content-Encoding") == "gzip" else body
        time.sleep(0.5)
    raise TimeoutError(address)


def test_every_page_is_found_and_is_what_it_was(kept: Any, archive: Any) -> None:
    kept.configure(evidence="")
    kept.check()  # kept as a resource when the next one comes
    kept.configure()
    bodies = {b'[{"name": "Telegram", "branch": "A"}]'}
    for branch in "BCB":  # the last one is a revisit
        body = json.dumps([{"name": "Telegram", "branch": branch}]).encode()
        packed = {"Content-Encoding": "gzip"}
        kept.site.page("/list", gzip.compress(body, mtime=0), type="application/json", headers=packed)
        time.sleep(1.1)  # archives tell times to the second
        assert kept.check()["status"] == "ok"
        bodies.add(body)
    found, address = archive(kept.files)
    assert {url for _, url in found} == {kept.site.url("/list")}
    seen = [fetched(f"{address}{at}id_/{url}") for at, url in found]
    assert (len(seen), set(seen)) == (4, bodies)
