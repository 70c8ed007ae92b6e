"""Places where a test can have the process killed: SIGKILL, as a power cut would. Only an environment variable arms
them.
"""

from __future__ import annotations

import os
import signal

VARIABLE = "REGISTRY_WATCH_FAILPOINT"


def reached(point: str) -> None:
    """Die here, if a test asked for this point."""
    if os.environ.get(VARIABLE) == point:
        os.kill(os.getpid(), signal.SIGKILL)
