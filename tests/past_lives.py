"""Prints the lives of the entries that changed most in a git repository's history of one file, to be checked by hand
against `git log -p`:

    .venv/bin/python -m tests.past_lives REPOSITORY PATH SOURCE.toml [NUMBER]

SOURCE.toml is a configuration with one source. The state is a temporary one, and nothing is asked over the network.
"""

from __future__ import annotations

import sys
import tomllib
from collections import Counter
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from state.model.past import line_up
from state.store import Store
from watcher import cli


def main(repository: str, path: str, table: str, number: str = "5") -> None:
    text = Path(table).read_text(encoding="utf-8")
    (name,) = tomllib.loads(text)["sources"]
    with TemporaryDirectory(prefix="past-lives-") as folder:
        config, state = Path(folder) / "watch.toml", f"sqlite:///{folder}/state.db"
        config.write_text(f'state = "{state}"\n{text}', encoding="utf-8")
        cli.main(["--config", str(config), "past", name, "--git", repository, "--path", path])
        for key in _most_changed(state, name, int(number)):
            print(f"\n== {key}", flush=True)
            cli.main(["--config", str(config), "entry", name, key])


def _most_changed(state: str, name: str, number: int) -> list[str]:
    """The keys of the entries that differ between the most captures."""
    changed = Counter[int]()
    with Store.open(state) as store:
        for before, after in pairwise(set(each.present) for each in line_up(store.past.captures(name))):
            changed.update(before ^ after)
        keys, of_key = store.past.keys(changed), Counter[str]()
    for each, times in changed.items():
        of_key[keys[each]] += times
    return [key for key, _ in of_key.most_common(number)]


if __name__ == "__main__":
    main(*sys.argv[1:])
