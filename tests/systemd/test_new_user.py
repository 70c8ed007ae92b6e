"""A new user's hour: docs/start.md and docs/operate.md typed line by line into a bare Debian, with commands and minutes.

Nothing in the lines or in the configuration stands for something else. The hosts that the documents name have addresses
that count as public ones, on the loopback of the machine's network, which leads nowhere; the machine trusts the
authority of their certificates. `make new-user` prints the table.
"""

from __future__ import annotations

import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from aiosmtpd.smtp import AuthResult

from tests import debian
from tests.certificates import self_signed
from tests.systemd.machine import ROOT, Machine, in_network_of, reason_not_to_boot, tree_files, wait_for, wheels_of
from tests.systemd.terminal import Terminal, Typed

USER, HOME = "editor", "/home/editor"
FOLDER = f"{HOME}/registers"  # as docs/start.md has it
ADDRESS = "11.0.0.1"
HOSTS = ("www.federalregister.gov", "regulator.example", "press.example", "smtp.example.org")
PAGE = "<title>Register</title><table><tr><th>Licence number</th><th>Name</th><th>Status</th></tr>{}</table>"
FIRMS = ("Firm A", "Firm B", "Firm C", "Telegram FZ-LLC")
JOBS = "name: Press office\nurl: https://press.example/notices\nfilter:\n  - html2text\n"
PASSWORD = "secret"  # as docs/start.md has it
# What an editor is to the one who uses it: the file afterwards has what they meant.
EDITOR = """#!/bin/sh
for file do :; done   # the last argument; one before it may be a line to begin at
if grep -q '^### Edits below' "$file"
then sed -i '/^### Edits below/e cat /srv/meant' "$file"
else cat /srv/meant > "$file"
fi
"""


class Stage(NamedTuple):
    """The machine, and the world that it sees."""

    machine: Machine
    site: Any
    office: Any

    def shows(self, status: str) -> None:
        """What the register says of the last firm from now on."""
        rows = [f"<tr><td>{number:04}</td><td>{firm}</td><td>active</td></tr>" for number, firm in enumerate(FIRMS)]
        rows[-1] = rows[-1].replace("active", status)
        self.site.page("/register", PAGE.format("".join(rows)))

    def mails(self) -> list[str]:
        return [str(mail["Subject"]) for mail in self.office.mails]

    def told(self, status: str) -> str:
        """Wait for the mail that tells of a status; its subject."""
        found: str = wait_for(lambda: next((each for each in self.mails() if status in each), None), 30, "no mail")
        return found


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    if reason := reason_not_to_boot() or debian.reason_not_to_make():
        pytest.skip(reason)
    booted = Machine(tmp_path, debian.bare("systemd-sysv", "dbus", "sudo"))
    try:
        booted.run("useradd", "--create-home", "--shell", "/bin/bash", USER)
        booted.write("/etc/sudoers.d/editor", f"{USER} ALL=(ALL) NOPASSWD: ALL\n", 0o440)
        booted.write("/usr/bin/editor", EDITOR, 0o755)
        yield booted
    finally:
        booted.close()


@pytest.fixture
def record(machine: Machine, tmp_path: Path) -> list[Typed]:
    """What somebody has who begins: the packages that the document names, a clone, the wheel, and a package index."""
    (named,) = re.findall(r"`(apt install [^`]+)`", (ROOT / "docs/operate.md").read_text(encoding="utf-8"))
    machine.online("apt-get", "update", "--quiet")
    began = time.monotonic()
    machine.online(*named.split(), "--yes", DEBIAN_FRONTEND="noninteractive")
    installed = Typed(f"sudo {named}", "", time.monotonic() - began)
    machine.copy(tree_files(), ROOT, f"{HOME}/registry-watch")
    shutil.copy(wheel(tmp_path), machine.root / HOME.lstrip("/"))
    machine.write(f"{HOME}/urls.yaml", JOBS)
    machine.run("chown", "-R", f"{USER}:{USER}", HOME)
    wheels = wheels_of(machine, f"{HOME}/registry-watch")
    machine.copy([file.name for file in wheels.iterdir()], wheels, "/srv/wheels")
    machine.write("/etc/pip.conf", "[global]\nno-index = true\nfind-links = /srv/wheels\n")
    return [installed]


@pytest.fixture
def stage(
    machine: Machine,
    record: list[Typed],
    tmp_path: Path,
    new_site: Callable[..., Any],
    new_post_office: Callable[..., Any],
) -> Iterator[Stage]:
    """The hosts that the documents name."""
    enter = ["nsenter", f"--net=/proc/{machine.pid}/ns/net"]
    subprocess.run([*enter, "ip", "address", "add", f"{ADDRESS}/32", "dev", "lo"], check=True)
    with (machine.root / "etc/hosts").open("a") as hosts:
        hosts.write(f"127.0.0.1 localhost {socket.gethostname()}\n{ADDRESS} {' '.join(HOSTS)}\n")
    made = self_signed(tmp_path, hosts=HOSTS)
    assert made
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(made)
    certificate = made.read_text().partition("-----BEGIN PRIVATE KEY-----")[0]
    machine.write("/usr/local/share/ca-certificates/stage.crt", certificate)
    machine.run("update-ca-certificates")
    with in_network_of(machine.pid):
        office = new_post_office((ADDRESS, 587), tls_context=context, authenticator=known, auth_required=True)
        site = new_site(context, (ADDRESS, 443))
        site.page("/api/v1/documents.json", {"results": [notice(number) for number in range(5)]})
        site.page("/notices", "<title>Notices</title><ul><li>Hearing on Monday</li><li>Results</li></ul>")
        stage = Stage(machine, site, office)
        stage.shows("not met")
        yield stage


