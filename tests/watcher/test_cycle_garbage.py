"""A check makes no reference cycles, which would keep its page and entries in memory until a garbage collection."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from sources import Entry, Page
from sources.http.session import Raw
from sources.model.entry import Rows
from state.store import Store
from tests.configurations import LOOPBACK
from watcher.check.outcome import Checked
from watcher.runtime.scheduler import Lane, ThreadJob

KEPT = (Lane, ThreadJob, Checked, Raw, Page, Entry, Rows)


def listing(rows: int, status: str) -> str:
    body = "".join(f"<tr><td>{number}</td><td>{status}</td></tr>" for number in range(rows))
    return f"<html><body><table><tr><th>No</th><th>Status</th></tr>{body}</table></body></html>"


@contextmanager
def garbage() -> Iterator[Counter[str]]:
    """What of a check a search for garbage finds afterwards."""
    found: Counter[str] = Counter()
    gc.collect()
    gc.disable()
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        yield found
        gc.collect()
        found.update(type(each).__name__ for each in gc.garbage if isinstance(each, KEPT))
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()


@pytest.mark.parametrize("rows", [20, 2000], ids=["a few rows", "read apart"])
def test_a_check_leaves_no_garbage(
    site: Any, configure: Callable[..., Any], watch: Callable[..., Any], rows: int
) -> None:
    source = f"kind = 'table'\nurl = '{site.url('/list')}'\nkey = 'No'\n"
    configure(f"{LOOPBACK}[sources.one]\n{source}[sources.two]\n{source}")
    for status in ("open", "open", "closed"):  # new, unchanged, changed
        site.page("/list", listing(rows, status), headers={"ETag": f'"{status}"'})
        with garbage() as found:
            watch("--once")
        assert not found, status


def test_nor_does_one_that_fails(site: Any, configure: Callable[..., Any], watch: Callable[..., Any]) -> None:
    configure(f"{LOOPBACK}[sources.one]\nkind = 'table'\nurl = '{site.url('/list')}'\nkey = 'No'\n")
    site.page("/list", "no such page", status=404)
    with garbage() as found:
        watch("--once")
    assert not found


@pytest.mark.parametrize("words", [5, 500_000], ids=["a small page", "a large page"])
def test_nor_does_one_whose_page_cannot_be_read(
    site: Any, configure: Callable[..., Any], watch: Callable[..., Any], words: int
) -> None:
    configure(f"{LOOPBACK}[sources.one]\nkind = 'table'\nurl = '{site.url('/list')}'\nkey = 'No'\n")
    site.page("/list", f"<html><body><p>{'word ' * words}</p></body></html>")
    with garbage() as found:
        assert "no table" in watch("--once").out
    assert not found


def test_what_waits_to_be_written_holds_no_tree(
    site: Any, configure: Callable[..., Any], watch: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    pages, committing = list[dict[str, Any]](), Store.committing

    def look(*given: Any) -> Any:
        pages.extend(vars(each) for each in gc.get_objects() if isinstance(each, Page))
        assert not any({"html", "text"} & set(page) for page in pages)
        return committing(*given)

    monkeypatch.setattr(Store, "committing", look)
    configure(f"{LOOPBACK}[sources.one]\nkind = 'table'\nurl = '{site.url('/list')}'\nkey = 'No'\n")
    site.page("/list", listing(20, "open"))
    assert "baseline" in watch("--once").out
    assert pages
