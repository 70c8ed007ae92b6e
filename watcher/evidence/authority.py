"""Whether a time stamp was signed by a given authority: `openssl ts` verifies it."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from watcher.errors import UsageError

_SECONDS = 20
_ENVIRONMENT = {"LC_ALL": "C"}  # not our environment, which may contain secrets


class Authority:
    """An authority's certificates, in a PEM file. Raises UsageError if there is no such file, or openssl is not
    installed.
    """

    def __init__(self, file: Path) -> None:
        if not file.is_file():
            raise UsageError(f"{file}: there is no such file: --authority wants the authority's certificate (PEM)")
        self._file, self._openssl = file.absolute(), shutil.which("openssl")
        if self._openssl is None:
            raise UsageError("--authority needs the command openssl, which is not installed")

    def signed(self, answer: bytes, link: bytes) -> bool:
        """Whether the response is a time stamp for the link (SHA-256), signed by the authority."""
        with tempfile.NamedTemporaryFile() as kept:
            kept.write(answer)
            kept.flush()
            argv = [str(self._openssl), "ts", "-verify", "-digest", link.hex(), "-in", kept.name]
            argv += ["-CAfile", str(self._file), "-partial_chain"]
            try:
                ran = subprocess.run(argv, capture_output=True, timeout=_SECONDS, check=False, env=_ENVIRONMENT)  # noqa: S603 - no shell, fixed words
            except subprocess.TimeoutExpired:
                return False
        return ran.returncode == 0
