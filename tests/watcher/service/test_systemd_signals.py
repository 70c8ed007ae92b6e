"""Signals sent to this process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.torture.processes import until
from tests.watcher.conftest import Configure, Ran
from watcher.service.systemd import on_signals

ROOT = Path(__file__).parents[3]


def test_term_asks_to_stop_and_hup_to_reload_and_the_old_handlers_come_back() -> None:
    before, asked = signal.getsignal(signal.SIGTERM), []
    with on_signals(lambda: asked.append("stop"), lambda: asked.append("reload")):
        os.kill(os.getpid(), signal.SIGHUP)
        os.kill(os.getpid(), signal.SIGHUP)
        os.kill(os.getpid(), signal.SIGTERM)
    assert asked == ["reload", "reload", "stop"]
    assert signal.getsignal(signal.SIGTERM) == before


def test_a_second_stop_signal_ends_the_process_at_once(tmp_path: Path) -> None:
    program = (
        "import os, time\nfrom watcher.service.systemd import on_signals\n"
        "with on_signals(lambda: os.write(1, b'stopping\\n'), lambda: None):\n"  # print may still be at work
        "    print('ready', flush=True)\n    time.sleep(600)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, cwd=Path.cwd()
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.terminate()
        assert process.stdout.readline() == "stopping\n"
        process.terminate()
        assert process.wait(60) == -signal.SIGTERM


@pytest.mark.parametrize("command", [[], ["serve", "--listen", "127.0.0.1:0"]])
def test_hup_before_the_service_is_ready_waits_until_it_is(
    command: list[str], configure: Configure, watch: Callable[..., Ran]
) -> None:
    configure('[sources.list]\nkind = "text"\nurl = "http://127.0.0.1:1/"\nenabled = false\n')
    assert watch("--once").code == 0
    arguments = [sys.executable, "-m", "watcher.cli", *command]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        arguments, env=environment, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        until(lambda: _holds_hup(process))
        process.send_signal(signal.SIGHUP)
        assert process.stderr
        assert any("the configuration was read again" in line for line in process.stderr)
        process.terminate()
        process.communicate(timeout=60)
    assert process.returncode == 0


def _holds_hup(process: subprocess.Popen[str]) -> bool:
    """Whether HUP alone waits, if it comes, proc(5): all are blocked for a moment when a process is started."""
    assert process.poll() is None, process.communicate()[1]
    return Path(f"/proc/{process.pid}/status").read_text().partition("SigBlk:")[2].split()[0].strip("0") == "1"
