"""Unchanged pages by TLS."""

from __future__ import annotations

from functools import partial

from tests.bench.bench import Bench, Case
from tests.bench.contenders import Bare, reported
from tests.bench.measure import run


def tls(bench: Bench) -> None:
    """Unchanged pages by TLS, all on one host, answered 304: the connection kept, and closed after each answer."""
    if bench.site.ca is None:
        bench.tell("tls", "There is no openssl here to make a certificate with.")
        return
    size = 1_000 if bench.full else 200
    cases = [
        case
        for port, label in (("https", "connection kept"), ("https closing", "closed each time"))
        for case in _cases(bench, port, f"{size:,} sources, {label}", size)
    ]
    before = bench.site.usage()[1].get("resumed", 0)
    bench.measure("tls", cases)
    resumed = bench.site.usage()[1].get("resumed", 0) - before
    bench.tell("tls", f"The server resumed {resumed:,} TLS sessions in all runs together.")


def _cases(bench: Bench, port: str, label: str, size: int) -> list[Case]:
    addresses, bare, cases = bench.addresses("page", size, port), Bare(), []
    mine, its = bench.fresh(), bench.fresh()
    bench.ours.lay(mine, addresses, "table", more=f'ca_file = "{bench.site.ca}"\n')
    bare.lay(its, addresses, "table", bench.site.ca)
    for contender, folder in ((bench.ours, mine), (bare, its)):
        run(contender.command(folder), folder)
        case = bench.case(contender, folder, size, {"304": size, "200": 0})
        case.label, case.verify = label, partial(reported, contender.name, {"unchanged": size})
        cases.append(case)
    return cases


WORKLOADS = {"tls": tls}
