"""The image: container/Containerfile carried out in roots of Debian, and run without rights on a read-only root. `make
container-test` does it, as root."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests import debian, image, postgres
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
        mounts = [f"{self.volume}:/var/lib/registry-watch", f"{self.file}:/etc/registry-watch/watch.toml:ro"]
        return [*inside, *self.built.command(mounts, words)]

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
            end(process)

    def within(self, process: subprocess.Popen[bytes], *words: str, **environment: str) -> tuple[int, str]:
        """What a command answers in a running container, as `exec` runs it: its exit code, and what it prints."""
        inside = ["nsenter", "--target", str(first_of(process)), "--all", "--root", "--wd"]
        inside += [f"--setuid={USER}", f"--setgid={USER}"]
        known = [f"{name}={value}" for name, value in {**self.built.environment, **environment}.items()]
        command = [*inside, "env", "-i", *known, *words]
        ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        return ran.returncode, ran.stdout + ran.stderr

    def healthy(self, process: subprocess.Popen[bytes], **environment: str) -> bool:
        """What the image's health check answers in a running container."""
        return self.within(process, "registry-watch-healthy", **environment)[0] == 0


def first_of(process: subprocess.Popen[bytes]) -> int:
    """The process with number 1 in a container: the child of the `unshare` that made it."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    return int(wait_for(lambda: children.read_text().split())[0])


def end(process: subprocess.Popen[bytes]) -> None:
    """End a container by its first process. It has changed its user, so it would outlive the `unshare` that made it."""
    if process.poll() is None:
        os.kill(first_of(process), signal.SIGKILL)
    process.wait(60)


@pytest.fixture
def container(built: image.Stage, tmp_path: Path) -> Iterator[Container]:
    made = Container(built, tmp_path)
    yield made
    made.network.kill()
    made.network.wait(60)


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
        assert daemon.wait(60) == 0


def test_it_survives_a_kill_and_no_alert_is_lost(container: Container, world: Any) -> None:
    site, office = world
    with container.running() as daemon:
        wait_for(read_twice(site))
        os.kill(first_of(daemon), signal.SIGKILL)
        daemon.wait(60)
    says(site, "under approval")
    with container.running():
        assert wait_for(lambda: subjects(office)) == ["Telegram: branch: not met → under approval (list)"]
        wait_for(read_twice(site))
    assert len(subjects(office)) == 1


class Project(Container):
    """The services of compose.yaml as they stand, each in a container of its own; the database is this machine's."""

    def __init__(self, built: image.Stage, folder: Path) -> None:
        super().__init__(built, folder)
        self.services: dict[str, Any] = yaml.safe_load((ROOT / "container/compose.yaml").read_text("utf-8"))["services"]
        (folder / "hosts").write_text("127.0.0.1 localhost database\n")
        for name in ("database-password", "smtp-password"):
            (folder / "secrets").mkdir(exist_ok=True)
            (folder / "secrets" / name).write_text("hunter22")
        folder.chmod(0o755)

    def mounts(self, service: dict[str, Any]) -> list[str]:
        """Volumes and secrets, as compose names them."""
        stand_for = {"./watch.toml": self.file, "evidence": self.volume}
        given = [each.partition(":") for each in service["volumes"]]
        secrets = [f"{self.folder}/secrets/{name}:/run/secrets/{name}:ro" for name in service["secrets"]]
        return [
            *(f"{stand_for[source]}:{rest}" for source, _, rest in given),
            *secrets,
            f"{self.folder}/hosts:/etc/hosts:ro",
        ]

    @contextmanager
    def up(self, name: str) -> Iterator[subprocess.Popen[bytes]]:
        """A service."""
        service = self.services[name]
        words = [*self.built.entrypoint, *service["command"]]
        command = self.built.command(self.mounts(service), words, name, **service.get("environment", {}))
        inside = ["nsenter", f"--net=/proc/{self.network.pid}/ns/net"]
        with (self.folder / name).open("ab") as log:
            process = subprocess.Popen([*inside, *command], stdout=log, stderr=log)
        try:
            yield process
        finally:
            end(process)


@pytest.fixture
def project(built: image.Stage, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[tuple[Project, Any, Any]]:
    """The project with a database, a register and a mail server in its network, and the configuration that compose mounts."""
    made = Project(built, tmp_path)
    with in_network_of(made.network.pid), postgres.server(listen_addresses="127.0.0.1", **postgres.QUICK) as server:
        server.sql("CREATE ROLE watch LOGIN PASSWORD 'hunter22'")
        server.sql("CREATE DATABASE watch OWNER watch")
        site, office = request.getfixturevalue("site"), request.getfixturevalue("post_office")
        ours = (ROOT / "container/watch.toml").read_text("utf-8").partition("[sources.federal-register]")[0]
        theirs = CONFIGURATION.partition("\n")[2].format(site=site.url(""), mail=office.url("desk@example.org"))
        made.file.write_text(ours + theirs)
        says(site, "not met")
        yield made, site, office
    made.network.kill()
    made.network.wait(60)


@pytest.mark.skipif(not postgres.installed(), reason=postgres.MISSING)
def test_the_services_of_compose_begin_together_and_tell_a_change_once(project: tuple[Project, Any, Any]) -> None:
    made, site, office = project
    with made.up("worker-1") as one, made.up("worker-2") as two, ExitStack() as stack:
        desk = stack.enter_context(made.up("desk"))
        for worker in (one, two):
            wait_for(lambda worker=worker: made.healthy(worker), 90)
        if desk.poll() is not None:  # it was there before the state: the engine starts it again (restart)
            assert "there is no state yet" in (made.folder / "desk").read_text()
            desk = stack.enter_context(made.up("desk"))
        wait_for(lambda: made.healthy(desk, DESK="127.0.0.1:8350"), 90)
        assert "2 workers at work" in made.within(one, "registry-watch", "status")[1]
        wait_for(read_twice(site), 60)
        says(site, "under approval")
        assert wait_for(lambda: subjects(office), 60) == ["Telegram: branch: not met → under approval (list)"]
        os.kill(first_of(one), signal.SIGKILL)
        one.wait(60)
        says(site, "met")
        assert wait_for(lambda: len(subjects(office)) == 2, 120)
        wait_for(read_twice(site), 60)
        assert made.healthy(desk, DESK="127.0.0.1:8350")
    assert subjects(office)[1:] == ["Telegram: branch: under approval → met (list)"]
    assert "hunter22" not in "".join((made.folder / name).read_text() for name in ("worker-1", "worker-2", "desk"))
