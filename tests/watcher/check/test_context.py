"""A first check of a source whose past was read before."""

from collections.abc import Callable

from state.model import EventKind
from state.store import Store

KEPT = {
    "2019-02-01": {"A": "Active", "B": "Active"},
    "2019-04-13": {"A": "Active", "Sable": "Applied"},
    "2019-04-20": {"B": "Active", "Sable": "Active"},
}


def test_a_first_snapshot_says_since_when_others_have_what_is_watched(
    seen_before: Callable[..., None], store: Store
) -> None:
    seen_before(KEPT, {"B": "Active", "Sable": "Active", "Max": "Active"})
    (summary,) = store.log.events(kind=EventKind.BASELINE)
    sable, other = summary.data["mentioned"]
    assert sable["since_at_least"] == {
        "at": "2019-04-13T00:00:00+00:00",
        "checked_before": "2019-02-01T00:00:00+00:00",
        "witness": {"kind": "folder", "where": "2019-04-13.json", "at": "2019-04-13T00:00:00+00:00"},
    }
    assert "since_at_least" not in other
