"""The kill matrix, and two processes over one state, with the state on a PostgreSQL server."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from tests import postgres
from tests.torture import faults_kill, faults_processes
from tests.torture.desks import on_server
from tests.torture.rows import Fault

AT_ONCE = 4

# A file stays locked as long as the process that stopped in a transaction lives; the server ends it after 10 s.
OTHERWISE = {"stopped in the transaction, then continued": "other: exit 0 in < 25 s; lost 0, twice 0"}


def faults() -> Iterator[Fault]:
    if not postgres.installed():
        print(postgres.MISSING)
        return
    for module in (faults_kill, faults_processes):
        for fault in module.faults():
            if "a state with rows" in fault.fault:  # of an age when only files could hold one
                continue
            expected = OTHERWISE.get(fault.fault, fault.expected)
            template = "template0" if "migration" in fault.fault else "state"
            yield Fault(fault.fault, expected, partial(on_server, fault.act, template))
