"""The whole program with sources that a browser renders: `watch --once`, evidence, mails, and a browser that runs already."""

from __future__ import annotations

import re
import shlex
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from tests.browser import chromium
from tests.browser.rendering.conftest import Renderer
from tests.conftest import PostOffice, Site

UNIT = Path(__file__).parents[3] / "systemd/registry-watch-browser.service"

CONFIG = """
state = "sqlite:///state.db"
[http]
private_addresses = "allow"
timeout = "60s"
[evidence]
[sources.list]
kind = "table"
url = "{url}"
key = "name"
fetch = "browser"
wait_for = "td"
screenshot = true
[entities.telegram]
names = ["Telegram"]
[channels.desk]
url = "{mail}"
[[alerts]]
to = ["desk"]
"""


def watch(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "watcher.cli", *words]
    if words[:1] == ("--once",):
        command += ["--config", str(folder / "watch.toml")]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=110, check=False)


def filled(*names: str) -> str:
    rows = "".join(f"<tr><td>{name}</td></tr>" for name in names)
    script = f"document.querySelector('tbody').innerHTML = '{rows}'; fetch('/data')"
    return f"<table><thead><tr><th>name</th></tr></thead><tbody></tbody></table><script>{script}</script>"


@pytest.fixture
def changed(site: Site, post_office: PostOffice, tmp_path: Path) -> Path:
    """A folder in which a change was seen."""
    site.page("/data", {"secret": "data"}, headers={"Set-Cookie": "session=geheim"})
    (tmp_path / "watch.toml").write_text(CONFIG.format(url=site.url("/"), mail=post_office.url("desk@example.org")))
    for names in (("MAX", "VK"), ("MAX", "VK", "Telegram")):
        site.page("/", filled(*names))
        ran = watch(tmp_path, "--once")
        assert ran.returncode == 0, ran.stdout + ran.stderr
    return tmp_path


def records(folder: Path) -> Iterator[tuple[str, str, str, bytes]]:
    for file in sorted((folder / "evidence").glob("*.warc.gz")):
        with file.open("rb") as stream:
            for record in ArchiveIterator(stream):
                headers = record.rec_headers
                uri, type_ = headers.get_header("WARC-Target-URI") or "", headers.get_header("Content-Type")
                yield record.rec_type, uri, type_, record.content_stream().read()


def test_a_rendered_change_is_alerted_with_its_screenshot_and_kept_as_evidence(
    changed: Path, site: Site, post_office: PostOffice
) -> None:
    kept = list(records(changed))
    documents = [body for kind, uri, _, body in kept if kind == "resource" and uri == site.url("/")]
    pictures = [body for _, uri, type_, body in kept if uri == f"screenshot:{site.url('/')}" and type_ == "image/png"]
    reported = [body for kind, uri, _, body in kept if kind == "response" and uri == site.url("/data")]
    assert {b"<td>Telegram</td>" in body for body in documents} == {False, True}
    assert {body[:4] for body in pictures} == {b"\x89PNG"}
    assert {b"secret" in body for body in reported} == {True}
    assert not any(b"geheim" in body for *_, body in kept)

    files = [part.get_filename() for part in post_office.mails[-1].iter_attachments()]
    types = [part.get_content_type() for part in post_office.mails[-1].iter_attachments()]
    assert len(files) == 2
    assert sorted(types) == ["image/png", "text/html"]


def test_the_evidence_of_a_rendered_page_verifies_and_gives_a_proof(changed: Path) -> None:
    config = ("--config", str(changed / "watch.toml"))
    assert watch(changed, "verify", *config).returncode == 0
    ran = watch(changed, "evidence", *config, "--out", str(changed / "proof"))
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert (changed / "proof/page-after.png").read_bytes()[:4] == b"\x89PNG"
    assert "rendered it" in (changed / "proof/proof.html").read_text()
    assert watch(changed, "verify", str(changed / "proof")).returncode == 0


def unit_command(port: int, profile: Path) -> list[str]:
    """Chromium as the unit starts it, on another port; root starts it without its sandbox."""
    line = UNIT.read_text().partition("ExecStart=")[2].replace("\\\n", " ").splitlines()[0]
    words = shlex.split(line.replace("9222", str(port)).replace("/tmp/profile", str(profile)))
    return [chromium.path() or "", *words[1:], "--no-sandbox"]


def test_a_browser_that_runs_already_as_in_the_unit_is_guarded_as_well(
    site: Site, trap: Site, tmp_path: Path, new_renderer: Callable[..., Renderer]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    away = (
        f"<img src='{trap.url('/x.png', host='127.0.0.2')}'><script>fetch('{trap.url('/', host='127.0.0.2')}')</script>"
    )
    site.page("/", filled("Telegram") + away)
    site.page("/data", {})
    running = subprocess.Popen(unit_command(port, tmp_path / "p"), stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.2)
        renderer = new_renderer(endpoint=f"http://127.0.0.1:{port}")
        page = renderer.visit(site.url("/"), wait_for="td")
        assert re.search("<td>Telegram</td>", page.text)
        assert (trap.connections, running.poll()) == (0, None)
    finally:
        running.terminate()
        running.wait(20)
