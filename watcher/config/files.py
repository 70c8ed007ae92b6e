"""Finds the files of a configuration, reads them, and merges them, with what is configured at the desk; and tells which
files other users of the machine may change: whoever can controls the program.
"""

import glob
import json
import os
import re
import stat
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from sources import Source
from state.db.glance import PAUSE, DeskRow
from watcher.config.config_secrets import KeyPath
from watcher.config.sealing import SEALED, KeyLostError, Seal, unseal
from watcher.errors import ConfigError

SYSTEM_FILE = Path("/etc/registry-watch/watch.toml")
TABLE_OF = {"source": "sources", "group": "groups", "entity": "entities", "channel": "channels", "rule": "alerts"}
NAMED_TABLES = ("sources", "groups", "channels", "entities")
FileStamp = tuple[str, int, int]  # a file's path, time and size: whether it is as it was
_BAD_NAME = re.compile(r"^$|^-|^\s|\s$|[*?\[\],\x00-\x1f\x7f]")
NO_NAME = "is not a name: it may not be empty, begin with -, or hold any of * ? [ ] , or a line break"


class Origin(NamedTuple):
    """The file of a part of the configuration, and its key path there; or its revision, where it is from the desk."""

    file: str
    at: KeyPath
    revision: int = 0


@dataclass
class Tree:
    """All `files` as one TOML document, `path` first. `origins` has the origin of each part that is not from `path`.

    `problems` are lines about keys that stand in two files. `desk` has the objects that are from the desk, and `locked`
    those with secrets whose key is lost, with what depends on them: they are left out. `shadowed` are objects of the
    desk, by kind and name, of which a file has the name.
    """

    path: Path
    root: dict[str, Any]
    origins: dict[KeyPath, Origin] = field(default_factory=dict)
    files: tuple[Path, ...] = ()
    refers: bool = False  # whether any of them contains a reference, "${...}"
    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    desk: dict[KeyPath, DeskRow] = field(default_factory=dict)
    locked: dict[KeyPath, str] = field(default_factory=dict)
    shadowed: set[tuple[str, str]] = field(default_factory=set)
    paused: dict[str, datetime | None] = field(default_factory=dict)  # sources, until when

    def origin(self, at: KeyPath) -> Origin:
        """The file of a key path, and the path within that file."""
        for length in range(len(at), 0, -1):
            if found := self.origins.get(at[:length]):
                return found._replace(at=found.at + at[length:])
        return Origin(shown(self.path), at)

    def add_desk(self, rows: Sequence[DeskRow]) -> None:
        """Add the objects of the desk, and pauses. Where a file has one of the same name, its own counts, and a warning
        says so.
        """
        for row in rows:
            if row.object == PAUSE and row.document:
                until = json.loads(row.document)["until"]
                self.paused[row.name] = until and datetime.fromisoformat(until)
            table = TABLE_OF.get(row.object)
            if row.document is None or table is None:
                continue
            listed = self.root.setdefault(table, [] if table == "alerts" else {})
            if not isinstance(listed, list | dict):
                continue  # validation reports that it is no table
            # of rules, the name is one of their keys
            names = [each.get("name") if isinstance(each, dict) else each for each in listed]
            place = names.index(row.name) if row.name in names else len(listed)
            at: KeyPath = (table, place if isinstance(listed, list) else row.name)
            if row.name in names:
                self.shadowed.add((row.object, row.name))
                origin = self.origin(at)
                file = next(path for name, path in self.shown_files() if name == origin.file)
                what = f"the desk has this {row.object} too (revision {row.revision}); the file's counts"
                self.warnings += _number_lines(file, [(origin.at, f"{what}: rename or delete one")])
                continue
            document = json.loads(row.document)
            if isinstance(listed, list):
                listed.append(document)
            else:
                listed[row.name] = document
            self.desk[at] = row
            self.origins[at] = Origin(f"the desk, revision {row.revision}", (table, row.name), row.revision)
            self.refers = self.refers or "$" in row.document or "\\" in row.document

    def unseal(self, seal: Seal) -> None:
        """Open the secrets of what is from the desk; what cannot be opened is left out, with the members of a group."""
        for at, row in self.desk.items():
            if SEALED in (row.document or ""):
                table = self.root[str(at[0])]
                try:
                    table[at[1]] = unseal(table[at[1]], seal)
                except KeyLostError as lost:
                    self.locked[at] = str(lost)
        sources = self.root.get("sources", {})
        for name, source in sources.items() if isinstance(sources, dict) and self.locked else ():
            group = source.get("group") if isinstance(source, dict) else None
            if why := self.locked.get(("groups", str(group))):
                self.locked["sources", name] = why
        for table, name in self.locked:
            del self.root[str(table)][name]

    def shown_files(self) -> list[tuple[str, Path]]:
        """The files: as displayed, and their paths."""
        return [(shown(file), file) for file in self.files]


