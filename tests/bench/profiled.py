"""Runs our program with the main thread's processor time written down: `python -P profiled.py OUT [ARGUMENT ...]`.

Requests, comparison and commits of an unchanged check all happen in that thread. OUT can be read with pstats.
"""

from __future__ import annotations

import cProfile
import sys
import time


def main() -> int:
    """Its exit code."""
    profile = cProfile.Profile(time.thread_time)
    profile.enable()
    from watcher.cli import main as watch

    code = watch(sys.argv[2:])
    profile.disable()
    profile.dump_stats(sys.argv[1])
    return code


if __name__ == "__main__":
    sys.exit(main())
