"""watch.toml as a typed Config, or every reason why not: each with its file and key path."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, ItemsView, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ValidationError

from alerts.options import AlertRule, Channel, Entity
from sources import Source
from sources.loader import KindError, kind
from sources.options import HttpOptions, WireOptions
from sources.secrets import Secrets
from watcher import console, crosschecks, sensitive
from watcher.errors import ConfigError
from watcher.files import NAMED_TABLES, Tree, find, read, shown
from watcher.problems import Problems
from watcher.settings import Settings
from watcher.substitute import KeyPath, Substitution


@dataclass(frozen=True)
class Config:
    """A configuration that can be used: its names are there, its paths absolute, its sources ready kinds.

    `sources` holds the disabled ones too. `warnings` are lines about what works, but hardly as it is meant.
    """

    path: Path | None
    state: str
    timezone: ZoneInfo
    http: HttpOptions
    sources: dict[str, Source]
    channels: dict[str, Channel]
    entities: dict[str, Entity]
    alerts: tuple[AlertRule, ...]
    secrets: Secrets
    warnings: tuple[str, ...]


def load(path: Path | None = None) -> Config:
    """Load `path`, or the file that is found without one; its secrets are kept out of all output from then on.

    Raises ConfigError with every problem at once. Channel URLs are left to check_channels, which is slow.
    """
    tree = read(find(path))
    secrets = Secrets()
    console.hide(secrets)
    problems = Problems(tree, secrets)
    root = Substitution(os.environ, secrets, problems.missing).fill(tree.root)
    return _Composer(Tree(tree.path, root, tree.origins), secrets, problems).compose()


def check_channels(config: Config, only: Collection[str] | None = None) -> list[str]:
    """A line for each channel (or each of `only`) whose URL Apprise does not take. Loads Apprise."""
    from alerts.send import problem

    file = shown(config.path) if config.path else "watch.toml"
    asked = {name: channel for name, channel in config.channels.items() if only is None or name in only}
    found = ((name, problem(channel.url)) for name, channel in asked.items())
    return [config.secrets.hide(f"{file}: channels.{name}.url: {what}") for name, what in found if what]


def load_to_run(path: Path | None = None) -> Config:
    """As `load`, with its channels checked too: for what will send to them. Raises ConfigError."""
    config = load(path)
    if problems := check_channels(config):
        raise ConfigError(problems)
    return config


TABLES = (*NAMED_TABLES, "alerts")
_PORTS = {"http": 80, "https": 443}
_BAD_NAME = re.compile(r"^$|^-|^\s|\s$|[*?\[\],\x00-\x1f\x7f]")
_Model = TypeVar("_Model", bound=BaseModel)
_Wire = TypeVar("_Wire", bound=WireOptions)


@dataclass
class _Composer:
    """Builds the parts of a Config; what is wrong with one keeps no other from being looked at."""

    tree: Tree
    secrets: Secrets
    problems: Problems
    hosts: dict[str, str] = field(default_factory=dict)  # of the enabled sources
    kinds: dict[str, type[Source]] = field(default_factory=dict)

    def compose(self) -> Config:
        """The whole. Raises ConfigError."""
        settings = self._settings()
        http = self._with_ca_file(settings.http, ("http",))
        channels, entities = self._table("channels", Channel), self._table("entities", Entity)
        sources = {name: made for name, table in self._named("sources") if (made := self._source(name, table))}
        rules = self._rules()
        self._remember(http, sources, channels)
        self._check_together(http, sources, rules)
        self.problems.stop()
        return Config(
            path=self.tree.path,
            state=settings.state_url(self.tree.path.parent),
            timezone=settings.timezone,
            http=http,
            sources=sources,
            channels=channels,
            entities=entities,
            alerts=tuple(rules.values()),
            secrets=self.secrets,
            warnings=tuple(self.problems.warnings),
        )

    def _settings(self) -> Settings:
        known = [*Settings.model_fields, *TABLES]
        for key in self.tree.root:
            if key not in known:
                self.problems.unknown((key,), known)
        top = {key: value for key, value in self.tree.root.items() if key in Settings.model_fields}
        return self._built(Settings, top, ()) or Settings()

    def _table(self, table: str, model: type[_Model]) -> dict[str, _Model]:
        built = {name: self._built(model, value, (table, name)) for name, value in self._named(table)}
        return {name: made for name, made in built.items() if made}

    def _named(self, table: str) -> Iterator[tuple[str, Any]]:
        """The tables within a table, by name; what cannot be a name, or is no table, is told and left out."""
        tables = self.tree.root.get(table, {})
        if not isinstance(tables, dict):
            self.problems.add((table,), f"has to be tables with a name each: [{table}.NAME]")
            return
        for name, value in tables.items():
            if _BAD_NAME.search(name):
                self.problems.add(
                    (table, name),
                    "is no name: it may not be empty, begin with -, or hold any of * ? [ ] , or a line break",
                )
            elif not isinstance(value, dict):
                self.problems.add((table, name), f"has to be a table: [{table}.{name}]")
            else:
                yield name, value

    def _built(self, model: type[_Model], value: Any, at: KeyPath) -> _Model | None:
        try:
            return model.model_validate(value)
        except ValidationError as error:
            self.problems.invalid(error, model, value, at)
        return None

    def _source(self, name: str, table: dict[str, Any]) -> Source | None:
        at = ("sources", name)
        model = self._kind(table.get("kind"), (*at, "kind"))
        if not model:
            return None
        options = {"label": model.default_label or name} | {key: value for key, value in table.items() if key != "kind"}
        source = self._built(model, options, at)
        if source and self._is_askable(source, name, at) and self._has_times(source, at):
            return self._with_ca_file(source, at)
        return None

    def _kind(self, name: Any, at: KeyPath) -> type[Source] | None:
        if not isinstance(name, str):
            what = "is missing" if name is None else "has to be a text in quotes"
            self.problems.add(at, f"{what}: it says how the source is read; `watch kinds` lists the kinds")
            return None
        if name not in self.kinds:
            try:
                self.kinds[name] = kind(name)
            except KindError as error:
                self.problems.add(at, str(error))
        return self.kinds.get(name)

    def _is_askable(self, source: Source, name: str, at: KeyPath) -> bool:
        """Whether the first request can be made; its host is noted."""
        try:
            url = urlsplit(source.start().url)
            host = url.hostname and f"{url.hostname}:{url.port or _PORTS.get(url.scheme)}"
        except NotImplementedError:
            self.problems.add((*at, "url"), "is missing: where the source is")
        except ValueError as error:
            self.problems.add((*at, "url"), f"is no URL: {error}")
        except Exception as error:  # noqa: BLE001 - a plugin's code may raise anything
            what = f"{type(error).__name__}: {error}"
            self.problems.add(at, f'the kind "{source.kind}" fails to make its first request: {what}')
        else:
            if url.scheme in _PORTS and host:
                self.hosts |= {name: host} if source.enabled else {}
                return True
            self.problems.add((*at, "url"), 'has to be a whole URL that begins with "https://" or "http://"')
        return False

    def _has_times(self, source: Source, at: KeyPath) -> bool:
        for option in ("every", "timeout", "reread"):
            span = getattr(source, option)
            if span is not None and not span:
                self.problems.add((*at, option), 'has to be more than nothing, such as "15m"')
                return False
        return True

    def _with_ca_file(self, options: _Wire, at: KeyPath) -> _Wire:
        """The options with the path of `ca_file` made absolute; the file has to be there."""
        if not options.ca_file:
            return options
        file = self.tree.path.parent / options.ca_file
        if not file.is_file():
            self.problems.add((*at, "ca_file"), f"there is no file {file}")
        return options.model_copy(update={"ca_file": str(file)})

    def _rules(self) -> dict[int, AlertRule]:
        """The alert rules that can be read, by their position."""
        values = self.tree.root.get("alerts", [])
        if not isinstance(values, list):
            self.problems.add(
                ("alerts",), "has to be written [[alerts]], with two brackets: there may be several rules"
            )
            return {}
        built = {index: self._built(AlertRule, value, ("alerts", index)) for index, value in enumerate(values)}
        return {index: rule for index, rule in built.items() if rule}

    def _check_together(self, http: HttpOptions, sources: dict[str, Source], rules: dict[int, AlertRule]) -> None:
        """What needs more than one table. What has a name counts as there, even if its own table is wrong."""
        names = {table: [name for name, _ in _items(self.tree.root.get(table))] for table in NAMED_TABLES}
        for index, rule in rules.items():
            crosschecks.check_rule(rule, index, self.problems, names)
        crosschecks.check_former_names(sources, names["sources"], self.problems)
        enabled = {name: source for name, source in sources.items() if source.enabled}
        crosschecks.warn_pace(enabled, self.hosts, http.spacing, self.problems)
        if names["channels"]:
            crosschecks.warn_unheard(enabled, list(rules.values()), self.problems)

    def _remember(self, http: HttpOptions, sources: dict[str, Source], channels: dict[str, Channel]) -> None:
        for name, channel in channels.items():
            sensitive.remember_channel(self.secrets, name, channel.url)
        for name, source in sources.items():
            sensitive.remember_wire(self.secrets, f"sources.{name}", source, source.url)
        sensitive.remember_wire(self.secrets, "http", http)


def _items(value: Any) -> ItemsView[str, Any]:
    return (value if isinstance(value, dict) else {}).items()
