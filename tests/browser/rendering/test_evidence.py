"""The whole program with sources that a browser renders: `watch --once`, evidence, mails, and a browser that runs already."""

from __future__ import annotations

import io
import json
import re
import shlex
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageChops
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


def red(picture: bytes) -> tuple[int, int, int, int] | None:
    """The box of what is drawn in the colour of the mark: left, top, right, bottom."""
    with Image.open(io.BytesIO(picture)) as image:
        channels = image.convert("RGB").split()
    exact = [
        channel.point([255 * (each == wanted) for each in range(256)])
        for channel, wanted in zip(channels, (214, 0, 0), strict=True)
    ]
    return ImageChops.multiply(ImageChops.multiply(exact[0], exact[1]), exact[2]).getbbox()


def test_the_changed_row_is_marked_in_the_mail_and_the_evidence_is_as_it_was(
    changed: Path, site: Site, post_office: PostOffice
) -> None:
    (sent,) = (
        part.get_content()
        for part in post_office.mails[-1].iter_attachments()
        if part.get_content_type() == "image/png"
    )
    kept = [(uri, type_, body) for _, uri, type_, body in records(changed)]
    assert [red(body) for _, type_, body in kept if type_ == "image/png"] == [None, None]
    described = [json.loads(body) for uri, type_, body in kept if not uri and type_ == "application/json"]
    marked = {each["kind"]: each["pages"][0]["rendered"]["marked"] for each in described}
    assert marked["baseline"] == {}
    ((left, top, width, height),) = marked["changed"].values()
    assert red(sent) == (left - 2, top - 2, left + width + 3, top + height + 3)
    assert top > 3 * height, "below the headings and the other rows"


def test_the_evidence_of_a_rendered_page_verifies_and_gives_a_proof(changed: Path) -> None:
    config = ("--config", str(changed / "watch.toml"))
    assert watch(changed, "verify", *config).returncode == 0
    ran = watch(changed, "evidence", *config, "--out", str(changed / "proof"))
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert (changed / "proof/page-after.png").read_bytes()[:4] == b"\x89PNG"
    page = (changed / "proof/proof.html").read_text()
    assert "it keeps the page as\nChromium" in page
    assert re.search(r"Record \d+ holds that page\. ", page), "there is no answer of a server around it"
    assert "the very answer" not in page
    assert watch(changed, "verify", str(changed / "proof")).returncode == 0


def test_the_page_of_each_entry_is_rendered_and_waits_for_nothing_of_the_list(site: Site, tmp_path: Path) -> None:
    items = "".join(f"<li><a href='/entry-{n}'>Firm {n}</a></li>" for n in range(3))
    site.page("/", f'<ul></ul><script>document.querySelector("ul").innerHTML = "{items}"</script>')
    for n in range(3):
        said = f"<p class='status'>Active {n}</p>"
        site.page(
            f"/entry-{n}",
            f'<main></main><script>setTimeout(() => {{ document.body.innerHTML = "{said}" }}, 300)</script>',
        )
    (tmp_path / "watch.toml").write_text(
        'state = "sqlite:///state.db"\n[http]\nprivate_addresses = "allow"\nspacing = "0s"\ntimeout = "20s"\n'
        f'[sources.list]\nkind = "list"\nurl = "{site.url("/")}"\nitem = "li"\nfetch = "browser"\nwait_for = "li"\n'
        'detail = { link = "a@href", wait_for = ".status", fields = { status = ".status" } }\n'
    )
    ran = watch(tmp_path, "--once")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    ran = watch(tmp_path, "entries", "list", "--json", "--config", str(tmp_path / "watch.toml"))
    statuses = [entry["fields"].get("status") for entry in json.loads(ran.stdout)["entries"]]
    assert sorted(statuses) == ["Active 0", "Active 1", "Active 2"], ran.stdout


@pytest.mark.parametrize("path", ["/private", "/"])
def test_what_robots_txt_forbids_is_not_rendered_nor_read_where_a_redirect_leads_to_it(
    path: str, site: Site, tmp_path: Path
) -> None:
    site.page("/robots.txt", "User-agent: *\nDisallow: /private\n", type="text/plain")
    site.page("/private", filled("Telegram"))
    site.redirect("/", "/private")
    (tmp_path / "watch.toml").write_text(
        'state = "sqlite:///state.db"\n[http]\nprivate_addresses = "allow"\nrobots = "obey"\n'
        f'[sources.list]\nkind = "table"\nkey = "name"\nurl = "{site.url(path)}"\nfetch = "browser"\nwait_for = "td"\n'
    )
    (said,) = json.loads(watch(tmp_path, "--once", "--json").stdout)["sources"]
    assert (said["status"], said["reason"]) == ("failing", "robots")
    assert site.paths[0] == "/robots.txt"
    assert path == "/" or site.paths == ["/robots.txt"]


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
        running.wait(60)
