"""The container: what its files promise. tests/test_image.py makes the image."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from watcher.config.load import load

ROOT = Path(__file__).parents[1]
HERE = ROOT / "container"


def test_the_configuration_of_compose_is_valid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "database-password").write_text("secret-of-the-database")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    config = load(HERE / "watch.toml")
    assert config.state == "postgresql+psycopg://watch:secret-of-the-database@database/watch"
    assert (config.web.listen, list(config.web.users)) == ("0.0.0.0:8350", ["editor"])


def test_compose_runs_two_workers_and_the_desk_without_rights() -> None:
    services: dict[str, Any] = yaml.safe_load((HERE / "compose.yaml").read_text("utf-8"))["services"]
    ours = {name: service for name, service in services.items() if name != "database"}
    assert {name: service["command"] for name, service in ours.items()} == {
        "worker-1": ["worker"],
        "worker-2": ["worker"],
        "desk": ["serve"],
    }
    for service in ours.values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["restart"] == "unless-stopped"
        assert service["healthcheck"]["test"] == ["CMD", "registry-watch-healthy"]
        assert service["depends_on"] == {"database": {"condition": "service_healthy"}}


def test_the_image_has_two_stages_no_root_and_a_health_check() -> None:
    text = (HERE / "Containerfile").read_text("utf-8")
    bases = re.findall(r"^FROM (\S+)", text, re.MULTILINE)
    assert (len(bases), len(set(bases))) == (2, 1)
    assert re.fullmatch(r"docker\.io/library/debian:trixie-slim@sha256:[0-9a-f]{64}", bases[0])
    assert text.index("USER 10001") < text.index("HEALTHCHECK") < text.index("ENTRYPOINT")
    for copied in re.findall(r"/source/(\S+\.sh)", text):
        assert os.access(ROOT / copied, os.X_OK)
