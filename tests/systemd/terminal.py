"""A shell at a terminal of a machine, into which lines are typed as somebody would who reads them in a document."""

from __future__ import annotations

import os
import re
import select
import subprocess
import time
from typing import NamedTuple, Self

from tests.systemd.machine import Machine

PROMPT = re.compile(r"\[(\d+)\] % \Z")
HOME = "/home/{user}"
SHELL = ("setsid", "--ctty", "bash", "--norc", "--noediting", "-i")


class Typed(NamedTuple):
    """A line, and what came of it."""

    line: str
    said: str
    seconds: float


class Terminal:
    """A user's. A line that fails, or that asks what is not answered, is an error."""

    def __init__(self, machine: Machine, user: str, record: list[Typed]) -> None:
        self._record, self._said = record, ""
        self._ours, theirs = os.openpty()
        home = HOME.format(user=user)
        known = [f"HOME={home}", "PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8", "TERM=dumb", "PS1=[$?] % "]
        person = ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups", "env", "-i", f"--chdir={home}"]
        enter = ["nsenter", "--target", str(machine.pid), "--all"]
        self._shell = subprocess.Popen(
            [*enter, *person, *known, *SHELL], stdin=theirs, stdout=theirs, stderr=theirs, close_fds=True
        )
        os.close(theirs)
        self._until(PROMPT, 20)
        self._enter("stty -echo columns 160")
        self._until(PROMPT, 20)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the shell: what still runs in it gets a SIGHUP."""
        os.close(self._ours)
        self._shell.wait(20)

    def types(self, line: str, then: str = "") -> str:
        """Type a line, and `then` what it waits for. Returns what was printed."""
        began = time.monotonic()
        self._enter(line)
        if then:
            time.sleep(1)  # sudo passes on what is typed once it has prepared the terminal
            os.write(self._ours, then.encode())
        found = self._until(PROMPT, 280)
        self._keep(line, began)
        assert found[1] == "0", f"{line}\n{self._said}"
        return self._said

    def starts(self, line: str, until: str) -> None:
        """Type a line that goes on, and wait until it has said something."""
        began = time.monotonic()
        self._enter(line)
        self._until(re.compile(re.escape(until)), 60)
        self._keep(line, began)

    def ends(self) -> str:
        """Press Ctrl+C. Returns what was printed since the line began."""
        os.write(self._ours, b"\x03")
        assert self._until(PROMPT, 60)[1] == "0", self._said
        return self._said

    def reads(self) -> str:
        """What has been printed since the last line, without waiting for more."""
        while select.select([self._ours], [], [], 0)[0]:
            self._said += os.read(self._ours, 65_536).decode("utf-8", "replace").replace("\r\n", "\n")
        return self._said

    def _enter(self, line: str) -> None:
        self._said = ""
        os.write(self._ours, f"{line}\n".encode())

    def _keep(self, line: str, began: float) -> None:
        self._record.append(Typed(line, self._said, time.monotonic() - began))

    def _until(self, pattern: re.Pattern[str], seconds: float) -> re.Match[str]:
        """Wait for some text. Answer `y` to a question, and Enter to one that proposes an answer."""
        ends, answered = time.monotonic() + seconds, len(self._said)
        while not (found := pattern.search(self._said)):
            if time.monotonic() > ends:
                raise TimeoutError(f"nothing more comes after:\n{self._said}")
            select.select([self._ours], [], [], 0.2)
            asked = self.reads()[answered:].rstrip()
            if "? [" in asked and asked.endswith("]"):
                os.write(self._ours, b"y\n" if asked.endswith("[y/N]") else b"\n")
                answered = len(self._said)
        return found
