"""Signals sent to this process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from watcher.service.systemd import on_signals


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
        "import time\nfrom watcher.service.systemd import on_signals\n"
        "with on_signals(lambda: print('stopping', flush=True), lambda: None):\n"
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
