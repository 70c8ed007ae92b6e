"""README.md and docs/start.md, followed line by line in a new folder, with fake hosts on loopback."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

ROOT = Path(__file__).parents[3]
MAIL = "mailtos://${SMTP_USER}:${SMTP_PASSWORD}@smtp.example.org?to=desk@example.org"
ELSEWHERE = {
    "mkdir registers && cd registers",
    "watch import urls.yaml",
    "watch doctor",
}  # in tests/systemd/test_new_user.py
LOOPBACK = '\n[http]\nprivate_addresses = "allow"\nspacing = "0s"\n'


class Block(NamedTuple):
    language: str
    text: str


class Ran(NamedTuple):
    code: int
    out: str
    err: str = ""


def blocks(document: str, until: str = "\0") -> list[Block]:
    text = (ROOT / document).read_text(encoding="utf-8").partition(f"\n{until}")[0]
    return [Block(*found) for found in re.findall(r"```(sh|toml)\n(.*?)```", text, re.DOTALL)]


class Reader:
    """Somebody who types each line of a document in an empty folder, and puts what it shows at the end of watch.toml."""

    def __init__(self, folder: Path, stand_ins: dict[str, str]) -> None:
        self.folder, self._stand_ins = folder, stand_ins
        (folder / ".venv").symlink_to(Path(sys.executable).parents[1])  # as a clone has it after `make demo`
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        self._environment = {"PATH": path, "HOME": str(folder), "LANG": "C.UTF-8", "TERM": "dumb"}
        self.ran: dict[str, list[Ran]] = {}

    def here(self, text: str) -> str:
        """A text with the stand-ins in the place of the hosts that it names."""
        for host, stand_in in self._stand_ins.items():
            text = text.replace(host, stand_in)
        return text

    def write(self, text: str) -> None:
        with (self.folder / "watch.toml").open("a", encoding="utf-8") as file:
            file.write(self.here(f"\n{text}"))

    def types(self, line: str) -> Ran:
        """Run a line, which must succeed."""
        words = shlex.split(line, comments=True)
        if words[0] == "export":
            self._environment |= dict(word.split("=", 1) for word in words[1:])
            return Ran(0, "")
        daemon = len(words) == 1
        ran = self._for_a_while(words) if daemon else self._asked(line) if words[1] == "add" else self._at_once(line)
        assert ran.code == 0, (line, ran)
        self.ran.setdefault(" ".join(words[1:]) or "daemon", []).append(ran)
        return ran

    def _at_once(self, line: str) -> Ran:
        command = ["sh", "-c", self.here(line)]
        ran = subprocess.run(
            command, cwd=self.folder, env=self._environment, capture_output=True, text=True, timeout=120, check=False
        )
        return Ran(ran.returncode, ran.stdout, ran.stderr)

    def _asked(self, line: str) -> Ran:
        """Run a line at a terminal. Answer `y` to the last question, and Enter to those that propose an answer."""
        terminal, end = os.openpty()
        command = ["sh", "-c", self.here(line)]
        with subprocess.Popen(
            command, cwd=self.folder, env=self._environment, stdin=end, stdout=end, stderr=end
        ) as process:
            os.close(end)
            said, answered = "", 0
            while piece := _read(terminal):
                said += piece
                if said[answered:].rstrip().endswith("]") and "? [" in said[answered:]:
                    os.write(terminal, b"y\n" if said.rstrip().endswith("[y/N]") else b"\n")
                    answered = len(said)
            code = process.wait(60)
        os.close(terminal)
        return Ran(code, said)

    def _for_a_while(self, words: list[str]) -> Ran:
        """Run the daemon until it says that it watches, and end it as Ctrl+C does."""
        log = self.folder / "log"
        with (
            log.open("w") as errors,
            subprocess.Popen(
                words, cwd=self.folder, env=self._environment, stderr=errors, executable=self._program(words[0])
            ) as process,
        ):
            ends = time.monotonic() + 60
            while "watching " not in log.read_text() and process.poll() is None and time.monotonic() < ends:
                time.sleep(0.05)
            process.send_signal(signal.SIGINT)
            code = process.wait(60)
        return Ran(code, "", log.read_text())

    def _program(self, word: str) -> str:
        return str(self.folder / word if "/" in word else Path(sys.executable).parent / word)


def _read(terminal: int) -> str:
    """What comes from a terminal; nothing at its end, which Linux tells by an error."""
    try:
        return os.read(terminal, 65_536).decode("utf-8", "replace")
    except OSError:
        return ""


@pytest.fixture
def reader(tmp_path: Path, post_office: Any, site: Any) -> Callable[[str], Reader]:
    def make(host: str) -> Reader:
        return Reader(tmp_path, {MAIL: post_office.url("desk@example.org"), host: site.url("")})

    return make


def document(number: int, title: str) -> dict[str, Any]:
    return {
        "document_number": f"2025-{number:05}",
        "title": title,
        "type": "Notice",
        "abstract": "",
        "html_url": f"https://example.org/{number}",
        "publication_date": "2025-07-14",
        "agencies": [{"name": "Commission"}],
    }


@pytest.mark.timeout(300)
def test_the_readme_works_line_by_line(reader: Callable[[str], Reader], site: Any, post_office: Any) -> None:
    """Its source is the one of `watch init`, whose preset names the host: a line below its kind names the stand-in."""
    reading = reader("https://www.federalregister.gov")
    site.page("/documents", {"results": _notices()})
    make, *rest = blocks("README.md")
    targets = {line.split()[1] for line in make.text.splitlines()}
    assert all(re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE) for target in targets)
    for block in rest:
        if block.language == "toml":
            reading.write(block.text)
            site.page("/documents", {"results": [document(9, "In the matter of Telegram"), *_notices()]})
            continue
        for line in filter(None, (line.partition("#")[0].rstrip() for line in block.text.splitlines())):
            reading.types(line)
            if line.endswith(" init"):
                _stand_in(reading.folder / "watch.toml", site.url("/documents"))
    ran = reading.ran
    assert ran["try federal-register --limit 3"][0].out.endswith(
        "5 entries on 1 page, of which these are the first 3\n"
    )
    assert ["5 entries" in once.out for once in ran["--once"]] == [True, True, False]
    assert "In the matter of Telegram [telegram]" in ran["--once"][2].out
    assert "1 channel" in ran["check-config --offline"][0].out
    assert "In the matter of Telegram" in " ".join(ran["deliveries --sent"][0].out.split())
    assert "In the matter of Telegram" in ran["log"][0].out + ran["case telegram"][0].out
    assert ran["evidence"][0].out.startswith("wrote proof-")
    assert [mail["Subject"] for mail in post_office.mails if "Telegram" in str(mail["Subject"])]
    assert "watching 1 source" in ran["daemon"][0].err


def _notices() -> list[dict[str, Any]]:
    return [document(number, f"Notice {number}") for number in range(5)]


def _stand_in(file: Path, url: str) -> None:
    text = file.read_text(encoding="utf-8")
    kind = 'kind = "federal_register"\n'
    assert text.count(kind) == 1
    file.write_text(text.replace(kind, f'{kind}url = "{url}"\n') + LOOPBACK, encoding="utf-8")


@pytest.mark.timeout(300)
def test_the_first_five_minutes_work_line_by_line(reader: Callable[[str], Reader], site: Any, post_office: Any) -> None:
    reading = reader("https://regulator.example")
    row = "<tr><td>{0:04}</td><td>Firm {0}</td><td>{1}</td></tr>"
    page = "<title>Register</title><table><tr><th>Licence number</th><th>Name</th><th>Status</th></tr>{}</table>"
    firms = [row.format(number, "active") for number in range(6)]
    site.page("/register", page.format("".join(firms)))
    site.page("/documents", {"results": _notices()})
    wheel, *rest, at_another_terminal = blocks("docs/start.md", until="## What")
    assert "pip install" in wheel.text
    assert "watch check regulator" in at_another_terminal.text
    for block in rest:
        if block.language == "toml":
            reading.write(block.text)
            continue
        for line in filter(None, (line.partition("#")[0].rstrip() for line in block.text.splitlines())):
            if line not in ELSEWHERE:
                reading.types(line)
            if line == "watch init":
                _stand_in(reading.folder / "watch.toml", site.url("/documents"))
    site.page("/register", page.format("".join([*firms[:5], row.format(5, "suspended")])))
    reading.types("watch --once")
    ran = reading.ran
    assert "Firm 0" in ran["try regulator"][0].out
    assert "6 entries" in ran["--once"][0].out
    assert "Status: active → suspended" in ran["--once"][1].out
    assert ran["alert-test desk"][0].out.startswith("desk: sent")
    assert len(post_office.mails) >= 1
    assert "watching 2 sources" in ran["daemon"][0].err
