from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from state.model import Health, Status
from state.store import Store

Watch = Callable[..., Any]

OK = Health(Status.OK)


@pytest.fixture(autouse=True)
def configured(configure: Callable[..., Path]) -> None:
    configure('[sources.tass]\nkind = "feed"\nurl = "https://example.org/"\n')


def test_a_source_that_left_the_configuration_is_forgotten_but_its_changes_stay(
    watch: Watch, store: Store, checked: Callable[..., None], happened: Callable[..., Any]
) -> None:
    checked("old", OK, 3)
    happened(source="old", to=("desk",))
    ran = watch("forget", "old")
    assert (ran.code, ran.out) == (0, "old: forgotten, with 3 entries; its changes stay in the log\n")
    assert [state.name for state in store.sources()] == []
    assert len(store.log.events(source="old")) == 1
    assert store.outbox.counts() == {"held": 0, "unapproved": 0, "pending": 0, "sent": 0, "dead": 1}


def test_a_configured_source_is_not_forgotten(watch: Watch, store: Store, checked: Callable[..., None]) -> None:
    checked("tass", OK, 3)
    ran = watch("forget", "tass")
    assert (ran.code, ran.out) == (2, "")
    assert "take [sources.tass] out first" in ran.err
    assert store.source("tass").entries == 3


def test_an_unknown_name_is_told_with_those_that_can_be_forgotten(watch: Watch, checked: Callable[..., None]) -> None:
    checked("old", OK, 3)
    checked("tass", OK, 3)
    ran = watch("forget", "odl")
    assert ran.code == 2
    assert ran.err == 'nothing is known of a source "odl"; no longer configured: old\n'


def test_without_a_state_nothing_is_known(watch: Watch, folder: Path) -> None:
    assert watch("forget", "old").code == 2
    assert not (folder / "state.db").exists()
