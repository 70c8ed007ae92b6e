"""The image: container/Containerfile carried out in roots of Debian, and run without rights on a read-only root. `make
container-test` does it, as root."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests import debian, image
from tests.configurations import LIST
from tests.systemd.machine import in_network_of, tree_files, wait_for

ROOT = Path(__file__).parents[1]
USER = 10001
CONFIGURATION = (
    'state = "sqlite:////var/lib/registry-watch/state.db"\n'
    + LIST
    + """\
every = "300ms"
[channels.desk]
url = "{mail}"
[[alerts]]
to = ["desk"]
"""
)
pytestmark = pytest.mark.timeout(1800)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[image.Stage]:
    if not os.environ.get("CONTAINER_TEST"):
        pytest.skip("makes an image: `make container-test` does it")
    if reason := debian.reason_not_to_make():
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("image")
    for name in tree_files():
        (folder / "context" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / "context" / name)
    yield image.build(ROOT / "container" / "Containerfile", folder / "context", folder)
    shutil.rmtree(folder)


class Container:
    """The image with a volume and a configuration, in a network of its own."""

    def __init__(self, built: image.Stage, folder: Path) -> None:
        self.built, self.folder, self.volume, self.file = built, folder, folder / "volume", folder / "watch.toml"
        self.volume.mkdir(0o700)
        os.chown(self.volume, USER, USER)
        self.file.write_text('state = "sqlite:////var/lib/registry-watch/state.db"\n')
        holding = ["unshare", "--net", "sh", "-c", "ip link set lo up; echo up; exec sleep 1000"]
        self.network = subprocess.Popen(holding, stdout=subprocess.PIPE)
        assert self.network.stdout
        with self.network.stdout as said:
            assert said.readline() == b"up\n"

    def command(self, *words: str) -> list[str]:
        inside = ["nsenter", f"--net=/proc/{self.network.pid}/ns/net"]
        return [*inside, *self.built.command(self.volume, self.file, words)]

    def says(self, *words: str) -> str:
        """What a command prints that runs in a container for it alone."""
        ran = subprocess.run(self.command(*words), capture_output=True, text=True, timeout=280, check=False)
        assert ran.returncode == 0, (words, ran.stdout, ran.stderr)
        return ran.stdout + ran.stderr

    def watch(self, *arguments: str) -> str:
        return self.says(*self.built.entrypoint, *arguments)

    @contextmanager
    def running(self) -> Iterator[subprocess.Popen[bytes]]:
        """The daemon, in its container."""
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(self.command(*self.built.entrypoint), stdout=log, stderr=log)
        try:
            yield process
        finally:
            process.kill()
            process.wait(20)

    def healthy(self, process: subprocess.Popen[bytes]) -> bool:
        """What the image's health check answers in a running container."""
        inside = ["nsenter", "--target", str(first_of(process)), "--all", "--root", "--wd"]
        inside += [f"--setuid={USER}", f"--setgid={USER}"]
        known = [f"{name}={value}" for name, value in self.built.environment.items()]
        check = [*inside, "env", "-i", *known, "registry-watch-healthy"]
        return subprocess.run(check, capture_output=True, timeout=60, check=False).returncode == 0


def first_of(process: subprocess.Popen[bytes]) -> int:
    """The process with number 1 in a container: the child of the `unshare` that made it."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    return int(wait_for(lambda: children.read_text().split())[0])


@pytest.fixture
def container(built: image.Stage, tmp_path: Path) -> Iterator[Container]:
    made = Container(built, tmp_path)
    yield made
    made.network.kill()
    made.network.wait(20)


@pytest.fixture
def world(container: Container, request: pytest.FixtureRequest) -> Iterator[Any]:
    """A register with one row, and a mail server, in the container's network."""
    with in_network_of(container.network.pid):
        site, office = request.getfixturevalue("site"), request.getfixturevalue("post_office")
        container.file.write_text(CONFIGURATION.format(site=site.url(""), mail=office.url("desk@example.org")))
        says(site, "not met")
        yield site, office


def says(site: Any, branch: str) -> None:
    site.page("/list", [{"name": "Telegram", "branch": branch}])


def subjects(office: Any) -> list[str]:
    titles = [str(mail["Subject"]) for mail in office.mails]
    return [title for title in titles if not title.startswith("Watching")]


def read_twice(site: Any) -> Callable[[], bool]:
    seen = site.paths.count("/list")
    return lambda: site.paths.count("/list") >= seen + 2


def test_it_runs_as_its_user_without_rights_on_a_read_only_root(container: Container) -> None:
    status = container.says("cat", "/proc/self/status")
    assert f"Uid:\t{USER}\t{USER}\t{USER}\t{USER}" in status
    assert "CapEff:\t0000000000000000\nCapBnd:\t0000000000000000" in status
    for place in ("/opt/registry-watch/x", "/etc/x", "/x"):
        assert "Read-only file system" in container.says("sh", "-c", f"touch {place} 2>&1; true")
    assert "No module named pip" in container.says("sh", "-c", "/opt/registry-watch/bin/python -m pip 2>&1; true")


def test_the_demo_passes_there(container: Container) -> None:
    assert "under approval" in container.watch("demo")


def test_the_configuration_is_checked_and_one_check_is_done(container: Container, world: Any) -> None:
    assert "watch.toml: ok: 1 source" in container.watch("check-config")
    assert '"entries": 1' in container.watch("--once", "--json")
    assert "nothing at work" in container.says("sh", "-c", "registry-watch-healthy 2>&1 || test $? = 1")


def test_it_becomes_healthy_and_ends_with_a_sigterm(container: Container, world: Any) -> None:
    with container.running() as daemon:
        wait_for(lambda: container.healthy(daemon), 90)
        os.kill(first_of(daemon), signal.SIGTERM)
        assert daemon.wait(20) == 0


def test_it_survives_a_kill_and_no_alert_is_lost(container: Container, world: Any) -> None:
    site, office = world
    with container.running() as daemon:
        wait_for(read_twice(site))
        os.kill(first_of(daemon), signal.SIGKILL)
        daemon.wait(20)
    says(site, "under approval")
    with container.running():
        assert wait_for(lambda: subjects(office)) == ["Telegram: branch: not met → under approval (list)"]
        wait_for(read_twice(site))
    assert len(subjects(office)) == 1
