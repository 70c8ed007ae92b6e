"""`machine`: a systemd booted for these tests, with Registry Watch installed by `make install` from this tree.

It runs in namespaces of its own (boot.sh), so the tests' threads enter its network to be the web site and the mail
server that it sees on its loopback.
"""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
PYTHON = "/usr/bin/python3"
SERVICE = "registry-watch.service"
CLEAN = ("env", "-i", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin", "LANG=C.UTF-8", "HOME=/root")
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

    def __init__(self, folder: Path) -> None:
        self.said = self.checked = self.modes = ""  # by `make install`, and of what it left
        self.folder, self.leaf = folder, f"registry-watch-tests-{os.getpid()}"
        log = (folder / "boot.log").open("w")
        self.process = subprocess.Popen(["bash", str(HERE / "boot.sh"), str(folder), self.leaf], stdout=log, stderr=log)
        log.close()
        self.pid = wait_for(self._child, 20, "boot.sh has started nothing")
        self.root = Path(f"/proc/{self.pid}/root")
        wait_for(
            lambda: self.run("systemctl", "is-system-running", check=False) == "running", 30, "systemd is not running"
        )

    def _child(self) -> int | None:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        if not children or Path(f"/proc/{children[0]}/comm").read_text().strip() != "systemd":
            assert self.process.poll() is None, (self.folder / "boot.log").read_text()
            return None
        return int(children[0])

    def run(self, *command: str, check: bool = True, **environment: str) -> str:
        """Run a command in there; returns what it printed."""
        extra = [f"{name}={value}" for name, value in environment.items()]
        inside = ["nsenter", "--target", str(self.pid), "--all", *CLEAN, *extra, *command]
        ran = subprocess.run(inside, capture_output=True, text=True, check=False, timeout=100, stdin=subprocess.DEVNULL)
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


def wait_for(what: Callable[[], Any], seconds: float = 15, otherwise: str = "it did not come") -> Any:
    ends = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < ends, otherwise
        time.sleep(0.05)
    return found


def tree_files() -> list[str]:
    """What a clone of this tree would hold, with what is not committed yet."""
    command = ["git", "-C", str(ROOT), "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    return [name for name in names if (ROOT / name).is_file()]


def download_wheels(name: str) -> Path:
    """A folder with what a file of requirements pins, as there is no network in there; kept for the next run."""
    pins = ROOT / name
    folder = ROOT / "build" / f"wheels-{sha256(pins.read_bytes()).hexdigest()[:12]}"
    if not folder.exists():
        python, partial = ROOT / "build" / "python", folder.with_suffix(f".{os.getpid()}")
        subprocess.run([PYTHON, "-m", "venv", str(python)], check=True, timeout=60)
        command = [str(python / "bin/python"), "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
        command += ["-d", str(partial), "--only-binary", ":all:"]
        sources = ["--no-binary", "oncalendar"]  # it has no wheel, and is built by setuptools where it is installed
        subprocess.run([*command, *sources, "--require-hashes", "-r", str(pins)], check=True, timeout=300)
        subprocess.run([*command, "setuptools"], check=True, timeout=100)
        partial.rename(folder)
    return folder


@pytest.fixture(scope="session")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """Registry Watch as `make install` leaves it, from a copy of this tree."""
    if reason := reason_not_to_boot():
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("systemd")
    wheels = download_wheels("requirements-postgres.txt")  # and all of requirements.txt
    booted = Machine(folder)
    try:
        booted.copy(tree_files(), ROOT, "/srv/clone")
        booted.copy([file.name for file in wheels.iterdir()], wheels, "/srv/wheels")
        booted.said = booted.make("install")
        booted.checked = booted.run("registry-watch", "check-config")
        booted.modes = booted.run("sh", "-c", "stat --format %a /etc/registry-watch/watch.*")
        yield booted
    finally:
        booted.close()


@pytest.fixture(scope="session")
def browser_wheels(machine: Machine) -> None:
    """What `make upgrade BROWSER=1` installs more is there."""
    wheels = download_wheels("requirements-browser.txt")
    machine.copy([file.name for file in wheels.iterdir()], wheels, "/srv/wheels")


@pytest.fixture
def network(machine: Machine) -> Iterator[None]:
    """This test, and the servers that it starts, are in the machine's network: its loopback is ours."""
    libc = ctypes.CDLL(None, use_errno=True)
    ours, theirs = os.open("/proc/thread-self/ns/net", os.O_RDONLY), os.open(f"/proc/{machine.pid}/ns/net", os.O_RDONLY)
    assert libc.setns(theirs, NEW_NETWORK) == 0, os.strerror(ctypes.get_errno())
    yield
    assert libc.setns(ours, NEW_NETWORK) == 0, os.strerror(ctypes.get_errno())
    os.close(ours)
    os.close(theirs)


CONFIGURATION = """
state = "sqlite:////var/lib/registry-watch/state.db"

[http]
private_addresses = "allow"
spacing = "0s"

[sources.list]
kind = "json"
url = "{site}/list"
items = "@"
key = "name"
every = "300ms"

[channels.desk]
url = "{mail}"

[channels.ops]
url = "{hook}/ops?-token=${{credential:hook-token}}"

[[alerts]]
to = ["desk"]

[[alerts]]
health = true
to = ["ops"]
"""
TOKEN = "s3cret-credential-of-the-hook"
CREDENTIALS = "[Service]\nLoadCredential=hook-token:/etc/registry-watch/credentials/hook-token\n"
QUICK = "[Service]\nWatchdogSec=2s\nRestartSec=200ms\n"


class World:
    """The machine, and what it sees: a register of companies, a desk that gets mails, operators behind a hook."""

    token = TOKEN

    def __init__(self, machine: Machine, site: Any, post_office: Any) -> None:
        self.machine, self.site, self.post_office = machine, site, post_office
        self.site.page("/ops")
        self.names("Telegram", branch="not met")
        hook = site.url("").replace("http", "json")
        self.text = CONFIGURATION.format(site=site.url(""), mail=post_office.url("desk@example.org"), hook=hook)

    def names(self, *names: str, branch: str) -> None:
        """What stands in the register from now on."""
        self.site.page("/list", [{"name": name, "branch": branch} for name in names])

    def configure(self, more: str = "") -> None:
        self.machine.write("/etc/registry-watch/watch.toml", self.text + more)

    def source(self, name: str, every: str = "300ms") -> str:
        """The table of one more source."""
        return f'\n[sources.{name}]\nkind = "json"\nurl = "{self.site.url(f"/{name}")}"\nitems = "@"\nkey = "name"\nevery = "{every}"\n'

    def mails(self) -> list[str]:
        """The subjects of the mails about changes."""
        titles = [str(mail["Subject"]) for mail in self.post_office.mails]
        return [title for title in titles if not title.startswith("Watching")]

    def told(self) -> list[str]:
        """What the operators were told."""
        return [json.loads(asked.body)["title"] for asked in self.site.requests if asked.path.startswith("/ops")]

    def baseline(self) -> None:
        """Wait until the register is known, so that what comes is a change."""
        seen = self.site.paths.count("/list")
        wait_for(lambda: self.site.paths.count("/list") >= seen + 2)


@pytest.fixture
def world(machine: Machine, network: None, request: pytest.FixtureRequest) -> Iterator[World]:
    """No state, a good configuration, and nothing running."""
    world = World(machine, request.getfixturevalue("site"), request.getfixturevalue("post_office"))
    world.configure()
    machine.write("/etc/registry-watch/credentials/hook-token", TOKEN + "\n", 0o600)
    machine.drop_in("credentials", CREDENTIALS)
    machine.drop_in("quick", QUICK)
    yield world
    machine.systemctl("stop", SERVICE, check=False)
    machine.systemctl("reset-failed", check=False)
    machine.run("rm", "-rf", "/var/lib/private/registry-watch", "/var/lib/registry-watch")


@pytest.fixture
def running(world: World) -> World:
    """The service, started, with its baseline behind it."""
    world.machine.systemctl("start", SERVICE)
    world.baseline()
    return world
