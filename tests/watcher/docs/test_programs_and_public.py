"""docs/programs.md and docs/public.md, followed step by step: what they show is what happens."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from starlette.testclient import TestClient

from state.store import Store
from watcher.config.load import load
from watcher.web.desk import Desk
from watcher.web.server import create_app

DOCS = Path(__file__).parents[3] / "docs"
SOURCE = """
[sources.register]
kind = "json"
url = "{url}"
items = "@"
key = "Name"
"""


def block(document: str, language: str) -> str:
    """The first example in a language."""
    return re.findall(rf"```{language}\n(.*?)```", (DOCS / document).read_text(encoding="utf-8"), re.DOTALL)[0]


def show(site: Any, status: str) -> None:
    site.page("/register", [{"Name": "Sable", "Status": status}, {"Name": "Other", "Status": status.lower()}])


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[int, Any]]:
    """The receiver of the document as a process, on a free port; its port, and the process."""
    monkeypatch.setenv("SIGNING", f"whsec_{b64encode(b'r' * 32).decode()}")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    code = block("programs.md", "python").replace("8351", str(port))
    argv = [sys.executable, "-c", code]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        while not listening(port):
            assert process.poll() is None
        yield port, process
        process.terminate()


def listening(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except ConnectionRefusedError:
        return False
    return True


def test_tell_a_program(site: Any, configure: Callable[..., Any], watch: Any, receiver: tuple[int, Any]) -> None:
    port, process = receiver
    assert len(block("programs.md", "python").strip().splitlines()) <= 32
    toml = block("programs.md", "toml").replace("8351", str(port))
    configure(toml + SOURCE.format(url=site.url("/register")))
    assert watch("check-config").code == 0
    assert watch("alert-test", "program").code == 0
    for status in ("Active", "Revoked", "Revoked"):
        show(site, status)
        assert watch("--once").code == 0
    process.terminate()
    told = process.stdout.read().splitlines()
    assert [line.split()[0] for line in told] == ["test", "baseline", "change"]
    assert told[-1] == "change register Sable"


@pytest.fixture
def newsroom(site: Any, configure: Callable[..., Any], post_office: Any) -> Path:
    """The configuration of the document, with a mail server and a chat on loopback."""
    toml = block("public.md", "toml")
    toml = re.sub(r'url = "mailtos:.*"', f'url = "{post_office.url("desk@example.org")}"', toml)
    toml = re.sub(r'url = "tgram:.*"', f'url = "{site.url("/public").replace("http", "json")}"', toml)
    toml = toml.replace("https://watch.example.org", "http://127.0.0.1:8350")
    site.page("/public")
    more = '[http]\nprivate_addresses = "allow"\nspacing = "0s"\n' + SOURCE.format(url=site.url("/register"))
    path: Path = configure(toml + more)
    return path


def test_tell_the_public(site: Any, watch: Any, newsroom: Path, post_office: Any) -> None:
    checked = watch("check-config")
    assert (checked.code, "public: The register: Sable Capital Ltd" in checked.out) == (0, True)
    for status in ("Active", "Revoked"):
        show(site, status)
        assert watch("--once").code == 0
    assert [asked.path for asked in site.requests].count("/public") == 0
    asked = [mail for mail in post_office.mails if "To approve" in mail["Subject"]]
    config = load(newsroom)
    with Store.open(config.state) as store:
        desk = TestClient(create_app(Desk(config, store, "0123456789abcdef")), "http://127.0.0.1:8350")
        texts = []
        for mail in asked:
            text = mail.get_body(("plain",)).get_content()
            link = re.search(r"Approve: (\S+)", text)
            assert link
            assert desk.post(urlsplit(link[1]).path).status_code == 200
            texts.append(text)
    assert watch("--once").code == 0
    sent = [json.loads(each.body) for each in site.requests if each.path == "/public"]
    assert sorted(each["title"] for each in sent) == ["register: Other", "register: Sable"]
    assert "Status: Active → Revoked" in next(each["message"] for each in sent if "Sable" in each["title"])
    assert all("Status:" in text for text in texts)