def open_closed(path: str, flags: int) -> int:
    """An `opener` for a file that only its user and group may read; an existing file keeps its mode."""
    return os.open(path, flags, 0o640)


def shown(path: Path) -> str:
    """A path as people write it: relative to the working directory if it is below that, but absolute if that is `/`."""
    folder = Path.cwd()
    return str(path.relative_to(folder)) if path.is_relative_to(folder) and folder != folder.parent else str(path)


def find(path: Path | None, environment: Mapping[str, str] = os.environ) -> Path:
    """`path`, else $WATCH_CONFIG, else ./watch.toml, else the system's file. Raises ConfigError."""
    named = path or (Path(environment["WATCH_CONFIG"]) if environment.get("WATCH_CONFIG") else None)
    places = [named] if named else [Path("watch.toml"), SYSTEM_FILE]
    for place in places:
        if place.is_dir():
            raise ConfigError([f"{place}: is a folder; name the file in it, such as {place / 'watch.toml'}"])
        if place.exists():
            return place.absolute()
    looked = " and ".join(str(place) for place in places)
    by = " ($WATCH_CONFIG)" if named and not path else ""
    raise ConfigError([f"no configuration: looked for {looked}{by}; `watch init` writes a first one here"])


def read(path: Path) -> Tree:
    """Read a configuration file and all files that it includes. Raises ConfigError with what is wrong with each file
    that cannot be read.
    """
    tree, unread = Tree(path, {}), list[str]()
    first = _parse(tree, path, unread)
    documents, patterns, included = {path: first}, first.get("include", []), dict[Path, None]()
    for pattern in [item for item in patterns if isinstance(item, str)] if isinstance(patterns, list) else []:
        names = _match_files(path, pattern)
        if not names and not glob.has_magic(pattern):
            unread += _number_lines(path, [(("include",), f"there is no file {pattern} in {path.parent}")])
        included |= {path.parent / name: None for name in names}
    for file in included:
        if not file.samefile(path):
            documents[file] = _parse(tree, file, unread)
    if unread:
        raise ConfigError(unread)
    for file, values in documents.items():
        tree.problems += _number_lines(file, list(_merge(tree, file, values)))
    tree.files = tuple(documents)
    return tree


def _match_files(path: Path, pattern: str) -> list[str]:
    """The files that a pattern of `include` names, relative to the folder of the first file."""
    # pathlib's glob refuses absolute patterns, and handles ".." in the middle wrongly
    found = sorted(glob.glob(pattern, root_dir=path.parent, recursive=True))  # noqa: PTH207
    return [name for name in found if (path.parent / name).is_file()]


def stamp_files(path: Path, patterns: Sequence[str]) -> tuple[FileStamp, ...]:
    """The files of a configuration as they are now: equal stamps mean that none was edited, added or removed."""
    files = [path, *(path.parent / name for pattern in patterns for name in _match_files(path, pattern))]
    found = [(str(file), file.stat()) for file in dict.fromkeys(files) if file.exists()]
    return tuple((name, status.st_mtime_ns, status.st_size) for name, status in found)


def presets_folder(path: Path | None = None) -> Path | None:
    """The folder of the user's own presets, for commands that do not need a valid configuration."""
    try:
        tree = read(find(path))
    except ConfigError:
        if path:
            raise
        return None
    if path and tree.problems:
        raise ConfigError(tree.problems)
    folder = tree.root.get("presets")
    return tree.path.parent / folder if isinstance(folder, str) else None


