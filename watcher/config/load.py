"""watch.toml as a typed Config, or all errors in it, each with its file and key path."""

import json
import logging
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from functools import cached_property, partial
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ValidationError

from alerts.channel import Channel
from alerts.chat.bot import BotOptions
from alerts.language import Glossary, Language
from alerts.options import AlertRule, Entity
from sources import Source
from sources.loader import KindError, glossary, kind
from sources.loader import names as kind_names
from sources.options import BrowserOptions, HttpOptions
from sources.secrets import Secrets
from sources.text import listing
from state.db.glance import DeskRow, desk_rows
from state.errors import StateError
from state.evidence.options import EvidenceOptions
from watcher.config import crosschecks
from watcher.config.config_secrets import KeyPath, Substitution, WrittenSecrets
from watcher.config.files import (
    NAMED_TABLES,
    NO_NAME,
    TABLE_OF,
    FileStamp,
    Tree,
    find,
    find_unsafe,
    is_name,
    kind_files,
    line_of,
    lines_in,
    read,
    stamp_files,
)
from watcher.config.problems import Problems, say_unknown, without_mistakes
from watcher.config.sealing import Seal, mask
from watcher.config.settings import (
    DEFAULT_KEEP,
    DEFAULT_MAX_LOG,
    SQLITE,
    PastOptions,
    Settings,
    SummarizeOptions,
    TranslateOptions,
    WebOptions,
    without_password,
)
from watcher.config.source_tables import EarlierLayout, SourceTables, validate, with_ca_file
from watcher.errors import ConfigError
from watcher.schedule.budget import ScheduleOptions
from watcher.terminal import console

log = logging.getLogger(__name__)


class Sending(NamedTuple):
    """What a command requires of the channels (all, or the `only` one) and of the heartbeat."""

    secrets: bool = True  # they must be set
    urls: bool = True  # Apprise must accept the URLs
    only: str | None = None

    def may_be_unset(self, at: KeyPath) -> bool:
        """Whether the secret at this key path may be unset."""
        if at[0] == "bots":
            return not self.secrets
        if at[0] == "channels":
            return not self.secrets or (self.only is not None and at[1:2] != (self.only,))
        return at == ("heartbeat",) and (not self.secrets or self.only is not None)


NOTHING_SENT = Sending(secrets=False, urls=False)


def public_words(root: Mapping[str, Any]) -> frozenset[str]:
    """Words of a configuration that are shown in clear: names, and the known keys."""
    tables = {table: found for table in NAMED_TABLES if isinstance(found := root.get(table), dict)}
    entities = [table for table in tables.get("entities", {}).values() if isinstance(table, dict)]
    names = chain.from_iterable(each["names"] for each in entities if isinstance(each.get("names"), list))
    watched = (name for name in names if isinstance(name, str))
    models = (Settings, HttpOptions, Source, Channel, Entity, AlertRule)
    return frozenset(
        chain(NAMED_TABLES, ["alerts"], watched, *tables.values(), *(model.model_fields for model in models))
    )


class Placed(NamedTuple):
    """An object and where it is from: a file with its line, or the desk with its revision. Its secrets are masked."""

    object: str
    name: str
    file: str | None
    line: int | None
    revision: int | None
    document: dict[str, Any]


def models_of(
    object_: str, name: str, document: Mapping[str, Any], sources: Mapping[str, Source], presets: Path | None
) -> tuple[type[BaseModel], ...]:
    """The models that say which options of an object are secrets: of a group those of its members, too."""
    plain: dict[str, type[BaseModel]] = {"channel": Channel, "entity": Entity, "rule": AlertRule}
    if object_ in plain:
        return (plain[object_],)
    if object_ == "source":
        return (type(sources.get(name, _UNKNOWN)),)
    found: dict[type[BaseModel], None] = {type(each): None for each in sources.values() if each.group == name}
    if isinstance(named := document.get("kind"), str):
        with suppress(KindError):
            found[kind(named, presets)] = None
    return (Source, *found)


_UNKNOWN = Source.model_construct()


