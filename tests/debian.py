"""A bare root of Debian, as a new machine or an image begins with: made by debootstrap and kept in build/. Needs root and
the network."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

BUILD = Path(__file__).parents[1] / "build"
RELEASE = "trixie"


def reason_not_to_make() -> str | None:
    """Why there can be no such root here, or None."""
    if os.geteuid() != 0:
        return "needs root, to make a root of Debian"
    return None if shutil.which("debootstrap") else "needs debootstrap"


def bare(*more: str) -> Path:
    """A root with Debian's smallest set of packages, and these."""
    included = ["--include", ",".join(more)] if more else []

    def bootstrap(folder: Path) -> None:
        command = ["debootstrap", "--variant=minbase", *included, RELEASE, str(folder)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=280)

    return kept(f"debian-{RELEASE}-{sha256(' '.join(more).encode()).hexdigest()[:12]}", bootstrap)


def kept(name: str, make: Callable[[Path], None]) -> Path:
    """A folder in build/, which is made where it is not there; one that was broken off does not count."""
    folder = BUILD / name
    if not folder.exists():
        BUILD.mkdir(exist_ok=True)
        partial = folder.with_suffix(f".{os.getpid()}")
        make(partial)
        partial.rename(folder)
    return folder


def let_out(root: Path) -> dict[str, str]:
    """What pip and apt in a root have to know of this machine's network, as variables; the authority's file is put there."""
    known = {name: value for name, value in os.environ.items() if name.startswith("PIP_") or name.endswith("_proxy")}
    known.pop("PIP_FIND_LINKS", None)
    if certificates := known.get("PIP_CERT"):
        known["PIP_CERT"] = "/var/tmp/pip-cert.pem"
        shutil.copy(certificates, root / "var/tmp/pip-cert.pem")
    return known
