"""Errors in the configuration and in the use of a command."""

from __future__ import annotations

from collections.abc import Sequence


class ConfigError(Exception):
    """The configuration cannot be used. `problems` has one line for each reason, with file and key path."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = list(problems)


class UsageError(Exception):
    """A command was asked for something that it cannot do. The message says in one line what to do instead."""
