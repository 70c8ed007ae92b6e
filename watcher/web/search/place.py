"""Where the search index of a state is: below the cache folder, or in a folder that ends with the process."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from state.db.ownership import refuse_planted

_log = logging.getLogger(__name__)


def cache_folder() -> Path:
    """The folder for files that can be made again: systemd's CacheDirectory=, else that of the XDG specification."""
    given = os.environ.get("CACHE_DIRECTORY", "").partition(":")[0]
    if given:
        return Path(given)
    cache = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(cache) if Path(cache).is_absolute() else Path.home() / ".cache") / "registry-watch"


@contextmanager
def index_file(state: str, folder: Path | None = None) -> Iterator[Path]:
    """The file for the index of the state with this name (without a password). Only its owner may read it.

    It is in `folder`, or in the cache folder.
    """
    name = f"search-{sha256(state.encode()).hexdigest()[:16]}.db"
    try:
        place = folder or cache_folder()
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = place / name
        refuse_planted(file)
        file.touch(mode=0o600)
    except (OSError, RuntimeError) as error:  # RuntimeError: there is no home
        _log.warning("no search index can be kept, so it is built at each start: %s", error)
        with TemporaryDirectory(prefix="registry-watch-") as scratch:
            yield Path(scratch) / name
    else:
        yield file
