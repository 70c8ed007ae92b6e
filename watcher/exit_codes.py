"""The exit codes of all commands."""

from __future__ import annotations

import os

DONE, FAILED, USAGE, INTERRUPTED, PIPE_CLOSED = 0, 1, 2, 130, 141


def fault_code() -> int:
    """The exit code when the state cannot be used, or when the program has a fault: 1 by default.

    A failed source gives 1, too. A systemd unit that treats failed sources as success sets another code for faults in
    REGISTRY_WATCH_FAULT_CODE.
    """
    code = os.environ.get("REGISTRY_WATCH_FAULT_CODE", "")
    return int(code) if code.isdecimal() else FAILED
