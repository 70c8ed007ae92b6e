"""The top of watch.toml: what stands outside its tables of sources, channels, entities and alerts."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from alerts.timing import zone_named
from sources.options import Duration, HttpOptions

SQLITE = "sqlite:///"
DEFAULT_KEEP = timedelta(days=400)  # a year, and the month in which somebody asks what it was like then


def _parse_zone(value: object) -> ZoneInfo:
    return zone_named(value if isinstance(value, str) else str(value))


def _parse_state(value: object) -> str:
    url = value if isinstance(value, str) else ""
    if url.startswith("postgresql"):
        raise ValueError('PostgreSQL is not available yet; use a file: "sqlite:///state.db"')
    file = url.removeprefix(SQLITE)
    if not url.startswith(SQLITE) or not file or file == ":memory:" or "?" in file:
        raise ValueError('has to be "sqlite:///" and a file, such as "sqlite:///state.db"')
    return url


def _parse_heartbeat(value: object) -> str:
    """An error must not repeat it: the address is the secret."""
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
    """What stands at the top of watch.toml, outside its tables of names."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    state: Annotated[str, BeforeValidator(_parse_state)] = Field(
        default="sqlite:///state.db", description="where the state is kept; the file is relative to this one"
    )
    timezone: Annotated[ZoneInfo, BeforeValidator(_parse_zone), WithJsonSchema({"type": "string"})] = Field(
        default=ZoneInfo("UTC"), description='the time zone of messages, such as "Europe/Moscow"'
    )
    keep: Annotated[Duration, AfterValidator(_at_least_a_day)] = Field(
        default=DEFAULT_KEEP,
        description="how long changes, deliveries and what left a source are kept; what is present always is",
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

    def state_url(self, folder: Path) -> str:
        """The state's URL with an absolute path: a relative one is relative to `folder`."""
        return f"{SQLITE}{folder / self.state.removeprefix(SQLITE)}"
