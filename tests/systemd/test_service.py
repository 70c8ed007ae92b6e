"""The service as an administrator meets it, in a systemd that was booted for it (conftest.py)."""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from tests.systemd.machine import Machine, wait_for

ROOT = Path(__file__).parents[2]
SERVICE, ONCE = "registry-watch.service", "registry-watch-once.service"

World = Any  # of conftest.py, which cannot be imported by name


def pid(machine: Machine) -> int:
    return int(machine.show("MainPID"))


def alive(machine: Machine) -> bool:
    return machine.show("ActiveState") == "active"


def test_make_install_leaves_a_configuration_and_says_what_is_next(machine: Machine) -> None:
    assert "systemctl enable --now registry-watch" in machine.said
    assert "warning" not in machine.said.lower()
    assert "watch.toml: ok: " in machine.checked
    assert machine.modes == "644\n644"
    assert (
        machine.run("find", "/etc/registry-watch", "/opt/registry-watch/bin", "-perm", "-002", "-not", "-type", "l")
        == ""
    )


def test_start_returns_when_it_is_ready_and_a_change_is_mailed_from_inside_the_sandbox(world: World) -> None:
    world.machine.systemctl("start", SERVICE)
    assert "watching 1 source\n" in world.machine.journal() + "\n"
    assert world.machine.show("StatusText").startswith("1 source: 1 ")
    world.baseline()
    world.names("Telegram", branch="under approval")
    assert wait_for(world.mails) == ["Telegram: branch: not met → under approval (list)"]
    wait_for(lambda: "1 source: 1 ok; " in world.machine.show("StatusText"))


def test_it_lives_past_two_watchdog_periods_and_a_reload_that_brings_a_new_source(running: World) -> None:
    assert running.machine.show("WatchdogUSec") == "2s"
    before = pid(running.machine)
    time.sleep(4.2)
    running.site.page("/more", [{"name": "Zoom"}])
    running.configure(running.source("more"))
    running.machine.systemctl("reload", SERVICE)
    wait_for(lambda: "/more" in running.site.paths)
    assert (pid(running.machine), running.machine.show("NRestarts")) == (before, "0")


def test_a_reload_with_a_bad_file_keeps_the_old_one_and_says_so_everywhere(running: World) -> None:
    running.configure("\n[nonsense]\n")
    running.machine.systemctl("reload", SERVICE)
    assert "the new configuration has errors, the old one stays: " in running.machine.show("StatusText")
    wait_for(lambda: ": nonsense: is not an option" in running.machine.journal(SERVICE, "-p", "err"))
    assert wait_for(running.told)[0].startswith("FAILING: configuration: the new file is not used: ")
    running.names("Telegram", branch="under approval")
    assert wait_for(running.mails)
    running.configure()
    running.machine.systemctl("reload", SERVICE)
    wait_for(lambda: any(title.startswith("RECOVERED: configuration") for title in running.told()))


def test_a_start_with_a_bad_file_fails_with_its_errors_in_the_journal(world: World) -> None:
    world.configure("\n[nonsense]\n")
    assert world.machine.code("systemctl", "start", SERVICE) != 0
    assert ": nonsense: is not an option here" in world.machine.journal(SERVICE, "-p", "err")


def test_a_killed_service_comes_back_and_no_alert_is_lost(running: World) -> None:
    before = pid(running.machine)
    running.machine.run("kill", "-9", str(before))
    running.names("Telegram", branch="under approval")
    wait_for(lambda: alive(running.machine) and pid(running.machine) not in {0, before})
    assert wait_for(running.mails) == ["Telegram: branch: not met → under approval (list)"]


def test_a_loop_that_hangs_is_killed_by_the_watchdog_and_comes_back(world: World) -> None:
    world.machine.drop_in("failpoint", "[Service]\nEnvironment=REGISTRY_WATCH_FAILPOINT=loop:HANG\n")
    world.machine.systemctl("start", SERVICE)
    before = pid(world.machine)
    world.machine.drop_in("failpoint", "")
    wait_for(lambda: pid(world.machine) not in {0, before} and alive(world.machine))
    assert "Watchdog timeout" in world.machine.journal()
    world.baseline()


