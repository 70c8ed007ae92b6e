"""The audit of the pinned packages, against a database of vulnerabilities on loopback."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

AUDIT = Path(__file__).parents[1] / ".ci" / "audit.py"
AFFECTED = {
    "package": {"name": "wheelbarrow", "ecosystem": "PyPI"},
    "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.1"}]}],
}
KNOWN = {"id": "PYSEC-1", "summary": "reads what it should not", "affected": [AFFECTED]}


@pytest.fixture
def pins(tmp_path: Path) -> Path:
    file = tmp_path / "requirements.txt"
    pinned = [f"{name}==1.0 --hash=sha256:{'0' * 64}\n" for name in ("spade", "wheelbarrow")]
    file.write_text("".join(pinned))
    return file


def audit(pins: Path, url: str, *more: str) -> tuple[int, str]:
    """The exit code, and all that it said."""
    command = [sys.executable, str(AUDIT), str(pins), "--vulnerability-service", "osv", "--osv-url", url, *more]
    alone = {"HOME": str(pins.parent), "XDG_CACHE_HOME": str(pins.parent)}  # no proxy, and nobody's cache
    ran = subprocess.run(command, env=alone, capture_output=True, text=True, timeout=60, check=False)
    return ran.returncode, ran.stdout + ran.stderr


def test_an_audit_without_a_finding_says_how_much_it_has_seen(site: Any, pins: Path) -> None:
    site.page("/query", {})
    assert audit(pins, site.url("/query")) == (0, f"audit of {pins}: 2 of 2 packages, 0 vulnerabilities\n")


def test_a_known_vulnerability_fails_the_audit_and_is_named(site: Any, pins: Path) -> None:
    site.page("/query", lambda asked: {"vulns": [KNOWN]} if b"wheelbarrow" in asked.body else {})
    code, said = audit(pins, site.url("/query"))
    assert code == 1
    assert "wheelbarrow 1.0: PYSEC-1, mended in 1.1\n" in said
    assert json.loads(site.requests[0].body)["version"] == "1.0"


@pytest.mark.parametrize("fault", ["refused", "silent", "error"])
def test_an_audit_without_data_is_skipped_and_says_why(site: Any, pins: Path, fault: str) -> None:
    site.silent("/silent")
    site.page("/error", status=503)
    url = {"refused": "http://127.0.0.1:1/query", "silent": site.url("/silent"), "error": site.url("/error")}[fault]
    code, said = audit(pins, url)
    assert (code, said.count("\n")) == (0, 1)
    assert said.startswith(f"audit of {pins} skipped: ")
    assert len(said.partition("skipped: ")[2]) > 10
    if fault == "refused":
        assert audit(pins, url, "--release") == (1, said)


def test_what_cannot_be_audited_for_another_reason_fails(pins: Path) -> None:
    pins.write_text("spade\n")
    code, said = audit(pins, "http://127.0.0.1:1/query")
    assert (code, said.count("\n")) == (1, 1)
    assert "failed: ERROR:pip_audit._cli:requirement spade does not contain a hash" in said
