"""The table `[web]` of watch.toml: where the desk listens, and who may sign in."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

UNIX = "unix:"
SHORTEST_TOKEN = 16  # characters
DEFAULT_LISTEN = "127.0.0.1:8350"
Role = Literal["viewer", "editor"]


def _parse_listen(value: object) -> str:
    text = value if isinstance(value, str) else ""
    if text.startswith(UNIX + "/"):
        return text
    host, port = host_and_port(text)
    if not host or port is None:
        raise ValueError('has to be a host and a port, such as "127.0.0.1:8350", or "unix:/run/desk.sock"')
    return text


def host_and_port(listen: str) -> tuple[str, int | None]:
    """The two parts of `127.0.0.1:8350` or `[::1]:8350`; the port is None where there is no valid one (0 to 65535)."""
    host, _, port = listen.rpartition(":")
    number = int(port) if port.isascii() and port.isdecimal() else None
    return host.removeprefix("[").removesuffix("]"), number if number is not None and number < 1 << 16 else None


def _parse_base_url(value: str) -> str:
    url = urlsplit(value)
    if url.scheme not in {"http", "https"} or not url.hostname or url.query or url.fragment or url.username:
        raise ValueError('has to be a whole URL without a query, such as "https://watch.example.org"')
    return value.rstrip("/")


def _parse_network(value: object) -> IPv4Network | IPv6Network:
    return ip_network(value if isinstance(value, str) else str(value), strict=False)


def _parse_password(value: str) -> str:
    """An error must not repeat it: somebody may have written the password itself."""
    if not value.startswith("$argon2"):
        raise ValueError("has to be a hash: `watch serve --hash-password` makes one")
    return value


class WebUser(BaseModel):
    """A user who may sign in."""

    model_config = ConfigDict(defer_build=True, extra="forbid", frozen=True, hide_input_in_errors=True)

    password: Annotated[str, AfterValidator(_parse_password)] | None = Field(
        default=None, repr=False, description="the hash of the password, made by `watch serve --hash-password`"
    )
    role: Role = Field(default="viewer", description='"viewer" looks; "editor" may also act')


class WebOptions(BaseModel):
    """The desk: `watch serve`."""

    model_config = ConfigDict(defer_build=True, extra="forbid", frozen=True, hide_input_in_errors=True)

    listen: Annotated[str, BeforeValidator(_parse_listen)] = Field(
        default=DEFAULT_LISTEN, description='host and port, or "unix:/run/registry-watch/web.sock"'
    )
    base_url: Annotated[str, AfterValidator(_parse_base_url)] | None = Field(
        default=None, description="what links in messages begin with: the desk's address as its readers see it"
    )
    token: str | None = Field(
        default=None,
        min_length=SHORTEST_TOKEN,
        repr=False,
        description="the token to sign in with, which is also the API's bearer token; default: a random one",
    )
    websub: bool = Field(
        default=False,
        description="true: feeds that offer a hub (WebSub) are asked to tell the desk when something is new",
    )
    proxy_header: str | None = Field(
        default=None, description='the header in which a trusted proxy names the user, such as "X-Forwarded-User"'
    )
    trusted_proxies: tuple[
        Annotated[IPv4Network | IPv6Network, BeforeValidator(_parse_network), WithJsonSchema({"type": "string"})], ...
    ] = Field(default=(), description='the networks of such proxies, such as "127.0.0.1/32"')
    users: dict[str, WebUser] = Field(default_factory=dict, description="who may sign in, by name")

    @model_validator(mode="after")
    def _is_closed(self) -> WebOptions:
        """Raises ValueError if strangers could open a page or choose a user's name, or a hub cannot reach the desk."""
        if self.proxy_header and not self.trusted_proxies and not self.listen.startswith(UNIX):
            raise ValueError('"proxy_header" needs "trusted_proxies": else anybody could send it')
        if self.websub and not self.base_url:
            raise ValueError('"websub" needs "base_url": the address at which a hub reaches the desk')
        if not is_loopback(self.listen) and not self.users and not self.proxy_header:
            raise ValueError('"listen" is open to other machines: that needs [web.users.NAME], or "proxy_header"')
        return self


def is_loopback(listen: str) -> bool:
    """Whether only this machine can reach a listening address."""
    host, _ = host_and_port(listen)
    try:
        return listen.startswith(UNIX) or host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
