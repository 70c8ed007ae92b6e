"""Pages of 41 KB with a table of 100 rows each, on one host: the workloads that all programs are measured by."""

from __future__ import annotations

from collections.abc import Callable

from tests.bench.bench import Bench, Case


def unchanged(bench: Bench) -> None:
    """Nothing has changed, and the server says so: 304."""
    bench.measure(
        "unchanged",
        [
            Case(contender, bench.ready(contender, "page", size), size, {"304": size, "200": 0})
            for size in bench.sizes
            for contender in bench.contenders
        ],
    )


WORKLOADS: dict[str, Callable[[Bench], None]] = {"unchanged": unchanged}