@dataclass(frozen=True)
class Config:
    """A valid configuration: all references exist, paths are absolute, sources are instances of their kinds.

    `sources` includes disabled ones. `warnings` are lines about what is valid but hardly meant; `unsafe` are those of
    them about files that others may change. `layouts` are those that the pages of sources had earlier, in the order of
    time. `desk` has the objects that are from the desk, by kind and name, and
    `revision` is the last edit there; `unread` says why these could not be read, which opening the state raises;
    `locked` are those left out as the key of their secrets is lost, and why, `shadowed` those whose name a file has.
    `paused` has the enabled sources that were paused when it was read, with the time at which that ends, if it does.
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
    language: Language = "en"
    keep: timedelta = DEFAULT_KEEP
    max_log: int = DEFAULT_MAX_LOG
    heartbeat: str | None = field(default=None, repr=False)
    evidence: EvidenceOptions | None = None
    past: PastOptions = field(default_factory=PastOptions)
    web: WebOptions = field(default_factory=WebOptions)
    browser: BrowserOptions = field(default_factory=BrowserOptions)
    schedule: ScheduleOptions = field(default_factory=ScheduleOptions)
    layouts: Mapping[str, Sequence[EarlierLayout]] = field(default_factory=dict)
    bots: Mapping[str, BotOptions] = field(default_factory=dict)
    glossary: Mapping[str, Glossary] = field(default_factory=dict)
    translate: TranslateOptions | None = None
    summarize: SummarizeOptions | None = None
    unsafe: tuple[str, ...] = ()
    presets: Path | None = None
    groups: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, repr=False)
    desk: Mapping[tuple[str, str], DeskRow] = field(default_factory=dict, repr=False)
    revision: int = 0
    files: tuple[FileStamp, ...] = ()
    include: tuple[str, ...] = ()
    unread: str = ""
    locked: Mapping[tuple[str, str], str] = field(default_factory=dict)
    shadowed: Collection[tuple[str, str]] = ()
    paused: Mapping[str, datetime | None] = field(default_factory=dict)

    @property
    def seal(self) -> Seal:
        """What secrets of the desk are sealed with."""
        return Seal.of(self.web.key, self.state, self.path.parent if self.path else Path())

    def language_of(self, who: str) -> Language:
        """The language that a reader is addressed in: his own, else that of the channel for readers, or of all."""
        user, post = self.web.users.get(who), (each.language for each in self.channels.values() if each.readers)
        return (user.language if user else None) or next(post, None) or self.language

    @cached_property
    def checked(self) -> dict[str, Source]:
        """The sources that are checked by themselves: neither disabled nor paused."""
        return {name: source for name, source in self.sources.items() if source.enabled and name not in self.paused}

    @cached_property
    def polled(self) -> dict[str, Source]:
        """Those of them whose pages are requested; programs push the entries of the others."""
        return {name: source for name, source in self.checked.items() if source.polled}

    def glossaries(self, source: str) -> Sequence[Glossary]:
        """What people say, in other languages, for values that a source repeats: first the tables [glossary.NAME] of
        the source and of its kind, then what comes with the kind.
        """
        model = type(self.sources.get(source, _UNKNOWN))
        kinds = [each.kind for each in (model, model.rests_on) if each]
        own = (self.glossary.get(name, {}) for name in (source, *kinds))
        return [*filter(None, (*own, *map(glossary, kinds)))]

    @property
    def waiting(self) -> str:
        """What is left out as the key of its secrets is lost, and what to do; empty if nothing is."""
        if not self.locked:
            return ""
        what = listing([f"{object_} {name}" for object_, name in self.locked], 10)
        why = " and ".join(dict.fromkeys(self.locked.values()))
        return f"left out, as the secrets of the desk cannot be opened: {what}: {why}; else enter them anew at the desk"

    @cached_property
    def objects(self) -> Mapping[tuple[str, str], Placed]:
        """All objects with where they are from, those of files as these are now. Raises ConfigError."""
        found = self.placed.items()
        models = {key: models_of(*key, each.document, self.sources, self.presets) for key, each in found}
        return {key: each._replace(document=mask(each.document, models[key])) for key, each in found}

    @cached_property
    def placed(self) -> Mapping[tuple[str, str], Placed]:
        """As `objects`, but as written: with the secrets of files; those of the desk are sealed. Raises ConfigError."""
        files = read(self.path) if self.path else Tree(Path(), {})
        found = dict[tuple[str, str], Placed]()
        numbers = {file: lines_in(path) for file, path in files.shown_files()}
        for object_, table in TABLE_OF.items():
            tables = files.root.get(table, {})
            named = tables.items() if isinstance(tables, dict) else enumerate(tables, 1)
            for at, (key, document) in enumerate(named):  # rules without a name are called by their place
                name = key if isinstance(key, str) else document.get("name") or f"#{key}"
                file, place, _ = files.origin((table, at if table == "alerts" else name))
                line = line_of(numbers.get(file, {}), place)
                found[object_, name] = Placed(object_, name, file, line, None, document)
        for which, row in self.desk.items():
            found[which] = Placed(*which, None, None, row.revision, json.loads(row.document or "{}"))
        return found

    @property
    def state_file(self) -> str:
        """Where the state is, for display: a file, or the URL of a database without its password."""
        return without_password(self.state.removeprefix(SQLITE))


def load(
    path: Path | None = None,
    sending: Sending = NOTHING_SENT,
    *,
    names_only: bool = False,
    without_faulty: bool = False,
) -> Config:
    """Load `path`, or by default search the usual places. From then on its secrets are hidden in all output.

    For commands that send nothing, secrets of channels and of the heartbeat may be unset, and channel URLs are not
    checked, which is slow; `sending` says what others require. With `names_only`, only kinds and option names of
    sources are checked, and the sources are stand-ins that say whether they are enabled. `without_faulty` leaves out
    objects of the desk that have errors, and warns of them: for who mends that. Raises ConfigError with all errors at
    once.
    """
    try:
        datetime.now().astimezone()
    except ValueError:  # what fails first would name another place
        what = f"TZ={os.environ.get('TZ')} in the environment is not a time zone"
        raise ConfigError([f"{what}; set it to one such as Europe/Berlin, or unset it"]) from None
    left_out: list[DeskRow] = []
    while True:
        tree = read(find(path))
        revision, unread = _read_desk(tree, left_out)
        secrets = Secrets(public_words(tree.root))
        console.hide(secrets)
        problems = Problems(tree, secrets)
        web = tree.root.get("web")
        env = web.get("env") if isinstance(web, dict) else None
        patterns = [each for each in env if isinstance(each, str)] if isinstance(env, list) else []
        filling = Substitution(
            os.environ,
            secrets,
            problems.missing,
            sending.may_be_unset,
            partial(_may_use, tree, patterns),
        )
        root = filling.fill(tree.root) if tree.refers else tree.root
        if ("heartbeat",) in filling.unset:
            del root["heartbeat"]
        whole = replace(tree, root=root)
        unset = {str(at[1]) for at in filling.unset if at[0] == "channels"}
        try:
            config = _Composer(whole, secrets, problems, sending, unset, names_only).compose()
        except ConfigError as error:
            faulty = [row for at, row in tree.desk.items() if any(at == place[:2] for place, _ in problems.found())]
            if not without_faulty or not faulty:
                raise
            log.warning("left out, as it has errors: %s", error)
            left_out += faulty
            continue
        console.log_times_in(config.timezone)
        if tree.locked:
            log.warning("%s", config.waiting)
        desk = {**config.desk, **{(row.object, row.name): row for row in left_out}}
        return replace(config, revision=revision, unread=unread, desk=desk)


def _may_use(tree: Tree, patterns: Collection[str], at: KeyPath, name: str) -> bool:
    """Whether a reference is allowed: those of a file are, those of the desk if `[web] env` has them."""
    return not tree.origin(at).revision or any(fnmatchcase(name, each) for each in patterns)


def _read_desk(tree: Tree, without: Sequence[DeskRow]) -> tuple[int, str]:
    """Add the objects of the desk to a tree, but for some. Returns the last revision, and why they cannot be read."""
    web = tree.root.get("web")
    given = {name: tree.root[name] for name in ("state",) if name in tree.root}
    key = web.get("key") if isinstance(web, dict) else None
    # What is wrong with these is reported later, with all else, and until then nothing is said that could have secrets.
    filled = Substitution(os.environ, Secrets(), lambda *_: None).fill({"top": given, "key": key})
    try:
        state = Settings.model_validate(filled["top"]).state_url(tree.path.parent)
        rows = desk_rows(state)
    except ValidationError:
        return 0, ""
    except StateError as error:
        tree.warnings.append(f"what is configured at the desk is left out: {error}")
        return 0, str(error)
    tree.add_desk([row for row in rows if row not in without])
    tree.unseal(Seal.of(filled["key"] if isinstance(key, str) else None, state, tree.path.parent))
    return max((row.revision for row in rows), default=0), ""


TABLES = (*NAMED_TABLES, "alerts")
OBJECT_OF = {table: object_ for object_, table in TABLE_OF.items()}
_Model = TypeVar("_Model", bound=BaseModel)


def hide_objects(
    written: WrittenSecrets, sources: Mapping[str, Source], channels: Mapping[str, Channel], unset: Collection[str] = ()
) -> None:
    """Hide the secrets of sources and channels in all output, but for channels whose address is not all set."""
    for name, channel in channels.items():
        if name not in unset:
            written.hide_address(("channels", name, "url"), channel.url)
    for name, channel in channels.items():
        written.hide_signing(("channels", name, "secret"), channel.signing)
    for name, source in sources.items():
        written.hide_wire(("sources", name), source, source.url)


@dataclass
class _Composer:
    """Builds the parts of a Config. An error in one does not stop the checks of the others."""

    tree: Tree
    secrets: Secrets
    problems: Problems
    sending: Sending
    unset: Collection[str]  # channels whose URL has an unset secret
    names_only: bool

    def compose(self) -> Config:
        """The whole Config. Raises ConfigError."""
        settings, problems, here = self._settings(), self.problems, self.tree.path.parent
        presets = here / settings.presets if settings.presets else None  # the user's own
        if presets and not presets.is_dir():
            problems.add(("presets",), f"there is no folder {presets}")
        http = with_ca_file(settings.http, ("http",), here, problems)
        groups = dict(self._named_tables("groups"))
        tables = SourceTables(here, problems, presets, self.names_only, groups, settings.timezone)
        for name in groups:
            tables.check_group(name)
        channels, entities = self._table("channels", Channel), self._table("entities", Entity)
        sources = {name: made for name, table in self._named_tables("sources") if (made := tables.source(name, table))}
        rules = self._rules()
        self._hide_secrets(http, sources, channels, settings)
        names = {each: list(found) for each in NAMED_TABLES if isinstance(found := self.tree.root.get(each), dict)}
        for at in self.tree.locked:
            names.setdefault(str(at[0]), []).append(str(at[1]))
        named = dict.fromkeys(NAMED_TABLES, ()) | names
        together = crosschecks.Tables(named, http, sources, channels, rules)
        crosschecks.check_references(together, problems)
        if settings.glossary:
            crosschecks.check_glossary(settings.glossary, [*named["sources"], *sorted(kind_names(presets))], problems)
        if not self.names_only:
            crosschecks.check_sources(together, problems)
            kept, budget = "evidence" in self.tree.root, settings.schedule.budget or 1.0
            crosschecks.warn(together, problems, tables.hosts, kept=kept, budget=budget)
            for option in sorted(settings.schedule.model_fields_set) if settings.schedule.budget is None else ():
                problems.warn(("schedule", option), "has no effect without budget")
        crosschecks.check_bots(settings.bots, settings.web.users, problems)
        crosschecks.check_engines(settings.engines, together, problems)
        for name, channel in channels.items() if self.sending.urls else ():
            if self.sending.only not in {None, name} or name in self.unset:
                continue
            crosschecks.check_channel(name, channel, (settings.bots, settings.web.base_url), problems)
        problems.stop()
        state = settings.state_url(here)
        file = Path(state.removeprefix(SQLITE)) if state.startswith(SQLITE) else None
        evidence = settings.evidence
        if evidence:  # by default beside the state, where a service may write
            folder = here / evidence.folder if evidence.folder else (file.parent if file else here) / "evidence"
            evidence = evidence.model_copy(update={"folder": str(folder)})
        for name, source in sources.items():  # in place: 50,000 sources must not be in memory twice
            sources[name] = tables.under(http, source)
        layouts = {
            name: [each._replace(source=tables.under(http, each.source)) for each in found]
            for name, found in tables.layouts.items()
        }
        approvals = {name: asked for name, channel in channels.items() if (asked := channel.approval)}
        kinds, pages = kind_files(tables.kinds.values(), presets), evidence and evidence.folder
        found = find_unsafe(self.tree.files, file, Path(pages) if pages else None, kinds)
        unsafe = tuple(dict.fromkeys(found))
        return Config(
            **dict(settings) | {"state": state, "http": http, "evidence": evidence, "presets": presets},
            path=self.tree.path,
            sources=sources,
            channels=channels,
            entities=entities,
            alerts=tuple(rule.under(approvals) for rule in rules.values()),
            secrets=self.secrets,
            warnings=(*self.tree.warnings, *problems.warnings, *unsafe),
            layouts=layouts,
            unsafe=unsafe,
            groups=groups,
            desk={(row.object, row.name): row for row in self.tree.desk.values()},
            shadowed=self.tree.shadowed,
            locked={(OBJECT_OF[str(table)], str(name)): why for (table, name), why in self.tree.locked.items()},
            files=stamp_files(self.tree.path, settings.include),
            paused={
                name: until
                for name, until in self.tree.paused.items()
                if name in sources and sources[name].enabled and (until is None or until > datetime.now(UTC))
            },
        )

    def _settings(self) -> Settings:
        known = [*Settings.model_fields, *TABLES]
        for key in self.tree.root:
            if key not in known:
                self.problems.add((key,), say_unknown(key, known))
        sound = top = {key: value for key, value in self.tree.root.items() if key in Settings.model_fields}
        while True:
            try:
                return Settings.model_validate(sound)
            except ValidationError as error:
                if sound is top:
                    self.problems.add_invalid(error, Settings, top, ())
                before, sound = sound, without_mistakes(sound, error)  # so that no further errors follow from them
                if sound == before:
                    raise

    def _table(self, table: str, model: type[_Model]) -> dict[str, _Model]:
        tables, problems = self._named_tables(table), self.problems
        return {name: made for name, each in tables if (made := validate(problems, model, each, (table, name)))}

    def _named_tables(self, table: str) -> Iterator[tuple[str, Any]]:
        """The tables within a table, by name. Invalid names and values that are no tables are reported and left out."""
        tables = self.tree.root.get(table, {})
        if not isinstance(tables, dict):
            self.problems.add((table,), f"has to be tables with a name each: [{table}.NAME]")
            return
        for name, value in tables.items():
            if not is_name(name):
                self.problems.add((table, name), NO_NAME)
            elif not isinstance(value, dict):
                self.problems.add((table, name), f"has to be a table: [{table}.{name}]")
            else:
                yield name, value

    def _rules(self) -> dict[int, AlertRule]:
        """The valid alert rules, by their position."""
        values = self.tree.root.get("alerts", [])
        if not isinstance(values, list):
            self.problems.add(
                ("alerts",), "has to be written [[alerts]], with two brackets: there may be several rules"
            )
            return {}
        built = (validate(self.problems, AlertRule, value, ("alerts", at)) for at, value in enumerate(values))
        return {index: rule for index, rule in enumerate(built) if rule}

    def _hide_secrets(
        self, http: HttpOptions, sources: dict[str, Source], channels: dict[str, Channel], settings: Settings
    ) -> None:
        """Hide secrets in all output. Warn of those in a file that everybody can read."""
        written = WrittenSecrets(self.secrets)
        hide_objects(written, {} if self.names_only else sources, channels, self.unset)
        written.hide_wire(("http",), http)
        if settings.heartbeat:
            written.hide_address(("heartbeat",), settings.heartbeat)
        if evidence := settings.evidence:
            for number, (_, url) in enumerate(evidence.witnesses):
                written.hide_url(("evidence", "witness", number), url)
            if evidence.wayback_key:
                written.hide(("evidence", "wayback_key"), evidence.wayback_key)
        written.hide_url(("state",), settings.state)
        plain: dict[KeyPath, str | None] = {("web", name): getattr(settings.web, name) for name in ("token", "key")}
        for name, bot in settings.bots.items():
            plain |= {("bots", name, "token"): bot.token, ("bots", name, "app_token"): bot.app_token}
        for name, provider in settings.web.providers.items():
            plain["web", "oidc", *filter(None, [name]), "client_secret"] = provider.client_secret
        for at, value in plain.items():
            if value:
                written.hide(at, value)
        for engine in settings.engines:
            written.hide_url((engine.table, "url"), engine.url or "")
            if engine.key:
                written.hide((engine.table, "key"), engine.key)
        for at in written.bare:
            crosschecks.warn_readable(at, self.tree, self.problems)
