"""The top level of watch.toml: all keys but the tables of sources, channels, entities and alerts; and the tables
`[web]`, `[translate]` and `[summarize]`.
"""

import re
from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import timedelta
from fnmatch import fnmatchcase
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Annotated, ClassVar, Literal, NamedTuple, Self, get_args
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

from alerts.chat.bot import BotOptions
from alerts.language import Language
from alerts.timing import MessageRate, Rate
from sources.hours import zone_named
from sources.options import BrowserOptions, Duration, HttpOptions, Inner, OptionTable, at_least
from sources.text import listing
from state.evidence.options import ARCHIVE, EvidenceOptions, Size
from watcher.schedule.budget import ScheduleOptions

UNIX = "unix:"
SHORTEST_TOKEN = 16  # characters
DEFAULT_LISTEN = "127.0.0.1:8350"
Role = Literal["viewer", "editor", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)  # who may do most stands last

SQLITE = "sqlite:///"
POSTGRESQL = ("postgresql://", "postgresql+psycopg://")
DEFAULT_MAX_LOG = 2_000_000_000  # bytes
DEFAULT_KEEP = timedelta(days=400)  # a year, and a month for questions about it


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


_Network = Annotated[
    IPv4Network | IPv6Network,
    BeforeValidator(lambda it: ip_network(str(it), strict=False)),
    WithJsonSchema({"type": "string"}),
]


def _parse_password(value: str) -> str:
    """An error must not repeat it: somebody may have written the password itself."""
    if not value.startswith("$argon2"):
        raise ValueError("has to be a hash: `watch serve --hash-password` makes one")
    return value


TOKEN_HOLDER = "token"  # noqa: S105 - a name for whoever signed in with the token


class Sight(NamedTuple):
    """What somebody may see: sources, and changes that mention entities, by glob; an empty one limits nothing."""

    sources: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()

    def sees(self, source: str, entities: Collection[str]) -> bool:
        """Whether a change of a source that mentions these entities may be seen."""
        return self.sees_source(source) and (not self.entities or any(map(self.sees_entity, entities)))

    def sees_source(self, name: str) -> bool:
        """Whether a source may be seen."""
        return not self.sources or any(fnmatchcase(name, pattern) for pattern in self.sources)

    def sees_entity(self, name: str) -> bool:
        """Whether an entity may be seen."""
        return not self.entities or any(fnmatchcase(name, pattern) for pattern in self.entities)


EVERYTHING = Sight()


class WebUser(OptionTable):
    """A user who may sign in."""

    password: Annotated[str, AfterValidator(_parse_password)] | None = Field(
        default=None, repr=False, description="the hash of the password, made by `watch serve --hash-password`"
    )
    role: Role = Field(
        default="viewer", description='"viewer" looks; "editor" may also act; "admin" may also configure'
    )
    sources: tuple[str, ...] = Field(default=(), description='the only sources that are shown to him, such as "fca_*"')
    entities: tuple[str, ...] = Field(default=(), description="the only entities whose changes are shown to him")
    mail: str | None = Field(default=None, description="the address to which what he follows is sent")
    language: Language | None = Field(
        default=None, description="that of his pages and mails; default: his browser's, and the service's"
    )

    @model_validator(mode="after")
    def _refuse_limited_admin(self) -> Self:
        if self.role == "admin" and self.sight != EVERYTHING:
            raise ValueError("a user with `sources` or `entities` cannot be an admin, who sees all: choose one of them")
        return self

    @property
    def sight(self) -> Sight:
        """What he may see."""
        return Sight(self.sources, self.entities)


def is_guarded(url: str) -> bool:
    """Whether nobody on the way can read or change what is sent to an address: https, or http that stays here."""
    try:
        scheme, host = urlsplit(url).scheme, urlsplit(url).hostname or ""
        return bool(host) and (scheme == "https" or (scheme == "http" and is_local(host)))
    except ValueError:
        return False


def _parse_issuer(value: str) -> str:
    if not is_guarded(value) or urlsplit(value)._replace(scheme="", netloc="", path="").geturl() or "@" in value:
        raise ValueError('has to be an address with "https://", or with "http://" on loopback, and without a query')
    return value


