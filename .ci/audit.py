"""Known vulnerabilities in what is pinned: `python .ci/audit.py requirements.txt`. Exits 1 when there is one.

Where the data cannot be reached it says so and why, and exits 0: an audit that was not made is no finding.
"""

# ruff: noqa: INP001 - a script beside the program, not a part of it
from __future__ import annotations

import json
import subprocess
import sys
from typing import Any


def main(requirements: str) -> int:
    """Run pip-audit over a file of pinned requirements."""
    options = ["--require-hashes", "--disable-pip", "--progress-spinner", "off", "--format", "json"]
    command = [sys.executable, "-m", "pip_audit", *options, "--requirement", requirements]
    try:
        ran = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)  # noqa: S603 - fixed words
    except subprocess.TimeoutExpired:
        return _skipped(requirements, "no answer within 120 s")
    try:
        packages: list[dict[str, Any]] = json.loads(ran.stdout)["dependencies"]
    except (ValueError, KeyError):
        return _skipped(requirements, (ran.stderr.strip().splitlines() or ["it gave no reason"])[-1][:200])
    audited = [package for package in packages if "skip_reason" not in package]
    if not audited:
        return _skipped(requirements, "no package was found in the database of vulnerabilities")
    found = [(package, known) for package in audited for known in package["vulns"]]
    for package, known in found:
        mended = ", ".join(known["fix_versions"]) or "no version yet"
        print(f"{package['name']} {package['version']}: {known['id']}, mended in {mended}")  # noqa: T201
    print(f"audit of {requirements}: {len(audited)} of {len(packages)} packages, {len(found)} vulnerabilities")  # noqa: T201
    return int(bool(found))


def _skipped(requirements: str, why: str) -> int:
    print(f"audit of {requirements} skipped: {why}")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
