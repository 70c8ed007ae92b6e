"""A first check of a source whose past was read before."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from state.model import EventKind
from state.store import Store


def test_a_first_snapshot_says_since_when_others_have_what_is_watched(
    site: Any, configure: Callable[..., Path], watch: Callable[..., Any], folder: Path
) -> None:
    configure(
        '[http]\nprivate_addresses = "allow"\n[entities.sable]\nnames = ["Sable"]\n[entities.max]\nnames = ["Max"]\n'
        f'[sources.list]\nkind = "json"\nurl = "{site.url("/list")}"\nitems = "@"\nkey = "name"'
    )
    (folder / "pages").mkdir()
    for day, names in (("2019-02-01", "A B"), ("2019-04-13", "A Sable"), ("2019-04-20", "B Sable")):
        rows = [{"name": name, "status": day} for name in names.split()]
        (folder / "pages" / f"{day}.json").write_text(json.dumps(rows))
    site.page("/list", [{"name": name, "status": "Active"} for name in ("B", "Sable", "Max")])
    assert watch("past", "list", "--folder", "pages").code == 0
    assert watch("--once").code == 0
    with Store.open(f"sqlite:///{folder}/state.db") as store:
        (summary,) = store.log.events(kind=EventKind.BASELINE)
    sable, other = summary.data["mentioned"]
    assert sable["since_at_least"] == {
        "at": "2019-04-13T00:00:00+00:00",
        "checked_before": "2019-02-01T00:00:00+00:00",
        "witness": {"kind": "folder", "where": "2019-04-13.json", "at": "2019-04-13T00:00:00+00:00"},
    }
    assert "since_at_least" not in other
