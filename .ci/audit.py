"""Known vulnerabilities in what is pinned: `python .ci/audit.py requirements.txt`. Exits 1 when there is one.

Where the data cannot be reached it says so and why, and exits 0: an audit that was not made is no finding. With
`--release` it exits 1 then: what others get was audited. Further arguments go to pip-audit:
`--vulnerability-service osv` asks another database.
"""

# ruff: noqa: INP001 - a script beside the program, not a part of it
from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

SILENCE = 5  # seconds without an answer to one question: then there is no data
RELEASE = "--release"
IN_ALL = 60  # seconds for all packages: each is a question of its own

_UNANSWERED = re.compile(  # by the database: what pip-audit says then, and what the library says that asks for it
    r"^(?:requests\.exceptions\.|ERROR:pip_audit\S*:(?=Could not connect|PyPI is not))(.*)$", re.MULTILINE
)


def main(requirements: str, *more: str) -> int:
    """Run pip-audit over a file of pinned requirements."""
    unasked, more = int(RELEASE in more), tuple(word for word in more if word != RELEASE)
    if not Path(requirements).is_file():
        sys.exit(f"there is no file {requirements}")
    options = ["--require-hashes", "--disable-pip", "--progress-spinner", "off", "--format", "json"]
    command = [
        sys.executable,
        "-m",
        "pip_audit",
        *options,
        "--timeout",
        str(SILENCE),
        *more,
        "--requirement",
        requirements,
    ]
    try:
        ran = subprocess.run(command, capture_output=True, text=True, timeout=IN_ALL, check=False)  # noqa: S603 - no shell
    except subprocess.TimeoutExpired:
        return _skipped(unasked, requirements, f"not done within {IN_ALL} s")
    try:
        packages: list[dict[str, Any]] = json.loads(ran.stdout)["dependencies"]
    except (ValueError, KeyError):
        return _broken_off(unasked, requirements, ran.stderr.strip())
    audited = [package for package in packages if "skip_reason" not in package]
    if not audited:
        return _skipped(unasked, requirements, "no package was found in the database of vulnerabilities")
    found = [(package, known) for package in audited for known in package["vulns"]]
    for package, known in found:
        mended = ", ".join(known["fix_versions"]) or "no version yet"
        print(f"{package['name']} {package['version']}: {known['id']}, mended in {mended}")
    print(f"audit of {requirements}: {len(audited)} of {len(packages)} packages, {len(found)} vulnerabilities")
    return int(bool(found))


def _broken_off(unasked: int, requirements: str, said: str) -> int:
    if unanswered := _UNANSWERED.findall(said):
        return _skipped(unasked, requirements, unanswered[-1][:200])
    last = said.splitlines()[-1:] or ["it gave no reason"]
    print(f"audit of {requirements} failed: {last[0][:200]}")
    return 1


def _skipped(unasked: int, requirements: str, why: str) -> int:
    print(f"audit of {requirements} skipped: {why}")
    return unasked


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
