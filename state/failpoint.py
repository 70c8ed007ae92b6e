"""Places where a test can have the process killed (like a power cut), terminated or stopped, or a thread hang.

Only the environment variable arms one: `POINT`, `POINT:TERM`, `POINT:STOP` or `POINT:HANG`.
"""

import os
import signal
import time

VARIABLE = "REGISTRY_WATCH_FAILPOINT"

_fired: list[str] = []


def reach(point: str) -> None:
    """Send this process the signal (or hang) once, if a test armed this point."""
    armed = os.environ.get(VARIABLE)
    if armed and not _fired and armed.partition(":")[0] == point:
        _fired.append(point)
        while armed.endswith(":HANG"):
            time.sleep(60)
        os.kill(os.getpid(), signal.Signals[f"SIG{armed.partition(':')[2] or 'KILL'}"])
        time.sleep(0.1)  # the thread keeps running until the signal is delivered
