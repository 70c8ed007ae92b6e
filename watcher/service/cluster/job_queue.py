"""The job queue of the workers: procrastinate, with its tables in the same database as the state.

* A tick, twice a second on every worker, claims sources that are due and queues jobs for batches of them, in one
  statement. It is not a job itself: a worker that hangs would keep it from all others.
* `check` is such a job: its worker takes over the sources, passes them to its cycle and waits for them.
* `rescue` puts jobs of lost workers back into the queue. It has no `lock`: a rescue that stalled would block all later
  ones.

A worker that was stopped for a while may finish a job that another one has done since. That is refused, and logged.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import procrastinate
import psycopg
from procrastinate import exceptions, jobs, manager

from state.db.postgres import driver_arguments
from state.errors import StateError
from state.storage.workers import Claims
from watcher.runtime.periodic import put_off
from watcher.service.cluster.worker_list import CHECK

log = logging.getLogger(__name__)

QUEUE = "registry-watch"
RESCUE = "registry-watch-rescue"

BATCH = 25  # sources in a job
MOST_QUEUED = 5000  # most sources in queued jobs; the others stay in their table
TICK = 0.5  # seconds between two claims by a worker
BEAT = 1.5  # seconds between two signs of life
STALLED = 6.0  # seconds without a sign of life after which a worker counts as lost
LOOK = 1.0  # seconds between two polls of the queue, besides its notifications
AGAIN = 1.0  # seconds until a restart after a fault, such as an unreachable database
EVERY_3_SECONDS = "* * * * * */3"  # in procrastinate's cron syntax the seconds come last

Hand = Callable[[Mapping[str, datetime]], Awaitable[None]]


class JobQueue:
    """Runs the jobs in a thread. `hand` takes over a batch and returns when it is checked; `beat` is called every BEAT
    seconds.
    """

    def __init__(self, claims: Claims, concurrency: int, hand: Hand, beat: Callable[[], None]) -> None:
        self._claims, self._concurrency, self._hand, self._beat = claims, concurrency, hand, beat
        self._ending = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._main: asyncio.Task[None] | None = None
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)

    def start(self) -> None:
        """Start the thread. Raises StateError if the tables of the queue cannot be prepared."""
        prepare(self._claims)
        self._thread.start()

    def drain(self) -> None:
        """Take no more jobs; end after those under way. Does not wait."""
        self._ending.set()
        if self._loop and self._main:
            self._loop.call_soon_threadsafe(self._main.cancel)

    def join(self, seconds: float) -> None:
        """Wait at most `seconds` for the thread to end."""
        self._thread.join(seconds)

    @property
    def alive(self) -> bool:
        """Whether the thread is running."""
        return self._thread.is_alive()

    def _run(self) -> None:
        with suppress(asyncio.CancelledError):
            asyncio.run(self._live())

    async def _live(self) -> None:
        """Work until stopped; restart after any fault."""
        self._loop = asyncio.get_running_loop()
        self._loop.set_exception_handler(_log_unhandled)
        beating = asyncio.create_task(self._keep_beating())
        while not self._ending.is_set():
            self._main = asyncio.create_task(self._work())
            try:
                await self._main
                log.info("the engine starts again")
            except asyncio.CancelledError:
                break
            except (psycopg.Error, exceptions.ProcrastinateException, OSError, TimeoutError) as error:
                log.warning("no jobs for now: %s", " ".join(str(error.__cause__ or error).split()))
            except Exception:
                log.exception("the engine starts again: unexpected fault")
            if not self._ending.is_set():
                await asyncio.sleep(AGAIN)
        beating.cancel()

    async def _work(self) -> None:
        app = make_app(self._claims, self._hand)
        async with app.open_async():
            claiming = asyncio.create_task(self._keep_claiming())
            try:
                await app.run_worker_async(
                    queues=[QUEUE],
                    concurrency=self._concurrency + 1,  # a rescue must not wait for checks
                    install_signal_handlers=False,
                    delete_jobs="always",
                    fetch_job_polling_interval=LOOK,
                    update_heartbeat_interval=BEAT,
                    stalled_worker_timeout=STALLED,
                )
            finally:
                claiming.cancel()

    async def _keep_claiming(self) -> None:
        while not self._ending.is_set():
            with put_off("nothing is claimed"):
                await asyncio.to_thread(self._claims.claim, QUEUE, CHECK, BATCH, MOST_QUEUED)
            await asyncio.sleep(TICK)

    async def _keep_beating(self) -> None:
        while True:
            with put_off("no sign of life"):
                await asyncio.to_thread(self._beat)
            await asyncio.sleep(BEAT)


def _log_unhandled(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Log faults that procrastinate does not handle: such as a job that could not be marked as finished. It counts as
    stalled and runs again.
    """
    log.debug("in the engine: %s", context.get("exception") or context.get("message"))


