"""Work that others have done by a process of its own, as pages are read: it can be ended at its time limit.

A layer above names its functions here (`job`), and asks for one by its module and its name (`apart.ask`). The process
imports that module. Question and answer are bytes, whose form is the job's own; who asks checks the answer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

Function = Callable[[bytes], bytes]


class Named(NamedTuple):
    """A job, by the module that has it and by its name there."""

    module: str
    name: str


_JOBS: dict[Named, Function] = {}


def job(function: Function) -> Function:
    """Let this function be a job, under its own name."""
    _JOBS[Named(function.__module__, function.__name__)] = function
    return function


def named(function: Function) -> Named:
    """How a process is asked for a job. Raises KeyError when the function is none."""
    name = Named(function.__module__, function.__name__)
    _JOBS[name]
    return name


def found(name: Named) -> Function:
    """The job of that name, whose module is imported. Raises KeyError, ImportError."""
    from importlib import import_module  # noqa: PLC0415 - in the process alone

    import_module(name.module)
    return _JOBS[name]
