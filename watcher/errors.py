"""Errors in the configuration and in the use of a command, exit codes of all commands, and the mark of a log line."""

import os
from collections.abc import Sequence

DONE, FAILED, USAGE, INTERRUPTED, PIPE_CLOSED = 0, 1, 2, 130, 141
LASTING = {"lasts": True}  # `extra` of a line that is logged at each try, as long as the same is in the way


class ConfigError(Exception):
    """The configuration cannot be used. `problems` has one line for each reason, with file and key path."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = list(problems)


class UsageError(Exception):
    """A command was asked for something that it cannot do. The message says in one line what to do instead."""


class StaleTextError(UsageError):
    """The register has changed since a text was made that has to be approved. `seen` is the last change, which whoever
    approves the text all the same has to name.
    """

    def __init__(self, message: str, seen: int) -> None:
        super().__init__(message)
        self.seen = seen


def fault_code() -> int:
    """The exit code when the state cannot be used, or when the program has a fault: 1 by default.

    A failed source gives 1, too. A systemd unit that treats failed sources as success sets another code for faults in
    REGISTRY_WATCH_FAULT_CODE.
    """
    code = os.environ.get("REGISTRY_WATCH_FAULT_CODE", "")
    return int(code) if code.isdecimal() else FAILED
