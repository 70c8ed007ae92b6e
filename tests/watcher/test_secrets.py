"""Secrets: `make torture` plants them everywhere and searches all output for them (tests/torture/planted.py)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.torture.faults_secrets import faults


@pytest.mark.timeout(300)
def test_no_secret_stands_in_what_is_printed_logged_or_stored() -> None:
    assert [row for row in faults() if not row.passed] == []


def test_a_secret_in_a_file_that_everybody_may_read_is_warned_about(
    configure: Callable[..., Path], watch: Callable[..., Any]
) -> None:
    file = configure('[sources.a]\nkind = "feed"\nurl = "https://a.example/?api_key=written-in-the-file"\n')
    file.chmod(0o644)
    told = watch("check-config")
    assert (
        "sources.a.url: holds a password or a token, and everybody on this machine may read the file"
        in told.out + told.err
    )
    assert "written-in-the-file" not in told.out + told.err
    file.chmod(0o640)
    assert "everybody" not in "".join(watch("check-config")[1:])


def test_the_loggers_of_libraries_stay_above_what_holds_addresses() -> None:
    import alerts.apprise_service

    assert logging.getLogger("urllib3").level >= logging.INFO
    assert logging.getLogger("httpcore").getEffectiveLevel() >= logging.INFO
    assert alerts.apprise_service._catch in logging.getLogger("apprise").filters
