"""A network of its own that has nothing but loopback, so that no program that is measured reaches anybody."""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import struct
import subprocess
import sys
from collections.abc import Sequence

_ASIDE = "BENCH_ISOLATED"
_SIOCGIFFLAGS, _SIOCSIFFLAGS, _IFF_UP = 0x8913, 0x8914, 1


def isolate(arguments: Sequence[str]) -> bool:
    """Start this call again in such a network. Returns True when we are in it, False where the system allows none."""
    if os.environ.get(_ASIDE):
        _loopback_up()
        return True
    unshare = [shutil.which("unshare") or "", "--net", *([] if os.geteuid() == 0 else ["--map-root-user"])]
    if not unshare[0] or subprocess.run([*unshare, "true"], capture_output=True, check=False).returncode:
        return False
    os.environ[_ASIDE] = "1"
    return os.execv(unshare[0], [*unshare, sys.executable, "-m", "tests.bench", *arguments])


def _loopback_up() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:
        asked = struct.pack("16sH14x", b"lo", 0)
        flags = struct.unpack("16sH14x", fcntl.ioctl(handle, _SIOCGIFFLAGS, asked))[1]
        fcntl.ioctl(handle, _SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", flags | _IFF_UP))