class OidcOptions(OptionTable):
    """A provider of OpenID Connect by which people sign in."""

    issuer: Annotated[str, AfterValidator(_parse_issuer)] = Field(default="", description="what it calls itself")
    client_id: str = Field(default="", description="what the desk is called there")
    client_secret: str | None = Field(default=None, min_length=1, repr=False, description="its secret there, if any")
    scopes: Annotated[tuple[str, ...], BeforeValidator(lambda it: it.split() if isinstance(it, str) else it)] = Field(
        default=("openid", "profile", "email"), description='what is asked for, such as also "groups", "offline_access"'
    )
    roles: dict[str, Role] = Field(default_factory=dict, description='{ "GROUP" = "editor" }; the highest one counts')
    label: str | None = Field(default=None, description="what its button is called; default: its host")

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        """Raises ValueError where a provider lacks what it needs, or has a name that is no part of an address."""
        others = self.model_extra or {}
        if not (self.issuer and self.client_id) and not (others and self.model_fields_set == others.keys()):
            raise ValueError('needs "issuer" and "client_id"; other providers have tables: [web.oidc.NAME]')
        for name in others:
            if not re.fullmatch("[a-z0-9][a-z0-9_-]*", name) or name in {"callback", "logout"}:
                raise ValueError(f'"{name}" is no name of a provider: small letters, digits, - and _, not "callback"')
        return self


class OidcProviders(OidcOptions):
    """`[web.oidc]`: one provider, and others in tables of their own, `[web.oidc.NAME]`, beside it or in its place."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, OidcOptions] = Field(init=False)


class WebOptions(OptionTable):
    """The desk: `watch serve`."""

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
    edit: bool = Field(default=True, description="false: nothing can be configured at the desk")
    key: str | None = Field(
        default=None,
        min_length=SHORTEST_TOKEN,
        repr=False,
        description="what secrets are sealed with that are entered at the desk; default: a file beside the state",
    )
    env: tuple[str, ...] = Field(
        default=(), description='the ${NAME} that may be used at the desk, as patterns such as "SMTP_*"'
    )
    websub: bool = Field(
        default=False,
        description="true: feeds that offer a hub (WebSub) are asked to tell the desk when something is new",
    )
    proxy_header: str | None = Field(
        default=None, description='the header in which a trusted proxy names the user, such as "X-Forwarded-User"'
    )
    trusted_proxies: tuple[_Network, ...] = Field(
        default=(), description='the networks of such proxies, such as "127.0.0.1/32"'
    )
    users: dict[str, Inner[WebUser]] = Field(default_factory=dict, description="who may sign in, by name")
    oidc: Inner[OidcProviders] | None = Field(
        default=None, description="providers by which people sign in: OpenID Connect"
    )

    @property
    def providers(self) -> dict[str, OidcOptions]:
        """The providers by which people sign in, by name; that of `[web.oidc]` itself is first, and has none."""
        return ({"": self.oidc} if self.oidc.issuer else {}) | self.oidc.__pydantic_extra__ if self.oidc else {}

    def sight_of(self, who: str) -> Sight | None:
        """What somebody with this name may see; None where nobody of that name can sign in."""
        if user := self.users.get(who):
            return user.sight
        return EVERYTHING if self.proxy_header or self.oidc or who == TOKEN_HOLDER else None

    @model_validator(mode="after")
    def _is_closed(self) -> Self:
        """Raises ValueError if strangers could open a page or choose a user's name, or a hub cannot reach the desk."""
        if self.proxy_header and not self.trusted_proxies and not self.listen.startswith(UNIX):
            raise ValueError('"proxy_header" needs "trusted_proxies": else anybody could send it')
        if self.websub and not self.base_url:
            raise ValueError('"websub" needs "base_url": the address at which a hub reaches the desk')
        if self.oidc and not self.base_url and not is_loopback(self.listen):
            raise ValueError('"oidc" needs "base_url": the address to which a provider sends people back')
        if not is_loopback(self.listen) and not self.users and not self.proxy_header and not self.oidc:
            raise ValueError('"listen" is open to other machines: that needs [web.users.NAME], or "proxy_header"')
        return self


def is_loopback(listen: str) -> bool:
    """Whether only this machine can reach a listening address."""
    return listen.startswith(UNIX) or is_local(host_and_port(listen)[0])


