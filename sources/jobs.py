"""Functions of upper layers that may run in the reading process, which can be killed at a time limit.

A layer above registers its functions here with `job`; a caller names one by its module and name (`pool.ask`). The
process imports that module. Request and answer are bytes in the job's own format; the caller validates the answer.
"""

from collections.abc import Callable

Function = Callable[[bytes], bytes]


_JOBS: dict[tuple[str, str], Function] = {}


def job(function: Function) -> Function:
    """Register a function as a job, under its own name."""
    _JOBS[function.__module__, function.__name__] = function
    return function


def find_job(module: str, name: str) -> Function:
    """The job of that name; imports its module. Raises KeyError, ImportError."""
    from importlib import import_module  # noqa: PLC0415 - only the reading process imports

    import_module(module)
    return _JOBS[module, name]