def _parse(tree: Tree, path: Path, unread: list[str]) -> dict[str, Any]:
    """The tables of a file; none if it cannot be read, and a line about that."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
        tree.refers = tree.refers or "$" in text or "\\" in text  # an escape sequence may stand for "$"
        return tomllib.loads(text)
    except PermissionError as error:
        what = f" cannot be read: {error.strerror}; let this user read it, as chmod o+r does"
    except OSError as error:
        what = f" cannot be read: {error.strerror}"
    except UnicodeDecodeError as error:
        what = f" is not UTF-8 text (byte {error.start}); save it as UTF-8"
    except tomllib.TOMLDecodeError as error:
        what = word_mistake(str(error))
    except RecursionError:
        what = " is nested too deeply"
    unread.append(f"{shown(path)}:{what}")
    return {}


def _number_lines(file: Path, problems: Sequence[tuple[KeyPath, str]]) -> list[str]:
    """Errors at key paths of a file, as lines: `more.toml:3: sources.tass: ...`."""
    lines = lines_in(file) if problems else {}
    places = [(f":{line}" if (line := line_of(lines, at)) else "", ".".join(map(str, at))) for at, _ in problems]
    return [f"{shown(file)}{line}: {at}: {what}" for (line, at), (_, what) in zip(places, problems, strict=True)]


def _merge(tree: Tree, file: Path, document: dict[str, Any]) -> Iterator[tuple[KeyPath, str]]:
    """Add the document of a file to the tree; yields the errors. A key that exists already is one, and names both
    files.
    """
    first, name = file == tree.path, shown(file)  # the main file may include others; its parts need no origin

    def put(table: Any, at: KeyPath, value: Any) -> Iterator[tuple[KeyPath, str]]:
        if not isinstance(table, dict):
            return  # the other file's value is no table: validation reports that
        if at[-1] in table:
            mend = "give one of them another name" if len(at) > 1 else "keep one of them"
            yield at, f"stands in {tree.origin(at).file} too; {mend}"
            return
        table[at[-1]] = value
        if not first:
            tree.origins[at] = Origin(name, at)

    for key, value in document.items():
        if key == "include" and not first:
            yield (key,), f"only {shown(tree.path)} may include files"
        elif key in NAMED_TABLES and isinstance(value, dict) and first:
            tree.root[key] = value
        elif key in NAMED_TABLES and isinstance(value, dict):
            for item, table in value.items():
                yield from put(tree.root.setdefault(key, {}), (key, item), table)
        elif key == "alerts" and isinstance(value, list) and isinstance(tree.root.get(key, []), list):
            rules = tree.root.setdefault(key, [])
            if not first:
                tree.origins |= {(key, len(rules) + at): Origin(name, (key, at)) for at in range(len(value))}
            rules += value
        else:
            yield from put(tree.root, (key,), value)


_OWN = "sources"  # the package of the kinds that come with the program


def kind_files(kinds: Iterable[type[Source]], presets: Path | None) -> list[Path]:
    """The files of plugin kinds with their folders, and the folder of presets with the files in it that others may
    change.
    """
    found = list[Path]()
    for each in kinds:
        module = sys.modules.get(each.__module__)
        if module and each.__module__.partition(".")[0] != _OWN and (file := getattr(module, "__file__", None)):
            found += [Path(file), Path(file).parent]
    return [*found, *([presets, *_inside(presets)] if presets else [])]


def find_unsafe(
    configuration: Iterable[Path], state: Path | None, evidence: Path | None, kinds: Iterable[Path]
) -> Iterator[str]:
    """A line for each file or folder that others may change, of those that a configuration depends on: where, what, and
    what to do; some of them twice. Its own files are given with `watch.toml` first; `kinds` are of plugin kinds and
    presets.
    """
    may = {0, os.geteuid()}
    for number, file in enumerate(configuration):
        yield from _open(file, "everybody on this machine may change the configuration")
        status = _status(file)
        if status and status.st_uid not in may:
            who = f"belongs to another user ({status.st_uid}), who may change it"
            yield f"{shown(file)}: {who}; chown it to root or yourself"
        if number == 0 and status:  # included files may have the same owner
            may.add(status.st_uid)
    if state:
        yield from _open(state, "everybody on this machine may change the state")
    if evidence and _status(evidence):
        yield from _open(evidence, "everybody on this machine may change the evidence")
        yield from (line for file in _inside(evidence) for line in _writable(file, "everybody may change it"))
    for place in kinds:
        yield from _writable(place, "everybody on this machine may change code or rules that sources are read with")


def _open(file: Path, what: str) -> Iterator[str]:
    """Whether others may write to a file, or replace it."""
    yield from _writable(file, what)
    for folder in dict.fromkeys([*file.parents, *file.resolve().parents]):
        status = _status(folder)
        if status and status.st_mode & stat.S_IWOTH and not status.st_mode & stat.S_ISVTX:
            yield f"{shown(folder)}: everybody on this machine may put another {file.name} there; chmod o-w it"


def _writable(place: Path, what: str) -> Iterator[str]:
    status = _status(place)
    if status and status.st_mode & stat.S_IWOTH:
        yield f"{shown(place)}: {what}; chmod o-w it"


def _inside(folder: Path) -> list[Path]:
    """The files in a folder that every user may write to; none if others cannot enter it, or we cannot read it."""
    status = _status(folder)
    if status is None or not status.st_mode & stat.S_IXOTH:
        return []
    try:
        with os.scandir(folder) as entries:
            open_to_all = (each for each in entries if each.stat(follow_symlinks=False).st_mode & stat.S_IWOTH)
            return sorted(Path(each) for each in open_to_all if not each.is_symlink())
    except OSError:
        return []


def _status(place: Path) -> os.stat_result | None:
    """Mode and owner; None if the path does not exist or cannot be read."""
    try:
        return place.stat()
    except OSError:
        return None


_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}|' + r"'''.*?'{3,5}|" + r'"(?:\\.|[^"\\\n])*"|' + r"'[^'\n]*'|#[^\n]*|[\[\]{}=\n]",
    re.DOTALL,
)
_DEPTH = {"[": 1, "{": 1, "]": -1, "}": -1}

_POSITION = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_TABLE = re.compile(r"\((?:'[^']*'(?:, )?)+,?\)")


def key_lines(text: str) -> dict[KeyPath, int]:
    """The line, from 1, of each table and key of a valid document, and of their parent tables.

    Keys within a value (an inline table, a list) have the line of its key.
    """
    found: dict[KeyPath, int] = {}
    table: KeyPath = ()
    counts: dict[KeyPath, int] = {}
    for line, statement, key in _statements(text):
        if statement.startswith("["):
            place = table = _place_header(_names(statement), counts, is_array=statement.startswith("[["))
        else:
            place = table + _names(f"{key} = 0")
        for length in range(1, len(place) + 1):
            found.setdefault(place[:length], line)
    return found


def line_of(lines: Mapping[KeyPath, int], at: KeyPath) -> int | None:
    """The line of a key path, or of its nearest parent that has one."""
    return next((lines[at[:length]] for length in range(len(at), 0, -1) if at[:length] in lines), None)


def _statements(text: str) -> Iterator[tuple[int, str, str]]:
    """Each header, or key with its value: its line, its text, and the part before the equals sign."""
    line, start, equals, depth = 1, 0, None, 0
    for token in _TOKEN.finditer(f"{text}\n"):
        if token[0] == "=" and not depth and equals is None:
            equals = token.start()
        depth += _DEPTH.get(token[0], 0)
        if token[0] == "\n" and depth <= 0:
            statement = text[start : token.start()]
            if statement.strip() and not statement.lstrip().startswith("#"):
                yield line, statement.strip(), text[start:equals].strip()
            line += statement.count("\n") + 1
            start, equals, depth = token.end(), None, 0


def _names(line: str) -> tuple[str, ...]:
    """The names in a header, or in a key with a value."""
    names, value = list[str](), tomllib.loads(line)
    while isinstance(value, dict) and value:
        ((name, value),) = value.items()
        names.append(name)
    return tuple(names)


def _place_header(names: tuple[str, ...], counts: dict[KeyPath, int], *, is_array: bool) -> KeyPath:
    """The key path of a header, with list positions for arrays of tables."""
    place: KeyPath = ()
    for index, name in enumerate(names):
        place = (*place, name)
        if is_array and index == len(names) - 1:
            counts[place] = counts.get(place, -1) + 1
        if place in counts:
            place = (*place, counts[place])
    return place


def lines_in(file: Path) -> dict[KeyPath, int]:
    """The lines of a file's keys; none if the file was removed or changed since it was read."""
    try:
        return key_lines(file.read_text("utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return {}


def word_mistake(message: str) -> str:
    """What tomllib says of a document, for people: `12:3: is not valid TOML: ...`, with line and column where they are
    known.
    """
    position = _POSITION.search(message)
    where = f"{position[1]}:{position[2]}: " if position and position[1] else " "
    end = " at the end of the file" if position and not position[1] else ""
    dotted = _TABLE.sub(lambda match: "[" + ".".join(re.findall(r"'([^']*)'", match[0])) + "]", message)
    return f"{where}is not valid TOML: {_POSITION.sub('', dotted)}{end}"


def is_name(name: str) -> bool:
    """Whether a table may have that name."""
    return not _BAD_NAME.search(name)


def fit_name(text: str) -> str:
    """What people write, such as "Sable, Inc.", as a name that a table may have."""
    return " ".join(_BAD_NAME.sub(" ", text.lstrip("-")).split())