@pytest.mark.deadline  # a stop does not wait for the site: timeout is 30 s
def test_a_stop_in_the_middle_of_a_slow_fetch_is_clean_and_quick(world: World) -> None:
    world.site.silent("/list")
    world.machine.systemctl("start", SERVICE)
    wait_for(lambda: "/list" in world.site.paths)
    began = time.monotonic()
    world.machine.systemctl("stop", SERVICE)
    stopped = time.monotonic() - began
    assert stopped < 15
    assert (world.machine.show("Result"), world.machine.show("ExecMainStatus")) == ("success", "0")


def test_a_credential_that_is_missing_stops_the_start(world: World) -> None:
    world.machine.drop_in("credentials", "")
    assert world.machine.code("systemctl", "start", SERVICE) != 0
    assert "channels.ops.url: credential hook-token" in world.machine.journal(SERVICE, "-p", "err")


def test_credentials_arrive_and_stand_in_no_log_and_no_state(running: World) -> None:
    running.site.page("/list", status=500)
    wait_for(running.told)
    [first, *_] = [asked for asked in running.site.requests if asked.path.startswith("/ops")]
    assert running.token in str(first)
    assert running.machine.run("registry-watch", "alert-test", "ops")
    everything = running.machine.journal(SERVICE, "-o", "json", "--all") + running.machine.show("StatusText")
    assert running.token not in everything
    state = running.machine.root / "var/lib/private/registry-watch"
    assert all(running.token.encode() not in file.read_bytes() for file in state.iterdir())
    assert {file.stat().st_uid for file in state.iterdir()} == {state.stat().st_uid}


def test_the_timer_variant_alerts_and_a_source_that_fails_does_not_fail_the_unit(world: World) -> None:
    machine = world.machine
    machine.drop_in(
        "credentials", "[Service]\nLoadCredential=hook-token:/etc/registry-watch/credentials/hook-token\n", ONCE
    )
    machine.systemctl("start", ONCE)
    world.names("Telegram", branch="under approval")
    machine.systemctl("start", ONCE)
    assert world.mails() == ["Telegram: branch: not met → under approval (list)"]
    world.site.page("/list", status=500)
    machine.systemctl("start", ONCE)
    assert machine.show("ActiveState", ONCE) == "inactive"
    assert "list: http_500: " in machine.journal(ONCE, "-p", "warning")
    machine.write(
        "/var/lib/private/registry-watch/state.db", "this is no database, and long enough to be read as one" * 20
    )
    assert machine.code("systemctl", "start", ONCE) != 0
    assert machine.show("ExecMainStatus", ONCE) == "3"
    machine.systemctl("start", "registry-watch-once.timer")
    assert machine.run("systemctl", "list-timers", "--no-legend").count("registry-watch-once.timer") == 1
    machine.systemctl("stop", "registry-watch-once.timer")


def test_somebody_is_told_that_the_service_itself_has_failed(world: World) -> None:
    machine = world.machine
    example = (ROOT / "systemd/examples/registry-watch-failed.service").read_text()
    machine.write("/etc/systemd/system/registry-watch-failed.service", example)
    machine.drop_in("on-failure", (ROOT / "systemd/examples/on-failure.conf").read_text())
    world.site.page("/failed")
    machine.write("/etc/registry-watch/credentials/operator", world.site.url("/failed").replace("http", "json"), 0o600)
    world.configure("\n[nonsense]\n")
    assert machine.code("systemctl", "start", SERVICE) != 0
    wait_for(lambda: "/failed" in world.site.paths)
    [told, *_] = [asked for asked in world.site.requests if asked.path == "/failed"]
    assert json.loads(told.body)["title"].startswith("Registry Watch has failed on ")


def test_the_kernel_lets_nothing_out_but_what_the_allow_list_names(world: World) -> None:
    egress = (
        (ROOT / "systemd/examples/egress.conf")
        .read_text()
        .replace("IPAddressAllow=localhost", "IPAddressAllow=192.0.2.1")
    )
    world.machine.drop_in("egress", egress)
    world.machine.systemctl("start", SERVICE)
    wait_for(lambda: "list: " in world.machine.journal(SERVICE, "-p", "warning"))
    assert world.site.requests == []
    world.machine.drop_in("egress", "")


