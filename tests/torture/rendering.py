"""What the tables of rendered pages share: whether there is a browser here, and what one leaves behind."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from sources.browser.chromium import NO_BROWSER, NO_PACKAGE, command_of, has_package
from sources.options import BrowserOptions
from tests.torture.processes import until
from tests.torture.rows import Row

OPTIONS = BrowserOptions(command=os.environ.get("CHROMIUM"))
BROWSER = f'[browser]\ncommand = "{command_of(OPTIONS)}"\ntabs = 4\n'
NOTHING = "nothing left"


def skipped() -> Row | None:
    """The only row of a table where nothing can be rendered."""
    missing = "" if has_package() and command_of(OPTIONS) else NO_BROWSER if has_package() else NO_PACKAGE
    return Row("all of them", "as a browser renders them", f"skipped: {missing}", 0, skipped=True) if missing else None


class Process(NamedTuple):
    pid: int
    command: str
    group: int

    @property
    def part(self) -> str:
        """What it is of a browser: its driver, the browser itself, a renderer; or another command."""
        if "run-driver" in self.command:
            return "driver"
        if "--user-data-dir=" not in self.command and "--type=" not in self.command:
            return self.command.replace("\0", " ")[:60]
        return self.command.partition("--type=")[2].split("\0")[0].split(" ")[0] or "browser"


class Traces:
    """The browsers of the program in a folder: their processes, and what is in its `tmp`.

    They are known by their environment, which names the folder, and by their process groups.
    """

    def __init__(self, folder: Path) -> None:
        self.temporary = folder / "tmp"
        self.temporary.mkdir()
        self.temporary.chmod(0o777)
        self._groups: set[int] = set()

    def processes(self) -> list[Process]:
        found = list(_all())
        own = os.fsencode(self.temporary)
        mine = [each for each in found if own in _environment(each.pid)]
        self._groups |= {each.group for each in mine if each.part == "browser"}
        return [each for each in found if each in mine or each.group in self._groups]

    def pids(self, part: str) -> list[int]:
        """The processes of one part."""
        return [each.pid for each in self.processes() if each.part == part]

    def left(self, seconds: float = 30) -> str:
        """What is left a while after the program has ended, in words."""
        with suppress(TimeoutError):
            until(lambda: not self._left(), seconds)
        return self._left() or NOTHING

    def _left(self) -> str:
        processes = [each.part for each in self.processes()]
        return ", ".join([*processes, *sorted(each.name for each in self.temporary.iterdir())])


def _all() -> Iterator[Process]:
    for folder in Path("/proc").iterdir():
        with suppress(OSError, ValueError, IndexError):
            state, _, group = (folder / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()[:3]
            if folder.name.isdecimal() and state != "Z":
                yield Process(int(folder.name), (folder / "cmdline").read_text("utf-8", "replace"), int(group))


def _environment(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return b""
