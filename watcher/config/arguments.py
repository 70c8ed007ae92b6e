"""Parses the arguments that commands share: a time, an entity, sources."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, tzinfo

from sources import Source
from sources.options import parse_duration
from watcher.config.load import Config
from watcher.config.problems import did_you_mean
from watcher.errors import UsageError


def parse_since(text: str, zone: tzinfo) -> datetime:
    """The time given by `--since`: a time span before now (12h, 7d), or a date, which begins at midnight in `zone`.

    Raises UsageError.
    """
    with suppress(ValueError, OverflowError):
        return datetime.now(UTC) - parse_duration(text)
    with suppress(UsageError):
        return parse_time(text, "--since", zone)
    raise UsageError(f'--since: "{text}" is neither a length of time (12h, 7d) nor a date (2025-07-14)')


def parse_time(text: str, option: str, zone: tzinfo) -> datetime:
    """A time in ISO 8601, in `zone` where it has none; a date is its midnight. Raises UsageError."""
    with suppress(ValueError, OverflowError):
        at = datetime.fromisoformat(text.strip())
        return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
    raise UsageError(
        f'{option}: "{text}" is not a time: give 2026-03-03, 2026-03-03T18:57 or 2026-03-03T18:57:00+03:00'
    )


def parse_past_time(text: str, option: str, zone: tzinfo, now: datetime) -> datetime:
    """As `parse_time`, for a time that is not in the future. Raises UsageError."""
    at = parse_time(text, option, zone)
    if at > now:
        raise UsageError(f"{option}: {text} is in the future")
    return at


def check_known(name: str | None, what: str, names: Sequence[str]) -> None:
    """Raise UsageError for an unknown name, with a similar known one."""
    if name is not None and name not in names:
        hint = did_you_mean(name, names, "names") if names else "none is configured"
        raise UsageError(f'there is no {what} "{name}"; {hint}')


def find_source(config: Config, name: str) -> Source:
    """The source of that name. Raises UsageError with the existing names."""
    if source := config.sources.get(name):
        return source
    known = ", ".join(config.sources) or "none"
    are = "is" if len(config.sources) == 1 else "are"
    raise UsageError(f'there is no source "{name}" in {config.path}; there {are}: {known}')


def choose_sources(config: Config, only: Sequence[str] | None) -> list[str]:
    """The names of the sources to check, in the order of the configuration: those that are named, else all that are
    neither disabled nor paused nor pushed. Raises UsageError.
    """
    for name in only or ():
        find_source(config, name)
    return [name for name in config.sources if name in (only or config.polled)]
