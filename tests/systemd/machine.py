"""A systemd that is booted for tests, in namespaces of its own (boot.sh), and what is needed to install in there."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

from tests import debian

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
PYTHON = "/usr/bin/python3"
SERVICE = "registry-watch.service"
INSTALLED = "requirements-postgres.txt"  # and all of requirements.txt
CLEAN = ("env", "-i", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin", "LANG=C.UTF-8", "HOME=/root")
DOWNLOAD = ("-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--only-binary", ":all:")
NEW_NETWORK = 0x40000000  # CLONE_NEWNET


def reason_not_to_boot() -> str | None:
    """Why this machine cannot run these tests, or None."""
    if not os.environ.get("SYSTEMD_TEST"):
        return "boots a systemd: `make systemd-test` does it"
    if os.geteuid() != 0:
        return "needs root, to make namespaces"
    for program in ("unshare", "nsenter", "ip", "make", "systemd-analyze"):
        if not shutil.which(program):
            return f"needs {program}"
    version = subprocess.run(
        ["systemd-analyze", "--version"], capture_output=True, text=True, check=True
    ).stdout.split()[1]
    if int(version) < 253:
        return f"needs systemd 253 for Type=notify-reload; this is {version}"
    return _cannot_make_namespaces()


def _cannot_make_namespaces() -> str | None:
    script = "mount -t tmpfs tmpfs /mnt && mkdir /mnt/u /mnt/w /mnt/r && mount -t overlay overlay -o lowerdir=/,upperdir=/mnt/u,workdir=/mnt/w /mnt/r && mkdir /mnt/c && mount -t cgroup2 none /mnt/c"
    command = [
        "unshare",
        "--fork",
        "--pid",
        "--mount",
        "--propagation",
        "private",
        "--net",
        "--cgroup",
        "sh",
        "-c",
        script,
    ]
    tried = subprocess.run(command, capture_output=True, text=True, check=False, timeout=20)
    said = tried.stderr.strip().splitlines() or ["no reason given"]
    return f"this system allows no namespaces with an overlay of /: {said[-1]}" if tried.returncode else None


class Machine:
    """The booted system. `root` is its file system as it is seen from here."""

    def __init__(self, folder: Path, root: Path = Path("/")) -> None:
        """Boot an overlay of a root in an empty folder."""
        self.said = self.checked = self.modes = ""  # by `make install`, and of what it left
        self.folder, self.leaf = folder, f"registry-watch-tests-{os.getpid()}"
        boot = ["bash", str(HERE / "boot.sh"), str(folder), self.leaf, str(root)]
        with (folder / "boot.log").open("w") as log:
            self.process = subprocess.Popen(boot, stdout=log, stderr=log)
        try:
            self.pid = wait_for(self._child, 20, "boot.sh has started nothing")
            self.root = Path(f"/proc/{self.pid}/root")
            self._started()
        except AssertionError:
            self.close()
            raise

    def _started(self) -> None:
        """Wait until systemd has started its units; all of them."""
        states = {"running", "degraded"}
        state = wait_for(lambda: states & {self.run("systemctl", "is-system-running", check=False)}, 60, "no systemd")
        assert state == {"running"}, self.run("systemctl", "--failed", "--no-pager")

    def _child(self) -> int | None:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        if not children or Path(f"/proc/{children[0]}/comm").read_text().strip() != "systemd":
            assert self.process.poll() is None, (self.folder / "boot.log").read_text()
            return None
        return int(children[0])

    def run(self, *command: str, check: bool = True, **environment: str) -> str:
        """Run a command in there; returns what it printed."""
        return self._run(["--all"], command, environment, check=check)

    def online(self, *command: str, **environment: str) -> str:
        """Run a command in there, but in this machine's network: apt, pip."""
        known = debian.let_out(self.root) | environment
        return self._run(["--mount", "--uts", "--ipc", "--pid", "--cgroup"], command, known)

    def _run(
        self, spaces: list[str], command: Sequence[str], environment: Mapping[str, str], *, check: bool = True
    ) -> str:
        extra = [f"{name}={value}" for name, value in environment.items()]
        inside = ["nsenter", "--target", str(self.pid), *spaces, *CLEAN, *extra, *command]
        ran = subprocess.run(inside, capture_output=True, text=True, check=False, timeout=280, stdin=subprocess.DEVNULL)
        assert ran.returncode == 0 or not check, f"{command}: {ran.returncode}\n{ran.stdout}\n{ran.stderr}"
        return (ran.stdout + ran.stderr).strip()

    def code(self, *command: str) -> int:
        """The exit code of a command in there."""
        inside = ["nsenter", "--target", str(self.pid), "--all", *CLEAN, *command]
        return subprocess.run(
            inside, capture_output=True, check=False, timeout=100, stdin=subprocess.DEVNULL
        ).returncode

    def systemctl(self, *words: str, check: bool = True) -> str:
        return self.run("systemctl", *words, check=check)

    def show(self, what: str, unit: str = SERVICE) -> str:
        """A property of a unit."""
        return self.systemctl("show", "--property", what, "--value", unit)

    def journal(self, unit: str = SERVICE, *words: str) -> str:
        """What a unit has logged since it was started last: message by message."""
        return self.run("journalctl", "--unit", unit, "--output", "cat", "--no-pager", *words)

    def write(self, path: str, text: str, mode: int = 0o644) -> None:
        file = self.root / path.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        file.chmod(mode)

    def drop_in(self, name: str, text: str, unit: str = SERVICE) -> None:
        """Add to a unit; with an empty text, take it away again."""
        file = f"/etc/systemd/system/{unit}.d/{name}.conf"
        self.write(file, text)
        if not text:
            (self.root / file.lstrip("/")).unlink()
        self.systemctl("daemon-reload")

    def copy(self, files: list[str], source: Path, to: str) -> None:
        """Copy files, by their names below `source`."""
        self.run("mkdir", "-p", to)
        names = "\0".join(files).encode()
        with subprocess.Popen(
            ["tar", "-C", str(source), "--null", "-T", "-", "-c"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as packing:
            assert packing.stdin
            packing.stdin.write(names)
            packing.stdin.close()
            inside = ["nsenter", "--target", str(self.pid), "--all", *CLEAN, "tar", "-C", to, "-x"]
            subprocess.run(inside, stdin=packing.stdout, check=True, timeout=60)

    def make(self, target: str, *options: str) -> str:
        """Run make in the clone, offline."""
        return self.run("make", "-C", "/srv/clone", target, *options, PIP_NO_INDEX="1", PIP_FIND_LINKS="/srv/wheels")

    def close(self) -> None:
        """Kill what boot.sh started, and it alone."""
        self.process.kill()
        self.process.wait(10)
        subprocess.run(["bash", str(HERE / "unboot.sh"), str(self.folder), self.leaf], check=True, timeout=20)


def wait_for(what: Callable[[], Any], seconds: float = 20, otherwise: str = "it did not come") -> Any:
    ends = time.monotonic() + seconds
    while not (found := what()):
        if time.monotonic() > ends:
            raise TimeoutError(otherwise)
        time.sleep(0.05)
    return found


def tree_files() -> list[str]:
    """What a clone of this tree would hold, with what is not committed yet."""
    command = ["git", "-C", str(ROOT), "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    return [name for name in names if (ROOT / name).is_file()]


def download_wheels(pins: str) -> Path:
    """A folder with what a file of requirements pins, as there is no network in there; kept for the next run."""

    def make(folder: Path) -> None:
        python = ROOT / "build" / "python"
        subprocess.run([PYTHON, "-m", "venv", str(python)], check=True, timeout=60)
        for wanted in wanted_wheels(str(ROOT), pins):
            command = [str(python / "bin/python"), *DOWNLOAD, "-d", str(folder), *wanted]
            subprocess.run(command, check=True, timeout=280)

    return debian.kept(f"wheels-{_digest(pins)}", make)


def wheels_of(machine: Machine, clone: str) -> Path:
    """The same for the Python of that machine, which may be another one than this machine's."""

    def make(folder: Path) -> None:
        machine.online(PYTHON, "-m", "venv", "/var/tmp/python")
        for wanted in wanted_wheels(clone, INSTALLED):
            machine.online("/var/tmp/python/bin/python", *DOWNLOAD, "-d", "/var/tmp/wheels", *wanted)
        shutil.copytree(machine.root / "var/tmp/wheels", folder)

    return debian.kept(f"wheels-{debian.RELEASE}-{_digest(INSTALLED)}", make)


def wanted_wheels(clone: str, pins: str) -> list[list[str]]:
    """What pip is asked for: two have no wheel, and are built by setuptools where they are installed."""
    return [["--no-binary", "http-ece,oncalendar", "--require-hashes", "-r", f"{clone}/{pins}"], ["setuptools"]]


def _digest(pins: str) -> str:
    return sha256((ROOT / pins).read_bytes()).hexdigest()[:12]


@contextmanager
def in_network_of(pid: int) -> Iterator[None]:
    """This thread, and the servers that it starts, are in the network of a process: its loopback is ours."""
    libc = ctypes.CDLL(None, use_errno=True)
    ours, theirs = os.open("/proc/thread-self/ns/net", os.O_RDONLY), os.open(f"/proc/{pid}/ns/net", os.O_RDONLY)
    assert libc.setns(theirs, NEW_NETWORK) == 0, os.strerror(ctypes.get_errno())
    yield
    assert libc.setns(ours, NEW_NETWORK) == 0, os.strerror(ctypes.get_errno())
    os.close(ours)
    os.close(theirs)
