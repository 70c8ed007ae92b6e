"""The network: host names, certificates, proxies. A connection is made and closed; nothing is requested."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from concurrent.futures import TimeoutError as TooLate
from datetime import UTC, datetime
from functools import partial
from ipaddress import ip_address
from typing import Literal, NamedTuple, TypeAlias
from urllib.parse import urlsplit

from sources.errors import TlsFailed
from sources.http.guard import allowed
from sources.http.tls import trust
from sources.reading.engine import first_url
from watcher.config.load import Config
from watcher.terminal.words import count

Level = Literal["ok", "warning", "error"]


class Diagnosis(NamedTuple):
    """What was looked at (`area`), how it is, and what to do: "" where nothing has to be done."""

    area: str
    level: Level
    says: str
    do: str = ""


Findings: TypeAlias = Iterator[Diagnosis]


def ok(area: str, says: str) -> Diagnosis:
    """Nothing has to be done."""
    return Diagnosis(area, "ok", says)


def warning(area: str, says: str, do: str) -> Diagnosis:
    """It works, and hardly as it is meant, or not for long."""
    return Diagnosis(area, "warning", says, do)


def error(area: str, says: str, do: str) -> Diagnosis:
    """It does not work."""
    return Diagnosis(area, "error", says, do)


MOST_HOSTS = 200
SECONDS = 30.0  # for all of it
_EACH = 8.0
_AT_ONCE = 20
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
    jobs: list[Callable[[], Sequence[Diagnosis]]] = [partial(_server, place, private) for place in some]
    jobs += [partial(_proxy, place) for place in list(proxies)[:MOST_HOSTS]]
    found = list(_at_once(jobs))
    yield from (each for each in found if each.level != "ok")
    good = sum(each.level == "ok" for each in found)
    if good:
        secure = ", those of https with valid certificates" if any(place.tls for place in (*some, *proxies)) else ""
        yield ok("network", f"{count(good, 'server')} of {len(jobs)} reached{secure}")
    if len(places) > len(some):
        yield ok("network", f"{len(places) - len(some)} further servers were not tried")
    yield from _ca_files({source.ca_file for source in enabled if source.ca_file})


def _place(url: str | None, ca_file: str | None = None) -> ServerAddress | None:
    try:
        parts = urlsplit(url or "")
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        return None
    return ServerAddress(parts.hostname, port, parts.scheme == "https", ca_file) if parts.hostname and port else None


def _at_once(jobs: Sequence[Callable[[], Sequence[Diagnosis]]]) -> Iterable[Diagnosis]:
    """The findings of all jobs that end in time; a name server may take minutes to say nothing."""
    if not jobs:
        return
    pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="doctor")
    waiting = {pool.submit(job) for job in jobs}
    try:
        for each in as_completed(waiting, timeout=SECONDS):
            waiting.discard(each)
            yield from each.result()
    except TooLate:
        left = count(len(waiting), "server")
        yield error("network", f"{left} gave no answer in {SECONDS:.0f} s", "see whether names are resolved here")
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _server(place: ServerAddress, private: object) -> Sequence[Diagnosis]:
    try:
        found = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)
        addresses = list(dict.fromkeys(str(info[4][0]).partition("%")[0] for info in found))
    except OSError as fault:
        return [
            error("dns", f"{place.host}: {fault.strerror}", f"see /etc/resolv.conf, and `getent hosts {place.host}`")
        ]
    usable = [address for address in addresses if allowed(ip_address(address), private)]  # type: ignore[arg-type]
    if not usable:
        do = "if it is meant, list its network in [http] private_addresses"
        return [error("dns", f"{place.host} is {addresses[0]}, which is on a private network", do)]
    return _connect(place, usable[0])


def _connect(place: ServerAddress, address: str) -> Sequence[Diagnosis]:
    began = time.monotonic()
    try:
        with socket.create_connection((address, place.port), timeout=_EACH) as plain:
            if not place.tls:
                return [ok("network", str(place))]
            with trust(place.ca_file).wrap_socket(plain, server_hostname=place.host) as secure:  # as a check verifies
                return [_certificate(place, secure.getpeercert() or {})]
    except ssl.SSLCertVerificationError as fault:
        do = "if its authority is to be trusted, give the source its ca_file"
        return [error("certificates", f"{place}: {fault.verify_message}", do)]
    except TlsFailed as fault:
        return [error("certificates", f"{place}: {fault.message}", "ca_file is a PEM file of authorities")]
    except (OSError, ValueError) as fault:
        waited = time.monotonic() - began
        return [
            error("network", f"{place}: {fault} (after {waited:.1f} s)", "see whether a firewall or a proxy is between")
        ]


def _certificate(place: ServerAddress, shown: Mapping[str, object]) -> Diagnosis:
    ends = shown.get("notAfter")
    if not isinstance(ends, str):
        return ok("network", str(place))
    days = (ssl.cert_time_to_seconds(ends) - datetime.now(UTC).timestamp()) / 86400
    if days < _SOON:
        return warning(
            "certificates", f"{place}: its certificate ends in {days:.0f} days", "its owner renews it, mostly"
        )
    return ok("network", str(place))


def _proxy(place: ServerAddress) -> Sequence[Diagnosis]:
    try:
        with socket.create_connection((place.host, place.port), timeout=_EACH):
            return [ok("network", str(place))]
    except OSError as fault:
        return [error("proxies", f"{place}: {fault}", "start it, or correct proxy")]


def _ca_files(files: set[str]) -> Findings:
    """Whether the authorities of a source can be read, and are still valid."""
    for file in sorted(files):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        try:
            context.load_verify_locations(file)
        except OSError:
            continue  # each server that it is for has said so
        for each in context.get_ca_certs():
            ends = str(each.get("notAfter", ""))
            if ends and ssl.cert_time_to_seconds(ends) < datetime.now(UTC).timestamp() + _SOON * 86400:
                yield warning("certificates", f"{file}: an authority in it ends on {ends}", "get the present one")
