"""Copy the state to a file while the daemon works: whole, as it is at one moment, and checked.

The copy is one file. To restore it, stop the service, move state.db, state.db-wal and state.db-shm away, copy the file
to state.db for the service's user, and start. What changed on the sources since the backup is then found, and alerted,
again. A state on a PostgreSQL server is backed up with PostgreSQL's own pg_dump.

examples:
  watch backup /backup/registry-watch.db
  watch backup --force /backup/monday.db     over the one of last week
"""

import argparse
from pathlib import Path

HELP = "copy the state to a file, while the daemon works"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to, and whether an older backup may be overwritten."""
    parser.add_argument("file", metavar="FILE", type=Path, help="the file to make")
    parser.add_argument("--force", action="store_true", help="write over a file that is there")


def run(args: argparse.Namespace) -> int:
    """Make it: 0. Raises UsageError instead of overwriting a file, and StateError."""
    from watcher.config.load import load
    from watcher.config.open_state import open_existing_state
    from watcher.config.settings import SQLITE, is_server
    from watcher.errors import UsageError
    from watcher.terminal.console import say
    from watcher.terminal.new_file import check_free, check_place

    config, file = load(args.config), args.file
    if is_server(config.state):
        how = f"pg_dump --format=custom --file={file} {config.state_file.replace('+psycopg', '')}"
        raise UsageError(f"the state is on a PostgreSQL server, which is backed up with its own tools: {how}")
    check_place(file, "registry-watch.db")
    if file.exists() and file.samefile(config.state.removeprefix(SQLITE)):
        raise UsageError(f"{file}: is the state itself; name another file")
    check_free(file, force=args.force)
    with open_existing_state(config, "there is no state to copy") as store:
        store.database.backup(file)
    say(f"wrote {file}, {file.stat().st_size / 1e6:.1f} MB")
    return 0
