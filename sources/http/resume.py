"""What was received of large bodies whose downloads broke off, and the requests that go on from there.

The rest is joined to a beginning only if both are of one version: a strong validator says so in both answers, and all
else agrees (RFC 9110, 13.1.5, 14.4 and 15.3.7). What disagrees in anything is received anew.
"""

import fcntl
import json
import os
import re
import shutil
import tempfile
import time
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from datetime import timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache, partial
from hashlib import blake2b
from pathlib import Path
from typing import IO, Self

import httpx

from sources.errors import BadResponse, DiskFull
from sources.formats.unpack import MOST_IN_MEMORY, Spool, too_large
from sources.http.course import course
from sources.http.exchange import REDIRECTS, Outgoing, join_headers, shown

MOST_KEPT, MOST_BYTES_KEPT = 50, 10_000_000_000  # beginnings, and bytes: one page of the largest `max_bytes`
LONGEST_KEPT = 86_400.0  # seconds since a beginning last grew
_SETTLED = timedelta(seconds=60)  # after which a document's date is a strong validator
_STRONG = re.compile(r'"[\x21\x23-\x7e]*"')
_RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18})", re.ASCII)
_PASSING = REDIRECTS | {429, 502, 503, 504}  # statuses that say nothing about the document


def strong_validator(headers: Mapping[str, str]) -> str | None:
    """What is sent as If-Range: a strong ETag, or without any ETag a date that is well before that of the answer."""
    if etag := headers.get("etag"):
        return etag if _STRONG.fullmatch(etag) else None
    changed = headers.get("last-modified", "")
    with suppress(ValueError, TypeError, OverflowError):
        if parsedate_to_datetime(headers.get("date", "")) - parsedate_to_datetime(changed) >= _SETTLED:
            return changed
    return None


class Beginning:
    """The first bytes of a body in a file, and the headers of the answer that they came with. The file may have a name,
    under which another process goes on with it.
    """

    def __init__(self, file: IO[bytes], headers: httpx.Headers, path: Path | None = None) -> None:
        self.file, self.headers, self._path = file, headers, path
        self._joined = join_headers(headers.raw)
        self._validator = strong_validator(self._joined) or ""

    @classmethod
    def load(cls, path: Path) -> Self:
        """The beginning that an earlier process left. Raises OSError and ValueError, such as for one that was written
        before the machine last started: then nobody knows what of it had reached the disk.
        """
        said = json.loads(path.with_suffix(".json").read_text())
        if not isinstance(said, dict) or said.get("boot") != _boot():
            raise ValueError("of an earlier start of the machine")
        headers = httpx.Headers([(str(name), str(value)) for name, value in said["headers"]], encoding="latin-1")
        return cls(path.open("r+b", buffering=0), headers, path)

    def save(self, where: str) -> None:
        """Write beside the file what its bytes are of. Raises OSError."""
        if self._path:
            headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in self.headers.raw]
            self._path.with_suffix(".json").write_text(json.dumps({"of": where, "boot": _boot(), "headers": headers}))

    @property
    def size(self) -> int:
        """The number of bytes."""
        return os.fstat(self.file.fileno()).st_size

    @property
    def conditions(self) -> dict[str, str]:
        """The headers that ask for the rest, if the document is still the same."""
        return {"Range": f"bytes={self.size}-", "If-Range": self._validator}

    def whole(self, headers: Mapping[str, str]) -> int | None:
        """The length of the body, if an answer has all of the rest of it, and of the same version; else None."""
        found = _RANGE.fullmatch(headers.get("content-range", ""))
        validator = headers.get("etag") or headers.get("last-modified")
        coding, known = headers.get("content-encoding"), self._joined.get("content-length")
        if not found or validator != self._validator or coding != self._joined.get("content-encoding"):
            return None
        first, last, whole = map(int, found.groups())
        fits = first == self.size and last == whole - 1 and known in (None, str(whole))
        return whole if fits and headers.get("content-length") in (None, str(whole - first)) else None

    def join(self, rest: httpx.Response) -> httpx.Response:
        """The answer to both requests: the headers of the first, and the cookies of the second."""
        headers = [*self.headers.raw, *(pair for pair in rest.headers.raw if pair[0].lower() == b"set-cookie")]
        joined = httpx.Response(200, headers=headers, stream=rest.stream, extensions=rest.extensions)
        joined.request = rest.request
        return joined

    def share(self) -> IO[bytes]:
        """The file at its end, to be closed by who goes on with it."""
        os.lseek(self.file.fileno(), 0, os.SEEK_END)
        return os.fdopen(os.dup(self.file.fileno()), "r+b", buffering=0)

    def discard(self) -> None:
        """Delete it, its headers first: bytes alone are nobody's. Who shares the file has it on."""
        self.file.close()
        if self._path:
            self._path.with_suffix(".json").unlink(missing_ok=True)
            self._path.unlink(missing_ok=True)


