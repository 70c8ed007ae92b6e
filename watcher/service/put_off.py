"""What a service goes on without while the state cannot be used."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from state.errors import StateError

log = logging.getLogger(__name__)


@contextmanager
def put_off(what: str) -> Iterator[None]:
    """End the block where the state cannot be used: a later one makes up for it. `what` says in the log what waits."""
    try:
        yield
    except StateError as error:
        log.debug("%s: %s", what, error)
