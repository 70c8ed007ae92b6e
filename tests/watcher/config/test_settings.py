"""The users of the desk, in `[web.users.NAME]`."""

from __future__ import annotations

from pathlib import Path

import pytest

from watcher.config.load import load
from watcher.config.settings import Sight
from watcher.errors import ConfigError


def test_what_a_user_may_see(tmp_path: Path) -> None:
    (tmp_path / "watch.toml").write_text(
        '[web.users.ann]\nrole = "editor"\nsources = ["fca_*"]\nentities = ["sable"]\n'
    )
    sight = load(tmp_path / "watch.toml").web.users["ann"].sight
    assert sight == Sight(("fca_*",), ("sable",))
    assert (sight.sees("fca_list", ["sable", "x"]), sight.sees("fca_list", ["x"]), sight.sees("x", ["sable"])) == (
        True,
        False,
        False,
    )


@pytest.mark.parametrize("limits", ['sources = ["fca_*"]', 'entities = ["sable"]'])
def test_who_is_limited_cannot_be_an_admin(tmp_path: Path, limits: str) -> None:
    (tmp_path / "watch.toml").write_text(f'[web.users.ann]\nrole = "admin"\n{limits}\n')
    with pytest.raises(ConfigError) as refused:
        load(tmp_path / "watch.toml")
    assert "web.users.ann" in f"{refused.value.problems}"
    assert "cannot be an admin" in f"{refused.value.problems}"
