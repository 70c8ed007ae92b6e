"""Run the daemon and the desk together, for a watch on one machine. Ctrl+C ends both.

In a folder without a configuration it first writes a minimal watch.toml: everything else can be set up at the desk.
When it is ready it prints where the desk listens, and an address that signs you in, as `watch serve` does. HUP makes
both read the configuration again.

The desk is a process of its own: if it ends by itself, the daemon checks and alerts on, and the desk is started again.

examples:
  watch up
  watch up --listen 127.0.0.1:8350
"""

from __future__ import annotations

import argparse
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from watcher.commands.serve import add_listen, check_desk
from watcher.errors import USAGE, ConfigError

if TYPE_CHECKING:
    from state.store import Store
    from watcher.config.load import Config
    from watcher.service.daemon import Daemon

log = logging.getLogger(__name__)

HELP = "run the daemon and the desk together"

AGAIN = 5.0  # seconds until the desk is started again
LAST_ANSWERS = 15.0  # seconds that the desk gets to end
_FIRST = """\
# Written by `watch up`. What is set up at the desk is kept in the state; what stands in this file is read-only there.
state = "sqlite:///state.db"
"""
# The desk ends with the daemon, however that one ends: PR_SET_PDEATHSIG, prctl(2).
_DESK = "import ctypes, signal, sys; ctypes.CDLL(None).prctl(1, signal.SIGTERM); from watcher.cli import main; "


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where the desk listens, and its token."""
    parser.set_defaults(reloads=True)
    add_listen(parser)


def run(args: argparse.Namespace) -> int:
    """Run both until told to stop: 0, or 2 if the desk cannot listen. Raises ConfigError, UsageError and StateError."""
    from watcher.bots.attend import Bots
    from watcher.service.daemon import alone, open_and_run

    check_desk(args)
    path = _find_or_write(args.config)
    options = [f"--{name}={value}" for name in ("listen", "token") if (value := getattr(args, name))]
    desk = _DeskProcess(["serve", f"--config={path}", *options, *(["--verbose"] if args.verbose else [])])

    def make(config: Config, store: Store) -> Daemon:
        daemon = alone(config, store)
        desk.start(daemon.stop)
        return daemon

    signal.signal(signal.SIGHUP, lambda *_: desk.signal(signal.SIGHUP))  # the daemon calls it beside its own
    try:
        return open_and_run(path, make, Bots) or desk.refused
    finally:
        desk.end()


def _find_or_write(named: Path | None) -> Path:
    """The configuration; a minimal one is written if none is named and none is here. Raises ConfigError, UsageError."""
    from watcher.config.files import find
    from watcher.terminal.new_file import new_file

    try:
        return find(named)
    except ConfigError:
        first = Path("watch.toml").absolute()
        if named or os.environ.get("WATCH_CONFIG") or first.exists():
            raise
    with new_file(first, force=False) as file:
        file.write(_FIRST.encode())
    log.info("wrote %s: nothing is watched yet, and the desk shows how to begin", first.name)
    return first


class _DeskProcess:
    """`watch serve` as a child. Nothing is sent to it by a terminal, as its parent ends it. `refused` is its exit code
    if it could not listen at the start.
    """

    def __init__(self, arguments: Sequence[str]) -> None:
        self._command = [sys.executable, "-P", "-c", f"{_DESK}sys.exit(main())", *arguments]
        self._process: subprocess.Popen[bytes] | None = None
        self._ending = threading.Event()
        self.refused = 0

    def start(self, refuse: Callable[[], None]) -> None:
        """Start it, and again whenever it ends. `refuse` is called if it cannot be served at all."""
        threading.Thread(target=self._keep, args=(refuse,), name="desk", daemon=True).start()

    def _keep(self, refuse: Callable[[], None]) -> None:
        environment = {**os.environ, "NOTIFY_SOCKET": ""}  # the daemon alone speaks with systemd
        first = True
        while not self._ending.is_set():
            self._process = subprocess.Popen(  # noqa: S603 - this program itself
                self._command, env=environment, stdin=subprocess.DEVNULL, process_group=0
            )
            code = self._process.wait()
            if first and code == USAGE:
                self.refused = code
                refuse()
                return
            first = False
            if not self._ending.is_set():
                log.error("the desk has ended (%d); the daemon goes on, and the desk is started again", code)
            self._ending.wait(AGAIN)

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal, if it is there."""
        if self._process:
            self._process.send_signal(number)

    def end(self) -> None:
        """End it."""
        self._ending.set()
        if self._process:
            self._process.terminate()
            try:
                self._process.wait(LAST_ANSWERS)
            except subprocess.TimeoutExpired:
                self._process.kill()
