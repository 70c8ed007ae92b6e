"""What is configured at the desk as TOML, and tables of TOML as edits of the desk."""

import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from datetime import date, time
from itertools import chain, count
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Table

from state.storage.objects import Edit, Revision
from watcher.config.config_secrets import KeyPath
from watcher.config.files import TABLE_OF, word_mistake
from watcher.config.sealing import change, is_sealed
from watcher.errors import UsageError

_REFERENCE = re.compile(r"\$\{(\w+)\}")
_MULTILINE = 100  # characters of a list on one line


def write_objects(objects: Sequence[Revision], before: str = "") -> tuple[str, list[str]]:
    """Objects as TOML, and the names in the environment that stand for their sealed secrets; comments say which to set.

    What `before` has of them stays as it is, with its comments, as far as tomlkit can. Raises UsageError if there is
    something else in it.
    """
    tables, names = _plain_tables(objects)
    _parse(before, "the file that is there")
    try:
        written = _update_text(before, tables, names)
        if _by_name(tomllib.loads(written)) == _by_name(tables):
            return written, names
    except (TOMLKitError, tomllib.TOMLDecodeError):
        pass  # tables of one kind that stand in several places
    return _update_text("", tables, names), names


def read_text(file: Path) -> str:
    """What a file says. Raises UsageError."""
    try:
        return file.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(f"{file}: is not UTF-8 text") from None
    except OSError as error:
        raise UsageError(f"{file}: cannot be read: {error.strerror}") from None


def read_objects(text: str, file: str) -> list[Edit]:
    """The tables of a file as edits. Raises UsageError for what cannot be at the desk."""
    edits, found = list[Edit](), _parse(text, file)
    for object_, table in TABLE_OF.items():
        given = found.get(table, {})
        if table == "alerts" and isinstance(given, list):
            given = {rule.get("name") if isinstance(rule, dict) else None: rule for rule in given}
            if None in given or len(given) < len(found[table]):
                raise UsageError(f"{file}: alerts: give each rule a `name` of its own, by which the desk knows it")
        if not isinstance(given, dict):
            raise UsageError(f"{file}: {table}: has to be tables with a name each")
        for name, document in given.items():  # times in ISO 8601, which JSON has not, and the options take, too
            plain = change(document, lambda _, value: value.isoformat() if isinstance(value, date | time) else value)
            edits.append(Edit(object_, str(name), plain))
    return edits


def _parse(text: str, file: str) -> dict[str, Any]:
    """The tables in a text. Raises UsageError."""
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{file}:{word_mistake(str(error))}") from None
    except RecursionError:
        raise UsageError(f"{file}: is nested too deeply") from None
    if others := found.keys() - TABLE_OF.values():
        known = ", ".join(TABLE_OF.values())
        raise UsageError(
            f"{file}: {', '.join(sorted(others))}: the desk has only {known}; leave the rest in watch.toml"
        )
    return found


def _plain_tables(objects: Sequence[Revision]) -> tuple[dict[str, Any], list[str]]:
    """The tables of objects, with references in the place of what is sealed, and the names of these."""
    tables, names = dict[str, Any](), list[str]()
    taken = set(_REFERENCE.findall(" ".join(str(each.document) for each in objects)))
    for revision in objects:
        owner = f"{revision.object}_{revision.name}"

        def refer(at: KeyPath, value: Any, owner: str = owner) -> Any:
            if not is_sealed(value):
                return value
            name = re.sub(r"[^A-Z0-9]+", "_", "_".join([owner, *map(str, at)]).upper()).strip("_")
            several = chain([name], (f"{name}_{number}" for number in count(2)))
            names.append(next(each for each in several if each not in taken))
            taken.add(names[-1])
            return f"${{{names[-1]}}}"

        document = change(revision.document or {}, refer)
        if revision.object == "rule":
            tables.setdefault("alerts", []).append(document)
        else:
            tables.setdefault(TABLE_OF[revision.object], {})[revision.name] = document
    return tables, names


def _by_name(tables: Mapping[str, Any]) -> dict[str, Any]:
    """Tables without their order, and without empty ones."""
    alerts = {rule["name"]: rule for rule in tables.get("alerts", [])}
    return {key: value for key, value in {**tables, "alerts": alerts}.items() if value}


def _update_text(before: str, tables: Mapping[str, Any], names: Collection[str]) -> str:
    """A text that has these tables and no others. Raises TOMLKitError."""
    document, rules = tomlkit.parse(before), tomlkit.aot()
    known = {rule.get("name"): rule for rule in document.get("alerts", [])}
    for rule in tables.get("alerts", []):
        rules.append(known[rule["name"]] if rule["name"] in known else _new_table())
        _update(rules[-1], rule, names)
    for table in [key for key in document if key not in tables]:
        del document[table]
    for table, objects in tables.items():
        if table == "alerts":
            document[table] = rules
            continue
        if table not in document:
            document[table] = tomlkit.table(is_super_table=True)
        _update(document[table], objects, names)
    return document.as_string().lstrip("\n")


def _new_table() -> Table:
    table = tomlkit.table()
    table.trivia.indent = "\n"  # an empty line before it
    return table


def _update(table: Any, wanted: Mapping[str, Any], names: Collection[str]) -> None:
    """Make a table of tomlkit have these values; what is the same stays as it is. Comments say which of the `names` to
    set.
    """
    for key in [key for key in table if key not in wanted]:
        del table[key]
    for key, value in sorted(wanted.items(), key=lambda pair: isinstance(pair[1], dict)):  # tables come last
        if isinstance(value, dict):
            if not isinstance(table.get(key), dict):
                table[key] = _new_table()
            _update(table[key], value, names)
        elif key not in table or table[key] != value:
            if isinstance(table.get(key), dict | list):  # it may stand after other tables
                del table[key]
            item = tomlkit.array() if isinstance(value, list) else tomlkit.item(value)
            if isinstance(value, list):
                item.extend(value)  # tables in it stand on its line
                item.multiline(len(item.as_string()) > _MULTILINE)
            table[key] = item
            if sealed := [name for name in _REFERENCE.findall(str(value)) if name in names]:
                table[key].comment(f"sealed at the desk: set {', '.join(sealed)}")
