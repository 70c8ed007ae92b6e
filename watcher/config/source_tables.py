"""The tables `[sources.*]` as sources: each with its kind, its options, those of its group and those of `[http]`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel, ValidationError

from sources import Source
from sources.errors import locate_error
from sources.loader import KindError, kind
from sources.options import HttpOptions, WireOptions
from sources.text import listing
from watcher.config.config_secrets import KeyPath
from watcher.config.problems import Problems, did_you_mean, option_names, say_unknown

_ENABLED, _DISABLED = Source.model_construct(), Source.model_construct(enabled=False)
_HOURS = ("hours", "at", "zone", "holidays")
_NO_ADDRESS = 'has to be a whole URL that begins with "{0}s://" or "{0}://"'
_PORTS = {"http": 80, "https": 443, "imap": 143, "imaps": 993}
_FOR_BROWSERS = ("wait_for", "steps", "screenshot")
_NOT_IN_BROWSERS = {
    "proxy": 'has no effect with fetch = "browser": the proxy of its own, which guards it, connects directly',
    "ca_file": 'has no effect with fetch = "browser": add the authority to the browser\'s store of certificates',
}
_NOT_BY_IMAP = {
    "fetch": "is for web pages: a mailbox has none",
    "proxy": 'has to be "" or left out: a mailbox cannot be read through a proxy',
}
# Options of all kinds that do nothing where programs push entries, and where mails are read.
_UNUSED_BY_PUSHES = ("at", "auth", "ca_file", "encoding", "headers", "max_pages", "proxy", "reread", "timeout")
_UNUSED_BY_IMAP = ("auth", "encoding", "headers")
# Of the options that all kinds have, those of a layout: how its pages are read, and what is believed of them.
_OF_LAYOUTS = ("encoding", "expect", "ignore", "max_changed", "max_lost", "max_new", "min_entries", "personal")
_Model = TypeVar("_Model", bound=BaseModel)
_Wire = TypeVar("_Wire", bound=WireOptions)


class EarlierLayout(NamedTuple):
    """`[[sources.NAME.before]]`: how pages that were made before `until` are read."""

    until: datetime
    source: Source


@dataclass
class SourceTables:
    """Makes sources. An error in one is recorded and does not stop the others.

    Relative paths are relative to `folder`. `groups` have the defaults of their members. With `names_only` the sources
    are stand-ins that say whether they are enabled, and when they rest. Times without a zone are in `zone`.
    """

    folder: Path
    problems: Problems
    presets: Path | None
    names_only: bool
    groups: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    zone: tzinfo = UTC
    layouts: dict[str, Sequence[EarlierLayout]] = field(default_factory=dict)  # the earliest first, where there are any
    hosts: dict[str, str] = field(default_factory=dict)  # of the enabled sources
    kinds: dict[str, type[Source]] = field(default_factory=dict)
    _keys_of: dict[type[Source], set[str]] = field(default_factory=dict)
    _given: dict[frozenset[str], set[str]] = field(default_factory=dict)  # sources with the same options share a set
    _before: dict[type[Source], Source] = field(default_factory=dict)  # the last source of each kind

    def source(self, name: str, table: dict[str, Any]) -> Source | None:
        """The source of a table, which is emptied; None if it has an error."""
        at, own = ("sources", name), set(table)
        if "group" in table:
            table = self._with_group(table, at)
        given = table.get("before")  # many kinds have an option of this name, which is a table without `until`
        is_earlier = isinstance(given, list) or (isinstance(given, dict) and "until" in given)
        earlier = table.pop("before") if is_earlier else ()
        model = self._kind(table.get("kind"), (*at, "kind"))
        if not model:
            common = {key: value for key, value in table.items() if key in Source.model_fields}
            validate(self.problems, Source, common, at)
            return None
        if self.names_only and table.keys() <= self._keys(model):
            # A source that says whether it is enabled, and when it rests.
            hours = {key: table[key] for key in _HOURS if key in table}
            if hours:
                enabled = table.get("enabled") is not False
                return validate(self.problems, Source, {"enabled": enabled, **hours}, at)
            return _DISABLED if table.get("enabled") is False else _ENABLED
        options = {"label": model.default_label or name} | {key: value for key, value in table.items() if key != "kind"}
        table.clear()  # of 50,000 sources, the tables take as much memory as the sources
        source = validate(self.problems, model, options, at)
        if source is None:
            url = options.get("url")  # whether one is required is up to the kind
            if isinstance(url, str) and not url.startswith((f"{model.wire}s://", f"{model.wire}://", "${")):
                self.problems.add((*at, "url"), _NO_ADDRESS.format(model.wire))
            return None
        self._share(source)
        askable, wrong = self._is_askable(source, name, at), self._find_wrong(source)
        for option, what in wrong.items():
            self.problems.add((*at, option), what)
        unused = _UNUSED_BY_IMAP if source.wire == "imap" else () if source.polled else _UNUSED_BY_PUSHES
        for option in filter(own.__contains__, unused):  # a group may have it for other members
            self.problems.warn((*at, option), f"has no effect on the kind {source.kind}")
        if earlier and askable:
            self._read_layouts(name, earlier, source, options)
        source = with_ca_file(source, at, self.folder, self.problems)
        return source if askable and not wrong else None

    def _read_layouts(self, name: str, tables: Any, today: Source, options: Mapping[str, Any]) -> None:
        """Record the earlier layouts of a source, whose `options` are those of `today`."""
        found = dict[datetime, Source]()
        if not isinstance(tables, list):
            self.problems.add(("sources", name, "before"), f"has two brackets: [[sources.{name}.before]]")
            return
        for number, table in enumerate(tables):
            at: KeyPath = ("sources", name, "before", number)
            if not isinstance(table, dict):
                self.problems.add(at, f"has to be a table: [[sources.{name}.before]]")
                continue
            try:
                given = table.get("until")  # a time of TOML, or a text in ISO 8601; a date is its midnight
                until = datetime.fromisoformat(given.isoformat() if isinstance(given, date) else str(given))
                until = (until if until.tzinfo else until.replace(tzinfo=self.zone)).astimezone(UTC)
            except (ValueError, OverflowError):
                self.problems.add((*at, "until"), "has to be the time up to which pages were so, such as 2021-06-01")
                continue
            if until in found:
                self.problems.add((*at, "until"), "is that of an earlier layout, too; leave one of them out")
            if source := self._layout(table, today, options, at):
                self._share(source)
                found[until] = source
        self.layouts[name] = [EarlierLayout(*each) for each in sorted(found.items(), key=itemgetter(0))]

    def _layout(self, table: dict[str, Any], today: Source, options: Mapping[str, Any], at: KeyPath) -> Source | None:
        """The source as it is read by a layout; None if that has an error."""
        model: type[Source] | None = type(today)
        if table.get("kind", today.kind) != today.kind:  # which has options of its own, and reads the same address
            model = self._kind(table["kind"], (*at, "kind"))
            common = {key: value for key, value in options.items() if key in Source.model_fields}
            options = common | {"url": today.requested().url}
        if not model:
            return None
        known, given = layout_options(model), {key: table[key] for key in table if key not in {"until", "kind"}}
        for key in given.keys() - known:
            self.problems.add((*at, key), say_unknown(key, known))
        if given.keys() - known:
            return None
        return validate(self.problems, model, {**options, **given}, at)

    def check_group(self, name: str) -> None:
        """Check the options of a group that every kind has; what else it gives is checked with its members."""
        at, table = ("groups", name), self.groups[name]
        if "kind" in table:
            self._kind(table["kind"], (*at, "kind"))
        if "group" in table:
            self.problems.add((*at, "group"), "a group is no member of another one; leave it out")
        validate(self.problems, Source, {key: table[key] for key in table.keys() & Source.model_fields}, at)

    def _with_group(self, table: dict[str, Any], at: KeyPath) -> dict[str, Any]:
        """A source's table with the options of its group that it does not give itself. It is emptied."""
        group = table.get("group")
        if not isinstance(group, str) or group not in self.groups:
            known = did_you_mean(str(group), self.groups, "groups") if self.groups else "add [groups.NAME]"
            self.problems.add((*at, "group"), f'there is no group "{group}"; {known}')
            return table
        whole = {**self.groups[group], **table}
        self.problems.move(at, ("groups", group), whole.keys() - table.keys())
        table.clear()
        return whole

    def under(self, http: HttpOptions, source: Source) -> Source:
        """A source with its effective wire options, resolved here once."""
        if self.names_only:  # stand-ins
            return source
        filled = source.under(http)
        if filled is not source:
            self._share(filled)
        return filled

    def _share(self, source: Source) -> None:
        """Share equal values with the source before it, to save memory: there may be 50,000 similar ones."""
        given, values = source.model_fields_set, source.__dict__
        object.__setattr__(source, "__pydantic_fields_set__", self._given.setdefault(frozenset(given), given))
        before = self._before.get(type(source), source).__dict__
        for option in given:
            if values[option] == before[option]:
                values[option] = before[option]
        self._before[type(source)] = source

    def _keys(self, model: type[Source]) -> set[str]:
        if model not in self._keys_of:
            self._keys_of[model] = {"kind", *option_names(model)}
        return self._keys_of[model]

    def _kind(self, name: Any, at: KeyPath) -> type[Source] | None:
        if not isinstance(name, str):
            what = "is missing" if name is None else "has to be a text in quotes"
            self.problems.add(at, f"{what}: it says how the source is read; `watch kinds` lists the kinds")
            return None
        if name not in self.kinds:
            try:
                self.kinds[name] = kind(name, self.presets)
            except KindError as error:
                self.problems.add(at, str(error))
        return self.kinds.get(name)

    def _is_askable(self, source: Source, name: str, at: KeyPath) -> bool:
        """Whether the first request can be made; records its host."""
        try:
            url = urlsplit(source.start().url)
            host, port = url.hostname, url.port or _PORTS.get(url.scheme)
        except NotImplementedError:
            self.problems.add((*at, "url"), "is missing: where the source is")
        except ValueError as error:
            self.problems.add((*at, "url"), f"is not a URL: {error}")
        except Exception as error:  # noqa: BLE001 - a plugin's code may raise anything
            what = f"{type(error).__name__}: {error}{locate_error(error)}"
            self.problems.add(at, f'the kind "{source.kind}" fails to make its first request: {what}')
        else:
            is_address = url.scheme in _PORTS and url.scheme.startswith(source.wire) and host
            if is_address or not (source.polled or source.url):
                if source.enabled and source.polled:
                    self.hosts[name] = f"{host}:{port}"
                return True
            self.problems.add((*at, "url"), _NO_ADDRESS.format(source.wire))
        return False

    def _find_wrong(self, source: Source) -> dict[str, str]:
        """The options that are valid and of no use, each with what is wrong: times of nothing, options of a browser
        without one, and those that a browser cannot heed.
        """
        spans = {option: getattr(source, option) for option in ("every", "timeout", "reread")}
        nothing = 'has to be more than nothing, such as "15m"'
        wrong = {option: nothing for option, span in spans.items() if span is not None and not span}
        if not source.polled:
            wrong |= {"fetch": "programs push its entries: nothing is fetched"} if source.fetch == "browser" else {}
        if source.wire == "imap":
            wrong |= {
                name: why for name, why in _NOT_BY_IMAP.items() if getattr(source, name) not in {None, "", "http"}
            }
        if source.fetch != "browser":
            return wrong | {name: 'needs fetch = "browser"' for name in _FOR_BROWSERS if getattr(source, name)}
        from sources.http.exchange import harmless  # noqa: PLC0415 - it loads httpx

        wrong |= {name: why for name, why in _NOT_IN_BROWSERS.items() if getattr(source, name)}
        if secret := [name for name in source.headers if not harmless({name: ""})]:
            wrong["headers"] = f"a browser would send {listing(secret)} to other sites, too; leave it out"
        return wrong


def layout_options(kind: type[Source]) -> list[str]:
    """The options that an earlier layout of a kind may have, of its own those that are no secrets."""
    own = [name for name, option in kind.model_fields.items() if name not in Source.model_fields and option.repr]
    return [*own, *_OF_LAYOUTS]


def validate(problems: Problems, model: type[_Model], value: Any, at: KeyPath) -> _Model | None:
    """A table as its model; None if it is invalid, which is recorded."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        problems.add_invalid(error, model, value, at)
    return None


def with_ca_file(options: _Wire, at: KeyPath, folder: Path, problems: Problems) -> _Wire:
    """The options with an absolute path for `ca_file`, which must exist."""
    if not options.ca_file:
        return options
    file = folder / options.ca_file
    if not file.is_file():
        problems.add((*at, "ca_file"), f"there is no file {file}")
    return options.model_copy(update={"ca_file": str(file)})
