"""`watch doctor`: what an administrator asks first, each with what to do.

It examines the program, the configuration, the machine, the state and the network. A connection is made and closed; a
fault of one examination is its finding.
"""

import ctypes
import logging
import os
import platform
import shutil
import socket
import sqlite3
import ssl
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeAlias
from urllib.parse import urlsplit

from sources.browser.chromium import NO_BROWSER, NO_PACKAGE, command_of, has_package, has_sandbox, standing
from sources.errors import TlsFailed
from sources.http.guard import allowed
from sources.http.tls import trust
from sources.reading.engine import first_url
from sources.reading.sandbox import means
from state.errors import StateError
from state.store import Store
from watcher.config.load import Config, load
from watcher.config.open_state import open_known_state
from watcher.config.settings import SQLITE, is_server
from watcher.errors import ConfigError
from watcher.service.presence import SILENT, without_edits
from watcher.terminal.words import about, count, megabytes, version_of

Level = Literal["ok", "warning", "error"]


class Diagnosis(NamedTuple):
    """What was looked at (`area`), how it is, and what to do: "" where nothing has to be done, or `says` has it."""

    level: Level
    area: str
    says: str
    do: str = ""


Findings: TypeAlias = Iterator[Diagnosis]

ok = partial(Diagnosis, "ok")
warning = partial(Diagnosis, "warning")  # it works, and hardly as it is meant, or not for long
error = partial(Diagnosis, "error")  # it does not work

MOST_HOSTS = 200
SECONDS = 30.0  # for all of it
_EACH = 8.0
_SOON = 14  # days until a certificate ends
_PORTS = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080}


class ServerAddress(NamedTuple):
    """A server that sources are read from."""

    host: str
    port: int
    tls: bool
    ca_file: str | None = None

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


def examine_network(config: Config) -> Findings:
    """All hosts of the enabled sources; those behind a proxy are known to the proxy alone."""
    enabled = [source for source in config.sources.values() if source.enabled]
    places = dict.fromkeys(filter(None, (_place(first_url(each), each.ca_file) for each in enabled if not each.proxy)))
    proxies = dict.fromkeys(filter(None, (_place(each.proxy) for each in enabled if each.proxy)))
    some = list(places)[:MOST_HOSTS]
    private = config.http.private_addresses
    jobs: list[Callable[[], Diagnosis]] = [partial(_server, place, private) for place in some]
    jobs += [partial(_proxy, place) for place in list(proxies)[:MOST_HOSTS]]
    found = list(_at_once(jobs))
    yield from (each for each in found if each.level != "ok")
    if good := sum(each.level == "ok" for each in found):
        secure = ", those of https with valid certificates" if any(place.tls for place in (*some, *proxies)) else ""
        yield ok("network", f"{count(good, 'server')} of {len(jobs)} reached{secure}")
    if len(places) > len(some):
        yield ok("network", f"{len(places) - len(some)} further servers were not tried")
    # whether the authorities of sources are still valid
    for file in sorted({source.ca_file for source in enabled if source.ca_file}):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        try:
            context.load_verify_locations(file)
        except OSError:
            continue  # each server that it is for has said so
        for each in context.get_ca_certs():
            if (ends := str(each.get("notAfter", ""))) and _days_until(ends) < _SOON:
                yield warning("certificates", f"{file}: an authority in it ends on {ends}", "get the present one")


def _place(url: str | None, ca_file: str | None = None) -> ServerAddress | None:
    try:
        parts = urlsplit(url or "")
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        return None
    return ServerAddress(parts.hostname, port, parts.scheme == "https", ca_file) if parts.hostname and port else None


def _at_once(jobs: Sequence[Callable[[], Diagnosis]]) -> Iterable[Diagnosis]:
    """The findings of all jobs that end in time; a name server may take minutes to say nothing."""
    pool = ThreadPoolExecutor(20, thread_name_prefix="doctor")
    try:
        waiting = [pool.submit(job) for job in jobs]
        done, late = wait(waiting, timeout=SECONDS)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    yield from (each.result() for each in waiting if each in done)
    if late:
        left = count(len(late), "server")
        yield error("network", f"{left} gave no answer in {SECONDS:.0f} s", "see whether names are resolved here")


def _server(place: ServerAddress, private: object) -> Diagnosis:
    try:
        found = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)
        addresses = list(dict.fromkeys(str(info[4][0]).partition("%")[0] for info in found))
    except OSError as fault:
        do = f"see /etc/resolv.conf, and `getent hosts {place.host}`"
        return error("dns", f"{place.host}: {fault.strerror}", do)
    usable = [address for address in addresses if allowed(ip_address(address), private)]
    if not usable:
        do = "if it is meant, list its network in [http] private_addresses"
        return error("dns", f"{place.host} is {addresses[0]}, which is on a private network", do)
    return _connect(place, usable[0])


