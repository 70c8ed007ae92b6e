"""Which files the subprocess may read: code that it may import later."""

from __future__ import annotations

import sys
import zoneinfo
from collections.abc import Iterator, Sequence
from contextlib import suppress
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path

from sources.loader import GROUP

_OWN = ("sources", "state", "alerts", "watcher")
# Where shared libraries are, which compiled modules link to.
_SHARED = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib")
_SMALL = ("/etc/localtime", "/etc/mime.types", "/etc/ld.so.cache", "/dev/null", "/dev/urandom", "/proc/self")
_CODE = (".py", ".so", ".zip", ".dist-info", ".egg-info", ".pth")


def readable(path: Sequence[str]) -> tuple[list[Path], list[Path]]:
    """The files and folders to read, and the folders to list, for imports from this module search path.

    Of a listed folder only importable files may be read: a user's folder may be on the path, such as that of the
    configuration.
    """
    files, listed = list(map(Path, (*_SHARED, *_SMALL, *zoneinfo.TZPATH))), list[Path]()
    files += [Path(prefix) / "lib" for prefix in {sys.prefix, sys.base_prefix, sys.exec_prefix}]
    for folder in map(Path, filter(None, path)):
        if folder.name in {"site-packages", "dist-packages"} or folder.is_file():
            files.append(folder)
        elif not any(folder.is_relative_to(each) for each in files):
            listed.append(folder)
            files += _code(folder)
    return [*files, *_homes()], listed


def _code(folder: Path) -> Iterator[Path]:
    """The importable files in a folder, and the metadata of its distributions."""
    with suppress(OSError):
        for each in folder.iterdir():
            if each.suffix in _CODE or each.name == "__pycache__" or any(each.glob("*.py")):
                yield each


def _homes() -> Iterator[Path]:
    """The folders of this program's packages and of plugins, whatever import finder they use."""
    points = {point.module.partition(".")[0] for point in entry_points(group=GROUP)}
    for name in (*_OWN, *sorted(points)):
        with suppress(ImportError, ValueError, AttributeError):
            if spec := find_spec(name):
                places = spec.submodule_search_locations or filter(None, [spec.origin])
                yield from map(Path, places)