class _Manager(manager.JobManager):
    """A worker that was stopped for a while may finish jobs that others have done since."""

    async def finish_job(self, *args: Any, **rest: Any) -> None:
        """Like procrastinate's, except that a job that belongs to another worker now is no error."""
        try:
            await super().finish_job(*args, **rest)
        except exceptions.ConnectorException as error:
            if not isinstance(error.__cause__, psycopg.errors.RaiseException):
                raise
            log.info("a job was finished by another worker meanwhile")


def make_app(claims: Claims, hand: Hand) -> procrastinate.App:
    """The application with its two tasks, not yet open."""
    logging.getLogger("procrastinate").setLevel(logging.CRITICAL)  # this program logs what matters about jobs
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)
    url = claims.database.url
    app = procrastinate.App(
        connector=procrastinate.PsycopgConnector(
            conninfo=url.difference_update_query(["options"])
            .set(drivername="postgresql")
            .render_as_string(hide_password=False),
            kwargs=driver_arguments(url),
            min_size=1,
            max_size=4,
            timeout=15,
        )
    )
    app.job_manager = _Manager(app.connector)

    @app.task(name=CHECK, queue=QUEUE)
    async def check(slots: dict[str, str]) -> None:
        dues = {name: datetime.fromisoformat(due).astimezone(UTC) for name, due in slots.items()}
        with _log_errors("a batch is left to others"):
            await hand(await asyncio.to_thread(claims.take, dues))

    @app.periodic(cron=EVERY_3_SECONDS)
    @app.task(name=RESCUE, queue=QUEUE, queueing_lock=RESCUE, priority=20)
    async def rescue(timestamp: int) -> None:  # noqa: ARG001 - procrastinate gives it
        with _log_errors("nobody is rescued"):
            for job in await app.job_manager.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=STALLED):
                await _rescue(app, job)

    return app


@contextmanager
def _log_errors(what: str) -> Iterator[None]:
    """Log an error in a task: one line for a database error. Tasks run again later."""
    try:
        yield
    except (StateError, exceptions.ConnectorException) as error:
        log.warning("%s: %s", what, error.__cause__ if isinstance(error, exceptions.ConnectorException) else error)
    except Exception:
        log.exception("%s: unexpected fault", what)


async def _rescue(app: procrastinate.App, job: jobs.Job) -> None:
    """Queue a stalled batch again; drop a stalled rescue, as the next one is scheduled."""
    log.info("a worker is gone: its job %s %s", job.id, "is queued anew" if job.task_name == CHECK else "is dropped")
    try:
        if job.task_name == CHECK:
            await app.job_manager.retry_job(job, retry_at=datetime.now(UTC))
        else:
            await app.job_manager.finish_job(job, jobs.Status.FAILED, delete_job=True)
    except exceptions.ConnectorException as error:
        log.info("job %s was rescued by another worker: %s", job.id, error)


def prepare(claims: Claims) -> None:
    """Create procrastinate's tables in the state's database, or migrate them to this version. Raises StateError.

    A comment on the table names the last migration.
    """
    manages = procrastinate.schema.SchemaManager
    steps = sorted(Path(manages.get_migrations_path()).glob("*.sql"))
    name, table = claims.database.name, "to_regclass('procrastinate_jobs')"
    try:
        with claims.database.writing() as connection:
            there, done = connection.exec_driver_sql(f"SELECT {table}, obj_description({table}, 'pg_class')").one()
            if there and not done:
                raise StateError(f"{name}: it holds another program's procrastinate_jobs; use a schema apart")
            if done and done >= steps[-1].name:
                return
            newer = [step.read_text("utf-8") for step in steps if done and step.name > done]
            raw: Any = connection.connection.driver_connection  # it takes a script of several statements
            for script in newer or [manages.get_schema()]:
                raw.execute(script)
            raw.execute(f"COMMENT ON TABLE procrastinate_jobs IS '{steps[-1].name}'")
    except psycopg.Error as error:
        raise StateError(f"{name}: the tables of procrastinate cannot be made or upgraded: {error}") from error