def _connect(place: ServerAddress, address: str) -> Diagnosis:
    began, ends = time.monotonic(), None
    try:
        with socket.create_connection((address, place.port), timeout=_EACH) as plain:
            if place.tls:
                with trust(place.ca_file).wrap_socket(plain, server_hostname=place.host) as secure:  # as a check does
                    ends = (secure.getpeercert() or {}).get("notAfter")
    except ssl.SSLCertVerificationError as fault:
        do = "if its authority is to be trusted, give the source its ca_file"
        return error("certificates", f"{place}: {fault.verify_message}", do)
    except TlsFailed as fault:
        return error("certificates", f"{place}: {fault.message}", "ca_file is a PEM file of authorities")
    except (OSError, ValueError) as fault:
        says = f"{place}: {fault} (after {time.monotonic() - began:.1f} s)"
        return error("network", says, "see whether a firewall or a proxy is between")
    if isinstance(ends, str) and (days := _days_until(ends)) < _SOON:
        says = f"{place}: its certificate ends in {days:.0f} days"
        return warning("certificates", says, "its owner renews it, mostly")
    return ok("network", str(place))


def _days_until(ends: str) -> float:
    return (ssl.cert_time_to_seconds(ends) - datetime.now(UTC).timestamp()) / 86400


def _proxy(place: ServerAddress) -> Diagnosis:
    try:
        with socket.create_connection((place.host, place.port), timeout=_EACH):
            return ok("network", str(place))
    except OSError as fault:
        return error("proxies", f"{place}: {fault}", "start it, or correct proxy")


OLDEST, NEWEST = (3, 11), (3, 14)
_LIBRARIES = ("apprise", "aiohttp", "httpx", "lxml", "pydantic", "sqlalchemy")

_SYSTEM_CREDENTIALS = Path("/etc/registry-watch/credentials")

LITTLE, TOO_LITTLE = 1_000_000_000, 100_000_000  # bytes that are free
_UNITS = tuple(f"registry-watch{each}" for each in (".service", "-worker@*.service", "-web.service", "-once.timer"))
_PROPERTIES = "Id,LoadState,ActiveState,SubState,UnitFileState,Result,NRestarts"

_CLOCK_SLACK = timedelta(minutes=5)

_MEND = "correct it, or make it; `watch check-config` tries it"
_log = logging.getLogger(__name__)


def _examine_program(config: Config | None) -> Findings:
    """Versions, optional parts, sandbox."""
    libraries = ", ".join(f"{name} {version_of(name)}" for name in _LIBRARIES)
    yield ok("program", f"registry-watch {version_of('registry-watch')}, {libraries}")
    here = platform.python_version()
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        yield ok("python", f"Python {here} on {platform.platform()}, SQLite {sqlite3.sqlite_version}")
    else:
        tested = f"3.{OLDEST[1]} to 3.{NEWEST[1]}"
        yield warning("python", f"Python {here} is not one of those that this version is tested with", f"use {tested}")
    if config:
        proxies = [config.http.proxy, *(source.proxy for source in config.sources.values())]
        needed = {
            "postgres": ("psycopg", is_server(config.state)),
            "socks": ("socksio", any(proxy and proxy.startswith("socks") for proxy in proxies)),
            "mailbox": ("imap_tools", any(source.wire == "imap" for source in config.sources.values())),
            "web": ("fastapi", bool(config.web.users or config.web.token or config.web.base_url)),
        }
        for part, (module, needs) in needed.items():
            if needs and find_spec(module) is None:
                do = f"pip install 'registry-watch[{part}]'"
                yield error("program", f"the configuration needs the part {part}", do)
        yield from _browser(config)
    if all(sandbox := means()):
        yield ok("sandbox", f"the process that reads pages has {sandbox}")
    else:
        yield warning("sandbox", f"the process that reads pages: {sandbox}", "use a kernel with both: docs/security.md")


def _browser(config: Config) -> Findings:
    """The browser, if a source needs one. It is not started."""
    if all(source.fetch == "http" for source in config.sources.values()):
        return
    if not has_package():
        yield error("browser", 'a source has fetch = "browser", which needs Playwright', NO_PACKAGE.partition(": ")[2])
    elif config.browser.endpoint:
        yield ok("browser", "one that runs already (endpoint)")
    elif not command_of(config.browser):
        says = 'a source has fetch = "browser", and there is no Chromium'
        yield error("browser", says, NO_BROWSER.partition(": ")[2])
    elif not has_sandbox():
        what = "Chromium runs without its own sandbox, which root cannot have"
        yield warning("browser", what, "run the program as another user, or the browser as a unit: docs/browser.md")
    else:
        yield ok("browser", standing(config.browser))


