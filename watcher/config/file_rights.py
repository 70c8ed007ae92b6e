"""Which files of a configuration other users of the machine may change: whoever can controls the program."""

import os
import stat
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from sources import Source
from watcher.config.files import shown

_OWN = "sources"  # the package of the kinds that come with the program


def files_of(kinds: Iterable[type[Source]], presets: Path | None) -> list[Path]:
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