class Beginnings:
    """Those of all downloads: in a folder that one process has at a time, else in unnamed files of this one. Those that
    no request uses are bounded in number of bytes and in age.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.disk = folder.parent if folder else Path(tempfile.gettempdir())  # where large bodies are received
        self._folder, self._lock, self._waiting = folder, -1, dict[str, Beginning]()
        if folder and folder.is_dir():
            with suppress(OSError):
                self._open()

    def take(self, out: Outgoing) -> Beginning | None:
        """What there is of the body that answers a request, for this one alone, until `put`."""
        if not self._waiting:
            return None
        self._sweep()
        return self._waiting.pop(_key_of(out), None)

    def put(self, out: Outgoing, begun: Beginning) -> None:
        """Keep a beginning for the next request; the older ones go where all are too many bytes."""
        with suppress(KeyError):
            self._waiting.pop(_key_of(out)).discard()  # that of another request, which ended earlier
        self._waiting[_key_of(out)] = begun
        self._sweep()

    def new(self, out: Outgoing, headers: httpx.Headers) -> Beginning:
        """An empty beginning; with a name where that can be had. Raises OSError."""
        lasting = httpx.Headers([pair for pair in headers.raw if pair[0].lower() != b"set-cookie"], encoding="latin-1")
        if self._folder and _boot():
            with suppress(OSError), ExitStack() as failed:
                self._open()
                path = self._folder / f"{_key_of(out)}.part"
                handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_NOFOLLOW, 0o600)
                begun = Beginning(os.fdopen(handle, "r+b", buffering=0), lasting, path)
                failed.callback(begun.discard)
                begun.save(shown(out.url))
                failed.pop_all()
                return begun
        return Beginning(tempfile.TemporaryFile(buffering=0), lasting)

    def close(self) -> None:
        """Leave the folder to other processes, until it is needed again. What has no name is gone."""
        for begun in self._waiting.values():
            begun.file.close()
        self._waiting.clear()
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def _open(self) -> None:
        """Lock the folder, and find what an earlier process left there. Raises OSError where another one has it."""
        assert self._folder  # noqa: S101 - asked before
        if self._lock >= 0:
            return
        self._folder.mkdir(mode=0o700, exist_ok=True)
        handle = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(handle)
            raise
        self._lock = handle
        for part in self._folder.glob("*.part"):
            with suppress(OSError, ValueError, LookupError, TypeError):
                self._waiting.setdefault(part.stem, Beginning.load(part))
        for file in self._folder.iterdir():
            if file.stem not in self._waiting:
                file.unlink()
        self._sweep()

    def _sweep(self) -> None:
        """Delete what is outdated, and the first ones where all are too many bytes."""
        for key, begun in [*self._waiting.items()]:
            age = abs(time.time() - os.fstat(begun.file.fileno()).st_mtime)  # whichever way the clock went
            size = sum(each.size for each in self._waiting.values())
            if age > LONGEST_KEPT or size > MOST_BYTES_KEPT or len(self._waiting) > MOST_KEPT:
                self._waiting.pop(key).discard()


class Transfer:
    """One body, received by as many requests as it takes, one after the other. Only with `keeps` is anything kept of
    it, and only if it may be asked for in parts.
    """

    def __init__(self, beginnings: Beginnings, out: Outgoing, *, keeps: bool) -> None:
        self._beginnings, self._out, self._keeps = beginnings, out, keeps
        self._begun: Beginning | None = None
        self._whole: int | None = None  # the length of the body, once the rest of it comes

    def __enter__(self) -> Self:
        self._begun = self._beginnings.take(self._out) if self._keeps else None
        return self

    def __exit__(self, *_: object) -> None:
        if self._begun:
            self._beginnings.put(self._out, self._begun)

    @property
    def size(self) -> int:
        """The bytes that are kept."""
        return self._begun.size if self._begun else 0

    @property
    def conditions(self) -> dict[str, str]:
        """The headers that ask for the rest, if anything is kept."""
        return self._begun.conditions if self._begun else {}

    def accept(self, answer: httpx.Response) -> httpx.Response | None:
        """The answer to a request, as one to both if it has the rest; None where it says that all has to be asked for
        again.
        """
        begun, self._whole = self._begun, None
        if begun is None or answer.status_code in _PASSING:
            return answer
        if answer.status_code == 206 and (whole := begun.whole(join_headers(answer.headers.raw))):
            self._whole = whole
            return begun.join(answer)
        self.drop()
        return answer if answer.status_code in (200, 304) else None

    def spool(self, limit: int, where: str, answer: httpx.Response, headers: Mapping[str, str]) -> Spool:
        """Where the body of the answer goes, behind what is kept of it. Raises at once TooLarge and DiskFull."""
        stated = headers.get("content-length", "") if self._whole is None else str(self._whole)
        whole = int(stated) if re.fullmatch(r"\d{1,18}", stated, re.ASCII) else None
        course.get().begin(self.size, whole)
        if whole and whole > limit:
            raise too_large(limit, where)
        if whole and whole - self.size > MOST_IN_MEMORY:
            # What is packed will stand beside its content, whose size nobody knows.
            needs = whole - self.size + (min(limit, 4 * whole) if "content-encoding" in headers else 0)
            if needs > (free := shutil.disk_usage(disk := self._beginnings.disk).free):
                room = f"{needs / 1e6:,.0f} MB of disk space, and {disk} has {free / 1e6:,.0f} MB left"
                raise DiskFull(f"{where} needs {room}")
        if self._whole is not None and self._begun:
            return Spool(limit, where, self._begun.share, self._begun.size)
        return Spool(limit, where, partial(self._begin, answer, headers))

    def _begin(self, answer: httpx.Response, headers: Mapping[str, str]) -> IO[bytes]:
        out = self._out
        asks_for_all = out.method == "GET" and not out.content and "range" not in out.headers
        if not (self._keeps and asks_for_all and answer.status_code == 200 and strong_validator(headers)):
            return tempfile.TemporaryFile(buffering=0)
        self._begun = self._beginnings.new(out, answer.headers)
        return self._begun.share()

    def finish(self, size: int) -> None:
        """The body is here. Raises BadResponse where it has another length than the answers said."""
        self.drop()
        if self._whole not in (None, size):
            raise BadResponse(f"the rest of {shown(self._out.url)} is not as long as was said")

    def drop(self) -> None:
        """Keep nothing of it."""
        if self._begun:
            self._begun.discard()
            self._begun = None


def _key_of(out: Outgoing) -> str:
    """What tells a request from others: its headers may say who asks."""
    asked = repr((out.method, str(out.url), sorted(out.headers.items()), out.content))
    return blake2b(asked.encode(), digest_size=16).hexdigest()


@lru_cache
def _boot() -> str:
    """The machine's last start; "" where that is not known, and nothing outlives the process."""
    with suppress(OSError):
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    return ""
