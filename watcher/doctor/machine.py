"""The machine: disk, clock, and the units of systemd."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from pathlib import Path

from watcher.config.load import Config
from watcher.config.settings import SQLITE, is_server
from watcher.doctor.finding import Findings, error, ok, warning
from watcher.terminal.words import count, megabytes

LITTLE, TOO_LITTLE = 1_000_000_000, 100_000_000  # bytes that are free
_UNSYNCHRONISED = 5  # TIME_ERROR of adjtimex(2)
_UNITS = ("registry-watch.service", "registry-watch-web.service", "registry-watch-once.timer")
_PROPERTIES = "Id,LoadState,ActiveState,SubState,UnitFileState,Result,NRestarts"


def examine(config: Config | None) -> Findings:
    """Disk, clock, units."""
    for folder in dict.fromkeys(_folders(config)) if config else ():
        yield from _disk(folder)
    yield from _clock()
    yield from _units()


def _folders(config: Config) -> list[Path]:
    state = [] if is_server(config.state) else [Path(config.state.removeprefix(SQLITE)).parent]
    evidence = [Path(config.evidence.folder)] if config.evidence and config.evidence.folder else []
    return [*state, *(folder if folder.exists() else folder.parent for folder in evidence)]


def _disk(folder: Path) -> Findings:
    try:
        free, files = shutil.disk_usage(folder).free, os.statvfs(folder)
    except OSError as fault:
        yield error("disk", f"{folder}: {fault.strerror}", "make the folder, or set state to a file in one that exists")
        return
    says = f"{folder}: {megabytes(free)} free"
    if files.f_files and files.f_favail * 100 < files.f_files:
        yield error("disk", f"{folder}: hardly any file can be added (inodes)", "delete small files there")
    if free < LITTLE:
        do = "make room: the state grows until `keep` ends, and a full disk stops all checks"
        yield (error if free < TOO_LITTLE else warning)("disk", says, do)
    else:
        yield ok("disk", says)
    if not os.access(folder, os.W_OK | os.X_OK):
        do = "run this as the user of the service, or let this user write there"
        yield warning("disk", f"{folder}: this user cannot write there", do)


def _clock() -> Findings:
    """Whether the kernel says that something keeps the clock right."""
    if sys.platform != "linux":
        return
    try:
        state = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(512))  # of zeros: it only asks
    except (OSError, AttributeError):
        return
    if state == _UNSYNCHRONISED:
        do = "have systemd-timesyncd or chrony keep it: times of changes and time stamps rest on it"
        yield warning("clock", "nothing keeps this machine's clock right", do)
    elif state >= 0:
        yield ok("clock", "the clock is synchronised")


def _units() -> Findings:
    """The units, where systemd runs."""
    if not Path("/run/systemd/system").is_dir() or not shutil.which("systemctl"):
        yield ok("units", "systemd does not run here")
        return
    command = ["systemctl", "show", f"--property={_PROPERTIES}", "--", *_UNITS]
    try:
        shown = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False).stdout  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        yield warning("units", "systemd does not answer", "look at `systemctl status`")
        return
    yield from of_units(shown)


def of_units(shown: str) -> Findings:
    """Findings from what `systemctl show` printed: a block for each unit."""
    for block in filter(str.strip, shown.split("\n\n")):
        unit = dict(line.split("=", 1) for line in block.splitlines() if "=" in line)
        name, state = unit.get("Id", ""), unit.get("ActiveState", "")
        restarts = int(unit.get("NRestarts") or 0)
        if unit.get("LoadState") == "not-found":
            yield ok("units", f"{name} is not installed")
        elif state == "failed":
            why = unit.get("Result") or "no reason told"
            yield error("units", f"{name} has failed ({why})", f"journalctl -u {name} -n 50")
        elif restarts:
            says = f"{name} was started again {count(restarts, 'time')}"
            yield warning("units", says, f"journalctl -u {name} says why")
        else:
            yield ok(
                "units", f"{name} is {state} ({unit.get('SubState')}), {unit.get('UnitFileState') or 'no'} at boot"
            )