def known(server: Any, session: Any, envelope: Any, mechanism: str, given: Any) -> AuthResult:
    return AuthResult(success=given.password == PASSWORD.encode())


def notice(number: int) -> dict[str, Any]:
    return {
        "document_number": f"2025-{number:05}",
        "title": f"Notice {number}",
        "type": "Notice",
        "abstract": "",
        "html_url": f"https://example.org/{number}",
        "publication_date": "2025-07-14",
        "agencies": [{"name": "Commission"}],
    }


def blocks(document: str, heading: str = "") -> list[tuple[str, str]]:
    """The blocks of a document, or of what is below one of its headings: each with its language."""
    text = (ROOT / "docs" / document).read_text(encoding="utf-8")
    text = text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0] if heading else text
    return re.findall(r"```(sh|toml|ini)\n(.*?)```", text, re.DOTALL)


def lines(block: str) -> list[str]:
    """What is typed: without comments."""
    return [typed for line in block.splitlines() if (typed := re.sub(r"(^|\s+)#.*", "", line))]


@pytest.mark.timeout(1800)
def test_a_new_user_s_hour(stage: Stage, record: list[Typed], capsys: pytest.CaptureFixture[str]) -> None:
    try:
        with Terminal(stage.machine, USER, record) as terminal:
            try:
                start(stage, terminal, record)
                serve(stage, terminal)
            except AssertionError:
                print(terminal.reads(), *(each.said for each in record[-2:]), sep="\n---\n")
                raise
    finally:
        with capsys.disabled():
            print(table(record))
    assert sum(each.seconds for each in record) < 3600


def wheel(folder: Path) -> Path:
    """The one of this tree."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder / "dist")]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=60)
    (built,) = (folder / "dist").iterdir()
    return built


def start(stage: Stage, terminal: Terminal, record: list[Typed]) -> None:
    """docs/start.md: from the wheel to the first alert by mail."""
    *first, (_, at_another_terminal) = blocks("start.md", "In five minutes")
    for language, block in first:
        if language == "toml":
            with (stage.machine.root / FOLDER.lstrip("/") / "watch.toml").open("a") as file:
                file.write(f"\n{block}")
        else:
            begin(stage, terminal, block)
    stage.shows("under approval")
    with Terminal(stage.machine, USER, record) as another:
        for line in (". watching/bin/activate", f"cd {FOLDER}", *lines(at_another_terminal)):
            another.types(line)
        assert stage.told("under approval").startswith("Telegram")
    assert "Status: not met → under approval" in terminal.ends()


def begin(stage: Stage, terminal: Terminal, block: str) -> None:
    for line in lines(block):
        if line == "watch import urls.yaml":
            stage.machine.run("mv", f"{HOME}/urls.yaml", FOLDER)
        if line == "watch":
            terminal.starts(line, "watching ")
        else:
            terminal.types(line)


def serve(stage: Stage, terminal: Terminal) -> None:
    """docs/operate.md: the service, which goes on with what the folder knows, and one change told."""
    follow(terminal, "Install", f"cd {HOME}/registry-watch")
    means(stage.machine, for_the_service((stage.machine.root / FOLDER.lstrip("/") / "watch.toml").read_text()))
    follow(terminal, "From a folder to the service", f"cd {FOLDER}")
    give_the_secret(stage.machine, terminal)
    means(stage.machine, (stage.machine.root / "etc/registry-watch/watch.toml").read_text())
    stage.shows("approved")  # a change for those who know what was there before: the folder's state came along
    follow(terminal, "First alert")
    assert stage.told("approved").startswith("Telegram")
    terminal.types("sudo registry-watch doctor")


def follow(terminal: Terminal, heading: str, *first: str) -> None:
    """Type what docs/operate.md has below a heading."""
    for line in (*first, *lines(blocks("operate.md", heading)[0][1])):
        terminal.types(line)


def means(machine: Machine, text: str) -> None:
    """What the user has in mind when an editor opens."""
    machine.write("/srv/meant", text)


def for_the_service(text: str) -> str:
    """watch.toml as the document says that it has to be changed."""
    text = re.sub(r'(?m)^state = "[^"]+"', 'state = "sqlite:////var/lib/registry-watch/state.db"', text)
    return text.replace("${SMTP_PASSWORD}", "${credential:smtp-password}").replace("${SMTP_USER}", "you")


def give_the_secret(machine: Machine, terminal: Terminal) -> None:
    (_, typed), (_, unit), *_ = blocks("operate.md", "Secrets")
    means(machine, unit)
    for line in lines(typed):
        terminal.types(line, f"{PASSWORD}\n\x04" if "cat >" in line else "")


def table(record: list[Typed]) -> str:
    """Each command with its seconds, and the minutes that have passed."""
    passed, rows = 0.0, ["", "passed   seconds  command"]
    for each in record:
        passed += each.seconds
        rows.append(f"{int(passed // 60):3}:{int(passed % 60):02}  {each.seconds:8.1f}  {each.line}")
    return "\n".join([*rows, f"{len(record)} commands in {passed / 60:.1f} minutes"])