def _examine_configuration(config: Config) -> Findings:
    """Warnings, credentials, channels and rules."""
    entities = count(len(config.entities), "entity", "entities")
    yield ok("configuration", f"{config.path}: {count(len(config.sources), 'source')}, {entities}")
    yield from (warning("configuration", line) for line in config.warnings)  # which say so themselves
    if config.waiting:
        yield error("secrets", config.waiting, "put the key back where it was")
    yield from credentials(os.environ)
    if not config.channels:
        yield warning("channels", "there are none, so alerts are only printed", "add [channels.NAME] and [[alerts]]")
    for name, channel in config.channels.items():
        if "${" in channel.url:
            do = "set the variable, or give the unit LoadCredential=; as root, `registry-watch` takes the service's"
            yield warning("channels", f"{name}: a secret in its address is not set here", do)
        elif problem := channel.problem():
            do = "correct its url; https://appriseit.com/services/ has the forms"
            yield error("channels", f"{name}: {problem}", do)
        else:
            yield ok("channels", f"{name}: its address is valid; `watch alert-test {name}` sends a test alert")
    if config.channels and not config.heartbeat:
        yield warning("rules", "nobody is told when this program itself stops", "set heartbeat: docs/operate.md")


def credentials(environment: Mapping[str, str], system: Path = _SYSTEM_CREDENTIALS) -> Findings:
    """Whether others may read the folders of secrets."""
    given = environment.get("CREDENTIALS_DIRECTORY")
    for folder in dict.fromkeys([*([Path(given)] if given else []), system]):
        try:
            files = [folder, *folder.iterdir()]
            bare = [file for file in files if file.stat().st_mode & (stat.S_IROTH | stat.S_IWOTH)]
        except OSError:
            continue  # there is none, or it is not for this user: others cannot read it either
        hidden = not folder.stat().st_mode & stat.S_IXOTH
        if bare and not hidden:
            yield error("credentials", f"everybody may read {bare[0]}", f"chmod -R o= {folder}")
        else:
            yield ok("credentials", f"{folder}: {count(len(files) - 1, 'secret')}, closed to others")


def _examine_machine(config: Config | None) -> Findings:
    """Disk, clock, units."""
    folders = list[Path]()
    if config and not is_server(config.state):
        folders.append(Path(config.state.removeprefix(SQLITE)).parent)
    if config and config.evidence and config.evidence.folder:
        kept = Path(config.evidence.folder)
        folders.append(kept if kept.exists() else kept.parent)
    for folder in dict.fromkeys(folders):
        yield from _disk(folder)
    yield from _clock()
    if not Path("/run/systemd/system").is_dir() or not shutil.which("systemctl"):
        yield ok("units", "systemd does not run here")
        return
    command = ["systemctl", "show", f"--property={_PROPERTIES}", "--", *_UNITS]
    try:
        shown = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False).stdout  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        yield warning("units", "systemd does not answer", "look at `systemctl status`")
        return
    yield from of_units(shown)


def _disk(folder: Path) -> Findings:
    try:
        free, files = shutil.disk_usage(folder).free, os.statvfs(folder)
    except OSError as fault:
        yield error("disk", f"{folder}: {fault.strerror}", "make the folder, or set state to a file in one that exists")
        return
    says = f"{folder}: {megabytes(free)} free"
    if files.f_files and files.f_favail * 100 < files.f_files:
        yield error("disk", f"{folder}: hardly any file can be added (inodes)", "delete small files there")
    if free < LITTLE:
        do = "make room: the state grows until `keep` ends, and a full disk stops all checks"
        yield (error if free < TOO_LITTLE else warning)("disk", says, do)
    else:
        yield ok("disk", says)
    if not os.access(folder, os.W_OK | os.X_OK):
        as_user = "run this as the user of the service, or let this user write there"
        do = "mount it for writing" if files.f_flag & os.ST_RDONLY else as_user
        yield warning("disk", f"{folder}: this user cannot write there", do)


def _clock() -> Findings:
    """Whether the kernel says that something keeps the clock right."""
    if sys.platform != "linux":
        return
    try:
        state = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(512))  # of zeros: it only asks
    except (OSError, AttributeError):
        return
    if state == 5:  # TIME_ERROR of adjtimex(2): nothing does
        do = "have systemd-timesyncd or chrony keep it: times of changes and time stamps rest on it"
        yield warning("clock", "nothing keeps this machine's clock right", do)
    elif state >= 0:
        yield ok("clock", "the clock is synchronised")


