"""Edits of what is configured at the desk: the one way in, for its pages, its API and the command line.

An edit is checked as `check-config` does, what it touches alone, then stored with its record, whole or not at all.
"""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any, TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel

from alerts.channel import Channel
from alerts.options import AlertRule, Entity
from sources import Source
from state.storage.objects import NEW, OBJECTS, Document, Edit, OutdatedError, Revision, StaleRevisionError
from state.store import Store
from watcher.config import crosschecks
from watcher.config.config_secrets import KeyPath, Substitution, WrittenSecrets
from watcher.config.files import NAMED_TABLES, NO_NAME, TABLE_OF, Tree, find, is_name, stamp_files
from watcher.config.load import OBJECT_OF, Config, hide_objects, load, models_of
from watcher.config.open_state import refuse_unread
from watcher.config.problems import Problems
from watcher.config.sealing import MASK, KeyLostError, change, is_sealed, mask, secret_places, unseal
from watcher.config.source_tables import SourceTables, validate

LARGEST_DOCUMENT = 100_000  # bytes of its JSON
LONGEST_NAME = 200  # characters
MOST_OBJECTS = 20_000  # of the desk: with these a start takes some seconds
_TRIES = 20  # while others edit, too: each time at least one of them is done
_Model = TypeVar("_Model", bound=BaseModel)


class EditError(Exception):
    """An edit that was not stored. The message says in one line what is wrong, and what to do."""


class EditingOff(EditError):
    """`[web] edit = false`."""


class RefusedEdit(EditError):
    """What was given is not valid. `problems` has the key path of each within the object, or where several were edited
    from the top, and what is wrong.
    """

    def __init__(self, problems: Sequence[tuple[KeyPath, str]]) -> None:
        super().__init__("; ".join(f"{'.'.join(map(str, at))}: {what}" if at else what for at, what in problems))
        self.problems = list(problems)


class StaleEdit(EditError):
    """Somebody else has edited the object meanwhile. `document` is what it is now, `revision` 0 where there is none;
    `edit` is what was wanted. Both have masks in the place of secrets.
    """

    def __init__(self, edit: Edit, document: Document | None, revision: int) -> None:
        what = "was edited" if document is not None else "was deleted"
        what = "is there already" if edit.expected == NEW else f"{what} by somebody else meanwhile"
        super().__init__(f"the {edit.object} {edit.name} {what}: look at it as it is now, then edit it again")
        self.edit, self.document, self.revision = edit, document, revision


class TakenByFile(EditError):
    """The name stands in a file."""


def apply(config: Config, store: Store, edits: Sequence[Edit], who: str, now: datetime) -> list[Revision]:
    """Check edits and store them, all or none. Raises EditError, StateError, and ConfigError where the files have
    errors.
    """
    if not config.web.edit:
        raise EditingOff("nothing can be configured at the desk: [web] edit = false")
    for _ in range(_TRIES):
        config = _as_it_is(config, store)
        checked = _EditedConfig(config, edits)
        try:
            return store.objects.write(checked.check(), who, now, basis=config.revision)
        except StaleRevisionError as stale:
            edit, found = stale.edit, stale.current
            shown, yours = (_masked(config, edit, each and each.document) for each in (found, edit))
            raise StaleEdit(edit._replace(document=yours), shown, found.id if found else 0) from None
        except OutdatedError:
            continue
    raise EditError("others edit the configuration at the same time: try again")


def _masked(config: Config, edit: Edit, document: Document | None) -> Document | None:
    sources, presets = config.sources, config.presets
    return document and mask(document, models_of(edit.object, edit.name, document, sources, presets))


def draft(config: Config, store: Store, edit: Edit) -> Config:
    """The configuration with an edit, which is checked and not stored. Raises as `apply`."""
    drafted = _EditedConfig(_as_it_is(config, store), [edit])
    drafted.check()
    return drafted.made


def undo(config: Config, store: Store, revision: int, who: str, now: datetime) -> Revision:
    """Take one edit back: the object is again as it was before. Raises as `apply`."""
    found = store.objects.get(revision)
    if found is None:
        raise EditError(f"there is no revision {revision}; `watch config log` lists them")
    before = store.objects.before(found)
    document = before.document if before else None
    try:
        return apply(config, store, [Edit(found.object, found.name, document, found.id)], who, now)[0]
    except StaleEdit:
        why = f"revision {revision} of the {found.object} {found.name} is not its last; `watch config log` lists them"
        raise EditError(why) from None


def _as_it_is(config: Config, store: Store) -> Config:
    """The configuration as it is now: read again if its files, or the desk, have changed."""
    path = find(config.path)
    if config.revision == store.objects.latest() and config.files == stamp_files(path, config.include):
        return config
    fresh = load(path)
    refuse_unread(fresh)
    return fresh


