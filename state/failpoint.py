"""Places where a test can have the process killed, as a power cut would, or told to end, or stopped for a while, or
have a thread hang. Only an environment variable arms them: `POINT`, `POINT:TERM`, `POINT:STOP` or `POINT:HANG`.
"""

from __future__ import annotations

import os
import signal
import time

VARIABLE = "REGISTRY_WATCH_FAILPOINT"

_fired: list[str] = []


def reached(point: str) -> None:
    """Get the signal (or hang) here, once, if a test asked for this point."""
    armed = os.environ.get(VARIABLE)
    if armed and not _fired and armed.partition(":")[0] == point:
        _fired.append(point)
        while armed.endswith(":HANG"):
            time.sleep(60)
        os.kill(os.getpid(), signal.Signals[f"SIG{armed.partition(':')[2] or 'KILL'}"])
        time.sleep(0.1)  # a thread goes on for a moment before it is stopped with the others
