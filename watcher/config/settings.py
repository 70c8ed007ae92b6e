"""The top level of watch.toml: all keys but the tables of sources, channels, entities and alerts."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from alerts.timing import zone_named
from sources.options import BrowserOptions, Duration, HttpOptions
from state.evidence.options import EvidenceOptions, Size
from watcher.config.web_options import WebOptions
from watcher.schedule.options import ScheduleOptions

SQLITE = "sqlite:///"
POSTGRESQL = ("postgresql://", "postgresql+psycopg://")
DEFAULT_MAX_LOG = 2_000_000_000  # bytes
DEFAULT_KEEP = timedelta(days=400)  # a year, and a month for questions about it


def _parse_zone(value: object) -> ZoneInfo:
    return zone_named(value if isinstance(value, str) else str(value))


def _parse_state(value: object) -> str:
    """The error does not repeat the value, which may contain a password."""
    url = value if isinstance(value, str) else ""
    if url.startswith(POSTGRESQL):
        if not is_server(url):
            raise ValueError('has to name a database, such as "postgresql+psycopg://user@host/name"')
        return url
    file = url.removeprefix(SQLITE)
    if not url.startswith(SQLITE) or not file or file == ":memory:" or "?" in file:
        raise ValueError('has to be "sqlite:///" and a file, or "postgresql+psycopg://user@host/name"')
    return url


def is_server(url: str) -> bool:
    """Whether the state's URL names a database on a PostgreSQL server."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return url.startswith(POSTGRESQL) and len(parts.path) > 1


def without_password(url: str) -> str:
    """A database's URL for display."""
    url = re.sub(r"(?<=://)([^/?#@:]*):[^/?#]*@", r"\1@", url)
    return re.sub(r"([?&])(?:ssl)?password=[^&#]*&?", r"\1", url).rstrip("?&")


def _parse_heartbeat(value: object) -> str:
    """The error does not repeat the value, which is a secret."""
    try:
        url = urlsplit(value if isinstance(value, str) else "")
        usable = url.scheme in {"http", "https"} and bool(url.hostname)
    except ValueError:
        usable = False
    if not usable:
        raise ValueError('has to be a whole URL that begins with "https://" or "http://"')
    return str(value)


def _at_least_a_day(value: timedelta) -> timedelta:
    if value < timedelta(days=1):
        raise ValueError('has to be at least "1d"')
    return value


class Settings(BaseModel):
    """The keys at the top level of watch.toml."""

    model_config = ConfigDict(defer_build=True, extra="forbid", frozen=True, arbitrary_types_allowed=True)

    state: Annotated[str, BeforeValidator(_parse_state)] = Field(
        default="sqlite:///state.db",
        repr=False,
        description="where the state is kept: a file, relative to this one, or postgresql+psycopg://user@host/name",
    )
    timezone: Annotated[ZoneInfo, BeforeValidator(_parse_zone), WithJsonSchema({"type": "string"})] = Field(
        default=ZoneInfo("UTC"), description='the time zone of messages and of the log, such as "Europe/Moscow"'
    )
    keep: Annotated[Duration, AfterValidator(_at_least_a_day)] = Field(
        default=DEFAULT_KEEP,
        description="how long changes, deliveries and what left a source are kept; what is present always is",
    )
    max_log: Size = Field(
        default=DEFAULT_MAX_LOG,
        description='the most that changes of one source may take in the log of events within `keep`, such as "2 GB";'
        " beyond, those that mention nobody are summed up",
    )
    heartbeat: Annotated[str, BeforeValidator(_parse_heartbeat)] | None = Field(
        default=None,
        repr=False,
        description="a URL to fetch whenever all sources were checked and nothing waits to be delivered",
    )
    include: tuple[str, ...] = Field(default=(), description='further files, such as "sources.d/*.toml"')
    presets: str | None = Field(
        default=None, description='the folder of your own presets, files such as "presets/our_register.toml"'
    )
    http: HttpOptions = Field(default_factory=HttpOptions, description="how requests go over the wire")
    browser: BrowserOptions = Field(
        default_factory=BrowserOptions, description='the browser of sources with fetch = "browser"'
    )
    evidence: EvidenceOptions | None = Field(
        default=None, description="keeps the pages that changes were seen on; without this table, none are kept"
    )
    schedule: ScheduleOptions = Field(
        default_factory=ScheduleOptions, description="when sources are checked that change more at some hours"
    )
    web: WebOptions = Field(default_factory=WebOptions, description="the desk: `watch serve`")

    def state_url(self, folder: Path) -> str:
        """The state's URL with an absolute path; a relative one is relative to `folder`."""
        if is_server(self.state):
            return self.state
        return f"{SQLITE}{folder / self.state.removeprefix(SQLITE)}"