class _EditedConfig:
    """Edits beside the configuration that they are to become a part of."""

    made: Config  # what the configuration would be
    sources: Mapping[str, Source]  # with those that are edited

    def __init__(self, config: Config, edits: Sequence[Edit]) -> None:
        self.config, self.edits, self.path = config, edits, find(config.path)
        named: Mapping[str, Iterable[str]] = {
            "source": config.sources,
            "group": config.groups,
            "entity": config.entities,
            "channel": config.channels,
            "rule": [rule.name for rule in config.alerts if rule.name],
        }
        left_out = {each: [name for kind, name in config.locked if kind == each] for each in OBJECTS}
        self.names = {each: {*named[each], *left_out[each]} for each in OBJECTS}  # all, in files and at the desk
        self.edited = {(TABLE_OF[edit.object], edit.name) for edit in edits if edit.object in TABLE_OF}
        self.problems = Problems(Tree(self.path, {}), config.secrets)
        self.filling = Substitution(os.environ, config.secrets, self.problems.missing, allowed=self._may_use)

    def check(self) -> list[Edit]:
        """The edits as they are to be stored. Raises EditError."""
        checked, filled = list[Edit](), dict[tuple[str, str], Document | None]()
        for edit in self.edits:
            self._check_place(edit)
            document = plain = None
            if edit.document is not None:
                document = self._with_kept_secrets(edit, _given(edit))
                plain = self._fill(document, (TABLE_OF[edit.object], edit.name))
            checked.append(edit._replace(document=document))
            if (edit.object, edit.name) not in self.config.shadowed:  # of which only the file's counts
                filled[edit.object, edit.name] = plain
        self._check_values(filled)
        return [edit._replace(document=edit.document and self._sealed(edit, edit.document)) for edit in checked]

    def _with_kept_secrets(self, edit: Edit, document: Document) -> Document:
        """A document with the sealed secrets that are there now in the place of masks. Raises RefusedEdit."""
        row = self.config.desk.get((edit.object, edit.name))
        kept, lost = dict[KeyPath, Any](), list[KeyPath]()
        change(json.loads(row.document or "{}") if row else {}, lambda at, value: kept.update({at: value}))

        def restore(at: KeyPath, value: Any) -> Any:
            if value == MASK and not is_sealed(kept.get(at)):
                lost.append(at)
            return kept.get(at) if value == MASK else value

        restored: Document = change(document, restore)
        if lost:
            raise RefusedEdit([(at, f"no secret is stored here that {MASK} would keep: enter it") for at in lost])
        return restored

    def _fill(self, document: Document, at: KeyPath) -> Document | None:
        """A document as it is loaded: with its secrets, and with what its references name. None if they are lost."""
        try:
            filled: Document = self.filling.fill(unseal(document, self.config.seal), at)
        except KeyLostError as lost:
            self.problems.missing(at, f"its secrets cannot be opened, so enter them anew: {lost}")
            return None
        return filled

    def _sealed(self, edit: Edit, document: Document) -> Document:
        models, seal = models_of(edit.object, edit.name, document, self.sources, self.config.presets), self.config.seal
        secret = secret_places(document, models)
        sealed: Document = change(document, lambda at, value: seal.seal(value) if at in secret else value)
        return sealed

    def _may_use(self, at: KeyPath, name: str) -> bool:
        """Whether a reference is allowed: those of a file are, as of a member of a group that is edited."""
        of_file = at[:2] not in self.edited and ("source", at[1]) not in self.config.desk
        return of_file or any(fnmatchcase(name, pattern) for pattern in self.config.web.env)

    def _check_place(self, edit: Edit) -> None:
        """Whether there may be such an object at the desk. Raises EditError."""
        config, key = self.config, (edit.object, edit.name)
        if edit.object not in OBJECTS:
            raise RefusedEdit([((), f"{edit.object} is none of {', '.join(OBJECTS)}")])
        if edit.document is None and key not in config.desk and edit.name not in self.names[edit.object]:
            raise StaleEdit(edit, None, 0)
        if key in config.shadowed and edit.document is None:
            return
        if key not in config.desk and edit.name in self.names[edit.object]:
            placed = config.objects.get(key)
            place = placed.file or "" if placed else str(self.path)
            place += f", line {placed.line}" if placed and placed.line else ""
            raise TakenByFile(f"the {edit.object} {edit.name} is that of {place}, which is edited there")
        if key not in config.desk and len(config.desk) >= MOST_OBJECTS:
            raise RefusedEdit([((), f"the desk has {MOST_OBJECTS:,} objects, the most that it takes; use files")])

    def _check_values(self, filled: Mapping[tuple[str, str], Any]) -> None:
        """Check the new values, and whether all still exists that others name. Raises EditError."""
        config, problems = self.config, self.problems
        of = {each: {name: value for (kind, name), value in filled.items() if kind == each} for each in OBJECTS}
        groups = _merge(config.groups, of["group"])
        here, zone = self.path.parent, config.timezone
        tables = SourceTables(here, problems, config.presets, names_only=False, groups=groups, zone=zone)
        for name in of["group"].keys() & groups.keys():
            tables.check_group(name)
        for name, source in config.sources.items():  # the members of groups that are edited
            if source.group in of["group"] and name not in of["source"]:
                placed = config.placed.get(("source", name))
                if placed and (member := self._fill(placed.document, ("sources", name))):
                    tables.source(name, member)
        sources = {name: new if new is None else tables.source(name, dict(new)) for name, new in of["source"].items()}
        self._check_addresses(sources)
        channels = self._models(of["channel"], "channel", Channel)
        entities = self._models(of["entity"], "entity", Entity)
        rules = self._models(of["rule"], "rule", AlertRule)
        for name, channel in channels.items():
            if channel:
                crosschecks.check_channel(name, channel, (config.bots, config.web.base_url), problems)
        changed = {name: source for name, source in sources.items() if source}
        hide_objects(WrittenSecrets(config.secrets), changed, {name: each for name, each in channels.items() if each})
        for (kind, name), value in filled.items():
            (self.names[kind].discard if value is None else self.names[kind].add)(name)
        named = {TABLE_OF[each]: found for each, found in self.names.items() if TABLE_OF[each] in NAMED_TABLES}
        kept = {rule.name or f"#{number}": rule for number, rule in enumerate(config.alerts, 1)}
        ordered = _merge(kept, rules)
        self.sources = _merge(config.sources, sources)
        together = crosschecks.Tables(
            names=named,
            http=config.http,
            sources=self.sources,
            channels=_merge(config.channels, channels),
            rules=dict(enumerate(ordered.values())),
        )
        crosschecks.check_references(together, problems)
        crosschecks.check_sources(together, problems)
        self._stop(list(ordered))
        asked = {name: by for name, channel in together.channels.items() if (by := channel.approval)}
        whole = {name: source and tables.under(config.http, source) for name, source in sources.items()}
        self.made = replace(
            config,
            groups=groups,
            sources=_merge(config.sources, whole),
            channels=dict(together.channels),
            entities=_merge(config.entities, entities),
            alerts=tuple(rule.under(asked) for rule in ordered.values()),
        )

    def _check_addresses(self, sources: Mapping[str, Source | None]) -> None:
        """Whether `private_addresses` allows the hosts that are addresses; others are known when they are looked up."""
        from sources.errors import AddressRefused  # noqa: PLC0415 - with what follows, it is for edits alone
        from sources.http.guard import Guard  # noqa: PLC0415 - as above

        guard = Guard(self.config.http.private_addresses)
        for name, source in sources.items():
            try:
                guard.check_literal(urlsplit(source.start().url).hostname or "" if source else "")
            except AddressRefused as refused:
                self.problems.add(("sources", name, "url"), str(refused))

    def _models(self, tables: Mapping[str, Any], object_: str, model: type[_Model]) -> dict[str, _Model | None]:
        table = TABLE_OF[object_]
        return {
            name: None if value is None else validate(self.problems, model, value, (table, name))
            for name, value in tables.items()
        }

    def _stop(self, rules: Sequence[str]) -> None:
        """Raise what was found: at what is edited, or at what uses what is deleted."""
        mine, others = list[tuple[KeyPath, str]](), dict[str, str]()
        for at, what in self.problems.found():
            table, name = str(at[0]), rules[at[1]] if isinstance(at[1], int) else str(at[1])
            object_ = OBJECT_OF.get(table, table)
            if (table, name) in self.edited:
                mine.append((at[2:] if len(self.edits) == 1 else (table, name, *at[2:]), what))
            else:
                others[f"{object_} {name}"] = what
        deleted = [edit for edit in self.edits if edit.document is None]
        if others and deleted and not mine:
            used = f"the {deleted[0].object} {deleted[0].name} is still used: {', '.join(others)}"
            raise EditError(f"{used}; change that first")
        mine += [((), f"then {who} is wrong: {what}") for who, what in others.items()]
        if mine:
            raise RefusedEdit(mine)


