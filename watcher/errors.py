"""What the program itself can refuse."""

from __future__ import annotations

from collections.abc import Sequence


class ConfigError(Exception):
    """The configuration cannot be used. `problems` holds every reason, a line each with file and key path."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = list(problems)


class UsageError(Exception):
    """A command was asked for what it cannot do; the message says in one line what to do instead."""