def test_a_backup_made_beside_the_service_is_restored(running: World) -> None:
    machine = running.machine
    machine.run("registry-watch", "backup", "/var/tmp/state-backup.db")
    machine.systemctl("stop", SERVICE)
    machine.run("sh", "-c", "rm -f /var/lib/registry-watch/state.db*")
    machine.run(
        "sh",
        "-c",
        "install -m 600 -o $(stat -Lc %u /var/lib/registry-watch) /var/tmp/state-backup.db /var/lib/registry-watch/state.db",
    )
    running.names("Telegram", branch="under approval")
    machine.systemctl("start", SERVICE)
    assert wait_for(running.mails) == ["Telegram: branch: not met → under approval (list)"]


def previous_tree() -> str:
    """The commit before what is tested here."""
    dirty = subprocess.run(
        ["git", "-C", str(ROOT), "status", "--porcelain", "--untracked-files=no"],
        capture_output=True,
        text=True,
        check=True,
    )
    return "HEAD" if dirty.stdout else "HEAD~1"


OPEN = "import sqlite3; state = sqlite3.connect('/var/lib/private/registry-watch/state.db');"
VERSION = f"{OPEN} print(state.execute('SELECT version_num FROM alembic_version').fetchone()[0])"
NEWER = f"{OPEN} state.execute('UPDATE alembic_version SET version_num = 9999'); state.commit()"


def test_an_upgrade_goes_on_with_the_state_of_the_commit_before_and_refuses_a_newer_one(
    world: World, tmp_path: Any
) -> None:
    machine, commit = world.machine, previous_tree()
    archive = tmp_path / "before.tar"
    made = subprocess.run(
        ["git", "-C", str(ROOT), "archive", "-o", str(archive), commit], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip(f"this clone has no {commit}")
    machine.copy(["before.tar"], tmp_path, "/srv/incoming")
    machine.run("tar", "-C", "/srv/incoming", "-xf", "/srv/incoming/before.tar")
    world.configure()
    machine.drop_in(
        "before",
        "[Service]\nExecStart=\nExecStart=/opt/registry-watch/bin/python -m watcher.cli --once\nEnvironment=PYTHONPATH=/srv/before\nBindReadOnlyPaths=/srv/incoming:/srv/before\nLoadCredential=hook-token:/etc/registry-watch/credentials/hook-token\n",
        ONCE,
    )
    machine.systemctl("start", ONCE)
    machine.drop_in("before", "", ONCE)
    code = (machine.root / "srv/incoming/state/db/migrate.py").read_text()
    assert f'SCHEMA = "{machine.run("/usr/bin/python3", "-c", VERSION)}"' in code
    machine.systemctl("start", SERVICE)
    before = machine.run("readlink", "/opt/registry-watch")
    machine.make("upgrade")
    assert machine.run("readlink", "/opt/registry-watch") != before
    world.names("Telegram", branch="under approval")
    assert wait_for(world.mails) == ["Telegram: branch: not met → under approval (list)"]
    machine.run("ln", "-sfn", before, "/opt/registry-watch")  # back to the release before
    machine.systemctl("restart", SERVICE)
    assert machine.run("readlink", "/opt/registry-watch") == before
    world.names("Telegram", branch="approved")
    assert len(wait_for(lambda: len(world.mails()) > 1 and world.mails())) == 2
    machine.systemctl("stop", SERVICE)
    machine.run("/usr/bin/python3", "-c", NEWER)
    machine.systemctl("start", SERVICE, check=False)
    refused = "it was written by a newer version of this program (schema 9999)"
    wait_for(lambda: refused in machine.journal(SERVICE, "-p", "err"))


def test_uninstall_leaves_state_and_configuration(running: World) -> None:
    machine = running.machine
    machine.make("uninstall")
    assert machine.show("LoadState") == "not-found"
    assert machine.run("sh", "-c", "ls -d /opt/registry-watch* /usr/local/bin/registry-watch 2>/dev/null || true") == ""
    assert machine.run("ls", "/etc/registry-watch/watch.toml", "/var/lib/private/registry-watch/state.db")