_Value = TypeVar("_Value")


def _merge(there: Mapping[str, _Value], new: Mapping[str, _Value | None]) -> dict[str, _Value]:
    """What is there with what is new; None is what goes."""
    return {name: value for name, value in {**there, **new}.items() if value is not None}


def _given(edit: Edit) -> Document:
    """A document as it is stored: without nulls, and a rule with its name. Raises RefusedEdit."""
    if not isinstance(edit.document, dict):
        raise RefusedEdit([((), "has to be a table")])
    if not is_name(edit.name) or len(edit.name) > LONGEST_NAME:
        raise RefusedEdit([((), NO_NAME if len(edit.name) <= LONGEST_NAME else "its name is too long")])
    try:
        document: Document = _without_nulls(edit.document)
        size = len(json.dumps(document, ensure_ascii=False, allow_nan=False).encode())
    except (ValueError, TypeError, RecursionError):
        raise RefusedEdit([((), "is no text that could be stored")]) from None
    if edit.object == "rule" and document.setdefault("name", edit.name) != edit.name:
        raise RefusedEdit([(("name",), f'has to be "{edit.name}", as it is called here')])
    if size > LARGEST_DOCUMENT:
        raise RefusedEdit([((), f"takes {size:,} bytes, where {LARGEST_DOCUMENT:,} are the most; use a file")])
    return document


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nulls(item) for key, item in value.items() if item is not None}
    return [_without_nulls(item) for item in value if item is not None] if isinstance(value, list) else value
