"""The exit codes of all commands."""

from __future__ import annotations

import os

DONE, FAILED, USAGE, INTERRUPTED, PIPE_CLOSED = 0, 1, 2, 130, 141


def fault_code() -> int:
    """The exit code of a check when the state cannot be used, or the program itself is at fault: 1.

    That is also what a source that failed gives. A unit for which that is no failure asks for another code here.
    """
    code = os.environ.get("REGISTRY_WATCH_FAULT_CODE", "")
    return int(code) if code.isdecimal() else FAILED