def is_local(host: str) -> bool:
    """Whether a host is this machine, by loopback."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


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
    with suppress(ValueError):
        url = urlsplit(value if isinstance(value, str) else "")
        if url.scheme in {"http", "https"} and url.hostname:
            return str(value)
    raise ValueError('has to be a whole URL that begins with "https://" or "http://"')


_ENGINE_NEEDS = {"libretranslate": ["url"], "deepl": ["key"], "openai": ["url", "model"], "argos": list[str]()}


def _parse_engine_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError('has to be a web address without a query, such as "http://127.0.0.1:5000"')
    return url.rstrip("/")


class TranslateOptions(OptionTable):
    """`[translate]`: a machine translates what messages show in another language than the reader's."""

    table: ClassVar = "translate"

    engine: Literal["libretranslate", "deepl", "openai", "argos"] = Field(
        description='"openai" is any server with the same calls; "argos" runs here, without a network'
    )
    url: Annotated[str, AfterValidator(_parse_engine_url)] | None = Field(
        default=None, description="the server's base, or the full address of its call; default of DeepL: by the key"
    )
    key: str | None = Field(default=None, min_length=1, repr=False, description="the key of an account there")
    model: str | None = Field(default=None, min_length=1, description='of "openai": which of its models')
    to: tuple[Language, ...] = Field(default=(), description="the only languages; default: those of the channels")
    sources: tuple[str, ...] = Field(default=(), description='only the changes of these sources, such as "rkn-*"')
    wait: Duration = Field(
        default=timedelta(seconds=10), le=timedelta(minutes=1), description="how long a message waits for the engine"
    )
    most: MessageRate = Field(
        default=Rate(2000, timedelta(days=1)), description="how many texts it is asked for; days are those of UTC"
    )

    @model_validator(mode="after")
    def _has_what_it_takes(self) -> Self:
        """Raises ValueError where it lacks something."""
        if missing := [name for name in _ENGINE_NEEDS[self.engine] if getattr(self, name) is None]:
            raise ValueError(f'engine = "{self.engine}" needs {listing(missing)}')
        return self

    def wants(self, source: str, language: Language) -> bool:
        """Whether changes of a source are for this engine, for people who are addressed in a language."""
        named = not self.sources or any(fnmatchcase(source, pattern) for pattern in self.sources)
        return named and (not self.to or language in self.to)


class SummarizeOptions(TranslateOptions):
    """`[summarize]`: a model says in a sentence or two what changed in a long text."""

    table: ClassVar = "summarize"

    engine: Literal["openai"] = Field(description="any server with the calls of OpenAI")


class PastOptions(OptionTable):
    """The `[past]` table: where `watch past` finds what others kept."""

    wayback: Annotated[str, AfterValidator(_parse_base_url)] = Field(
        default=ARCHIVE,
        description="the web archive that is asked: its address before /cdx/search/cdx and /web/TIMESTAMPid_/URL",
    )


class Settings(OptionTable):
    """The keys at the top level of watch.toml."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    state: Annotated[str, BeforeValidator(_parse_state)] = Field(
        default="sqlite:///state.db",
        repr=False,
        description="where the state is kept: a file, relative to this one, or postgresql+psycopg://user@host/name",
    )
    timezone: Annotated[
        ZoneInfo, BeforeValidator(lambda value: zone_named(str(value))), WithJsonSchema({"type": "string"})
    ] = Field(default=ZoneInfo("UTC"), description='the time zone of messages and of the log, such as "Europe/Moscow"')
    language: Language = Field(
        default="en", description="the language of messages, cases and proofs, where a channel or a user has no other"
    )
    keep: Annotated[Duration, at_least(timedelta(days=1))] = Field(
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
    # `model_construct`: for a table that is not given, no start builds a validator of its own.
    http: Inner[HttpOptions] = Field(
        default_factory=HttpOptions.model_construct, description="how requests go over the wire"
    )
    browser: Inner[BrowserOptions] = Field(
        default_factory=BrowserOptions.model_construct, description='the browser of sources with fetch = "browser"'
    )
    evidence: Inner[EvidenceOptions] | None = Field(
        default=None, description="keeps the pages that changes were seen on; without this table, none are kept"
    )
    past: Inner[PastOptions] = Field(
        default_factory=PastOptions.model_construct, description="what others kept: `watch past`"
    )
    schedule: Inner[ScheduleOptions] = Field(
        default_factory=ScheduleOptions.model_construct,
        description="when sources are checked that change more at some hours",
    )
    web: Inner[WebOptions] = Field(default_factory=WebOptions.model_construct, description="the desk: `watch serve`")
    bots: dict[str, Inner[BotOptions]] = Field(
        default_factory=dict, description="bots of chat services, by name: buttons, and questions"
    )
    glossary: dict[str, dict[str, dict[Language, Annotated[str, Field(min_length=1, max_length=500)]]]] = Field(
        default_factory=dict,
        description="values that a source, or each source of a kind, repeats, in other languages, such as"
        ' [glossary.rkn_landing] "не исполнено" = { en = "not fulfilled" }',
    )
    translate: Inner[TranslateOptions] | None = Field(
        default=None, description="what is in another language than the reader's is translated by a machine, too"
    )
    summarize: Inner[SummarizeOptions] | None = Field(
        default=None, description="a model sums up what changed in a long text, in the reader's language"
    )

    @property
    def engines(self) -> Sequence[TranslateOptions]:
        """The engines that texts are sent to."""
        return [each for each in (self.translate, self.summarize) if each]

    def state_url(self, folder: Path) -> str:
        """The state's URL with an absolute path; a relative one is relative to `folder`."""
        if is_server(self.state):
            return self.state
        return f"{SQLITE}{folder / self.state.removeprefix(SQLITE)}"
