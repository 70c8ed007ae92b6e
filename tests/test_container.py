"""The container: what its files promise, and its build steps in a Debian root of their own (CONTAINER_TEST=1, as root)."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from watcher.config.load import load

ROOT = Path(__file__).parents[1]
HERE = ROOT / "container"
# A root of its own: an overlay of this machine's, in memory. Its changes are gone with the process.
IN_A_ROOT = """
mount -t tmpfs -o size=3g tmpfs "$0"; mkdir "$0"/upper "$0"/work "$0"/root
mount -t overlay overlay -o lowerdir=/,upperdir="$0/upper",workdir="$0/work" "$0/root"
mount --rbind /dev "$0/root/dev"; mount -t proc proc "$0/root/proc"; mount -t tmpfs -o mode=1777 tmpfs "$0/root/tmp"
rm -rf "$0/root/opt/registry-watch"
mkdir "$0/root/source"; cp -r SOURCES "$0/root/source"
chroot "$0/root" /bin/sh -euc '
  sh /source/container/build.sh /source
  cp /source/container/watch.toml /etc/registry-watch/watch.toml
  sed -i "s|^state = .*|state = \\"sqlite:////var/lib/registry-watch/state.db\\"|; /^\\[sources/,/^every/d" /etc/registry-watch/watch.toml
  mount --bind / /mnt; mount -o remount,bind,ro /mnt
  mount --bind /var/lib/registry-watch /mnt/var/lib/registry-watch; mount -t tmpfs -o mode=1777 tmpfs /mnt/tmp
  mount --rbind /dev /mnt/dev; mount -t proc proc /mnt/proc
  exec chroot --userspec=10001:10001 /mnt /bin/sh -euc "
    export PATH=/opt/registry-watch/bin:/usr/bin:/bin WATCH_CONFIG=/etc/registry-watch/watch.toml HOME=/tmp PYTHONDONTWRITEBYTECODE=1
    ! touch /opt/registry-watch/x 2>/dev/null && echo read-only
    registry-watch check-config
    registry-watch --once --json
    ! registry-watch-healthy && echo not yet healthy
    registry-watch & daemon=\\$!; for _ in 1 2 3 4 5 6 7 8 9 10; do sleep 1; registry-watch-healthy && break; done
    registry-watch-healthy && echo healthy
    kill \\$daemon; wait \\$daemon || true
  "
'
"""


def test_the_configuration_of_compose_is_valid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "database-password").write_text("secret-of-the-database")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    config = load(HERE / "watch.toml")
    assert config.state == "postgresql+psycopg://watch:secret-of-the-database@database/watch"
    assert (config.web.listen, list(config.web.users)) == ("0.0.0.0:8350", ["editor"])


def test_compose_runs_two_workers_and_the_desk_without_rights() -> None:
    services: dict[str, Any] = yaml.safe_load((HERE / "compose.yaml").read_text("utf-8"))["services"]
    ours = {name: service for name, service in services.items() if name != "database"}
    assert {name: service["command"] for name, service in ours.items()} == {
        "worker-1": ["worker"],
        "worker-2": ["worker"],
        "desk": ["serve"],
    }
    for service in ours.values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["depends_on"] == {"database": {"condition": "service_healthy"}}


def test_the_image_has_two_stages_no_root_and_a_health_check() -> None:
    text = (HERE / "Containerfile").read_text("utf-8")
    assert len(re.findall(r"^FROM ", text, re.MULTILINE)) == 2
    assert text.index("USER 10001") < text.index("HEALTHCHECK") < text.index("ENTRYPOINT")
    for copied in re.findall(r"/source/(\S+\.sh)", text):
        assert os.access(ROOT / copied, os.X_OK)


@pytest.mark.timeout(1000)
def test_its_build_steps_make_a_program_that_runs_without_rights_on_a_read_only_root(tmp_path: Path) -> None:
    if not os.environ.get("CONTAINER_TEST"):
        pytest.skip("installs all packages anew: CONTAINER_TEST=1 does it, as root")
    if os.geteuid() != 0 or not shutil.which("unshare"):
        pytest.skip("needs root and unshare, to make a root of its own")
    names = (
        "watcher",
        "sources",
        "state",
        "alerts",
        "systemd",
        "docs",
        "man",
        "completions",
        "container",
        "pyproject.toml",
        "README.md",
        "LICENSE",
    )
    sources = " ".join(f"'{ROOT / name}'" for name in (*names, "requirements-postgres.txt"))
    command = ["unshare", "--fork", "--kill-child=SIGKILL", "--pid", "--mount", "--propagation", "private"]
    ran = subprocess.run(
        [*command, "bash", "-euc", IN_A_ROOT.replace("SOURCES", sources), str(tmp_path)],
        env={name: value for name, value in os.environ.items() if name.startswith("PIP_")}
        | {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin", "LANG": "C.UTF-8", "HOME": "/root"},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr + ran.stdout
    for said in ("read-only", "/etc/registry-watch/watch.toml: ok", "not yet healthy", "\nhealthy"):
        assert said in ran.stdout, ran