def of_units(shown: str) -> Findings:
    """Findings from what `systemctl show` printed: a block for each unit."""
    for block in filter(str.strip, shown.split("\n\n")):
        unit = dict(line.split("=", 1) for line in block.splitlines() if "=" in line)
        name, state = unit.get("Id", ""), unit.get("ActiveState", "")
        restarts = int(unit.get("NRestarts") or 0)
        if unit.get("LoadState") == "not-found":
            yield ok("units", f"{name} is not installed")
        elif state == "failed":
            why = unit.get("Result") or "no reason told"
            yield error("units", f"{name} has failed ({why})", f"journalctl -u {name} -n 50")
        elif restarts:
            says = f"{name} was started again {count(restarts, 'time')}"
            yield warning("units", says, f"journalctl -u {name} says why")
        else:
            at_boot = unit.get("UnitFileState") or "no"
            yield ok("units", f"{name} is {state} ({unit.get('SubState')}), {at_boot} at boot")


def _examine_state(config: Config) -> Findings:
    """The state of a configuration. Nothing is created, and nothing is changed."""
    with open_known_state(config) as store:
        if store is None:
            yield ok("state", f"{config.state_file} is not there yet; the first check makes it")
            return
        now = datetime.now(UTC)
        yield ok("state", f"{config.state_file}: {megabytes(store.database.size())}")
        yield from (
            error("state", f"damaged: {line}", "restore a copy of `watch backup`")
            for line in store.database.problems()[:5]
        )
        yield from _sources(config, store, now)
        yield from _deliveries(store, now)
        seen = store.daemons.all(workers=True)
        silent = [each for each in seen if now - each.seen >= SILENT]
        for each in silent:
            says = f"{each.name} on {each.host} was not seen for {about(now - each.seen)}"
            yield warning("daemon", says, "if it ought to run: journalctl -u 'registry-watch*'")
        for who in without_edits(seen, now) if store.objects.latest() else ():
            says = f"{who} is of an earlier release, and does not take over what is set up at the desk"
            yield error("daemon", says, "restart it with this release")
        if not seen:
            yield ok("daemon", "no daemon and no worker was on this state in the last day")
        elif len(silent) < len(seen):
            alive = count(len(seen) - len(silent), "daemon or worker", "daemons and workers")
            yield ok("daemon", f"{alive} reported in the last {about(SILENT)}")
        if is_server(config.state):
            store.outbox.defer([0], now)  # there is none: only who may write is not refused


def _sources(config: Config, store: Store, now: datetime) -> Findings:
    known = [each for each in store.source_statuses() if each.name in config.checked]
    rest = len(config.sources) - len(config.checked)
    disabled = f"; {count(rest, 'source')} disabled or paused" if rest else ""
    if bad := [each.name for each in known if each.status in {"failing", "suspicious"}]:
        says = f"{count(len(bad), 'source')} cannot be read or is not believed: {', '.join(bad[:5])}"
        yield warning("sources", says, "`watch status NAME` says why")
    else:
        yield ok("sources", f"{count(len(known), 'source')} checked, none failing{disabled}")
    if any(each.tried and each.tried > now + _CLOCK_SLACK for each in known):
        yield error("clock", "the state has checks of the future: the clock was set back", "set the clock right")


def _deliveries(store: Store, now: datetime) -> Findings:
    counts = store.outbox.counts()
    if counts["dead"]:
        yield warning("deliveries", f"{count(counts['dead'], 'alert')} given up", "`watch deliveries` says why")
    for trouble in store.channels.troubles():
        says = f"the channel {trouble.channel} has failed for {about(now - trouble.since)}"
        yield error("channels", says, f"`watch alert-test {trouble.channel}` reports what its server says")
    if counts["pending"]:
        yield warning("deliveries", f"{count(counts['pending'], 'alert')} to be sent", "the daemon sends it, or --once")


def examine(path: Path | None, *, offline: bool) -> tuple[list[Diagnosis], bool]:
    """All findings, and whether the configuration can be used. With `offline` no connection is made."""
    config, found = None, list[Diagnosis]()
    try:
        config = load(path)
    except ConfigError as fault:
        found += [error("configuration", problem, _MEND) for problem in fault.problems]
    parts: list[tuple[str, Callable[[Any], Findings]]] = [("program", _examine_program), ("machine", _examine_machine)]
    if config:
        parts.insert(1, ("configuration", _examine_configuration))
        parts += [("state", _examine_state), *([] if offline else [("network", examine_network)])]
    for area, part in parts:
        try:
            found += part(config)
        except StateError as fault:
            found.append(error(area, str(fault)))  # which says itself what to do
        except Exception as fault:  # noqa: BLE001 - what one part stumbles over is a finding, and ends no other part
            _log.debug("the examination of %s failed", area, exc_info=fault)
            found.append(error(area, f"could not be examined: {type(fault).__name__}: {fault}", "-v shows where"))
    return found, config is not None
