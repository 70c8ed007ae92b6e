"""The units in systemd/, verified by systemd itself."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

UNITS = Path(__file__).parents[3] / "systemd"
SERVICES = sorted(UNITS.rglob("*.service"))
TIMERS = sorted(UNITS.rglob("*.timer"))
BROWSER = UNITS / "registry-watch-browser.service"  # which compiles scripts and makes namespaces
HIGHEST = 11  # ten times the exposure; below it only what has no network of its own

needs_systemd = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd-analyze")


def analyze(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["systemd-analyze", "--no-pager", *words], capture_output=True, text=True, check=False, timeout=30
    )


@needs_systemd
def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    """Neither the program nor Chromium need be installed here."""
    for unit in [*SERVICES, *TIMERS]:
        text = re.sub(
            r"(/opt/registry-watch/bin/[\w-]+|/usr/bin/chromium)\b", shutil.which("true") or "", unit.read_text()
        )
        (tmp_path / unit.name).write_text(text)
    ran = analyze("verify", "--man=no", *map(str, tmp_path.iterdir()))  # the page is tested in test_completion.py
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


@needs_systemd
@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_every_service_is_confined_as_tightly_as_one_with_a_network_can_be(unit: Path) -> None:
    ran = analyze("security", "--offline=true", f"--threshold={22 if unit == BROWSER else HIGHEST}", str(unit))
    assert ran.returncode == 0, ran.stdout


@needs_systemd
def test_the_allow_list_leaves_less_exposed(tmp_path: Path) -> None:
    unit = tmp_path / "registry-watch.service"
    listed = (UNITS / "examples/egress.conf").read_text().partition("[Service]")[2]
    unit.write_text((UNITS / unit.name).read_text().replace("[Install]", f"[Service]{listed}\n[Install]"))
    assert analyze("security", "--offline=true", "--threshold=10", str(unit)).returncode == 0


def test_all_services_share_one_sandbox() -> None:
    sandboxes = {
        service.read_text().partition("NoNewPrivileges=")[2].partition("[Install]")[0].strip()
        for service in SERVICES
        if service != BROWSER
    }
    assert len(sandboxes) == 1


def test_daemon_and_one_shot_checks_share_user_state_and_configuration() -> None:
    def shared(name: str) -> list[str]:
        wanted = ("User=", "StateDirectory=", "ConfigurationDirectory=", "Environment=", "UMask=")
        lines = (UNITS / name).read_text().splitlines()
        return [line for line in lines if line.startswith(wanted) and "FAULT_CODE" not in line]

    assert shared("registry-watch.service") == shared("registry-watch-once.service")
