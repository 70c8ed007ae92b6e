"""What people decide: to approve or reject a message for the public, and to hear of something later."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from datetime import datetime, timedelta

from sources.options import parse_duration
from state.model import ApprovalState, HeldMessage
from state.storage.snoozes import ENTITY, SOURCE
from state.store import Store
from watcher.config.load import Config
from watcher.config.problems import did_you_mean
from watcher.errors import UsageError
from watcher.terminal.words import moment

_LONGEST_SNOOZE = parse_duration("30d")


def person() -> str:
    """Who uses the command line, for the record of actions."""
    try:
        return f"{getpass.getuser()} (command line)"
    except (OSError, KeyError):  # a user without a name
        return "command line"


def decide(store: Store, config: Config, held: HeldMessage | None, *, approve: bool, who: str, now: datetime) -> str:
    """Approve or reject a held message; a line about what was done.

    Raises UsageError where it was decided already, or is gone, and StateError.
    """
    if held is None:
        raise UsageError("there is no such message that somebody has to approve")
    if not store.approvals.decide(held.id, approve=approve, who=who, now=now):
        raise UsageError(decided(store.approvals.find(held.id) or held, config))
    what = "approved: it is sent within seconds, or by `watch --once`" if approve else "rejected: it is not sent"
    return f"{held.title}: {what}"


def decided(held: HeldMessage, config: Config) -> str:
    """Why a message cannot be decided any more: by whom it was, and when."""
    if held.state is ApprovalState.WAITING or held.decided is None:
        return f"{held.title}: nothing of it waits any more"
    at = moment(held.decided, config.timezone)
    if held.state is ApprovalState.EXPIRED:
        return f"{held.title}: nobody approved it in time, and it was dropped at {at}"
    return f"{held.title}: {held.who} has {held.state} it already, at {at}"


def snoozed(config: Config, names: Sequence[str], name: str) -> tuple[str, str]:
    """What a name stands for: `source` or `entity`, and the name itself. `names` are the sources in the state.

    Raises UsageError for a name that is neither, or both: then it is written `source:NAME` or `entity:NAME`.
    """
    kind, colon, plain = name.partition(":")
    known = {SOURCE: {*config.sources, *names}, ENTITY: set(config.entities)}
    if colon and kind in known and plain in known[kind]:
        return kind, plain
    found = [kind for kind, some in known.items() if name in some]
    if len(found) == 1:
        return found[0], name
    if found:
        raise UsageError(f'"{name}" is a source and an entity: write source:{name} or entity:{name}')
    hint = did_you_mean(name, sorted(known[SOURCE] | known[ENTITY]), "names")
    raise UsageError(f'there is no source and no entity "{name}"; {hint}')


def snooze_span(text: str) -> timedelta:
    """For how long something is snoozed. Raises UsageError."""
    try:
        span = parse_duration(text)
    except ValueError as error:
        raise UsageError(f'"{text}" is no time: {error}, or "off"') from None
    if not span or span > _LONGEST_SNOOZE:
        raise UsageError(f'"{text}": it is from a moment to 30 days')
    return span
