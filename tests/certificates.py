"""Self-signed certificates, for servers of tests and benchmarks on loopback."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path


def self_signed(folder: Path, subject: str = "/CN=localhost", hosts: Sequence[str] = ("localhost",)) -> Path | None:
    """A certificate with its key in the same file, which is also the authority to trust; None without openssl."""
    openssl = shutil.which("openssl")
    if not openssl:
        return None
    made, key = folder / "certificate.pem", folder / "key.pem"
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    names = ["-subj", subject, "-addext", "subjectAltName=" + ",".join(f"DNS:{host}" for host in hosts)]
    names += ["-addext", "keyUsage=critical,digitalSignature,keyCertSign"]  # Python 3.13 wants it of an authority
    command = [openssl, "req", "-x509", *curve, *names, "-days", "2", "-keyout", str(key), "-out", str(made)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    made.write_text(made.read_text() + key.read_text())
    return made
