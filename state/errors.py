"""Errors of the state. Every message is one line that says where, what, and what to do."""


class StateError(Exception):
    """The state cannot be opened, read or written."""


class StateDamagedError(StateError):
    """A part of the state cannot be read: it is damaged."""


class StateMovedError(StateError):
    """Another process changed a source's entries during the comparison: compare again."""
