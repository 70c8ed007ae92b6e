"""Functions of upper layers that may run in the reading process, which can be killed at a time limit.

A layer above registers its functions here with `job`; a caller names one by its module and name (`pool.ask`). The
process imports that module. Request and answer are bytes in the job's own format; the caller validates the answer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

Function = Callable[[bytes], bytes]


class Named(NamedTuple):
    """The reference of a job: its module, and its name there."""

    module: str
    name: str


_JOBS: dict[Named, Function] = {}


def job(function: Function) -> Function:
    """Register a function as a job, under its own name."""
    _JOBS[Named(function.__module__, function.__name__)] = function
    return function


def named(function: Function) -> Named:
    """The reference by which a process is asked for a job. Raises KeyError when the function is not registered."""
    name = Named(function.__module__, function.__name__)
    _JOBS[name]
    return name


def found(name: Named) -> Function:
    """The job that a reference names; imports its module. Raises KeyError, ImportError."""
    from importlib import import_module  # noqa: PLC0415 - only the reading process imports

    import_module(name.module)
    return _JOBS[name]
